"""What the pages of a declaration show: cells, rows and blocks ready for their templates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from budgets.list_pages import Clash
from performance.form_columns import Column, Place
from performance.form_edits import NEW, Applied, Edits
from rulebook.findings import Finding


@dataclass(frozen=True, slots=True)
class FormCell:
    """One place as typed and shown; the names are those of the cells of a list."""

    place: str
    column: Column
    label: str
    text: str
    original: str
    anchor: str
    findings: tuple[Finding, ...] = ()
    error: str = ""
    conflict: Clash | None = None
    question: None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class FormLine:
    """One row of the grid; ``after`` names the row a new one follows."""

    key: str
    number: str
    version: int
    after: str
    cells: tuple[FormCell, ...]
    is_dropped: bool = False
    anchor: str = ""
    sum: str = ""
    has_history: bool = False

    @property
    def is_new(self) -> bool:
        return not self.key.isdecimal()


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount that is not typed: from a record, or computed."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class AmountRow:
    label: str
    is_total: bool
    cells: tuple[FormCell | Figure, ...]


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field of a form: typed, or what a record says."""

    label: str
    cell: FormCell | None
    text: str
    is_private: bool = False
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block ready for its template; which parts are filled depends on its kind."""

    key: str
    kind: str
    title: str
    heads: tuple[str, ...] = ()
    fields: tuple[ShownField, ...] = ()
    rows: tuple[AmountRow, ...] = ()
    lines: tuple[FormLine, ...] = ()
    goals: tuple[FormLine, ...] = ()
    goals_key: str = ""
    goal_label: str = ""
    sums: tuple[tuple[Column, str], ...] = ()
    columns: tuple[Column, ...] = ()
    findings: int = 0
    has_error: bool = False
    is_filled: bool = False
    balance: str = ""

    @property
    def name(self) -> str:
        """What the list of blocks calls it: its title, or what its fields are about."""
        if self.title or not self.fields:
            return self.title
        about, colon, _ = self.fields[0].label.partition("：")
        if self.fields[0].cell is None:
            return "基本信息"
        return about if colon else "、".join(field.label for field in self.fields[:2])


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a person just tried: texts by place, and what is wrong with them."""

    edits: Edits = field(default_factory=Edits)
    applied: Applied | None = None
    new_rows: tuple[str, ...] = ()

    def texts(self) -> dict[Place, tuple[str, str]]:
        """Place → (text, original) of what was not taken."""
        left = set(self.applied.errors) | set(self.applied.contested) if self.applied else None
        waiting = {p[:2] for p in left or () if NEW.fullmatch(p[1])}
        return {
            e.place: (e.text, e.original)
            for e in self.edits.places
            if left is None or e.place in left or e.place[:2] in waiting
        }


def filled(label: str, year: int, until: int | None = None) -> str:
    """A printed head or title with its years."""
    text = label.replace("{until}", str(until) if until else "　　")

    def year_of(found: re.Match[str]) -> str:
        return str(year - int(found[1] or 0))

    return re.sub(r"\{year(?:-(\d+))?\}", year_of, text)
