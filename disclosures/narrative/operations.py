"""第三部分十至十二: operating funds, procurement, state assets held."""

from __future__ import annotations

from budgets.checks.keys import INSTITUTION
from disclosures.facts import Fact, ReportFacts
from disclosures.narrative.passages import counts_filed, paragraph, reason_clause
from disclosures.narrative.phrases import (
    Movement,
    Spans,
    amount,
    change_phrase,
    clauses,
    count,
    movement,
    share_phrase,
    spans,
)
from disclosures.reasons import ORIGINAL_BUDGET, PRIOR_YEAR, compared
from disclosures.report.blocks import Paragraph

PROCURED = (
    ("政府采购货物支出", "procurement_goods"),
    ("政府采购工程支出", "procurement_works"),
    ("政府采购服务支出", "procurement_services"),
)
SMALLER = (
    ("授予中小企业合同金额", "procurement_sme"),
    ("授予小微企业合同金额", "procurement_micro"),
)


def _filed(facts: ReportFacts, key: str) -> Fact:
    return facts.cell(INSTITUTION, key, "actual")


def operating_funds(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """机关运行经费 against the opening budget and last year."""
    every = compared(facts)
    budget = every[f"operating_funds.{ORIGINAL_BUDGET}"]
    last_year = every[f"operating_funds.{PRIOR_YEAR}"]
    if budget.current.value is None:
        return (paragraph(f"本部门{facts.year}年度没有机关运行经费支出。"),)
    sentences = [
        paragraph(
            f"本部门{facts.year}年度机关运行经费支出",
            amount(budget.current),
            "（行政单位和参照公务员法管理的事业单位一般公共预算财政拨款基本支出中的公用经费）",
            _compared_with(budget.current, budget.base, "年初预算数"),
            reason_clause(facts, budget),
            "。",
            subject=budget.subject,
        )
    ]
    if movement(last_year.current, last_year.base) is not Movement.UNKNOWN:
        name = f"{facts.prior_year}年度"
        changed = change_phrase(last_year.current, last_year.base, name)
        reason = reason_clause(facts, last_year)
        words = ("机关运行经费支出", changed, reason, "。")
        sentences.append(paragraph(*words, subject=last_year.subject))
    return tuple(sentences)


def _compared_with(actual: Fact, base: Fact, name: str) -> Spans:
    unknown = movement(actual, base) is Movement.UNKNOWN
    return () if unknown else spans("，", change_phrase(actual, base, name))


def procurement(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Goods, works, services; what went to small and medium and to micro enterprises."""
    total = _filed(facts, "procurement_total")
    if total.is_nothing:
        return (paragraph(f"本部门{facts.year}年度没有政府采购支出。"),)
    parts = [
        spans(name, amount(fact)) for name, key in PROCURED if (fact := _filed(facts, key)).value
    ]
    lead = spans(f"本部门{facts.year}年度政府采购支出总额", amount(total))
    smaller = [
        spans(name, amount(fact), _of_procurement(fact, total), "。")
        for name, key in SMALLER
        if (fact := _filed(facts, key)).value is not None
    ]
    made_of = spans("，其中：", clauses(*parts)) if parts else ()
    return (paragraph(lead, made_of, "。", *smaller),)


def _of_procurement(part: Fact, total: Fact) -> Spans:
    return spans("，", share_phrase(part, total, "政府采购支出总额")) if part.value else ()


def state_assets(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Vehicles by use and equipment over one million yuan, as filed."""
    sheet = facts.layout.sheet(INSTITUTION)
    vehicles = _filed(facts, "vehicles_total")
    equipment = sheet.row("equipment_over_one_million")
    uses = counts_filed(facts, vehicle_uses(facts))
    sentence = spans(
        f"截至{facts.year}年12月31日，本部门共有车辆",
        count(vehicles, "辆"),
        spans("，其中：", clauses(*uses)) if uses else (),
    )
    held = _filed(facts, "equipment_over_one_million")
    if equipment is None or held.value is None:
        return (paragraph(sentence, "。"),)
    words = spans("；", equipment.label, count(held, equipment.unit_label), "。")
    return (paragraph(sentence, words),)


def vehicle_uses(facts: ReportFacts) -> list[str]:
    """The rows that split the vehicles by use: those after the total, in its unit."""
    rows = facts.layout.sheet(INSTITUTION).rows
    keys = [row.key for row in rows]
    after = rows[keys.index("vehicles_total") + 1 :]
    unit = rows[keys.index("vehicles_total")].unit_label
    return [row.key for row in after if row.unit_label == unit]
