"""The units 118001 and 118002 add up to the published budget of their department."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pytest

from budgets.aggregate import department_book
from budgets.checks import check_book, check_lists, check_units_of, resolve
from budgets.workbook import CellSnapshot, WorkbookSnapshot
from rulebook.addresses import CellRef
from tests.budgets import jianghan
from tests.budgets.jianghan import DEPARTMENT, UNITS
from tests.budgets.jianghan_books import (
    DEPARTMENT_NAME,
    book_of,
    books,
    code_names,
    lists,
    yuan,
)
from tests.budgets.jianghan_published import (
    BY_FUNCTION,
    PUBLISHED,
    coded,
    misprinted,
    misprinted_totals,
)


def whole(units: Iterable[WorkbookSnapshot] | None = None) -> dict[CellRef, Decimal]:
    found = resolve(department_book(list(units or books()), DEPARTMENT, DEPARTMENT_NAME))
    return {ref: figure.value for ref, figure in found.items()}


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_published_figure_is_the_sum_of_the_units(name: str) -> None:
    assert misprinted(name, whole()) == []
    assert len(list(PUBLISHED[name]())) > 4


def test_the_whole_department_is_89052_55() -> None:
    figures = whole()
    for side_name in ("revenue", "expenditure"):
        ref = CellRef("revenue_expenditure_summary", f"{side_name}_grand_total", "original_budget")
        assert figures[ref] == Decimal("890525500.00")
    assert figures[CellRef("revenue_sheet", "total", "total")] == Decimal("890525500.00")


@pytest.mark.parametrize("unit", UNITS)
def test_a_units_row_of_the_table_by_unit_is_its_own_book(unit: str) -> None:
    figures = {ref: figure.value for ref, figure in resolve(book_of(unit)).items()}
    assert misprinted("by_unit", figures, unit) == []


def test_the_lists_add_up_to_what_the_document_prints_or_prove_it_wrong() -> None:
    found = lists()
    rows = found.project_budgets, found.procurement, found.purchased_services
    assert [len(each) for each in rows] == [26, 36, 8]
    assert misprinted_totals(found) == [
        ("procurement", "会计", "其中面向中小企业"),
        ("procurement", "会计", "其中面向小微企业"),
    ]
    assert sum(row.sme_amount or 0 for row in found.procurement) == Decimal("55940800.00")
    assert sum(row.micro_amount or 0 for row in found.procurement) == Decimal("30295500.00")


def test_the_tables_that_are_right_raise_nothing() -> None:
    for book in (*books(), department_book(list(books()), DEPARTMENT, DEPARTMENT_NAME)):
        assert check_book(book, (), code_names(), fiscal_year=2023) == []
    assert check_units_of(books()) == []


def test_projects_add_up_in_each_unit_and_only_purchases_contradict_the_tables() -> None:
    ids = {f.check_id for book in books() for f in check_lists(book, lists(), code_names())}
    assert ids
    assert not {check_id for check_id in ids if check_id < "BG-311"}


def test_one_wrong_figure_of_a_unit_is_seen_in_the_department() -> None:
    first, second = books()
    place = CellRef("general_public_expenditure", "2040219", "project")
    more = CellSnapshot(*place, (first.by_ref()[place].value or Decimal(0)) + 100)
    figures = whole((first.with_cells([more]), second))
    wrong = [ref for ref, value in coded("by_function", place.sheet, BY_FUNCTION)
             if figures.get(ref, Decimal(0)) != (yuan(value) or Decimal(0))]  # fmt: skip
    assert [(ref.row, ref.column) for ref in wrong] == [
        (row, column)
        for row in ("total", "204", "20402", "2040219")
        for column in ("total", "project")
    ]


def test_transfers_between_the_units_are_in_no_total_of_the_department() -> None:
    first, second = books()
    paid = ("2040202", "subsidy_to_affiliates")
    received = ("total", "subsidy_from_superior")
    money = Decimal("500000.00")
    payer = first.with_cells(
        CellSnapshot(sheet, *paid, money) for sheet in ("expenditure_sheet", "internal_transfers")
    )
    receiver = second.with_cells(
        CellSnapshot(sheet, *received, money) for sheet in ("revenue_sheet", "internal_transfers")
    )
    assert whole((payer, receiver)) == whole()
    assert check_units_of([payer, receiver]) == []
    alone = resolve(receiver)
    total = CellRef("revenue_expenditure_summary", "revenue_grand_total", "original_budget")
    assert alone[total].value == resolve(second)[total].value + money
    less = receiver.with_cells([CellSnapshot("internal_transfers", *received, money - 1)])
    (finding,) = check_units_of([payer, less])
    assert finding.check_id == "BK-102"


def test_every_purchase_with_a_projects_name_of_the_project_table_has_its_code() -> None:
    named = {row.project_name for row in lists().purchases if not row.project_code}
    assert "在职人员公用" in named
    assert not named & {project.name for project in jianghan.projects()}
