"""PURE: reading what people write as a target or as what was achieved.

A text becomes a :class:`Reading`; two readings become a :class:`Comparison`. What cannot be read
or compared carries a question in Chinese, so that nothing earns points in silence.
Source of the rules: 绩效自评 scoring notes, "读数" (docs, scoring editions).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from performance.plain_forms import is_disguised, plain_form
from rulebook.amounts import EMPTY_MARKS, MAX_SIGNIFICANT_DIGITS

ONE = Decimal(1)
RATE = "比率"
"""The unit of per cent and per mille, which convert into one another."""


class Comparator(StrEnum):
    """The sign in front of a number; NONE where none was written."""

    NONE = ""
    AT_LEAST = "≥"
    AT_MOST = "≤"
    MORE = ">"
    LESS = "<"
    EQUAL = "="


class ReadingKind(StrEnum):
    EMPTY = "empty"
    NUMBER = "number"
    RANGE = "range"
    TREND = "trend"
    RANK = "rank"
    EXPRESSION = "expression"
    WORDS = "words"


class Trend(StrEnum):
    """The direction word of a trend."""

    UP = "up"
    DOWN = "down"
    FLAT = "flat"

    @property
    def label(self) -> str:
        return {"up": "上升", "down": "下降", "flat": "持平"}[self.value]


@dataclass(frozen=True, slots=True)
class Reading:
    """One text as read.

    ``low`` is the number as written (``high`` only for a range); ``multiple`` is what one written
    unit is worth (万人 → 10000, % → 0.01) and ``unit`` the unit without it (人, 比率).
    ``remainder`` keeps a bracketed addition such as （一审）. ``question`` asks in Chinese what to
    write instead and is empty when the text was read.
    """

    text: str
    kind: ReadingKind
    comparator: Comparator = Comparator.NONE
    low: Decimal | None = None
    high: Decimal | None = None
    multiple: Decimal = ONE
    unit: str = ""
    written_unit: str = ""
    remainder: str = ""
    trend: Trend | None = None
    question: str = ""

    @property
    def shown(self) -> str:
        """The text as read, for people."""
        if self.kind is ReadingKind.NUMBER:
            return f"{self.comparator}{self.low}{self.written_unit}"
        if self.kind is ReadingKind.RANGE:
            return f"{self.low}～{self.high}{self.written_unit}"
        if self.trend is not None:
            amount = "" if self.low is None else f"{self.low}{self.written_unit}"
            return f"{self.trend.label}{amount}"
        return self.text


_PREFIXES: tuple[tuple[str, Comparator], ...] = (
    ("大于或等于", Comparator.AT_LEAST), ("小于或等于", Comparator.AT_MOST),
    ("大于等于", Comparator.AT_LEAST), ("小于等于", Comparator.AT_MOST),
    ("不低于", Comparator.AT_LEAST), ("不少于", Comparator.AT_LEAST),
    ("不小于", Comparator.AT_LEAST), ("至少", Comparator.AT_LEAST),
    ("不超过", Comparator.AT_MOST), ("不高于", Comparator.AT_MOST),
    ("不大于", Comparator.AT_MOST), ("不多于", Comparator.AT_MOST),
    ("未超过", Comparator.AT_MOST), ("控制在", Comparator.AT_MOST),
    ("至多", Comparator.AT_MOST), ("最多", Comparator.AT_MOST),
    ("大于", Comparator.MORE), ("高于", Comparator.MORE), ("超过", Comparator.MORE),
    ("多于", Comparator.MORE), ("小于", Comparator.LESS), ("低于", Comparator.LESS),
    ("少于", Comparator.LESS), ("等于", Comparator.EQUAL),
    (">=", Comparator.AT_LEAST), ("=>", Comparator.AT_LEAST), ("<=", Comparator.AT_MOST),
    ("=<", Comparator.AT_MOST), ("≥", Comparator.AT_LEAST), ("≧", Comparator.AT_LEAST),
    ("⩾", Comparator.AT_LEAST), ("≮", Comparator.AT_LEAST), ("≤", Comparator.AT_MOST),
    ("≦", Comparator.AT_MOST), ("⩽", Comparator.AT_MOST), ("≯", Comparator.AT_MOST),
    ("〉", Comparator.MORE), ("〈", Comparator.LESS), (">", Comparator.MORE),
    ("<", Comparator.LESS), ("=", Comparator.EQUAL),
)  # fmt: skip
_SUFFIXES: tuple[tuple[str, Comparator], ...] = (
    ("及以上", Comparator.AT_LEAST), ("以上", Comparator.AT_LEAST),
    ("及以下", Comparator.AT_MOST), ("以下", Comparator.AT_MOST),
    ("以内", Comparator.AT_MOST), ("之内", Comparator.AT_MOST), ("内", Comparator.AT_MOST),
)  # fmt: skip
_PREFIX = re.compile("|".join(re.escape(word) for word, _ in _PREFIXES))
_SUFFIX = re.compile(f"(?:{'|'.join(word for word, _ in _SUFFIXES)})$")
_COMPARATORS = dict(_PREFIXES + _SUFFIXES)
_LEADING = re.compile("^(实际完成|共完成|累计完成|完成|达到|达|共计|累计|共|实际|为)(?=[\\d.+-])")
_MULTIPLES: tuple[tuple[str, Decimal], ...] = (
    ("亿", Decimal(100_000_000)), ("千万", Decimal(10_000_000)), ("百万", Decimal(1_000_000)),
    ("十万", Decimal(100_000)), ("万", Decimal(10_000)), ("千", Decimal(1_000)),
    ("百", Decimal(100)), ("十", Decimal(10)),
)  # fmt: skip
_RATES = {"%": Decimal("0.01"), "‰": Decimal("0.001")}
_TRENDS: tuple[tuple[Trend, tuple[str, ...]], ...] = (
    (Trend.UP, ("上升", "增加", "增长", "提高", "提升", "上涨", "扩大")),
    (Trend.DOWN, ("下降", "减少", "降低", "回落", "下滑", "缩短")),
    (Trend.FLAT, ("持平", "不变")),
)
_TREND_WORD = re.compile("|".join(word for _, spellings in _TRENDS for word in spellings))
_DENIALS = ("不", "未", "没", "无", "由升", "由降", "停止")
_MANNER = re.compile(
    "较|比|与|同比|环比|同期|上年|去年|上一年度?|往年|年初|有所|略有|稍有|逐年|逐步|稳步|持续|进一步"
    "|明显|显著|大幅度?|小幅度?|得到|保持|实现|全年|基本"
)
"""Words beside a direction word that leave the direction and the size as they are."""
_DIGITS = r"[0-9]{1,3}(?:[,'][0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
_NUMBER = re.compile(rf"^([+-]?)({_DIGITS})(.*)$")
_RANGE = re.compile(rf"^({_DIGITS})([^\d~,.-]*)(?:-{{1,2}}|~|〜|至|到)({_DIGITS})([^\d]*)$")
_RANK = re.compile(
    r"^(保持|位列|位居|排名|全[省市区]){0,2}(前|第)[0-9一二三四五六七八九十]+[名位]?$"
)
_ARITHMETIC = re.compile(r"[*×÷]")
_BRACKET = re.compile(r"\(([^()\d]*)\)$")
_VAGUE = re.compile(r"[余多约近+几?]|左右|上下|若干")
_NOT_IN_A_UNIT = re.compile(r"[%‰,.;:=<>≥≤。()、+-]")
_POWERS = {"m2": "平方米", "m3": "立方米", "km2": "平方千米"}
_NUMERALS = "〇零一二两三四五六七八九十百千万亿OoI|"
"""What continues a number where a unit should begin: Chinese numerals and letters like 0 and 1."""
MAX_UNIT = 12
"""A longer "unit" is a sentence."""
_DATE_UNITS = ("月", "号")
_CALENDAR_YEAR = re.compile(r"\d{4}年")
_FIRST_CALENDAR_YEAR = 1900


@lru_cache(maxsize=1 << 14)
def read(text: str) -> Reading:
    """Read one text as typed; never raises. What was read is kept: rows of a form are read by its
    lints, its score and its report, and most targets are written alike."""
    plain = plain_form(text)
    if plain in EMPTY_MARKS:
        return Reading(text, ReadingKind.EMPTY, question="没有填写")
    if is_disguised(text):
        return Reading(text, ReadingKind.WORDS, question=f"“{text}”含有不能确定的数字，请用0—9书写")
    for reader in (_read_trend, _read_rank, _read_expression, _read_range, _read_number):
        reading = reader(text, plain)
        if reading is not None:
            return reading
    return Reading(text, ReadingKind.WORDS, question=f"“{text}”不是一个可以比较的数值")


def _read_trend(text: str, plain: str) -> Reading | None:
    if not _TREND_WORD.search(plain):
        return None
    words = [(trend, word) for trend, spellings in _TRENDS for word in spellings if word in plain]
    trend, word = words[0]
    before, after = _CALENDAR_YEAR.sub("", plain).split(word, 1)
    size = _read_number(text, after) if after else None
    unread_size = _has_digit(before) or (size is None and _has_digit(after))
    backwards = size is not None and size.low is not None and size.low <= 0
    if unread_size or backwards or _trend_is_unclear(plain, words):
        return Reading(text, ReadingKind.TREND, question=f"“{text}”看不出升降的方向或幅度")
    unread = _MANNER.sub("", before)
    if size is None:
        unread += _MANNER.sub("", after)
        return Reading(text, ReadingKind.TREND, trend=trend, remainder=unread)
    return replace(size, kind=ReadingKind.TREND, trend=trend, remainder=unread + size.remainder)


def _trend_is_unclear(plain: str, words: list[tuple[Trend, str]]) -> bool:
    spoken = plain.replace("不变", "")
    return len({trend for trend, _ in words}) > 1 or any(d in spoken for d in _DENIALS)


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _read_rank(text: str, plain: str) -> Reading | None:
    return Reading(text, ReadingKind.RANK) if _RANK.match(plain) else None


def _read_expression(text: str, plain: str) -> Reading | None:
    return Reading(text, ReadingKind.EXPRESSION) if _ARITHMETIC.search(plain) else None


def _read_range(text: str, plain: str) -> Reading | None:
    match = _RANGE.match(plain)
    if match is None:
        return None
    low, first_unit, high, second_unit = match.groups()
    if first_unit and first_unit != second_unit:
        return Reading(text, ReadingKind.RANGE, question=f"“{text}”两端的单位不同")
    end = _read_number(text, high + second_unit)
    start = _number(low)
    if end is None or end.low is None or start is None or end.comparator is not Comparator.NONE:
        return Reading(text, ReadingKind.RANGE, question=f"“{text}”不能读作一个区间")
    if start > end.low:
        return Reading(text, ReadingKind.RANGE, question=f"“{text}”的下限大于上限")
    return Reading(
        text, ReadingKind.RANGE, Comparator.NONE, start, end.low,
        end.multiple, end.unit, end.written_unit, question=end.question,
    )  # fmt: skip


def _read_number(text: str, plain: str) -> Reading | None:
    comparator, body = _sign(plain)
    body = _LEADING.sub("", body)
    match = _NUMBER.match(body)
    if match is None or comparator is None:
        return None
    sign, digits, rest = match.groups()
    number = _number(sign + digits)
    bracket = _BRACKET.search(rest)
    remainder = bracket.group(1) if bracket else ""
    written = rest[: bracket.start()] if bracket else rest
    written = _POWERS.get(written, written)
    multiple, unit = _unit(written)
    return Reading(
        text, ReadingKind.NUMBER, comparator, number, None,
        multiple, unit, written, remainder, None, _doubt(text, number, written, unit, rest),
    )  # fmt: skip


def _sign(plain: str) -> tuple[Comparator | None, str]:
    """The comparator, written before or after (None when the two contradict), and what is left."""
    signs, body = set(), plain
    if before := _PREFIX.match(body):
        signs.add(_COMPARATORS[before.group()])
        body = body[before.end() :]
    if after := _SUFFIX.search(body):
        signs.add(_COMPARATORS[after.group()])
        body = body[: after.start()]
    return (None if len(signs) > 1 else max(signs, default=Comparator.NONE)), body


def _number(digits: str) -> Decimal | None:
    plain = digits.replace(",", "").replace("'", "")
    count = sum(character.isdigit() for character in plain)
    return Decimal(plain) if count <= MAX_SIGNIFICANT_DIGITS else None


def _unit(written: str) -> tuple[Decimal, str]:
    """(what one written unit is worth, the unit without that multiple)."""
    if written in _RATES:
        return _RATES[written], RATE
    for word, multiple in _MULTIPLES:
        if written.startswith(word) and not written.startswith("百分"):
            return multiple, written.removeprefix(word)
    return ONE, written


def _doubt(text: str, number: Decimal | None, written: str, unit: str, rest: str) -> str:
    """What makes a text that begins with a number unreadable all the same."""
    if number is None:
        return f"“{text}”的数字过长，无法精确判读"
    if unit[:1] and unit[0] in _NUMERALS and not unit.startswith("百分"):
        return f"“{text}”的数字没有写完整，请用0—9书写"
    if _has_digit(rest) and written not in _POWERS.values():
        return f"“{text}”一格中有不止一个数值，请只写一个"
    if _VAGUE.search(rest):
        return f"“{text}”不是确切的数值，请写出确切的数"
    if unit.startswith(_DATE_UNITS) or (unit.startswith("年") and number >= _FIRST_CALENDAR_YEAR):
        return f"“{text}”是日期，请改写成天数或个月数，或改为定性指标"
    if _NOT_IN_A_UNIT.search(unit) or len(unit) > MAX_UNIT:
        return f"“{text}”数值之后还有不能判读的内容"
    return ""


class QuestionCode(StrEnum):
    """What kind of answer a question waits for; each code is one check."""

    WEIGHTS = "weights"
    TARGET_UNREADABLE = "target_unreadable"
    TARGET_NEGATIVE = "target_negative"
    TARGET_ZERO_FORWARD = "target_zero_forward"
    DIRECTION_MISSING = "direction_missing"
    ACHIEVED_MISSING = "achieved_missing"
    ACHIEVED_UNREADABLE = "achieved_unreadable"
    NOT_COMPARABLE = "not_comparable"
    JUDGEMENT_MISSING = "judgement_missing"
    JUDGEMENT_OUT_OF_BAND = "judgement_out_of_band"
    DEDUCTION_INVALID = "deduction_invalid"
    MONEY_MISSING = "money_missing"
    SPENT_WITHOUT_BUDGET = "spent_without_budget"


@dataclass(frozen=True, slots=True)
class Question:
    """Something only a person can answer; while it stands there is no score."""

    code: QuestionCode
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two readings on one scale, that of the target: ``target`` (``target_high`` for a range) and
    ``achieved``, or the question that stands in the way."""

    target: Decimal = Decimal(0)
    achieved: Decimal = Decimal(0)
    target_high: Decimal | None = None
    notices: tuple[str, ...] = ()
    question: Question | None = None


