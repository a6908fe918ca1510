"""Upload, preview, confirm: whole or nothing, once, by whoever files and nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from budgets.excel.gate import inspect
from departments.models import StaffMember
from filings.models import Event, Filing, FilingKind
from filings.states import State
from performance.evaluation import DEPARTMENT, Deduction
from performance.excel.pages import forms_mark
from performance.excel.template import write_forms
from performance.form_imports import export_forms
from performance.intake import replace_performance
from performance.models import FormUpload, Indicator, IndicatorResult, ScoreDeduction
from performance.snapshots import declarations_of, filed_forms
from performance.spending import spending_of
from performance.workbook_pages import form_pages
from rulebook.amounts import MoneyUnit
from tests import factories
from tests.budgets.excel.files import edited
from tests.performance.excel.files import column_of, labelled, line_of
from tests.performance.rows import department_evaluation, file_project
from tests.performance.values import PATROLS, PROJECT_CODE, TRAINING, clean_evaluation, with_result

TOKEN = re.compile(r'name="token" value="([^"]+)"')
TABLE, NAME = "表4-2", "指标名称"
TARGET, ACHIEVED = "年初目标值（A）", "实际完成值（B）"
SignIn = Callable[[StaffMember], Client]


@pytest.fixture(autouse=True)
def uploads_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def filed(filing: Filing, lin: StaffMember) -> Filing:
    """A project with its evaluation, one result lowered by hand, and the department's."""
    file_project(filing)
    deducted = with_result(
        clean_evaluation(), PATROLS, deductions=(Deduction(Decimal(1), "资料不全", "填报"),)
    )
    evaluations = [deducted, department_evaluation()]
    replace_performance(
        filing=filing, staff=lin,
        declarations=[each.declaration for each in evaluations], evaluations=evaluations,
    )  # fmt: skip
    return filing


def exported(filing: Filing, subject: str = "") -> bytes:
    data = export_forms(filing=filing, unit=MoneyUnit.WAN, subject=subject)
    assert data is not None
    return data


def project_sheet(xlsx: Any) -> Any:
    return next(s for s in xlsx.worksheets if s["B2"].value == PROJECT_CODE)


def changed(data: bytes, change: Callable[[Any], None]) -> bytes:
    return edited(data, lambda xlsx: change(project_sheet(xlsx)))


def fill(sheet: Any, line: int, values: dict[str, str]) -> None:
    """A row of indicators by the heads of its columns."""
    for head, value in values.items():
        sheet.cell(line, column_of(sheet, TABLE, head)).value = value


def renamed(data: bytes, name: str = "夜间巡查次数") -> bytes:
    def change(sheet: Any) -> None:
        sheet.cell(line_of(sheet, f"指标{PATROLS}"), column_of(sheet, TABLE, NAME)).value = name

    return changed(data, change)


def url(filing: Filing, name: str = "performance-import", *more: str) -> str:
    return reverse(f"work:{name}", args=[filing.public_id, *more])


