"""Budget (A) and spending (B) of every subject of a filing: from cells and projects, never typed.

Which cells stand for the department as a whole is data of the scoring edition (``[spending]``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache

from budgets.aggregate import department_book
from budgets.checks import resolve
from budgets.snapshots import books_of, projects_of
from budgets.workbook import ProjectSnapshot, WorkbookSnapshot
from filings.models import Filing
from performance.evaluation import DEPARTMENT
from performance.scoring.parameters import FAMILY
from performance.snapshots import UNKNOWN, Money
from rulebook.addresses import CellRef
from rulebook.editions import edition_path, read_toml


def spending_of(filing: Filing) -> dict[str, Money]:
    """Subject → (A, B) in yuan: the department from its book, each project from its record."""
    return spending_from(books_of(filing), projects_of(filing), filing.scoring_edition)


def spending_from(
    books: Sequence[WorkbookSnapshot], projects: Iterable[ProjectSnapshot], edition_id: str
) -> dict[str, Money]:
    """The same from values already read."""
    money = {project.code: (project.revised_budget, project.actual) for project in projects}
    return {DEPARTMENT: _of_department(books, edition_id), **money}


def _of_department(books: Sequence[WorkbookSnapshot], edition_id: str) -> Money:
    if not books:
        return UNKNOWN
    figures = resolve(department_book(books, DEPARTMENT, ""))

    def value(ref: CellRef) -> Decimal | None:
        return figures[ref].value if ref in figures else None

    budget, spent = spending_cells(edition_id)
    return value(budget), value(spent)


@cache
def spending_cells(edition_id: str) -> tuple[CellRef, CellRef]:
    """The cells of A and B of a department in a scoring edition."""
    table = read_toml(edition_path(FAMILY, edition_id))["spending"]
    return CellRef(*table["budget"].split("/")), CellRef(*table["spent"].split("/"))
