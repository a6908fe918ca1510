"""A unit registered after a filing was opened: named as missing until it files."""

from __future__ import annotations

import pytest
from django.urls import reverse

from budgets.models import Workbook
from departments.models import StaffMember, Unit
from filings.models import Event, Filing
from filings.states import State
from tests import factories
from tests.conftest import SignIn

PLACE = ("revenue_expenditure_summary", "appropriation_general_public", "actual")


@pytest.fixture
def late(workbook: Workbook) -> Unit:
    factories.make_workbook(workbook.filing, workbook.unit, {PLACE: "1.00"})
    return factories.make_unit(workbook.unit.department, "示例新设站")


def page(filing: Filing, name: str) -> str:
    return reverse(f"work:filing_{name}", args=[filing.public_id])


def missing(filing: Filing, lin: StaffMember, sign_in: SignIn) -> bool:
    """Whether the findings name the unit as missing."""
    text = sign_in(lin).get(page(filing, "findings")).content.decode()
    return "BK-101" in text and "示例新设站" in text


def test_it_is_named_and_its_workbook_is_made_once(
    filing: Filing, late: Unit, lin: StaffMember, sign_in: SignIn
) -> None:
    client, books = sign_in(lin), page(filing, "workbooks")
    assert missing(filing, lin, sign_in)
    text = client.get(books).content.decode()
    assert f"示例新设站（{late.code}）" in text
    assert "补建报表" in text
    said = client.post(page(filing, "open_books"), follow=True).content.decode()
    assert "已补建示例新设站的报表" in said
    assert "补建报表</button>" not in said
    again = client.post(page(filing, "open_books"), follow=True).content.decode()
    assert "没有补建" in again
    assert Workbook.objects.filter(filing=filing, unit=late).count() == 1
    assert Event.objects.filter(filing=filing, action="open_workbooks").count() == 1


def test_it_is_missing_until_it_files(
    filing: Filing, late: Unit, lin: StaffMember, sign_in: SignIn
) -> None:
    sign_in(lin).post(page(filing, "open_books"))
    assert missing(filing, lin, sign_in)
    factories.make_workbook(filing, late, {PLACE: "1.00"})
    assert not missing(filing, lin, sign_in)


def test_a_unit_of_another_year_is_not_missing(
    filing: Filing, late: Unit, lin: StaffMember, sign_in: SignIn
) -> None:
    Unit.objects.filter(pk=late.pk).update(first_fiscal_year=2024)
    assert not missing(filing, lin, sign_in)
    assert "示例新设站" not in sign_in(lin).get(page(filing, "workbooks")).content.decode()


def test_what_was_handed_in_gets_no_workbook(
    filing: Filing, late: Unit, lin: StaffMember, wai: StaffMember, sign_in: SignIn
) -> None:
    assert sign_in(wai).post(page(filing, "open_books")).status_code == 404
    Filing.objects.update(state=State.SUBMITTED)
    assert sign_in(lin).post(page(filing, "open_books")).status_code == 403
    assert "补建报表</button>" not in sign_in(lin).get(page(filing, "workbooks")).content.decode()
    assert not Workbook.objects.filter(unit=late).exists()
