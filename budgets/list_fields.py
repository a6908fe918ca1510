"""PURE: the fields of the three lists as people write them in a file, and back.

One reading for every door: the unit's template, the import of long lists and their export. The
columns and labels of a file come from the layout; what a column may hold is said here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from budgets.checks.keys import PROCUREMENT, PROJECT_BUDGETS, PURCHASED_SERVICES
from budgets.words import clean_words
from budgets.workbook import (
    FUND_AMOUNTS,
    ListRow,
    ProcurementRow,
    ProjectBudget,
    ProjectFrequency,
    ProjectKind,
    PurchasedServiceRow,
)
from rulebook.amounts import (
    AmountError,
    MoneyUnit,
    decimals_of,
    normalize,
    parse_number,
    to_yuan,
)
from rulebook.layouts import Column, ListLayout

OPERATING = "公用经费"
"""What stands for a project where a purchase is paid from operating costs."""
CODED = re.compile(r"[\[【［]\s*([0-9A-Za-z０-９Ａ-Ｚａ-ｚ]+)\s*[\]】］](.*)", re.DOTALL)
BEFORE_NAME = r"\s*((?![0-9A-Za-z.]).*)"
DIGITS_FIRST = re.compile(rf"(\d{{3,}}(?:T\d+)?){BEFORE_NAME}", re.ASCII | re.DOTALL)
ITEM_FIRST = re.compile(rf"([ABC]\d{{2,}}){BEFORE_NAME}", re.ASCII | re.DOTALL)
DIGITS = re.compile(r"\d+", re.ASCII)
PROJECT_CODE = re.compile(r"\d{8}\d{3}T\d{9}", re.ASCII)
YES_NO = {"是": True, "否": False, "": False}
FUNCTIONAL, ECONOMIC = "functional", "departmental_economic"
CODE_LENGTHS = {FUNCTIONAL: 7, ECONOMIC: 5}
LARGEST_NUMBER = 2**31 - 1
LONGEST_ITEM_CODE = 20


class Unfit(ValueError):
    """A text that its column cannot hold: the id of the problem and its words."""

    def __init__(self, id: str, words: str) -> None:
        super().__init__(words)
        self.id, self.words = id, words


class Holds(StrEnum):
    """What a column of a file holds."""

    AMOUNT = "amount"
    QUANTITY = "quantity"
    NUMBER = "number"
    BOOK = "book"
    CODE = "code"
    PROJECT = "project"
    ITEM = "item"
    CHOICE = "choice"
    WORDS = "words"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class ListField:
    """One column of a file; ``SHOWN`` ones are written for people and never read."""

    key: str
    holds: Holds = Holds.WORDS
    longest: int = 60
    classification: str = ""
    choices: Mapping[str, Any] = field(default_factory=dict)


def _amount(key: str) -> ListField:
    return ListField(key, Holds.AMOUNT)


def _labels(kind: type[ProjectKind] | type[ProjectFrequency]) -> dict[str, Any]:
    return {each.label: each for each in kind}


_BOTH = (
    ListField("number", Holds.NUMBER),
    ListField("project_code", Holds.PROJECT),
    ListField("book", Holds.BOOK),
    ListField("unit_name", Holds.SHOWN),
    ListField("project_name", longest=120),
    ListField("functional_code", Holds.CODE, classification=FUNCTIONAL),
    ListField("economic_code", Holds.CODE, classification=ECONOMIC),
    ListField("funding_source"),
    ListField("fund_nature"),
    ListField("quantity", Holds.QUANTITY),
    _amount("amount"),
)
FIELDS: Mapping[str, Mapping[str, ListField]] = {
    key: {each.key: each for each in fields}
    for key, fields in {
        PROJECT_BUDGETS: (
            ListField("functional_code", Holds.CODE, classification=FUNCTIONAL),
            ListField("kind", Holds.CHOICE, choices=_labels(ProjectKind)),
            ListField("frequency", Holds.CHOICE, choices=_labels(ProjectFrequency)),
            _amount("total_budget"),
            ListField("main_use", longest=300),
            ListField("code", Holds.PROJECT),
            ListField("name", longest=120),
            ListField("book", Holds.BOOK),
            ListField("total", Holds.SHOWN),
            *map(_amount, FUND_AMOUNTS),
        ),
        PROCUREMENT: (
            *_BOTH,
            ListField("item", Holds.ITEM, longest=120),
            _amount("unit_price"),
            ListField("measure", longest=20),
            _amount("sme_amount"),
            _amount("micro_amount"),
        ),
        PURCHASED_SERVICES: (
            *_BOTH,
            ListField("includes_procurement", Holds.CHOICE, choices=YES_NO),
            ListField("content", longest=200),
            *(ListField(f"directory_tier_{tier}", longest=120) for tier in ("one", "two", "three")),
        ),
    }.items()
}
KINDS: Mapping[str, type[ProjectBudget] | type[ProcurementRow] | type[PurchasedServiceRow]] = {
    PROJECT_BUDGETS: ProjectBudget,
    PROCUREMENT: ProcurementRow,
    PURCHASED_SERVICES: PurchasedServiceRow,
}
NAMING = frozenset({"code", "name", "book"})
"""A project row with nothing else was suggested and not filled in."""


@cache
def file_columns(layout: ListLayout) -> tuple[tuple[Column, ListField], ...]:
    """The columns of a file in order, each with what it holds."""
    known = FIELDS[layout.key]
    return tuple((column, known[column.key]) for column in (*layout.filed, *layout.columns))


@cache
def labels_of(layout: ListLayout) -> dict[str, str]:
    """Key → label of the columns, with the group's where a label stands twice."""
    columns = [column for column, _ in file_columns(layout)]
    labels = [column.label for column in columns]
    return {
        column.key: column.label if labels.count(column.label) == 1 else column.group + column.label
        for column in columns
    }


