"""Every block of a declaration as lines of values, and back: what the pages show and change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from budgets.forms import Figure
from performance.declaration_entry import (
    DeclarationEntry,
    GoalEntry,
    IndicatorEntry,
    RowEntry,
    goal_numbers,
)
from performance.evaluation import (
    AssetPlan,
    ExpenditureDetail,
    FormAmount,
    IndicatorKind,
)
from performance.form_columns import GOALS, ONLY, GoalRef
from performance.reading import ReadingKind, read
from performance.scoring.directions import direction_of_sign
from rulebook.amounts import MoneyUnit
from rulebook.forms import BlockKind, FieldKind, FormBlock, FormEdition, Horizon, TierOne

GOAL_WORDS = 16
"""How much of a goal's text stands after its number in the grid."""
MONEY_FIELDS = ("own_level", "transfer", "other", "amount")
_KINDS = {
    ReadingKind.EMPTY: IndicatorKind.QUANTITATIVE,
    ReadingKind.NUMBER: IndicatorKind.QUANTITATIVE,
    ReadingKind.RANGE: IndicatorKind.RANGE,
    ReadingKind.TREND: IndicatorKind.TREND,
    ReadingKind.RANK: IndicatorKind.RANK,
    ReadingKind.EXPRESSION: IndicatorKind.EXPRESSION,
}


@dataclass(slots=True)
class Line:
    """One row of a block by the key it bears on screen; ``declared`` is (unit, decimals) of the
    amounts in it, by column."""

    key: str
    values: dict[str, Any]
    declared: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def row(self) -> int | None:
        return int(self.key) if self.key.isdecimal() else None

    def take(self, column: str, value: Any, unit: MoneyUnit) -> None:
        """Put a value that was read into a column."""
        if isinstance(value, Figure):
            self.declared[column] = (unit.code, value.decimals)
            value = value.value
        self.values[column] = value


def lines_of(entry: DeclarationEntry, form: FormEdition, block: str) -> list[Line]:
    """The lines of a block, or of the goals of one horizon, as they are entered now."""
    if block in GOALS:
        return [
            Line(_key(goal), {"text": goal.text, "weight": goal.weight})
            for goal in entry.of(GOALS[block])
        ]
    found = block_of(form, block)
    if found.kind is BlockKind.INDICATORS:
        return _indicator_lines(entry.of(found.horizon))
    if found.kind is BlockKind.DETAILS:
        return [_row_line(row) for row in entry.details]
    if found.kind is BlockKind.ASSETS:
        return [_row_line(row) for row in entry.assets]
    if found.kind is BlockKind.OBJECTIVES:
        return [Line(ONLY, {
            "annual": entry.objective, "long_term": entry.long_term_objective,
            "until": entry.long_term_until,
        })]  # fmt: skip
    if found.kind in (BlockKind.MONEY, BlockKind.SOURCES):
        return [_amount_line(entry.amounts, block, row.key) for row in found.rows]
    typed = [f.key for f in found.fields if f.kind is not FieldKind.RECORD]
    return [Line(ONLY, {key: entry.texts.get(key, "") for key in typed})]


def block_of(form: FormEdition, key: str) -> FormBlock:
    """Raises KeyError."""
    found = next((block for block in form.blocks if block.key == key), None)
    if found is None:
        raise KeyError(key)
    return found


def _key(entry: GoalEntry | IndicatorEntry | RowEntry) -> str:
    return str(entry.row or entry.key)


def _amount_line(amounts: Iterable[FormAmount], block: str, row: str) -> Line:
    found = [a for a in amounts if (a.block, a.row) == (block, row)]
    return Line(
        row,
        {a.column: a.amount for a in found},
        {a.column: (a.unit, a.decimals) for a in found},
    )


