"""The three published forms of 2019: points per block, recomputed and compared with the print."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from performance.checks import check_declaration, check_evaluation
from performance.evaluation import (
    Band,
    ClaimedPoints,
    DeclarationSnapshot,
    Deduction,
    Direction,
    EvaluationSnapshot,
    FieldText,
    FormAmount,
    GoalSnapshot,
    IndicatorSnapshot,
    Judgement,
    ResultSnapshot,
)
from performance.scoring import load_parameters, replay, score
from performance.scoring.parameters import Component
from rulebook.amounts import from_wan
from tests.performance.values import CASES, KINDS, PROJECT_CODE

FORM = "project_evaluation/wuhan_2019"
RULES = load_parameters("self_evaluation/wuhan_2019")
WITH_OBJECTIVE = 20


def forms() -> list[dict[str, Any]]:
    with (CASES / "scoring" / "politics_law_2019.toml").open("rb") as file:
        return tomllib.load(file)["form"]


def evaluation_of(form: dict[str, Any]) -> EvaluationSnapshot:
    """A printed form as the product holds it."""
    rows = tuple(
        IndicatorSnapshot(
            f"0.{number}", one, two, name, KINDS[kind[0] if kind else "定量"],
            None if kind else Direction.HIGHER_IS_BETTER, target, None,
        )
        for number, (one, two, name, target, _, *kind) in enumerate(form["indicators"], 1)
    )  # fmt: skip
    achieved = tuple(
        ResultSnapshot(f"0.{number}", row[4]) for number, row in enumerate(form["indicators"], 1)
    )
    goals = (GoalSnapshot("0", "", None, rows),)
    points = form.get("objective")
    share = Decimal(points * 100) / WITH_OBJECTIVE if points else None
    band = None if share is None else RULES.propose_band(share)
    budget, spent = from_wan(Decimal(form["budget"])), from_wan(Decimal(form["spent"]))
    return EvaluationSnapshot(
        subject=PROJECT_CODE,
        title=form["name"],
        form=FORM,
        declaration=DeclarationSnapshot(PROJECT_CODE, form["set"], goals, form=FORM),
        budget=budget,
        spent=spent,
        execution_reason="",
        objective_achieved=form["achieved"],
        objective_judgement=Judgement(band, share) if band and share else None,
        objective_reason="",
        results=achieved,
        deviation_reason="",
        improvement_measure="",
        filled_on=date(2020, 5, 1),
        fields=(
            FieldText("merged_projects", form["merged"]),
            FieldText("inspection_findings", "无"),
        ),
        amounts=(
            FormAmount("execution", "district", "budget", budget, "wan", 2),
            FormAmount("execution", "district", "spent", spent, "wan", 2),
        ),
        deductions=(Deduction(Decimal(60 - form["block"]), "印出的块得分", "填报"),),
        claimed=(ClaimedPoints("total", Decimal(form["printed_total"])),),
        claimed_grade=form["printed_grade"],
    )


@pytest.fixture(params=forms(), ids=lambda form: form["name"])
def form(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


def ids(evaluation: EvaluationSnapshot) -> list[str]:
    card = score(evaluation, RULES)
    found = [
        *check_declaration(evaluation.declaration, RULES),
        *check_evaluation(evaluation, card, RULES),
    ]
    return sorted(finding.check_id for finding in found)


def test_the_rule_gives_the_printed_total(form: dict[str, Any]) -> None:
    card = score(evaluation_of(form), RULES)
    expected = Decimal(form["scored_total"]) if "scored_total" in form else None
    assert card.total == expected == replay(card)
    assert card.execution_rate == Decimal(form["rate"])
    assert card.component_points(Component.INDICATORS) == form["block"]


def test_what_the_printed_form_leaves_open_is_found(form: dict[str, Any]) -> None:
    assert ids(evaluation_of(form)) == form["findings"]


def test_the_missing_objective_is_named_beside_the_printed_total() -> None:
    evaluation = evaluation_of(forms()[2])
    found = check_evaluation(evaluation, score(evaluation, RULES), RULES)
    claimed = next(finding for finding in found if finding.check_id == "SE-119")
    assert (claimed.left, claimed.right) == (Decimal(94), None)
    whole = replace(
        evaluation,
        objective_judgement=Judgement(Band.REACHED, Decimal(90)),
        objective_reason="已说明",
    )
    assert score(whole, RULES).total == Decimal("94.00")
    assert ids(whole) == []


def test_a_level_of_money_that_does_not_add_up_is_found() -> None:
    evaluation = evaluation_of(forms()[1])
    first, *others = evaluation.amounts
    changed = replace(first, amount=first.amount + Decimal("0.01"))
    found = ids(replace(evaluation, amounts=(changed, *others)))
    assert found == sorted([*forms()[1]["findings"], "SE-121"])


def test_a_row_below_its_target_under_a_full_block_is_found() -> None:
    evaluation = replace(evaluation_of(forms()[1]), deductions=())
    below = replace(evaluation.results[0], achieved="80%")
    changed = replace(evaluation, results=(below, *evaluation.results[1:]))
    assert "SE-120" in ids(changed)
    assert "SE-120" not in ids(evaluation)
