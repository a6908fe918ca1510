"""From the address of a cell to the page where it is entered."""

from __future__ import annotations

from django.urls import reverse

from filings.models import Filing
from rulebook.addresses import cell_of


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
