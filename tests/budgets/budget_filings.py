"""A budget of one unit as 林 files it, with the clean lists, for the tests of its lists."""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command

from budgets.models import FunctionalCode
from departments.models import Role, StaffMember
from disclosures.filing import file_package
from filings.models import Filing, FilingKind
from filings.services import open_filing
from tests import factories
from tests.budgets.checks.budget_books import UNIT, budget_package


def file_clean_budget() -> tuple[Filing, StaffMember]:
    """林's budget, a draft with the clean book and its lists, and 林."""
    call_command("load_rulebook", verbosity=0, stdout=StringIO())
    name = "国有企业退休人员社会化管理补助支出"
    FunctionalCode.objects.create(code="2230105", name=name, first_fiscal_year=2023)
    department = factories.make_department("某部门", "118", "420103")
    factories.make_unit(department, "甲单位", UNIT, "administrative")
    lin = factories.make_staff("lin", Role.PREPARER, department=department, display_name="林")
    kind = FilingKind.DEPARTMENTAL_BUDGET
    filing = open_filing(staff=lin, department=department, fiscal_year=2023, kind=kind)
    assert not file_package(filing=filing, staff=lin, package=budget_package())
    return filing, lin