def compare(target: Reading, achieved: Reading, *, is_range: bool = False) -> Comparison:
    """Bring a numeric target (a range where ``is_range``) and what was achieved to one scale."""
    question = target_question(target, is_range=is_range) or _achieved_question(achieved)
    if question or target.low is None or achieved.low is None:
        return Comparison(question=question)
    notice, doubt = _units(target, achieved)
    if doubt:
        return Comparison(question=Question(QuestionCode.NOT_COMPARABLE, doubt))
    return Comparison(
        target.low,
        achieved.low * achieved.multiple / target.multiple,
        target.high,
        (notice,) if notice else (),
    )


def target_question(target: Reading, *, is_range: bool) -> Question | None:
    """What is wrong with a target that has to be a number, or a range."""
    if target.question or target.low is None:
        reason = target.question or f"“{target.text}”不是一个数值"
        text = f"目标值：{reason}；请改写目标值，或改变指标性质"
    elif is_range and target.kind is not ReadingKind.RANGE:
        text = f"目标值“{target.text}”不是区间，请写成“97%—100%”的样式，或改变指标性质"
    elif not is_range and target.kind is not ReadingKind.NUMBER:
        text = f"目标值“{target.text}”不是单一的数值，请改变指标性质"
    elif target.low < 0:
        text = f"目标值“{target.text}”是负数，请改写成正数的目标"
        return Question(QuestionCode.TARGET_NEGATIVE, text)
    else:
        return None
    return Question(QuestionCode.TARGET_UNREADABLE, text)


