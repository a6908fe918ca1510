"""What can be typed into each place of a form, from its edition: columns, their texts, readings.

A place is (block, row, column). Rows of details, assets, goals and indicators come and go; the
rows of every other block are those of the edition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from budgets.forms import Figure, figure_text, read_figure
from performance.evaluation import Direction, IndicatorKind
from performance.models import DeclaredAsset, DeclaredDetail, Indicator
from performance.scoring.steps import plain
from performance.snapshots import trimmed
from rulebook.amounts import HUNDRED, AmountError, MoneyUnit, decimals_of, normalize, parse_number
from rulebook.forms import (
    BlockKind,
    Choice,
    FieldKind,
    FormBlock,
    FormEdition,
    FormField,
    Horizon,
)

MAX_DECIMALS = 2
LONGEST_PASSAGE = 4000
ONLY = "text"
"""The row of a block that has one: fields, objectives."""
AMOUNT = "amount"
"""The column of a block of sources that prints a single amount in each row."""
GOALS = {"annual_goals": Horizon.ANNUAL, "long_term_goals": Horizon.LONG_TERM}
"""Goals are entered above their indicators, in rows of their own."""
ROW_BLOCKS = frozenset({BlockKind.DETAILS, BlockKind.ASSETS, BlockKind.INDICATORS})
"""Blocks whose rows come and go, entered in the grid."""

YEARS = ("this_year", "last_year", "two_years_before")
"""The columns of amounts of a block of money; its share is computed."""

Place = tuple[str, str, str]


class Kind(StrEnum):
    """How a place is read."""

    WORDS = "words"
    PARAGRAPHS = "paragraphs"
    CHOICE = "choice"
    MONEY = "money"
    POINTS = "points"
    GOAL = "goal"
    YEAR = "year"
    DATE = "date"


class EntryError(ValueError):
    """A text that cannot be taken; ``str(error)`` says in Chinese what to write instead."""


@dataclass(frozen=True, slots=True)
class GoalRef:
    """The goal of an indicator: by its number, or by the text of one to be made."""

    number: int | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a block, or a field. ``options`` are offered, others may be typed;
    ``choices`` are all there are. Without ``is_printed`` it is filed and not on the form."""

    key: str
    label: str
    kind: Kind = Kind.WORDS
    choices: tuple[Choice, ...] = ()
    options: tuple[str, ...] = ()
    max_length: int | None = None
    is_printed: bool = True
    is_private: bool = False
    is_required: bool = False

    @property
    def is_figure(self) -> bool:
        return self.kind in (Kind.MONEY, Kind.POINTS)

    @property
    def is_computed(self) -> bool:
        return False

    @property
    def has_choices(self) -> bool:
        return bool(self.choices or self.options or self.kind is Kind.GOAL)

    @property
    def offered(self) -> tuple[str, ...]:
        return self.options or tuple(choice.label for choice in self.choices)


def _length(model: Any, name: str) -> int | None:
    found: int | None = model._meta.get_field(name).max_length
    return found


KINDS = tuple(Choice(kind.value, kind.label) for kind in IndicatorKind)
DIRECTIONS = tuple(Choice(each.value, each.label) for each in Direction)
WRITTEN = frozenset({"basis_note", "note", "last_year", "two_years_before"})
_FIELD_KINDS = {
    FieldKind.TEXT: Kind.WORDS,
    FieldKind.PARAGRAPHS: Kind.PARAGRAPHS,
    FieldKind.DATE: Kind.DATE,
    FieldKind.CHOICE: Kind.CHOICE,
}


def columns_of(form: FormEdition, block: FormBlock) -> tuple[Column, ...]:
    """The columns of a block of rows in the order of its grid; in other blocks, what is typed."""
    makers = {
        BlockKind.FIELDS: lambda: tuple(
            _field(f) for f in block.fields if f.kind is not FieldKind.RECORD
        ),
        BlockKind.MONEY: lambda: tuple(
            Column(c.key, c.label, Kind.MONEY) for c in block.columns if c.key in YEARS
        ),
        BlockKind.SOURCES: lambda: (Column(AMOUNT, "金额", Kind.MONEY),),
        BlockKind.OBJECTIVES: lambda: _objectives(block),
        BlockKind.DETAILS: lambda: _details(block),
        BlockKind.ASSETS: lambda: _assets(block),
        BlockKind.INDICATORS: lambda: tuple(_indicators(form, block)),
    }
    return makers[block.kind]() if block.kind in makers else ()


