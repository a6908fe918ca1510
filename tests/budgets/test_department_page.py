"""The page of a department's book: sums that open into units, missing units named."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from departments.models import Department, StaffMember
from filings.models import Filing
from filings.states import State
from reviews.links import entry_link
from tests import factories
from tests.budgets.departments import UNITS
from tests.conftest import SignIn

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def department(db: None) -> Department:
    """示例局 with three units, one of them an institution."""
    department = factories.make_department("示例局", "900008")
    for code, name, kind, _ in UNITS:
        factories.make_unit(department, name, code, kind.value)
    return department


@pytest.fixture
def filing(department: Department, lin: StaffMember) -> Filing:
    filing = factories.make_filing(department, lin)
    for code, _, _, cells in UNITS:
        factories.make_workbook(filing, department.units.get(code=code), cells)
    return filing


@pytest.fixture
def client_of_lin(lin: StaffMember, sign_in: SignIn) -> Client:
    return sign_in(lin)


def address(filing: Filing, sheet: str) -> str:
    return reverse("work:filing_department_sheet", args=[filing.public_id, sheet])


def cell(page: str, row: str, column: str) -> str:
    found = re.search(rf'<td[^>]*id="cell-{row}-{column}".*?</td>', page, re.S)
    assert found, (row, column)
    return found[0]


def test_a_cell_opens_into_its_units_and_what_is_taken_out(
    client_of_lin: Client, filing: Filing
) -> None:
    page = client_of_lin.get(address(filing, "revenue_sheet")).content.decode()
    total = cell(page, "total", "total")
    assert "<summary" in total
    assert ">622,000.00</summary>" in total
    for text in ("507,000.00", "90,000.00", "90,000.00", "抵销内部往来", "-65,000.00"):
        assert text in total
    sheet = reverse("work:filing_sheet", args=[filing.public_id, "900008003", "revenue_sheet"])
    assert f'href="{sheet}?unit=yuan#cell-total-total">示例服务中心</a>' in total
    assert ">0.00</summary>" in cell(page, "2040202", "subsidy_from_superior")
    assert "没有发现问题" in page
    assert "style=" not in page
    assert "<input" not in page.split("<main")[1]


def test_the_unit_of_money_may_be_changed(client_of_lin: Client, filing: Filing) -> None:
    page = client_of_lin.get(address(filing, "revenue_sheet") + "?unit=wan").content.decode()
    assert ">62.20</summary>" in cell(page, "total", "total")


def test_units_that_filed_nothing_are_listed(
    client_of_lin: Client, filing: Filing, department: Department
) -> None:
    factories.make_unit(department, "示例新设站", "900008009")
    page = client_of_lin.get(address(filing, "revenue_sheet")).content.decode()
    assert "没有填报的单位：</strong>示例新设站（900008009）" in page
    assert "BK-101" in page


def test_findings_between_units_lead_to_the_units_cells(
    client_of_lin: Client, filing: Filing
) -> None:
    book = filing.workbooks.get(unit__code="900008001")
    book.cells.filter(sheet="internal_transfers", column="subsidy_to_affiliates").update(value=1)
    page = client_of_lin.get(address(filing, "revenue_sheet")).content.decode()
    assert "BK-102" in page
    place = reverse("work:filing_sheet", args=[filing.public_id, "900008001", "internal_transfers"])
    assert f'href="{place}#cell-total-subsidy_to_affiliates"' in page


def test_the_first_page_is_the_first_sheet_and_findings_of_the_sum_lead_here(
    client_of_lin: Client, filing: Filing
) -> None:
    first = client_of_lin.get(reverse("work:filing_department", args=[filing.public_id]))
    assert first["Location"] == address(filing, "revenue_expenditure_summary")
    found = entry_link(filing, "cell/900008/revenue_sheet/total/total")
    assert found == address(filing, "revenue_sheet") + "#cell-total-total"
    books = client_of_lin.get(reverse("work:filing_workbooks", args=[filing.public_id]))
    assert "部门汇总" in books.content.decode()


@pytest.mark.parametrize("sheet", ["internal_transfers", "no_such_sheet"])
def test_a_sheet_the_sum_does_not_have_is_not_found(
    client_of_lin: Client, filing: Filing, sheet: str
) -> None:
    assert client_of_lin.get(address(filing, sheet)).status_code == 404


def test_without_units_the_list_of_workbooks_says_why(
    client_of_lin: Client, filing: Filing, department: Department
) -> None:
    filing.workbooks.all().delete()
    department.units.all().delete()
    gone = client_of_lin.get(reverse("work:filing_department", args=[filing.public_id]))
    assert gone["Location"] == reverse("work:filing_workbooks", args=[filing.public_id])
    assert client_of_lin.get(address(filing, "revenue_sheet")).status_code == 404


def test_an_outsider_and_a_bureau_before_submission_see_nothing(
    filing: Filing, wai: StaffMember, wang: StaffMember, sign_in: SignIn
) -> None:
    page = address(filing, "revenue_sheet")
    assert sign_in(wai).get(page).status_code == 404
    assert sign_in(wang).get(page).status_code == 404
    Filing.objects.update(state=State.SUBMITTED.value)
    assert sign_in(wang).get(page).status_code == 200


def test_more_units_take_no_more_queries(
    client_of_lin: Client, filing: Filing, department: Department
) -> None:
    page = address(filing, "revenue_sheet")
    client_of_lin.get(page)
    with CaptureQueriesContext(connection) as few:
        client_of_lin.get(page)
    for number in range(4, 8):
        unit = factories.make_unit(department, f"示例站{number}", f"90000800{number}")
        factories.make_workbook(filing, unit, UNITS[1][3])
    with CaptureQueriesContext(connection) as many:
        client_of_lin.get(page)
    assert len(many) == len(few)
