"""A budget book opened, filed with its lists and read back the same."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from budgets.lists import ProjectUnknown, lists_of, replace_lists
from budgets.models import (
    FunctionalCode,
    ProcurementLine,
    Project,
    ProjectBudgetLine,
    PurchasedServiceLine,
)
from budgets.workbook import BudgetLists
from departments.models import Department, StaffMember
from departments.roles import Role
from disclosures.evaluate import evaluate, findings_of
from disclosures.filing import file_package
from disclosures.filing_package import FilingPackage
from disclosures.package import canonical, document, dump, read
from disclosures.snapshots import build_package
from filings.models import Filing, FilingKind
from filings.services import FilingLocked, open_filing
from rulebook.findings import Severity
from rulebook.layouts import load_layout
from tests import factories
from tests.budgets.checks.budget_books import UNIT, budget_package, clean_lists

pytestmark = pytest.mark.django_db
OTHER_UNIT = "118002"


@pytest.fixture
def department(db: None) -> Department:
    call_command("load_rulebook", verbosity=0)
    FunctionalCode.objects.create(
        code="2230105", name="国有企业退休人员社会化管理补助支出", first_fiscal_year=2023
    )
    found = factories.make_department("某部门", "118", "420103")
    factories.make_unit(found, "甲单位", UNIT, "administrative")
    return found


@pytest.fixture
def preparer(department: Department) -> StaffMember:
    return factories.make_staff("lin2", Role.PREPARER, department=department)


@pytest.fixture
def budget(department: Department, preparer: StaffMember) -> Filing:
    return open_filing(
        staff=preparer,
        department=department,
        fiscal_year=2023,
        kind=FilingKind.DEPARTMENTAL_BUDGET,
    )


def _file(filing: Filing, staff: StaffMember, package: FilingPackage) -> list[str]:
    return [f.check_id for f in file_package(filing=filing, staff=staff, package=package)]


def _with_purchase(**changes: object) -> FilingPackage:
    first, *others = budget_package().procurement
    return replace(budget_package(), procurement=(replace(first, **changes), *others))  # type: ignore[arg-type]


def test_a_budget_is_opened_under_the_rules_of_the_district(budget: Filing) -> None:
    assert budget.layout_edition == "departmental_budget/jianghan_2023"
    assert budget.outline_edition == "departmental_budget/national_2023"


def test_what_is_filed_reads_back(budget: Filing, preparer: StaffMember) -> None:
    assert _file(budget, preparer, budget_package()) == []
    found = build_package(budget)
    filed = canonical(budget_package())
    assert found.books[0].cells == filed.books[0].cells
    assert found.lists == filed.lists
    once = dump(document(found, evaluate(found)))
    assert read(once).findings == ()
    assert _file(budget, preparer, found) == []
    again = build_package(Filing.objects.get(pk=budget.pk))
    assert dump(document(again, evaluate(again))) == once


def test_a_clean_budget_may_be_submitted(budget: Filing, preparer: StaffMember) -> None:
    _file(budget, preparer, budget_package())
    found = findings_of(build_package(budget))
    assert {f.check_id for f in found if f.severity is not Severity.NOTICE} == set()


def test_findings_of_lists_are_part_of_the_evaluation() -> None:
    package = _with_purchase(amount=Decimal("101"))
    assert {f.check_id for f in findings_of(package)} >= {"BG-312", "BG-313"}


def test_a_purchase_under_no_project_is_refused(budget: Filing, preparer: StaffMember) -> None:
    package = _with_purchase(project_code="42010323118T000000099")
    assert _file(budget, preparer, package) == ["PK-117"]
    assert not ProcurementLine.objects.exists()


def test_a_purchase_under_a_project_of_others_is_refused(
    budget: Filing, preparer: StaffMember
) -> None:
    other = factories.make_unit(factories.make_department("别的部门", "900009"), "乙", "900009001")
    foreign = factories.make_project(other, code="42010323118T000000098")
    assert _file(budget, preparer, _with_purchase(project_code=foreign.code)) == ["PK-117"]


def test_a_project_budget_of_another_unit_is_refused(
    budget: Filing, preparer: StaffMember, department: Department
) -> None:
    other = factories.make_unit(department, "乙单位", OTHER_UNIT)
    factories.make_project(other, code=budget_package().project_budgets[0].code)
    assert _file(budget, preparer, budget_package()) == ["PK-114"]
    assert not ProjectBudgetLine.objects.exists()


def test_rows_of_an_unknown_unit_are_refused(budget: Filing, preparer: StaffMember) -> None:
    assert _file(budget, preparer, _with_purchase(book="900009001")) == ["PK-113"]


@pytest.mark.parametrize(
    "changes",
    [
        {"item_name": "长" * 121},
        {"unit_price": Decimal("0.001")},
        {"number": 0},
        {"functional_code": "20402021"},
    ],
)
def test_what_a_column_cannot_hold_is_refused(
    budget: Filing, preparer: StaffMember, changes: dict[str, object]
) -> None:
    assert _file(budget, preparer, _with_purchase(**changes)) == ["PK-116"]


def test_a_row_numbered_twice_is_refused() -> None:
    content = document(_with_purchase(number=2))
    assert [f.check_id for f in read(dump(content)).findings] == ["PK-105"]


def test_lists_are_replaced_whole(
    budget: Filing, preparer: StaffMember, department: Department
) -> None:
    units = {unit.code: unit for unit in department.units.all()}
    replace_lists(filing=budget, staff=preparer, lists=clean_lists(), units=units)
    fewer = replace(clean_lists(), procurement=clean_lists().procurement[:1])
    replace_lists(filing=budget, staff=preparer, lists=fewer, units=units)
    assert lists_of(budget) == fewer
    replace_lists(filing=budget, staff=preparer, lists=BudgetLists(), units=units)
    assert not PurchasedServiceLine.objects.exists()
    assert Project.objects.count() == len(clean_lists().project_budgets)


def test_an_unknown_project_leaves_everything_as_it_was(
    budget: Filing, preparer: StaffMember, department: Department
) -> None:
    units = {unit.code: unit for unit in department.units.all()}
    lists = BudgetLists(procurement=clean_lists().procurement)
    with pytest.raises(ProjectUnknown):
        replace_lists(filing=budget, staff=preparer, lists=lists, units=units)
    assert lists_of(budget) == BudgetLists()


def test_lists_of_a_filing_of_others_are_locked_and_not_seen(
    budget: Filing, preparer: StaffMember, department: Department, wai: StaffMember
) -> None:
    units = {unit.code: unit for unit in department.units.all()}
    with pytest.raises(FilingLocked):
        replace_lists(filing=budget, staff=wai, lists=clean_lists(), units=units)
    replace_lists(filing=budget, staff=preparer, lists=clean_lists(), units=units)
    for model in (ProjectBudgetLine, ProcurementLine, PurchasedServiceLine):
        assert not model.objects.visible_to(wai).exists()
        assert model.objects.visible_to(preparer).exists()


def test_every_sheet_of_a_budget_opens(
    budget: Filing, preparer: StaffMember, client: Client
) -> None:
    _file(budget, preparer, budget_package())
    client.force_login(preparer)
    for sheet in load_layout(budget.layout_edition).sheets:
        page = client.get(reverse("work:filing_sheet", args=[budget.public_id, UNIT, sheet.key]))
        assert sheet.title in page.content.decode()
    template = reverse("work:filing_template", args=[budget.public_id, UNIT])
    assert client.get(template).status_code == 200
    assert client.get(reverse("work:filing_texts", args=[budget.public_id])).status_code == 200
