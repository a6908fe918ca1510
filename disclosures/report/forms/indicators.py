"""PURE: the block of indicators: goals, tiers, and a row for each third-tier indicator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from disclosures.report.blocks import Cell
from disclosures.report.forms.form import FiledForm, plain, scored_points, weighted
from disclosures.report.forms.grid import WHOLE, Line, divided, label, line, tier
from disclosures.report.forms.parts import GROUP, MARGIN, ROOM, column_heads
from performance.evaluation import GoalSnapshot, IndicatorSnapshot
from rulebook.addresses import declaration_address, evaluation_address
from rulebook.forms import BlockKind, Choice, FormBlock, Horizon

WEIGHTS = {
    "goal": 11, "tier_one": 12, "tier_two": 14, "name": 25, "target": 14, "achieved": 14,
    "points": 10, "weight": 8, "last_year": 11, "two_years_before": 11, "basis": 14,
    "basis_note": 26, "classification": 14, "note": 26, "reason_and_measure": 22,
}  # fmt: skip
GOAL, TIER_ONE, TIER_TWO, POINTS = "goal", "tier_one", "tier_two", "points"
CENTRED = frozenset({
    "target", "achieved", "weight", "last_year", "two_years_before", "classification",
})  # fmt: skip
REASON = "reason_and_measure"


def indicator_lines(form: FiledForm, block: FormBlock, *, merged: bool) -> Iterator[Line]:
    """Every goal of the block's horizon. ``merged`` says whether equal second tiers in a row are
    one printed cell."""
    found = form.declaration
    goals = found.goals if block.horizon is Horizon.ANNUAL else found.long_term
    if block.goals_beside:
        if block.title:
            yield line(0, (WHOLE, label(block.title)))
        yield from _Block(form, block, merged).beside(goals)
        return
    for goal in goals:
        yield from _Block(form, block, merged).under(goal, alone=len(goals) == 1)


class _Block:
    """A block of indicators with the places of its columns."""

    def __init__(self, form: FiledForm, block: FormBlock, merged: bool) -> None:
        self.form, self.block, self.merged = form, block, merged
        shown = [c for c in block.columns if c.key != GOAL or block.goals_beside]
        self.columns = shown
        self.start = 0 if block.goals_beside or not block.title else MARGIN
        self.widths = divided(WHOLE - self.start, [WEIGHTS[column.key] for column in shown])
        self.at = {c.key: self.start + sum(self.widths[:n]) for n, c in enumerate(shown)}
        self.width = {c.key: self.widths[n] for n, c in enumerate(shown)}

    def heads(self) -> list[Line]:
        return column_heads(self.form, self.columns, self.widths, self.start)

    def beside(self, goals: Sequence[GoalSnapshot]) -> Iterator[Line]:
        """One head for all goals; each goal's name in the first column."""
        yield from self.heads()
        for goal in goals:
            rows = list(self._rows(goal))
            name = tier(self._name(goal, alone=len(goals) == 1), len(rows))
            if rows:
                yield (*self._piece(GOAL, name), *rows[0])
                yield from rows[1:]

    def under(self, goal: GoalSnapshot, *, alone: bool) -> Iterator[Line]:
        """The goal's own row where it has a text, then its indicators beside the block's label."""
        if goal.text:
            name = weighted(self._name(goal, alone=alone), goal.weight)
            text = Cell(goal.text, address=declaration_address(self.form.subject, goal.key, "text"))
            yield line(0, (MARGIN, label(name)), (ROOM, text))
        heads, rows = self.heads(), list(self._rows(goal))
        if self.start:
            title = weighted(self.block.title, self._weight(goal))
            beside = line(0, (self.start, label(title, len(heads) + len(rows))))
            heads[0] = (*beside, *heads[0])
        yield from heads
        yield from rows

    def _weight(self, goal: GoalSnapshot) -> Decimal | None:
        block = self.form.block_line
        return goal.weight if block is None else block.max_points

    def _name(self, goal: GoalSnapshot, *, alone: bool) -> str:
        """年度目标2; without its number where it is the only one."""
        column = next((c.label for c in self.block.columns if c.key == GOAL), "")
        objectives = self.form.edition.blocks_of(BlockKind.OBJECTIVES)
        if self.block.goals_beside and objectives:
            own = (c.label for c in objectives[0].columns if c.key == self.block.horizon.value)
            column = next(own, column)
        name = column or self.block.horizon.label
        return name if alone else f"{name}{goal.key.lstrip('L')}"

    def _piece(self, key: str, cell: Cell) -> Line:
        return line(self.at[key], (self.width[key], cell))

    def _rows(self, goal: GoalSnapshot) -> Iterator[Line]:
        first = True
        for (name, weight), group in groupby(
            goal.indicators, key=lambda row: (row.tier_one, row.tier_one_weight)
        ):
            members = list(group)
            for number, row in enumerate(members):
                pieces: Line = ()
                if not number:
                    pieces += self._piece(TIER_ONE, tier(weighted(name, weight), len(members)))
                if span := self._span(members, number):
                    words = weighted(row.tier_two, row.tier_two_weight)
                    pieces += self._piece(TIER_TWO, tier(words, span))
                pieces += self._cells(goal, row, is_first=first)
                yield pieces
                first = False

    def _span(self, members: Sequence[IndicatorSnapshot], at: int) -> int:
        """How many rows the second tier of a row covers; 0 inside a cell begun above."""

        def header(row: IndicatorSnapshot) -> tuple[object, object]:
            return row.tier_two, row.tier_two_weight

        if not self.merged:
            return 1
        if at and header(members[at - 1]) == header(members[at]):
            return 0
        alike = 1
        while at + alike < len(members) and header(members[at + alike]) == header(members[at]):
            alike += 1
        return alike

    def _cells(self, goal: GoalSnapshot, row: IndicatorSnapshot, *, is_first: bool) -> Line:
        pieces: Line = ()
        for column in self.columns:
            if column.key in (GOAL, TIER_ONE, TIER_TWO):
                continue
            if column.key == POINTS and self.form.block_line is not None:
                if is_first:  # the points of a block stand once, beside all its rows
                    whole = scored_points(self.form, self.form.block_line, len(goal.indicators))
                    pieces += self._piece(POINTS, whole)
                continue
            pieces += self._piece(column.key, _cell(self.form, column.key, row))
        return pieces


