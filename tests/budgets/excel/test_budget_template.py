"""The budget's own template there and back: nothing changes unless a person changed it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgets.comparison import ChangeKind, Plan, compare
from budgets.excel.marks import TemplateMark
from budgets.excel.reading import read_template
from budgets.excel.template import write_template
from budgets.workbook import WorkbookSnapshot
from rulebook.addresses import CellRef
from rulebook.amounts import MoneyUnit
from rulebook.layouts import load_layout
from tests.budgets.excel.files import find, with_cell
from tests.budgets.jianghan import UNITS
from tests.budgets.jianghan_books import LAYOUT, book_of, code_names
from tests.budgets.values import make_mark

EXPENDITURE = "BG03 支出预算总表"


def mark(unit: str) -> TemplateMark:
    return make_mark(layout=LAYOUT, department="118", unit=unit)


def template(book: WorkbookSnapshot, unit: MoneyUnit) -> bytes:
    return write_template(book, code_names(), mark(book.book), unit)


def plan(data: bytes, book: WorkbookSnapshot) -> Plan:
    read = read_template(data, load_layout(LAYOUT), mark(book.book))
    return compare(read, book, book, code_names())


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("money", list(MoneyUnit))
def test_a_template_that_nobody_touched_changes_nothing(unit: str, money: MoneyUnit) -> None:
    book = book_of(unit)
    found = plan(template(book, money), book)
    assert found.findings == ()
    assert found.edits == ()
    assert found.unchanged == len(book.cells)


@pytest.mark.parametrize(
    ("money", "typed"), [(MoneyUnit.YUAN, 171854400), (MoneyUnit.WAN, 17185.44)]
)
def test_one_figure_that_was_changed_is_the_only_change(money: MoneyUnit, typed: float) -> None:
    book = book_of("118001")
    data = template(book, money)
    line = find(data, EXPENDITURE, "2040202")
    (change,) = plan(with_cell(data, EXPENDITURE, f"E{line}", typed), book).changes
    assert (change.kind, change.before, change.after) == (
        ChangeKind.CHANGED, Decimal("171854300.00"), Decimal("171854400.00"),
    )  # fmt: skip
    assert f"E{line}" in change.place


def test_an_empty_book_is_filled_by_the_template_of_a_full_one() -> None:
    full = book_of("118002")
    empty = WorkbookSnapshot(full.book, full.name, full.unit_kind, full.layout, ())
    read = read_template(template(full, MoneyUnit.WAN), load_layout(LAYOUT), mark(full.book))
    found = compare(read, empty, empty, code_names())
    assert {edit.ref: edit.value for edit in found.edits if edit.value} == {
        cell.ref: cell.value for cell in full.cells if cell.value
    }
    assert CellRef("revenue_sheet", "total", "appropriation_general_public") in {
        edit.ref for edit in found.edits
    }
