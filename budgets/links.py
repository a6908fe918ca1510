"""From the address of a cell, or of a row of a list, to the page where it is entered."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.urls import reverse

from budgets.list_columns import column_at, columns_of
from budgets.models import ProjectBudgetLine
from filings.models import Filing
from rulebook.addresses import cell_of, row_of
from rulebook.layouts import load_layout

NO_OWNERS: Mapping[str, str] = MappingProxyType({})


def cell_link(filing: Filing, address: str, sole_book: str = "") -> str:
    """The cell on its sheet; of the department's sum, the page that opens it into its units.

    ``sole_book`` is the code of the department's unit where it has only one: its sheet then is
    where the department's figures are entered.
    """
    found = cell_of(address)
    if found is None:
        return reverse("work:filing_workbooks", args=[filing.public_id])
    book, ref = found
    if book == filing.department.code and sole_book:
        book = sole_book
    if book == filing.department.code:
        page = reverse("work:filing_department_sheet", args=[filing.public_id, ref.sheet])
    else:
        page = reverse("work:filing_sheet", args=[filing.public_id, book, ref.sheet])
    return f"{page}#cell-{ref.row}-{ref.column}"


def project_books(filing: Filing) -> dict[str, str]:
    """Code of each project in the filing's list of projects → code of the unit whose row it is."""
    rows = ProjectBudgetLine.objects.filter(filing=filing)
    return dict(rows.values_list("project__code", "project__unit__code"))


def row_link(filing: Filing, address: str, owners: Mapping[str, str] = NO_OWNERS) -> str:
    """The row on its unit's list. The address of a project names no unit: ``owners`` gives the
    code of it by the project's; of an unknown one the page of all books."""
    row = row_of(address)
    book = address.split("/")[1]
    if row is not None and book == row.row:
        book = owners.get(row.row, "")
    if row is None or not book:
        return reverse("work:filing_workbooks", args=[filing.public_id])
    page = reverse("work:filing_list", args=[filing.public_id, book, row.list_key])
    layout = load_layout(filing.layout_edition)
    column = column_at(columns_of(layout.list_named(row.list_key)), row.field)
    return f"{page}#cell-{row.row}-{column.key if column else row.field}"
