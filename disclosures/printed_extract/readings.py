"""PURE: what a printed figure can stand for, given how exactly its place prints figures.

Texts drop closing zeros (72,643 万元 stands for 72,643.00), so a figure is taken to be as exact as
the finest one of the same unit at the same place, unless the line says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from disclosures.lints import YUAN_PER
from disclosures.printed_extract.facts import COUNT, MONEY, YEAR
from disclosures.printed_extract.values import PrintedFigure
from rulebook.amounts import CENT, HUNDRED, Interval, decimals_of
from rulebook.checks import amount_text

PER_CENT, YEAR_UNIT = "%", "年"
RATE = "rate"
MONEY_UNITS: Mapping[str, Decimal] = YUAN_PER | {"万": YUAN_PER["万元"]}
"""How units of money are spelled → yuan; 万 alone is read and is a finding of its own."""


def kind_of(unit: str) -> str:
    """What a figure of this unit is: money, a rate, a year or a count."""
    if unit in MONEY_UNITS:
        return MONEY
    return {PER_CENT: RATE, YEAR_UNIT: YEAR}.get(unit, COUNT)


def shown(value: Decimal, kind: str, beside: Iterable[Decimal] = ()) -> str:
    """A value in words for a message."""
    if kind == YEAR:
        return f"{value:f}"
    return f"{value:,f}%" if kind == RATE else amount_text(value, kind, beside)


def interval_of(value: Decimal, unit: str, decimals: int) -> Interval:
    """A printed figure in yuan, per cent or pieces, as exact as its decimals say."""
    kind = kind_of(unit)
    if kind in {COUNT, YEAR}:
        return Interval(value)
    per = MONEY_UNITS.get(unit, Decimal(1))
    half_step = per.scaleb(-decimals) / 2
    if kind == MONEY and half_step < CENT:
        return Interval(value * per)
    return Interval(value * per, half_step, half_step)


@dataclass(frozen=True)
class Readings:
    """All figures of an extract by line."""

    figures: tuple[PrintedFigure, ...]

    @cached_property
    def by_line(self) -> Mapping[int, PrintedFigure]:
        return {figure.line: figure for figure in self.figures}

    @cached_property
    def _finest(self) -> Mapping[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for figure in self.figures:
            key = (figure.place, figure.unit)
            found[key] = max(found.get(key, 0), decimals_of(figure.value))
        return found

    def read(self, figure: PrintedFigure, unit: str = "") -> Interval:
        """The figure in yuan, per cent or pieces; ``unit`` reads it as if printed in another."""
        decimals = figure.decimals
        if decimals is None:
            decimals = self._finest[figure.place, figure.unit]
        return interval_of(figure.value, unit or figure.unit, decimals)

    def total(self, lines: Iterable[int], other: Mapping[int, str] | None = None) -> Interval:
        """Σ of signed lines, all of which exist; ``other`` reads some in another unit."""
        result = Interval(Decimal(0))
        for line in lines:
            figure = self.by_line[abs(line)]
            amount = self.read(figure, (other or {}).get(abs(line), ""))
            result = result.plus(amount) if line > 0 else result.minus(amount)
        return result

    def missing(self, figure: PrintedFigure) -> list[int]:
        """Line numbers a figure refers to that are not in the extract, or are its own."""
        known = self.by_line.keys() - {figure.line}
        return [abs(line) for line in (*figure.parts, *figure.base) if abs(line) not in known]

    def mixed(self, figure: PrintedFigure) -> bool:
        """Whether the lines referred to cannot be added up: money beside pieces."""
        kinds = {kind_of(self.by_line[abs(line)].unit) for line in (*figure.parts, *figure.base)}
        own = set() if figure.base else {kind_of(figure.unit)}
        return len(kinds | own) > 1


def quotient(part: Interval, whole: Interval) -> Interval | None:
    """part ÷ whole in per cent with what rounding of both allows; ``None`` without a base."""
    lowest = whole.value - whole.below
    if lowest <= 0:
        return None
    value = part.value / whole.value * HUNDRED
    ends = [
        end / base * HUNDRED
        for end in (part.value - part.below, part.value + part.above)
        for base in (lowest, whole.value + whole.above)
    ]
    return replace(Interval(value), below=value - min(ends), above=max(ends) - value)
