"""What people type into a budget's report, and what the report says of the targets declared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from disclosures.checks import check_texts
from disclosures.filing_package import FilingPackage, Reason, Text
from disclosures.narrative.budget.matters import performance
from disclosures.reasons import compared, required_reasons
from disclosures.report.blocks import Paragraph
from disclosures.report.compose import compose
from performance.evaluation import DEPARTMENT, unit_subject
from tests.disclosures.values import blocks_of, facts, package

BUDGET = "jianghan_2023"


def with_text(key: str, body: str) -> FilingPackage:
    filed = package(BUDGET)
    kept = tuple(text for text in filed.texts if text.key != key)
    return replace(filed, texts=(*kept, Text(key, body)))


def found(filed: FilingPackage) -> list[tuple[str, str]]:
    return [(finding.check_id, finding.label) for finding in check_texts(facts(filed))]


def test_the_sample_has_nothing_to_ask_about_its_words():
    assert found(package(BUDGET)) == []


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ("城市视频二期项目安排2225.20万元。", []),  # a project of the list
        ("服务类5554.46万元。", []),  # a cell
        ("城市视频二期项目安排2225.30万元。", ["TX-205"]),
        ("货物类主要是例如办公设备。", ["TX-104"]),
        ("采购的的货物。", ["TX-105"]),
        ("2021年签订的合同。", ["TX-106"]),
        ("没有安排政府性基金。", []),  # the sheet is empty
        ("没有“三公”经费。", ["TX-209"]),
    ],
)
def test_free_passages_are_linted(body: str, asked: list[str]):
    assert [check for check, _ in found(with_text("procurement_note", body))] == asked


def test_free_passages_are_marked_and_can_be_edited():
    report = compose(facts(with_text("state_assets_note", "另有房屋。")))
    (passage,) = (b for b in blocks_of(report) if isinstance(b, Paragraph) and "另有" in b.text)
    assert (passage.origin, passage.subject) == ("free", "state_assets_note")


def test_duties_that_bring_their_numbers_are_not_numbered_again():
    lines = [b.text for b in blocks_of(compose(facts(package(BUDGET)))) if isinstance(b, Paragraph)]
    assert lines[0].startswith("1、根据")
    plain = compose(facts(with_text("duties", "维护治安。\n侦查犯罪。")))
    duties = [b.text for b in blocks_of(plain) if isinstance(b, Paragraph)]
    assert duties[:2] == ["1.维护治安。", "2.侦查犯罪。"]


def test_a_budget_asks_for_reasons_of_totals_and_items_not_of_parts():
    asked = [required.subject for required in required_reasons(facts(package(BUDGET)))]
    assert asked == [
        "grand_total.prior_year",
        "general_public_expenditure.prior_year",
        "official_hospitality.prior_year",
        "vehicle_purchase.prior_year",
        "vehicle_operation.prior_year",
    ]
    assert "item.204.prior_year" in compared(facts(package(BUDGET)))


def test_a_reason_for_a_part_may_be_given_and_is_printed():
    filed = package(BUDGET)
    more = replace(filed, reasons=(*filed.reasons, Reason("item.208.prior_year", "退休人员增多")))
    assert found(more) == []
    assert any(
        "增长0.91%，主要原因是：退休人员增多。" in block.text
        for block in blocks_of(compose(facts(more)))
        if isinstance(block, Paragraph)
    )


def test_a_change_without_reason_is_a_finding():
    bare = replace(package(BUDGET), reasons=())
    checks = [check for check, _ in found(bare)]
    assert checks == ["TX-201"] * 2 + ["TX-202"] * 3


def targets(*subjects: str) -> list[str]:
    """What is said of targets when those of the subjects are declared."""
    declared = package().evaluations[0].declaration
    known = replace(
        facts(package(BUDGET)),
        declarations=tuple(replace(declared, subject=subject) for subject in subjects),
    )
    return [paragraph.text for paragraph in performance(known) if paragraph.origin == "generated"]


def test_targets_are_counted_with_their_money():
    first, second, *_ = (project.code for project in package(BUDGET).project_budgets)
    assert targets(first) == [
        "2023年编报绩效目标的项目1个，涉及项目支出370.70万元，占项目支出预算的1.27%。"
    ]
    assert targets(first, second, DEPARTMENT, unit_subject("999004001")) == [
        "2023年编报绩效目标的项目2个，涉及项目支出870.73万元，占项目支出预算的2.99%。",
        "部门整体支出编报了整体绩效目标，涉及支出预算89052.55万元；"
        "所属1个单位编报了本单位的整体绩效目标。",
    ]
    assert targets() == ["本部门2023年项目支出绩效目标（未填报）。"]
    assert targets(unit_subject("999004001"))[1:] == ["1个单位编报了本单位的整体绩效目标。"]
