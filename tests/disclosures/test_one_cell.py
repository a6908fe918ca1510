"""One cell changed by 0.01 changes exactly the figures that depend on it, and nothing else."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest

from budgets.checks import network_of
from disclosures.collect import records_of
from disclosures.evaluate import evaluate, total_book
from disclosures.filing_package import FilingPackage
from disclosures.report.blocks import BoundFigure, Cell, Chart, Paragraph, Report, Table
from performance.evaluation import EvaluationSnapshot
from performance.spending import spending_cells, spending_from
from rulebook.addresses import CellRef, cell_of
from rulebook.amounts import from_wan
from tests.disclosures.values import ROOT, blocks_of, package, sections_of

EXECUTION = "evaluation/department/execution/"
CENT = Decimal("0.01")  # 万元, the last decimal printed


def cases() -> list[dict[str, Any]]:
    with (ROOT / "tests" / "cases" / "report" / "one_cell.toml").open("rb") as file:
        return tomllib.load(file)["case"]


each_case = pytest.mark.parametrize("case", cases(), ids=lambda case: case["cell"])


@dataclass(frozen=True)
class Piece:
    """Something printed: its text, the cells it says it comes from, how it follows from them."""

    text: str
    addresses: tuple[str, ...] = ()
    formula: str = ""

    def comes_from(self, cells: set[CellRef]) -> bool:
        spent = not cells.isdisjoint(spending_cells(package().head.editions.scoring))
        return any(
            found[1] in cells if found else spent and address.startswith(EXECUTION)
            for address, found in ((a, cell_of(a)) for a in self.addresses)
        )

    @property
    def is_the_cell(self) -> bool:
        """Whether it states one cell's own value."""
        return (
            len(self.addresses) == 1 and not self.formula and cell_of(*self.addresses) is not None
        )


def pieces(report: Report) -> Iterator[Piece]:
    yield from (Piece(section.heading) for section in sections_of(report))
    for block in blocks_of(report):
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


def ref_of(written: str) -> CellRef:
    return CellRef(*written.split("/"))


def with_a_cent_more(filed: FilingPackage, ref: CellRef) -> FilingPackage:
    (book,) = filed.books
    cells = tuple(
        replace(cell, value=cell.value + from_wan(CENT)) if cell.ref == ref and cell.value else cell
        for cell in book.cells
    )
    assert cells != book.cells
    books = (replace(book, cells=cells),)
    changed = replace(filed, books=books)
    return replace(changed, evaluations=tuple(_spending_again(changed)))


def _spending_again(filed: FilingPackage) -> Iterator[EvaluationSnapshot]:
    """Budget and spending of an evaluation are read from the book whenever a filing is."""
    spending = spending_from(records_of(filed), filed.head.editions.scoring)
    for evaluation in filed.evaluations:
        budget, spent = spending[evaluation.subject]
        yield replace(evaluation, budget=budget, spent=spent)


def reached(case: dict[str, Any]) -> set[CellRef]:
    return {ref_of(case["cell"]), *map(ref_of, case["reaches"])}


def changes(case: dict[str, Any]) -> list[tuple[Piece, Piece]]:
    """Every printed piece before and after."""
    filed = package(case["sample"])
    changed = with_a_cent_more(filed, ref_of(case["cell"]))
    before, after = (list(pieces(evaluate(each).report)) for each in (filed, changed))
    return list(zip(before, after, strict=True))


def amount(text: str) -> Decimal:
    return Decimal(text.removesuffix("万元").replace(",", ""))


@each_case
def test_the_cells_that_follow_are_those_a_finance_officer_names(case: dict[str, Any]) -> None:
    network = network_of(total_book(package(case["sample"])))
    assert network.reached_from([ref_of(case["cell"])]) == reached(case)


@each_case
def test_nothing_else_changes(case: dict[str, Any]) -> None:
    cells = reached(case)
    others = [pair for pair in changes(case) if not pair[0].comes_from(cells)]
    assert len(others) > 1000
    assert [pair for pair in others if pair[0] != pair[1]] == []


@each_case
def test_a_derivation_beside_a_score_changes_only_with_the_spending(case: dict[str, Any]) -> None:
    changed = [pair for pair in changes(case) if pair[0] != pair[1] and pair[0].formula == "推导"]
    spending = spending_cells(package(case["sample"]).head.editions.scoring)
    assert bool(changed) == (not reached(case).isdisjoint(spending))


@each_case
def test_every_statement_of_such_a_cell_is_a_cent_more(case: dict[str, Any]) -> None:
    cells = reached(case)
    stated = [pair for pair in changes(case) if pair[0].comes_from(cells) and pair[0].is_the_cell]
    assert stated
    assert {amount(after.text) - amount(before.text) for before, after in stated} == {CENT}
