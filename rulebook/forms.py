"""PURE: performance forms as data: their blocks in order, labels, vocabularies, indicator tree.

A form edition lies under ``rulebook/data/forms/<kind>/<name>.toml``. The kinds are the constants
below; a region may print one kind in several variants at a time (two departments, two layouts).
Entry pages, XLSX, print and checks are made from it, so that a new edition needs data only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from rulebook.editions import edition_path, editions_for, read_toml

FAMILY = "forms"
DEPARTMENT_TARGETS = "department_targets"
PROJECT_TARGETS = "project_targets"
DEPARTMENT_EVALUATION = "department_evaluation"
PROJECT_EVALUATION = "project_evaluation"
KINDS = (DEPARTMENT_TARGETS, PROJECT_TARGETS, DEPARTMENT_EVALUATION, PROJECT_EVALUATION)


class BlockKind(StrEnum):
    """What a block of a form holds, and so how it is entered and printed."""

    FIELDS = "fields"
    """Labelled fields: texts, dates, choices, or what a record says."""
    MONEY = "money"
    """Rows of amounts by year with a share (总体资金情况)."""
    SOURCES = "sources"
    """Sources of this year's money of a project, one amount a row."""
    PROJECTS = "projects"
    """The department's projects, from their records, with what they are for."""
    DETAILS = "details"
    """Details of expenditure: content, calculation, amount per source."""
    ASSETS = "assets"
    """Assets to be bought: name, quantity, amount."""
    OBJECTIVES = "objectives"
    """Overall objectives side by side (长期目标, 年度目标)."""
    INDICATORS = "indicators"
    """Goals of one horizon with their third-tier indicators."""
    EXECUTION = "execution"
    """Budget (A), spending (B), rate and points, with the levels of money where a form has them."""
    OBJECTIVE = "objective"
    """The scored overall objective: set, achieved, points."""


class Horizon(StrEnum):
    """Whether a goal is of the year or of several years."""

    ANNUAL = "annual"
    LONG_TERM = "long_term"

    @property
    def label(self) -> str:
        return {"annual": "年度目标", "long_term": "长期目标"}[self.value]


class FieldKind(StrEnum):
    """How a field is entered; RECORD is printed from a record and never typed."""

    TEXT = "text"
    PARAGRAPHS = "paragraphs"
    DATE = "date"
    CHOICE = "choice"
    RECORD = "record"


class Place(StrEnum):
    """Where a field is printed: a row of its own, half of one, or the line above the table."""

    ROW = "row"
    HALF = "half"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a vocabulary with its printed word."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a block. ``source`` names the record's value of a RECORD field; ``is_private``
    fields (people, telephone numbers) are stored and never published."""

    key: str
    label: str
    kind: FieldKind
    source: str
    is_private: bool
    is_required: bool
    choices: tuple[Choice, ...]
    place: Place = Place.ROW


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of amounts. ``source`` says which record or cell gives this year's amount; a row
    without one is typed. A total is the sum of the rows above it, and never typed."""

    key: str
    label: str
    source: str
    is_total: bool


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of a block by its meaning, with the printed head (lines separated by newlines)."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class FormBlock:
    """One block of a form, in the order of the page.

    Its goals are printed in rows above their indicators, or, where ``goals_beside``, in a column
    beside them (目标名称).
    """

    key: str
    kind: BlockKind
    title: str
    horizon: Horizon
    fields: tuple[FormField, ...]
    rows: tuple[FormRow, ...]
    columns: tuple[FormColumn, ...]
    goals_beside: bool = False

    def has_column(self, key: str) -> bool:
        return any(column.key == key for column in self.columns)


