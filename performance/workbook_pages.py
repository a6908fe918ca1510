"""A filing's forms as pages for the workbook: subjects, editions, what is filed, what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from budgets.lists import lists_of
from budgets.models import Project
from budgets.workbook import ProjectBudget
from departments.models import Unit
from filings.models import Filing
from performance.evaluation import (
    DEPARTMENT,
    DeclarationSnapshot,
    EvaluationSnapshot,
    unit_of_subject,
    unit_subject,
)
from performance.excel.pages import FormPage
from performance.overview import WHOLE
from performance.services import declares, forms_of
from performance.snapshots import UNKNOWN, Money, declarations_of, evaluations_of
from performance.spending import spending_of
from rulebook.editions import EditionMissing
from rulebook.forms import FormEdition

Records = dict[str, str | Decimal]


def form_pages(filing: Filing) -> list[FormPage]:
    """Every form of a filing: the department's, its units', its projects', filed or not yet.

    The number of queries does not depend on the data.
    """
    money = spending_of(filing)
    declared = {each.subject: each for each in declarations_of(filing)}
    evaluated = {each.subject: each for each in evaluations_of(filing, money)}
    lists = lists_of(filing).project_budgets
    units = {unit.code: unit for unit in filing.department.units.prefetch_related("former_names")}
    projects = _projects(filing, {*declared, *money, *(row.code for row in lists)})
    editions = {is_project: _editions(filing, is_project) for is_project in (False, True)}
    department = filing.department.name_in(filing.fiscal_year_id)
    pages = []
    for subject in _subjects(filing, declared, projects):
        form = _form(editions[subject in projects], declared.get(subject), evaluated.get(subject))
        if form is None:
            continue
        unit = units.get(unit_of_subject(subject))
        name = projects[subject].name if subject in projects else _name(filing, unit)
        records = _records(filing, department, unit, projects.get(subject), lists)
        records |= _spending(money.get(subject, UNKNOWN))
        listed = [_listed(row) for row in lists if unit is None or row.book == unit.code]
        title = f"{department}{WHOLE}" if subject == DEPARTMENT else name
        filed = (declared.get(subject), evaluated.get(subject))
        pages.append(FormPage(subject, name, form, *filed, records, listed, title))
    return pages


def _subjects(
    filing: Filing,
    declared: Mapping[str, DeclarationSnapshot],
    projects: Mapping[str, Project],
) -> list[str]:
    """The department, its units where they have targets of their own, its projects."""
    year = filing.fiscal_year_id
    existing = set(filing.department.units.existing_in(year).values_list("code", flat=True))
    has_units = declares(filing) and len(existing) > 1
    own = existing if has_units else set()
    own |= {unit_of_subject(subject) for subject in declared} - {""}
    return [DEPARTMENT, *(unit_subject(code) for code in sorted(own)), *sorted(projects)]


def _projects(filing: Filing, codes: Iterable[str]) -> dict[str, Project]:
    own = Project.objects.filter(unit__department=filing.department_id, code__in=list(codes))
    rows = own.select_related("unit").prefetch_related("unit__former_names")
    return {project.code: project for project in rows}


def _editions(filing: Filing, is_project: bool) -> tuple[FormEdition, ...]:
    try:
        return forms_of(filing, is_project=is_project)
    except EditionMissing:
        return ()


def _form(
    editions: tuple[FormEdition, ...],
    declaration: DeclarationSnapshot | None,
    evaluation: EvaluationSnapshot | None,
) -> str | None:
    """The variant that was chosen when the form was begun, the plain one otherwise."""
    known = [edition.id for edition in editions]
    chosen = [each.form for each in (evaluation, declaration) if each is not None]
    return next((form for form in (*chosen, *known) if form in known), None)


def _name(filing: Filing, unit: Unit | None) -> str:
    return f"{unit.name_in(filing.fiscal_year_id)}整体" if unit else WHOLE


def _records(
    filing: Filing,
    department: str,
    unit: Unit | None,
    project: Project | None,
    lists: Iterable[ProjectBudget],
) -> Records:
    """What the grey cells of a form say, by source."""
    year = filing.fiscal_year_id
    holder = project.unit if project else unit
    found: Records = {
        "filing.fiscal_year": str(year),
        "department.name": department,
        "unit.name": holder.name_in(year) if holder else department,
        "subject.name": unit.name_in(year) if unit else department,
    }
    if project:
        found |= {"project.name": project.name, "project.code": project.code}
        row = next((row for row in lists if row.code == project.code), None)
        total = row.sum_of() if row else None
        found |= {"project.budget": total.value} if total else {}
    return found


def _spending(money: Money) -> Records:
    """Budget (A) and spending (B) of a self-evaluation."""
    amounts = zip(("execution.budget", "execution.spent"), money, strict=True)
    return {source: amount for source, amount in amounts if amount is not None}


def _listed(row: ProjectBudget) -> Records:
    """A line of the department's list of projects."""
    total = row.sum_of()
    listed: Records = {"name": row.name, "frequency": row.frequency.label}
    return listed | ({"budget": total.value} if total else {})