def coded(code: str, name: str) -> str:
    """A code with its name, as it is printed: [2040202]一般行政管理事务."""
    return f"[{code}]{name}" if code else name


def split_code(text: str, bare: re.Pattern[str] = DIGITS_FIRST) -> tuple[str, str]:
    """Code and name of a text with either or both; ``bare`` is a code without brackets."""
    words = clean_words(text)
    if found := CODED.fullmatch(words):
        return normalize(found[1]), found[2].strip()
    if found := bare.fullmatch(normalize(words)):
        return found[1], found[2].strip()
    return "", words


def _words(spec: ListField, text: str) -> str:
    words = clean_words(text)
    if len(words) > spec.longest:
        raise Unfit("IM-175", f"有 {len(words)} 个字，最多 {spec.longest} 个。")
    return words


def _code(spec: ListField, text: str) -> str:
    code, name = split_code(text)
    if not code and name:
        raise Unfit("IM-175", f"“{name[:30]}”没有科目编码。")
    if code and (len(code) != CODE_LENGTHS[spec.classification] or not DIGITS.fullmatch(code)):
        raise Unfit("IM-133", f"“{code[:30]}”不是明细科目编码。")
    return code


def _choice(spec: ListField, text: str) -> Any:
    word = clean_words(text)
    if word not in spec.choices:
        allowed = "、".join(filter(None, spec.choices))
        raise Unfit("IM-175", f"填的是“{word[:30]}”，应为{allowed}。")
    return spec.choices[word]


def _number(spec: ListField, text: str) -> int:
    plain = normalize(text)
    if not plain:
        return 0
    if not DIGITS.fullmatch(plain) or not 0 < int(plain) <= LARGEST_NUMBER:
        raise Unfit("IM-175", f"行号“{plain[:30]}”不是正整数。")
    return int(plain)


def _project(spec: ListField, text: str) -> str:
    code, name = split_code(text)
    if name == OPERATING:
        return OPERATING
    if not code and name:
        raise Unfit("IM-171", f"“{name[:30]}”不是项目编码；项目名称请填在名称栏。")
    if code and not PROJECT_CODE.fullmatch(code):
        raise Unfit("IM-175", f"“{code[:40]}”不是项目编码：6 位区划、2 位年份、3 位部门、T、9 位。")
    return code


