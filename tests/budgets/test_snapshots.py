"""Rows → values, in a number of queries that does not grow with the data."""

from __future__ import annotations

from decimal import Decimal

from budgets.checks import check_book
from budgets.models import Cell, WithheldRow, Workbook
from budgets.snapshots import books_of, code_names, projects_of, workbook_snapshot
from departments.models import Department, Unit, UnitFormerName
from filings.models import Filing
from tests import factories

PLACE = ("expenditure_sheet", "2040201", "basic")


def test_a_workbook_is_read_in_two_queries(clean_book: Workbook, django_assert_num_queries) -> None:
    workbook = Workbook.objects.with_names().get()
    with django_assert_num_queries(2):
        book = workbook_snapshot(workbook)
    assert [cell.ref for cell in book.cells] == sorted(cell.ref for cell in book.cells)
    assert book.by_ref()[PLACE].value == Decimal("100000.00")
    assert check_book(book, (), code_names(2023), fiscal_year=2023) == []


def test_books_of_many_units_take_six_queries(
    filing: Filing, department: Department, django_assert_num_queries
) -> None:
    for number in range(4):
        unit = factories.make_unit(department, f"单位{number}")
        factories.make_workbook(filing, unit, {PLACE: number})
    with django_assert_num_queries(6):
        books = books_of(filing)
    assert [book.book for book in books] == sorted(book.book for book in books)
    assert [book.name for book in books if not book.cells] == ["示例部门甲本级"]
    assert len(books) == 5


def test_a_derived_cell_holds_only_its_evidence_and_an_emptied_one_is_no_part(
    workbook: Workbook,
) -> None:
    Cell.objects.create(
        workbook=workbook, sheet="expenditure_sheet", row="total", column="basic", evidence=5
    )
    Cell.objects.create(workbook=workbook, sheet=PLACE[0], row=PLACE[1], column=PLACE[2])
    (cell,) = workbook_snapshot(workbook).cells
    assert (cell.value, cell.evidence) == (None, Decimal(5))


def test_a_unit_bears_the_name_of_the_year_and_withheld_rows_go_along(
    workbook: Workbook, unit: Unit
) -> None:
    UnitFormerName.objects.create(unit=unit, name="旧名", last_fiscal_year=2023)
    WithheldRow.objects.create(
        workbook=workbook, sheet=PLACE[0], row=PLACE[1], legal_basis="保守国家秘密法"
    )
    book = workbook_snapshot(Workbook.objects.with_names().get())
    assert book.name == "旧名"
    assert [(row.sheet, row.row) for row in book.withheld] == [PLACE[:2]]


def test_projects_come_with_their_unit_and_empty_stays_empty(
    filing: Filing, unit: Unit, django_assert_num_queries
) -> None:
    project = factories.make_project(unit)
    factories.make_project_year(filing, project, actual="12.50")
    with django_assert_num_queries(1):
        (found,) = projects_of(filing)
    assert (found.book, found.actual, found.original_budget) == (
        unit.code,
        Decimal("12.50"),
        None,
    )
