"""Charts: every bar on the page, in proportion, with the figure it stands for."""

from dataclasses import replace
from decimal import Decimal

from disclosures.charts import FIGURES, WIDTH, draw
from disclosures.report.blocks import BoundFigure, Chart, ChartPoint


def point(value: str, label: str = "2023年度") -> ChartPoint:
    return ChartPoint(label, BoundFigure(value, Decimal(value), "万元", ("a",)))


def chart(*points: ChartPoint, kind: str = "bars") -> Chart:
    return Chart("k", kind, "标题", "替代文字", points)


def test_bars_are_in_proportion_to_their_values() -> None:
    tall, small = draw(chart(point("200.00"), point("50.00"))).bars
    assert tall.width == small.width * 4


def test_the_longest_bar_leaves_room_for_its_figure() -> None:
    (bar,) = draw(chart(point("71252.58"))).bars
    assert bar.x + bar.width == WIDTH - FIGURES


def test_a_negative_bar_ends_left_of_the_axis() -> None:
    drawing = draw(chart(point("100.00"), point("-25.00")))
    below = drawing.bars[1]
    assert below.x < drawing.axis
    assert below.x + below.width == drawing.axis


def test_nothing_but_zeros_draws_bars_without_length() -> None:
    assert [bar.width for bar in draw(chart(point("0.00"), point("0.00"))).bars] == [0, 0]


def test_no_points_draw_nothing() -> None:
    assert draw(chart()).bars == ()


def test_the_figure_is_the_bound_text_and_its_unit_once() -> None:
    plain, told = point("3.10"), point("3.10")
    told = replace(told, figure=replace(told.figure, text="3.10万元"))
    assert [bar.figure.text for bar in draw(chart(plain, told)).bars] == ["3.10万元"] * 2


def test_a_long_label_is_broken_into_even_lines_and_lowers_the_next_bar() -> None:
    label = "社会保障和就业支出（含离退休）"
    long, after = draw(chart(point("1.00", label), point("1.00"))).bars
    assert "".join(line.text for line in long.label) == label
    assert max(len(line.text) for line in long.label) <= 13
    assert after.y > long.y + long.height
