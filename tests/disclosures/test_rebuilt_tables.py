"""Package and workbook, detached from the PDF, rebuild every table it prints, cell by cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from disclosures.official import DATA_FILE, TABLES_FILE
from disclosures.paper import Row, Sheet, bare, differences, paper_of_file, sheet_of
from disclosures.render import anchored_tables
from disclosures.report.blocks import Report
from disclosures.report.spreadsheet import CONTENTS, FIRST_ROW
from disclosures.results import FilingResults
from rulebook.codec import from_json
from tests.disclosures.papers import official_contents

BOOKS = ("hongshan_2023", "jianghan_2023")
each_book = pytest.mark.parametrize("name", BOOKS)


def detached(name: str) -> Report:
    """The report as the package inside the PDF holds it."""
    document = json.loads(official_contents(name).attached()[DATA_FILE])
    return from_json(FilingResults, document["results"]).report


def tables_of(report: Report) -> list[Sheet]:
    return [sheet_of(table) for table in anchored_tables(report).values()]


@cache
def workbook(name: str) -> Any:
    return load_workbook(BytesIO(official_contents(name).attached()[TABLES_FILE]))


def shown(cell: Any) -> str:
    """A cell of the workbook as its format shows it."""
    if cell.value is None or isinstance(cell.value, str):
        return bare(cell.value or "")
    shape, _, mark = cell.number_format.partition('"')
    per_cent = shape.endswith("%")
    decimals = len(shape.rstrip("%").partition(".")[2])
    number = round(cell.value * (100 if per_cent else 1), decimals)
    grouped = "," if shape.startswith("#,##0") else ""
    return f"{number:{grouped}.{decimals}f}{'%' * per_cent}{mark.rstrip(chr(34))}"


def rows_of(sheet: Any, width: int) -> list[Row]:
    """Everything below the caption, a merged area with its text in every place."""
    origin = {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    return [
        tuple(shown(sheet.cell(*origin.get((row, column), (row, column))))
              for column in range(1, width + 1))
        for row in range(FIRST_ROW, sheet.max_row + 1)
    ]  # fmt: skip


def printed_tables(name: str) -> Iterator[Sheet]:
    """The parts of tables on the pages, without that of the last page."""
    *parts, _ = (
        i for i in paper_of_file(official_contents(name).structure) if isinstance(i, Sheet)
    )
    yield from parts


@each_book
def test_the_package_rebuilds_every_printed_table(name: str) -> None:
    tables = tables_of(detached(name))
    assert list(differences(tables, list(printed_tables(name)))) == []


def test_the_sample_has_tables_of_every_kind() -> None:
    tables = tables_of(detached("hongshan_2023"))
    assert len(tables) >= 18
    assert sum(len(row) for table in tables for row in table.rows) > 2000


@each_book
def test_the_workbook_rebuilds_every_printed_table(name: str) -> None:
    sheets = [sheet for sheet in workbook(name) if sheet.title != CONTENTS]
    tables = tables_of(detached(name))
    rebuilt = [
        rows_of(sheet, len(table.rows[0])) for sheet, table in zip(sheets, tables, strict=True)
    ]
    assert rebuilt == [[*table.header, *table.rows] for table in tables]
