"""Pages whose number of queries must not grow with the data they show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.catalogues import load_catalogue
from budgets.models import FunctionalCode, Workbook
from departments.models import Department, StaffMember
from filings.models import Filing, FindingRecord
from filings.services import record
from filings.states import State
from performance.models import TargetDeclaration
from reviews.models import Remark
from tests import factories
from tests.conftest import SignIn
from tests.portal.published import make_published

pytestmark = pytest.mark.django_db
MOST = 40
SHEET = "expenditure_sheet"


def count(client: Client, address: str) -> int:
    """Queries of a page, asked for twice so that nothing is counted that is kept for the next."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(address)
    assert response.status_code == 200, address
    assert response.content
    return len(queries)


def assert_flat(client: Client, address: str, grow: Callable[[], None], most: int = MOST) -> None:
    """As many queries with much data as with little, and few of them."""
    before = count(client, address)
    grow()
    after = count(client, address)
    assert after == before, f"{before} → {after} queries"
    assert after <= most


def more_departments(state: State, number: int = 6) -> None:
    for index in range(number):
        department = factories.make_department(f"示例部门{state}{index}")
        factories.make_unit(department)
        staff = factories.make_staff(f"p-{state}-{index}", department=department)
        factories.make_filing(department, staff, state=state)


def test_the_desk_of_a_bureau(wang: StaffMember, filing: Filing, sign_in: SignIn) -> None:
    Filing.objects.update(state=State.SUBMITTED)

    def grow() -> None:
        for state in (State.SUBMITTED, State.RETURNED, State.APPROVED, State.PUBLISHED):
            more_departments(state)

    assert_flat(sign_in(wang), reverse("work:index"), grow)


def test_the_list_of_a_bureau(wang: StaffMember, filing: Filing, sign_in: SignIn) -> None:
    Filing.objects.update(state=State.SUBMITTED)

    def grow() -> None:
        more_departments(State.SUBMITTED)

    assert_flat(sign_in(wang), reverse("work:filing_list"), grow)


def test_the_desk_of_a_department(
    lin: StaffMember, filing: Filing, department: Department, sign_in: SignIn
) -> None:
    def grow() -> None:
        for year in range(2016, 2023):
            factories.make_filing(department, lin, year=year, state=State.PUBLISHED)

    Filing.objects.update(state=State.SUBMITTED)
    factories.make_filing(department, lin, year=2015, state=State.PUBLISHED)
    assert_flat(sign_in(lin), reverse("work:index"), grow)


def fill(workbook: Workbook) -> None:
    """Every code of the catalogue that the sheet takes, up to a large department's number."""
    codes = FunctionalCode.objects.in_force_in(factories.YEAR).values_list("code", flat=True)
    rows = [code for code in codes if len(code) == 7][:60]
    known = set(workbook.cells.values_list("row", flat=True))
    cells = {(SHEET, row, "basic"): "12.00" for row in rows if row not in known}
    factories.make_workbook(workbook.filing, workbook.unit, cells)


def test_the_overview_of_a_filing(
    lin: StaffMember, workbook: Workbook, unit_with_projects: None, sign_in: SignIn
) -> None:
    filing = workbook.filing

    def grow() -> None:
        fill(workbook)
        for number in range(20):
            record(filing=filing, staff=lin, action="hand_back", detail={"reason": "更正"})
            Remark.objects.create(filing=filing, text=f"意见{number}", made_by=lin, is_sent=True)
            project = factories.make_project(workbook.unit, f"示例项目{number}")
            factories.make_project_year(filing, project, revised_budget="1.00", actual="1.00")
            TargetDeclaration.objects.create(filing=filing, project=project, objective="完成")

    assert_flat(sign_in(lin), reverse("work:filing_overview", args=[filing.public_id]), grow)
    assert not FindingRecord.objects.exists()


@pytest.fixture
def unit_with_projects(workbook: Workbook) -> None:
    """A first of everything, so that what is prefetched is asked for both times."""
    load_catalogue("functional_2023")
    load_catalogue("departmental_economic_2023")
    factories.make_workbook(workbook.filing, workbook.unit, {(SHEET, "2040201", "basic"): "12.00"})
    project = factories.make_project(workbook.unit, "示例头一个项目")
    factories.make_project_year(workbook.filing, project, revised_budget="1.00", actual="1.00")
    TargetDeclaration.objects.create(filing=workbook.filing, project=project, objective="完成")


def test_a_sheet(
    lin: StaffMember, workbook: Workbook, unit_with_projects: None, sign_in: SignIn
) -> None:
    place = [workbook.filing.public_id, workbook.unit.code, SHEET]
    address = reverse("work:filing_sheet", args=place)
    assert_flat(sign_in(lin), address, lambda: fill(workbook))


def test_the_list_of_the_portal(client: Client) -> None:
    make_published("示例局零")

    def grow() -> None:
        for number in range(12):
            make_published(f"示例局{number}")

    assert_flat(client, "/reports/", grow)


def test_the_first_page_of_the_portal(client: Client) -> None:
    make_published("示例局零")

    def grow() -> None:
        for number in range(12):
            make_published(f"示例局{number}")

    assert_flat(client, "/", grow)
