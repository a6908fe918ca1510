"""Upload, preview, confirm: whole or nothing, once, and bound to the person who previewed."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from budgets.excel.confined import Stopped
from budgets.models import Cell, CellChange, Upload, Workbook
from budgets.services import (
    apply_import,
    export_workbook,
    import_file,
    keep_upload,
    save_cells,
)
from budgets.uploads import UploadDamaged, bytes_of, safe_name
from departments.models import StaffMember
from filings.models import Event, Filing
from filings.states import State
from tests import factories
from tests.budgets.excel.files import EXPENDITURE, find, with_cell
from tests.budgets.excel.printed_tables import ledger_yuan
from tests.budgets.test_services import BASIC, TOTAL, edit, stored
from tests.conftest import SignIn

TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture(autouse=True)
def uploads_folder(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def changed(book: Workbook, value: object = 90000) -> bytes:
    data = export_workbook(workbook=book)
    return with_cell(data, EXPENDITURE, f"D{find(data, EXPENDITURE, '2040201')}", value)


def url(book: Workbook, name: str = "filing_import", *more: str) -> str:
    return reverse(f"work:{name}", args=[book.filing.public_id, book.unit.code, *more])


def send(client: Client, book: Workbook, data: bytes, name: str = "填好.xlsx") -> str:
    """Upload; the address of the preview."""
    answer = client.post(url(book), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def token_of(client: Client, preview: str) -> str:
    found = TOKEN.search(client.get(preview).content.decode())
    assert found
    return found.group(1)


def test_nothing_is_saved_before_the_confirmation_and_everything_after(
    clean_book: Workbook, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    preview = send(client, clean_book, changed(clean_book))
    page = client.get(preview).content.decode()
    assert "修改 <strong>1</strong> 格" in page
    assert "100,000.00" in page
    assert "90,000.00" in page
    assert not CellChange.objects.exists()
    client.post(preview, {"token": token_of(client, preview)})
    assert stored(BASIC).value == 90000
    assert stored(BASIC).provenance == "imported"
    change = CellChange.objects.get()
    assert change.upload == Upload.objects.get()
    assert Event.objects.filter(action="import_workbook").count() == 1


def test_a_double_click_and_the_same_file_again_are_one_import(
    clean_book: Workbook, lin: StaffMember, sign_in: SignIn
) -> None:
    client, data = sign_in(lin), changed(clean_book)
    preview = send(client, clean_book, data)
    token = token_of(client, preview)
    for _ in range(3):
        client.post(preview, {"token": token})
    assert send(client, clean_book, data, "另一个名字.xlsx") == preview
    assert "没有要写入的内容" in client.get(preview).content.decode()
    assert Upload.objects.count() == 1
    assert CellChange.objects.count() == 1
    assert Event.objects.filter(action="import_workbook").count() == 1


def test_a_book_changed_after_the_preview_must_be_looked_at_again(
    clean_book: Workbook, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    preview = send(client, clean_book, changed(clean_book))
    token = token_of(client, preview)
    save_cells(workbook=clean_book, staff=lin, edits=[edit(BASIC, "1.00")])
    page = client.post(preview, {"token": token}, follow=True).content.decode()
    assert "预览之后工作簿又有修改" in page
    assert "他人改过同一格" in page
    assert stored(BASIC).value == 1


def test_someone_elses_confirmation_is_worth_nothing(
    clean_book: Workbook, lin: StaffMember, sign_in: SignIn
) -> None:
    mine, data = sign_in(lin), changed(clean_book)
    preview = send(mine, clean_book, data)
    token = token_of(mine, preview)
    colleague = factories.make_staff("li", department=lin.department)
    sign_in(colleague).post(preview, {"token": token})
    mine.post(preview, {"token": token + "x"})
    mine.post(preview, {})
    assert not CellChange.objects.exists()


def test_an_error_anywhere_saves_nothing_and_can_be_downloaded(
    clean_book: Workbook, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    data = changed(clean_book)
    line = find(data, EXPENDITURE, "2040202")
    preview = send(client, clean_book, with_cell(data, EXPENDITURE, f"E{line}", "@约三千"))
    page = client.get(preview).content.decode()
    assert "没有写入任何内容" in page
    assert f"E{line}" in page
    client.post(preview, {"token": "any"})
    upload = Upload.objects.get()
    plan = apply_import(upload=upload, staff=lin, seen=None)
    assert plan.is_refused
    assert not CellChange.objects.exists()
    listed = client.get(url(clean_book, "filing_import_findings", upload.sha256))
    text = listed.content.decode("utf-8-sig")
    assert "IM-131" in text
    assert ",'@约三千," in text


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("空.xlsx", b"", "文件是空的"),
        ("改名.xlsx", b"%PDF-1.7", "PDF"),
        ("网页.xlsx", b"<html></html>", "网页"),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Excel"),
    ],
)
def test_a_file_the_gate_refuses_is_not_kept(
    clean_book: Workbook, lin: StaffMember, sign_in: SignIn, name: str, data: bytes, words: str
) -> None:
    answer = sign_in(lin).post(url(clean_book), {"file": SimpleUploadedFile(name, data)})
    assert words in answer.content.decode()
    assert not Upload.objects.exists()


def test_an_import_that_fails_midway_changes_nothing(
    clean_book: Workbook, lin: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = keep_upload(workbook=clean_book, staff=lin, name="a.xlsx", data=changed(clean_book))

    def broken(**arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("budgets.services.record", broken)
    with pytest.raises(RuntimeError):
        apply_import(upload=upload, staff=lin, seen=None)
    assert stored(BASIC).value == 100000
    assert not CellChange.objects.exists()
    assert Upload.objects.get().applied_at is None


def test_totals_that_do_not_add_are_kept_beside_the_computed_ones(
    clean_book: Workbook, lin: StaffMember, sign_in: SignIn
) -> None:
    data = export_workbook(workbook=clean_book)
    data = with_cell(data, EXPENDITURE, f"D{find(data, EXPENDITURE, '行01')}", 99999)
    findings = import_file(workbook=clean_book, staff=lin, name="a.xlsx", content=data)
    assert [finding.check_id for finding in findings] == ["IM-141"]
    assert (stored(TOTAL).value, stored(TOTAL).evidence) == (None, Decimal(99999))
    address = reverse(
        "work:filing_sheet",
        args=[clean_book.filing.public_id, clean_book.unit.code, "expenditure_sheet"],
    )
    client = sign_in(lin)
    page = client.get(address).content.decode()
    assert "导入为 99,999.00" in page
    assert "FA-113" in page
    reason = {"row": "total", "column": "basic", "reason": "原表漏加"}
    client.post(f"{address}evidence/", reason)
    assert stored(TOTAL).evidence is None


def test_a_total_that_adds_up_again_says_that_the_kept_one_is_let_go(
    clean_book: Workbook, lin: StaffMember, sign_in: SignIn
) -> None:
    data = export_workbook(workbook=clean_book)
    wrong = with_cell(data, EXPENDITURE, f"D{find(data, EXPENDITURE, '行01')}", 99999)
    import_file(workbook=clean_book, staff=lin, name="a.xlsx", content=wrong)
    assert stored(TOTAL).evidence == Decimal(99999)
    client = sign_in(lin)
    preview = send(client, clean_book, data)
    page = client.get(preview).content.decode()
    assert "合计已相符，不再保留导入的合计 <strong>1</strong> 格" in page
    assert "清空 <strong>0</strong> 格" in page
    assert "（与计算结果一致）" in page
    client.post(preview, {"token": token_of(client, preview)})
    assert stored(TOTAL).evidence is None


def test_a_filled_template_files_an_empty_book(clean_book: Workbook, lin: StaffMember) -> None:
    data = export_workbook(workbook=clean_book)
    before = set(Cell.objects.values_list("sheet", "row", "column", "value"))
    save_cells(
        workbook=clean_book,
        staff=lin,
        edits=[edit(ref, None) for ref in [BASIC]],
    )
    Cell.objects.all().delete()
    CellChange.objects.all().delete()
    import_file(workbook=clean_book, staff=lin, name="a.xlsx", content=data)
    assert set(Cell.objects.values_list("sheet", "row", "column", "value")) == before


def test_a_kept_file_that_was_changed_on_disk_is_not_read(
    clean_book: Workbook, lin: StaffMember, tmp_path: Path
) -> None:
    upload = keep_upload(workbook=clean_book, staff=lin, name="a.xlsx", data=changed(clean_book))
    (tmp_path / upload.path).write_bytes(b"other")
    with pytest.raises(UploadDamaged):
        bytes_of(upload)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd.xlsx"),
        ("C:\\temp\\填报.xlsx", "填报.xlsx"),
        ("a\x00b\u202excel.xlsx", "abxcel.xlsx"),
        ("", "未命名.xlsx"),
        ("..", "未命名.xlsx"),
        ("x" * 500 + ".xlsx", "x" * 120 + ".xlsx"),
        ('<b>"1".xlsm', "b1.xlsx"),
    ],
)
def test_names_of_uploads(name: str, expected: str) -> None:
    assert safe_name(name) == expected


def test_a_submitted_filing_takes_no_import(
    clean_book: Workbook, lin: StaffMember, sign_in: SignIn
) -> None:
    data = changed(clean_book)
    Filing.objects.update(state=State.SUBMITTED)
    answer = sign_in(lin).post(url(clean_book), {"file": SimpleUploadedFile("a.xlsx", data)})
    assert answer.status_code == 403
    assert not Upload.objects.exists()


def test_the_file_comes_back_with_red_cells_to_its_own_department_only(
    clean_book: Workbook, lin: StaffMember, wai: StaffMember, wang: StaffMember, sign_in: SignIn
) -> None:
    client, data = sign_in(lin), changed(clean_book, "约三千")
    preview = send(client, clean_book, data)
    address = url(clean_book, "filing_import_marked", Upload.objects.get().sha256)
    assert address in client.get(preview).content.decode()
    answer = client.get(address)
    marked = load_workbook(BytesIO(answer.content))
    cell = marked[EXPENDITURE][f"D{find(data, EXPENDITURE, '2040201')}"]
    assert "IM-131" in cell.comment.text
    assert unquote("填好-标注.xlsx") in unquote(answer["Content-Disposition"])
    assert sign_in(wai).get(address).status_code == 404
    assert sign_in(wang).get(address).status_code == 403


def test_a_file_that_cannot_be_marked_says_so(
    clean_book: Workbook, lin: StaffMember, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(lin)
    send(client, clean_book, changed(clean_book))
    upload = Upload.objects.get()

    def stopped(**arguments: object) -> bytes:
        raise Stopped

    monkeypatch.setattr("budgets.import_views.marked_file", stopped)
    address = url(clean_book, "filing_import_marked", upload.sha256)
    assert "无法标注" in client.get(address, follow=True).content.decode()


def test_printed_tables_of_other_software_take_the_same_path(
    clean_book: Workbook, lin: StaffMember, sign_in: SignIn
) -> None:
    client, data = sign_in(lin), ledger_yuan()
    title = load_workbook(BytesIO(data)).sheetnames[0]
    data = with_cell(with_cell(data, title, "F11", 90000), title, "E11", 90000)
    preview = send(client, clean_book, data, "决算表.xlsx")
    page = client.get(preview).content.decode()
    assert "表格是这样读取的" in page
    assert "支出决算表" in page
    assert "修改 <strong>1</strong> 格" in page
    assert "合计与明细不符" in page
    assert not CellChange.objects.exists()
    client.post(preview, {"token": token_of(client, preview)})
    assert stored(BASIC).value == 90000
    assert stored(TOTAL).evidence == Decimal(100000)
    assert Cell.objects.filter(sheet="revenue_sheet").exists()


def test_printed_tables_with_one_wrong_header_change_nothing(
    clean_book: Workbook, lin: StaffMember, sign_in: SignIn
) -> None:
    client, data = sign_in(lin), ledger_yuan()
    title = load_workbook(BytesIO(data)).sheetnames[0]
    preview = send(client, clean_book, with_cell(data, title, "G4", "别的"), "决算表.xlsx")
    page = client.get(preview).content.decode()
    assert "缺少表头：项目支出" in page
    client.post(preview, {"token": "any"})
    assert not CellChange.objects.exists()