@dataclass(frozen=True, slots=True)
class TierOne:
    """一级指标 with the 二级指标 under it, in the order of the form; an open tier takes others."""

    name: str
    tier_twos: tuple[str, ...]
    is_required: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class FormEdition:
    """A form of one kind, region and first year. ``title`` may hold ``{year}``; ``has_report``
    says whether a report in words goes with a self-evaluation, ``has_rules`` whether the scoring
    rules are printed below it."""

    id: str
    kind: str
    variant: str
    name: str
    title: str
    unit_label: str
    issued_under: str
    is_verified: bool
    is_weighted: bool
    has_report: bool
    has_rules: bool
    blocks: tuple[FormBlock, ...]
    tree: tuple[TierOne, ...]
    bases: tuple[Choice, ...]
    classifications: tuple[Choice, ...]
    frequencies: tuple[Choice, ...]

    def blocks_of(self, kind: BlockKind) -> tuple[FormBlock, ...]:
        return tuple(block for block in self.blocks if block.kind is kind)

    def indicators(self, horizon: Horizon) -> FormBlock | None:
        """The block of indicators of a horizon, None where the form has none."""
        found = self.blocks_of(BlockKind.INDICATORS)
        return next((block for block in found if block.horizon is horizon), None)

    def fields(self) -> Iterator[FormField]:
        """All fields of the form in order."""
        return (field for block in self.blocks for field in block.fields)

    def field(self, key: str) -> FormField | None:
        return next((field for field in self.fields() if field.key == key), None)

    @property
    def is_of_targets(self) -> bool:
        return self.kind in (DEPARTMENT_TARGETS, PROJECT_TARGETS)


_PLACEHOLDER = re.compile(r"\{(\w+)(?:-(\d))?\}")


def filled(text: str, **values: int | str | None) -> str:
    """A printed title or head with its placeholders filled: ``{year}``, ``{year-1}``, ``{until}``,
    ``{name}``, ``{points}``; one whose value is not known yet prints as a blank."""

    def value_of(found: re.Match[str]) -> str:
        value, before = values.get(found[1]), int(found[2] or 0)
        shown = value - before if isinstance(value, int) else value
        return "　　" if shown is None else str(shown)

    return _PLACEHOLDER.sub(value_of, text)


@cache
def load_form(edition_id: str) -> FormEdition:
    """The form of an edition id such as "project_targets/jianghan_2023". Raises KeyError."""
    return form_from(read_toml(edition_path(FAMILY, edition_id)))


def forms_in_force(kind: str, *, region: str, fiscal_year: int) -> tuple[FormEdition, ...]:
    """The variants of a kind of form, the plain one first. Raises EditionMissing."""
    found = editions_for(FAMILY, kind, region=region, fiscal_year=fiscal_year)
    return tuple(load_form(edition.id) for edition in found)


def form_from(data: Mapping[str, Any]) -> FormEdition:
    """An edition's TOML as a form; raises KeyError where the file lacks a key."""
    head, form = data["edition"], data["form"]
    return FormEdition(
        id=head["id"],
        kind=head["id"].partition("/")[0],
        variant=head.get("variant", ""),
        name=head["title"],
        title=form["title"],
        unit_label=form.get("unit_label", ""),
        issued_under=head.get("issued_under", ""),
        is_verified=head.get("verified", True),
        is_weighted=form.get("weighted", False),
        has_report=form.get("report", True),
        has_rules=form.get("rules", True),
        blocks=tuple(_block(table) for table in data["block"]),
        tree=tuple(_tier(table) for table in data.get("tier", [])),
        bases=_choices(form.get("bases", {})),
        classifications=_choices(form.get("classifications", {})),
        frequencies=_choices(form.get("frequencies", {})),
    )


def _block(table: Mapping[str, Any]) -> FormBlock:
    return FormBlock(
        key=table["key"],
        kind=BlockKind(table["kind"]),
        title=table.get("title", ""),
        horizon=Horizon(table.get("horizon", Horizon.ANNUAL.value)),
        fields=tuple(_field(field) for field in table.get("fields", [])),
        rows=tuple(_row(row) for row in table.get("rows", [])),
        columns=tuple(FormColumn(key, label) for key, label in table.get("columns", {}).items()),
        goals_beside=table.get("goals_beside", False),
    )


def _field(table: Mapping[str, Any]) -> FormField:
    return FormField(
        key=table["key"],
        label=table["label"],
        kind=FieldKind(table.get("kind", FieldKind.TEXT.value)),
        source=table.get("source", ""),
        is_private=table.get("private", False),
        is_required=table.get("required", False),
        choices=_choices(table.get("choices", {})),
        place=Place(table.get("place", Place.ROW.value)),
    )


def _row(table: Mapping[str, Any]) -> FormRow:
    return FormRow(table["key"], table["label"], table.get("source", ""), table.get("total", False))


def _tier(table: Mapping[str, Any]) -> TierOne:
    return TierOne(
        name=table["name"],
        tier_twos=tuple(table["children"]),
        is_required=table.get("required", False),
        is_open=table.get("open", False),
    )


def _choices(table: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(key, label) for key, label in table.items())
