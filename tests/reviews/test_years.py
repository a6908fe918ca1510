"""预算年度: opened and closed by the bureau or the system administrator, by nobody else."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from departments.models import FiscalYear, StaffMember
from departments.services import RegisterRefused, set_year_open
from filings.services import FilingLocked, open_filing
from tests import factories
from tests.conftest import SignIn


def page() -> str:
    return reverse("work:years")


def test_the_bureau_opens_and_closes_a_year(wang: StaffMember, sign_in: SignIn) -> None:
    FiscalYear.objects.create(year=2023)
    client = sign_in(wang)
    assert 'value="2024"' in client.get(page()).content.decode()
    said = client.post(page(), {"year": "2024", "open": "1"}, follow=True).content.decode()
    assert "2024 年已开放填报" in said
    assert FiscalYear.objects.get(year=2024).is_open
    client.post(page(), {"year": "2024", "close": "1"})
    assert not FiscalYear.objects.get(year=2024).is_open
    assert [entry.change_message for entry in LogEntry.objects.order_by("id")] == [
        "开放填报",
        "关闭填报",
    ]
    client.post(page(), {"year": "2024", "close": "1"})
    assert LogEntry.objects.count() == 2


def test_a_closed_year_takes_no_new_filing(lin: StaffMember, system_admin: StaffMember) -> None:
    assert lin.department is not None
    set_year_open(fiscal_year=2023, is_open=True, staff=system_admin)
    set_year_open(fiscal_year=2023, is_open=False, staff=system_admin)
    with pytest.raises(FilingLocked, match="没有开放"):
        open_filing(staff=lin, department=lin.department, fiscal_year=2023, kind=factories.KIND)


def test_a_year_says_what_is_ready_for_it(system_admin: StaffMember, sign_in: SignIn) -> None:
    for year in (2018, 2023):
        FiscalYear.objects.create(year=year)
    text = sign_in(system_admin).get(page()).content.decode()
    assert "部门决算" in text
    assert "<td>没有</td>" in text


def test_nobody_else_opens_a_year(
    lin: StaffMember, internal_reviewer: StaffMember, publisher: StaffMember, sign_in: SignIn
) -> None:
    for person in (lin, internal_reviewer, publisher):
        assert sign_in(person).get(page()).status_code == 403
        assert sign_in(person).post(page(), {"year": "2024"}).status_code == 403
        with pytest.raises(RegisterRefused):
            set_year_open(fiscal_year=2024, is_open=True, staff=person)
    assert not FiscalYear.objects.filter(year=2024).exists()


@pytest.mark.parametrize("year", ["", "24", "x", "2999"])
def test_a_year_that_is_none_is_said_on_the_form(
    year: str, system_admin: StaffMember, sign_in: SignIn
) -> None:
    answer = sign_in(system_admin).post(page(), {"year": year})
    assert answer.status_code == 200
    assert not FiscalYear.objects.exists()


def test_closing_a_year_there_is_not_is_refused(system_admin: StaffMember, sign_in: SignIn) -> None:
    said = sign_in(system_admin).post(page(), {"year": "2030", "close": "1"}, follow=True)
    assert "还没有 2030 年" in said.content.decode()
