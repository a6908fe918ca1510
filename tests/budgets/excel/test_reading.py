"""Template → filled in → read back; every problem with its sheet and cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from budgets.comparison import ChangeKind, Plan, compare
from budgets.excel.gate import inspect
from budgets.excel.marks import MARK_NAME, finest, shown
from budgets.excel.reading import Unreadable, mark_in, read_number, read_template
from budgets.excel.template import write_template
from budgets.workbook import CellSnapshot, WorkbookSnapshot
from rulebook.addresses import CellRef
from rulebook.amounts import MoneyUnit
from rulebook.layouts import load_layout
from tests.budgets.excel.files import EXPENDITURE, edited, find, with_cell
from tests.budgets.values import CLEAN, catalogue_names, make_book, make_mark
from tests.factories import LAYOUT

NAMES = catalogue_names()


def template(book: WorkbookSnapshot | None = None, unit: MoneyUnit = MoneyUnit.YUAN) -> bytes:
    return write_template(book or make_book(), NAMES, make_mark(), unit)


YUAN = template()


def plan(
    data: bytes, now: WorkbookSnapshot | None = None, base: WorkbookSnapshot | None = None
) -> Plan:
    assert inspect(data, most_bytes=20 * 1024 * 1024) == []
    read = read_template(data, load_layout(LAYOUT), make_mark())
    now = now or make_book()
    return compare(read, now, base or now, NAMES)


def ids(found: Plan) -> list[str]:
    return [finding.check_id for finding in found.findings]


@pytest.mark.parametrize("unit", list(MoneyUnit))
def test_what_was_exported_comes_back_unchanged(unit: MoneyUnit) -> None:
    found = plan(template(unit=unit))
    assert (found.edits, found.findings, found.unchanged) == ((), (), len(CLEAN))


@pytest.mark.parametrize("unit", list(MoneyUnit))
def test_an_empty_book_takes_the_file_whole(unit: MoneyUnit) -> None:
    empty = replace(make_book(), cells=())
    found = plan(template(unit=unit), now=empty)
    taken = {edit.ref: edit.value for edit in found.edits}
    assert taken == {CellRef(*place): Decimal(value) for place, value in CLEAN.items()}


@pytest.mark.parametrize(
    "value", ["0.01", "-3.10", "9999999999999.99", "1234567890123456.78", "0.00", "-0.99"]
)
@pytest.mark.parametrize("unit", list(MoneyUnit))
def test_every_amount_survives_exactly(value: str, unit: MoneyUnit) -> None:
    place = ("expenditure_sheet", "2040201", "basic")
    book = make_book(CLEAN | {place: value})
    assert plan(template(book, unit), now=book).edits == ()


def test_headers_and_computed_cells_are_locked_and_entry_cells_are_open() -> None:
    sheet = load_workbook(BytesIO(YUAN))[EXPENDITURE]
    line = find(YUAN, EXPENDITURE, "2040201")
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert sheet.cell(4, 3).protection.locked
    assert sheet.cell(line, 3).protection.locked  # 合计
    assert not sheet.cell(line, 4).protection.locked
    assert sheet.cell(line, 3).value == 100000


def test_the_mark_is_in_a_property_and_in_a_defined_name() -> None:
    xlsx = load_workbook(BytesIO(YUAN))
    assert xlsx.custom_doc_props[MARK_NAME].value == make_mark().text()
    assert xlsx.defined_names[MARK_NAME].attr_text == f'"{make_mark().text()}"'
    assert mark_in(YUAN) == make_mark()


@pytest.mark.parametrize("kept", ["property", "name"])
def test_either_mark_is_enough(kept: str) -> None:
    def drop(xlsx: Any) -> None:
        if kept == "property":
            del xlsx.defined_names[MARK_NAME]
        else:
            del xlsx.custom_doc_props[MARK_NAME]

    assert plan(edited(YUAN, drop)).findings == ()


def test_text_that_begins_like_a_formula_is_text() -> None:
    xlsx = load_workbook(BytesIO(YUAN))
    cell = xlsx[EXPENDITURE]["A2"]
    assert cell.value.startswith("=示例单位")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_a_template_of_another_book_is_refused_by_name() -> None:
    wrong = {
        "layout": "IM-122",
        "department": "IM-123",
        "unit": "IM-123",
        "fiscal_year": "IM-124",
        "filing": "IM-125",
    }
    for field, id in wrong.items():
        expected = make_mark(**{field: "other"})
        read = read_template(YUAN, load_layout(LAYOUT), expected)
        assert [finding.check_id for finding in read.findings] == [id]
        assert read.findings[0].right == "other"


def test_a_file_without_a_mark_or_with_two_is_refused() -> None:
    def drop(xlsx: Any) -> None:
        del xlsx.defined_names[MARK_NAME]
        del xlsx.custom_doc_props[MARK_NAME]

    def twist(xlsx: Any) -> None:
        xlsx.defined_names[MARK_NAME].attr_text = '"1;2"'

    assert ids(plan(edited(YUAN, drop))) == ["IM-121"]
    assert ids(plan(edited(YUAN, twist))) == ["IM-121"]


def test_a_missing_sheet_and_one_too_many() -> None:
    def change(xlsx: Any) -> None:
        del xlsx[EXPENDITURE]
        xlsx.create_sheet("草稿")

    found = plan(edited(YUAN, change))
    assert sorted(ids(found)) == ["IM-126", "IM-142"]
    assert found.edits == ()


LINE = find(YUAN, EXPENDITURE, "2040201")
SPARE = find(YUAN, EXPENDITURE, "2040202") + 1


@pytest.mark.parametrize(
    ("cell", "value", "id"),
    [
        (f"D{LINE}", "约五万", "IM-131"),
        (f"D{LINE}", "100000", "IM-131"),
        (f"D{LINE}", date(2023, 1, 1), "IM-131"),
        (f"D{LINE}", True, "IM-131"),
        (f"D{LINE}", "=SUM(E5:E6)", "IM-136"),
        (f"D{LINE}", "#REF!", "IM-137"),
        (f"D{LINE}", 1.234, "IM-135"),
        (f"D{LINE}", 1234567890123456, "IM-135"),
        (f"D{SPARE}", 5, "IM-139"),
        ("D4", "别的表头", "IM-127"),
        (f"A{LINE}", "甲", "IM-127"),
        ("H2", "金额单位：亿元", "IM-128"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_taken(cell: str, value: object, id: str) -> None:
    found = plan(with_cell(YUAN, EXPENDITURE, cell, value))
    assert id in ids(found)
    finding = next(finding for finding in found.findings if finding.check_id == id)
    assert EXPENDITURE in finding.label
    assert finding.places[0].startswith(f"upload/{EXPENDITURE}/")
    if id not in ("IM-127", "IM-139"):
        assert cell in finding.message
    assert found.edits == ()


def with_spare(code: object, amount: object = 5, again: bool = False) -> bytes:
    def change(xlsx: Any) -> None:
        sheet = xlsx[EXPENDITURE]
        for line in range(SPARE, SPARE + 1 + again):
            sheet.cell(line, 1).value, sheet.cell(line, 4).value = code, amount

    return edited(YUAN, change)


def test_a_new_code_in_a_spare_row_is_taken_even_as_a_number_or_in_full_width() -> None:
    for code in ("2080505", 2080505, 2080505.0, " ２０８０５０５ "):
        (edit,) = plan(with_spare(code)).edits
        assert edit.ref == CellRef("expenditure_sheet", "2080505", "basic")
        assert edit.value == 5


@pytest.mark.parametrize(
    ("code", "again", "id"),
    [
        ("2049901", False, "IM-132"),
        ("20899", False, "IM-133"),
        ("12", False, "IM-133"),
        ("2080505", True, "IM-134"),
    ],
)
def test_codes_that_cannot_be(code: str, again: bool, id: str) -> None:
    found = plan(with_spare(code, again=again))
    assert id in ids(found)
    assert found.is_refused


def test_a_count_is_a_whole_number_and_a_cell_off_the_table_is_refused() -> None:
    sheet = "FA12 机构信息和实物量"
    line = find(YUAN, sheet, "行02")
    assert ids(plan(with_cell(YUAN, sheet, f"C{line}", 2.5))) == ["IM-138"]
    appropriation = "FA04 财政拨款收入支出决算总表"
    line = find(YUAN, appropriation, "行01")
    assert ids(plan(with_cell(YUAN, appropriation, f"D{line}", 1))) == ["IM-140"]


def test_a_total_that_does_not_add_up_is_kept_as_evidence_with_both_values() -> None:
    line = find(YUAN, EXPENDITURE, "行01")
    found = plan(with_cell(YUAN, EXPENDITURE, f"D{line}", 99999))
    (finding,) = found.findings
    assert (finding.check_id, finding.left, finding.right) == ("IM-141", 99999, 100000)
    assert not found.is_refused
    assert [change.kind for change in found.changes] == [ChangeKind.EVIDENCE]


def test_a_changed_item_does_not_turn_untouched_totals_into_evidence() -> None:
    found = plan(with_cell(YUAN, EXPENDITURE, f"D{LINE}", 90000))
    assert [(edit.ref.row, edit.value) for edit in found.edits] == [("2040201", 90000)]
    assert found.findings == ()


def test_what_a_colleague_entered_meanwhile_is_not_undone() -> None:
    place = ("expenditure_sheet", "2040201", "basic")
    base = make_book()
    now = base.with_cells([CellSnapshot(*place, Decimal(777))])
    assert plan(YUAN, now=now, base=base).edits == ()
    both = plan(with_cell(YUAN, EXPENDITURE, f"D{LINE}", 888), now=now, base=base)
    (finding,) = both.findings
    assert (finding.check_id, finding.left, finding.right) == ("IM-143", 888, 777)


def test_a_cleared_cell_is_listed_as_cleared() -> None:
    (change,) = plan(with_cell(YUAN, EXPENDITURE, f"D{LINE}", None)).changes
    assert (change.kind, change.before, change.after) == (ChangeKind.CLEARED, 100000, None)


def test_wan_declares_its_decimals() -> None:
    data = with_cell(template(unit=MoneyUnit.WAN), EXPENDITURE, f"D{LINE}", 12.34)
    (edit,) = plan(data).edits
    assert (edit.value, edit.unit, edit.decimals) == (Decimal("123400.00"), "wan", 2)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (0.1 + 0.2, "0.3"),
        (71252.57999999999, "71252.58"),
        (1e3, "1000"),
        (-0.0, "0"),
        (5, "5"),
        ("", None),
        (None, None),
        ("  ", None),
    ],
)
def test_doubles_are_read_at_the_digits_excel_shows(raw: object, expected: str | None) -> None:
    found = read_number(raw, None)
    assert found == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    "raw", [float("nan"), float("inf"), 1234567890123.4567, 123456789012345678]
)
def test_numbers_no_double_can_hold_are_refused(raw: object) -> None:
    with pytest.raises(Unreadable):
        read_number(raw, None)


def test_a_formula_with_its_result_counts_as_the_result() -> None:
    assert read_number("=1+1", 2) == 2


def test_exact_decimals_of_each_unit() -> None:
    assert [finest(unit, "money") for unit in MoneyUnit] == [2, 6]
    assert finest(MoneyUnit.WAN, "count") == 0
    assert str(shown(Decimal("12345.67"), MoneyUnit.WAN, "money")) == "1.234567"
    assert str(shown(Decimal("120000.00"), MoneyUnit.WAN, "money")) == "12.00"
