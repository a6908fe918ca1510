"""No figure of a generated sentence is typed: digits stand in bound figures only."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from disclosures.facts import ReportFacts
from disclosures.lints import written_texts
from disclosures.report.blocks import BoundFigure, Chart, Paragraph, Table
from disclosures.report.compose import compose
from rulebook.addresses import cell_of
from rulebook.amounts import half_up_2, in_wan
from tests.disclosures.values import ACCOUNTS_SAMPLES, ALL_SAMPLES, blocks_of, facts, package

# Years, the last day of one, numbers of lists, and names that hold digits.
LIST_NUMBER = re.compile(r"^(\d+\.|（\d）)")
LITERALS = ("12月31日", "单位价值100万元以上设备")


def without_declared(text: str, known: ReportFacts) -> str:
    """A literal span without years, list numbers and what people or catalogues wrote."""
    declared = [written.body.strip().rstrip("。；，") for written in written_texts(known)]
    declared += [label.name for label in known.code_labels.values()]
    declared += [label.definition for label in known.code_labels.values()]
    declared += [each.evaluation.title for each in known.evaluations]
    targets = [each.evaluation.declaration for each in known.evaluations]
    declared += [row.name for declaration in targets for row in declaration.indicators]
    declared += [*known.unit_names, *(project.name for project in known.lists.project_budgets)]
    declared += [row.content for row in known.lists.purchased_services]
    for name in sorted(filter(None, declared), key=len, reverse=True):
        text = text.replace(name, "")
    for year in (known.year, known.prior_year):
        text = text.replace(f"{year}年", "")
    for literal in LITERALS:
        text = text.replace(literal, "")
    return LIST_NUMBER.sub("", text)


@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_digits_stand_in_bound_figures_only(name):
    known = facts(package(name))
    generated = [
        block
        for block in blocks_of(compose(known))
        if isinstance(block, Paragraph) and block.origin == "generated"
    ]
    assert generated
    for paragraph in generated:
        for span in paragraph.spans:
            if isinstance(span, str):
                assert not re.search(r"\d", without_declared(span, known)), span


def bound_figures(known: ReportFacts) -> list[BoundFigure]:
    found: list[BoundFigure] = []
    for block in blocks_of(compose(known)):
        if isinstance(block, Paragraph):
            found += [span for span in block.spans if isinstance(span, BoundFigure)]
        elif isinstance(block, Chart):
            found += [point.figure for point in block.points]
    return found


@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_a_figure_without_formula_is_its_cell(name):
    known = facts(package(name))
    for figure in bound_figures(known):
        assert figure.addresses
        place = cell_of(figure.addresses[0])
        if not figure.formula and place is not None:
            assert known.figures[place[1]] == figure.value


@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_the_printed_digits_are_the_value(name):
    for figure in bound_figures(facts(package(name))):
        digits = figure.text.removesuffix("%").removesuffix("万元")
        if "不足" in digits:
            assert abs(figure.value) < 50
        elif figure.unit == "万元":
            assert Decimal(digits) == in_wan(figure.value)
        else:
            assert Decimal(digits) == half_up_2(figure.value)


@pytest.mark.parametrize("name", ACCOUNTS_SAMPLES)
def test_every_amount_of_a_sheet_has_its_address(name):
    known = facts(package(name))
    tables = [block for block in blocks_of(compose(known)) if isinstance(block, Table)]
    statutory = [table for table in tables if table.style == "statutory"]
    assert [table.number for table in statutory] == [f"公开0{n}表" for n in range(1, 10)]
    for table in statutory:
        for cell in (cell for row in table.body for cell in row):
            place = cell_of(cell.address) if cell.address else None
            if place is None:
                assert not re.search(r"\d\.\d\d", cell.text)
                continue
            value = known.figures.get(place[1])
            printed = "" if value is None else f"{in_wan(value):,.2f}"
            assert cell.text == printed
