"""Lints of what is filed: the same on the page and at the gate, in a constant number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from departments.models import Department, StaffMember
from disclosures.evaluate import findings_of
from disclosures.snapshots import build_package
from filings.models import Filing
from performance.models import DeclaredDetail, Indicator, TargetDeclaration
from performance.overview import overview_of
from tests import factories
from tests.performance.test_library import budget_of, declare, line_of

pytestmark = pytest.mark.django_db
FORM = "project_targets/jianghan_2023"


@pytest.fixture
def budget(department: Department, lin: StaffMember) -> Filing:
    """A project whose form says 95 万元 where its calculation makes 96."""
    factories.make_unit(department)
    filing = budget_of(department, lin)
    add_project(filing)
    return filing


def add_project(filing: Filing, name: str = "设备维护") -> Indicator:
    line = line_of(filing, name)
    line.general_public, line.total_budget, line.main_use = 950_000, 900_000, "设备维护"
    line.save()
    row = declare(filing, line.project, "设备在线率", "≥94%")
    row.last_year = "95%"
    row.save()
    declaration = row.goal.declaration
    TargetDeclaration.objects.filter(pk=declaration.pk).update(form=FORM)
    DeclaredDetail.objects.create(
        declaration=declaration, number=1, content="运维", calculation="48台×2万元",
        own_level=950_000,
    )  # fmt: skip
    return row


def test_the_page_and_the_gate_say_the_same(budget: Filing) -> None:
    on_page = {f.identity for each in overview_of(budget) for f in each.findings}
    at_gate = [f for f in findings_of(build_package(budget)) if f.check_id.startswith("PT-2")]
    assert {f.check_id for f in at_gate} >= {"PT-206", "PT-209", "PT-210", "PT-219", "PT-221"}
    assert {f.identity for f in at_gate} <= on_page


def test_the_finding_stands_with_its_project(budget: Filing) -> None:
    (project,) = (each for each in overview_of(budget) if each.declared)
    (found,) = (f for f in project.findings if f.check_id == "PT-221")
    assert found.message == "测算结果为 96.00 万元，该行金额为 95.00 万元，相差 1.00 万元。"


def test_more_projects_take_no_more_queries(budget: Filing) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            overview_of(Filing.objects.with_names().get(pk=budget.pk))
        return len(seen)

    before = queries()
    for number in range(5):
        add_project(budget, f"项目{number}")
    assert queries() == before
