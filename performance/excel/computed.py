"""PURE: the grey cells of a form's sheet: records, sums, shares, rates and points, as printed.

They stand under the keys of :mod:`performance.excel.layout`, and so does an amount that people
type in other forms but that here a record says: it is grey as well, and never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from performance.evaluation import FormAmount, GoalSnapshot
from performance.excel.layout import SHARE
from performance.excel.pages import Computed, FormPage
from performance.form_figures import (
    AMOUNT,
    FilingRecords,
    FormFigures,
    ProjectLine,
    form_figures,
    frequency_word,
)
from performance.form_money import FormMoney, typed_amounts
from performance.scoring.parameters import Component, ScoringParameters
from performance.scoring.scorecard import Scorecard, ScoreLine
from performance.scoring.steps import plain
from rulebook.amounts import half_up, half_up_2, rate
from rulebook.forms import BlockKind, FormBlock, FormEdition, FormRow, load_form

Cells = Iterator[tuple[str, str | Decimal | None]]


Spending = tuple[Decimal | None, Decimal | None]
"""Budget (A) and spending (B) of a subject, in yuan."""


def with_computed(
    page: FormPage,
    records: FilingRecords,
    spending: Spending,
    card: Scorecard | None,
    parameters: ScoringParameters,
) -> FormPage:
    """A page with its grey cells; ``card`` is the score of its self-evaluation."""
    form, declaration = load_form(page.form), page.declaration
    figures = form_figures(form, page.subject, records, card, page.name)
    filed = page.evaluation if page.evaluates else declaration
    amounts = filed.amounts if filed else ()
    cells = dict(_recorded(form, figures, amounts))
    if page.evaluates:
        goals = declaration.goals if declaration else ()
        cells |= _scored(form, goals, amounts, spending, card, parameters.rate_decimals)
    return replace(
        page, computed=cells, projects=[_listed(form, line) for line in figures.projects]
    )


def _recorded(form: FormEdition, figures: FormFigures, amounts: Iterable[FormAmount]) -> Computed:
    """Names and sums of fields, and the amounts nobody types with their shares."""
    money = FormMoney(figures, typed_amounts(amounts))
    found = _known((f"field/{key}", text.text) for key, text in figures.texts.items())
    found |= _known((f"field/{key}", each.amount.value) for key, each in figures.sums.items())
    for block in (*form.blocks_of(BlockKind.MONEY), *form.blocks_of(BlockKind.SOURCES)):
        found |= _known(_amounts(block, money))
    return found


def _known(cells: Iterable[tuple[str, str | Decimal | None]]) -> dict[str, str | Decimal]:
    return {key: value for key, value in cells if value not in (None, "")}


def _amounts(block: FormBlock, money: FormMoney) -> Cells:
    columns = [column.key for column in block.columns]
    if block.kind is BlockKind.SOURCES:
        columns = [AMOUNT]
    for row in block.rows:
        for column in columns:
            key = f"amount/{block.key}/{row.key}/{column}"
            if column == SHARE:
                yield key, money.share(block, row)
            elif not money.is_typed(block, row, column):
                yield key, money.of(block, row, column)


def _scored(
    form: FormEdition,
    goals: Iterable[GoalSnapshot],
    amounts: Iterable[FormAmount],
    spending: Spending,
    card: Scorecard | None,
    rate_decimals: int,
) -> Computed:
    """What a self-evaluation adds: budget, spending and rate, and the points of its lines."""
    typed = typed_amounts(amounts)
    found: dict[str, str | Decimal] = {}
    for block in form.blocks_of(BlockKind.EXECUTION):
        for row in block.rows:
            levels = (typed.get((block.key, row.key, c)) for c in ("budget", "spent"))
            budget, spent = spending if row.is_total else levels
            found |= _known(_execution(block, row, budget, spent, rate_decimals))
        scored = card.line(Component.EXECUTION.value) if card else None
        place = f"amount/{block.key}/{block.rows[0].key}"  # once, beside all levels
        found |= _known([(f"{place}/points", _points(scored))])
        found |= _known([(f"{place}/weight", plain(scored.max_points) if scored else "")])
    return found | (_known(_of_card(goals, card)) if card else {})


def _execution(
    block: FormBlock,
    row: FormRow,
    budget: Decimal | None,
    spent: Decimal | None,
    rate_decimals: int,
) -> Cells:
    place = f"amount/{block.key}/{row.key}"
    if row.is_total:
        yield f"{place}/budget", budget
        yield f"{place}/spent", spent
    done = rate(spent, budget)
    yield f"{place}/rate", "" if done is None else f"{half_up(done, rate_decimals)}%"


def _of_card(goals: Iterable[GoalSnapshot], card: Scorecard) -> Cells:
    """Points of the total, the objective and the indicators; those of a block stand once for each
    goal, beside its first row."""
    yield "points/total", "" if card.total is None else f"{half_up_2(card.total)}"
    yield "points/objective", _points(card.line(Component.OBJECTIVE.value))
    whole = card.line(Component.INDICATORS.value)
    for goal in goals:
        for row in goal.indicators if whole is None else goal.indicators[:1]:
            yield f"points/{row.key}", _points(card.line(row.key) if whole is None else whole)


def _points(line: ScoreLine | None) -> str:
    return "" if line is None or line.points is None else f"{half_up_2(line.points)}"


def _listed(form: FormEdition, line: ProjectLine) -> Computed:
    """A row of the department's list of projects, by column."""
    cells: dict[str, str | Decimal | None] = {
        "name": line.name,
        "kind": line.kind.label,
        "frequency": frequency_word(form, line.frequency),
        "total_budget": line.total_budget.value if line.total_budget else None,
        "budget": line.budget.value if line.budget else None,
        "main_use": line.main_use,
    }
    return _known(cells.items())
