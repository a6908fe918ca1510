"""Catalogues: loaded any number of times, imported whole by the bureau, read by everyone."""

from __future__ import annotations

from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from budgets.catalogues import BUREAU, load_catalogue
from budgets.models import EconomicCode, FunctionalCode
from budgets.resources import EconomicCodeResource, FunctionalCodeResource, read_table
from budgets.snapshots import code_names
from departments.models import FiscalYear, Region, StaffMember
from rulebook.classifications import read_catalogue
from tests.budgets.test_imports import TOKEN
from tests.conftest import SignIn

HEADERS = "编码,名称,启用年度,停用年度,说明"
MOST = 1024 * 1024


def import_url(model: str = "functionalcode") -> str:
    return reverse(f"work:budgets_{model}_import")


def upload(client: Client, text: str | bytes, model: str = "functionalcode") -> str:
    data = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("目录.csv", data)
    return client.post(import_url(model), {"file": file}).content.decode()


def confirm(client: Client, page: str, model: str = "functionalcode") -> None:
    found = TOKEN.search(page)
    assert found, page
    client.post(import_url(model), {"token": found.group(1)})


def test_loading_the_rulebook_twice_is_loading_it_once(db: None) -> None:
    out = StringIO()
    call_command("load_rulebook", stdout=out)
    counts = [model.objects.count() for model in (Region, FiscalYear, FunctionalCode, EconomicCode)]
    assert all(counts)
    again = StringIO()
    call_command("load_rulebook", stdout=again)
    assert "functional_2023：0 行" in again.getvalue()
    assert counts == [
        model.objects.count() for model in (Region, FiscalYear, FunctionalCode, EconomicCode)
    ]
    assert len(read_catalogue("functional_2023")) == FunctionalCode.objects.count()


def test_loading_mends_what_we_shipped_and_leaves_what_a_bureau_imported(catalogue: None) -> None:
    FunctionalCode.objects.filter(code="2040201").update(name="旧名")
    FunctionalCode.objects.filter(code="2040202").update(name="本市名称", source=BUREAU)
    assert load_catalogue("functional_2023") == 1
    assert FunctionalCode.objects.get(code="2040201").name == "行政运行"
    assert FunctionalCode.objects.get(code="2040202").name == "本市名称"


def test_the_unverified_are_marked_and_everyone_may_read(
    catalogue: None, lin: StaffMember, system_admin: StaffMember, wang: StaffMember, sign_in: SignIn
) -> None:
    for person in (lin, system_admin, wang):
        page = sign_in(person).get(reverse("work:budgets_functionalcode_changelist"))
        assert "未核实" in page.content.decode()


def test_only_the_bureau_and_the_system_administrator_import(
    catalogue: None,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    publisher: StaffMember,
    wang: StaffMember,
    system_admin: StaffMember,
    sign_in: SignIn,
) -> None:
    for person in (lin, internal_reviewer, publisher):
        for answer in (sign_in(person).get(import_url()), sign_in(person).post(import_url(), {})):
            assert answer.status_code == 403
    for person in (wang, system_admin):
        assert sign_in(person).get(import_url()).status_code == 200
    add = reverse("work:budgets_functionalcode_add")
    assert sign_in(wang).get(add).status_code == 403


def test_an_import_is_previewed_then_applied_and_verifies(
    catalogue: None, wang: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wang)
    text = f"{HEADERS}\n2040201,行政运行,2023,,\n2049901,国家司法救助支出,2023,,新增\n"
    page = upload(client, text)
    assert "新增 <strong>1</strong> 行" in page
    assert not FunctionalCode.objects.filter(code="2049901").exists()
    confirm(client, page)
    assert code_names(2023)["2049901"] == "国家司法救助支出"
    same = FunctionalCode.objects.get(code="2040201")
    assert (same.is_verified, same.source) == (True, BUREAU)
    assert "不变 <strong>2</strong> 行" in upload(client, text)


def test_one_wrong_row_stops_the_whole_file(
    catalogue: None, wang: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wang)
    for row, words in (
        ("20499,国家,二三年,,", "年度应为四位数字"),
        ("204990,国家,2023,,", "3、5 或 7 位"),
        ("2049901,,2023,,", "不能为空"),
        ("2049901,国家,2023,2022,", "停用年度不能早于"),
        ("2049902,好的,2023,,", "与前面的行重复"),
    ):
        page = upload(client, f"{HEADERS}\n2049902,好的,2023,,\n{row}\n")
        assert words in page, row
        assert not TOKEN.search(page)
    assert not FunctionalCode.objects.filter(code="2049902").exists()


def test_a_preview_of_someone_else_or_of_another_catalogue_confirms_nothing(
    catalogue: None, wang: StaffMember, system_admin: StaffMember, sign_in: SignIn
) -> None:
    page = upload(sign_in(wang), f"{HEADERS}\n2049901,国家,2023,,\n")
    confirm(sign_in(system_admin), page)
    found = TOKEN.search(page)
    assert found
    sign_in(wang).post(import_url("economiccode"), {"token": found.group(1)})
    assert not FunctionalCode.objects.filter(code="2049901").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_text_in_every_usual_encoding(encoding: str) -> None:
    table = read_table(
        "编码,名称\n2040201,行政运行\n".encode(encoding), ["编码", "名称"], most_bytes=MOST
    )
    assert table.rows == [["2040201", "行政运行"]]


def test_what_is_no_text_is_refused_and_never_mojibake() -> None:
    for data in (b"\xff\xfe\xff", "編碼,名稱".encode("big5"), b"\x81\x30", b"", b"a,b\n1,2"):
        assert read_table(data, ["编码", "名称"], most_bytes=MOST).findings, data


def test_codes_with_odd_characters_are_normalised_and_names_stay_as_typed(
    catalogue: None, wang: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wang)
    confirm(
        client, upload(client, f"{HEADERS}\n２０４９９\u200b０１,其他（补助）\u202e,２０２３,,\n")
    )
    assert code_names(2023)["2049901"] == "其他（补助）"


def test_what_was_exported_imports_unchanged_and_stays_text(
    catalogue: None, wang: StaffMember, sign_in: SignIn
) -> None:
    FunctionalCode.objects.update(is_verified=True, source=BUREAU)
    FunctionalCode.objects.filter(code="2040201").update(name="=HYPERLINK(1)")
    client = sign_in(wang)
    data = client.get(reverse("work:budgets_functionalcode_export")).content
    cells = [cell for row in load_workbook(BytesIO(data)).active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    page = upload(client, data)
    assert f"不变 <strong>{FunctionalCode.objects.count()}</strong> 行" in page


def test_the_side_of_basic_expenditure_is_imported_in_words(catalogue: None) -> None:
    resource = EconomicCodeResource()
    assert resource.columns()[-1] == "基本支出类别"
    row = ["30299", "其他商品和服务支出", "2023", "", "", "公用经费"]
    assert not resource.read([row], dry_run=False).has_validation_errors()
    assert EconomicCode.objects.get(code="30299").basic_group == "operating"
    assert resource.read([[*row[:-1], "其他"]], dry_run=True).has_validation_errors()


def test_the_import_asks_no_query_per_unchanged_row(catalogue: None) -> None:
    FunctionalCode.objects.update(is_verified=True, source=BUREAU)
    codes = FunctionalCode.objects.all()
    rows = [[code.code, code.name, "2023", "", code.definition] for code in codes]
    with CaptureQueriesContext(connection) as asked:
        result = FunctionalCodeResource().read(rows, dry_run=True)
    assert len([q for q in asked if "SAVEPOINT" not in q["sql"]]) <= 3
    assert result.totals["skip"] == len(rows)
