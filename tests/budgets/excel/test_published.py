"""The published book of Jianghan, read whole: lists by unit, totals as declared, no guesses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from budgets.aggregate import department_book
from budgets.checks import resolve
from budgets.declared import Derived, compare_declared, declared_findings
from budgets.excel.confined import read_published_confined
from budgets.excel.foreign import read_printed
from budgets.excel.gate import inspect
from budgets.excel.printed_lists import Whose
from budgets.excel.published import PublishedBook, read_published
from budgets.workbook import BudgetLists, ProjectFrequency
from rulebook.addresses import CellRef
from rulebook.findings import Finding, Severity
from rulebook.layouts import load_layout
from tests.budgets.excel.files import edited, with_cell
from tests.budgets.jianghan import UNITS, read_table
from tests.budgets.jianghan_books import LAYOUT, book_of, books, code_names, lists
from tests.budgets.published_tables import FILE
from tests.budgets.recorded_layouts import FORMS, document

WHOSE = Whose("118", {row[0]: row[1] for row in read_table("by_unit").rows if row[0] in UNITS})
PROJECTS, PURCHASES, SERVICES = "项目支出表", "政府采购表", "政府购买服务表"


@cache
def data() -> bytes:
    return FILE.read_bytes()


def read(content: bytes | None = None) -> PublishedBook:
    return read_published(content or data(), load_layout(LAYOUT), WHOSE)


def filed(records: BudgetLists | None = None) -> Derived:
    figures = {unit: resolve(book_of(unit)) for unit in UNITS}
    figures[""] = resolve(department_book(list(books()), "118", ""))
    return Derived(load_layout(LAYOUT), figures, records or lists(), code_names())


def disagreements(book: PublishedBook) -> list[Finding]:
    return list(declared_findings(compare_declared(book.declared, filed())))


def ids(content: bytes) -> set[str]:
    return {finding.check_id for finding in read(content).findings}


def test_the_whole_book_is_understood() -> None:
    book = read()
    assert inspect(data(), most_bytes=len(data())) == []
    assert len(book.understood) == 11
    assert not book.is_refused
    assert {f.severity for f in book.findings} == {Severity.NOTICE}
    meanings = {sheet.title: [c.meaning for c in sheet.columns] for sheet in book.understood}
    assert meanings["政府采购表"] == [
        "单位代码", "单位名称", "项目", "政府采购品目", "功能科目", "部门支出经济分类", "资金来源",
        "资金性质", "采购数量", "单价", "计量单位", "采购金额—采购金额合计",
        "采购金额—其中面向中小企业", "采购金额—其中面向小微企业",
    ]  # fmt: skip
    assert meanings["一般公共预算支出表(分单位)"][:2] == ["单位编码", "单位名称"]
    assert all(all(found) for found in meanings.values())


def test_every_record_of_the_lists_is_the_published_one() -> None:
    book = read()
    unnamed = [replace(row, project_code="") for row in lists().procurement]
    assert list(book.procurement) == unnamed
    assert list(book.purchased_services) == [
        replace(row, project_code="") for row in lists().purchased_services
    ]
    once = ProjectFrequency.ONE_OFF
    assert [replace(row, frequency=once) for row in book.project_budgets] == [
        replace(row, functional_code="", frequency=once) for row in lists().project_budgets
    ]
    assert len(list(book.placed())) == 26 + 36 + 8


def test_only_what_the_document_gets_wrong_is_reported() -> None:
    found = {finding.label: finding for finding in disagreements(read())}
    assert set(found) == {"预算11表 合计 其中面向中小企业", "预算11表 合计 其中面向小微企业"}
    medium = found["预算11表 合计 其中面向中小企业"]
    assert (medium.left, medium.right) == (53889500, 55940800)
    assert "5,388.95 万元" in medium.message
    assert "5,594.08 万元" in medium.message
    micro = found["预算11表 合计 其中面向小微企业"]
    assert (micro.left, micro.right) == (32346800, 30295500)
    assert {finding.severity for finding in found.values()} == {Severity.WARNING}


def test_prices_are_never_added_though_the_document_does() -> None:
    declared = [each for each in read().declared if each.column == "unit_price"]
    assert [each.value for each in declared] == [56798000]
    assert compare_declared(declared, filed()) == []


def test_totals_of_units_are_held_against_the_units_own_books() -> None:
    by_unit = [each for each in read().declared if each.book == "118002"]
    assert {each.table for each in by_unit} == {
        "general_public_expenditure_by_unit", "project_budgets"
    }  # fmt: skip
    wrong = with_cell(data(), "一般公共预算支出表(分单位)", "G8", "5,280.50")
    (finding,) = [f for f in disagreements(read(wrong)) if "分单位" in f.places[0]]
    assert "118002" in finding.label
    assert finding.left - finding.right == 100  # type: ignore[operator]


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "table"),
    [("收支总表", "B5", "89,052.56", "预算01表"),
     ("财政拨款收支总表", "D7", "72,643.10", "预算04表"),
     ("三公经费支出表", "C5", "1.00", "预算08表"), ("项目支出表", "D7", "23,846.80", "预算10表"),
     ("政府购买服务表", "G5", "987.93", "预算12表"), ("基本支出表", "C6", "49,907.91", "预算07表")],
)  # fmt: skip
def test_one_wrong_figure_is_one_finding_more(
    sheet: str, cell: str, value: str, table: str
) -> None:
    assert len(disagreements(read())) == 2
    more = [f for f in disagreements(read(with_cell(data(), sheet, cell, value)))
            if table in f.label]  # fmt: skip
    assert len(more) == 1
    assert f"“{sheet}”{cell}" in more[0].message


def test_short_units_and_misprints_are_understood_and_said() -> None:
    said = [f.message for f in read().findings if f.check_id == "IM-156"]
    assert "“项目支出表”的金额单位写作“万”，按“万元”读取。" in said
    assert "“政府采购表”B5：“会计”读作“合计”。" in said


def test_other_misprints_are_not_guessed() -> None:
    assert ids(with_cell(data(), "支出总表", "B4", "会记")) >= {"IM-154"}
    assert "IM-156" in ids(with_cell(data(), "支出总表", "B4", "会计"))
    assert "IM-154" not in ids(with_cell(data(), "支出总表", "B4", "会计"))


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "id", "words"),
    [
        (PURCHASES, "D3", "买什么", "IM-151", "政府采购品目"),
        (PROJECTS, "K3", None, "IM-151", "财政专户管理资金"),
        (PROJECTS, "L2", "单位：千元", "IM-128", "千元"),
        (SERVICES, "A7", "118009", "IM-192", "118009"),
        (PURCHASES, "A7", "119001", "IM-192", "119001"),
        (PURCHASES, "L7", "六百", "IM-131", "六百"),
        (PURCHASES, "E7", "行政运行", "IM-196", "行政运行"),
        (PROJECTS, "D9", "650.65", "IM-195", "6,506,500.00"),
    ],
)  # fmt: skip
def test_what_a_list_cannot_hold_is_named_by_cell(
    sheet: str, cell: str, value: Any, id: str, words: str
) -> None:
    found = [f for f in read(with_cell(data(), sheet, cell, value)).findings if f.check_id == id]
    assert found
    assert any(words in finding.message for finding in found)


def test_a_unit_is_known_by_its_name_where_no_heading_names_it() -> None:
    def change(xlsx: Any) -> None:
        sheet = xlsx[PROJECTS]
        for row in sheet.iter_rows(min_row=5):
            if row[0].value in (*UNITS, "31"):
                for cell in row:
                    cell.value = None

    book = read(edited(data(), change))
    assert [row.book for row in book.project_budgets] == [
        row.book for row in read().project_budgets
    ]


def test_the_child_process_answers_the_same() -> None:
    assert read_published_confined(data(), load_layout(LAYOUT), WHOSE) == read()


def test_into_one_units_book_only_its_own_row_is_read() -> None:
    own = read_printed(data(), load_layout(LAYOUT), "118001")
    row = CellRef("general_public_expenditure_by_unit", "total", "project")
    assert own.edits[row].value == 238468500
    assert {f.check_id for f in own.findings} == {"IM-156", "IM-157"}
    assert sum(1 for f in own.findings if f.check_id == "IM-157") == 3


@pytest.mark.parametrize(
    "broken",
    [lambda xlsx: xlsx.create_sheet("又一").append(["2023年政府采购预算表"]),
     lambda xlsx: setattr(xlsx[PURCHASES], "title", "甲")],
)  # fmt: skip
def test_a_list_is_found_by_its_title_or_its_headers(broken: Callable[[Any], None]) -> None:
    book = read(edited(data(), broken))
    assert len(book.procurement) == 36


@pytest.mark.parametrize("form", FORMS)
def test_each_recorded_form_says_the_same(form: str) -> None:
    """Which tables a form has differs; what is read from them does not."""
    book, whole = read(FORMS[form]()), read()
    assert not book.is_refused, [f.message for f in book.findings]
    assert (book.project_budgets, book.procurement, book.purchased_services) == (
        whole.project_budgets, whole.procurement, whole.purchased_services,
    )  # fmt: skip
    assert {replace(each, place="") for each in book.declared} == {
        replace(each, place="") for each in whole.declared if each.table in book.tables
    }


def test_a_table_in_the_middle_of_a_worksheet_keeps_its_line_numbers() -> None:
    book = read(document())
    assert len(book.understood) == 11
    assert {sheet.title for sheet in book.understood} == {"第五部分"}
    lines = [row.line for sheet in book.understood for row in sheet.rows]
    assert len(set(lines)) > 200
    assert max(lines) > 250
    wrong = next(f for f in disagreements(book) if "中小企业" in f.label)
    assert wrong.message.startswith("“第五部分”M2")


def test_in_a_converted_document_a_missing_header_is_named_with_its_table() -> None:
    def change(xlsx: Any) -> None:
        sheet = xlsx["第五部分"]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "对附属单位补助支出":
                    cell.value = "某栏"

    (finding,) = [f for f in read(edited(document(), change)).findings if f.check_id == "IM-151"]
    assert "支出预算总表" in finding.message
    assert finding.right == "对附属单位补助支出"
