"""TX checks: silent on the filed samples, and each fires on the one change that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from budgets.workbook import CellSnapshot
from disclosures.checks import TEXT_CHECKS, check_texts
from disclosures.filing_package import FilingPackage, KeyTask, Reason, Text
from rulebook.citations import cite
from rulebook.findings import Severity
from tests.disclosures.published_forms import politics_law_package
from tests.disclosures.values import facts, package, with_cell

VALID_IDENTITY = "11010519491231002X"


def ids(filed: FilingPackage) -> set[str]:
    return {finding.check_id for finding in check_texts(facts(filed))}


def with_text(key: str, body: str) -> FilingPackage:
    filed = package()
    others = tuple(text for text in filed.texts if text.key != key)
    return replace(filed, texts=(*others, Text(key, body)) if body else others)


def with_reason(subject: str, *reasons: Reason) -> FilingPackage:
    filed = package()
    others = tuple(reason for reason in filed.reasons if reason.subject != subject)
    return replace(filed, reasons=(*others, *reasons))


def with_passage(key: str, body: str) -> FilingPackage:
    filed = package()
    first, *rest = filed.evaluations
    passages = tuple((k, body if k == key else text) for k, text in first.report)
    return replace(filed, evaluations=(replace(first, report=passages), *rest))


def without_definition(code: str) -> FilingPackage:
    filed = package()
    codes = tuple(
        replace(label, definition="") if label.code == code else label for label in filed.codes
    )
    return replace(filed, codes=codes)


def without_name(code: str) -> FilingPackage:
    filed = package()
    return replace(filed, codes=tuple(label for label in filed.codes if label.code != code))


def without_cells(*sheets: str) -> FilingPackage:
    filed = package()
    kept = tuple(cell for cell in filed.books[0].cells if cell.sheet not in sheets)
    return replace(filed, books=(replace(filed.books[0], cells=kept),))


def government_fund_denied() -> FilingPackage:
    cell = CellSnapshot("government_fund_sheet", "2120801", "project", Decimal("500000.00"))
    filed = with_cell(cell)
    texts = tuple(t for t in filed.texts if t.key != "special_funds")
    denial = Text("special_funds", "本部门没有政府性基金预算支出。")
    names = tuple(
        replace(
            filed.codes[0], classification="functional", code=code, name="示例", definition="示"
        )
        for code in ("212", "21208", "2120801")
    )
    return replace(filed, texts=(*texts, denial), codes=(*filed.codes, *names))


def year_without_evaluations() -> FilingPackage:
    """A filing of a year whose report has no tables, before anything was evaluated."""
    filed = politics_law_package()
    return replace(filed, declarations=(), evaluations=())


FIRING: dict[str, Callable[[], FilingPackage]] = {
    "TX-101": lambda: with_text("duties", ""),
    "TX-102": lambda: with_passage("problems", " "),
    "TX-103": lambda: replace(package(), key_tasks=()),
    "TX-104": lambda: with_text("key_work_summary", "全年收入增加（减少），情况正常。"),
    "TX-105": lambda: with_text("key_work_summary", "全年预算预算执行正常。"),
    "TX-106": lambda: with_text("key_work_summary", "2019年治安形势平稳。"),
    "TX-107": lambda: with_text("key_work_summary", "联系人电话13800138000。"),
    "TX-108": year_without_evaluations,
    "TX-201": lambda: with_reason("grand_total.prior_year"),
    "TX-202": lambda: with_reason("item.2040201.original_budget"),
    "TX-203": lambda: with_reason(
        "overseas_travel.revised_budget", Reason("overseas_travel.revised_budget", "没有出国任务")
    ),
    "TX-204": lambda: with_reason(
        "revenue_total.prior_year",
        Reason("revenue_total.prior_year", "人员增加", Decimal("48000000.00")),
    ),
    "TX-205": lambda: with_text("key_work_summary", "全年投入12.34万元开展专项行动。"),
    "TX-206": lambda: with_text("key_work_summary", "警情下降14.37%。"),
    "TX-212": lambda: with_reason(
        "revenue_total.prior_year",
        Reason("revenue_total.prior_year", "人员增加", Decimal("50000000.00")),
    ),
    "TX-213": lambda: with_reason(
        "revenue_total.prior_year",
        Reason("revenue_total.prior_year", "人员增加", None, "weather"),
    ),
    "TX-209": government_fund_denied,
    "TX-210": lambda: without_definition("2040201"),
    "TX-211": lambda: without_name("30101"),
}


@pytest.mark.parametrize("name", ["hongshan_2023", "shili_review_2023"])
def test_nothing_fires_on_the_filed_samples(name):
    assert check_texts(facts(package(name))) == []


@pytest.mark.parametrize("check_id", FIRING)
def test_one_change_fires_exactly_its_check(check_id):
    assert ids(FIRING[check_id]()) == {check_id}


def test_an_empty_sheet_without_a_sentence_and_empty_headlines_are_found():
    found = ids(without_cells("revenue_sheet", "appropriation_summary"))
    assert {"TX-207", "TX-208"} <= found


def test_every_check_has_a_case():
    together = {"TX-207", "TX-208"}
    assert {check.rule.id for check in TEXT_CHECKS} == set(FIRING) | together


def test_ids_are_unique_and_every_check_cites_a_known_document():
    rules = [check.rule for check in TEXT_CHECKS]
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.hint.endswith("。")
        assert cite(rule.citation).title


def test_a_missing_headline_reason_blocks_and_says_by_how_much():
    (finding,) = check_texts(facts(with_reason("grand_total.prior_year")))
    assert finding.severity is Severity.ERROR
    assert finding.message == "收、支总计与上年相比增加 4,824.89 万元，没有写明原因。"
    assert finding.places[0] == "text/reason.grand_total.prior_year"
    assert "cell/999001/comparatives/grand_total/prior_year" in finding.places


def test_signed_reasons_that_add_up_are_accepted():
    parts = (
        Reason("revenue_total.prior_year", "人员增加", Decimal("50000000.00")),
        Reason("revenue_total.prior_year", "压减项目", Decimal("-1773200.00")),
    )
    assert ids(with_reason("revenue_total.prior_year", *parts)) == set()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("全年支出71485.36万元。", set()),
        ("全年支出71,485.4万元。", set()),
        ("全年支出7.15亿元。", set()),
        ("全年支出71485.35万元。", {"TX-205"}),
        ("单价3000元/件。", set()),
        ("资金执行率98.66%。", set()),
        ("走访核查率99.92%。", set()),
        ("2023年和2022年都没有重大事故。", set()),
        ("目的的确定要有依据。", set()),
        ("单位的的工作。", {"TX-105"}),
        ("全年工作平稳。", set()),
        (f"证件号{VALID_IDENTITY}。", {"TX-107"}),
        ("编号110105194912310021。", set()),
        ("卡号6222020200112230004。", {"TX-107"}),
        ("编号6222020200112230005。", set()),
        ("编号42011123999T000000001。", set()),
        ("本部门无政府性基金预算支出。", set()),
    ],
)
def test_what_a_text_may_say(body, expected):
    assert ids(with_text("key_work_summary", body)) == expected


def test_tasks_are_linted_too():
    task = KeyTask("强化队伍", "请在此处填写目标", "已完成")
    assert ids(replace(package(), key_tasks=(task,))) == {"TX-104"}
