"""What people do to the forms in a spreadsheet, cell by cell and row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from budgets.excel.gate import inspect
from budgets.excel.redpen import with_findings
from budgets.list_comparison import RowChange
from performance.evaluation import DEPARTMENT, Judgement
from performance.excel.comparison import FormsPlan
from performance.excel.confined import read_forms_confined
from performance.excel.layout import Holds, indicator_columns, sections_of
from performance.excel.pages import FormPage, forms_mark
from performance.excel.reading import read_forms
from performance.models import DeclaredAsset, DeclaredDetail, Indicator, IndicatorResult
from rulebook.amounts import MoneyUnit
from rulebook.forms import load_form
from tests.budgets.excel.files import edited, with_part
from tests.performance.excel.files import (
    MARK,
    YEAR,
    column_of,
    labelled,
    line_of,
    opened,
    plan,
    read,
    sheet_of,
    with_indicator_cell,
    written,
)
from tests.performance.values import (
    INCIDENTS,
    PATROLS,
    PROJECT_CODE,
    TRAINING,
    clean_evaluation,
    declared_with,
)

FORM = "project_evaluation/wuhan_2023"
TABLE = "表4-2"
TARGET, ACHIEVED = "年初目标值（A）", "实际完成值（B）"


def page() -> FormPage:
    evaluation = clean_evaluation()
    return FormPage(PROJECT_CODE, "示例项目", FORM, evaluation.declaration, evaluation)


def changed(key: str, head: str, value: object) -> FormsPlan:
    return plan(with_indicator_cell(written([page()]), key, head, value, TABLE), [page()])


def cell(key: str, head: str) -> str:
    sheet = opened(written([page()]))
    return str(sheet.cell(line_of(sheet, f"指标{key}"), column_of(sheet, TABLE, head)).coordinate)


def test_one_target_that_was_changed_is_the_only_change() -> None:
    found = changed(PATROLS, TARGET, "≥60次")
    assert not found.findings
    (change,) = found.changes
    assert (change.kind, change.label) == (RowChange.CHANGED, f"指标 {PATROLS} 巡查次数")
    (difference,) = change.differences
    assert (difference.before, difference.after) == ("≥50次", "≥60次")
    after = found.forms[0].after.declaration
    assert after == declared_with(clean_evaluation().declaration, PATROLS, target="≥60次")


@pytest.mark.parametrize(
    ("typed", "number_format", "kept"),
    [
        ("９５％以上", "@", "９５％以上"),
        ("≥ 90 %", "@", "≥ 90 %"),
        ("3-5次", "@", "3-5次"),
        (0.95, "0%", "95%"),
        (0.955, "0.00%", "95.5%"),
        (52, "General", "52"),
        (1234.5, "#,##0.00", "1234.5"),
        ("无", "@", "无"),
    ],
)
def test_values_are_kept_as_typed(typed: object, number_format: str, kept: str) -> None:
    def change(xlsx: Any) -> None:
        sheet = sheet_of(xlsx)
        target = sheet.cell(line_of(sheet, f"指标{PATROLS}"), column_of(sheet, TABLE, ACHIEVED))
        target.value, target.number_format = typed, number_format

    found = plan(edited(written([page()]), change), [page()])
    evaluation = found.forms[0].after.evaluation
    assert evaluation is not None
    result = evaluation.result_of(PATROLS)
    assert result is not None
    assert result.achieved == kept


@pytest.mark.parametrize(
    ("head", "value", "id"),
    [
        (TARGET, date(2023, 3, 5), "IM-201"),
        (ACHIEVED, True, "IM-201"),
        (ACHIEVED, "=1+1", "IM-136"),
        ("分值", "十分", "IM-131"),
        ("分值", 0, "IM-202"),
        ("分值", "100.01", "IM-202"),
        ("分值", "9.999", "IM-202"),
        ("得分比例（%）", 101, "IM-202"),
        ("性质", "定数", "IM-205"),
        ("方向", "向上", "IM-205"),
        ("性质", None, "IM-208"),
        ("指标名称", None, "IM-208"),
        ("指标名称", "长" * 201, "IM-203"),
        ("目标序号", 7, "IM-209"),
        ("目标序号", "一", "IM-131"),
    ],
)
def test_what_cannot_be_read_is_a_finding_at_its_cell(head: str, value: object, id: str) -> None:
    found = changed(PATROLS, head, value)
    (finding,) = [each for each in found.findings if each.check_id == id]
    assert finding.places == (f"upload/01 示例项目/{cell(PATROLS, head)}",)
    assert found.is_refused


def test_half_a_judgement_is_a_question() -> None:
    found = changed(INCIDENTS, "完成档次", "达成预期指标")
    assert [finding.check_id for finding in found.findings] == ["IM-212"]


def test_a_judgement_of_both_halves_is_taken() -> None:
    data = with_indicator_cell(written([page()]), INCIDENTS, "完成档次", "达成预期指标", TABLE)
    data = with_indicator_cell(data, INCIDENTS, "得分比例（%）", "９０", TABLE)
    evaluation = plan(data, [page()]).forms[0].after.evaluation
    assert evaluation is not None
    result = evaluation.result_of(INCIDENTS)
    assert result is not None
    assert isinstance(result.judgement, Judgement)
    assert result.judgement.percentage == 90


def test_a_row_that_was_taken_out_is_removed_and_the_others_stay_themselves() -> None:
    def change(xlsx: Any) -> None:
        sheet = sheet_of(xlsx)
        sheet.delete_rows(line_of(sheet, f"指标{PATROLS}"))

    found = plan(edited(written([page()]), change), [page()])
    (removed,) = found.changes
    assert (removed.kind, removed.label) == (RowChange.REMOVED, f"指标 {PATROLS} 巡查次数")
    assert found.forms[0].was["indicators"][PATROLS] == TRAINING  # 1.3 moved up to 1.2


def test_rows_in_another_order_are_the_same_rows() -> None:
    def change(xlsx: Any) -> None:
        sheet = sheet_of(xlsx)
        first, second = (line_of(sheet, f"指标{key}") for key in (PATROLS, TRAINING))
        for column in range(1, sheet.max_column + 1):
            one, two = sheet.cell(first, column), sheet.cell(second, column)
            one.value, two.value = two.value, one.value

    found = plan(edited(written([page()]), change), [page()])
    (change_of_order,) = found.changes
    assert change_of_order.label == "指标的顺序"
    assert found.forms[0].was["indicators"] | {PATROLS: "", TRAINING: ""} == {
        **{key: key for key in found.forms[0].was["indicators"]}, PATROLS: "", TRAINING: "",
    }  # fmt: skip
    assert found.forms[0].was["indicators"][PATROLS] == TRAINING


def test_a_row_without_its_mark_is_found_by_its_name() -> None:
    def change(xlsx: Any) -> None:
        sheet = sheet_of(xlsx)
        sheet.cell(line_of(sheet, f"指标{PATROLS}"), 1).value = None

    found = plan(edited(written([page()]), change), [page()])
    assert found.is_idle
    assert found.forms[0].was["indicators"][PATROLS] == PATROLS


def test_a_copied_row_is_a_new_one_and_said_to_be() -> None:
    def change(xlsx: Any) -> None:
        sheet = sheet_of(xlsx)
        line = line_of(sheet, f"指标{PATROLS}")
        end = line_of(sheet, "指标1.6") + 1
        for column in range(1, sheet.max_column + 1):
            sheet.cell(end, column).value = sheet.cell(line, column).value
        sheet.cell(end, column_of(sheet, TABLE, "指标名称")).value = "夜间巡查次数"

    found = plan(edited(written([page()]), change), [page()])
    assert [finding.check_id for finding in found.findings] == ["IM-211"]
    (added,) = found.changes
    assert (added.kind, added.label) == (RowChange.ADDED, "指标 1.7 夜间巡查次数")


def test_a_file_older_than_the_form_says_so_and_trusts_names_not_numbers() -> None:
    """Someone removed the first indicator after the download: 1.2 in the file is 1.1 by now."""
    before = page()
    assert before.declaration is not None
    (goal,) = before.declaration.goals
    rows = tuple(replace(row, key=f"1.{at}") for at, row in enumerate(goal.indicators[1:], 1))
    now = replace(
        before,
        declaration=replace(before.declaration, goals=(replace(goal, indicators=rows),)),
        evaluation=None,
    )
    found = plan(written([before]), [now])
    assert [finding.check_id for finding in found.findings] == ["IM-210"]
    assert found.forms[0].was["indicators"] == {f"1.{at}": f"1.{at - 1}" for at in range(2, 7)}


def test_columns_are_found_by_their_heads() -> None:
    def change(xlsx: Any) -> None:
        sheet = sheet_of(xlsx)
        lines = range(line_of(sheet, TABLE), line_of(sheet, "指标1.6") + 1)
        for line in lines:
            one, two = (sheet.cell(line, at) for at in pair)
            one.value, two.value = two.value, one.value

    sheet = opened(written([page()]))
    pair = [column_of(sheet, TABLE, head) for head in (TARGET, ACHIEVED)]
    assert plan(edited(written([page()]), change), [page()]).is_idle


def test_a_head_that_is_gone_is_named() -> None:
    def change(xlsx: Any) -> None:
        sheet = sheet_of(xlsx)
        sheet.cell(line_of(sheet, TABLE), column_of(sheet, TABLE, TARGET)).value = "目标"

    found = plan(edited(written([page()]), change), [page()])
    assert {finding.check_id for finding in found.findings} == {"IM-127"}


def test_a_single_line_that_is_gone_is_named() -> None:
    def change(xlsx: Any) -> None:
        sheet = sheet_of(xlsx)
        sheet.cell(labelled(sheet, "年初设定目标").row, 1).value = None

    found = plan(edited(written([page()]), change), [page()])
    assert [finding.check_id for finding in found.findings] == ["IM-127"]


def test_a_sheet_left_out_is_left_alone_and_an_emptied_one_is_warned_about() -> None:
    pages = [page(), FormPage(DEPARTMENT, "部门整体", "department_evaluation/wuhan_2023")]

    def leave_out(xlsx: Any) -> None:
        del xlsx["01 示例项目"]

    assert plan(edited(written(pages), leave_out), pages).is_idle
    blank = replace(page(), declaration=None, evaluation=None)
    found = plan(written([blank]), [page()])
    assert {finding.check_id for finding in found.findings} == {"IM-210", "IM-213"}


def test_one_subject_on_two_sheets_is_refused() -> None:
    def twice(xlsx: Any) -> None:
        xlsx.copy_worksheet(sheet_of(xlsx))

    found = read(edited(written([page()]), twice), [page()])
    assert [finding.check_id for finding in found.findings] == ["IM-206"]


@pytest.mark.parametrize(
    ("mark", "id"),
    [
        (forms_mark("filing", "119", "2023"), "IM-123"),
        (forms_mark("filing", "118", "2024"), "IM-124"),
        (forms_mark("other", "118", "2023"), "IM-125"),
    ],
)
def test_anothers_file_is_refused(mark: Any, id: str) -> None:
    found = read_forms(written([page()]), mark, {PROJECT_CODE: [FORM]})
    assert id in {finding.check_id for finding in found.findings}


def test_a_subject_or_edition_that_is_not_the_filings_is_refused() -> None:
    data = written([page()])
    assert [f.check_id for f in read_forms(data, MARK, {}).findings] == ["IM-207"]
    other = {PROJECT_CODE: ["project_evaluation/wuhan_2019"]}
    assert [f.check_id for f in read_forms(data, MARK, other).findings] == ["IM-122"]


def test_amounts_are_read_in_the_unit_of_their_sheet() -> None:
    own = FormPage(PROJECT_CODE, "示例项目", "project_evaluation/wuhan_2019")

    def fill(xlsx: Any) -> None:
        labelled(sheet_of(xlsx), "区级预算资金").value = 79.13

    for unit, expected in ((MoneyUnit.WAN, "791300.00"), (MoneyUnit.YUAN, "79.13")):
        found = plan(edited(written([own], unit), fill), [own])
        assert found.forms[0].after.evaluation is not None
        (amount,) = found.forms[0].after.evaluation.amounts
        assert (str(amount.amount), amount.unit) == (expected, unit.code)
    (finding,) = plan(
        edited(
            written([own]),
            lambda x: setattr(labelled(sheet_of(x), "区级预算资金"), "value", "七十九"),
        ),
        [own],
    ).findings
    assert finding.check_id == "IM-131"


def test_formulas_and_codes_of_people_stay_words() -> None:
    sneaky = '=HYPERLINK("http://example.com")'
    declaration = replace(clean_evaluation().declaration, objective=sneaky)
    own = replace(page(), declaration=declaration, evaluation=None)
    data = written([own])
    assert labelled(opened(data), "年初设定目标").data_type == "s"
    assert plan(data, [own]).is_idle


def test_a_hostile_file_never_reaches_the_parser() -> None:
    data = written([page()])
    assert inspect(data, most_bytes=len(data)) == []
    for part, content in (
        ("xl/vbaProject.bin", b"macro"),
        ("xl/externalLinks/externalLink1.xml", b"<externalLink/>"),
        ("xl/workbook.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><workbook/>"),
    ):
        assert inspect(with_part(data, part, content), most_bytes=10**8)
    assert read_forms(b"PK\x03\x04 broken", MARK, {}).findings[0].check_id == "IM-106"


def test_the_child_reads_the_same_as_this_process() -> None:
    data = written([page()])
    assert read_forms_confined(data, MARK, {PROJECT_CODE: [FORM]}) == read(data, [page()])


def test_the_file_comes_back_with_a_red_cell_and_a_comment() -> None:
    data = with_indicator_cell(written([page()]), PATROLS, "性质", "定数", TABLE)
    marked = opened(with_findings(data, plan(data, [page()]).findings))
    target = marked[cell(PATROLS, "性质")]
    assert "IM-205" in target.comment.text
    assert target.fill.fgColor.rgb == "00FFC7CE"


def test_what_the_sheets_let_people_write_fits_the_register() -> None:
    for model, columns in (
        (Indicator, indicator_columns(load_form(FORM), load_form(FORM).blocks[3], YEAR)),
        (IndicatorResult, indicator_columns(load_form(FORM), load_form(FORM).blocks[3], YEAR)),
    ):
        fields = {field.name: getattr(field, "max_length", None) for field in model._meta.fields}
        for slot in columns:
            if slot.holds is Holds.TEXT and slot.key in fields:
                assert slot.most == fields[slot.key], slot.key
    tables = {
        table.key: table
        for section in sections_of("project_targets/jianghan_2023", YEAR)
        for table in section.tables
    }
    for key, row in (("details", DeclaredDetail), ("assets", DeclaredAsset)):
        fields = {field.name: getattr(field, "max_length", None) for field in row._meta.fields}
        for slot in tables[key].columns:
            if slot.holds is Holds.TEXT:
                assert slot.most == fields[slot.key], slot.key
