"""Lists from files: a unit's template, and long lists over units; whole or nothing."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from budgets.bulk_lists import columns_of_list, import_list_rows
from budgets.carrying import carry_forward
from budgets.checks.keys import PROCUREMENT, PROJECT_BUDGETS, PURCHASED_SERVICES
from budgets.code_lists import LARGE
from budgets.lists import lists_of, replace_lists
from budgets.models import (
    FunctionalCode,
    ProcurementLine,
    Project,
    ProjectYear,
    Workbook,
)
from budgets.services import apply_import, export_workbook, keep_upload, open_workbooks
from budgets.snapshots import workbook_snapshot
from budgets.workbook import BudgetLists
from departments.models import Department, StaffMember, Unit
from departments.roles import Role
from filings.jobs import execute
from filings.models import Event, Filing, FilingKind, Job, JobState
from filings.services import open_filing
from reviews.procurement_benchmark import WAYS, measure_here, with_section
from tests import factories
from tests.budgets.checks.budget_books import UNIT, clean_lists
from tests.budgets.excel.list_files import with_list_cells, without_row
from tests.budgets.test_imports import TOKEN
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
OTHER = "118002"
FIRST, SECOND = "42010323118T000000001", "42010323118T000000002"


@pytest.fixture(autouse=True)
def uploads_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def department(db: None) -> Department:
    call_command("load_rulebook", verbosity=0)
    FunctionalCode.objects.create(code="2230105", name="退休人员", first_fiscal_year=2023)
    found = factories.make_department("某部门", "118", "420103")
    factories.make_unit(found, "甲单位", UNIT)
    factories.make_unit(found, "乙单位", OTHER)
    return found


@pytest.fixture
def preparer(department: Department) -> StaffMember:
    return factories.make_staff("lin2", Role.PREPARER, department=department)


@pytest.fixture
def budget(department: Department, preparer: StaffMember) -> Filing:
    return open_filing(
        staff=preparer,
        department=department,
        fiscal_year=2023,
        kind=FilingKind.DEPARTMENTAL_BUDGET,
    )


@pytest.fixture
def book(budget: Filing, preparer: StaffMember) -> Workbook:
    """甲单位's book with the clean lists; 乙单位 has a purchase of its own."""
    open_workbooks(filing=budget, staff=preparer)
    other = Unit.objects.get(code=OTHER)
    units = {UNIT: Unit.objects.get(code=UNIT), OTHER: other}
    mine, theirs = clean_lists(), replace(clean_lists().procurement[0], book=OTHER, project_code="")
    lists = replace(mine, procurement=(*mine.procurement, theirs))
    replace_lists(filing=budget, staff=preparer, lists=lists, units=units)
    return Workbook.objects.with_names().get(filing=budget, unit__code=UNIT)


def url(book: Workbook, name: str = "filing_import", *more: str) -> str:
    return reverse(f"work:{name}", args=[book.filing.public_id, book.unit.code, *more])


def rows_of(filing: Filing, unit: str) -> BudgetLists:
    return lists_of(filing).of(unit)


# ── a unit's template ─────────────────────────────────────────────────────────────────────────────