def goal_columns(form: FormEdition) -> tuple[Column, ...]:
    """What is typed of a goal."""
    text = Column("text", "目标内容", Kind.PARAGRAPHS, max_length=LONGEST_PASSAGE)
    return (text, Column("weight", "分值", Kind.POINTS)) if form.is_weighted else (text,)


def _field(field: FormField) -> Column:
    kind = _FIELD_KINDS[field.kind]
    return Column(
        field.key, field.label, kind, field.choices, max_length=LONGEST_PASSAGE,
        is_private=field.is_private, is_required=field.is_required,
    )  # fmt: skip


def _objectives(block: FormBlock) -> tuple[Column, ...]:
    found = [
        Column(c.key, c.label, Kind.PARAGRAPHS, max_length=LONGEST_PASSAGE) for c in block.columns
    ]
    if any("{until}" in column.label for column in block.columns):
        found.append(Column("until", "长期目标截止年度", Kind.YEAR))
    return tuple(found)


def _details(block: FormBlock) -> tuple[Column, ...]:
    return tuple(
        Column(c.key, c.label, Kind.MONEY)
        if c.key in ("own_level", "transfer", "other")
        else Column(c.key, c.label, max_length=_length(DeclaredDetail, c.key) or LONGEST_PASSAGE)
        for c in block.columns
    )


def _assets(block: FormBlock) -> tuple[Column, ...]:
    return tuple(
        Column(c.key, c.label, Kind.MONEY)
        if c.key == AMOUNT
        else Column(c.key, c.label, max_length=_length(DeclaredAsset, c.key))
        for c in block.columns
    )


def _indicators(form: FormEdition, block: FormBlock) -> Any:
    """The printed columns; goal, kind and direction are always filed, points where there are."""
    heads = {column.key: column.label for column in block.columns}
    yield Column("goal", heads.get("goal", "目标"), Kind.GOAL, is_printed="goal" in heads)
    for key in heads:
        if key == "tier_one":
            yield _words(key, heads, tuple(tier.name for tier in form.tree))
            yield from _points(form, "tier_one_weight", "一级分值")
        elif key == "tier_two":
            twos = dict.fromkeys(name for tier in form.tree for name in tier.tier_twos)
            yield _words(key, heads, tuple(twos))
            yield from _points(form, "tier_two_weight", "二级分值")
        elif key == "target":
            yield _words(key, heads)
            yield Column("kind", "性质", Kind.CHOICE, KINDS, is_printed=False)
            yield Column("direction", "方向", Kind.CHOICE, DIRECTIONS, is_printed=False)
            yield from _points(form, "weight", "分值")
        elif key == "basis":
            yield Column(key, heads[key], Kind.CHOICE, form.bases)
            if "basis_note" not in heads:
                yield Column(
                    "basis_note", "依据说明", max_length=_length(Indicator, "basis_note"),
                    is_printed=False,
                )  # fmt: skip
        elif key == "classification":
            yield Column(key, heads[key], Kind.CHOICE, form.classifications)
        elif key == "name" or key in WRITTEN:
            yield _words(key, heads)


def _words(key: str, heads: dict[str, str], options: tuple[str, ...] = ()) -> Column:
    return Column(key, heads[key], options=options, max_length=_length(Indicator, key))


def _points(form: FormEdition, key: str, label: str) -> Any:
    if form.is_weighted:
        yield Column(key, label, Kind.POINTS)


def text_of(column: Column, value: Any, unit: MoneyUnit) -> str:
    """A stored value as its input shows it; read again it is the same value."""
    if value is None or value == "":
        return ""
    if column.kind is Kind.MONEY:
        return figure_text(value, unit)
    if column.kind is Kind.POINTS:
        return plain(trimmed(value) or value)
    if column.kind is Kind.CHOICE:
        return next((c.label for c in column.choices if c.key == value), str(value))
    return str(value)


