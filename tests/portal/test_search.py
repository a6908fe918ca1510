"""Search by any name a department has borne, by year and kind; a bounded list."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from departments.models import DepartmentFormerName
from portal.tables import PAGE_SIZE
from tests import factories
from tests.portal.published import make_published

pytestmark = pytest.mark.django_db


def found(client: Client, **asked: str) -> str:
    response = client.get("/reports/", asked)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def renamed(db: None) -> str:
    """A department that bore another name until 2020; returns its code."""
    department = factories.make_department("示例应急管理局")
    department.short_names = "应急局 安监办"
    department.save()
    DepartmentFormerName.objects.create(
        department=department, name="示例安全生产监督局", last_fiscal_year=2020
    )
    make_published(department)
    make_published("示例水务局")
    return department.code


@pytest.mark.parametrize("words", ["应急", "应急管理局", "安监办", "安全生产", "示例 监督"])
def test_a_department_is_found_by_every_name(client: Client, renamed: str, words: str) -> None:
    page = found(client, q=words)
    assert f"/reports/{renamed}/" in page
    assert "示例水务局" not in page


def test_one_report_is_listed_once_however_many_names_match(client: Client, renamed: str) -> None:
    assert "共 1 份报告" in found(client, q="监")


def test_old_reports_bear_the_name_of_their_year(client: Client) -> None:
    department = factories.make_department("示例新名局")
    DepartmentFormerName.objects.create(
        department=department, name="示例旧名局", last_fiscal_year=2020
    )
    make_published(department, year=2020)
    assert "示例旧名局" in found(client)


def test_year_and_kind_narrow_the_list(client: Client) -> None:
    department = factories.make_department("示例甲局")
    make_published(department, year=2022)
    make_published(department, year=2023, kind="departmental_budget")
    assert "共 1 份报告" in found(client, year="2022")
    assert "共 1 份报告" in found(client, kind="departmental_budget")
    assert "共 0 份报告" in found(client, year="2022", kind="departmental_budget")


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "局" * 41},
        {"q": "\x00"},
        {"year": "20xx"},
        {"year": "1999"},
        {"kind": "<script>"},
    ],
)
def test_a_question_that_cannot_be_understood_is_said_so(
    client: Client, asked: dict[str, str]
) -> None:
    make_published()
    page = found(client, **asked)
    assert "共 0 份报告" in page
    assert 'role="alert"' in page


@pytest.mark.parametrize(
    "asked",
    [
        {"page": "0"},
        {"page": "-1"},
        {"page": "9" * 30},
        {"page": "x"},
        {"sort": "opened_by__password"},
        {"sort": "pdf"},
        {"per_page": "100000"},
        {"q": "%_'\";--"},
    ],
)
def test_hostile_parameters_never_break_the_list(client: Client, asked: dict[str, str]) -> None:
    make_published()
    found(client, **asked)


def test_a_page_holds_so_many_reports_whatever_is_asked(client: Client) -> None:
    for number in range(PAGE_SIZE + 1):
        make_published(f"示例{number}局")
    assert found(client, per_page="1000").count(">PDF</a>") == PAGE_SIZE
    assert found(client, page="2").count(">PDF</a>") == 1


@pytest.mark.parametrize("address", ["/", "/reports/"])
def test_the_number_of_queries_does_not_grow_with_the_reports(client: Client, address: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    make_published("示例一局")
    few = queries()
    for number in range(8):
        make_published(f"示例{number}局")
    assert queries() == few
    assert few <= 8


def test_the_home_page_counts_honestly(client: Client) -> None:
    make_published("示例一局")
    make_published("示例二局", approval_issued_on=date(2024, 9, 23))
    make_published("示例三局", approval_issued_on=None)
    counts: Any = client.get("/").context["counts"]
    assert (counts.reports, counts.departments, counts.dated, counts.in_time) == (3, 3, 2, 1)
