"""A filing of 2019 opens with the form and the scoring of 2019 and holds evaluations only."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from departments.models import Department, FiscalYear, StaffMember, Unit
from disclosures.collect import collect
from disclosures.evaluate import evaluate
from disclosures.filing import file_package
from disclosures.report.compose import compose
from disclosures.snapshots import build_package
from filings.models import Filing
from filings.services import open_filing
from performance.intake import replace_performance
from performance.models import StoredScorecard
from performance.services import forms_of
from rulebook.findings import Severity
from tests import factories
from tests.performance.scoring.test_politics_law_2019 import evaluation_of, forms

YEAR = 2019
CODE = "4201111999T000000001"


@pytest.fixture
def filing(department: Department, unit: Unit, lin: StaffMember) -> Filing:
    """林's filing of 2019."""
    FiscalYear.objects.create(year=YEAR)
    return open_filing(staff=lin, department=department, fiscal_year=YEAR, kind=factories.KIND)


def file_forms(filing: Filing, lin: StaffMember) -> None:
    """The three published forms, each of its own project."""
    unit = filing.department.units.get()
    evaluations = []
    for number, form in enumerate(forms(), 1):
        code = f"4201111999T00000000{number}"
        project = factories.make_project(unit, form["name"], code, YEAR)
        found = evaluation_of(form)
        factories.make_project_year(
            filing, project, revised_budget=found.budget or 0, actual=found.spent or 0
        )
        declaration = replace(found.declaration, subject=code)
        evaluations.append(replace(found, subject=code, declaration=declaration))
    declarations = [each.declaration for each in evaluations]
    replace_performance(
        filing=filing, staff=lin, declarations=declarations, evaluations=evaluations
    )


def test_the_rules_of_2019_are_in_force(filing: Filing) -> None:
    assert filing.scoring_edition == "self_evaluation/wuhan_2019"
    assert [f.id for f in forms_of(filing, is_project=True)] == ["project_evaluation/wuhan_2019"]


def test_the_three_forms_score_as_printed(filing: Filing, lin: StaffMember) -> None:
    file_forms(filing, lin)
    cards = StoredScorecard.objects.order_by("evaluation__declaration__project__code")
    assert [card.total for card in cards] == [Decimal("92.76"), Decimal("94.80"), None]


def test_the_filing_has_no_books_and_its_report_only_the_evaluations(
    filing: Filing, lin: StaffMember
) -> None:
    file_forms(filing, lin)
    package = build_package(filing)
    results = evaluate(package)
    errors = {f.check_id for f in results.findings if f.severity is Severity.ERROR}
    assert errors == {"SE-106"}
    report = compose(collect(package, {}, results.scorecards))
    assert [section.key.partition("/")[0] for section in report.sections] == ["annex"] * 3


def test_the_package_is_filed_again_as_it_was(filing: Filing, lin: StaffMember) -> None:
    file_forms(filing, lin)
    package = build_package(filing)
    assert not file_package(filing=filing, staff=lin, package=package)
    assert build_package(filing) == package


PAGES = [
    "filing_overview", "filing_workbooks", "filing_texts", "filing_findings", "performance",
    "filing_projects",
]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_the_filing_open(
    filing: Filing, lin: StaffMember, client: Client, name: str
) -> None:
    file_forms(filing, lin)
    client.force_login(lin, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse(f"work:{name}", args=[filing.public_id])).status_code == 200


def test_a_form_of_2019_is_filled_in(filing: Filing, lin: StaffMember, client: Client) -> None:
    file_forms(filing, lin)
    client.force_login(lin, backend="django.contrib.auth.backends.ModelBackend")
    place = reverse("work:performance-evaluation", args=[filing.public_id, CODE])
    shown = client.get(place).content.decode()
    for label in ("合并明细项目", "其中：中央补助", "国债资金", "说明", "未完成原因和改进措施"):
        assert label in shown
    assert "92.76" in shown
