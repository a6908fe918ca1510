"""A bureau's whole catalogue of a year: what it renames, adds and ends, and for which years."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from budgets.catalogue_years import CodeChangeKind, KnownCode, plan_year
from budgets.models import (
    EconomicCode,
    FunctionalCode,
    ProcurementItem,
    ServiceDirectoryEntry,
)
from budgets.snapshots import code_names
from departments.models import StaffMember
from tests.budgets.test_catalogues import confirm, import_url
from tests.budgets.test_imports import TOKEN
from tests.conftest import SignIn

KNOWN = [
    KnownCode("201", "一般公共服务支出", 2023, None),
    KnownCode("2040201", "行政运行", 2023, None, "说明"),
    KnownCode("2040202", "一般行政管理事务", 2023, None),
    KnownCode("2040299", "其他公安支出", 2024, None),
]


def changes(listed: list[tuple[str, str]], year: int = 2024) -> dict[str, list[str]]:
    plan = plan_year(listed, KNOWN, year)
    return {kind.value: [c.code for c in plan.of(kind)] for kind in CodeChangeKind}


def test_the_report_names_renamed_new_and_ended_codes() -> None:
    listed = [("201", "一般公共服务支出"), ("2040201", "行政运行（公安）"), ("2040203", "机关服务")]
    assert changes(listed) == {
        "renamed": ["2040201"],
        "new": ["2040203"],
        "ended": ["2040202"],
        "unlisted": ["2040299"],
    }


def test_a_renamed_code_gets_a_new_row_and_the_old_one_ends_the_year_before() -> None:
    rows = plan_year([("2040201", "行政运行（公安）")], KNOWN[1:2], 2024).rows
    assert [(row.name, row.first, row.last, row.definition) for row in rows] == [
        ("行政运行", 2023, 2023, "说明"),
        ("行政运行（公安）", 2024, None, "说明"),
    ]


def test_a_name_corrected_in_its_first_year_is_changed_in_place() -> None:
    rows = plan_year([("2040299", "其他")], KNOWN[3:], 2024).rows
    assert [(row.name, row.first, row.last) for row in rows] == [("其他", 2024, None)]


def test_a_code_that_comes_back_begins_again_and_ends_before_a_later_row() -> None:
    known = [KnownCode("2040201", "旧", 2020, 2021), KnownCode("2040201", "新", 2026, None)]
    (row,) = plan_year([("2040201", "中")], known, 2024).rows
    assert (row.first, row.last) == (2024, 2025)


def upload_year(
    client: Client, text: str, year: str = "2024", model: str = "functionalcode"
) -> str:
    file = SimpleUploadedFile("目录.csv", text.encode())
    return client.post(import_url(model), {"file": file, "year": year}).content.decode()


def whole(model: type[FunctionalCode] | type[EconomicCode], **renamed: str) -> list[str]:
    rows = model.objects.order_by("code")
    return [f"{row.code},{renamed.get('c' + row.code, row.name)}" for row in rows]


def test_the_bureau_imports_a_year_and_each_year_keeps_its_names(
    catalogue: None, wang: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wang)
    lines = whole(FunctionalCode, c2040201="行政运行（公安）")
    lines = [line for line in lines if not line.startswith("2040202,")]
    lines.append("204 02 98,示例新科目")
    page = upload_year(client, "\n".join(["科目编码,科目名称", *lines]))
    assert "2040201 行政运行 → 行政运行（公安）" in page
    assert "2040298 示例新科目" in page
    assert "停用 <strong>1</strong> 个" in page
    assert code_names(2024)["2040201"] == "行政运行"
    confirm(client, page)
    old, new = code_names(2023), code_names(2024)
    assert (old["2040201"], new["2040201"]) == ("行政运行", "行政运行（公安）")
    assert "2040202" in old
    assert "2040202" not in new
    assert "2040298" not in old
    again = upload_year(client, "\n".join(["编码,名称", *lines]))
    assert "没有改名、新增或停用" in again


def test_a_new_economic_code_stands_with_its_class(
    catalogue: None, wang: StaffMember, sign_in: SignIn
) -> None:
    EconomicCode.objects.filter(code="302").update(basic_group="operating")
    client = sign_in(wang)
    text = "\n".join(["编码,名称", *whole(EconomicCode), "30298,示例新科目"])
    confirm(client, upload_year(client, text, model="economiccode"), "economiccode")
    assert EconomicCode.objects.get(code="30298").basic_group == "operating"
    assert EconomicCode.objects.get(code="30298").first_fiscal_year == 2024


def test_the_catalogues_of_the_lists_are_the_bureaus_own(
    wang: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wang)
    items = "编码,名称\nA02010105,台式计算机\nC21040000,物业管理服务"
    confirm(client, upload_year(client, items, "2023", "procurementitem"), "procurementitem")
    directory = "编码,名称\nA,基本公共服务\nA01,公共安全服务\nA0101,公共安全隐患排查治理服务"
    confirm(
        client,
        upload_year(client, directory, "2023", "servicedirectoryentry"),
        "servicedirectoryentry",
    )
    assert list(ProcurementItem.objects.values_list("name", flat=True)) == [
        "台式计算机",
        "物业管理服务",
    ]
    assert ServiceDirectoryEntry.objects.get(code="A0101").is_verified


def test_an_item_code_begins_with_a_letter(wang: StaffMember, sign_in: SignIn) -> None:
    page = upload_year(sign_in(wang), "编码,名称\n02010105,台式计算机", "2023", "procurementitem")
    assert "编码为一个大写字母加数字" in page
    assert not TOKEN.search(page)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("编码,名称\n2040201,甲\n2040201,乙\n", "与前面的行重复"),
        ("编码,名称\n20402,\n", "不能为空"),
        ("代码,名目\n20402,甲\n", "第一行缺少列"),
    ],
)
def test_a_wrong_file_writes_nothing(
    catalogue: None, wang: StaffMember, sign_in: SignIn, text: str, words: str
) -> None:
    count = FunctionalCode.objects.count()
    page = upload_year(sign_in(wang), text)
    assert words in page
    assert not TOKEN.search(page)
    assert FunctionalCode.objects.count() == count


def test_a_year_that_is_no_year_is_refused(
    catalogue: None, wang: StaffMember, sign_in: SignIn
) -> None:
    assert not TOKEN.search(upload_year(sign_in(wang), "编码,名称\n20402,甲\n", "24"))
