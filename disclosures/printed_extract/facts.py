"""PURE: what the filing knows, by address, for the lines of an extract to be held against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from budgets.checks import resolve
from budgets.checks.keys import PROCUREMENT, PROJECT_BUDGETS, PURCHASED_SERVICES
from budgets.workbook import (
    FUND_AMOUNTS,
    BudgetLists,
    PurchaseRow,
    WorkbookSnapshot,
    interval_sum,
    total_interval,
)
from disclosures.evaluate import total_book
from disclosures.filing_package import FilingPackage
from rulebook.addresses import (
    cell_address,
    cell_of,
    list_total_address,
    procurement_address,
    project_budget_address,
    purchased_service_address,
)
from rulebook.amounts import Interval
from rulebook.layouts import WorkbookLayout, load_layout

MONEY, COUNT, YEAR = "money", "count", "year"
YEAR_PLACE = "filing/fiscal_year"
PURCHASE_AMOUNTS = {
    PROCUREMENT: ("amount", "sme_amount", "micro_amount"),
    PURCHASED_SERVICES: ("amount",),
}
KINDS = frozenset({"cell", "list_total", "project_budget", "procurement", "purchased_service"})


@dataclass(frozen=True, slots=True)
class Known:
    """A number of the filing; ``kind`` is money (yuan), a count or a year."""

    address: str
    label: str
    figure: Interval
    kind: str


@dataclass(frozen=True)
class FilingFacts:
    """The filing's numbers and names."""

    package: FilingPackage

    @property
    def department(self) -> str:
        return self.package.head.department_code

    @cached_property
    def layout(self) -> WorkbookLayout:
        return load_layout(self.package.head.editions.layout)

    @cached_property
    def code_names(self) -> dict[str, str]:
        return {label.code: label.name for label in self.package.codes}

    @cached_property
    def unit_names(self) -> dict[str, str]:
        """Code → name of the department and its units."""
        head = self.package.head
        own = {head.department_code: head.department_name}
        return own | {book.book: book.name for book in self.package.books}

    @property
    def units(self) -> list[str]:
        return [book.book for book in self.package.books]

    @cached_property
    def project_names(self) -> dict[str, str]:
        named = {project.code: project.name for project in self.package.projects}
        return named | {row.code: row.name for row in self.package.project_budgets}

    def unit_of(self, declaration: str) -> str:
        """The unit a declaration belongs to: a project's unit, or the code itself."""
        return self._unit_of_project.get(declaration, declaration)

    @cached_property
    def _unit_of_project(self) -> dict[str, str]:
        found = {project.code: project.book for project in self.package.projects}
        return found | {row.code: row.book for row in self.package.project_budgets}

    @cached_property
    def figures(self) -> Mapping[str, Known]:
        """Address → number, the department's first."""
        found = (*_year(self.package), *self._totals(), *self._cells(), *self._rows())
        return {known.address: known for known in found}

    @cached_property
    def _books(self) -> tuple[WorkbookSnapshot, ...]:
        books = self.package.books
        return (total_book(self.package), *books) if books else ()

    def _cells(self) -> Iterator[Known]:
        for book in self._books:
            for ref, figure in sorted(resolve(book).items()):
                kind = self.layout.sheet(ref.sheet).kind_of(ref.row)
                label = f"{book.name} {self.layout.label_of(ref, self.code_names)}"
                yield Known(cell_address(book.book, ref), label, figure, kind)

    def _totals(self) -> Iterator[Known]:
        lists = self.package.lists
        for code, name in self.unit_names.items():
            yield from self._totals_of(
                code, name, lists if code == self.department else lists.of(code)
            )

    def _totals_of(self, code: str, name: str, lists: BudgetLists) -> Iterator[Known]:
        sums = {(PROJECT_BUDGETS, "total"): [row.sum_of() for row in lists.project_budgets]}
        for field in FUND_AMOUNTS:
            sums[PROJECT_BUDGETS, field] = [row.sum_of((field,)) for row in lists.project_budgets]
        for key, rows in _purchases(lists):
            for field in PURCHASE_AMOUNTS[key]:
                sums[key, field] = [interval_sum(row, (getattr(row, field),)) for row in rows]
        for (key, field), parts in sums.items():
            total = total_interval(parts)
            if total is not None:
                label = f"{name} {self._list_name(key)}合计 {self._column(key, field)}"
                yield Known(list_total_address(code, key, field), label, total, MONEY)

    def _list_name(self, key: str) -> str:
        return next((each.name for each in self.layout.lists if each.key == key), key)

    def _column(self, key: str, field: str) -> str:
        columns = [c for each in self.layout.lists if each.key == key for c in each.columns]
        return next((c.label for c in columns if c.key == field), "合计")

    def _rows(self) -> Iterator[Known]:
        for project in self.package.project_budgets:
            total = project.sum_of()
            if total is not None:
                label = f"{self._list_name(PROJECT_BUDGETS)} {project.name}"
                yield Known(project_budget_address(project.code, "total"), label, total, MONEY)
        for key, rows in _purchases(self.package.lists):
            for row in rows:
                yield from self._row(key, row)

    def _row(self, key: str, row: PurchaseRow) -> Iterator[Known]:
        address = procurement_address if key == PROCUREMENT else purchased_service_address
        for field in PURCHASE_AMOUNTS[key]:
            amount = interval_sum(row, (getattr(row, field),))
            if amount is not None:
                column = self._column(key, field)
                label = f"{row.book} {self._list_name(key)}第 {row.number} 行 {column}"
                yield Known(address(row.book, row.number, field), label, amount, MONEY)

    def is_address(self, states: str) -> bool:
        """Whether it is spelled as an address of a number, not as a person's own key."""
        return states == YEAR_PLACE or states.split("/")[0] in KINDS

    def is_empty_cell(self, address: str) -> bool:
        """Whether the filing has this cell, with nothing in it."""
        place = cell_of(address)
        if place is None or address in self.figures:
            return False
        book, ref = place
        return book in self.unit_names and self.layout.has_cell(ref)


def _purchases(lists: BudgetLists) -> Iterable[tuple[str, tuple[PurchaseRow, ...]]]:
    yield PROCUREMENT, tuple(lists.procurement)
    yield PURCHASED_SERVICES, tuple(lists.purchased_services)


def _year(package: FilingPackage) -> Iterator[Known]:
    year = Interval(Decimal(package.head.fiscal_year))
    yield Known(YEAR_PLACE, "预算（决算）年度", year, YEAR)
