"""What the published Jianghan budget gets wrong: all of it found, nothing right flagged."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from disclosures.evaluate import findings_of
from disclosures.printed_extract import check_extract
from disclosures.printed_extract.values import Extract
from rulebook.findings import Finding, Severity
from tests.budgets import jianghan
from tests.disclosures.jianghan_filing import jianghan_filing
from tests.disclosures.printed_extract.jianghan_extract import jianghan_extract

CONTRADICTIONS = {each["id"]: each for each in jianghan.read("contradictions")["contradiction"]}
FOUND: dict[str, list[list[str]]] = jianghan.read("found")["found"]
BOOKS = ("BG", "BK", "PD")
Key = tuple[str, str, str]


def key_of(finding: Finding) -> Key:
    left = "" if finding.left is None else str(finding.left)
    return finding.check_id, finding.label, left


@cache
def findings() -> tuple[Finding, ...]:
    """What the product says of the budget and its extract; notices are not contradictions."""
    package = jianghan_filing()
    found = (*findings_of(package), *check_extract(jianghan_extract(), package))
    return tuple(
        f for f in found if f.check_id.startswith(BOOKS) and f.severity is not Severity.NOTICE
    )


@pytest.mark.parametrize("contradiction", CONTRADICTIONS)
def test_a_contradiction_is_found_and_named(contradiction: str) -> None:
    expected = {tuple(key) for key in FOUND[contradiction]}
    assert expected
    assert expected <= {key_of(finding) for finding in findings()}


def test_nothing_else_is_flagged() -> None:
    expected = [tuple(key) for keys in FOUND.values() for key in keys]
    assert sorted(key_of(finding) for finding in findings()) == sorted(expected)
    assert set(FOUND) == set(CONTRADICTIONS)
    assert len(CONTRADICTIONS) == 61


def test_each_finding_says_where_what_and_how_to_mend() -> None:
    for finding in findings():
        assert finding.places
        assert finding.label
        assert finding.message
        assert finding.hint


@pytest.mark.parametrize(
    "contradiction", [key for key, each in CONTRADICTIONS.items() if "difference" in each]
)
def test_the_values_and_the_difference_are_the_proved_ones(contradiction: str) -> None:
    listed = CONTRADICTIONS[contradiction]
    first, second, gap = (
        jianghan.filled(listed[name]) for name in ("first", "second", "difference")
    )
    [key] = FOUND[contradiction]
    [found] = [finding for finding in findings() if key_of(finding) == tuple(key)]
    in_wan = Decimal(10000)
    assert (found.left, found.right) == (first * in_wan, second * in_wan)
    assert found.difference == gap * in_wan


def test_a_right_figure_misprinted_is_flagged_and_its_mending_is_not() -> None:
    """Every figure that states a number of the filing, moved by its last digit, is noticed."""
    extract, package = jianghan_extract(), jianghan_filing()
    usual = {key_of(finding) for finding in check_extract(extract, package)}
    figure = next(each for each in extract.figures if each.wording.startswith("收支总预算"))
    moved = replace(figure, value=figure.value + Decimal("0.01"))
    changed = tuple(moved if each is figure else each for each in extract.figures)
    found = check_extract(replace(extract, figures=changed), package)
    more = {key_of(finding) for finding in found} - usual
    assert [check_id for check_id, *_ in more] == ["PD-201"]


def test_an_empty_extract_says_nothing() -> None:
    assert check_extract(Extract(), jianghan_filing()) == ()
