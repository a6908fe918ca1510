"""第三部分十四 and 第四部分: what people declare in words."""

from __future__ import annotations

from disclosures.facts import ReportFacts
from disclosures.narrative.passages import declared
from disclosures.report.blocks import Paragraph


def special_funds(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """财政专项支出、专项转移支付, as declared."""
    return declared(facts, "special_funds")


def key_work_summary(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """重点工作开展情况综述, as declared."""
    return declared(facts, "key_work_summary")
