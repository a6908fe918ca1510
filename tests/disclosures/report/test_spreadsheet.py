"""The workbook of all tables: exact numbers as printed, texts that stay texts, the same bytes."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from budgets.excel.gate import inspect
from disclosures.evaluate import evaluate
from disclosures.report.blocks import Cell, HeaderCell, Report, Section, Table
from disclosures.report.spreadsheet import (
    CONTENTS,
    FIRST_ROW,
    figure_of,
    named_tables,
    number_format,
    people_of,
    tables_workbook,
)
from tests.budgets.excel.office import saved_by_office
from tests.disclosures.values import ALL_SAMPLES, package

DATED = date(2024, 9, 20)
HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1", "#N/A", "\x00\x1b控制")


def table(*cells: Cell, **changes: Any) -> Table:
    widths = tuple(Decimal(100) / len(cells) for _ in cells)
    header = (tuple(HeaderCell("栏") for _ in cells),)
    return replace(Table("t", "", "表", "单位：万元", header, (cells,), widths), **changes)


def report(*tables: Table) -> Report:
    section = Section("s", 1, "一、", "决算表", tables)
    return Report("某局2023年度部门决算", "某局", 2023, "departmental_final_accounts", (section,))


def first_sheet(*cells: Cell, **changes: Any) -> Any:
    content = tables_workbook(report(table(*cells, **changes)), dated=DATED)
    return load_workbook(BytesIO(content)).worksheets[1]


@cache
def sample_report(name: str = "hongshan_2023") -> Report:
    return evaluate(package(name)).report


@pytest.mark.parametrize(
    ("printed", "number", "shown"),
    [
        ("71,252.58", "71252.58", "#,##0.00"),
        ("0.00", "0.00", "#,##0.00"),
        ("-3.10", "-3.10", "#,##0.00"),
        ("1234.5", "1234.5", "0.0"),
        ("98.82%", "0.9882", "#,##0.00%"),
        ("100%", "1.00", "#,##0%"),
        ("17", "17", "#,##0"),
    ],
)
def test_a_figure_is_the_exact_number_shown_as_printed(
    printed: str, number: str, shown: str
) -> None:
    cell = Cell(printed, "right")
    assert figure_of(cell) == Decimal(number)
    assert number_format(cell) == shown


@pytest.mark.parametrize(
    "printed", ["", "≥95%", "1,23", "007", "2040201项", "99.73分", "1.2.3", "-"]
)
def test_what_is_not_plainly_a_figure_stays_text(printed: str) -> None:
    assert figure_of(Cell(printed, "right")) is None


def test_codes_and_serial_numbers_stay_text() -> None:
    assert figure_of(Cell("2040201")) is None
    assert figure_of(Cell("1", "center")) is None


def test_a_typed_value_is_a_figure_where_it_has_a_place_of_its_own() -> None:
    assert figure_of(Cell("95%", "center", "evaluation/department/1.1/achieved")) == Decimal("0.95")


def test_a_footnote_sign_is_shown_beside_an_exact_number() -> None:
    cell = first_sheet(Cell("1,286.40", "right", mark="①")).cell(FIRST_ROW + 1, 1)
    assert (cell.value, cell.number_format) == (1286.4, '#,##0.00"①"')


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_never_becomes_a_formula(text: str) -> None:
    sheet = first_sheet(Cell(text), title=text, notes=(text,))
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in found} == {"s"}


def test_names_of_sheets_are_safe_and_unique() -> None:
    titles = ("收入/支出：[总]表?*'", "很长" * 40, "很长" * 40, "𠮷" * 40, "")
    tables = [table(Cell("1"), title=title) for title in titles]
    names = [each.sheet for each in named_tables(report(*tables))]
    assert len({name.casefold() for name in names}) == len(titles)
    assert not [name for name in names if re.search(r"[\[\]:*?/\\']", name)]
    assert all(len(name.encode("utf-16-le")) <= 62 for name in names)
    content = tables_workbook(report(*tables), dated=DATED)
    assert load_workbook(BytesIO(content)).sheetnames == [CONTENTS, *names]


def test_headers_are_merged_as_printed() -> None:
    header = (
        (HeaderCell("项目", rowspan=2), HeaderCell("决算数", colspan=2)),
        (HeaderCell("小计"), HeaderCell("其中")),
    )
    sheet = first_sheet(Cell("a"), Cell("b"), Cell("c"), header=header)
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A3:A4", "B3:C3"} <= merged
    assert [sheet[place].value for place in ("A3", "B3", "B4", "C4")] == [
        "项目", "决算数", "小计", "其中",
    ]  # fmt: skip
    assert sheet.print_title_rows == "$3:$4"


def test_title_number_unit_and_notes_stand_with_the_table() -> None:
    sheet = first_sheet(Cell("a"), number="公开01表", notes=("注：空表。",))
    assert sheet["A1"].value == "表"
    assert sheet["A2"].value == "公开01表　单位：万元"
    assert sheet["A5"].value == "注：空表。"


def test_the_contents_lead_to_every_table() -> None:
    workbook = load_workbook(BytesIO(tables_workbook(sample_report(), dated=DATED)))
    contents = workbook[CONTENTS]
    places = [contents.cell(row, 3).hyperlink.location for row in range(4, contents.max_row + 1)]
    assert places == [f"'{name}'!A1" for name in workbook.sheetnames[1:]]
    assert len(places) >= 18


def test_the_bytes_know_no_clock_and_nobody() -> None:
    content = tables_workbook(sample_report(), dated=DATED)
    assert content == tables_workbook(sample_report(), dated=DATED)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert people_of(content) == (sample_report().department,)
    properties = load_workbook(BytesIO(content)).properties
    assert {properties.created.date(), properties.modified.date()} == {DATED}


@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_it_passes_the_gate_for_uploads(name: str) -> None:
    assert inspect(tables_workbook(sample_report(name), dated=DATED), most_bytes=2**24) == []


@pytest.mark.office
def test_libreoffice_keeps_every_cell(tmp_path: Any) -> None:
    content = tables_workbook(sample_report(), dated=DATED)
    before, after = (
        load_workbook(BytesIO(c)) for c in (content, saved_by_office(content, tmp_path))
    )
    assert after.sheetnames == before.sheetnames
    for name in before.sheetnames:
        cells = {cell.coordinate: cell.value for row in before[name] for cell in row if cell.value}
        assert {place: after[name][place].value for place in cells} == cells