def test_a_template_with_lists_is_previewed_and_written_whole(
    book: Workbook, preparer: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(preparer)
    data = export_workbook(workbook=book)
    data = with_list_cells(data, PROCUREMENT, 1, {"采购金额/采购金额合计": "（51.00）"})
    data = without_row(data, PURCHASED_SERVICES, 1)
    address = client.post(url(book), {"file": SimpleUploadedFile("a.xlsx", data)})["Location"]
    page = client.get(address).content.decode()
    assert "修改 <strong>1</strong> 行" in page
    assert "删除 <strong>1</strong> 行" in page
    assert "50.00 → -51.00" in page
    assert clean_lists().purchased_services[0].content in page
    assert rows_of(book.filing, UNIT) == clean_lists()
    token = TOKEN.search(page)
    assert token
    client.post(address, {"token": token.group(1)})
    after = rows_of(book.filing, UNIT)
    assert after.procurement[0].amount == Decimal("-51.00")
    assert after.purchased_services == clean_lists().purchased_services[1:]
    assert len(rows_of(book.filing, OTHER).procurement) == 1
    event = Event.objects.get(action="import_workbook")
    assert event.detail["rows"] == {"added": 0, "changed": 1, "removed": 1}
    again = client.get(address).content.decode()
    assert "没有要写入的内容" in again


def test_an_unchanged_template_writes_nothing(book: Workbook, preparer: StaffMember) -> None:
    data = export_workbook(workbook=book)
    upload = keep_upload(workbook=book, staff=preparer, name="a.xlsx", data=data)
    plan = apply_import(upload=upload, staff=preparer, seen=None)
    assert (plan.findings, plan.is_idle) == ((), True)


def test_one_wrong_cell_of_a_list_writes_nothing_at_all(
    book: Workbook, preparer: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(preparer)
    data = export_workbook(workbook=book)
    data = with_list_cells(data, PROCUREMENT, 1, {"采购金额/采购金额合计": 51})
    data = with_list_cells(data, PROCUREMENT, 2, {"项目编码": "", "项目": "监控"})
    address = client.post(url(book), {"file": SimpleUploadedFile("a.xlsx", data)})["Location"]
    page = client.get(address).content.decode()
    assert "没有写入任何内容" in page
    assert f"视频监控（{SECOND}）" in page
    client.post(address, {"token": "x"})
    assert rows_of(book.filing, UNIT) == clean_lists()
    marked = client.get(f"{address}marked/").content
    (comment,) = [
        cell.comment.text
        for row in load_workbook(BytesIO(marked))["BG12 政府采购预算表"].iter_rows()
        for cell in row
        if cell.comment
    ]
    assert "IM-171" in comment


def test_lists_changed_after_the_preview_must_be_looked_at_again(
    book: Workbook, preparer: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(preparer)
    data = with_list_cells(export_workbook(workbook=book), PROCUREMENT, 1, {"计量单位": "套"})
    address = client.post(url(book), {"file": SimpleUploadedFile("a.xlsx", data)})["Location"]
    token = TOKEN.search(client.get(address).content.decode())
    assert token
    ProcurementLine.objects.filter(filing=book.filing, unit=book.unit, number=2).update(amount=1)
    page = client.post(address, {"token": token.group(1)}, follow=True).content.decode()
    assert "预览之后工作簿又有修改" in page
    assert "下载模板后清单有改动" in page
    assert rows_of(book.filing, UNIT).procurement[0].measure == "台"


def test_a_project_of_another_unit_is_refused(book: Workbook, preparer: StaffMember) -> None:
    foreign = factories.make_project(Unit.objects.get(code=OTHER), "乙的项目")
    data = export_workbook(workbook=book)
    data = with_list_cells(data, PROCUREMENT, 1, {"项目编码": foreign.code})
    upload = keep_upload(workbook=book, staff=preparer, name="a.xlsx", data=data)
    plan = apply_import(upload=upload, staff=preparer, seen=None)
    assert [f.check_id for f in plan.findings] == ["IM-172"]
    assert "乙的项目" not in plan.findings[0].message


def test_continuing_projects_stand_in_the_template(book: Workbook) -> None:
    going_on = factories.make_project(book.unit, "跨年项目")
    ProjectYear.objects.create(filing=book.filing, project=going_on)
    sheet = load_workbook(BytesIO(export_workbook(workbook=book)))["BG11 项目支出预算表"]
    assert "跨年项目" in [cell.value for row in sheet.iter_rows() for cell in row]


def test_rows_suggested_from_last_year_stand_in_the_template(
    clean_book: Workbook, lin: StaffMember
) -> None:
    before = workbook_snapshot(clean_book)
    clean_book.cells.all().delete()
    carry_forward(filing=clean_book.filing, staff=lin, books=[before], projects=[])
    sheet = load_workbook(BytesIO(export_workbook(workbook=clean_book)))["FA03 支出决算表"]
    line = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "2040202")
    assert set(line[2:]) == {None}


# ── long lists ────────────────────────────────────────────────────────────────────────────────────

GOOD = {
    "年度": "2023",
    "行号": "1",
    "项目编码": FIRST,
    "单位代码": UNIT,
    "项目": "办案业务经费",
    "政府采购品目": "[A02021001]打印机",
    "功能科目": "[2040202]一般行政管理事务",
    "部门支出经济分类": "31003",
    "资金来源": "年初安排",
    "资金性质": "经费拨款补助",
    "采购数量": "５",
    "单价": "1,000.50",
    "计量单位": "台",
    "采购金额合计": "5,002.50",
    "其中面向中小企业": "",
    "其中面向小微企业": "",
}


def line(**changes: str) -> list[str]:
    found = GOOD | changes
    return [found[header] for header in columns_of_list(PROCUREMENT)]


def take(staff: StaffMember, rows: Sequence[Sequence[str]], key: str = PROCUREMENT) -> Any:
    return import_list_rows(key=key, staff=staff, rows=rows)


def test_the_columns_of_a_long_file_are_the_labels_of_the_layout() -> None:
    assert columns_of_list(PROCUREMENT) == list(GOOD)
    headers = columns_of_list(PROJECT_BUDGETS)
    assert len(headers) == len(set(headers)) == 1 + 5 + 3 + 8


def test_new_changed_and_same_rows_of_a_long_list(book: Workbook, preparer: StaffMember) -> None:
    ProcurementLine.objects.all().delete()
    rows = [line(行号=str(number)) for number in range(1, 1501)]
    assert take(preparer, rows).created == 1500
    rows[7] = line(行号="8", 计量单位="套")
    found = take(preparer, rows)
    assert (found.created, found.changed, found.same) == (0, 1, 1499)
    stored = ProcurementLine.objects.get(number=8)
    assert (stored.measure, stored.amount, stored.quantity) == ("套", Decimal("5002.50"), 5)
    assert ProcurementLine.objects.count() == 1500
    book.refresh_from_db()
    assert book.revision > 0
    assert Event.objects.filter(action="import_list").count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"年度": "去年"}, "四位数字"),
        ({"年度": "2031"}, "没有 2031 年在编的部门预算"),
        ({"单位代码": "900001"}, "不是本部门的单位"),
        ({"行号": ""}, "行号：没有填写"),
        ({"行号": "1.5"}, "不是正整数"),
        ({"行号": "999"}, "重复"),
        ({"项目编码": "42010323118T000000777"}, "不是本单位的项目"),
        ({"项目编码": ""}, f"名称为“办案业务经费”的项目有 {FIRST}"),
        ({"项目编码": "", "项目": "没有的"}, "也不是本单位项目的名称"),
        ({"功能科目": "2049901"}, "不在 2023 年目录中"),
        ({"功能科目": "204"}, "不是明细科目编码"),
        ({"单价": "约三千"}, "不是一个数字"),
        ({"单价": "0.001"}, "精确到分"),
        ({"计量单位": "台" * 21}, "最多 20 个"),
    ],
)
def test_one_wrong_row_of_a_long_list_is_named_and_nothing_is_written(
    book: Workbook, preparer: StaffMember, changes: dict[str, str], words: str
) -> None:
    before = ProcurementLine.objects.count()
    rows = [line(行号=str(number)) for number in (*range(100, 1200), 999)]
    rows[1100] = line(**({"行号": "5000"} | changes))
    found = take(preparer, rows)
    assert (found.created, found.wrong) == (0, 1)
    assert words in found.findings[0].message
    assert found.findings[0].label == "第 1102 行"
    assert ProcurementLine.objects.count() == before


