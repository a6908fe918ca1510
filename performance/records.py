"""The records of a filing that its forms print from and its scores are computed with."""

from __future__ import annotations

from budgets.lists import lists_of
from budgets.snapshots import books_of, projects_of
from budgets.workbook import BudgetLists
from filings.models import Filing
from performance.form_figures import FilingRecords


def records_of(filing: Filing, lists: BudgetLists | None = None) -> FilingRecords:
    """Books, projects and the list of projects of a filing; a constant number of queries.
    ``lists`` are the filing's where they have been read already."""
    return FilingRecords(
        fiscal_year=filing.fiscal_year_id,
        department_code=filing.department.code,
        department_name=filing.department.name_in(filing.fiscal_year_id),
        books=books_of(filing),
        project_budgets=tuple((lists or lists_of(filing)).project_budgets),
        projects=projects_of(filing),
    )
