"""Long lists: validated as the model says, in batches, whole or nothing, as a job."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook as Xlsx

from budgets import bulk
from budgets.bulk import BulkResult, import_codes
from budgets.catalogues import BUREAU
from budgets.code_lists import LARGE
from budgets.models import EconomicCode, FunctionalCode
from departments.models import StaffMember
from filings.jobs import execute
from filings.models import Job, JobState
from reviews.list_benchmark import compare_lists, rows_of_list
from tests.budgets.test_catalogues import HEADERS, import_url
from tests.conftest import SignIn

COUNT = LARGE + 500


@pytest.fixture(autouse=True)
def uploads_folder(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def csv_of(rows: list[list[str]]) -> bytes:
    return "\n".join([HEADERS, *(",".join(row) for row in rows)]).encode() + b"\n"


def take(rows: list[list[str]]) -> BulkResult:
    return import_codes(model=FunctionalCode, rows=rows)


def sent(client: Client, data: bytes, name: str = "目录.csv") -> Job:
    answer = client.post(import_url(), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()
    assert "?job=" in answer["Location"]
    return Job.objects.latest("pk")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["20499", "", "2023", "", ""], "名称"),
        (["2049", "甲", "2023", "", ""], "3、5 或 7 位数字"),
        (["=cmd", "甲", "2023", "", ""], "编码"),
        (["20499", "甲" * 121, "2023", "", ""], "120"),
        (["20499", "甲", "23", "", ""], "四位数字"),
        (["20499", "甲", "", "", ""], "启用年度"),
        (["20499", "甲", "2023", "2022", ""], "不能早于"),
        (["1000001", "甲", "2099", "", ""], "重复"),
    ],
)
def test_one_wrong_row_is_named_and_nothing_is_written(
    db: None, row: list[str], words: str
) -> None:
    rows = [*rows_of_list(1500), row, *(["3" + r[0][1:], *r[1:]] for r in rows_of_list(1500))]
    found = take(rows)
    assert (found.created, found.wrong) == (0, 1)
    assert found.findings[0].label == "第 1502 行"
    assert words in found.findings[0].message
    assert not FunctionalCode.objects.exists()


def test_new_changed_and_same_rows_are_told_apart_and_again_is_nothing(db: None) -> None:
    rows = list(rows_of_list(1200))
    assert take(rows).created == 1200
    rows[3][1] = "改名"
    found = take(rows)
    assert (found.created, found.changed, found.same) == (0, 1, 1199)
    code = FunctionalCode.objects.get(code=rows[3][0])
    assert (code.name, code.is_verified, code.source) == ("改名", True, BUREAU)


def test_queries_grow_with_the_batches_and_not_with_the_rows(db: None) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        take(list(rows_of_list(3000)))
    assert len(queries) < 3 * (3000 // bulk.BATCH) * 4


def test_findings_are_capped_and_all_wrong_rows_counted(db: None) -> None:
    found = take([["x", "", "", "", ""]] * 1000)
    assert found.wrong == 1000
    assert len(found.findings) == bulk.MOST_FINDINGS


def test_groups_of_economic_codes(db: None) -> None:
    row = ["39999", "其他", "2099", "", "", "公用经费"]
    assert import_codes(model=EconomicCode, rows=[row]).created == 1
    assert EconomicCode.objects.get().basic_group == "operating"
    found = import_codes(model=EconomicCode, rows=[[*row[:5], "别的"]])
    assert "公用经费" in found.findings[0].message


def test_a_large_list_is_imported_as_a_job_with_its_progress(
    wang: StaffMember, system_admin: StaffMember, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, data = sign_in(wang), csv_of(list(rows_of_list(COUNT)))
    seen: list[int] = []
    job = sent(client, data)
    real = bulk.import_codes

    def watched(**arguments: object) -> BulkResult:
        report = arguments.pop("report")

        def both(done: int) -> None:
            report(done)  # type: ignore[operator]
            seen.append(Job.objects.get(pk=job.pk).progress)

        return real(**arguments, report=both)  # type: ignore[arg-type]

    monkeypatch.setattr("budgets.code_lists.import_codes", watched)
    address = f"{import_url()}?job={job.pk}"
    execute(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert FunctionalCode.objects.count() == COUNT
    assert seen == sorted(seen)
    assert 0 < seen[0] < 100
    assert f"新增 <strong>{COUNT}</strong> 行" in client.get(address).content.decode()
    assert sign_in(system_admin).get(address).status_code == 404
    again = sent(client, data)
    assert again.pk != job.pk
    execute(again.pk)
    again.refresh_from_db()
    assert (again.result["created"], again.result["same"]) == (0, COUNT)


def test_a_large_list_with_a_wrong_row_says_which(wang: StaffMember, sign_in: SignIn) -> None:
    rows = list(rows_of_list(COUNT))
    rows[7][2] = "去年"
    client = sign_in(wang)
    job = sent(client, csv_of(rows))
    execute(job.pk)
    page = client.get(f"{import_url()}?job={job.pk}").content.decode()
    assert "第 9 行" in page
    assert "没有写入任何内容" in page
    assert not FunctionalCode.objects.exists()


def test_a_large_xlsx_is_read_in_the_child(wang: StaffMember, sign_in: SignIn) -> None:
    xlsx = Xlsx(write_only=True)
    sheet = xlsx.create_sheet()
    sheet.append(HEADERS.split(","))
    for row in rows_of_list(COUNT):
        sheet.append([int(row[0]), *row[1:]])
    stream = BytesIO()
    xlsx.save(stream)
    job = sent(sign_in(wang), stream.getvalue(), "目录.xlsx")
    execute(job.pk)
    assert FunctionalCode.objects.count() == COUNT


def test_a_large_list_without_a_column_is_refused_at_once(
    wang: StaffMember, sign_in: SignIn
) -> None:
    data = csv_of(list(rows_of_list(COUNT))).replace("停用年度".encode(), "年度".encode(), 1)
    answer = sign_in(wang).post(import_url(), {"file": SimpleUploadedFile("a.csv", data)})
    assert "缺少列：停用年度" in answer.content.decode()
    assert not Job.objects.exists()


def test_the_benchmark_compares_and_leaves_nothing(db: None) -> None:
    speeds = compare_lists(200, 100)
    assert [speed.rows for speed in speeds] == [100, 200, 100]
    assert not FunctionalCode.objects.exists()
