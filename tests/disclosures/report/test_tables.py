"""Sheets as printed: order, line numbers, appended classes, empties, marks, withheld rows."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from budgets.workbook import CellSnapshot, Provenance, WithheldRow
from disclosures.package import public
from disclosures.report.blocks import Table
from disclosures.report.sections import sheet_table
from rulebook.addresses import CellRef
from tests.disclosures.values import (
    ACCOUNTS_SAMPLES,
    facts,
    package,
    with_cell,
    with_figures,
)


def table(key: str, known=None) -> Table:
    known = known or facts()
    return sheet_table(known, known.layout.sheet(key))


def texts(found: Table) -> list[list[str]]:
    return [[cell.text.strip("　") for cell in row] for row in found.body]


@pytest.mark.parametrize("name", ACCOUNTS_SAMPLES)
def test_rows_and_header_fill_the_columns(name):
    known = facts(package(name))
    for sheet in known.layout.sheets:
        if sheet.printed:
            found = sheet_table(known, sheet)
            assert sum(found.widths) == 100
            for row in found.body:
                assert sum(cell.colspan for cell in row) == len(found.widths)
            covered = sum(c.colspan * c.rowspan for row in found.header for c in row)
            assert covered == len(found.header) * len(found.widths)


def test_the_summary_stands_on_its_line_numbers():
    rows = texts(table("revenue_expenditure_summary"))
    assert rows[0] == ["一、一般公共预算财政拨款收入", "1", "71,252.58",
                       "一、一般公共服务支出", "32", "0.30"]  # fmt: skip
    assert rows[26][0] == "本年收入合计"
    assert rows[26][3] == "本年支出合计"
    assert rows[-1] == ["总计", "31", "72,114.75", "总计", "62", "72,114.75"]
    assert [row[1] for row in rows] == [str(line) for line in range(1, 32)]


def test_a_used_class_without_a_printed_row_is_appended():
    cell = CellSnapshot("expenditure_sheet", "2330101", "project", Decimal("100000.00"))
    rows = texts(table("revenue_expenditure_summary", facts(with_cell(cell))))
    assert len(rows) == 32
    assert rows[26] == ["", "", "", "233", "", "10.00"]


def test_codes_are_indented_under_their_total():
    found = table("general_public_expenditure")
    assert [cell.text for cell in found.body[0]] == ["合计", "71,252.58", "62,862.84", "8,389.74"]
    names = {row[0].text: row[1].text for row in found.body[1:]}
    assert names["204"] == "公共安全支出"
    assert names["20402"] == "　公安"
    assert names["2040201"] == "　　行政运行"


def test_empty_is_blank_and_zero_is_printed():
    row = {row[0].text: row for row in table("general_public_expenditure").body}["2011308"]
    assert [cell.text for cell in row[2:]] == ["0.30", "", "0.30"]
    nothing = table("appropriation_summary")
    opening = next(row for row in nothing.body if row[0].text == "年初财政拨款结转和结余")
    assert opening[2].text == "0.00"


def test_an_empty_sheet_prints_its_total_row_and_its_sentence():
    found = table("government_fund_sheet")
    assert len(found.body) == 1
    assert found.notes == ("注：本部门当年没有政府性基金预算财政拨款收入支出。",)


def test_three_public_expenses_stand_in_one_row_of_twelve():
    found = table("three_public_expenses")
    assert texts(found) == [
        ["656.00", "0.00", "656.00", "36.00", "620.00", "0.00",
         "523.11", "0.00", "523.11", "35.96", "487.15", "0.00"]
    ]  # fmt: skip


def test_basic_expenditure_has_personnel_left_and_operating_right():
    found = table("general_public_basic_expenditure")
    assert found.body[0][0].text == "301"
    assert found.body[0][3].text == "302"
    foot = [cell.text for cell in found.body[-1]]
    assert foot == ["人员经费合计", "41,770.06", "公用经费合计", "21,092.78"]
    codes = {row[column].text for row in found.body[:-1] for column in (0, 3, 6)} - {""}
    assert codes == set(facts().code_rows(facts().layout.sheet(found.key)))


def test_assumed_cells_carry_the_mark_and_the_footnote():
    found = table("general_public_basic_expenditure")
    marked = [cell for row in found.body for cell in row if cell.mark]
    assert len(marked) == 33
    assert found.notes == ("①示例拆分，非公开数据。",)
    filed = package()
    book = filed.books[0]
    entered = [replace(cell, provenance=Provenance.ENTERED) for cell in book.cells]
    clean = facts(replace(filed, books=(book.with_cells(entered),)))
    assert table("general_public_basic_expenditure", clean).notes == ()


def test_withheld_rows_are_not_printed_while_totals_stay():
    filed = package()
    row = WithheldRow("general_public_expenditure", "2040220", "保密规定")
    known = facts(replace(filed, books=(replace(filed.books[0], withheld=(row,)),)))
    found = table("general_public_expenditure", known)
    assert "2040220" not in {row[0].text for row in found.body}
    assert found.body[0][1].text == "71,252.58"


def test_the_public_profile_prints_the_same_totals():
    filed = package()
    row = WithheldRow("general_public_expenditure", "2040220", "保密规定")
    internal = replace(filed, books=(replace(filed.books[0], withheld=(row,)),))
    inside = table("general_public_expenditure", facts(internal))
    outside = table("general_public_expenditure", facts(public(internal)))
    assert texts(inside) == texts(outside)


def test_negative_amounts_print_with_their_sign():
    ref = CellRef("revenue_expenditure_summary", "closing_carryover", "actual")
    rows = texts(table("revenue_expenditure_summary", with_figures({ref: "-3.10"})))
    assert ["年末结转和结余", "60", "-3.10"] in [row[3:] for row in rows]
