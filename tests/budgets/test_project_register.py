"""项目 in the admin: open while the department is at work, fixed while the bureau is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from budgets.models import Project
from departments.models import StaffMember, Unit
from filings.models import Filing
from filings.states import State
from performance.models import TargetDeclaration
from tests import factories
from tests.conftest import SignIn

CODE = "42011123999T000000077"


@pytest.fixture
def project(filing: Filing, unit: Unit) -> Project:
    project = factories.make_project(unit)
    factories.make_project_year(filing, project, actual="1.00")
    return project


def page(project: Project) -> str:
    return reverse("work:budgets_project_change", args=[project.pk])


def tried(project: Project, lin: StaffMember, sign_in: SignIn) -> tuple[bool, bool]:
    """Whether 林 could change (the code, the name)."""
    code, name = project.code, project.name
    data = {"unit": str(project.unit_id), "code": CODE, "name": "改后", "first_fiscal_year": "2023"}
    assert sign_in(lin).post(page(project), data).status_code in {302, 403}
    project.refresh_from_db()
    return project.code != code, project.name != name


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED])
def test_it_is_open_while_the_department_is_at_work(
    state: State, filing: Filing, project: Project, lin: StaffMember, sign_in: SignIn
) -> None:
    Filing.objects.update(state=state)
    assert tried(project, lin, sign_in) == (True, True)


@pytest.mark.parametrize("state", [State.INTERNAL_REVIEW, State.SUBMITTED, State.APPROVED])
def test_it_is_fixed_while_the_filing_is_on_its_way(
    state: State, filing: Filing, project: Project, lin: StaffMember, sign_in: SignIn
) -> None:
    Filing.objects.update(state=state)
    assert tried(project, lin, sign_in) == (False, False)
    text = sign_in(lin).get(page(project)).content.decode()
    assert f"{state.label}，项目不能修改" in text


@pytest.mark.parametrize("state", [State.PUBLISHED, State.WITHDRAWN])
def test_what_publication_identified_it_by_stays(
    state: State, filing: Filing, project: Project, lin: StaffMember, sign_in: SignIn
) -> None:
    Filing.objects.update(state=state)
    assert tried(project, lin, sign_in) == (False, True)


def test_a_project_that_occurs_only_in_a_declaration_is_fixed_too(
    filing: Filing, unit: Unit, lin: StaffMember, sign_in: SignIn
) -> None:
    project = factories.make_project(unit)
    TargetDeclaration.objects.create(filing=filing, project=project)
    Filing.objects.update(state=State.SUBMITTED)
    assert tried(project, lin, sign_in) == (False, False)


def test_a_project_of_no_filing_is_open(
    filing: Filing, unit: Unit, lin: StaffMember, sign_in: SignIn
) -> None:
    Filing.objects.update(state=State.SUBMITTED)
    assert tried(factories.make_project(unit), lin, sign_in) == (True, True)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.PUBLISHED])
def test_a_project_of_a_filing_is_not_deleted(
    state: State, filing: Filing, project: Project, lin: StaffMember, sign_in: SignIn
) -> None:
    Filing.objects.update(state=state)
    address = reverse("work:budgets_project_delete", args=[project.pk])
    assert sign_in(lin).post(address, {"post": "yes"}).status_code == 403
    assert Project.objects.filter(pk=project.pk).exists()