def test_new_projects_of_a_long_list_belong_to_its_unit(
    book: Workbook, preparer: StaffMember
) -> None:
    headers = columns_of_list(PROJECT_BUDGETS)
    filled = {
        "年度": "2023",
        "支出功能分类科目": "2040202",
        "项目类别": "运转类项目",
        "项目类型": "经常性项目",
        "项目编码": "42010323118T000000066",
        "项目名称": "新设项目",
        "项目单位": OTHER,
        "单位资金": "12.00",
    }
    row = [filled.get(header, "") for header in headers]
    assert take(preparer, [row], PROJECT_BUDGETS).created == 1
    assert Project.objects.get(code=filled["项目编码"]).unit.code == OTHER
    moved = [UNIT if cell == OTHER else cell for cell in row]
    assert "其他单位" in take(preparer, [moved], PROJECT_BUDGETS).findings[0].message


def test_a_project_code_of_another_department_is_refused(
    book: Workbook, preparer: StaffMember
) -> None:
    foreign = factories.make_project(factories.make_unit(factories.make_department("别的")), "密")
    values = ("2023", "", "运转类项目", "经常性项目", "", "", foreign.code, "我的", UNIT)
    row = [*values, *[""] * 8]
    found = take(preparer, [row], PROJECT_BUDGETS)
    assert "其他单位" in found.findings[0].message
    assert foreign.unit.code not in found.findings[0].message


