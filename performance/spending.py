"""Budget (A) and spending (B) of every subject of a filing: from cells and projects, never typed.

Which cells stand for the department as a whole is data of the scoring edition (``[spending]``).
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from filings.models import Filing
from performance.evaluation import DEPARTMENT
from performance.form_figures import FilingRecords
from performance.records import records_of
from performance.scoring.parameters import FAMILY
from performance.snapshots import Money
from rulebook.addresses import CellRef
from rulebook.editions import edition_path, read_toml


def spending_of(filing: Filing) -> dict[str, Money]:
    """Subject → (A, B) in yuan: the department from its book, each project from its record."""
    return spending_from(records_of(filing), filing.scoring_edition)


def spending_from(records: FilingRecords, edition_id: str) -> dict[str, Money]:
    """The same from records already read."""
    money = {each.code: (each.revised_budget, each.actual) for each in records.projects}
    figures = records.figures(DEPARTMENT)

    def value(ref: CellRef) -> Decimal | None:
        return figures[ref].value if ref in figures else None

    budget, spent = spending_cells(edition_id)
    return {DEPARTMENT: (value(budget), value(spent)), **money}


@cache
def spending_cells(edition_id: str) -> tuple[CellRef, CellRef]:
    """The cells of A and B of a department in a scoring edition."""
    table = read_toml(edition_path(FAMILY, edition_id))["spending"]
    return CellRef(*table["budget"].split("/")), CellRef(*table["spent"].split("/"))
