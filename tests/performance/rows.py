"""Rows for the tests of performance: the clean form of ``values.py`` filed by 林."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from budgets.models import Project
from departments.models import StaffMember
from filings.models import Filing
from performance.evaluation import DEPARTMENT, DeclarationSnapshot, EvaluationSnapshot
from performance.intake import replace_performance
from performance.models import SelfEvaluation
from tests import factories
from tests.performance.values import PROJECT_CODE, clean_evaluation

BUDGET = Decimal("1000000.00")


def file_project(filing: Filing, code: str = PROJECT_CODE) -> Project:
    """A project of the filing with A = B = 100 万元."""
    unit = filing.department.units.first() or factories.make_unit(filing.department)
    project = factories.make_project(unit, code=code)
    factories.make_project_year(filing, project, revised_budget=BUDGET, actual=BUDGET)
    return project


def file_clean_evaluation(filing: Filing, lin: StaffMember) -> SelfEvaluation:
    """The clean project form in the database: 100 points, no finding."""
    file_project(filing)
    evaluation = clean_evaluation()
    replace_performance(
        filing=filing,
        staff=lin,
        declarations=[evaluation.declaration],
        evaluations=[evaluation],
    )
    return SelfEvaluation.objects.get(filing=filing)


def department_evaluation() -> EvaluationSnapshot:
    """The same rows as a department's form, without objective or money."""
    project = clean_evaluation()
    declaration: DeclarationSnapshot = replace(project.declaration, subject=DEPARTMENT)
    return replace(
        project,
        subject=DEPARTMENT,
        title="示例部门甲部门整体",
        form=DEPARTMENT,
        declaration=declaration,
        budget=None,
        spent=None,
        objective_judgement=None,
    )