def send(client: Client, filing: Filing, data: bytes) -> str:
    """Upload; the address of the preview."""
    answer = client.post(url(filing), {"file": SimpleUploadedFile("填好.xlsx", data)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def token_of(client: Client, preview: str) -> str:
    found = TOKEN.search(client.get(preview).content.decode())
    assert found
    return found.group(1)


def confirm(client: Client, filing: Filing, data: bytes) -> str:
    preview = send(client, filing, data)
    answer = client.post(preview, {"token": token_of(client, preview)}, follow=True)
    return answer.content.decode()


def stored(filing: Filing) -> tuple[object, object]:
    return declarations_of(filing), filed_forms(filing, spending_of(filing)).evaluations


def test_nothing_is_saved_before_the_confirmation_and_everything_after(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    client, before = sign_in(lin), stored(filed)
    preview = send(client, filed, renamed(exported(filed)))
    page = client.get(preview).content.decode()
    assert "1 张表有变化" in page
    assert "巡查次数 → 夜间巡查次数" in page
    assert stored(filed) == before
    answer = client.post(preview, {"token": token_of(client, preview)}, follow=True)
    assert "导入完成：修改 1 处" in answer.content.decode()
    assert Indicator.objects.filter(name="夜间巡查次数").count() == 1
    assert Event.objects.filter(action="import_forms").count() == 1
    assert FormUpload.objects.get().applied_at


def test_a_file_nobody_touched_has_nothing_to_write(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    preview = send(client, filed, exported(filed))
    assert "没有要写入的内容" in client.get(preview).content.decode()


def test_rows_that_stay_keep_their_results_deductions_and_links(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    whole = Indicator.objects.filter(goal__declaration__project=None).first()
    own = Indicator.objects.get(goal__declaration__project__code=PROJECT_CODE, name="巡查次数")
    Indicator.objects.filter(pk=own.pk).update(feeds=whole)
    deduction = ScoreDeduction.objects.get()
    data = renamed(exported(filed))

    def without_first(sheet: Any) -> None:
        sheet.delete_rows(line_of(sheet, "指标1.1"))

    assert "导入完成" in confirm(sign_in(lin), filed, changed(data, without_first))
    own.refresh_from_db()
    assert (own.name, own.number, own.feeds) == ("夜间巡查次数", 1, whole)
    result = IndicatorResult.objects.get(indicator=own)
    assert (deduction.result_id, result.achieved) == (result.pk, "52次")
    assert ScoreDeduction.objects.get().pk == deduction.pk
    assert Indicator.objects.filter(goal=own.goal).count() == 5


def test_rows_can_be_added_moved_and_removed_at_once(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    def change(sheet: Any) -> None:
        patrols, training = (line_of(sheet, f"指标{key}") for key in (PATROLS, TRAINING))
        for column in range(1, sheet.max_column + 1):
            one, two = sheet.cell(patrols, column), sheet.cell(training, column)
            one.value, two.value = two.value, one.value
        spare = line_of(sheet, "指标1.6") + 1
        fill(sheet, spare, {
            "一级指标": "产出指标", "二级指标": "时效指标", NAME: "办结及时率", "性质": "定量",
            "方向": "正向", TARGET: "≥95%", ACHIEVED: "96%", "目标序号": "1", "分值": "5",
        })  # fmt: skip
        sheet.delete_rows(line_of(sheet, "指标1.1"))

    confirm(sign_in(lin), filed, changed(exported(filed), change))
    (declared,) = [d for d in declarations_of(filed) if d.subject == PROJECT_CODE]
    names = [row.name for row in declared.indicators]
    assert names == ["培训人次", "巡查次数", "验收合格率", "警情", "群众满意程度", "办结及时率"]
    (evaluated,) = [
        e for e in filed_forms(filed, spending_of(filed)).evaluations if e.subject == PROJECT_CODE
    ]
    assert [result.achieved for result in evaluated.results][:2] == ["620人次", "52次"]
    assert evaluated.results[-1].achieved == "96%"


def test_an_empty_form_is_begun_by_filling_it_in(
    filing: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    file_project(filing)

    def change(sheet: Any) -> None:
        labelled(sheet, "年初设定目标").value = "全年目标"
        first = line_of(sheet, TABLE) + 1
        fill(sheet, first, {
            "一级指标": "产出指标", "二级指标": "数量指标", NAME: "巡查次数", "性质": "定量",
            "方向": "正向", TARGET: "≥50次", ACHIEVED: "40次", "分值": "60",
        })  # fmt: skip

    page = confirm(sign_in(lin), filing, changed(exported(filing), change))
    assert "导入完成" in page
    (declared,) = declarations_of(filing)
    assert (declared.subject, declared.form) == (PROJECT_CODE, "project_evaluation/wuhan_2023")
    (evaluated,) = filed_forms(filing, spending_of(filing)).evaluations
    assert (evaluated.title, evaluated.results[0].achieved) == ("示例项目", "40次")


def test_a_form_alone_changes_only_itself(filed: Filing, lin: StaffMember, sign_in: SignIn) -> None:
    others = [d for d in declarations_of(filed) if d.subject == DEPARTMENT]
    data = exported(filed, PROJECT_CODE)
    assert len(load_workbook(BytesIO(data)).sheetnames) == 3  # the cover, the form, the choices
    confirm(sign_in(lin), filed, renamed(data))
    assert [d for d in declarations_of(filed) if d.subject == DEPARTMENT] == others


def test_one_mistake_anywhere_and_nothing_is_written(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    client, before = sign_in(lin), stored(filed)

    def wrong(xlsx: Any) -> None:
        whole = next(s for s in xlsx.worksheets if s["B2"].value == DEPARTMENT)
        whole.cell(line_of(whole, "指标1.1"), column_of(whole, "表3-2", "性质")).value = "其他"

    preview = send(client, filed, edited(renamed(exported(filed)), wrong))
    page = client.get(preview).content.decode()
    assert "IM-205" in page
    assert "没有写入任何内容" in page
    assert "确认导入" not in page
    client.post(preview, {"token": "forged"})
    assert stored(filed) == before
    marked = load_workbook(BytesIO(client.get(f"{preview}marked/").content))
    assert any(
        cell.comment and "IM-205" in cell.comment.text
        for sheet in marked.worksheets for row in sheet.iter_rows() for cell in row
    )  # fmt: skip
    assert "IM-205" in client.get(f"{preview}findings/").content.decode()


def test_a_form_changed_after_the_preview_must_be_looked_at_again(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    preview = send(client, filed, renamed(exported(filed)))
    token = token_of(client, preview)
    Indicator.objects.filter(name="培训人次").update(target="≥700人次")
    page = client.post(preview, {"token": token}, follow=True).content.decode()
    assert "预览之后绩效表格又有修改" in page
    assert "IM-210" in page
    assert not Indicator.objects.filter(name="夜间巡查次数").exists()


def test_a_double_click_is_one_import(filed: Filing, lin: StaffMember, sign_in: SignIn) -> None:
    client = sign_in(lin)
    preview = send(client, filed, renamed(exported(filed)))
    token = token_of(client, preview)
    for _ in range(3):
        client.post(preview, {"token": token})
    assert Event.objects.filter(action="import_forms").count() == 1
    assert FormUpload.objects.count() == 1


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"a,b\n1,2", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_not_kept(
    filed: Filing, lin: StaffMember, sign_in: SignIn, data: bytes
) -> None:
    answer = sign_in(lin).post(url(filed), {"file": SimpleUploadedFile("a.xlsx", data)})
    assert "文件没有接收" in answer.content.decode()
    assert not FormUpload.objects.exists()


def test_the_outsider_gets_nothing_on_any_route(
    filed: Filing, lin: StaffMember, wai: StaffMember, sign_in: SignIn
) -> None:
    preview = send(sign_in(lin), filed, renamed(exported(filed)))
    before, client = stored(filed), sign_in(wai)
    pages = [
        url(filed, "performance-template"), url(filed),
        url(filed, "performance-form-template", PROJECT_CODE),
        preview, f"{preview}findings/", f"{preview}marked/",
    ]  # fmt: skip
    for page in pages:
        assert client.get(page).status_code in (403, 404), page
        assert client.post(page, {"token": "x"}).status_code in (403, 404, 405), page
    assert stored(filed) == before


def test_a_file_uploaded_to_one_filing_is_not_another_ones(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    preview = send(sign_in(lin), filed, exported(filed))
    kept = FormUpload.objects.get()
    other = factories.make_filing(filed.department, lin, kind=FilingKind.DEPARTMENTAL_BUDGET)
    address = url(other, "performance-import-preview", kept.sha256)
    assert preview
    assert sign_in(lin).get(address).status_code == 404


def test_what_was_handed_in_is_downloaded_and_not_written(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    data = renamed(exported(filed))
    Filing.objects.filter(pk=filed.pk).update(state=State.SUBMITTED)
    client = sign_in(lin)
    assert client.get(url(filed, "performance-template")).status_code == 200
    answer = client.post(url(filed), {"file": SimpleUploadedFile("填好.xlsx", data)})
    assert answer.status_code == 403
    assert not FormUpload.objects.exists()


def test_a_form_that_is_not_there_is_not_found(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    assert client.get(url(filed, "performance-form-template", "nothing")).status_code == 404


def test_the_pages_of_a_filing_take_a_constant_number_of_queries(
    filed: Filing, lin: StaffMember
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            form_pages(Filing.objects.with_names().get(pk=filed.pk))
        return len(context)

    few = queries()
    for at in range(5):
        file_project(filed, f"{PROJECT_CODE[:-1]}{at + 2}")
    many = queries()
    assert many == few


def test_sixty_projects_in_one_workbook_pass_the_gate(filed: Filing) -> None:
    (page,) = [page for page in form_pages(filed) if page.subject == PROJECT_CODE]
    pages = [replace(page, subject=f"P{at}", name=f"项目{at}") for at in range(60)]
    data = write_forms(pages, forms_mark("f", "d", "2023"), MoneyUnit.YUAN, title="t")
    assert inspect(data, most_bytes=20 * 1024 * 1024) == []
