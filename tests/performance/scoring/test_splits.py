"""Schemes of the province and the nation: the first tier's points are fixed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from performance.checks import check_declaration
from performance.evaluation import (
    DeclarationSnapshot,
    Direction,
    GoalSnapshot,
    IndicatorKind,
    IndicatorSnapshot,
)
from performance.scoring import load_parameters
from tests.performance.values import PROJECT_CODE


def declaration(**points: int) -> DeclarationSnapshot:
    """One indicator of each first tier with its points."""
    rows = tuple(
        IndicatorSnapshot(
            f"0.{number}", tier, "二级指标", f"指标{number}", IndicatorKind.QUANTITATIVE,
            Direction.HIGHER_IS_BETTER, "≥95%", Decimal(weight),
        )
        for number, (tier, weight) in enumerate(points.items(), 1)
    )  # fmt: skip
    return DeclarationSnapshot(PROJECT_CODE, "目标", (GoalSnapshot("0", "", None, rows),))


@pytest.mark.parametrize(
    ("edition", "points", "expected"),
    [
        ("national_2020", {"产出指标": 50, "效益指标": 30, "满意度指标": 10}, []),
        ("national_2020", {"产出指标": 40, "效益指标": 40, "满意度指标": 10}, ["PT-116"]),
        (
            "national_2020",
            {"成本指标": 20, "产出指标": 40, "效益指标": 20, "满意度指标": 10},
            ["PT-116"],
        ),
        ("national_2021", {"成本指标": 20, "产出指标": 40, "效益指标": 20, "满意度指标": 10}, []),
        ("national_2021", {"产出指标": 50, "效益指标": 30, "满意度指标": 10}, []),
        ("hubei_2020", {"产出指标": 40, "效益指标": 30, "满意度指标": 10}, []),
        ("hubei_2020", {"产出指标": 30, "效益指标": 40, "满意度指标": 10}, ["PT-116"]),
    ],
)
def test_points_of_the_first_tier(
    edition: str, points: dict[str, int], expected: list[str]
) -> None:
    rules = load_parameters(f"self_evaluation/{edition}")
    found = check_declaration(declaration(**points), rules)
    assert [finding.check_id for finding in found] == expected


def test_the_finding_says_what_the_rule_asks() -> None:
    rules = load_parameters("self_evaluation/hubei_2020")
    (found,) = check_declaration(declaration(产出指标=30, 效益指标=40, 满意度指标=10), rules)
    assert "产出指标 30分" in found.message
    assert "成本指标＋产出指标 40分" in found.message
