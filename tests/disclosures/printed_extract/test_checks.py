"""Each check of an extract fires on its own change of one line, and on nothing else."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from disclosures.printed_extract import EXTRACT_CHECKS, check_extract
from disclosures.printed_extract.columns import EXTRACT_SHEETS, FIRST_ROW
from disclosures.printed_extract.reading import READING_CHECKS, ReadExtract, read_rows
from disclosures.printed_extract.template import package_sheets
from tests.budgets.checks.budget_books import budget_package

CASES = Path(__file__).parents[2] / "cases" / "checks" / "printed_extract.toml"
RAW: dict[str, Any] = tomllib.loads(CASES.read_text("utf-8"))
IN_JIANGHAN = {"PD-222"}
"""It wants two units: tests/disclosures/printed_extract/test_jianghan.py."""


def sheets() -> dict[str, list[list[str]]]:
    """The clean extract as the rows of its workbook."""
    found = {
        "说明": [["公开件名称", "某部门2023年预算"], ["申报表金额单位", RAW["money_unit"]],
                 ["模板标识", "mingzhang-extract/1"]],
    }  # fmt: skip
    for sheet in EXTRACT_SHEETS:
        head = [column.label for column in sheet.columns]
        found[sheet.title] = [[sheet.explains], head, *copy.deepcopy(RAW["sheets"][sheet.title])]
    return found


def put(rows: list[list[str]], cell: str, text: str) -> None:
    letters, row = coordinate_from_string(cell)
    assert row >= FIRST_ROW
    rows[row - 1][column_index_from_string(letters) - 1] = text


def read(found: dict[str, list[list[str]]]) -> ReadExtract:
    return read_rows(found, package_sheets(budget_package()))


def ids_of(found: dict[str, list[list[str]]]) -> set[str]:
    result = read(found)
    assert result.extract is not None, [finding.message for finding in result.findings]
    return {finding.check_id for finding in check_extract(result.extract, budget_package())}


def test_an_extract_that_agrees_says_nothing() -> None:
    assert ids_of(sheets()) == set()


@pytest.mark.parametrize("case", RAW["case"], ids=lambda case: case["what"])
def test_a_change_fires_exactly_the_named_checks(case: dict[str, Any]) -> None:
    changed = sheets()
    for cell, text in case["cells"].items():
        put(changed[case["sheet"]], cell, text)
    assert ids_of(changed) == set(case["fires"])


def test_every_check_has_a_case() -> None:
    fired = {check_id for case in RAW["case"] for check_id in case["fires"]}
    reading = {check.id for check in READING_CHECKS}
    assert fired | IN_JIANGHAN | reading == {check.id for check in EXTRACT_CHECKS}


@pytest.mark.parametrize(
    ("sheet", "cell", "text"),
    [
        ("数", "D3", "四百五十"),
        ("数", "D3", ""),
        ("数", "G6", "二加三"),
        ("数", "I3", "-1"),
        ("数", "A4", "1"),
        ("数", "A4", ""),
        ("标题", "B3", "封面"),
        ("标题", "E3", "长" * 501),
        ("用途", "C3", "没有的表"),
        ("指标", "G5", "也许"),
        ("整体申报表资金", "H3", "1,70"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(sheet: str, cell: str, text: str) -> None:
    changed = sheets()
    put(changed[sheet], cell, text)
    result = read(changed)
    assert result.extract is None
    assert [(f.check_id, f.places) for f in result.findings] == [
        ("PD-101", (f"upload/{sheet}/{cell}",))
    ]


def test_a_money_unit_no_form_uses_is_named() -> None:
    changed = sheets()
    changed["说明"][1][1] = "美元"
    assert [f.places for f in read(changed).findings] == [("upload/说明/B2",)]


def test_a_row_with_nothing_but_its_number_is_no_line() -> None:
    changed = sheets()
    changed["数"].append(["99"])
    extract = read(changed).extract
    assert extract is not None
    assert 99 not in {figure.line for figure in extract.figures}


@pytest.mark.parametrize("title", ["说明", "数", "指标"])
def test_a_workbook_without_its_sheets_is_refused(title: str) -> None:
    changed = sheets()
    del changed[title]
    assert [f.check_id for f in read(changed).findings] == ["PD-102"]


def test_a_changed_header_is_refused() -> None:
    changed = sheets()
    changed["数"][1][3] = "别的"
    assert [f.check_id for f in read(changed).findings] == ["PD-102"]


def test_a_rate_typed_with_its_sign_needs_no_unit() -> None:
    changed = sheets()
    put(changed["数"], "D8", "88.89%")
    put(changed["数"], "E8", "")
    assert ids_of(changed) == set()
