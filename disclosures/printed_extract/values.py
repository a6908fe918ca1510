"""PURE: the lines of an extract as values.

``line`` is the number a person gave a line; it is unique in its sheet. ``place`` is where the
document prints it, in words (第二部分 三). Values are as printed: in the printed unit, not in yuan.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum


class HeadingSide(StrEnum):
    """Where a title is printed: in the table of contents or over the text itself."""

    CONTENTS = "contents"
    BODY = "body"

    @property
    def label(self) -> str:
        return {"contents": "目录", "body": "正文"}[self.value]


class NameKind(StrEnum):
    """What a printed name is the name of."""

    UNIT = "unit"
    PROJECT = "project"
    FUNCTIONAL = "functional"
    ECONOMIC = "economic"
    PROCUREMENT_ITEM = "procurement_item"
    ROW_LABEL = "row_label"
    MONEY_UNIT = "money_unit"

    @property
    def label(self) -> str:
        return {
            "unit": "单位",
            "project": "项目",
            "functional": "功能科目",
            "economic": "经济科目",
            "procurement_item": "采购品目",
            "row_label": "行名",
            "money_unit": "金额单位",
        }[self.value]


class MoneySide(StrEnum):
    """The two halves of the money block of a declaration."""

    REVENUE = "revenue"
    EXPENDITURE = "expenditure"

    @property
    def label(self) -> str:
        return {"revenue": "收入", "expenditure": "支出"}[self.value]


class Term(StrEnum):
    """Whether an indicator belongs to the long-term or to the annual objective."""

    LONG = "long"
    ANNUAL = "annual"

    @property
    def label(self) -> str:
        return {"long": "长期", "annual": "年度"}[self.value]


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; ``number`` is empty where none is printed (the title of a part has none)."""

    line: int
    side: HeadingSide
    part: str
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A figure of the document.

    ``states`` names the number it states: an address of the filing, or a key of the person's own;
    lines with one key state one number. ``parts`` are signed line numbers of figures that add up to
    it; with ``base`` the figure is a rate, Σ parts ÷ Σ base. ``decimals`` is given where the
    printed digits do not show how exact the figure is (72,643 万元 standing for 72,643.00).
    """

    line: int
    place: str
    wording: str
    value: Decimal
    unit: str
    states: str = ""
    parts: tuple[int, ...] = ()
    base: tuple[int, ...] = ()
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A name as printed with the code it stands beside.

    The code of a row label is the address of a cell or list total; a unit of money has none.
    """

    line: int
    place: str
    kind: NameKind
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class NamedUse:
    """A use the text says money is spent on: an item of ``sheet`` under the code ``within``."""

    line: int
    place: str
    sheet: str
    within: str
    name: str


@dataclass(frozen=True, slots=True)
class DeclaredMoney:
    """A money row of an overall declaration; ``declaration`` is the code of whom it is about.

    ``name`` is the name the form itself prints. Amounts in the unit of the extract's money.
    """

    line: int
    declaration: str
    name: str
    side: MoneySide
    item: str
    second_prior: Decimal | None
    prior: Decimal | None
    current: Decimal | None
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class DeclaredProject:
    """The head of a project's declaration, or its row in an overall one."""

    line: int
    place: str
    code: str
    name: str
    kind: str
    total: Decimal | None
    current: Decimal | None


@dataclass(frozen=True, slots=True)
class StatedIndicator:
    """An indicator's target as printed, or what a text says of it where ``in_text``.

    ``declaration`` is a unit's or a project's code.
    """

    line: int
    place: str
    declaration: str
    term: Term
    name: str
    value: str
    in_text: bool = False


@dataclass(frozen=True, slots=True)
class Extract:
    """What was transcribed of one published document; ``money_unit`` is that of declarations."""

    title: str = ""
    money_unit: str = "万元"
    headings: tuple[Heading, ...] = ()
    figures: tuple[PrintedFigure, ...] = ()
    names: tuple[PrintedName, ...] = ()
    uses: tuple[NamedUse, ...] = ()
    declared_money: tuple[DeclaredMoney, ...] = ()
    declared_projects: tuple[DeclaredProject, ...] = ()
    indicators: tuple[StatedIndicator, ...] = ()

    @property
    def count(self) -> int:
        """How many lines there are."""
        values = (getattr(self, field.name) for field in fields(self))
        return sum(len(value) for value in values if isinstance(value, tuple))
