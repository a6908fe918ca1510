"""The recorded workbook holds the published tables, all of them and as text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.budgets.jianghan import read_table
from tests.budgets.published_tables import FILE, SHEETS, TITLE_ROWS, build, merged_areas


@pytest.fixture(scope="module")
def recorded() -> Workbook:
    return load_workbook(FILE)


def values(sheet: Worksheet) -> Iterator[tuple[object, ...]]:
    return sheet.iter_rows(values_only=True)


@pytest.mark.parametrize("title", SHEETS.values())
def test_the_file_is_what_the_script_builds(recorded: Workbook, title: str) -> None:
    built = build()[title]
    assert list(values(recorded[title])) == list(values(built))
    assert sorted(map(str, recorded[title].merged_cells.ranges)) == sorted(
        map(str, built.merged_cells.ranges)
    )


def test_no_sheet_more(recorded: Workbook) -> None:
    assert recorded.sheetnames == list(SHEETS.values())


@pytest.mark.parametrize(("name", "title"), SHEETS.items())
def test_every_cell_is_text_as_published(recorded: Workbook, name: str, title: str) -> None:
    table = read_table(name)
    rows = list(values(recorded[title]))
    start = TITLE_ROWS + len(table.header)
    assert rows[0][0] == table.title
    assert rows[1][-1] == f"单位：{table.unit_printed}"
    assert [tuple(cell or "" for cell in row) for row in rows[start:]] == list(table.rows)
    assert {type(cell) for row in rows for cell in row} <= {str, type(None)}


def test_headers_are_merged_over_columns_and_rows(recorded: Workbook) -> None:
    merged = set(map(str, recorded["一般公共预算支出表(分功能科目)"].merged_cells.ranges))
    assert merged == {"A1:G1", "A3:A4", "B3:B4", "C3:C4", "D3:F3", "G3:G4"}


def test_merged_areas_of_two_rows() -> None:
    upper, lower = ("编码", "基本支出", "", "项目"), ("", "小计", "人员", "")
    assert list(merged_areas(upper, lower)) == [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 1, 3)]
