"""What the page of the projects' yearly figures shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from budgets.forms import PROJECT_FIELDS, ProjectsForm, figure_text
from budgets.models import Project, ProjectYear, Workbook
from budgets.pages import open_book
from filings.models import Filing
from rulebook.findings import Finding


@dataclass(frozen=True, slots=True)
class ProjectCell:
    name: str
    label: str
    text: str
    original: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class ProjectRow:
    project: Project
    cells: tuple[ProjectCell, ...]


def project_rows(
    filing: Filing, projects: Iterable[Project], form: ProjectsForm
) -> list[ProjectRow]:
    """One row per project in force, with stored figures or, over them, what was just typed."""
    years = {year.project_id: year for year in ProjectYear.objects.filter(filing=filing)}
    return [
        ProjectRow(project, _cells(project, years.get(project.pk), form)) for project in projects
    ]


def project_findings(filing: Filing) -> list[Finding]:
    """What the checks say about the projects, in every unit's book."""
    found = Workbook.objects.filter(filing=filing).with_names()
    views = [open_book(book) for book in found.prefetch_related("cells", "withheld_rows")]
    return [
        finding
        for view in views
        for finding in view.findings
        if any(place.startswith("project/") for place in finding.places)
    ]


def _cells(
    project: Project, year: ProjectYear | None, form: ProjectsForm
) -> tuple[ProjectCell, ...]:
    cells = []
    for name, label in PROJECT_FIELDS.items():
        stored = figure_text(getattr(year, name) if year else None, form.unit)
        place = project.pk, name
        cells.append(
            ProjectCell(
                name=f"{project.pk}:{name}",
                label=f"{project.name} {label}",
                text=form.texts.get(place, stored),
                original=stored,
                error=form.errors.get(place, ""),
            )
        )
    return tuple(cells)
