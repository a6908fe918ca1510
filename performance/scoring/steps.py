"""The derivation of a line in short Chinese sentences, in the order it was made."""

from __future__ import annotations

from decimal import Decimal

from performance.scoring.scorecard import DeductionLine, Number, ScoreLine, rounding_decimals
from rulebook.amounts import half_up

SHOWN_DECIMALS = 6
"""Decimals of a quotient in a sentence; the exact number stands beside it in the derivation."""


def plain(number: Decimal) -> str:
    """A number without an exponent and without trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(number: Decimal) -> str:
    """A computed number for a sentence, with ≈ where decimals were left out."""
    short = half_up(number, SHOWN_DECIMALS)
    return f"＝{plain(number)}" if short == number else f"≈{plain(short)}"


def fixed(number: Decimal, decimals: int) -> str:
    return f"{half_up(number, decimals):f}"


def steps_of(line: ScoreLine, remarks: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Reading, formula, cap, rounding and deductions of a line, one sentence each."""
    read = [_reading(entry.label, entry.typed, entry.read) for entry in line.inputs]
    return (*read, *remarks, *_computing(line), *_deducting(line.deductions), *_asking(line))


def _reading(label: str, typed: str, read: str) -> str:
    return f"{label}“{typed}”" if typed == read else f"{label}“{typed}”，读作“{read}”"


def _computing(line: ScoreLine) -> list[str]:
    if line.formula is None or line.computed is None or line.earned is None:
        return []
    decimals = rounding_decimals(line.rounding)
    numbers = "，".join(_number(number) for number in line.numbers)
    values = f"w＝{plain(line.max_points)}" + (f"，{numbers}" if numbers else "")
    steps = [
        f"{line.formula.label}：得分＝{line.formula.expression}，其中{values}，"
        f"计算值{shown(line.computed)}"
    ]
    if line.capped:
        steps.append(f"得分不超过分值，取{plain(line.max_points)}")
    steps.append(f"四舍五入保留{decimals}位小数：{fixed(line.earned, decimals)}分")
    return steps


def _number(number: Number) -> str:
    return f"{number.name}＝{plain(number.value)}"


def _deducting(deductions: tuple[DeductionLine, ...]) -> list[str]:
    return [
        f"{entry.role}扣{plain(entry.points)}分（{entry.reason}）："
        f"{plain(entry.before)}−{plain(entry.points)}＝{plain(entry.after)}"
        for entry in deductions
    ]


def _asking(line: ScoreLine) -> list[str]:
    if line.question is not None:
        return [f"待答：{line.question.text}"]
    return [] if line.applicable else ["本项不适用，不计分，其余各项不重新折算"]