def _achieved_question(achieved: Reading) -> Question | None:
    if achieved.kind is ReadingKind.EMPTY:
        return Question(QuestionCode.ACHIEVED_MISSING, "没有填写实际完成值")
    unread = achieved.question or achieved.low is None
    if unread or achieved.kind is not ReadingKind.NUMBER:
        reason = achieved.question or f"“{achieved.text}”不是一个数值"
        return Question(QuestionCode.ACHIEVED_UNREADABLE, f"完成值：{reason}")
    if achieved.comparator not in (Comparator.NONE, Comparator.EQUAL):
        text = f"完成值“{achieved.text}”带有“{achieved.comparator}”，请写出确切的完成值"
        return Question(QuestionCode.NOT_COMPARABLE, text)
    return None


def _units(target: Reading, achieved: Reading) -> tuple[str, str]:
    """(notice, doubt) about units and bracketed additions; both empty when they agree."""
    pair = f"目标值“{target.text}”、完成值“{achieved.text}”"
    if achieved.remainder and target.remainder != achieved.remainder:
        return "", f"{pair}括号中的说明不同，看不出是否同一口径"
    if target.unit == achieved.unit:
        return "", ""
    if achieved.unit:
        return "", f"{pair}单位不同，请统一单位"
    if target.unit == RATE:
        return "", f"{pair}：完成值没有写“{target.written_unit}”，请写明"
    if target.multiple != ONE and achieved.multiple == ONE:
        return "", f"{pair}：完成值没有单位，看不出是否以“{target.written_unit}”计"
    return f"完成值未写单位，按目标值的单位“{target.unit}”判读", ""
