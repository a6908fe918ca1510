"""Every amount and rate that can be read in the printed report is found in its data package."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import chain

import pytest

from budgets.checks import resolve
from disclosures.evaluate import evaluate, total_book
from disclosures.report.blocks import BoundFigure, Chart, Paragraph, Report, Table
from performance.scoring import Scorecard
from rulebook.addresses import cell_address
from tests.budgets.checks.books import sample
from tests.disclosures.papers import official
from tests.disclosures.pdf_facts import page_texts
from tests.disclosures.values import ROOT, blocks_of, package

BOOKS = ("hongshan_2023", "jianghan_2023")
NUMBER = r"(?<![\d.,])-?\d[\d,]*"
WRITTEN = re.compile(rf"{NUMBER}(?:\.\d+)?(?:%|万元)|{NUMBER}\.\d+(?![\d.])")


def allowed() -> dict[str, str]:
    """Figure → the reason it may stand without a source."""
    with (ROOT / "tests" / "cases" / "report" / "unbound_figures.toml").open("rb") as file:
        return {entry["figure"]: entry["reason"] for entry in tomllib.load(file)["figure"]}


def written_in(text: str) -> Iterator[str]:
    """Amounts and rates, as printed but for separators and 万元."""
    for found in WRITTEN.findall(text):
        yield found.replace(",", "").removesuffix("万元")


@cache
def printed(name: str) -> Counter[str]:
    return Counter(written_in("\n".join(page_texts(official(name)))))


@cache
def sources(name: str) -> frozenset[str]:
    """The figures of everything in the report that says where it comes from."""
    results = evaluate(package(name))
    texts = chain(with_address(results.report), in_free_passages(results.report))
    derivations = chain.from_iterable(map(of_scorecard, results.scorecards))
    return frozenset(found for text in chain(texts, derivations) for found in written_in(text))


def with_address(report: Report) -> Iterator[str]:
    """Cells and bound figures, with and without their unit."""
    for figure in bound_figures(report):
        yield f"{figure.text.removesuffix(figure.unit)}{figure.unit}"
        yield figure.text
    for block in blocks_of(report):
        if isinstance(block, Table):
            cells = (cell for row in block.body for cell in row if cell.address)
            for cell in cells:
                yield cell.text
                yield f"{cell.text}万元"


def in_free_passages(report: Report) -> Iterator[str]:
    """What people typed is in the package, and linted."""
    for block in blocks_of(report):
        if isinstance(block, Paragraph) and block.origin == "free":
            yield block.text


def of_scorecard(card: Scorecard) -> Iterator[str]:
    """Steps and weights of a derivation, which the package holds line by line."""
    yield from card.steps
    for line in card.lines:
        yield from line.steps
        yield f"{line.max_points}"


def bound_figures(report: Report) -> Iterator[BoundFigure]:
    for block in blocks_of(report):
        if isinstance(block, Paragraph):
            yield from (span for span in block.spans if isinstance(span, BoundFigure))
        elif isinstance(block, Chart):
            yield from (point.figure for point in block.points)


@pytest.mark.parametrize("name", BOOKS)
def test_every_amount_and_rate_in_the_pdf_has_a_source(name: str) -> None:
    known = sources(name) | allowed().keys()
    assert {figure: times for figure, times in printed(name).items() if figure not in known} == {}


def test_the_pdf_is_read_for_its_figures() -> None:
    assert printed("hongshan_2023").total() > 1000
    assert {"72114.75", "71485.36", "98.66%"} <= printed("hongshan_2023").keys()


def test_every_entry_of_the_allow_list_is_needed() -> None:
    needed = {figure for name in BOOKS for figure in printed(name).keys() - sources(name)}
    assert allowed().keys() == needed
    assert all(allowed().values())


def test_a_figure_that_states_a_cell_is_that_cell() -> None:
    figures = resolve(total_book(sample()))
    book = sample().head.department_code
    cells = {cell_address(book, ref): figure.value for ref, figure in figures.items()}
    stated = [
        f
        for f in bound_figures(evaluate(sample()).report)
        if not f.formula and f.addresses[0] in cells
    ]
    assert len(stated) > 50
    wrong = [f for f in stated if f.value != cells[f.addresses[0]]]
    assert wrong == []


def test_every_address_a_sentence_names_exists() -> None:
    book = sample().head.department_code
    known = {cell_address(book, ref) for ref in resolve(total_book(sample()))}
    named = {
        a
        for f in bound_figures(evaluate(sample()).report)
        for a in f.addresses
        if a.startswith("cell/")
    }
    blank = {
        a for f in bound_figures(evaluate(sample()).report) if not f.value for a in f.addresses
    }
    assert named - known - blank == set()
