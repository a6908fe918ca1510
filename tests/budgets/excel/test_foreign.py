"""Printed tables of other software: understood by their headers, or refused by what is missing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from budgets.comparison import ChangeKind, Plan, compare
from budgets.excel.foreign import read_printed
from budgets.excel.gate import inspect
from budgets.excel.reading import ReadBook
from rulebook.addresses import CellRef
from rulebook.editions import DATA, read_toml
from rulebook.headers import headers_of, plain, without_ordinal
from rulebook.layouts import load_layout
from tests.budgets.excel.files import edited, with_cell
from tests.budgets.excel.printed_tables import LAYOUTS, inhouse_parts, ledger_yuan, portal_wan
from tests.budgets.values import CLEAN, catalogue_names, make_book
from tests.factories import LAYOUT

NAMES = catalogue_names()
EMPTY = replace(make_book(), cells=())
SHEETS = {
    "ledger": {"expenditure_sheet", "general_public_basic_expenditure"},
    "portal": {"expenditure_sheet"},
    "inhouse": {"revenue_sheet", "three_public_expenses"},
}


def read(data: bytes) -> ReadBook:
    assert inspect(data, most_bytes=len(data)) == []
    return read_printed(data, load_layout(LAYOUT))


def plan(data: bytes) -> Plan:
    return compare(read(data), EMPTY, EMPTY, NAMES)


def ids(data: bytes) -> list[str]:
    return [finding.check_id for finding in read(data).findings]


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_entered_figures_of_a_layout_are_those_of_the_book(name: str) -> None:
    found = plan(LAYOUTS[name]())
    wanted = {place: Decimal(v) for place, v in CLEAN.items() if place[0] in SHEETS[name]}
    edits = [e for e in found.edits if e.ref.sheet in SHEETS[name]]
    entered = {tuple(e.ref): e.value for e in edits if e.value}
    assert entered == wanted
    assert {f.check_id for f in found.findings} <= {"IM-153", "IM-141"}


def test_totals_that_agree_are_no_evidence_those_that_do_not_are() -> None:
    assert not plan(ledger_yuan()).findings
    found = plan(with_cell(ledger_yuan(), "Z03 支出决算表(财决03表)", "E9", 102345.68))
    assert [f.check_id for f in found.findings] == ["IM-141"]
    assert (found.findings[0].left, found.findings[0].right) == (
        Decimal("102345.68"),
        Decimal("102345.67"),
    )
    (kept,) = [c for c in found.changes if c.kind is ChangeKind.EVIDENCE]
    assert "E9" in kept.place


def test_a_total_that_is_only_rounded_is_not_said_to_disagree() -> None:
    data = portal_wan()
    for cell, value in (("C8", "0.23"), ("H8", "0.23"), ("C5", "0.23"), ("H5", "10.24")):
        data = with_cell(data, "支出", cell, value)
    places = {f.label for f in plan(data).findings if "“支出”" in f.label}
    assert "“支出”H5" not in places
    wrong = with_cell(data, "支出", "H5", "10.30")
    assert "“支出”H5" in {f.label for f in plan(wrong).findings}


def test_empty_cells_and_tables_that_are_not_there_change_nothing() -> None:
    found = compare(read(ledger_yuan()), make_book(), make_book(), NAMES)
    assert found.edits == ()
    assert found.findings == ()


def test_columns_and_rows_are_shown_as_they_were_understood() -> None:
    first, second = read(portal_wan()).understood
    assert (first.table, first.unit) == ("支出决算表", "万元")
    meanings = {column.letter: column.meaning for column in first.columns}
    assert meanings["A"] == "名称"
    assert meanings["C"] == "项目支出"
    assert meanings["H"] == "本年支出合计"
    assert meanings["I"] == ""
    assert "示例部门甲" in first.heading
    assert second.columns[2].meaning == "收入方：决算数"
    assert {row.text for row in second.rows} >= {"总计", "四、公共安全支出"}
    assert [row.text[:2] for row in read(ledger_yuan()).understood[0].skipped] == ["注:"]


def test_the_same_words_on_both_sides_are_different_rows() -> None:
    refs = {ref.row for ref in read(portal_wan()).edits if ref.sheet.endswith("summary")}
    assert {"revenue_grand_total", "expenditure_grand_total", "204", "revenue_total"} <= refs


def test_split_codes_lost_zeros_are_put_back() -> None:
    assert CellRef("revenue_sheet", "2040201", "appropriation") in read(inhouse_parts()).edits


@pytest.mark.parametrize(
    ("cell", "value", "id", "words"),
    [
        ("D4", "奇怪的栏", "IM-151", "基本支出"),
        ("H4", None, "IM-151", "本年支出合计"),
        ("A3", "单位：千元", "IM-128", "千元"),
        ("A3", None, "IM-128", "没有写明"),
        ("B7", "204 02", "IM-134", "重复"),
        ("B7", "9 9", "IM-154", "不是支出决算表的行"),
        ("D7", "约十万", "IM-131", "约十万"),
        ("D7", "1.2345678", "IM-135", "比分还细"),
    ],
)
def test_what_cannot_be_matched_is_refused_by_name(
    cell: str, value: Any, id: str, words: str
) -> None:
    findings = read(with_cell(portal_wan(), "支出", cell, value)).findings
    assert id in [f.check_id for f in findings]
    assert any(words in f.message for f in findings if f.check_id == id)


def test_a_table_without_title_and_with_foreign_headers_lists_what_is_missing() -> None:
    def change(xlsx: Any) -> None:
        sheet = xlsx["支出"]
        sheet.title = "数据"
        sheet["A2"] = "某表"
        sheet["C4"] = "甲栏"

    (found,) = [f for f in read(edited(portal_wan(), change)).findings if f.check_id == "IM-152"]
    assert "项目支出" in str(found.right)


def test_the_same_table_twice_is_refused() -> None:
    def change(xlsx: Any) -> None:
        xlsx.copy_worksheet(xlsx["支出"]).title = "支出 (2)"

    assert "IM-155" in ids(edited(portal_wan(), change))


def test_a_file_without_any_table_is_no_template_either() -> None:
    def change(xlsx: Any) -> None:
        for sheet in list(xlsx.worksheets):
            if sheet.title != "封面":
                del xlsx[sheet.title]

    assert ids(edited(inhouse_parts(), change)) == ["IM-153", "IM-121"]
    assert [f.check_id for f in read_printed(b"x", load_layout(LAYOUT)).findings] == ["IM-106"]


def test_a_code_outside_the_catalogue_is_refused_with_its_place() -> None:
    found = plan(with_cell(portal_wan(), "支出", "B7", "2040277"))
    (refused,) = [f for f in found.findings if f.check_id == "IM-132"]
    assert refused.label == "“支出”D7"


WIDEST = {
    "departmental_final_accounts": LAYOUT,
    "departmental_budget": "departmental_budget/national_2023",
}
"""Kind of layout → its edition with every table."""


def header_files() -> list[Any]:
    return [p for p in sorted((DATA / "headers").glob("*.toml")) if p.stem != "general"]


@pytest.mark.parametrize("path", header_files(), ids=lambda p: p.stem)
def test_header_data_name_only_what_the_layout_has(path: Any) -> None:
    raw, layout = read_toml(path), load_layout(WIDEST[path.stem])
    printed = {each.key: each for each in (*layout.sheets, *layout.lists)}
    assert set(raw["titles"]) <= set(printed)
    for key in raw["columns"]:
        table, name = key.split(".")
        assert name in {column.key for column in printed[table].columns}, key
    for key in raw["rows"]:
        table, name = key.split(".")
        assert layout.sheet(table).row(name), key
    for table, names in raw.get("optional", {}).items():
        assert set(names) <= {column.key for column in printed[table].columns}, table


def test_words_are_compared_without_dress() -> None:
    assert plain(" 决 算\n数（万元）") == "决算数"
    assert without_ordinal("（二）其中：基本支出") == "基本支出"
    assert without_ordinal("二十三、其他支出") == "其他支出"
    assert headers_of("no_such_kind").titles == {}
