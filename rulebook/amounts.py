"""Money, rates and rounding: one door in, one rounding, one door out.

Amounts are :class:`~decimal.Decimal` in yuan everywhere; 万元 exists only on screen and paper.
An empty cell is ``None`` and is never zero.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from enum import Enum
from functools import cache

CENT = Decimal("0.01")
WAN_IN_YUAN = Decimal(10000)
ZERO = Decimal(0)
HUNDRED = Decimal(100)
MAX_SIGNIFICANT_DIGITS = 15  # an XLSX number is a double; beyond this it cannot be trusted
MAX_AMOUNT = Decimal("9999999999999999.99")  # what DecimalField(18, 2) holds

_WIDE = Context(prec=60)  # a quotient of extremes has more digits than the default context holds


class MoneyUnit(Enum):
    """The unit an amount was declared in; the value is its size in yuan."""

    YUAN = Decimal(1)
    WAN = WAN_IN_YUAN

    @property
    def label(self) -> str:
        return "元" if self is MoneyUnit.YUAN else "万元"

    @property
    def code(self) -> str:
        return self.name.lower()

    @classmethod
    def from_code(cls, code: str) -> MoneyUnit:
        return cls[code.upper()]


class AmountError(ValueError):
    """A written amount that cannot be read; ``str(error)`` is the reason in Chinese."""


def half_up(value: Decimal, places: int = 2) -> Decimal:
    """HALF_UP: the one rounding of the product, half away from zero to ``places`` decimals."""
    return value.quantize(_step(places), ROUND_HALF_UP, _WIDE)


@cache
def _step(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def half_up_2(value: Decimal) -> Decimal:
    """HALF_UP_2: :func:`half_up` to two decimals, for amounts in yuan, rates and scores."""
    return half_up(value, 2)


def in_wan(yuan: Decimal) -> Decimal:
    """Yuan → 万元 with two decimals, for display only; sums are taken in yuan before."""
    return half_up_2(yuan / WAN_IN_YUAN)


def from_wan(wan: Decimal) -> Decimal:
    """万元 → yuan, exact."""
    return half_up_2(wan * WAN_IN_YUAN)


_SIGNS = str.maketrans({"−": "-", "－": "-", "—": "-", "–": "-", "﹣": "-", "＋": "+"})
_SEPARATORS = re.compile(r"(?<=\d)[,，、'\s]+(?=\d)")
_BRACKETED = re.compile(r"^[(（](.+)[)）]$")
_NUMBER = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)$")
_GROUPED = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
EMPTY_MARKS = frozenset({"", "-", "--", "/", "无", "\\"})


def normalize(text: str) -> str:
    """Full-width forms, odd minus signs and invisible characters → their plain forms."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text.translate(_SIGNS)))
    return plain.translate(_SIGNS).strip()


def parse_number(text: str) -> Decimal | None:
    """Read one written number: thousands separators, full width, brackets for negatives.

    Returns ``None`` for an empty cell ("", "-", "/", "无").
    Raises AmountError with the reason in Chinese for anything that is not exactly one number.
    """
    plain = normalize(text)
    if plain in EMPTY_MARKS:
        return None
    negative = _BRACKETED.match(plain)
    body = negative.group(1).strip() if negative else plain
    if negative and body[:1] in "+-":
        raise AmountError("括号表示负数，括号内不能再写正负号")
    body = _SEPARATORS.sub(",", body).replace(" ", "").removeprefix("¥").removeprefix("￥")
    if "," in body:
        if not _GROUPED.match(body):
            raise AmountError("千位分隔符的位置不对")
        body = body.replace(",", "")
    if not _NUMBER.match(body):
        raise AmountError("不是一个数字")
    try:
        number = Decimal(body)
    except InvalidOperation as error:
        raise AmountError("不是一个数字") from error
    return -number if negative else number


def parse_amount(text: str, unit: MoneyUnit = MoneyUnit.YUAN) -> Decimal | None:
    """Read a written amount declared in ``unit`` → yuan; ``None`` when empty.

    Raises AmountError when unreadable, too large, or finer than one fen.
    """
    number = parse_number(text)
    return None if number is None else to_yuan(number, unit)


def to_yuan(number: Decimal, unit: MoneyUnit) -> Decimal:
    """A number declared in ``unit`` → yuan, refusing what a cell cannot hold exactly."""
    if len(number.normalize().as_tuple().digits) > MAX_SIGNIFICANT_DIGITS + 3:
        raise AmountError("有效数字过多，无法精确保存")
    yuan = number * unit.value
    if abs(yuan) > MAX_AMOUNT:
        raise AmountError("金额过大")
    exact = half_up_2(yuan)
    if exact != yuan:
        raise AmountError("金额精确到分，小数位过多")
    return exact


def decimals_of(number: Decimal) -> int:
    """How many decimals a written number shows (0 for integers)."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def rate(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """``part / whole`` in per cent, unrounded; ``None`` when unknown or the base is not positive.

    No rate exists on a zero or negative base (narrative rules of the disclosure outline).
    """
    if part is None or whole is None or whole <= 0:
        return None
    return part / whole * HUNDRED


def growth_rate(current: Decimal | None, previous: Decimal | None) -> Decimal | None:
    """Change against last year in per cent, unrounded.

    ``None`` from an unknown, zero or negative base and across a change of sign.
    """
    if current is None or previous is None or previous <= 0 or current < 0:
        return None
    return (current - previous) / previous * HUNDRED


def total(amounts: list[Decimal | None]) -> Decimal | None:
    """Sum in yuan; empty parts are left out and a sum of nothing but empties stays empty."""
    present = [amount for amount in amounts if amount is not None]
    return sum(present, ZERO) if present else None


@dataclass(frozen=True, slots=True)
class Interval:
    """The real values a declared figure can stand for, in yuan.

    A figure declared in 万元 with two decimals stands for the half-open [x − 50, x + 50) yuan;
    a figure declared exactly stands for itself. Sums carry the interval of their parts.
    """

    value: Decimal
    below: Decimal = ZERO
    above: Decimal = ZERO

    @classmethod
    def declared(cls, value: Decimal, unit: MoneyUnit, decimals: int) -> Interval:
        """The interval of ``value`` (yuan) as it was declared; exact when finer than one fen."""
        half_step = unit.value.scaleb(-decimals) / 2
        return cls(value) if half_step < CENT else cls(value, half_step, half_step)

    def plus(self, other: Interval) -> Interval:
        return Interval(
            self.value + other.value, self.below + other.below, self.above + other.above
        )

    def minus(self, other: Interval) -> Interval:
        return Interval(
            self.value - other.value, self.below + other.above, self.above + other.below
        )

    def largest_rounding(self, other: Interval) -> Decimal:
        """The largest difference in yuan that rounding alone could explain."""
        return max(self.below + other.above, self.above + other.below)

    def can_equal(self, other: Interval) -> bool:
        """Whether both may stand for one and the same real value."""
        lower, higher = (self, other) if self.value < other.value else (other, self)
        gap, room = higher.value - lower.value, lower.above + higher.below
        touches = gap == room and not lower.above  # the upper end is open, the lower one closed
        return gap < room or touches

    def can_be_at_most(self, other: Interval) -> bool:
        """Whether this may stand for a value not above the other's."""
        return self.value <= other.value or self.can_equal(other)