def read_text(column: Column, text: str, unit: MoneyUnit) -> Any:
    """A typed text as the value it stands for; a Figure for money. Raises EntryError."""
    readers = {
        Kind.WORDS: _read_words,
        Kind.PARAGRAPHS: _read_paragraphs,
        Kind.CHOICE: _read_choice,
        Kind.POINTS: _read_points,
        Kind.GOAL: _read_goal,
        Kind.YEAR: _read_year,
        Kind.DATE: _read_date,
    }
    if column.kind is Kind.MONEY:
        return _read_money(text, unit)
    return readers[column.kind](column, text)


def _fits(column: Column, text: str) -> str:
    if column.max_length is not None and len(text) > column.max_length:
        raise EntryError(f"{column.label}不超过 {column.max_length} 个字，现为 {len(text)} 个字。")
    return text


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def _read_words(column: Column, text: str) -> str:
    return _fits(column, " ".join(_CONTROL.sub("", text).split()))


def _read_paragraphs(column: Column, text: str) -> str:
    """Paragraphs only: whatever a word processor left between and inside the lines goes."""
    lines = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    found = (" ".join(line.replace("\u3000", " ").split()) for line in lines)
    return _fits(column, "\n".join(line for line in found if line))


def _read_choice(column: Column, text: str) -> str:
    wanted = text.strip()
    if not wanted:
        return ""
    for choice in column.choices:
        if wanted in (choice.key, choice.label):
            return choice.key
    close = [choice for choice in column.choices if choice.label.startswith(wanted)]
    if len(close) == 1:
        return close[0].key
    offered = "、".join(choice.label for choice in column.choices)
    raise EntryError(f"“{wanted}”不在可选的{offered}之中。")


def _read_points(column: Column, text: str) -> Decimal | None:
    try:
        number = parse_number(text)
    except AmountError as error:
        raise EntryError(f"“{text}”{error}。") from error
    if number is not None and not (0 < number <= HUNDRED and decimals_of(number) <= MAX_DECIMALS):
        raise EntryError(f"请填写大于 0、不大于 100 的数，小数不超过两位，现为“{text}”。")
    return number


def _read_money(text: str, unit: MoneyUnit) -> Figure:
    try:
        return read_figure(text, unit, is_money=True)
    except AmountError as error:
        raise EntryError(f"“{text}”{error}。") from error


_GOAL = re.compile(r"(?:目标)?\s*(\d{1,3})(?:[\s.、．:：].*)?", re.DOTALL)


def _read_goal(column: Column, text: str) -> GoalRef:
    found = _GOAL.fullmatch(normalize(text))
    words = _fits(Column("text", "目标", max_length=LONGEST_PASSAGE), " ".join(text.split()))
    return GoalRef(int(found[1])) if found else GoalRef(None, words)


def _read_year(column: Column, text: str) -> int | None:
    plain_text = normalize(text).removesuffix("年")
    if not plain_text:
        return None
    if not re.fullmatch(r"[12]\d{3}", plain_text, re.ASCII):
        raise EntryError(f"“{text}”不是四位数的年度。")
    return int(plain_text)


_DATE = re.compile(r"(\d{4})(?:[年./-](\d{1,2})(?:[月./-](\d{1,2})日?)?)?[年月]?", re.ASCII)


def _read_date(column: Column, text: str) -> str:
    """A day as 2023-01-05; a year or a month where the form asks for no more stays as it is."""
    plain_text = normalize(text)
    if not plain_text:
        return ""
    found = _DATE.fullmatch(plain_text)
    try:
        if found and found[3]:
            return date(*map(int, found.groups())).isoformat()
        if found and (not found[2] or 1 <= int(found[2]) <= 12):
            return plain_text
    except ValueError:
        pass
    raise EntryError(f"“{text}”不是日期，请按“2023-01-05”或“2023年1月5日”的样式填写。")