def _row_line(row: RowEntry) -> Line:
    value = row.value
    names = [name for name in type(value).__slots__ if name not in ("unit", "decimals")]
    values = {name: getattr(value, name) for name in names}
    filled = [name for name in MONEY_FIELDS if values.get(name) is not None]
    return Line(_key(row), values, dict.fromkeys(filled, (value.unit, value.decimals)))


def _indicator_lines(goals: Sequence[GoalEntry]) -> list[Line]:
    numbers = goal_numbers(tuple(goals))
    return [
        Line(_key(row), {**row.values, "goal": goal_words(number, goal.text)})
        for number, goal in zip(numbers, goals, strict=True)
        for row in goal.indicators
    ]


def goal_words(number: int, text: str) -> str:
    """A goal as the grid names it: its number and how its text begins."""
    if not number:
        return ""
    words = " ".join(text.split())
    short = words if len(words) <= GOAL_WORDS else f"{words[:GOAL_WORDS]}…"
    return f"{number} {short}".strip()


def with_lines(
    entry: DeclarationEntry, form: FormEdition, block: str, lines: Sequence[Line]
) -> DeclarationEntry:
    """The entry with the lines of one block in place of those it had."""
    if block in GOALS:
        return _with_goals(entry, GOALS[block], lines)
    found = block_of(form, block)
    if found.kind is BlockKind.INDICATORS:
        return _with(entry, found.horizon, _grouped(entry.of(found.horizon), lines, form.tree))
    if found.kind is BlockKind.DETAILS:
        return replace(entry, details=tuple(_row_entry(ExpenditureDetail, x) for x in lines))
    if found.kind is BlockKind.ASSETS:
        return replace(entry, assets=tuple(_row_entry(AssetPlan, x) for x in lines))
    if found.kind is BlockKind.OBJECTIVES:
        (only,) = lines
        return replace(
            entry, objective=only.values["annual"],
            long_term_objective=only.values["long_term"], long_term_until=only.values["until"],
        )  # fmt: skip
    if found.kind in (BlockKind.MONEY, BlockKind.SOURCES):
        others = tuple(a for a in entry.amounts if a.block != block)
        return replace(entry, amounts=(*others, *_amounts(block, lines)))
    texts = dict(entry.texts)
    for line in lines:
        texts |= line.values
    return replace(entry, texts={key: text for key, text in texts.items() if text})


def _amounts(block: str, lines: Iterable[Line]) -> Iterable[FormAmount]:
    return (
        FormAmount(block, line.key, column, amount, *line.declared[column])
        for line in lines
        for column, amount in line.values.items()
        if amount is not None
    )


def _row_entry(kind: type[ExpenditureDetail] | type[AssetPlan], line: Line) -> RowEntry:
    """A row is as coarse as the coarsest of its amounts."""
    filled = [line.declared[c] for c in line.declared if line.values.get(c) is not None]
    unit, decimals = max(filled, key=_grain, default=("yuan", 2))
    given = {name: line.values.get(name) for name in kind.__slots__ if name in line.values}
    blank: dict[str, Any] = {"content": "", "calculation": "", "name": "", "quantity": ""}
    base = {name: blank.get(name) for name in kind.__slots__ if name not in ("unit", "decimals")}
    value = kind(**{**base, **given}, unit=unit, decimals=decimals)  # type: ignore[arg-type]
    return RowEntry(line.row, value, "" if line.row else line.key)


def _grain(declared: tuple[str, int]) -> Decimal:
    unit, decimals = declared
    return MoneyUnit.from_code(unit).value.scaleb(-decimals)


def _with(
    entry: DeclarationEntry, horizon: Horizon, goals: tuple[GoalEntry, ...]
) -> DeclarationEntry:
    if horizon is Horizon.LONG_TERM:
        return replace(entry, long_term=goals)
    return replace(entry, goals=goals)


