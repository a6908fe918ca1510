"""The benchmark of scoring measures real scores of many forms."""

from __future__ import annotations

from reviews.benchmarks import sample_package
from reviews.scoring_benchmark import GOAL, scoring_section, scoring_speeds


def test_scoring_is_measured_from_numbers_and_from_words() -> None:
    speeds = scoring_speeds(sample_package(), indicators=60)
    assert [speed.goal for speed in speeds] == [GOAL, None, None]
    assert all(60 <= speed.indicators <= 120 for speed in speeds)
    assert all(speed.per_second > 0 for speed in speeds)
    page = "\n".join(scoring_section(speeds))
    assert page.count("达到") == 1
    assert all(speed.title in page for speed in speeds)