def test_queries_grow_with_the_batches(book: Workbook, preparer: StaffMember) -> None:
    with CaptureQueriesContext(connection) as few:
        take(preparer, [line(行号=str(number)) for number in range(100, 200)])
    with CaptureQueriesContext(connection) as many:
        take(preparer, [line(行号=str(number)) for number in range(1000, 4000)])
    assert len(many) <= len(few) + 3000 // 40  # SQLite takes some fifty rows in a statement


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_a_submitted_budget_takes_no_list(
    book: Workbook, preparer: StaffMember, state: str
) -> None:
    Filing.objects.filter(pk=book.filing_id).update(state=state)
    found = take(preparer, [line()])
    assert "不能修改" in found.findings[0].message


# ── the admin ─────────────────────────────────────────────────────────────────────────────────────

MODELS = {
    PROJECT_BUDGETS: "projectbudgetline",
    PROCUREMENT: "procurementline",
    PURCHASED_SERVICES: "purchasedserviceline",
}


def admin(key: str, what: str) -> str:
    return reverse(f"work:budgets_{MODELS[key]}_{what}")


def csv_bytes(rows: Sequence[Sequence[str]], key: str = PROCUREMENT) -> bytes:
    stream = StringIO(newline="")
    csv.writer(stream).writerows([columns_of_list(key), *rows])
    return stream.getvalue().encode()


def upload(client: Client, data: bytes, key: str = PROCUREMENT) -> Any:
    return client.post(admin(key, "import"), {"file": SimpleUploadedFile("a.csv", data)})


def exported(client: Client, key: str) -> bytes:
    answer = client.get(admin(key, "export"))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", MODELS)
def test_what_is_exported_imports_as_nothing_changed(
    book: Workbook, preparer: StaffMember, sign_in: SignIn, key: str
) -> None:
    client = sign_in(preparer)
    data = exported(client, key)
    page = upload(client, data, key).content.decode()
    assert "有误" not in page
    assert "不变 <strong>" in page
    assert "新增 <strong>" not in page
    assert "更新 <strong>" not in page


