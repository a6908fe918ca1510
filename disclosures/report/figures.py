"""PURE: the four charts of the narrative; every bar is a bound figure with its cell."""

from __future__ import annotations

from budgets.checks.keys import EXPENDITURE, REVENUE
from disclosures.facts import Fact, ReportFacts
from disclosures.narrative.phrases import wan_text
from disclosures.reasons import PRIOR_YEAR, compared
from disclosures.report.blocks import BoundFigure, Chart, ChartPoint
from rulebook.amounts import ZERO


def totals_chart(facts: ReportFacts) -> Chart:
    return _two_years(facts, "grand_total", "收、支决算总计变动情况")


def appropriations_chart(facts: ReportFacts) -> Chart:
    return _two_years(facts, "appropriation_grand_total", "财政拨款收、支决算总计变动情况")


def revenue_chart(facts: ReportFacts) -> Chart:
    return _structure(facts, REVENUE, "收入决算结构")


def expenditure_chart(facts: ReportFacts) -> Chart:
    return _structure(facts, EXPENDITURE, "支出决算结构")


def _two_years(facts: ReportFacts, figure: str, title: str) -> Chart:
    """One bar for each year; a missing year gives one bar and a sentence."""
    comparison = compared(facts)[f"{figure}.{PRIOR_YEAR}"]
    years = ((facts.year, comparison.current), (facts.prior_year, comparison.base))
    points = tuple(
        ChartPoint(f"{year}年度", _bound(fact)) for year, fact in years if fact.value is not None
    )
    missing = [f"{year}年度" for year, fact in years if fact.value is None]
    note = f"{'、'.join(missing)}无可比数据。" if missing else ""
    return Chart(figure, "bars", title, _described(title, points, note), points, note)


def _structure(facts: ReportFacts, key: str, title: str) -> Chart:
    """The parts of a total that have an amount."""
    sheet = facts.layout.sheet(key)
    parts = [(c.label, facts.cell(key, "total", c.key)) for c in sheet.columns if c.key != "total"]
    points = tuple(ChartPoint(label, _bound(part)) for label, part in parts if not part.is_nothing)
    note = "" if points else f"{facts.year}年度没有可以列示的数据。"
    return Chart(key, "shares", title, _described(title, points, note), points, note)


def _bound(fact: Fact) -> BoundFigure:
    """The amount in 万元 as the bar prints it."""
    value = fact.value or ZERO
    return BoundFigure(f"{wan_text(value)}万元", value, "万元", fact.addresses)


def _described(title: str, points: tuple[ChartPoint, ...], note: str) -> str:
    """The chart in words, for those who do not see it."""
    read = "；".join(f"{point.label}{point.figure.text}" for point in points)
    return f"{title}：{read or '无数据'}。{note}"
