"""The engine against a second implementation made of fractions, straight from the rules."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performance.evaluation import (
    DEPARTMENT,
    Band,
    Deduction,
    Direction,
    EvaluationSnapshot,
    IndicatorKind,
    IndicatorSnapshot,
    Judgement,
    ResultSnapshot,
)
from performance.scoring import Scorecard, ScoringParameters, load_parameters, replay, score
from performance.scoring.formulas import Formula
from performance.scoring.scorecard import replay_line
from rulebook.codec import from_json, to_json
from rulebook.editions import editions_of
from tests.effort import examples
from tests.performance import naive_scoring as naive
from tests.performance.values import PROJECT_CODE, clean_evaluation

EDITIONS = sorted(naive.PROJECT)
REVERSE = {"ratio": Formula.REVERSE_RATIO, "linear": Formula.REVERSE_LINEAR_DECLINE}
EQUAL = {"forward": Formula.FORWARD, "exact": Formula.EXACT, "symmetric": Formula.SYMMETRIC}
WORSE, SAME = "上升3%", "下降3%"


@dataclass(frozen=True)
class Row:
    """One generated indicator: as it is written, and what the rules give for a weight."""

    kind: IndicatorKind
    direction: Direction | None
    target: str
    achieved: str
    numbers: tuple[Decimal, ...] = ()
    band: str = ""
    share: Decimal = Decimal(0)
    deductions: tuple[Decimal, ...] = ()

    def points(self, weight: Decimal, edition: str, choices: naive.Choices) -> Fraction | None:
        """What the naive implementation gives, deductions included."""
        earned = self._earned(Fraction(weight), naive.BANDS[edition], choices)
        return naive.deducted(earned, [Fraction(each) for each in self.deductions])

    def _earned(
        self, w: Fraction, bands: dict[str, tuple[int, int]], choices: naive.Choices
    ) -> Fraction | None:
        exact = [Fraction(number) for number in self.numbers]
        match self.kind:
            case IndicatorKind.QUANTITATIVE:
                return self._quantitative(w, exact, choices)
            case IndicatorKind.RANGE:
                return naive.ranged(w, *exact, choices)
            case IndicatorKind.TREND if self.achieved == SAME:
                return w
            case _:
                return naive.judged(w, self.band, Fraction(self.share), bands)

    def _quantitative(
        self, w: Fraction, exact: list[Fraction], choices: naive.Choices
    ) -> Fraction | None:
        target, achieved = exact
        if self.direction is Direction.HIGHER_IS_BETTER:
            return naive.forward(w, target, achieved)
        if self.direction is Direction.LOWER_IS_BETTER:
            return naive.reverse(w, target, achieved, choices)
        return naive.equal(w, target, achieved, choices)


def written(number: Decimal) -> str:
    return f"{number:f}"


sizes = st.one_of(
    st.decimals("0", "1000", places=2),
    st.decimals("0", "99999999", places=4),
    st.integers(0, 120).map(Decimal),
    st.sampled_from([Decimal(0), Decimal("0.01"), Decimal(1), Decimal(100)]),
)
any_number = st.one_of(sizes, sizes.map(lambda number: -number))
shares = st.one_of(
    st.integers(0, 100).map(Decimal),
    st.decimals("0", "100", places=3),
    st.sampled_from([Decimal(text) for text in ("50", "60", "79.99", "80", "100")]),
)
taken = st.lists(st.decimals("-0.5", "3", places=2), max_size=2).map(tuple)
bands = st.sampled_from([band.value for band in Band])
units = st.sampled_from(["", "次", "%", "万人", "元/件", "/人/年", "‰"])


@st.composite
def quantities(draw: st.DrawFn, direction: Direction | None = None) -> Row:
    """A target and an achievement near it, far from it, at it, or at twice it."""
    target = draw(any_number)
    near = st.sampled_from([Decimal(0), target, target * 2, target / 2 if target else Decimal(1)])
    achieved, unit = draw(st.one_of(any_number, near)), draw(units)
    return Row(
        IndicatorKind.QUANTITATIVE,
        direction or draw(st.sampled_from(list(Direction))),
        f"{written(target)}{unit}",
        f"{written(achieved)}{unit}",
        (target, achieved),
        deductions=draw(st.one_of(st.just(()), taken)),
    )


@st.composite
def ranges(draw: st.DrawFn) -> Row:
    low, high = sorted([draw(sizes), draw(sizes)])
    achieved = draw(st.one_of(any_number, st.sampled_from([low, high])))
    text = f"{written(low)}%-{written(high)}%"
    return Row(
        IndicatorKind.RANGE, None, text, f"{written(achieved)}%", (low, high, achieved),
        deductions=draw(st.one_of(st.just(()), taken)),
    )  # fmt: skip


@st.composite
def trends(draw: st.DrawFn) -> Row:
    achieved = draw(st.sampled_from([SAME, WORSE, "与上年持平"]))
    return Row(
        IndicatorKind.TREND, None, "较上年下降", achieved, (), draw(bands), draw(shares),
        draw(st.one_of(st.just(()), taken)),
    )  # fmt: skip


@st.composite
def judged_rows(draw: st.DrawFn) -> Row:
    kinds = [IndicatorKind.QUALITATIVE, IndicatorKind.RANK, IndicatorKind.EXPRESSION]
    return Row(
        draw(st.sampled_from(kinds)), None, "前3名", "第2名", (), draw(bands), draw(shares),
        draw(st.one_of(st.just(()), taken)),
    )  # fmt: skip


rows = st.one_of(quantities(), ranges(), trends(), judged_rows())
choices = st.builds(naive.Choices, st.sampled_from(sorted(REVERSE)), st.sampled_from(sorted(EQUAL)))
money = st.one_of(
    st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("41832500")]),
    st.decimals("0", "99999999999", places=2),
)


def rules_of(edition: str, chosen: naive.Choices) -> ScoringParameters:
    parameters = load_parameters(f"self_evaluation/{edition}")
    return replace(
        parameters, reverse_formula=REVERSE[chosen.reverse], equal_formula=EQUAL[chosen.equal]
    )


def indicator(key: str, row: Row, weight: Decimal, tier: str = "产出指标") -> IndicatorSnapshot:
    return IndicatorSnapshot(
        key, tier, f"二级指标{key}", f"指标{key}", row.kind, row.direction, row.target, weight
    )


def result(key: str, row: Row) -> ResultSnapshot:
    return ResultSnapshot(
        key,
        row.achieved,
        Judgement(Band(row.band), row.share) if row.band else None,
        deductions=tuple(Deduction(points, "理由", "填报人") for points in row.deductions),
    )


def form(
    subject: str,
    listed: list[Row],
    weights: list[Decimal],
    tiers: list[str],
    budget: Decimal,
    spent: Decimal,
    objective: Judgement | None,
) -> EvaluationSnapshot:
    """A form of one goal with the given rows."""
    base = clean_evaluation()
    keys = [f"1.{number}" for number in range(1, len(listed) + 1)]
    parts = zip(keys, listed, weights, tiers, strict=True)
    goal = replace(
        base.declaration.goals[0],
        weight=None,
        indicators=tuple(indicator(key, row, w, tier) for key, row, w, tier in parts),
    )
    return replace(
        base,
        subject=subject,
        declaration=replace(base.declaration, subject=subject, goals=(goal,)),
        budget=budget,
        spent=spent,
        objective_judgement=objective,
        results=tuple(result(key, row) for key, row in zip(keys, listed, strict=True)),
    )


def exactly(points: Decimal | None) -> Fraction | None:
    return None if points is None else Fraction(points)


def test_every_edition_has_its_components_in_the_naive_tables() -> None:
    named = {edition.id.removeprefix("self_evaluation/") for edition in editions_of("scoring")}
    assert named == set(EDITIONS)
    for edition in EDITIONS:
        parameters = load_parameters(f"self_evaluation/{edition}")
        for subject, table in ((PROJECT_CODE, naive.PROJECT), (DEPARTMENT, naive.DEPARTMENT)):
            if edition in table:
                scheme, due = parameters.scheme_for(subject), table[edition]
                assert scheme.execution == due.execution
                assert scheme.objective == due.objective
                assert scheme.indicators == due.indicators


def agree(row: Row, weight: Decimal, chosen: naive.Choices, edition: str) -> None:
    """One row of a form scores what the naive implementation gives, or both ask."""
    evaluation = form(PROJECT_CODE, [row], [weight], ["产出指标"], Decimal(1), Decimal(1), None)
    line = score(evaluation, rules_of(edition, chosen)).line("1.1")
    assert line is not None
    assert exactly(line.points) == row.points(weight, edition, chosen)
    assert (line.question is None) == (line.points is not None)


weights = st.decimals("0.25", "60", places=2)
weighed = st.sampled_from([edition for edition in EDITIONS if edition != "wuhan_2019"])


@pytest.mark.parametrize(
    ("direction", "chosen"),
    [
        (Direction.HIGHER_IS_BETTER, naive.Choices()),
        *((Direction.LOWER_IS_BETTER, naive.Choices(reverse=formula)) for formula in REVERSE),
        *((Direction.EXACT, naive.Choices(equal=formula)) for formula in EQUAL),
    ],
    ids=str,
)
@settings(max_examples=examples(120))
@given(data=st.data(), weight=weights)
def test_every_formula_scores_the_same(
    direction: Direction, chosen: naive.Choices, data: st.DataObject, weight: Decimal
) -> None:
    agree(data.draw(quantities(direction)), weight, chosen, "wuhan_2023")


@settings(max_examples=examples(250))
@given(st.one_of(ranges(), trends(), judged_rows()), weights, choices, weighed)
def test_every_other_indicator_scores_the_same(
    row: Row, weight: Decimal, chosen: naive.Choices, edition: str
) -> None:
    agree(row, weight, chosen, edition)


@given(money, money, st.sampled_from(EDITIONS), st.booleans())
def test_execution_scores_the_same(
    budget: Decimal, spent: Decimal, edition: str, overall: bool
) -> None:
    table = naive.DEPARTMENT if overall and edition in naive.DEPARTMENT else naive.PROJECT
    subject = DEPARTMENT if table is naive.DEPARTMENT else PROJECT_CODE
    evaluation = form(subject, [], [], [], budget, spent, None)
    line = score(evaluation, rules_of(edition, naive.Choices())).lines[0]
    due = naive.execution(Fraction(table[edition].execution), Fraction(budget), Fraction(spent))
    expected = {"left out": (None, False), "error": (None, True)}.get(str(due), (due, True))
    assert (exactly(line.points), line.applicable) == expected
    assert (line.question is not None) == (due == "error")


@st.composite
def divided(draw: st.DrawFn, total: int) -> list[Decimal]:
    """Positive points that add up to a total, in halves."""
    cuts = draw(st.sets(st.integers(1, total * 2 - 1), max_size=5))
    bounds = [0, *sorted(cuts), total * 2]
    return [Decimal(b - a) / 2 for a, b in pairwise(bounds)]


@st.composite
def tiers_and_points(draw: st.DrawFn, edition: str, total: int) -> list[tuple[str, Decimal]]:
    """Rows in a way the edition knows, or in whatever way."""
    ways = naive.SPLITS.get(edition)
    if ways is None or draw(st.integers(0, 3)) == 0:
        names = ["成本指标", "产出指标", "效益指标", "满意度指标"]
        return [(draw(st.sampled_from(names)), points) for points in draw(divided(total))]
    way = draw(st.sampled_from(ways))
    return [
        (draw(st.sampled_from(tiers)), points)
        for tiers, due in way
        for points in draw(divided(due))
    ]


@settings(max_examples=examples(200))
@given(st.data(), st.sampled_from(EDITIONS), st.booleans(), choices, money, money)
def test_a_whole_form_scores_the_same(
    data: st.DataObject,
    edition: str,
    overall: bool,
    chosen: naive.Choices,
    budget: Decimal,
    spent: Decimal,
) -> None:
    table = naive.DEPARTMENT if overall and edition in naive.DEPARTMENT else naive.PROJECT
    parts = table[edition]
    divisions = data.draw(tiers_and_points(edition, parts.indicators))
    tiers, weights = [tier for tier, _ in divisions], [points for _, points in divisions]
    listed = [data.draw(rows) for _ in divisions]
    band, share = data.draw(bands), data.draw(shares)
    evaluation = form(
        DEPARTMENT if table is naive.DEPARTMENT else PROJECT_CODE,
        listed, weights, tiers, budget, spent, Judgement(Band(band), share),
    )  # fmt: skip
    block: tuple[Decimal, ...] = ()
    if edition == "wuhan_2019":
        block = data.draw(taken)
        lowered = tuple(Deduction(points, "理由", "审核人") for points in block)
        evaluation = replace(evaluation, deductions=lowered)
    card = score(evaluation, rules_of(edition, chosen))

    others: list[Fraction | None] = []
    if parts.objective is not None:
        points = Fraction(parts.objective)
        others.append(naive.judged(points, band, Fraction(share), naive.BANDS[edition]))
    if edition == "wuhan_2019":
        others.append(naive.deducted(Fraction(parts.indicators), [Fraction(x) for x in block]))
    else:
        pairs = zip(listed, weights, strict=True)
        others += [row.points(w, edition, chosen) for row, w in pairs]
        points_of: dict[str, Fraction] = {}
        for tier, w in divisions:
            points_of[tier] = points_of.get(tier, Fraction(0)) + Fraction(w)
        if not naive.splits_agree(edition, points_of):
            others.append(None)
    executed = naive.execution(Fraction(parts.execution), Fraction(budget), Fraction(spent))
    total, out_of, grade = naive.added(Fraction(parts.execution), executed, others)
    assert (exactly(card.total), exactly(card.out_of), card.grade) == (total, out_of, grade)
    stored = from_json(Scorecard, json.loads(json.dumps(to_json(card))))
    assert replay(stored) == card.total
    assert [replay_line(line) for line in stored.lines] == [line.points for line in card.lines]


@pytest.mark.parametrize("edition", [name for name in EDITIONS if name != "wuhan_2019"])
@given(st.data())
def test_parts_that_do_not_add_up_are_never_scored(edition: str, data: st.DataObject) -> None:
    parts = naive.PROJECT[edition]
    weights = data.draw(divided(parts.indicators))
    change = data.draw(st.sampled_from([Decimal("-0.5"), Decimal("0.01"), Decimal(10)]))
    weights[0] += change
    row = Row(
        IndicatorKind.QUANTITATIVE, Direction.HIGHER_IS_BETTER, "1次", "1次",
        (Decimal(1), Decimal(1)),
    )  # fmt: skip
    evaluation = form(
        PROJECT_CODE, [row] * len(weights), weights, ["产出指标"] * len(weights),
        Decimal(1), Decimal(1), Judgement(Band.REACHED, Decimal(100)),
    )  # fmt: skip
    assert score(evaluation, rules_of(edition, naive.Choices())).total is None
