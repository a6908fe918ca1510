"""MO checks: the clean report has none; one changed thing makes exactly the named ones fire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from performance.checks import check_monitoring
from performance.monitoring.values import (
    Likelihood,
    Measure,
    MeasureKind,
    MonitoredSubject,
    Obstacle,
)
from rulebook.codec import from_json, to_json
from rulebook.findings import Severity
from tests.performance.monitoring.values import board, clean_subject, with_progress
from tests.performance.values import PATROLS, SATISFACTION

Change = Callable[[MonitoredSubject], MonitoredSubject]
LATE = {"achieved": "2次", "obstacle": Obstacle.STAFF}


def progress(key: str = PATROLS, **changes: object) -> Change:
    return lambda value: with_progress(value, key, **changes)


def subject(**changes: object) -> Change:
    return lambda value: replace(value, **changes)  # type: ignore[arg-type]


def measure(
    kind: MeasureKind, indicator: str = PATROLS, target: str = "", text: str = "x"
) -> Change:
    return subject(measures=(Measure(kind, text, indicator, target),))


def both(*changes: Change) -> Change:
    def change(value: MonitoredSubject) -> MonitoredSubject:
        for each in changes:
            value = each(value)
        return value

    return change


ADJUST = MeasureKind.ADJUST_TARGET
FIRED: list[tuple[str, Change, set[str]]] = [
    ("没有完成值", progress(achieved=""), {"MO-101"}),
    ("读不出", progress(achieved="二十多次"), {"MO-102"}),
    ("单位不同", progress(achieved="26人"), {"MO-102"}),
    ("没有评定", progress(SATISFACTION, band=None), {"MO-104"}),
    ("没有执行数", subject(spent=None), {"MO-105"}),
    ("没有预算数", subject(budget=None), {"MO-105"}),
    ("超预算", subject(spent=Decimal(1100000), expected=Decimal(1200000)), {"MO-106"}),
    ("预算红灯没有措施", subject(spent=Decimal(100000)), {"MO-107"}),
    ("红灯没有措施", progress(**LATE), {"MO-107"}),
    ("预计不到却确定", progress(expected="40次"), {"MO-108"}),
    ("黄灯没有原因", progress(achieved="19次"), {"MO-109"}),
    ("不可能没有措施", progress(likelihood=Likelihood.IMPOSSIBLE), {"MO-110"}),
    ("没有预计", progress(expected=""), {"MO-111"}),
    ("预计读不出", progress(expected="50人"), {"MO-111"}),
    ("预计支出小于已支出", subject(expected=Decimal(400000)), {"MO-112"}),
    ("蓝灯", progress(achieved="31次"), {"MO-114"}),
    ("调整没有新目标", measure(ADJUST), {"MO-115"}),
    ("调整没有指标", measure(ADJUST, "9.9", "≥40次"), {"MO-115"}),
    ("调整没有理由", measure(ADJUST, PATROLS, "≥40次", " "), {"MO-115"}),
    ("调整读不出", measure(ADJUST, PATROLS, "若干"), {"MO-115"}),
    ("指标改了", progress(name="旧名称"), {"MO-116"}),
    ("有措施的红灯", both(progress(**LATE), measure(MeasureKind.REDUCE)), set()),
    ("整个对象的措施", both(progress(**LATE), measure(MeasureKind.PAUSE, "")), set()),
    ("完整的调整", measure(ADJUST, PATROLS, "≥40次"), set()),
]  # fmt: skip


@pytest.mark.parametrize(("change", "ids"), [row[1:] for row in FIRED], ids=[r[0] for r in FIRED])
def test_one_change_fires_exactly(change: Change, ids: set[str]) -> None:
    value = change(clean_subject())
    found = check_monitoring([value], board(value))
    assert {finding.check_id for finding in found} == ids
    assert all(finding.places and finding.hint for finding in found)


def test_a_clean_report_has_no_finding() -> None:
    assert check_monitoring([clean_subject()], board(clean_subject())) == []


def test_a_red_light_that_is_explained_is_a_notice() -> None:
    value = with_progress(clean_subject(), PATROLS, **LATE, note="集中在四季度开展")
    (finding,) = check_monitoring([value], board(value))
    assert (finding.check_id, finding.severity) == ("MO-107", Severity.NOTICE)
    assert "集中在四季度开展" in finding.message


def test_a_target_that_cannot_be_judged_is_the_targets_fault() -> None:
    value = clean_subject()
    goal = value.goals[0]
    rows = tuple(replace(r, direction=None) if r.key == PATROLS else r for r in goal.indicators)
    value = replace(value, goals=(replace(goal, indicators=rows),))
    assert {f.check_id for f in check_monitoring([value], board(value))} == {"MO-103"}


def test_spending_less_than_the_month_before_is_asked_about() -> None:
    value = clean_subject()
    earlier = board(replace(value, spent=Decimal("500000.01")), month=5)
    (finding,) = check_monitoring([value], board(value), earlier)
    assert (finding.check_id, finding.difference) == ("MO-113", Decimal("0.01"))


def test_a_board_is_kept_and_read_back_equal() -> None:
    value = with_progress(clean_subject(), PATROLS, **LATE)
    value = replace(value, measures=(Measure(ADJUST, "理由", PATROLS, "≥40次"),))
    found = board(value)
    assert from_json(type(found), to_json(found)) == found