def test_a_small_list_is_previewed_and_confirmed(
    book: Workbook, preparer: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(preparer)
    page = upload(client, csv_bytes([line(行号="50"), line(计量单位="套")])).content.decode()
    assert "新增 <strong>1</strong> 行" in page
    assert "更新 <strong>1</strong> 行" in page
    assert not ProcurementLine.objects.filter(number=50).exists()
    token = TOKEN.search(page)
    assert token
    client.post(admin(PROCUREMENT, "import"), {"token": token.group(1)})
    assert ProcurementLine.objects.get(number=50).project.code == FIRST  # type: ignore[union-attr]
    assert ProcurementLine.objects.get(unit=book.unit, number=1).measure == "套"
    assert Event.objects.filter(action="import_list").count() == 1


def test_a_small_list_says_the_same_of_a_wrong_row(
    book: Workbook, preparer: StaffMember, sign_in: SignIn
) -> None:
    wrong = line(行号="51", 项目编码="")
    page = upload(sign_in(preparer), csv_bytes([wrong])).content.decode()
    assert take(preparer, [wrong]).findings[0].message.partition("：")[2] in page
    assert 'name="token"' not in page


def test_a_large_list_is_imported_as_a_job(
    book: Workbook, preparer: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(preparer)
    rows = [line(行号=str(number)) for number in range(100, 101 + LARGE)]
    assert "?job=" in upload(client, csv_bytes(rows))["Location"]
    job = Job.objects.get()
    execute(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert job.result["created"] == LARGE + 1
    page = client.get(f"{admin(PROCUREMENT, 'import')}?job={job.pk}").content.decode()
    assert f"新增 <strong>{LARGE + 1}</strong> 行" in page


@pytest.mark.parametrize("key", MODELS)
def test_an_outsider_exports_and_imports_nothing_of_others(
    book: Workbook, preparer: StaffMember, sign_in: SignIn, key: str
) -> None:
    other = factories.make_department("外部门")
    factories.make_unit(other)
    wai = factories.make_staff("wai", Role.PREPARER, department=other)
    reviewer = factories.make_staff("far", Role.BUREAU_REVIEWER)
    for person in (wai, reviewer):
        lines = exported(sign_in(person), key).decode().splitlines()
        assert len(lines) == 1
        assert "办案业务经费" not in sign_in(person).get(admin(key, "changelist")).content.decode()
    assert sign_in(reviewer).get(admin(key, "import")).status_code == 403
    before = lists_of(book.filing)
    data = exported(sign_in(preparer), key)
    assert "没有 2023 年在编的部门预算" in upload(sign_in(wai), data, key).content.decode()
    assert lists_of(book.filing) == before


def test_a_bureau_takes_out_what_was_handed_in_and_imports_nothing(
    book: Workbook, sign_in: SignIn
) -> None:
    wang = factories.make_staff("wang2", Role.BUREAU_REVIEWER, region=book.filing.department.region)
    client = sign_in(wang)
    assert len(exported(client, PROCUREMENT).decode().splitlines()) == 1
    Filing.objects.filter(pk=book.filing_id).update(state="submitted")
    assert "打印机" in exported(client, PROCUREMENT).decode()
    assert client.get(admin(PROCUREMENT, "import")).status_code == 403


def test_words_that_look_like_formulas_are_guarded_and_come_back(
    book: Workbook, preparer: StaffMember, sign_in: SignIn
) -> None:
    ProcurementLine.objects.filter(unit=book.unit, number=1).update(measure="=1+1", amount=-3)
    client = sign_in(preparer)
    data = exported(client, PROCUREMENT)
    assert ",'=1+1,-3.00," in data.decode()
    assert "更新 <strong>" not in upload(client, data).content.decode()


# ── the benchmark ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", WAYS)
def test_the_benchmark_imports_every_row_and_leaves_nothing(db: None, way: str) -> None:
    seconds, before, peak = measure_here(way, 60)
    assert seconds > 0
    assert peak >= before
    assert not ProcurementLine.objects.exists()


def test_a_page_of_benchmarks_keeps_the_other_database_and_the_other_half() -> None:
    page = "# 基准\n\n| a | b |\n"
    once = with_section(with_section(page, "### SQLite\n\n甲"), "### PostgreSQL\n\n乙")
    again = with_section(once, "### SQLite\n\n丙")
    assert "甲" not in again
    for kept in ("| a | b |", "丙", "乙"):
        assert again.count(kept) == 1
