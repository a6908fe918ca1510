"""What holds for the sentences of both books, whatever figures a department files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosures.facts import ReportFacts
from disclosures.narrative.budget import SECTIONS as BUDGET_SECTIONS
from disclosures.report.blocks import BoundFigure, Paragraph, Span
from disclosures.report.sections import SECTIONS
from rulebook.addresses import CellRef, cell_of, row_of
from rulebook.amounts import ZERO
from tests.disclosures.report.test_bindings import without_declared
from tests.disclosures.values import facts, package

ACCOUNTS_SECTIONS = (
    "organisation", "totals", "revenue", "expenditure", "appropriations",
    "general_public_overall", "general_public_structure", "general_public_items",
    "basic_expenditure", "government_fund", "state_capital", "three_public_overall",
    "three_public_details", "operating_funds", "procurement", "state_assets",
)  # fmt: skip
ABSENT = {"本年无支出", "本年没有安排"}
"""Formulas of a zero stated where last year or the budget had something and this year nothing."""
BOOKS = {"hongshan_2023": ACCOUNTS_SECTIONS, "jianghan_2023": tuple(BUDGET_SECTIONS)}
AMOUNT = st.one_of(
    st.none(),
    st.just(ZERO),
    st.decimals(Decimal("-1e9"), Decimal("1e9"), places=2, allow_nan=False),
    st.decimals(Decimal("0.01"), Decimal("60"), places=2, allow_nan=False),
)


@cache
def places(sample: str) -> tuple[CellRef, ...]:
    """Every cell with fixed keys, and those the sample fills."""
    known = facts(package(sample))
    fixed = (
        CellRef(sheet.key, row.key, column)
        for sheet in known.layout.sheets
        for row in sheet.rows
        for column in sheet.columns_of(row.key)
    )
    return tuple(sorted({*fixed, *known.figures}))


def is_count(known: ReportFacts, ref: CellRef) -> bool:
    row = known.layout.sheet(ref.sheet).row(ref.row)
    return row is not None and row.kind == "count"


def changes(sample: str) -> st.SearchStrategy[dict[CellRef, Decimal | None]]:
    """Up to forty cells to change or, with None, to empty."""
    return st.dictionaries(st.sampled_from(places(sample)), AMOUNT, max_size=40)


def changed(sample: str, cells: dict[CellRef, Decimal | None]) -> ReportFacts:
    """The sample with some cells changed; counts are whole and not negative."""
    known = facts(package(sample))
    figures = {ref: value for ref, value in known.figures.items() if ref not in cells}
    for ref, value in cells.items():
        if value is not None:
            figures[ref] = abs(value).to_integral_value() if is_count(known, ref) else value
    return replace(known, figures=figures)


def for_any_figures(sample: str, judge: Callable[[ReportFacts, Paragraph], None]) -> None:
    """Judge every generated paragraph of a book, whatever is filed in it."""

    @settings(max_examples=25, deadline=None)
    @given(changes(sample))
    def holds(cells: dict[CellRef, Decimal | None]) -> None:
        known = changed(sample, cells)
        for paragraph in generated(sample, known):
            judge(known, paragraph)

    holds()


def generated(sample: str, known: ReportFacts) -> Iterator[Paragraph]:
    for section in BOOKS[sample]:
        for block in SECTIONS[section](known):
            if isinstance(block, Paragraph) and block.origin == "generated":
                yield block


def value_at(known: ReportFacts, address: str) -> Decimal | None:
    """What stands at a cell or in a row of the projects; None for other kinds of address."""
    place, row = cell_of(address), row_of(address)
    if place is not None:
        return known.figures.get(place[1])
    if row is not None and row.list_key == "project_budgets":
        named = {project.code: project for project in known.lists.project_budgets}
        return getattr(named[row.row], row.field)
    return None


def sides(known: ReportFacts, figure: BoundFigure) -> Iterator[tuple[Decimal, Decimal]]:
    """Every way to part the cells of a figure in two: the current ones and those of the base."""
    values = [value_at(known, address) or ZERO for address in figure.addresses]
    for cut in range(len(values) + 1):
        yield sum(values[:cut], ZERO), sum(values[cut:], ZERO)


def recomputed(known: ReportFacts, figure: BoundFigure) -> Iterator[Decimal]:
    """The values its formula can give from its cells."""
    for current, base in sides(known, figure):
        if figure.formula in ABSENT:
            yield ZERO
        elif "−" in figure.formula and "÷" in figure.formula:
            yield from [] if base <= 0 else [(current - base) / base * 100]
        elif "÷" in figure.formula:
            yield from [] if base <= 0 else [current / base * 100]
        elif "−" in figure.formula:
            yield current - base
        else:
            yield current + base


def counts_records(figure: BoundFigure) -> bool:
    return figure.formula in {"记录数", "项目个数"}


def is_reason(figure: BoundFigure) -> bool:
    return figure.addresses[0].startswith("text/")


@pytest.mark.parametrize("sample", BOOKS)
def test_digits_stand_in_bound_figures_only(sample: str) -> None:
    def judge(known: ReportFacts, paragraph: Paragraph) -> None:
        for span in paragraph.spans:
            if isinstance(span, str):
                assert not re.search(r"\d", without_declared(span, known)), span

    for_any_figures(sample, judge)


@pytest.mark.parametrize("sample", BOOKS)
def test_every_figure_is_recomputed_from_its_addresses(sample: str) -> None:
    def judge(known: ReportFacts, paragraph: Paragraph) -> None:
        for figure in figures_of(paragraph):
            if counts_records(figure) or is_reason(figure):
                continue
            assert abs(figure.value) in {abs(v) for v in recomputed(known, figure)}, figure

    for_any_figures(sample, judge)


def figures_of(paragraph: Paragraph) -> list[BoundFigure]:
    return [span for span in paragraph.spans if isinstance(span, BoundFigure)]


@pytest.mark.parametrize("sample", BOOKS)
def test_nothing_other_than_zero_reads_as_zero(sample: str) -> None:
    def judge(known: ReportFacts, paragraph: Paragraph) -> None:
        for figure in figures_of(paragraph):
            zero = re.fullmatch(r"-?0(\.00)?%?", figure.text) is not None
            assert zero == (figure.value == 0), paragraph.text

    for_any_figures(sample, judge)


BROKEN = re.compile(r"[，；：、。]{2}|，$|（）|None|其中：。")
VERBS = {"增加": 1, "减少": -1, "增长": 1, "下降": -1}


def verbs(paragraph: Paragraph) -> Iterator[tuple[str, BoundFigure]]:
    """Each verb of change with the figure it stands before."""
    before: Span = ""
    for span in paragraph.spans:
        if isinstance(span, BoundFigure) and isinstance(before, str) and before[-2:] in VERBS:
            yield before[-2:], span
        before = span


@pytest.mark.parametrize("sample", BOOKS)
def test_the_verb_follows_the_sign(sample: str) -> None:
    def judge(known: ReportFacts, paragraph: Paragraph) -> None:
        for verb, figure in verbs(paragraph):
            changes = {v for v in recomputed(known, figure) if abs(v) == figure.value}
            assert any(change * VERBS[verb] > 0 for change in changes), paragraph.text

    for_any_figures(sample, judge)


@pytest.mark.parametrize("sample", BOOKS)
def test_no_sentence_is_broken(sample: str) -> None:
    def judge(known: ReportFacts, paragraph: Paragraph) -> None:
        assert not re.search(r"[，；：、。]{2}|，$|（）|None|其中：。", paragraph.text), (
            paragraph.text
        )

    for_any_figures(sample, judge)
