"""Every fiscal check: silent on a clean book, and named exactly when one place is changed."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from budgets.checks import (
    ALL_CHECKS,
    FINAL_ACCOUNTS,
    PROJECT_CHECKS,
    RELATION_CHECKS,
    check_book,
    network_of,
    resolve,
)
from budgets.workbook import UnitKind, WorkbookSnapshot
from disclosures.package import code_names
from rulebook.addresses import CellRef
from rulebook.findings import Severity
from tests.budgets.checks.books import (
    changed,
    clean_book,
    clean_projects,
    findings_of,
    sample,
)

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "checks" / "final_accounts.toml").read_text("utf-8")
)["case"]


def broken(case: dict[str, Any]) -> WorkbookSnapshot:
    book = clean_book()
    for change in case["change"]:
        ref = CellRef(*change["cell"].split("/"))
        if "by" in change:
            book = changed(book, ref, by=Decimal(change["by"]))
        elif "value" in change:
            value = Decimal(change["value"]) if change["value"] else None
            book = changed(book, ref, value=value)
        else:
            derived = resolve(book)[ref].value
            book = changed(book, ref, evidence=derived + Decimal(change["evidence_off"]))
    return book


def fired(book: WorkbookSnapshot) -> set[str]:
    return {finding.check_id for finding in findings_of(book)}


def test_a_clean_book_raises_nothing() -> None:
    assert fired(clean_book()) == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['check']} {case['title']}")
def test_a_change_fires_exactly_the_named_checks(case: dict[str, Any]) -> None:
    assert fired(broken(case)) == set(case["fires"])
    assert case["check"] in case["fires"]


def test_overspent_project_is_named() -> None:
    first, *others = clean_projects()
    assert first.revised_budget is not None
    over = replace(first, revised_budget=Decimal("1.00"))
    ids = {f.check_id for f in findings_of(clean_book(), (over, *others))}
    assert ids == {"FA-232", "FA-233"}


def test_every_check_has_a_case() -> None:
    covered = {case["check"] for case in CASES} | {"FA-233"}
    checks = (*RELATION_CHECKS[FINAL_ACCOUNTS], *PROJECT_CHECKS)
    assert covered == {check.id for check in checks}


def test_ids_are_unique() -> None:
    ids = [check.id for check in ALL_CHECKS]
    assert len(ids) == len(set(ids))


def test_the_sample_raises_the_expected_findings_and_no_other() -> None:
    package = sample()
    found = check_book(package.books[0], package.projects, code_names(package), fiscal_year=2023)
    assert [(f.check_id, f.severity) for f in found] == [
        ("FA-220", Severity.NOTICE),
        ("YY-302", Severity.WARNING),
        ("FA-231", Severity.NOTICE),
    ]


def test_the_published_totals_follow_from_the_entered_cells() -> None:
    figures = resolve(sample().books[0])
    published = {
        ("revenue_expenditure_summary", "revenue_grand_total", "actual"): "721147500",
        ("revenue_expenditure_summary", "expenditure_total", "actual"): "714853600",
        ("revenue_sheet", "total", "total"): "715015400",
        ("expenditure_sheet", "total", "basic"): "628628400",
        ("expenditure_sheet", "total", "project"): "86225200",
        ("general_public_expenditure", "204", "total"): "574041800",
        ("general_public_basic_expenditure", "personnel_total", "actual"): "417700600",
        ("general_public_basic_expenditure", "operating_total", "actual"): "210927800",
        ("three_public_expenses", "actual", "total"): "5231100",
    }
    for place, value in published.items():
        assert figures[CellRef(*place)].value == Decimal(value), place


def test_a_finding_names_place_values_difference_and_how_to_mend() -> None:
    place = CellRef("revenue_expenditure_summary", "closing_carryover", "actual")
    (finding,) = findings_of(changed(clean_book(), place, by=Decimal("0.01")))
    assert finding.check_id == "FA-105"
    assert finding.difference == Decimal("-0.01")
    assert "收入方：总计" in finding.message
    assert "支出方：总计" in finding.message
    assert "相差 0.01 元" in finding.message
    assert finding.hint


def test_an_identity_changes_with_the_value_and_not_with_the_run() -> None:
    place = CellRef("revenue_expenditure_summary", "closing_carryover", "actual")
    first = findings_of(changed(clean_book(), place, by=Decimal("1")))[0].identity
    again = findings_of(changed(clean_book(), place, by=Decimal("1")))[0].identity
    other = findings_of(changed(clean_book(), place, by=Decimal("2")))[0].identity
    assert first == again != other


def test_rounding_that_the_declared_figures_allow_is_a_notice() -> None:
    book = sample().books[0]
    place = CellRef("general_public_basic_expenditure", "30101", "actual")
    findings = check_book(
        changed(book, place, by=Decimal("100")), (), code_names(sample()), fiscal_year=2023
    )
    explained = [f for f in findings if f.check_id == "FA-216"]
    assert [f.severity for f in explained] == [Severity.NOTICE]
    assert "四舍五入最多可以解释" in explained[0].message


def test_a_difference_beyond_rounding_is_an_error() -> None:
    book = sample().books[0]
    place = CellRef("general_public_basic_expenditure", "30101", "actual")
    findings = check_book(
        changed(book, place, by=Decimal("100000")), (), code_names(sample()), fiscal_year=2023
    )
    assert [f.severity for f in findings if f.check_id == "FA-216"] == [Severity.ERROR]


def test_an_empty_side_makes_a_relation_not_applicable() -> None:
    empty = replace(clean_book(), cells=())
    assert findings_of(empty, ()) == []


def test_empty_is_not_zero() -> None:
    figures = resolve(replace(clean_book(), cells=()))
    assert figures == {}


def test_an_institution_may_have_less_operating_funds_than_its_operating_costs() -> None:
    place = CellRef("institution_information", "operating_funds", "actual")
    less = changed(clean_book(), place, by=Decimal("-1"))
    institution = replace(less, unit_kind=UnitKind.PUBLIC_INSTITUTION)
    assert fired(less) == {"FA-219"}
    assert fired(institution) == set()


def test_a_class_without_a_printed_row_is_appended() -> None:
    book = changed(
        clean_book(),
        CellRef("expenditure_sheet", "2990101", "basic"),
        value=Decimal("5.00"),
    )
    figures = resolve(book)
    assert figures[CellRef("revenue_expenditure_summary", "299", "actual")].value == Decimal("5.00")


def test_rechecking_only_what_an_edit_touches_gives_the_same_findings() -> None:
    place = CellRef("revenue_sheet", "2040201", "appropriation")
    book = changed(clean_book(), place, by=Decimal("1"))
    names = code_names(sample())
    part = check_book(book, clean_projects(), names, fiscal_year=2023, only=[place])
    assert {f.check_id for f in part} >= {"FA-211", "FA-212"}
    assert len(network_of(book).touching([place])) < len(network_of(book).instances) / 10
