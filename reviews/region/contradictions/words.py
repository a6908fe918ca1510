"""PURE: contradictions in texts, reasons, targets and self-evaluations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from budgets.checks import BUDGET, FINAL_ACCOUNTS
from budgets.checks.keys import GOVERNMENT_FUND
from disclosures.filing_package import FilingPackage, Reason
from performance.evaluation import (
    DEPARTMENT,
    DeclarationSnapshot,
    EvaluationSnapshot,
)
from reviews.region.contradictions.scene import Contradiction, Expected, Planted, Planter, Scene
from reviews.region.dice import Dice
from rulebook.addresses import declaration_address, evaluation_address, text_address

TEXT = "duties"
"""A text that both books want."""


def _with_text(package: FilingPackage, key: str, body: str) -> FilingPackage:
    texts = (replace(text, body=body) if text.key == key else text for text in package.texts)
    return replace(package, texts=tuple(texts))


def _written(check_id: str, words: str) -> Planter:
    """A sentence of a text that the check asks about."""

    def plant(scene: Scene, dice: Dice) -> Planted | None:
        body = f"办理本行业事务。{words}" if words else ""
        package = _with_text(scene.package, TEXT, body)
        return Planted(package, (Expected(check_id, text_address(TEXT), in_words=True),))

    return plant


def _denied_fund(scene: Scene, dice: Dice) -> Planted | None:
    """A text says there was no government fund, the sheet holds some."""
    if not any(ref.sheet == GOVERNMENT_FUND and amount for ref, amount in scene.whole.items()):
        return None
    package = _with_text(scene.package, "special_funds", "本年度没有政府性基金。")
    expected = Expected("TX-209", text_address("special_funds"), in_words=True)
    return Planted(package, (expected,))


def _reason_amount(scene: Scene, dice: Dice) -> Planted | None:
    """Amounts of reasons that do not add up to the change."""
    signed = [reason for reason in scene.package.reasons if reason.amount is not None]
    if not signed:
        return None
    reason, more = dice.one_of(signed), scene.amount(dice)
    assert reason.amount is not None
    same = [r.amount for r in signed if r.subject == reason.subject and r.amount is not None]
    change = sum(same, Decimal(0))
    reasons = list(scene.package.reasons)
    reasons[reasons.index(reason)] = replace(reason, amount=reason.amount + more)
    place = text_address(f"reason.{reason.subject}")
    package = replace(scene.package, reasons=tuple(reasons))
    rule = "TX-212" if change > 0 else "TX-204"  # more than the change, or less of a decrease
    return Planted(package, (Expected(rule, place, change, change + more),))


def _needless_reason(scene: Scene, dice: Dice) -> Planted | None:
    """A reason for a change of a figure that the filing does not have."""
    subject = "item.2999999.original_budget"
    package = replace(scene.package, reasons=(*scene.package.reasons, Reason(subject, "任务增加")))
    place = text_address(f"reason.{subject}")
    return Planted(package, (Expected("TX-203", place, in_words=True),))


def _goal_points(scene: Scene, dice: Dice) -> Planted | None:
    """Points of a goal that its indicators do not add up to."""
    if not scene.package.declarations:
        return None
    declaration = dice.one_of(scene.package.declarations)
    goal = declaration.goals[0]
    assert goal.weight is not None
    goals = (replace(goal, weight=goal.weight + 1), *declaration.goals[1:])
    whole = sum((each.weight or Decimal(0) for each in declaration.goals), Decimal(0))
    place = declaration_address(declaration.subject, goal.key, "weight")
    form = declaration_address(declaration.subject, "form", "goals")
    found = (
        Expected("PT-101", form, whole, whole + 1),
        Expected("PT-102", place, goal.weight + 1, goal.weight),
    )
    return Planted(_declared(scene.package, replace(declaration, goals=goals)), found)


def _declared(package: FilingPackage, changed: DeclarationSnapshot) -> FilingPackage:
    every = package.declarations
    return replace(
        package, declarations=tuple(changed if d.subject == changed.subject else d for d in every)
    )


def _evaluations(scene: Scene) -> Iterator[EvaluationSnapshot]:
    return (e for e in scene.package.evaluations if e.subject != DEPARTMENT)


def _evaluated(package: FilingPackage, changed: EvaluationSnapshot) -> FilingPackage:
    every = package.evaluations
    return replace(
        package, evaluations=tuple(changed if e.subject == changed.subject else e for e in every)
    )


def _not_judged(scene: Scene, dice: Dice) -> Planted | None:
    for evaluation in _evaluations(scene):
        place = evaluation_address(evaluation.subject, "objective", "objective_judgement")
        package = _evaluated(scene.package, replace(evaluation, objective_judgement=None))
        return Planted(package, (Expected("SE-106", place, in_words=True),))
    return None


def _other_result(check_id: str, achieved: str) -> Planter:
    """A result of the first indicator that says nothing or nothing that can be read."""

    def plant(scene: Scene, dice: Dice) -> Planted | None:
        for evaluation in scene.package.evaluations:
            first, *rest = evaluation.results
            results = (replace(first, achieved=achieved), *rest)
            package = _evaluated(scene.package, replace(evaluation, results=results))
            place = evaluation_address(evaluation.subject, first.indicator, "achieved")
            return Planted(package, (Expected(check_id, place, in_words=True),))
        return None

    return plant


def _kind(
    key: str, title: str, plant: Planter, *checks: str, kind: str = FINAL_ACCOUNTS
) -> Contradiction:
    return Contradiction(key, title, kind, checks, plant, in_words=True)


WORDS: tuple[Contradiction, ...] = (
    _kind("no_text", "应填的文字空着", _written("TX-101", ""), "TX-101"),
    _kind("residue", "文字有模板残留", _written("TX-104", "比上年增加（减少）。"), "TX-104"),
    _kind("other_year", "文字写了别的年份", _written("TX-106", "完成1998年的任务。"), "TX-106"),
    _kind("other_amount", "文字的金额报表没有", _written("TX-205", "经费为0.07元。"), "TX-205"),
    _kind("denied_fund", "文字说没有，报表却有", _denied_fund, "TX-209"),
    _kind("reason_amount", "原因金额合计与变动不同", _reason_amount, "TX-204", "TX-212"),
    _kind("needless_reason", "没有变动却写原因", _needless_reason, "TX-203"),
    _kind("not_judged", "总目标没有评定", _not_judged, "SE-106"),
    _kind("no_result", "指标没有完成值", _other_result("SE-111", ""), "SE-111"),
    _kind("vague_result", "指标完成值不能判读", _other_result("SE-112", "基本完成"), "SE-112"),
    _kind(
        "budget_residue",
        "预算文字有模板残留",
        _written("TX-104", "详见XX。"),
        "TX-104",
        kind=BUDGET,
    ),
    _kind("goal_points", "目标分值与指标分值不同", _goal_points, "PT-101", "PT-102", kind=BUDGET),
)
