"""The preview of a budget: figures of its lists lead to the row of the unit that entered them."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.urls import reverse

from departments.models import StaffMember
from disclosures.filing import file_package
from disclosures.snapshots import build_package
from filings.models import Filing
from reviews.links import entry_link, shown
from reviews.preview import Preview
from rulebook.addresses import project_budget_address
from rulebook.findings import Finding, Severity
from tests import factories
from tests.budgets.checks.budget_books import budget_package
from tests.budgets.jianghan_books import LAYOUT
from tests.conftest import SignIn
from tests.reviews.conftest import department_of


@pytest.fixture
def lin118(db: None) -> StaffMember:
    return factories.make_staff("lin118", department=department_of(budget_package()))


@pytest.fixture
def budget(lin118: StaffMember) -> Filing:
    package = budget_package()
    filing = factories.make_filing(
        lin118.department,
        lin118,
        kind=package.head.kind,
        layout_edition=LAYOUT,
        outline_edition=package.head.editions.outline,
        state="draft",
    )
    assert not file_package(filing=filing, staff=lin118, package=package)
    return filing


def test_the_money_of_a_project_leads_to_the_row_of_the_unit_that_has_it(
    budget: Filing, lin118: StaffMember, sign_in: SignIn
) -> None:
    package = build_package(budget)
    preview, client = Preview(budget, package), sign_in(lin118)
    for project in (package.project_budgets[0], package.project_budgets[-1]):
        link = preview.link_to(project_budget_address(project.code, "general_public"))
        page, _, anchor = unquote(link).partition("#")
        assert f"/books/{project.book}/" in page
        assert f'id="{anchor}"' in client.get(page).content.decode()


def test_no_figure_of_a_list_leads_to_the_page_of_all_books(budget: Filing) -> None:
    preview = Preview(budget, build_package(budget))
    books = reverse("work:filing_workbooks", args=[budget.public_id])
    rows = [address for address in preview.page.cells if re.match(r"(project|proc|purch)", address)]
    assert len(rows) > 20
    assert [address for address in rows if preview.link_to(address) == books] == []


def test_a_finding_about_a_project_leads_to_its_row(budget: Filing, lin118: StaffMember) -> None:
    project = build_package(budget).project_budgets[0]
    place = project_budget_address(project.code, "general_public")
    finding = Finding("BL-1", Severity.ERROR, "", "", "", places=(place,))
    (row,) = shown(budget, [finding], lin118)
    assert f"/books/{project.book}/" in row["link"]


def test_a_project_nobody_lists_leads_to_all_books(budget: Filing) -> None:
    books = reverse("work:filing_workbooks", args=[budget.public_id])
    assert entry_link(budget, project_budget_address("none", "general_public")) == books
