"""The tables of the budget book: both sides, units, lists, their sums, addresses and widths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from budgets.workbook import CellSnapshot, WithheldRow
from disclosures.evaluate import evaluate
from disclosures.facts import ReportFacts
from disclosures.filing_package import FilingPackage
from disclosures.package import PUBLIC, document, dump, public, read
from disclosures.printing import print_report
from disclosures.render import render_html
from disclosures.report.blocks import Cell, Report, Section, Table
from disclosures.report.compose import compose
from disclosures.report.fitting import ROOM, STYLES, text_width
from disclosures.report.sections import sheet_table
from rulebook.addresses import cell_of, list_total_address
from rulebook.amounts import MoneyUnit, in_wan
from rulebook.table_styles import TableStyle
from tests.budgets.jianghan import read_table
from tests.disclosures.pdf_facts import check_pdf
from tests.disclosures.report import budget_values as made
from tests.disclosures.values import facts

BOTH_SIDES = ("revenue_expenditure_summary", "appropriation_summary")
UNIT = "999004001"


def known() -> ReportFacts:
    return facts(made.budget())


def table(key: str, of: ReportFacts | None = None) -> Table:
    of = of or known()
    return next(sheet_table(of, each) for each in of.printed_tables() if each.key == key)


def texts(found: Table) -> list[list[str]]:
    return [[cell.text.strip("　") for cell in row] for row in found.body]


def figures(found: Table) -> Iterator[Cell]:
    return (cell for row in found.body for cell in row if cell.align == "right")


def with_cells(*cells: CellSnapshot) -> ReportFacts:
    filed = made.budget()
    first, *others = filed.books
    return facts(replace(filed, books=(first.with_cells(cells), *others)))


def in_yuan(of: ReportFacts) -> ReportFacts:
    return replace(of, layout=replace(of.layout, tables=TableStyle(unit=MoneyUnit.YUAN)))


def tables_part(of: FilingPackage) -> Section:
    return next(part for part in compose(facts(of)).sections if part.key == "sheets")


def alone(of: FilingPackage, key: str) -> Report:
    """A report of one table."""
    section = next(s for s in tables_part(of).sections if s.blocks[0].key == key)  # type: ignore[union-attr]
    return replace(compose(facts(of)), sections=(section,))


def test_the_tables_are_those_the_district_publishes_in_their_order() -> None:
    printed = [section.heading for section in tables_part(made.budget()).sections]
    assert printed == [
        "一、2023年收支预算总表",
        "二、2023年收入预算总表",
        "三、2023年支出预算总表",
        "四、2023年财政拨款收支预算总表",
        "五、2023年一般公共预算支出表（分功能科目）",
        "六、2023年一般公共预算支出表（分单位）",
        "七、2023年一般公共预算基本支出表",
        "八、2023年一般公共预算“三公”经费支出表",
        "九、2023年政府性基金预算支出表",
        "十、2023年项目支出预算表",
        "十一、2023年政府采购预算表",
        "十二、2023年政府向社会力量购买服务预算表",
    ]


def test_a_table_the_district_leaves_out_is_printed_once_it_holds_an_amount() -> None:
    used = CellSnapshot("state_capital_expenditure", "2230105", "project", Decimal(10000))
    keys = [each.key for each in with_cells(used).printed_tables()]
    assert keys.index("state_capital_expenditure") == 9
    assert "state_capital_expenditure" not in {each.key for each in known().printed_tables()}


def test_sheets_which_are_not_public_stay_out() -> None:
    printed = {each.key for each in known().printed_tables()}
    hidden = {"institution_information", "comparatives", "internal_transfers"}
    assert not printed & hidden
    written = dump(document(made.budget(), evaluate(made.budget()))).decode()
    assert "部门内部单位间往来" not in written


@pytest.mark.parametrize("case", made.CASES)
def test_rows_and_header_fill_the_columns(case: str) -> None:
    of = facts(made.CASES[case]())
    for each in of.printed_tables():
        found = sheet_table(of, each)
        assert sum(found.widths) == 100
        assert {sum(cell.colspan for cell in row) for row in found.body} == {len(found.widths)}
        covered = sum(c.colspan * c.rowspan for row in found.header for c in row)
        assert covered == len(found.header) * len(found.widths)


# ── two sides ─────────────────────────────────────────────────────────────────────────────────


def test_totals_and_balances_of_both_sides_stand_side_by_side() -> None:
    rows = texts(table("revenue_expenditure_summary"))
    assert rows[0] == ["一、一般公共预算拨款收入", "89,052.55", "一、一般公共服务支出", ""]
    assert rows[-4] == ["", "", "廿五、国防支出", ""]
    assert rows[-3:] == [
        ["本年收入合计", "89,052.55", "本年支出合计", "89,052.55"],
        ["上年结转结余", "", "年终结转结余", ""],
        ["收入总计", "89,052.55", "支出总计", "89,052.55"],
    ]


def test_the_appropriations_stand_against_their_funds() -> None:
    rows = texts(table("appropriation_summary"))
    assert rows[0] == [
        "一、本年收入",
        "89,052.55",
        "一、本年支出",
        "89,052.55",
        "89,052.55",
        "",
        "",
    ]
    assert rows[4][:3] == ["二、上年结转", "", "（四）科学技术支出"]
    assert [rows[-1][0], rows[-1][2]] == ["收入总计", "支出总计"]


def test_a_class_without_a_printed_row_stands_above_the_foot() -> None:
    rows = texts(
        table(
            "revenue_expenditure_summary",
            with_cells(CellSnapshot("expenditure_sheet", "2020101", "project", Decimal(10000))),
        )
    )
    assert rows[-4] == ["", "", "202", "1.00"]
    assert [rows[-3][0], rows[-3][2]] == ["本年收入合计", "本年支出合计"]


@pytest.mark.parametrize("key", BOTH_SIDES)
def test_a_budget_has_no_line_numbers(key: str) -> None:
    assert "行次" not in {cell.text for row in table(key).header for cell in row}


# ── codes and units ───────────────────────────────────────────────────────────────────────────


def test_expenditure_by_function_is_printed_as_published() -> None:
    published = read_table("by_function").rows
    printed = texts(table("general_public_expenditure"))
    assert printed[0] == list(published[0][1:])
    assert [row[0] for row in printed[1:]] == [row[0] for row in published[1:]]
    assert [row[2:] for row in printed[1:]] == [list(row[2:]) for row in published[1:]]


def test_basic_expenditure_stands_under_its_two_heads() -> None:
    found = table("general_public_basic_expenditure")
    assert [cell.text for cell in found.header[0]] == [
        "部门预算支出经济分类科目", "本年一般公共预算基本支出",
    ]  # fmt: skip
    assert texts(found)[1] == ["301", "工资福利支出", "49,907.90", "49,907.90", ""]
    assert ["302", "商品和服务支出", "7,338.63", "", "7,338.63"] in texts(found)


def test_units_stand_under_their_department_and_add_up() -> None:
    found = table("general_public_expenditure_by_unit")
    assert [row[0].text for row in found.body] == ["合计", "999004", "999004001", "999004002"]
    whole, department, *units = ([cell for cell in row if cell.address] for row in found.body)
    assert [cell.text for cell in whole] == [cell.text for cell in department]
    for column, cell in enumerate(whole):
        parts = [Decimal(row[column].text.replace(",", "")) for row in units]
        assert sum(parts) == Decimal(cell.text.replace(",", ""))
    places = [cell_of(row[0].address) for row in units]
    assert [place and place[0] for place in places] == ["999004001", "999004002"]


def test_a_department_of_one_unit_prints_no_row_twice() -> None:
    of = facts(made.of_one_unit())
    assert [row[0].text for row in table("revenue_sheet", of).body] == ["合计", UNIT]
    assert [row[0].text for row in table("project_budgets", of).body] == [
        "合计", made.CODE.format(1),
    ]  # fmt: skip


def test_withheld_rows_are_left_out_while_totals_stay() -> None:
    filed = made.budget()
    row = WithheldRow("general_public_expenditure", "2040220", "保密规定")
    hidden = replace(filed, books=tuple(replace(b, withheld=(row,)) for b in filed.books))
    for of in (facts(hidden), facts(public(hidden))):
        printed = texts(table("general_public_expenditure", of))
        assert "2040220" not in {cells[0] for cells in printed}
        assert printed[0][1] == "89,052.55"


# ── lists ─────────────────────────────────────────────────────────────────────────────────────


def test_projects_stand_under_their_units_with_the_sum_of_each() -> None:
    rows = [row[:3] + row[3:5] for row in texts(table("project_budgets"))]
    assert rows[0][:2] == ["合计", "29,127.34"]
    assert rows[1][:3] == ["999004", "武汉市公安局江汉区分局", "29,127.34"]
    assert rows[2][:3] == ["999004001", "武汉市公安局江汉区分局本级", "23,846.85"]
    assert rows[3] == [
        "42010323999T000000104", "办案业务经费项目", "武汉市公安局江汉区分局本级",
        "650.64", "650.64",
    ]  # fmt: skip
    assert ["999004002", "武汉市江汉区交通大队", "5,280.49"] in [row[:3] for row in rows]


def test_procurement_is_printed_in_fourteen_columns_as_published() -> None:
    found = table("procurement")
    assert len(found.widths) == 14
    assert found.orientation == "landscape"
    assert texts(found)[1] == [
        "999004001", "武汉市公安局江汉区分局本级", "在职人员公用",
        "[C2120301]车辆维修和保养服务", "[2040201]行政运行", "[30231]公务用车运行维护费",
        "年初安排", "经费拨款补助", "1", "634.00", "", "634.00", "634.00", "380.40",
    ]  # fmt: skip


def test_unit_prices_are_never_added() -> None:
    whole = table("procurement").body[0]
    assert [cell.text for cell in whole] == [
        "合计", "", "", "", "6,636.08", "5,594.08", "3,029.55",
    ]  # fmt: skip


def test_services_name_three_levels_of_the_directory() -> None:
    found = table("purchased_services")
    assert [cell.text for cell in found.header[1]] == ["一级目录", "二级目录", "三级目录"]
    assert texts(found)[1][-3:] == ["政府履职所需辅助性服务", "后勤服务", "印刷服务"]
    assert [row[2] for row in texts(found)[1:5]] == ["是", "是", "是", "否"]


def test_every_figure_of_a_list_has_the_address_of_its_field() -> None:
    found = table("procurement")
    assert [cell.address for cell in found.body[1] if cell.align == "right"] == [
        f"procurement/{UNIT}/1/{field}"
        for field in ("quantity", "unit_price", "amount", "sme_amount", "micro_amount")
    ]
    projects = table("project_budgets").body
    assert projects[3][3].address == "project_budget/42010323999T000000104/total"
    assert projects[0][1].address == list_total_address("999004", "project_budgets", "total")
    assert projects[2][2].address == list_total_address(UNIT, "project_budgets", "total")


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("project_budgets", "注：本部门当年没有安排项目支出。"),
        ("procurement", "注：本部门当年没有安排政府采购。"),
        ("purchased_services", "注：本部门当年没有安排政府购买服务。"),
    ],
)
def test_an_empty_list_is_printed_with_its_sentence(key: str, sentence: str) -> None:
    found = table(key, facts(replace(made.budget(), **{key: ()})))
    assert [row[0].text for row in found.body] == ["合计"]
    assert {cell.text for cell in figures(found)} == {""}
    assert found.notes == (sentence,)


def test_an_empty_fund_is_printed_with_its_sentence() -> None:
    found = table("government_fund_expenditure")
    assert len(found.body) == 1
    assert found.notes == ("注：本部门当年没有政府性基金预算安排的支出。",)


def test_the_public_package_holds_the_lists_and_prints_the_same_tables() -> None:
    content = dump(document(public(made.budget()), profile=PUBLIC))
    shown = read(content).package
    assert shown is not None
    assert shown.lists == made.budget().lists
    assert tables_part(shown) == tables_part(public(made.budget()))
    assert len(tables_part(shown).sections) == len(tables_part(made.budget()).sections)


# ── unit, widths, paper ───────────────────────────────────────────────────────────────────────


def test_a_region_may_publish_its_tables_in_yuan() -> None:
    of = in_yuan(known())
    found = table("revenue_expenditure_summary", of)
    assert found.unit_label == "单位：元"
    assert texts(found)[-1][1] == "890,525,500.00"
    assert table("project_budgets", of).body[0][1].text == "291,273,400.00"
    assert table("procurement", of).body[1][8].text == "1"
    (part,) = (part for part in compose(of).sections if part.key == "sheets")
    written = part.blocks[0]
    assert "金额以元为单位" in written.text  # type: ignore[union-attr]


def test_every_amount_of_a_sheet_is_its_cell() -> None:
    of = known()
    units = {unit.code: unit.figures for unit in of.units} | {of.head.department_code: of.figures}
    found = 0
    for printed in (sheet_table(of, each) for each in of.printed_tables()):
        for cell in (cell for cell in figures(printed) if cell.text):
            place = cell_of(cell.address)
            if place is not None:
                found += 1
                assert cell.text == f"{in_wan(units[place[0]][place[1]]):,.2f}"
    assert found > 200


@pytest.mark.parametrize("case", made.CASES)
@pytest.mark.parametrize("key", ["project_budgets", "procurement", "purchased_services"])
def test_no_amount_is_wider_than_its_column(case: str, key: str) -> None:
    found = table(key, facts(made.CASES[case]()))
    setting = STYLES[found.style]
    room, _ = ROOM[found.orientation]
    for row in found.body[1:]:
        if len(row) == len(found.widths):
            for cell, width in zip(row, found.widths, strict=True):
                if cell.align == "right":
                    needed = text_width(cell.text) * setting.size + setting.beside
                    assert needed <= width * room / 100 + Decimal("0.4")


def test_few_and_short_columns_keep_the_usual_type() -> None:
    styles = {each.key: sheet_table(known(), each).style for each in known().printed_tables()}
    assert styles["general_public_expenditure_by_unit"] == "statutory"
    assert styles["procurement"] == "list"
    assert table("project_budgets", facts(made.every_source())).style == "list"
    assert table("project_budgets", in_yuan(facts(made.every_source()))).style == "fine"


def test_a_long_list_repeats_its_heads_and_says_that_it_goes_on() -> None:
    report = alone(made.with_purchases(300), "procurement")
    content = print_report(report, identifier="ab" * 32, dated=date(2023, 2, 1), bound=False)
    printed = check_pdf(content.content)
    pages = ["".join(text.split()) for text in printed.page_texts if UNIT in text]
    assert len(pages) > 10
    assert all("单位名称" in page for page in pages)
    assert ["续预算11表" in page for page in pages] == [False, *[True] * (len(pages) - 1)]
    assert printed.missing_glyphs == 0


def test_long_names_and_rare_characters_are_printed_whole() -> None:
    report = alone(made.with_projects(3, name=made.LONG_NAME), "project_budgets")
    content = print_report(report, identifier="ab" * 32, dated=date(2023, 2, 1), bound=False)
    printed = check_pdf(content.content)
    assert printed.missing_glyphs == 0
    assert {"硚", "堃", "㎡"} <= set(printed.text)
    assert "〓" not in printed.text


def test_the_whole_book_names_each_table_once() -> None:
    html = render_html(compose(known()))
    assert html.count("一般公共预算支出表（分单位）") == 3  # contents, list of tables, heading