def _with_goals(
    entry: DeclarationEntry, horizon: Horizon, lines: Sequence[Line]
) -> DeclarationEntry:
    """A goal without text goes, unless it still has indicators."""
    known = {_key(goal): goal for goal in entry.of(horizon)}
    kept = []
    for line in lines:
        rows = known[line.key].indicators if line.key in known else ()
        if line.values["text"].strip() or rows:
            key = "" if line.row else line.key
            text, weight = line.values["text"], line.values.get("weight")
            kept.append(GoalEntry(line.row, text, weight, rows, key))
    return _with(entry, horizon, tuple(kept))


def _grouped(
    goals: Sequence[GoalEntry], lines: Sequence[Line], tree: Sequence[TierOne]
) -> tuple[GoalEntry, ...]:
    """The indicators under their goals; a goal named for the first time is made."""
    found = [replace(goal, indicators=()) for goal in goals]
    rows: list[list[IndicatorEntry]] = [[] for _ in found]
    numbers = goal_numbers(tuple(goals))
    at = 0
    for line in completed(lines, tree):
        wanted = line.values.get("goal", "")
        at = _goal_at(found, rows, numbers, wanted, at)
        values = {name: value for name, value in line.values.items() if name != "goal"}
        rows[at].append(IndicatorEntry(line.row, values, "" if line.row else line.key))
    kept = zip(found, rows, strict=True)
    return tuple(
        replace(goal, indicators=tuple(under)) for goal, under in kept if under or goal.text.strip()
    )


def _goal_at(
    found: list[GoalEntry],
    rows: list[list[IndicatorEntry]],
    numbers: Sequence[int],
    wanted: GoalRef | str,
    above: int,
) -> int:
    """Where a row belongs; one that names no goal goes with the row above it."""
    if isinstance(wanted, str):
        shown = [goal_words(n, found[i].text) for i, n in enumerate(numbers)]
        wanted = GoalRef(shown.index(wanted) + 1) if wanted in shown and wanted else GoalRef(None)
    if wanted.number is not None and wanted.number <= len(found):
        return max(wanted.number - 1, 0)
    if wanted.text:
        texts = [" ".join(goal.text.split()) for goal in found]
        if wanted.text in texts:
            return texts.index(wanted.text)
        if texts == [""]:
            found[0] = replace(found[0], text=wanted.text)
            return 0
    if found and not wanted.text:
        return min(above, len(found) - 1)
    found.append(GoalEntry(None, wanted.text, None, (), f"g{len(found) + 1}"))
    rows.append([])
    return len(found) - 1


def completed(lines: Sequence[Line], tree: Sequence[TierOne]) -> list[Line]:
    """New rows with what their surroundings say: the first tier of a second one that stands under
    one only, else the tiers of the row above, as in a printed table with merged cells; and the
    kind and direction which the target shows."""
    done: list[Line] = []
    for line in lines:
        values = dict(line.values)
        if line.row is None:
            _fill_tiers(values, done[-1].values if done else {}, tree)
        kind, direction = proposed(str(values.get("target", "")))
        values["kind"] = values.get("kind") or kind
        if line.row is None and values["kind"] == kind:
            values["direction"] = values.get("direction") or direction
        done.append(replace(line, values=values))
    return done


def _fill_tiers(values: dict[str, Any], above: Mapping[str, Any], tree: Sequence[TierOne]) -> None:
    if not values.get("tier_one"):
        holding = [t.name for t in tree if values.get("tier_two") in t.tier_twos]
        known = above.get("tier_one", "")
        values["tier_one"] = holding[0] if len(holding) == 1 else known
    if not values.get("tier_two") and values["tier_one"] == above.get("tier_one"):
        values["tier_two"] = above.get("tier_two", "")


def proposed(target: str) -> tuple[str, str]:
    """The kind and the direction (of a quantitative target with a sign) that a target shows."""
    reading = read(target)
    kind = _KINDS.get(reading.kind, IndicatorKind.QUALITATIVE)
    direction = direction_of_sign(reading) if kind is IndicatorKind.QUANTITATIVE else None
    return kind.value, direction.value if direction else ""