_READ: Mapping[Holds, Callable[[ListField, str], Any]] = {
    Holds.WORDS: _words,
    Holds.CODE: _code,
    Holds.CHOICE: _choice,
    Holds.NUMBER: _number,
    Holds.PROJECT: _project,
    Holds.BOOK: lambda spec, text: normalize(text).replace(" ", ""),
}
PLAIN = re.compile(r"-?\d{1,13}(\.\d\d?)?", re.ASCII)


def read_amount(text: str, unit: MoneyUnit) -> tuple[Decimal | None, int]:
    """A written amount in yuan and the decimals it was written with. Raises Unfit."""
    if PLAIN.fullmatch(text) and unit is MoneyUnit.YUAN:
        return Decimal(text), 2
    try:
        number = parse_number(text)
        if number is None:
            return None, 2
        value = to_yuan(number, unit)
    except AmountError as error:
        raise Unfit("IM-131", f"“{text[:30]}”{error}。") from error
    return value, 2 if unit is MoneyUnit.YUAN else max(2, decimals_of(number))


def read_field(spec: ListField, text: str, unit: MoneyUnit) -> tuple[dict[str, Any], int]:
    """What one column says: fields of the record, and the decimals of an amount. Raises Unfit."""
    if spec.holds is Holds.SHOWN:
        return {}, 0
    if spec.holds is Holds.AMOUNT:
        value, decimals = read_amount(text, unit)
        return {spec.key: value}, decimals
    if spec.holds is Holds.QUANTITY:
        return {spec.key: read_amount(text, MoneyUnit.YUAN)[0]}, 0
    if spec.holds is Holds.ITEM:
        return _item(spec, *split_code(text, ITEM_FIRST)), 0
    return {spec.key: _READ[spec.holds](spec, text)}, 0


def _item(spec: ListField, code: str, name: str) -> dict[str, Any]:
    if len(code) > LONGEST_ITEM_CODE:
        raise Unfit("IM-175", f"品目编码有 {len(code)} 个字符，最多 {LONGEST_ITEM_CODE} 个。")
    return {"item_code": code, "item_name": _words(spec, name)}


@dataclass(slots=True)
class ReadFields:
    """What the texts of one row say: fields of the record, errors by column, decimals."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, Unfit] = field(default_factory=dict)
    decimals: int = 2

    def take(self, spec: ListField, text: str, unit: MoneyUnit) -> None:
        """Read the text of one column, or keep what is wrong with it."""
        try:
            values, decimals = read_field(spec, text, unit)
        except Unfit as error:
            self.errors[spec.key] = error
            return
        self.values |= values
        self.decimals = max(self.decimals, decimals)

    @property
    def is_operating(self) -> bool:
        """Whether the row says that it is paid from operating costs."""
        code = self.values.get("project_code")
        return code == OPERATING or (not code and self.values.get("project_name") == OPERATING)

    def row(self, unit: MoneyUnit) -> ListRow:
        """The record; only where there are no errors."""
        values = dict(self.values)
        if values.get("project_code") == OPERATING:
            values["project_code"] = ""
        return KINDS[self.key](**values, unit=unit.code, decimals=self.decimals)


def text_of(row: ListRow, spec: ListField, names: Mapping[str, str]) -> str | Decimal | None:
    """What a column of a file shows of a row: words, or a figure in yuan."""
    if isinstance(row, ProcurementRow) and spec.holds is Holds.ITEM:
        return coded(row.item_code, row.item_name)
    value = getattr(row, spec.key)
    if spec.holds is Holds.CODE:
        return coded(value, names.get(value, ""))
    if spec.key == "project_code" and not value:
        return OPERATING
    if spec.holds is Holds.CHOICE:
        return next((label for label, each in spec.choices.items() if each == value), "")
    if isinstance(value, Decimal) or value is None:
        return value
    return str(value)
