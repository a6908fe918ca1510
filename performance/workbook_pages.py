"""A filing's forms as pages for the workbook: subjects, editions, what is filed, what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from budgets.models import Project
from departments.models import Unit
from filings.models import Filing
from performance.evaluation import (
    DEPARTMENT,
    DeclarationSnapshot,
    EvaluationSnapshot,
    unit_of_subject,
    unit_subject,
)
from performance.excel.computed import with_computed
from performance.excel.pages import FormPage
from performance.overview import WHOLE
from performance.records import records_of
from performance.scoring import load_parameters, score
from performance.services import declares, forms_of
from performance.snapshots import UNKNOWN, filed_forms
from performance.spending import spending_from
from rulebook.editions import EditionMissing
from rulebook.forms import FormEdition


def form_pages(filing: Filing) -> list[FormPage]:
    """Every form of a filing: the department's, its units', its projects', filed or not yet.

    The number of queries does not depend on the data.
    """
    records = records_of(filing)
    money = spending_from(records, filing.scoring_edition)
    forms = filed_forms(filing, money)
    declared = {each.subject: each for each in forms.declarations}
    evaluated = {each.subject: each for each in forms.evaluations}
    units = {unit.code: unit for unit in filing.department.units.prefetch_related("former_names")}
    codes = {row.code for row in records.project_budgets}
    projects = _projects(filing, {*declared, *money, *codes})
    editions = {is_project: _editions(filing, is_project) for is_project in (False, True)}
    parameters = load_parameters(filing.scoring_edition)
    pages = []
    for subject in _subjects(filing, declared, projects):
        declaration, evaluation = declared.get(subject), evaluated.get(subject)
        form = _form(editions[subject in projects], declaration, evaluation)
        if form is None:
            continue
        name = projects.get(subject) or _name(filing, units.get(unit_of_subject(subject)))
        title = f"{records.department_name}{WHOLE}" if subject == DEPARTMENT else name
        page = FormPage(subject, name, form, declaration, evaluation, title=title)
        card = score(evaluation, parameters) if evaluation else None
        spending = money.get(subject, UNKNOWN)
        pages.append(with_computed(page, records, spending, card, parameters))
    return pages


def _subjects(
    filing: Filing,
    declared: Mapping[str, DeclarationSnapshot],
    projects: Iterable[str],
) -> list[str]:
    """The department, its units where they have targets of their own, its projects."""
    year = filing.fiscal_year_id
    existing = set(filing.department.units.existing_in(year).values_list("code", flat=True))
    has_units = declares(filing) and len(existing) > 1
    own = existing if has_units else set()
    own |= {unit_of_subject(subject) for subject in declared} - {""}
    return [DEPARTMENT, *(unit_subject(code) for code in sorted(own)), *sorted(projects)]


def _projects(filing: Filing, codes: Iterable[str]) -> dict[str, str]:
    """Code → name of those subjects that are projects."""
    own = Project.objects.filter(unit__department=filing.department_id, code__in=list(codes))
    return dict(own.values_list("code", "name"))


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
