"""Every check of the budget book: silent on a clean one, named exactly when a place changes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from budgets.aggregate import department_book
from budgets.checks import (
    BUDGET,
    FINAL_ACCOUNTS,
    LIST_CHECKS,
    RELATION_CHECKS,
    check_book,
    check_lists,
    network_of,
    resolve,
)
from budgets.checks.services_procured import SERVICE_PROCURED
from budgets.workbook import BudgetLists, ProjectSnapshot, WorkbookSnapshot
from rulebook.addresses import CellRef
from rulebook.findings import Finding, Severity
from tests.budgets.checks.books import changed, clean_book
from tests.budgets.checks.budget_books import (
    KINDS,
    RAW,
    UNIT,
    clean_budget,
    clean_lists,
    typed,
)


def broken_book(case: dict[str, Any]) -> WorkbookSnapshot:
    book = clean_budget()
    for change in case["change"]:
        if "cell" not in change:
            continue
        ref = CellRef(*change["cell"].split("/"))
        if "by" in change:
            book = changed(book, ref, by=Decimal(change["by"]))
        elif "value" in change:
            book = changed(book, ref, value=Decimal(change["value"]) if change["value"] else None)
        else:
            off = resolve(book)[ref].value + Decimal(change["evidence_off"])
            book = changed(book, ref, evidence=off)
    return book


def broken_lists(case: dict[str, Any]) -> BudgetLists:
    lists = clean_lists()
    for change in case["change"]:
        if "list" in change:
            key, number, field = change["list"].split("/")
            rows = list(getattr(lists, key))
            value = typed(KINDS[key], field, change["value"])
            rows[int(number)] = replace(rows[int(number)], **{field: value})
            lists = replace(lists, **{key: tuple(rows)})
    return lists


def findings_of(
    book: WorkbookSnapshot, lists: BudgetLists, projects: tuple[ProjectSnapshot, ...] = ()
) -> list[Finding]:
    names = RAW["names"]
    return [
        *check_book(book, projects, names, fiscal_year=2023),
        *check_lists(book, lists, names),
    ]


def fired(book: WorkbookSnapshot, lists: BudgetLists) -> set[str]:
    return {finding.check_id for finding in findings_of(book, lists)}


def test_a_clean_budget_raises_nothing() -> None:
    assert findings_of(clean_budget(), clean_lists()) == []


@pytest.mark.parametrize("case", RAW["case"], ids=lambda case: f"{case['check']} {case['title']}")
def test_a_change_fires_exactly_the_named_checks(case: dict[str, Any]) -> None:
    assert fired(broken_book(case), broken_lists(case)) == set(case["fires"])
    assert case["check"] in case["fires"]


def test_every_check_of_the_budget_has_a_case() -> None:
    checks = (*RELATION_CHECKS[BUDGET], *LIST_CHECKS, SERVICE_PROCURED)
    assert {case["check"] for case in RAW["case"]} == {check.id for check in checks}


def test_the_two_books_share_no_check() -> None:
    ids = {check.id[:2] for check in RELATION_CHECKS[BUDGET]}
    assert ids == {"BG"}
    assert not ids & {check.id[:2] for check in RELATION_CHECKS[FINAL_ACCOUNTS]}
    assert {i.check_id[:2] for i in network_of(clean_budget()).instances} == {"BG"}
    assert {i.check_id[:2] for i in network_of(clean_book()).instances} == {"FA", "YY"}


def test_projects_of_final_accounts_do_not_speak_in_a_budget() -> None:
    project = ProjectSnapshot("x", "某项目", UNIT, Decimal(1), Decimal(2), Decimal(3))
    assert findings_of(clean_budget(), clean_lists(), (project,)) == []


def test_lists_do_not_speak_in_final_accounts() -> None:
    assert check_lists(clean_book(), clean_lists(), {}) == []


def test_totals_follow_from_the_entered_cells() -> None:
    figures = resolve(clean_budget())
    expected = {
        ("revenue_expenditure_summary", "revenue_grand_total", "original_budget"): "1813",
        ("revenue_expenditure_summary", "204", "original_budget"): "1506",
        ("appropriation_summary", "expenditure_total", "total"): "1720",
        ("general_public_expenditure", "total", "total"): "1650",
        ("general_public_expenditure_by_unit", "total", "total"): "1650",
        ("general_public_basic_expenditure", "302", "operating"): "275",
        ("general_public_basic_expenditure", "total", "total"): "1200",
        ("three_public_expenses", "original_budget", "total"): "105",
    }
    for place, value in expected.items():
        assert figures[CellRef(*place)].value == Decimal(value), place


def test_personnel_codes_have_no_operating_cell() -> None:
    layout = network_of(clean_budget()).layout
    assert layout.has_cell(CellRef("general_public_basic_expenditure", "30101", "personnel"))
    assert not layout.has_cell(CellRef("general_public_basic_expenditure", "30101", "operating"))
    assert layout.has_cell(CellRef("general_public_basic_expenditure", "30231", "operating"))


def test_units_add_up_to_the_department() -> None:
    second = replace(clean_budget(), book="118002", name="乙单位")
    whole = department_book([clean_budget(), second], "118", "某部门")
    by_unit = CellRef("general_public_expenditure_by_unit", "total", "total")
    assert resolve(whole)[by_unit].value == 2 * resolve(second)[by_unit].value
    assert check_book(whole, (), RAW["names"], fiscal_year=2023) == []


def test_another_units_rows_are_not_held_against_a_unit() -> None:
    other = replace(clean_budget(), book="118002", cells=())
    assert check_lists(other, clean_lists(), RAW["names"]) == []


def test_rounding_that_declared_projects_allow_is_a_notice() -> None:
    rows = [replace(row, unit="wan") for row in clean_lists().project_budgets]
    rows[0] = replace(rows[0], special_account_funds=Decimal("30"))
    found = findings_of(clean_budget(), replace(clean_lists(), project_budgets=tuple(rows)))
    summed = [f for f in found if f.check_id == "BG-301"]
    assert [f.severity for f in summed] == [Severity.NOTICE]
    assert "四舍五入" in summed[0].message


def test_a_finding_of_a_list_names_its_row_and_amounts() -> None:
    lists = clean_lists()
    rows = [replace(lists.procurement[0], amount=Decimal("101")), *lists.procurement[1:]]
    found = findings_of(clean_budget(), replace(lists, procurement=tuple(rows)))
    over = next(f for f in found if f.check_id == "BG-312")
    assert over.places == (f"procurement/{UNIT}/1/amount",)
    assert (over.left, over.right, over.difference) == (Decimal(101), Decimal(100), Decimal(1))
    assert "预算11表中项目“办案业务经费”之下" in over.message


def test_an_empty_budget_raises_nothing() -> None:
    assert findings_of(replace(clean_budget(), cells=()), BudgetLists()) == []
