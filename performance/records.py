"""What a form prints from records: names, codes, the money of a department, the score."""

from __future__ import annotations

from decimal import Decimal

from budgets.aggregate import department_book
from budgets.checks import resolve
from budgets.checks.keys import EXPENDITURE
from budgets.snapshots import books_of
from filings.models import Filing
from performance.evaluation import DEPARTMENT
from performance.models import TargetDeclaration
from performance.overview import Evaluated
from performance.scoring.steps import plain
from rulebook.addresses import CellRef
from rulebook.amounts import in_wan


def record_values(filing: Filing, evaluated: Evaluated) -> dict[str, str]:
    """Source of a record's field → its text, empty where the record does not say."""
    declaration, card = evaluated.row.declaration, evaluated.scorecard
    values = {
        "department.name": filing.department.name_in(filing.fiscal_year_id),
        "score.total": "" if card.total is None else f"{card.total:.2f}",
        "score.grade": card.grade or "",
        **_subject(filing, declaration),
    }
    if evaluated.snapshot.subject == DEPARTMENT:
        values |= _parts(filing)
    return values


def _subject(filing: Filing, declaration: TargetDeclaration) -> dict[str, str]:
    if declaration.project:
        project = declaration.project
        unit = project.unit.name_in(filing.fiscal_year_id)
        return {"project.name": project.name, "project.code": project.code, "unit.name": unit}
    if declaration.unit:
        return {"subject.name": declaration.unit.name_in(filing.fiscal_year_id)}
    return {"subject.name": filing.department.name_in(filing.fiscal_year_id)}


def _parts(filing: Filing) -> dict[str, str]:
    """基本支出 and 项目支出 of the department in 万元."""
    books = books_of(filing)
    if not books:
        return {}
    figures = resolve(department_book(books, DEPARTMENT, ""))
    found = {}
    for part in ("basic", "project"):
        ref = CellRef(EXPENDITURE, "total", part)
        if ref in figures:
            found[f"spending.{part}"] = _wan(figures[ref].value)
    return found


def _wan(yuan: Decimal) -> str:
    return plain(in_wan(yuan))