def _cell(form: FiledForm, key: str, row: IndicatorSnapshot) -> Cell:
    """One column of an indicator's row."""
    if key == POINTS:
        return scored_points(form, form.line(row.key))
    align = "center" if key in CENTRED else "left"
    if key in ("achieved", REASON):
        address = evaluation_address(form.subject, row.key, key)
        return Cell(_achieved(form, key, row.key), align, address)
    texts = {
        "name": row.name,
        "target": row.target,
        "weight": "" if row.weight is None else plain(row.weight),
        "last_year": row.last_year,
        "two_years_before": row.two_years_before,
        "basis": GROUP.join(filter(None, (_word(form.edition.bases, row.basis), row.basis_note))),
        "basis_note": row.basis_note,
        "classification": _word(form.edition.classifications, row.classification),
        "note": row.note,
    }
    return Cell(texts[key], align, declaration_address(form.subject, row.key, key))


def _achieved(form: FiledForm, key: str, row: str) -> str:
    result = form.scored.evaluation.result_of(row) if form.scored else None
    if result is None:
        return ""
    if key == REASON:
        return "\n".join(filter(None, (result.deviation_reason, result.improvement_measure)))
    return result.achieved


def _word(choices: Sequence[Choice], key: str) -> str:
    """The printed word of a vocabulary's key; the key itself where the form has no such word."""
    return next((choice.label for choice in choices if choice.key == key), key)
