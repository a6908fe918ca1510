"""PURE: the fiscal checks of a workbook, and its figures resolved.

The kind of a book, final accounts or budget, says which relations hold in it. ``ALL_CHECKS`` is
the concatenation; ids are printed and never reused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from budgets.aggregate import department_book, outward_book
from budgets.checks.budget import BUDGET_WITHIN_CHECKS
from budgets.checks.budget_across import BUDGET_ACROSS_CHECKS
from budgets.checks.budget_lists import LIST_CHECKS, judge_lists
from budgets.checks.final_accounts import WITHIN_CHECKS
from budgets.checks.final_accounts_across import ACROSS_CHECKS
from budgets.checks.projects import PROJECT_CHECKS, check_projects
from budgets.checks.services_procured import SERVICE_PROCURED, judge_services
from budgets.checks.units import UNIT_CHECKS, check_units
from budgets.checks.unprinted import UNPRINTED_CHECKS
from budgets.checks.year_on_year import BUDGET_YEAR_ON_YEAR_CHECKS, YEAR_ON_YEAR_CHECKS
from budgets.workbook import BudgetLists, ProjectSnapshot, WorkbookSnapshot
from rulebook.addresses import CellRef
from rulebook.amounts import Interval
from rulebook.checks import Check, Context, Figures, run_checks
from rulebook.findings import Finding
from rulebook.layouts import WorkbookLayout, load_layout
from rulebook.network import CodeRows, Network, build, code_rows_of

FINAL_ACCOUNTS, BUDGET = "departmental_final_accounts", "departmental_budget"
RELATION_CHECKS: Mapping[str, tuple[Check, ...]] = {
    FINAL_ACCOUNTS: (
        *WITHIN_CHECKS,
        *UNPRINTED_CHECKS,
        *ACROSS_CHECKS,
        *YEAR_ON_YEAR_CHECKS,
    ),
    BUDGET: (*BUDGET_WITHIN_CHECKS, *BUDGET_ACROSS_CHECKS, *BUDGET_YEAR_ON_YEAR_CHECKS),
}
"""Kind of layout → the relations that hold in such a book."""
ALL_CHECKS: tuple[Check, ...] = (
    *RELATION_CHECKS[FINAL_ACCOUNTS],
    *PROJECT_CHECKS,
    *RELATION_CHECKS[BUDGET],
    *LIST_CHECKS,
    SERVICE_PROCURED,
    *UNIT_CHECKS,
)

KEPT_NETWORKS = 64
"""Compiled networks a process keeps, one for each set of codes: a region has thousands of sets,
and one large network takes megabytes."""


def relation_checks_of(layout: WorkbookLayout) -> tuple[Check, ...]:
    """The relations that hold in the books of a layout."""
    return RELATION_CHECKS[layout.edition.kind]


@lru_cache(maxsize=KEPT_NETWORKS)
def _network(layout_id: str, code_rows: CodeRows) -> Network:
    layout = load_layout(layout_id)
    return build(layout, relation_checks_of(layout), code_rows)


def network_of(book: WorkbookSnapshot) -> Network:
    """The compiled relations for the codes this book uses; kept per layout and set of codes."""
    layout = load_layout(book.layout)
    used = {(cell.sheet, cell.row) for cell in book.cells}
    used |= {(rest.sheet, rest.row) for rest in book.remainders}
    return _network(book.layout, code_rows_of(layout, used))


def _added(book: WorkbookSnapshot) -> dict[CellRef, Interval]:
    """What the withheld rows of a public book add to each total."""
    added: dict[CellRef, Interval] = {}
    for rest in book.remainders:
        ref = CellRef(rest.sheet, rest.row, rest.column)
        added[ref] = added.get(ref, Interval(Decimal(0))).plus(Interval(rest.amount))
    return added


def resolve(book: WorkbookSnapshot) -> dict[CellRef, Interval]:
    """Entered and derived figures of a book, in yuan or counts; an absent cell is empty."""
    entered = {c.ref: c.interval(c.value) for c in book.cells if c.value is not None}
    return network_of(book).derive(entered, _added(book))


def context_of(book: WorkbookSnapshot, figures: Figures, code_names: Mapping[str, str]) -> Context:
    """What the checks look at: imported totals are kept beside the derived ones."""
    return Context(
        book=book.book,
        book_kind=book.unit_kind,
        layout=load_layout(book.layout),
        figures=figures,
        evidence={c.ref: c.interval(c.evidence) for c in book.cells if c.evidence is not None},
        added=_added(book),
        code_names=code_names,
    )


def check_book(
    book: WorkbookSnapshot,
    projects: Sequence[ProjectSnapshot],
    code_names: Mapping[str, str],
    *,
    fiscal_year: int,
    only: Iterable[CellRef] | None = None,
    figures: Figures | None = None,
) -> list[Finding]:
    """All findings of one book with its projects. ``only`` re-checks what an edit touches.

    ``figures`` are those of :func:`resolve` where the caller has them already.
    """
    context = context_of(book, resolve(book) if figures is None else figures, code_names)
    relations = relation_checks_of(context.layout)
    checks = [check for check in relations if check.holds_in(fiscal_year)]
    findings = run_checks(checks, network_of(book), context, only)
    if context.layout.edition.kind != FINAL_ACCOUNTS:
        return findings
    return findings + check_projects(projects, context)


def check_lists(
    book: WorkbookSnapshot,
    lists: BudgetLists,
    code_names: Mapping[str, str],
    *,
    figures: Figures | None = None,
) -> list[Finding]:
    """The findings between one unit's book and its lists of projects and purchases.

    ``figures`` are those of :func:`resolve` where the caller has them already.
    """
    known = resolve(book) if figures is None else figures
    context, own = context_of(book, known, code_names), lists.of(book.book)
    return [*judge_lists(own, context), *judge_services(own, context)]


def check_units_of(books: Sequence[WorkbookSnapshot]) -> list[Finding]:
    """The findings between the units of a department; nothing for a filing without books."""
    if not books:
        return []
    outward = [outward_book(book) for book in books]
    return check_units(
        [(book, resolve(book)) for book in books],
        [(book, resolve(book)) for book in outward],
        resolve(department_book(books, "", "")),
        load_layout(books[0].layout),
    )
