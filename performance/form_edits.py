"""Edits of places applied to a declaration as it is now: what is taken, refused, or contested.

A place travels with the text the person was shown. Where a colleague stored another since, neither
is overwritten before the person has chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from performance.declaration_entry import DeclarationEntry
from performance.evaluation import IndicatorKind
from performance.form_columns import (
    GOALS,
    ROW_BLOCKS,
    Column,
    EntryError,
    GoalRef,
    Place,
    columns_of,
    goal_columns,
    read_text,
    text_of,
)
from performance.form_lines import Line, block_of, lines_of, proposed, with_lines
from rulebook.amounts import MoneyUnit
from rulebook.forms import BlockKind, FormEdition

NEW = re.compile(r"n\d{1,6}", re.ASCII)
NEEDED = {BlockKind.INDICATORS: "name", BlockKind.DETAILS: "content", BlockKind.ASSETS: "name"}
"""What a row cannot be stored without."""
MOST_ROWS = 300
GONE = "这一行已被同事删除，或整份申报刚被导入替换。"


@dataclass(frozen=True, slots=True)
class PlaceEdit:
    """A wish to change one place: the text typed over ``original``."""

    place: Place
    text: str
    original: str


@dataclass(frozen=True, slots=True)
class Contest:
    """What two people wrote into one place."""

    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Edits:
    """Everything a person sends at once. ``after`` names the row a new one follows."""

    places: Sequence[PlaceEdit] = ()
    removed: frozenset[tuple[str, str]] = frozenset()
    after: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(slots=True)
class Applied:
    """The entry with what was taken, and by place what was not and why."""

    entry: DeclarationEntry
    errors: dict[Place, str] = field(default_factory=dict)
    contested: dict[Place, Contest] = field(default_factory=dict)
    taken: int = 0
    removed: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.errors and not self.contested


def columns_at(form: FormEdition, block: str) -> dict[str, Column]:
    """Column key → column of a block or of the goals. Raises KeyError for another block."""
    if block in GOALS:
        found = goal_columns(form) if form.indicators(GOALS[block]) else ()
    else:
        found = columns_of(form, block_of(form, block))
    return {column.key: column for column in found}


def has_rows(form: FormEdition, block: str) -> bool:
    """Whether rows of a block come and go."""
    return block in GOALS or block_of(form, block).kind in ROW_BLOCKS


def apply(entry: DeclarationEntry, form: FormEdition, unit: MoneyUnit, edits: Edits) -> Applied:
    """The entry with all edits that can be taken. Raises KeyError for an unknown block."""
    done = Applied(entry)
    blocks = dict.fromkeys(edit.place[0] for edit in edits.places)
    blocks |= dict.fromkeys(block for block, _ in edits.removed)
    for block in blocks:
        lines = lines_of(done.entry, form, block)
        changed = _apply(lines, form, block, unit, edits, done)
        done.entry = with_lines(done.entry, form, block, changed)
    return done


def _apply(
    lines: list[Line], form: FormEdition, block: str, unit: MoneyUnit, edits: Edits, done: Applied
) -> list[Line]:
    columns = columns_at(form, block)
    gone = {key for at, key in edits.removed if at == block}
    kept = [line for line in lines if line.key not in gone]
    done.removed += sorted(gone)
    for key, wanted in _by_row(edits.places, block).items():
        known = next((line for line in kept if line.key == key), None)
        if known is not None:
            _change(known, wanted, columns, unit, done)
        elif NEW.fullmatch(key) and has_rows(form, block) and len(kept) < MOST_ROWS:
            _add(kept, key, wanted, columns, unit, edits.after.get((block, key), ""), form, done)
        elif key not in gone:
            done.errors |= {edit.place: GONE for edit in wanted}
    return kept


def _by_row(places: Iterable[PlaceEdit], block: str) -> dict[str, list[PlaceEdit]]:
    found: dict[str, list[PlaceEdit]] = {}
    for edit in places:
        if edit.place[0] == block:
            found.setdefault(edit.place[1], []).append(edit)
    return found


def _change(
    line: Line,
    wanted: Iterable[PlaceEdit],
    columns: Mapping[str, Column],
    unit: MoneyUnit,
    done: Applied,
) -> None:
    before = dict(line.values)
    for edit in wanted:
        column = columns[edit.place[2]]
        stored = text_of(column, before.get(column.key), unit)
        if stored not in (edit.original, edit.text):
            done.contested[edit.place] = Contest(edit.text, stored)
        else:
            _take(line, edit, column, unit, done)
    _propose_again(line, before, {edit.place[2] for edit in wanted})


def _propose_again(line: Line, before: Mapping[str, object], typed: set[str]) -> None:
    """A new target brings its kind and direction, where nobody had chosen others."""
    if "target" not in typed or "kind" not in before:
        return
    old, new = proposed(str(before["target"])), proposed(str(line.values["target"]))
    if "kind" not in typed and before["kind"] == old[0]:
        line.values["kind"] = new[0]
    if "direction" not in typed and before["direction"] == old[1]:
        is_quantitative = line.values["kind"] == IndicatorKind.QUANTITATIVE
        line.values["direction"] = new[1] if is_quantitative else ""


def _take(line: Line, edit: PlaceEdit, column: Column, unit: MoneyUnit, done: Applied) -> None:
    try:
        line.take(column.key, read_text(column, edit.text, unit), unit)
    except EntryError as error:
        done.errors[edit.place] = str(error)
    else:
        done.taken += 1


def _add(
    kept: list[Line],
    key: str,
    wanted: Sequence[PlaceEdit],
    columns: Mapping[str, Column],
    unit: MoneyUnit,
    after: str,
    form: FormEdition,
    done: Applied,
) -> None:
    """A new row at its place; refused as a whole while something of it cannot be taken."""
    if not any(edit.text.strip() for edit in wanted):
        return
    block = wanted[0].place[0]
    values = {name: _blank(column) for name, column in columns.items()}
    line, trial = Line(key, values), Applied(done.entry)
    for edit in wanted:
        _take(line, edit, columns[edit.place[2]], unit, trial)
    lacking = _lacking(line, columns, form, block)
    if lacking is not None:
        trial.errors.setdefault((block, key, lacking.key), f"请填写{lacking.label}。")
    if trial.errors:
        done.errors |= trial.errors
        return
    done.taken += trial.taken
    at = next((n for n, other in enumerate(kept, 1) if other.key == after), len(kept))
    kept.insert(0 if after == "first" else at, line)


def _blank(column: Column) -> object:
    if column.is_figure:
        return None
    return GoalRef(None) if column.key == "goal" else ""


def _lacking(
    line: Line, columns: Mapping[str, Column], form: FormEdition, block: str
) -> Column | None:
    if block in GOALS:
        return None
    needed = NEEDED[block_of(form, block).kind]
    return None if line.values.get(needed) else columns.get(needed)


def proposals(
    entry: DeclarationEntry, form: FormEdition, block: str, edits: Edits
) -> dict[str, str]:
    """Place → the label that a typed target proposes for its kind and direction."""
    labels = {
        (column.key, choice.key): choice.label
        for column in columns_at(form, block).values()
        for choice in column.choices
    }
    targets = {e.place[1]: e.text for e in edits.places if e.place[2] == "target"}
    known = {line.key: str(line.values.get("target", "")) for line in lines_of(entry, form, block)}
    found = {}
    for row, target in (known | targets).items():
        if target:
            kind, direction = proposed(target)
            found[f"{row}:kind"] = labels.get(("kind", kind), "")
            found[f"{row}:direction"] = labels.get(("direction", direction), "")
    return found
