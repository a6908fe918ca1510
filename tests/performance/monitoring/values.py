"""A clean report of monitoring, changed one thing at a time by the tests."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from performance.evaluation import Band
from performance.monitoring.board import Board, board_of
from performance.monitoring.rules import MonitoringRules, load_monitoring
from performance.monitoring.values import (
    IndicatorProgress,
    Likelihood,
    MonitoredGoal,
    MonitoredSubject,
)
from tests.performance.values import PROJECT_CODE, clean_evaluation, wuhan_2023

JUNE = 6
DONE = ["380元/件", "26次", "310人次", "96%", "下降5%", "满意"]


def rules() -> MonitoringRules:
    return load_monitoring("self_evaluation/wuhan_2023")


def clean_subject() -> MonitoredSubject:
    """A project in June: half spent, half reached; no finding."""
    goal = clean_evaluation().declaration.goals[0]
    expected = ["390元/件", "52次", "620人次", "98%", "下降5%", "满意"]
    progress = tuple(
        IndicatorProgress(
            row.key, row.name, row.target, done, soon,
            likelihood=Likelihood.CERTAIN,
            band=Band.REACHED if row.name == "群众满意程度" else None,
        )
        for row, done, soon in zip(goal.indicators, DONE, expected, strict=True)
    )  # fmt: skip
    return MonitoredSubject(
        subject=PROJECT_CODE,
        name="示例项目",
        budget=Decimal(1000000),
        spent=Decimal(500000),
        expected=Decimal(1000000),
        goals=(MonitoredGoal(goal.key, goal.text, goal.indicators),),
        progress=progress,
    )


def with_progress(value: MonitoredSubject, key: str, **changes: Any) -> MonitoredSubject:
    rows = tuple(replace(row, **changes) if row.key == key else row for row in value.progress)
    return replace(value, progress=rows)


def board(value: MonitoredSubject, month: int = JUNE) -> Board:
    return board_of([value], month, rules(), wuhan_2023())
