"""One figure changed by 0.01 changes exactly the figures that depend on it, and nothing else.

A sentence that says two amounts are equal is worded anew where they no longer are: the case names
its section, and there too every figure of another cell stays.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import TypeVar

import pytest

from budgets.checks import network_of
from budgets.workbook import ProcurementRow, ProjectBudget, WorkbookSnapshot
from disclosures.collect import records_of
from disclosures.evaluate import evaluate, total_book
from disclosures.filing_package import FilingPackage
from disclosures.report.blocks import BoundFigure, Cell, Chart, Paragraph, Section, Table
from performance.evaluation import EvaluationSnapshot
from performance.spending import spending_cells, spending_from
from rulebook.addresses import CellRef, RowRef, cell_address, cell_of, row_of
from rulebook.amounts import from_wan
from tests.disclosures.values import ROOT, package, sections_of

EXECUTION = "evaluation/department/execution/"
CENT = Decimal("0.01")  # 万元, the last decimal printed
Row = TypeVar("Row", ProjectBudget, ProcurementRow)


@dataclass(frozen=True)
class Case:
    """A filed figure by its address, the addresses of what follows from it, and the sections
    whose words follow too."""

    what: str
    sample: str
    figure: str
    reaches: tuple[str, ...] = ()
    restates: tuple[str, ...] = ()

    @property
    def filed(self) -> FilingPackage:
        return package(self.sample)

    @property
    def in_book(self) -> bool:
        return cell_of(self.figure) is not None

    @property
    def reached(self) -> frozenset[str]:
        """A cell of a unit's book stands in the department's too, with all that follows."""
        if not self.in_book:
            return frozenset((self.figure, *self.reaches))
        books = (self.figure.split("/")[1], self.filed.head.department_code)
        return frozenset(cell_address(book, ref) for book in books for ref in self.cells)

    @property
    def cells(self) -> frozenset[CellRef]:
        found = cell_of(self.figure)
        assert found is not None
        return frozenset((found[1], *(CellRef(*written.split("/")) for written in self.reaches)))

    @property
    def is_spending(self) -> bool:
        """Whether the self-evaluations read budget or spending from a reached cell."""
        spending = spending_cells(self.filed.head.editions.scoring)
        return self.in_book and not self.cells.isdisjoint(spending)


def cases() -> list[Case]:
    with (ROOT / "tests" / "cases" / "report" / "one_cell.toml").open("rb") as file:
        return [
            Case(**{key: tuple(v) if isinstance(v, list) else v for key, v in case.items()})
            for case in tomllib.load(file)["case"]
        ]


each_case = pytest.mark.parametrize("case", cases(), ids=lambda case: case.figure)
each_cell = pytest.mark.parametrize(
    "case", [case for case in cases() if case.in_book], ids=lambda case: case.figure
)
each_row = pytest.mark.parametrize(
    "case", [case for case in cases() if not case.in_book], ids=lambda case: case.figure
)


@dataclass(frozen=True)
class Piece:
    """Something printed: its text, the cells it says it comes from, how it follows from them."""

    text: str
    addresses: tuple[str, ...] = ()
    formula: str = ""

    def comes_from(self, case: Case) -> bool:
        return any(
            address in case.reached or (case.is_spending and address.startswith(EXECUTION))
            for address in self.addresses
        )

    @property
    def is_the_figure(self) -> bool:
        """Whether it states one filed or derived amount as it is."""
        return len(self.addresses) == 1 and not self.formula

    @property
    def is_words(self) -> bool:
        return not self.addresses


Pieces = dict[str, tuple[Piece, ...]]
"""Key of a section → what it prints, in order."""


def pieces(section: Section) -> Iterator[Piece]:
    yield Piece(section.heading)
    for block in section.blocks:
        match block:
            case Paragraph():
                yield from (_span(span) for span in block.spans)
            case Table():
                yield from (piece for row in block.body for piece in _row(row))
                yield from (Piece(note) for note in block.notes)
            case Chart():
                figures = [point.figure for point in block.points]
                addresses = tuple(a for figure in figures for a in figure.addresses)
                yield Piece(block.alternative_text, addresses, "替代文字")
                yield from map(_span, figures)


def _span(span: str | BoundFigure) -> Piece:
    return Piece(span) if isinstance(span, str) else Piece(span.text, span.addresses, span.formula)


def _row(cells: tuple[Cell, ...]) -> Iterator[Piece]:
    """The rate and the derivation of a score stand beside it, without an address of their own."""
    scored = tuple(cell.address for cell in cells if cell.address.startswith(EXECUTION))
    for cell in cells:
        if cell.address:
            yield Piece(cell.text, (cell.address,))
        else:
            yield Piece(cell.text, scored, "推导")


def printed(filed: FilingPackage) -> Pieces:
    return {section.key: tuple(pieces(section)) for section in sections_of(evaluate(filed).report)}


@cache
def before_and_after(case: Case) -> tuple[Pieces, Pieces]:
    before, after = printed(case.filed), printed(with_a_cent_more(case.filed, case.figure))
    assert list(before) == list(after)
    return before, after


def aligned(case: Case) -> list[tuple[Piece, Piece]]:
    """Every piece before and after, but for the sections worded anew."""
    before, after = before_and_after(case)
    kept = [key for key in before if key not in case.restates]
    return [pair for key in kept for pair in zip(before[key], after[key], strict=True)]


def with_a_cent_more(filed: FilingPackage, address: str) -> FilingPackage:
    found, row = cell_of(address), row_of(address)
    if found is not None:
        code, ref = found
        books = tuple(_with_cell(b, ref) if b.book == code else b for b in filed.books)
        changed = replace(filed, books=books)
    else:
        assert row is not None
        changed = _with_row(filed, address.split("/")[1], row)
    assert changed != filed
    return replace(changed, evaluations=tuple(_spending_again(changed)))


def _with_cell(book: WorkbookSnapshot, ref: CellRef) -> WorkbookSnapshot:
    cell = book.by_ref()[ref]
    assert cell.value
    return book.with_cells([replace(cell, value=cell.value + from_wan(CENT))])


def _with_row(filed: FilingPackage, first: str, row: RowRef) -> FilingPackage:
    """A project is found by its code, any other row by its unit and number."""
    if row.list_key == "project_budgets":
        changed = [_raised(p, row.field) if p.code == first else p for p in filed.project_budgets]
        return replace(filed, project_budgets=tuple(changed))
    assert row.list_key == "procurement"
    place = (first, int(row.row))
    rows = [_raised(r, row.field) if (r.book, r.number) == place else r for r in filed.procurement]
    return replace(filed, procurement=tuple(rows))


def _raised(row: Row, field: str) -> Row:
    return replace(row, **{field: getattr(row, field) + from_wan(CENT)})


def _spending_again(filed: FilingPackage) -> Iterator[EvaluationSnapshot]:
    """Budget and spending of an evaluation are read from the book whenever a filing is."""
    spending = spending_from(records_of(filed), filed.head.editions.scoring)
    for evaluation in filed.evaluations:
        budget, spent = spending[evaluation.subject]
        yield replace(evaluation, budget=budget, spent=spent)


def amount(text: str) -> Decimal:
    return Decimal(text.removesuffix("万元").replace(",", ""))


def words(found: Iterable[Piece]) -> list[Piece]:
    return [piece for piece in found if piece.is_words]


def stated(found: Pieces, case: Case) -> dict[str, set[Decimal]]:
    """Address of a reached figure → the amounts the report states for it."""
    amounts: dict[str, set[Decimal]] = {}
    for piece in (piece for section in found.values() for piece in section):
        if piece.is_the_figure and piece.addresses[0] in case.reached:
            amounts.setdefault(piece.addresses[0], set()).add(amount(piece.text))
    return amounts


@each_cell
def test_the_cells_that_follow_are_those_a_finance_officer_names(case: Case) -> None:
    _, figure = cell_of(case.figure) or ("", CellRef("", "", ""))
    assert network_of(total_book(case.filed)).reached_from([figure]) == case.cells


@each_row
def test_the_sums_that_follow_are_those_a_finance_officer_names(case: Case) -> None:
    pairs = [(old, new) for old, new in aligned(case) if old != new and old.is_the_figure]
    assert {address for old, _ in pairs for address in old.addresses} == case.reached


@each_case
def test_nothing_else_changes(case: Case) -> None:
    others = [pair for pair in aligned(case) if not pair[0].comes_from(case)]
    assert len(others) > 500
    assert [pair for pair in others if pair[0] != pair[1]] == []


@each_case
def test_words_change_only_where_two_amounts_are_no_longer_equal(case: Case) -> None:
    before, after = before_and_after(case)
    assert [key for key in before if words(before[key]) != words(after[key])] == [*case.restates]


@each_case
def test_what_is_worded_anew_still_states_every_other_figure(case: Case) -> None:
    before, after = before_and_after(case)
    for key in case.restates:
        others = [p for p in before[key] if not p.is_words and not p.comes_from(case)]
        assert Counter(others) <= Counter(after[key])


@each_cell
def test_a_derivation_beside_a_score_changes_only_with_the_spending(case: Case) -> None:
    changed = [pair for pair in aligned(case) if pair[0] != pair[1] and pair[0].formula == "推导"]
    assert bool(changed) == (case.is_spending and bool(case.filed.evaluations))


@each_case
def test_every_statement_of_such_a_figure_is_a_cent_more(case: Case) -> None:
    before, after = (stated(found, case) for found in before_and_after(case))
    assert before
    assert after == {address: {a + CENT for a in amounts} for address, amounts in before.items()}
