"""PURE: a chart → the lines, bars and labels to draw, in millimetre-like units.

The drawing prints no figure of its own: every number beside a bar is the bound figure's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from disclosures.report.blocks import BoundFigure, Chart, ChartPoint
from rulebook.amounts import ZERO, half_up

WIDTH = Decimal(156)  # the text width of the page
LABEL_LINE = 13  # most characters in one line of a label
LINE = Decimal("4.6")
BAR = Decimal(6)
GAP = Decimal(4)
LABELS = Decimal(52)
FIGURES = Decimal(36)
FILLS = ("#1d4f91", "#7d9cc4")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its label lines left of it and its figure at its end."""

    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal
    fill: str
    label: tuple[Text, ...]
    figure: Text


@dataclass(frozen=True, slots=True)
class Text:
    x: Decimal
    y: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """``axis`` is where the value zero lies; bars of negative values end left of it."""

    width: Decimal
    height: Decimal
    axis: Decimal
    bars: tuple[Bar, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """What is written in it, in order of drawing."""
        lines = ((*bar.label, bar.figure) for bar in self.bars)
        return tuple(line.text for bar in lines for line in bar)


def draw(chart: Chart) -> Drawing:
    """Horizontal bars, one below the other: long labels stay readable in print and on screen."""
    scale = _Scale.of([point.figure.value for point in chart.points])
    bars: list[Bar] = []
    top = GAP / 2
    for index, point in enumerate(chart.points):
        bars.append(_bar(point, top, scale, _fill(chart, index)))
        top += _height(point) + GAP
    return Drawing(WIDTH, top, _rounded(scale.zero), tuple(bars))


@dataclass(frozen=True, slots=True)
class _Scale:
    """Values → horizontal positions between the labels and the room for figures."""

    zero: Decimal
    unit: Decimal

    @classmethod
    def of(cls, values: list[Decimal]) -> _Scale:
        lowest, highest = min([ZERO, *values]), max([ZERO, *values])
        room = WIDTH - LABELS - FIGURES
        unit = room / (highest - lowest) if highest > lowest else ZERO
        return cls(LABELS - lowest * unit, unit)

    def position(self, value: Decimal) -> Decimal:
        return self.zero + value * self.unit


def _bar(point: ChartPoint, top: Decimal, scale: _Scale, fill: str) -> Bar:
    start, end = sorted((scale.zero, scale.position(point.figure.value)))
    middle = top + _height(point) / 2
    return Bar(
        x=_rounded(start),
        y=_rounded(middle - BAR / 2),
        width=_rounded(end - start),
        height=BAR,
        fill=fill,
        label=_label(point.label, middle),
        figure=Text(_rounded(end + 2), _baseline(middle), _figure(point.figure)),
    )


def _label(label: str, middle: Decimal) -> tuple[Text, ...]:
    lines = _lines(label)
    first = middle - LINE * (len(lines) - 1) / 2
    return tuple(
        Text(LABELS - 2, _baseline(first + LINE * index), line) for index, line in enumerate(lines)
    )


def _lines(label: str) -> list[str]:
    """Lines of even length: a bracket or a single character never stands alone."""
    lines = -(-len(label) // LABEL_LINE) or 1
    length = -(-len(label) // lines) or 1
    return [label[start : start + length] for start in range(0, len(label), length)]


def _height(point: ChartPoint) -> Decimal:
    return max(BAR, LINE * len(_lines(point.label)))


def _figure(figure: BoundFigure) -> str:
    return figure.text if figure.text.endswith(figure.unit) else f"{figure.text}{figure.unit}"


def _fill(chart: Chart, index: int) -> str:
    """Bars of years stand in pairs, this year and the last; shares are all of one kind."""
    return FILLS[index % 2] if chart.kind == "bars" else FILLS[0]


def _baseline(middle: Decimal) -> Decimal:
    return _rounded(middle + Decimal("1.3"))


def _rounded(value: Decimal) -> Decimal:
    return half_up(value, 2)
