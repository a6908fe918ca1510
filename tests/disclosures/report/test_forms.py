"""Self-evaluation forms and derivations as printed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from disclosures.facts import EvaluationFacts
from disclosures.report.forms import derivation_table, evaluation_table
from disclosures.report.spans import placed_cells
from performance.evaluation import DEPARTMENT
from performance.scoring import replay
from tests.disclosures.values import ALL_SAMPLES, facts, package


def evaluations(name: str):
    known = facts(package(name))
    return [(known, each) for each in known.evaluations]


def department() -> tuple[object, EvaluationFacts]:
    return next((k, e) for k, e in evaluations("hongshan_2023") if e.is_department)


@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_spans_tile_the_form(name):
    for known, each in evaluations(name):
        found = evaluation_table(known, each)
        places = [
            (row + down, column + right)
            for row, column, cell in placed_cells(found)
            for down in range(cell.rowspan)
            for right in range(cell.colspan)
        ]
        assert len(places) == len(set(places)) == len(found.body) * len(found.widths)


def test_the_department_form_shows_total_execution_and_weights():
    known, each = department()
    found = evaluation_table(known, each)
    assert found.title == "2023年度武汉市公安局洪山区分局部门整体绩效自评表"
    assert found.head_lines == ("填报日期：2024年1月22日　总分：99.73分",)
    text = [cell.text for row in found.body for cell in row]
    for expected in ("72,456.43", "71,485.36", "98.66%", "19.73", "62,862.84", "8,622.52"):
        assert expected in text
    assert "年度目标1\n（16分）" in text
    assert "项目绩效总目标\n（20分）" not in text


def test_a_project_form_has_its_objective_and_every_indicator():
    known, each = next(pair for pair in evaluations("hongshan_2023") if not pair[1].is_department)
    text = [cell.text for row in evaluation_table(known, each).body for cell in row]
    assert "项目绩效总目标\n（20分）" in text
    assert "15.00" in text
    for row in each.evaluation.declaration.indicators:
        assert row.name in text
        assert row.target in text
    for result in each.evaluation.results:
        assert result.achieved in text


def test_points_of_the_derivation_add_up_to_the_total():
    for _, each in evaluations("hongshan_2023"):
        known = facts()
        found = derivation_table(known, each)
        assert len(found.body) == len(each.scorecard.lines) + 1
        assert found.body[-1][-1].text == f"{replay(each.scorecard):.2f}分"


def test_a_form_that_cannot_be_scored_yet_still_prints():
    known, each = department()
    unscored = replace(each, scorecard=None)
    found = evaluation_table(known, unscored)
    assert found.head_lines == ("填报日期：2024年1月22日　总分：（未填报）",)
    assert derivation_table(known, unscored).body[-1][-1].text == "（未填报）"


def test_the_rules_that_do_not_apply_are_left_out():
    found = {e.evaluation.subject: evaluation_table(k, e) for k, e in evaluations("hongshan_2023")}
    objective = [any("总目标按" in note for note in t.notes) for t in found.values()]
    assert objective == [subject != DEPARTMENT for subject in found]
