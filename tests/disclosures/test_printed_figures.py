"""Every amount and rate that can be read in the printed report is found in its data package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from budgets.checks import resolve
from disclosures.evaluate import evaluate, total_book
from disclosures.report.blocks import BoundFigure, Chart, Paragraph, Section
from rulebook.addresses import cell_address
from rulebook.amounts import half_up_2, in_wan
from tests.budgets.checks.books import sample
from tests.disclosures.papers import sample_paper

WRITTEN = re.compile(r"(?<![\d.])-?\d[\d,]*\.\d+")


def printed_text() -> str:
    return "\n".join(sample_paper().page_texts)


def amounts_of_cells() -> set[Decimal]:
    """Every entered and derived cell of the department, in 万元 as printed."""
    figures = resolve(total_book(sample())).values()
    projects = (
        amount
        for project in sample().projects
        for amount in (project.original_budget, project.revised_budget, project.actual)
        if amount is not None
    )
    return {in_wan(value) for value in (*(figure.value for figure in figures), *projects)}


def bound_figures() -> Iterator[BoundFigure]:
    def within(section: Section) -> Iterator[BoundFigure]:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield from (span for span in block.spans if isinstance(span, BoundFigure))
            elif isinstance(block, Chart):
                yield from (point.figure for point in block.points)
        for below in section.sections:
            yield from within(below)

    for section in evaluate(sample()).report.sections:
        yield from within(section)


def figures_of_scores() -> set[Decimal]:
    """Points, weights and everything a derivation states, from the stored scorecards, and the
    figures inside the targets and results as people typed them."""
    found: set[Decimal] = set()
    for card in evaluate(sample()).scorecards:
        texts = [step for line in card.lines for step in line.steps] + list(card.steps)
        texts += [typed for line in card.lines for entry in line.inputs for typed in (entry.typed,)]
        found |= {number for text in texts for number in numbers_in(text)}
        points = [value for line in card.lines for value in (line.earned, line.max_points)]
        found |= {value for value in (*points, card.total) if value is not None}
    for declaration in sample().declarations:
        for row in declaration.indicators:
            weights = (row.weight, row.tier_one_weight, row.tier_two_weight)
            found |= {weight for weight in weights if weight is not None}
        found |= {goal.weight for goal in declaration.goals if goal.weight is not None}
    return found


def numbers_in(text: str) -> Iterator[Decimal]:
    for written in WRITTEN.findall(text):
        yield Decimal(written.replace(",", ""))


def test_every_number_with_decimals_in_the_pdf_is_in_the_package() -> None:
    computed = {half_up_2(figure.value) for figure in bound_figures()}
    computed |= {in_wan(figure.value) for figure in bound_figures()}
    rates = {
        rate for card in evaluate(sample()).scorecards for rate in [card.execution_rate] if rate
    }
    known = amounts_of_cells() | computed | figures_of_scores() | {half_up_2(r) for r in rates}
    printed = list(numbers_in(printed_text()))
    assert len(printed) > 500
    assert {number for number in printed if number not in known} == set()


def test_a_figure_that_states_a_cell_is_that_cell() -> None:
    figures = resolve(total_book(sample()))
    book = sample().head.department_code
    cells = {cell_address(book, ref): figure.value for ref, figure in figures.items()}
    stated = [f for f in bound_figures() if not f.formula and f.addresses[0] in cells]
    assert len(stated) > 50
    wrong = [f for f in stated if f.value != cells[f.addresses[0]]]
    assert wrong == []


def test_every_address_a_sentence_names_exists() -> None:
    book = sample().head.department_code
    known = {cell_address(book, ref) for ref in resolve(total_book(sample()))}
    named = {a for f in bound_figures() for a in f.addresses if a.startswith("cell/")}
    blank = {a for f in bound_figures() if not f.value for a in f.addresses}
    assert named - known - blank == set()
