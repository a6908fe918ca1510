"""Phrases: how a fact reads in a sentence. Verbs follow signs; a rate exists only on a base.

An empty figure reads as not filed, so that a draft shows where something is missing; zero is a
figure like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import Enum

from disclosures.facts import Fact, difference, growth, share
from disclosures.report.blocks import BoundFigure, Span
from rulebook.amounts import ZERO, half_up_2, in_wan

Spans = tuple[Span, ...]
NOT_FILED = "（未填报）"
WAN = "万元"


class AmountStyle(Enum):
    """Running text writes amounts plainly (71501.54万元), tables in groups (71,501.54)."""

    PLAIN = "f"
    GROUPED = ",f"


class Movement(Enum):
    """How a figure stands to the one it is compared with."""

    UNKNOWN = "unknown"
    BOTH_ZERO = "both_zero"
    EQUAL = "equal"
    UP = "up"
    DOWN = "down"


def spans(*parts: Span | Spans) -> Spans:
    """Words and phrases as one row of spans, empty words left out."""
    row: list[Span] = []
    for part in parts:
        row.extend(part if isinstance(part, tuple) else (part,))
    return tuple(span for span in row if span != "")


def text_of(row: Spans) -> str:
    return "".join(span if isinstance(span, str) else span.text for span in row)


def two_decimals(value: Decimal, style: AmountStyle = AmountStyle.PLAIN) -> str:
    """Two decimals half up; what rounds to zero has no sign."""
    rounded = half_up_2(value)
    return format(rounded if rounded else abs(rounded), style.value)


def wan_text(yuan: Decimal, style: AmountStyle = AmountStyle.PLAIN) -> str:
    """Yuan → the digits of 万元 with two decimals."""
    return two_decimals(in_wan(yuan), style)


def _small(value: Decimal, digits: str) -> str:
    """A value other than zero never reads as zero."""
    if value and not half_up_2(Decimal(digits)):
        return "不足0.01" if value > 0 else "绝对值不足0.01"
    return digits


def amount(fact: Fact) -> Spans:
    """71501.54万元; zero reads 0万元."""
    if fact.value is None:
        return (NOT_FILED,)
    digits = _small(fact.value, wan_text(fact.value)) if fact.value else "0"
    return (BoundFigure(digits, fact.value, WAN, fact.addresses, fact.formula), WAN)


def amount_size(fact: Fact) -> Spans:
    """The amount without its sign, for a verb that says the direction."""
    size = None if fact.value is None else abs(fact.value)
    return amount(Fact(size, fact.addresses, fact.formula))


def percent(fact: Fact) -> Spans:
    """98.82%; a rate other than zero that would print 0.00% reads 不足0.01%."""
    if fact.value is None:
        return (NOT_FILED,)
    digits = f"{_small(fact.value, two_decimals(fact.value))}%"
    return (BoundFigure(digits, fact.value, "%", fact.addresses, fact.formula),)


def count(fact: Fact, unit: str) -> Spans:
    """156辆; the zeros a column of the database keeps are not read out."""
    if fact.value is None:
        return (NOT_FILED,)
    return (
        BoundFigure(f"{fact.value.normalize():f}", fact.value, unit, fact.addresses, fact.formula),
        unit,
    )


def points(fact: Fact) -> Spans:
    """99.73分."""
    if fact.value is None:
        return (NOT_FILED,)
    digits = two_decimals(fact.value)
    return (BoundFigure(digits, fact.value, "分", fact.addresses, fact.formula), "分")


def movement(current: Fact, base: Fact) -> Movement:
    """Unknown as soon as one side is empty: empty is not zero."""
    if current.value is None or base.value is None:
        return Movement.UNKNOWN
    if current.value == base.value:
        return Movement.EQUAL if current.value else Movement.BOTH_ZERO
    return Movement.UP if current.value > base.value else Movement.DOWN


def change_phrase(current: Fact, previous: Fact, previous_name: str, each: str = "") -> Spans:
    """How a figure changed against the year named, with the rate where there is one.

    ``each`` is "各" where two totals change alike.
    """
    moved = movement(current, previous)
    if moved is Movement.UNKNOWN:
        return (f"{previous_name}无可比数据",)
    if moved is Movement.EQUAL:
        return (f"与{previous_name}持平",)
    if moved is Movement.BOTH_ZERO:
        return spans(f"{previous_name}也为", amount(previous))
    verb = "增加" if moved is Movement.UP else "减少"
    changed = difference(current, previous, f"本数 − {previous_name}")
    return spans(
        f"比{previous_name}{each}{verb}",
        amount_size(changed),
        _rate_clause(current, previous, previous_name),
    )


def _rate_clause(current: Fact, previous: Fact, previous_name: str) -> Spans:
    """No growth rate from a zero or negative base, nor across a change of sign."""
    changed = growth(current, previous)
    if changed.value is not None:
        size = Fact(abs(changed.value), changed.addresses, changed.formula)
        return spans("，增长" if changed.value > 0 else "，下降", percent(size))
    if previous.value == ZERO:
        return spans(f"（{previous_name}为", amount(previous), "）")
    return spans(f"（{previous_name}为", amount(previous), "，不计算增减率）")


def difference_phrase(actual: Fact, base: Fact, base_name: str) -> Spans:
    """How an outturn stands to a budget, without a rate."""
    moved = movement(actual, base)
    if moved is Movement.UNKNOWN:
        return ()
    if moved in {Movement.EQUAL, Movement.BOTH_ZERO}:
        return (f"与{base_name}持平",)
    verb = "增加" if moved is Movement.UP else "减少"
    changed = difference(actual, base, f"决算数 − {base_name}")
    return spans(f"比{base_name}{verb}", amount_size(changed))


def completion_phrase(actual: Fact, budget: Fact, budget_name: str) -> Spans:
    """完成年初预算的111.99%; nothing without a positive budget, nor for an outturn below zero."""
    return _of(f"完成{budget_name}", share(actual, budget, f"决算数 ÷ {budget_name}"))


def share_phrase(part: Fact, whole: Fact, whole_name: str) -> Spans:
    """占本年收入合计的99.65%; nothing where the whole is not positive or the part below zero."""
    return _of(f"占{whole_name}", share(part, whole, f"本项 ÷ {whole_name}"))


def _of(lead: str, rate: Fact) -> Spans:
    """占…的99.65%, but 占…不足0.01%."""
    if rate.value is None or rate.value < 0:
        return ()
    words = percent(rate)
    return spans(lead, "" if text_of(words).startswith("不足") else "的", words)


def clauses(*parts: Spans) -> Spans:
    """Phrases joined by commas, empty ones left out."""
    return joined(parts, "，")


def joined(parts: Iterable[Spans], mark: str) -> Spans:
    """Phrases with a mark between them, empty ones left out."""
    present = [part for part in parts if part]
    return tuple(
        span
        for index, part in enumerate(present)
        for span in (spans(mark, part) if index else part)
    )


def composition(parts: Sequence[tuple[str, Fact]], whole: Fact, whole_name: str) -> Spans:
    """What a total is made of, with shares; the kinds there were none of are named at the end.
    Nothing where no part has an amount: the total then says it."""
    present = [
        spans(name, amount(part), _lead(share_phrase(part, whole, whole_name)))
        for name, part in parts
        if not part.is_nothing
    ]
    if not present:
        return ()
    absent = [name for name, part in parts if part.is_nothing]
    return spans("其中：", joined(present, "；"), "。", absence(absent))


def listed(parts: Iterable[tuple[str, Fact]]) -> Spans:
    """甲1.00万元；乙2.00万元. Only what has an amount; nothing when none has."""
    present = (spans(name, amount(part)) for name, part in parts if not part.is_nothing)
    return joined(present, "；")


def _lead(phrase: Spans) -> Spans:
    return spans("，", phrase) if phrase else ()


def absence(names: Sequence[str]) -> str:
    """本年度无甲、乙。 Nothing when nothing is absent."""
    return f"本年度无{'、'.join(names)}。" if names else ""
