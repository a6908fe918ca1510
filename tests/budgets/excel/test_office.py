"""A template goes through LibreOffice and comes back with nothing lost and nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.utils import get_column_letter

from budgets.comparison import ChangeKind, Plan, compare
from budgets.excel.gate import inspect
from budgets.excel.marks import MARK_NAME
from budgets.excel.reading import ReadBook, mark_in, read_template
from budgets.excel.redpen import with_findings
from budgets.excel.template import write_template
from rulebook.addresses import CellRef
from rulebook.amounts import MoneyUnit
from rulebook.layouts import load_layout
from tests.budgets.checks.budget_books import clean_lists
from tests.budgets.excel.files import EXPENDITURE, edited, find, with_cell
from tests.budgets.excel.list_files import (
    SHEETS,
    list_template,
    plan_of,
    whole_plan_of,
    with_list_cells,
)
from tests.budgets.excel.office import saved_by_office
from tests.budgets.values import CLEAN, catalogue_names, make_book, make_mark
from tests.factories import LAYOUT

NAMES = catalogue_names()
BASIC = CellRef("expenditure_sheet", "2040201", "basic")
Save = Callable[[bytes], bytes]


def template(unit: MoneyUnit = MoneyUnit.YUAN) -> bytes:
    return write_template(make_book(), NAMES, make_mark(), unit)


YUAN = template()
LINE = find(YUAN, EXPENDITURE, "2040201")


@pytest.fixture
def office(tmp_path: Path) -> Save:
    return lambda data: saved_by_office(data, tmp_path)


def read(data: bytes) -> ReadBook:
    assert inspect(data, most_bytes=len(data)) == []
    return read_template(data, load_layout(LAYOUT), make_mark())


def plan(data: bytes) -> Plan:
    return compare(read(data), make_book(), make_book(), NAMES)


def open_cells(data: bytes) -> dict[str, set[str]]:
    """Sheet → the cells people may fill; every sheet must be protected."""
    xlsx = load_workbook(BytesIO(data))
    assert all(sheet.protection.sheet for sheet in xlsx.worksheets)
    return {
        sheet.title: {
            c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked
        }
        for sheet in xlsx.worksheets
    }


def rules(data: bytes) -> dict[str, set[tuple[str, str]]]:
    """Sheet → (cell, kind of number) for every cell that takes only numbers."""
    xlsx = load_workbook(BytesIO(data))
    return {
        sheet.title: {
            (f"{get_column_letter(column)}{row}", rule.type)
            for rule in sheet.data_validations.dataValidation
            for area in rule.sqref.ranges
            for row, column in area.cells
        }
        for sheet in xlsx.worksheets
    }


@pytest.mark.office
@pytest.mark.parametrize("unit", list(MoneyUnit))
def test_a_template_saved_by_libreoffice_reads_as_nothing_changed(
    unit: MoneyUnit, office: Save
) -> None:
    before = template(unit)
    after = office(before)
    assert after != before
    found = plan(after)
    assert (found.edits, found.findings, found.unchanged) == ((), (), len(CLEAN))
    assert mark_in(after) == make_mark()
    assert MARK_NAME in load_workbook(BytesIO(after)).defined_names
    assert open_cells(after) == open_cells(before)
    assert rules(after) == rules(before)


@pytest.mark.office
def test_what_is_filled_and_saved_in_libreoffice_is_read_to_the_fen(office: Save) -> None:
    filled = with_cell(YUAN, EXPENDITURE, f"D{LINE}", 98765432109.87)
    found = plan(office(filled))
    (change,) = found.changes
    assert (change.kind, change.after) == (ChangeKind.CHANGED, Decimal("98765432109.87"))


@pytest.mark.slow
@pytest.mark.office
def test_a_formula_has_its_result_once_libreoffice_saved_it(office: Save) -> None:
    formula = with_cell(YUAN, EXPENDITURE, f"D{LINE}", "=90000+0.1+0.2")
    assert [f.check_id for f in read(formula).findings] == ["IM-136"]
    assert read(office(formula)).edits[BASIC].value == Decimal("90000.30")


@pytest.mark.slow
@pytest.mark.office
def test_comments_on_wrong_cells_survive_libreoffice(office: Save) -> None:
    wrong = with_cell(YUAN, EXPENDITURE, f"D{LINE}", "约三千")
    marked = office(with_findings(wrong, read(wrong).findings))
    cell = load_workbook(BytesIO(marked))[EXPENDITURE][f"D{LINE}"]
    assert "IM-131" in cell.comment.text
    assert cell.fill.fgColor.rgb == "FFFFC7CE"
    assert {f.check_id for f in read(marked).findings} == {"IM-131"}


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("unit", list(MoneyUnit))
def test_lists_saved_by_libreoffice_read_as_nothing_changed(unit: MoneyUnit, office: Save) -> None:
    before = list_template(unit=unit)
    after = office(before)
    found = whole_plan_of(after)
    assert (found.findings, found.is_idle) == ((), True)
    assert found.lists.unchanged == len(clean_lists().project_budgets) + len(
        clean_lists().purchases
    )
    assert rules(after)[SHEETS["procurement"]] == rules(before)[SHEETS["procurement"]]
    total = load_workbook(BytesIO(after), data_only=True)[SHEETS["project_budgets"]]["G5"].value
    assert total == (100 if unit is MoneyUnit.YUAN else 0.01)


@pytest.mark.slow
@pytest.mark.office
def test_rows_filled_in_libreoffice_are_read(office: Save) -> None:
    filled = with_list_cells(
        list_template(), "procurement", 1, {"采购金额/采购金额合计": "=50+1.5"}
    )
    (change,) = plan_of(office(filled)).changes
    assert change.differences[0].after == "51.50"


def test_a_template_saved_as_wps_does() -> None:
    """WPS adds its own properties, widens the extent and stores doubles with all their digits."""

    def wps(xlsx: Any) -> None:
        xlsx.custom_doc_props.append(StringProperty(name="KSOProductBuildVer", value="2052-12.1"))
        xlsx.custom_doc_props.append(StringProperty(name="ICV", value="0" * 32))
        sheet = xlsx[EXPENDITURE]
        sheet[f"D{LINE}"] = 0.1 + 0.2
        sheet["Z200"].number_format = "0.00"

    found = plan(edited(YUAN, wps))
    assert [(c.kind, c.after) for c in found.changes] == [(ChangeKind.CHANGED, Decimal("0.3"))]
    assert found.findings == ()


def test_cells_to_fill_take_numbers_only() -> None:
    for sheet, cells in open_cells(YUAN).items():
        numbers = {cell for cell, _ in rules(YUAN)[sheet]}
        assert numbers == {cell for cell in cells if cell[0] > "B"}, sheet
    assert {kind for found in rules(YUAN).values() for _, kind in found} == {"decimal", "whole"}
