"""What records and cells say in a form: names, codes, projects, this year's money; never typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.lists import lines_of, row_of
from budgets.workbook import ProjectBudget
from departments.models import Unit
from filings.models import Filing, FilingKind
from performance.models import DeclaredFormAmount, TargetDeclaration

TOTAL_BUDGET = "total_budget"
"""The row of a project's form, and the column of the overall one, for its budget of all years."""


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """A project as the filing's list has it, in yuan; ``total_budget`` is its own declaration's."""

    code: str
    name: str
    frequency: str
    budget: Decimal | None
    total_budget: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FormRecords:
    """By the source that a form edition names: texts and amounts in yuan; and the projects."""

    texts: Mapping[str, str] = field(default_factory=dict)
    amounts: Mapping[str, Decimal | None] = field(default_factory=dict)
    projects: tuple[ProjectRecord, ...] = ()

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(project.code for project in self.projects)


def declares(filing: Filing) -> bool:
    """A budget declares targets; final accounts take them into their evaluation."""
    return filing.kind == FilingKind.DEPARTMENTAL_BUDGET


def project_records(filing: Filing, unit: Unit | None = None) -> tuple[ProjectRecord, ...]:
    """The projects of the list of a budget, of one unit or of all; two queries."""
    totals = DeclaredFormAmount.objects.filter(declaration__filing=filing, row=TOTAL_BUDGET)
    of_code = dict(totals.values_list("declaration__project__code", "amount"))
    return tuple(
        _record(row, of_code.get(row.code))
        for row in map(row_of, lines_of(filing, "project_budgets", unit))
        if isinstance(row, ProjectBudget)
    )


def _record(row: ProjectBudget, total: Decimal | None) -> ProjectRecord:
    money = row.sum_of()
    return ProjectRecord(
        row.code, row.name, row.frequency.label, money.value if money else None, total
    )


def records_for(filing: Filing, declaration: TargetDeclaration) -> FormRecords:
    """What the records say in the form of one declaration."""
    year, department = filing.fiscal_year_id, filing.department
    project = declaration.project
    unit = declaration.unit or (project.unit if project else None)
    subject = project.name if project else (unit or department).name_in(year)
    texts = {
        "subject.name": subject,
        "department.name": department.name_in(year),
        "filing.fiscal_year": str(year),
    }
    if unit is not None:
        texts["unit.name"] = unit.name_in(year)
    if project is None:
        return FormRecords(texts, {}, project_records(filing, declaration.unit))
    texts |= {"project.name": project.name, "project.code": project.code}
    own = next((r for r in project_records(filing, unit) if r.code == project.code), None)
    return FormRecords(texts, {"project.budget": own.budget if own else None})
