"""PURE: PD-2xx: printed figures against the filing, against each other and their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from disclosures.printed_extract.facts import YEAR, Known
from disclosures.printed_extract.readings import (
    RATE,
    Readings,
    kind_of,
    quotient,
    shown,
)
from disclosures.printed_extract.subject import Judged, Subject, rule
from disclosures.printed_extract.values import PrintedFigure
from rulebook.addresses import extract_address
from rulebook.amounts import Interval, half_up_2
from rulebook.checks import Verdict
from rulebook.findings import Scope

SHEET = "figures"
YUAN, WAN = "元", "万元"
ODD_UNITS = {YUAN: WAN, WAN: YUAN, "万": YUAN}
"""A unit of money → the one it is mistaken for."""


def _readings(subject: Subject) -> Readings:
    return Readings(subject.extract.figures)


def _place(figure: PrintedFigure) -> str:
    return extract_address(SHEET, figure.line)


def _label(figure: PrintedFigure) -> str:
    wording = f"“{figure.wording}”" if figure.wording else ""
    return f"{figure.place}{wording}"


def _printed(figure: PrintedFigure) -> str:
    number = f"{figure.value:f}" if kind_of(figure.unit) == YEAR else f"{figure.value:,f}"
    return f"{number}{figure.unit}"


def _sound(figure: PrintedFigure, readings: Readings) -> bool:
    """Whether all lines it refers to exist and can be added up."""
    return not readings.missing(figure) and not readings.mixed(figure)


def _broken_references(subject: Subject) -> Iterator[Verdict]:
    readings = _readings(subject)
    for figure in subject.extract.figures:
        label = _label(figure)
        if missing := readings.missing(figure):
            lines = "、".join(map(str, missing))
            message = f"{label}所列明细的行号 {lines} 不在摘录的“数”中，或是它自己。"
            yield Verdict((_place(figure),), label, figure.value, None, message)
        elif readings.mixed(figure):
            message = f"{label}所列明细与它的单位不同，不能相加。"
            yield Verdict((_place(figure),), label, figure.value, None, message)
        elif figure.base and kind_of(figure.unit) != RATE:
            message = f"{label}写了“除以行号”，单位却不是%。"
            yield Verdict((_place(figure),), label, figure.value, None, message)


def _unknown_places(subject: Subject) -> Iterator[Verdict]:
    facts = subject.facts
    for figure in subject.extract.figures:
        if not facts.is_address(figure.states):
            continue
        known, label = facts.figures.get(figure.states), _label(figure)
        if known is None and not facts.is_empty_cell(figure.states):
            message = f"{label}所指的“{figure.states}”不在申报件里。"
            yield Verdict((_place(figure),), label, None, None, message)
        elif known is not None and known.kind != kind_of(figure.unit):
            message = f"{label}以“{figure.unit}”计，所指的{known.label}不是这样的数。"
            yield Verdict((_place(figure), known.address), label, None, None, message)


def _against_filing(subject: Subject) -> Iterator[Verdict]:
    readings, facts = _readings(subject), subject.facts
    for figure in subject.extract.figures:
        known, printed = facts.figures.get(figure.states), readings.read(figure)
        if known is not None and known.kind == kind_of(figure.unit):
            if not printed.can_equal(known.figure):
                yield _differing(figure, printed, known)
        elif facts.is_empty_cell(figure.states) and figure.value:
            label = _label(figure)
            message = f"{label}印出 {_printed(figure)}，申报件的这一格是空的。"
            yield Verdict((_place(figure), figure.states), label, printed.value, None, message)


def _differing(figure: PrintedFigure, printed: Interval, known: Known) -> Verdict:
    values, label = (printed.value, known.figure.value), _label(figure)
    gap = shown(abs(values[0] - values[1]), known.kind, values)
    message = (
        f"{label}印出 {_printed(figure)}，申报件的{known.label}为"
        f" {shown(values[1], known.kind, values)}，相差 {gap}。"
    )
    return Verdict((_place(figure), known.address), label, *values, message)


def _one_value(subject: Subject) -> Iterator[Verdict]:
    readings = _readings(subject)
    groups: dict[tuple[str, str], list[PrintedFigure]] = defaultdict(list)
    for figure in subject.extract.figures:
        if figure.states and not subject.facts.is_address(figure.states):
            groups[figure.states, kind_of(figure.unit)].append(figure)
    for (states, kind), (first, *others) in groups.items():
        value = readings.read(first)
        differing = [each for each in others if not readings.read(each).can_equal(value)]
        if differing:
            values = (value.value, readings.read(differing[0]).value)
            told = "；".join(f"{_label(each)}印出 {_printed(each)}" for each in differing)
            gap = shown(abs(values[0] - values[1]), kind, values)
            message = (
                f"同一个数“{states}”：{_label(first)}印出 {_printed(first)}，{told}，相差 {gap}。"
            )
            places = tuple(_place(each) for each in (first, *differing))
            yield Verdict(places, _label(first), *values, message)


def _off(subject: Subject) -> Iterator[tuple[PrintedFigure, Interval, Interval]]:
    """Totals that are not the sum of their parts: the line, its figure, the sum."""
    readings = _readings(subject)
    for figure in subject.extract.figures:
        if figure.parts and not figure.base and _sound(figure, readings):
            printed, summed = readings.read(figure), readings.total(figure.parts)
            if not printed.can_equal(summed):
                yield figure, printed, summed


def _odd_unit(figure: PrintedFigure, readings: Readings) -> PrintedFigure | None:
    """The one line which, read in the other unit of money, makes the total come out."""
    for line in (figure.line, *map(abs, figure.parts)):
        suspect = readings.by_line[line]
        unit = ODD_UNITS.get(suspect.unit)
        if unit is None or not suspect.value:
            continue
        whole = readings.read(figure, unit if line == figure.line else "")
        others = {} if line == figure.line else {line: unit}
        if whole.can_equal(readings.total(figure.parts, others)):
            return suspect
    return None


def _totals(subject: Subject) -> Iterator[Verdict]:
    readings = _readings(subject)
    for figure, printed, summed in _off(subject):
        if _odd_unit(figure, readings):
            continue
        kind, label = kind_of(figure.unit), _label(figure)
        values = (printed.value, summed.value)
        parts = "、".join(_printed(readings.by_line[abs(line)]) for line in figure.parts)
        gap = shown(abs(values[0] - values[1]), kind, values)
        message = (
            f"{label}印出 {_printed(figure)}，所列明细 {parts} 之和为"
            f" {shown(values[1], kind, values)}，相差 {gap}。"
        )
        places = tuple(extract_address(SHEET, abs(n)) for n in (figure.line, *figure.parts))
        yield Verdict(places, label, *values, message)


def _units_of_money(subject: Subject) -> Iterator[Verdict]:
    readings = _readings(subject)
    for figure, _, _ in _off(subject):
        suspect = _odd_unit(figure, readings)
        if suspect is not None:
            unit, label = ODD_UNITS[suspect.unit], _label(suspect)
            values = (readings.read(suspect).value, readings.read(suspect, unit).value)
            message = (
                f"{label}印出 {_printed(suspect)}，按“{suspect.value:,f}{unit}”"
                f"才与{_label(figure)} {_printed(figure)} 凑得成合计。"
            )
            yield Verdict((_place(suspect), _place(figure)), label, *values, message)


def _rates(subject: Subject) -> Iterator[Verdict]:
    readings = _readings(subject)
    for figure in subject.extract.figures:
        if not figure.base or kind_of(figure.unit) != RATE or not _sound(figure, readings):
            continue
        printed = readings.read(figure)
        rate = quotient(readings.total(figure.parts), readings.total(figure.base))
        if rate is not None and not printed.can_equal(rate):
            computed, label = half_up_2(rate.value), _label(figure)
            lines = (figure.line, *figure.parts, *figure.base)
            places = tuple(extract_address(SHEET, abs(line)) for line in lines)
            message = f"{label}印出 {_printed(figure)}，按所列的数计算为 {computed}%。"
            yield Verdict(places, label, Decimal(printed.value), computed, message)


FIGURE_CHECKS: tuple[Judged, ...] = (
    (
        rule(
            "PD-103",
            "明细的行号在摘录中",
            "请核对“等于明细之和”“除以行号”所写的行号和单位。",
            scope=Scope.WITHIN_SHEET,
        ),
        _broken_references,
    ),
    (
        rule(
            "PD-104",
            "所指的数在申报件中",
            "请从“可选的数”中选择；只与公开件自己的其他数核对的，写一个自己的名称。",
            scope=Scope.WITHIN_SHEET,
        ),
        _unknown_places,
    ),
    (
        rule(
            "PD-201", "印出的数与申报件一致", "请以申报件为准更正公开件；申报件有误的先更正申报件。"
        ),
        _against_filing,
    ),
    (
        rule("PD-202", "同一个数只有一个值", "请查明哪一处正确，更正其余各处。"),
        _one_value,
    ),
    (
        rule("PD-203", "合计等于所列明细之和", "请核对合计和每一项明细，更正写错的一项。"),
        _totals,
    ),
    (
        rule("PD-204", "金额单位写对", "请核对该处的单位是元还是万元。"),
        _units_of_money,
    ),
    (
        rule("PD-205", "比率等于所列的数相除", "请按所列的数重新计算比率。"),
        _rates,
    ),
)
