"""PURE: a cell of a form as what it holds: words kept as typed, numbers exact, never a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from budgets.excel.found import FIFTEEN_DIGITS, Unreadable, written_number
from budgets.excel.reading import edit_of
from performance.excel.layout import Holds, Slot
from performance.excel.template import as_written
from rulebook.addresses import CellRef
from rulebook.amounts import HUNDRED, MoneyUnit, decimals_of, normalize

PLAIN_FORMATS = re.compile(r"general|@|[#,]*0?(\.[0#]+)?(_\)?|;.*)?|0*(\.0+)?%?|0+(\.0+)?", re.I)
WHOLE_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
PART_OF_DATE = re.compile(r"\d{4}年?|\d{4}(-|/|\.|年)\d{1,2}月?")
MAX_POINTS_DECIMALS = 2
MOST_NUMBER = 9999


@dataclass(frozen=True, slots=True)
class Raw:
    """A cell as entered: ``value`` with a formula as text, ``cached`` its last result."""

    value: Any
    cached: Any
    number_format: str
    data_type: str

    @property
    def is_empty(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())

    @property
    def result(self) -> Any:
        """What the cell shows. Raises Unreadable for a formula that was never calculated and
        for an error."""
        if self.data_type == "f":
            if self.cached is None:
                raise Unreadable("IM-136", "公式没有保存计算结果。")
            if isinstance(self.cached, str) and self.cached.startswith("#"):
                raise Unreadable("IM-137", f"单元格是错误值 {self.cached}。")
            return self.cached
        if self.data_type == "e":
            raise Unreadable("IM-137", f"单元格是错误值 {self.value}。")
        return self.value


Content = tuple[str, Decimal | None, int]
"""Words, or a number and its decimals."""
NOTHING: Content = ("", None, 0)


def content_of(raw: Raw, slot: Slot, unit: MoneyUnit, *, keeps_parts: bool = False) -> Content:
    """What a cell says for a slot; nothing where it is empty. ``keeps_parts`` lets a date be a
    year or a month as typed. Raises Unreadable."""
    if raw.is_empty:
        return NOTHING
    if slot.holds is Holds.AMOUNT:
        return _amount(raw, unit)
    if slot.holds in (Holds.POINTS, Holds.PERCENTAGE, Holds.NUMBER):
        return _number(raw, slot.holds)
    if slot.holds is Holds.DATE:
        return _date(raw, keeps_parts), None, 0
    text = typed_text(raw)
    if slot.holds is Holds.CHOICE:
        return _choice(text, slot), None, 0
    if slot.most is not None and len(text) > slot.most:
        raise Unreadable("IM-203", f"有 {len(text)} 个字，{slot.label}最多 {slot.most} 个字。")
    return text, None, 0


def typed_text(raw: Raw) -> str:
    """The words of a cell; a number as it is shown where its format adds no words to it.

    Raises Unreadable for dates and logical values, which are not what was typed, and for numbers
    whose format hides what they are.
    """
    value = raw.result
    if isinstance(value, str):
        return as_written(value)
    if isinstance(value, bool | date | time | timedelta):
        raise Unreadable("IM-201", f"单元格成了日期或逻辑值（{_words(value)}），不是原来的文字。")
    if not PLAIN_FORMATS.fullmatch(raw.number_format or "General"):
        raise Unreadable("IM-201", f"数字格式“{raw.number_format}”会改变数的意思。")
    number = FIFTEEN_DIGITS.create_decimal(repr(value))
    if "%" in raw.number_format:
        return f"{(number * HUNDRED).normalize():f}%"
    return f"{number.normalize():f}"


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value)


def _amount(raw: Raw, unit: MoneyUnit) -> Content:
    number = written_number(raw.value, raw.cached)
    if number is None:
        return NOTHING
    edit = edit_of(CellRef("", "", ""), number, unit, "money")
    return "", edit.value, edit.decimals


def _number(raw: Raw, holds: Holds) -> Content:
    number = written_number(raw.value, raw.cached)
    if number is None:
        return NOTHING
    number = Decimal(f"{number.normalize():f}")
    if holds is Holds.NUMBER:
        if decimals_of(number) or not 0 <= number <= MOST_NUMBER:
            raise Unreadable("IM-202", f"{number:f} 不是 0 至 {MOST_NUMBER} 的整数。")
    elif "%" in raw.number_format:
        raise Unreadable("IM-202", "单元格是百分数格式，请写成不带百分号的数。")
    elif not _is_point(number, holds) or decimals_of(number) > MAX_POINTS_DECIMALS:
        least = "不小于" if holds is Holds.PERCENTAGE else "大于"
        raise Unreadable("IM-202", f"{number:f} 应{least} 0、不大于 100，小数不超过两位。")
    return "", number, decimals_of(number)


def _is_point(number: Decimal, holds: Holds) -> bool:
    return 0 <= number <= HUNDRED and (number > 0 or holds is Holds.PERCENTAGE)


def _date(raw: Raw, keeps_parts: bool) -> str:
    value = raw.result
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    text = normalize(str(value)).replace(" ", "")
    if found := WHOLE_DATE.fullmatch(text):
        try:
            return date(*map(int, found.groups())).isoformat()
        except ValueError as error:
            raise Unreadable("IM-204", f"没有“{text[:30]}”这一天。") from error
    if keeps_parts and PART_OF_DATE.fullmatch(text):
        return text
    raise Unreadable("IM-204", f"“{text[:30]}”不是日期。")


def _choice(text: str, slot: Slot) -> str:
    plain = normalize(text)
    for choice in slot.choices:
        if plain in (normalize(choice.label), choice.key):
            return choice.key
    words = "、".join(choice.label for choice in slot.choices) or "（本表样没有选项）"
    raise Unreadable("IM-205", f"“{text[:30]}”不在选项中，{slot.label}可选：{words}。")
