"""Points taken off by hand: never added, never without a reason, always on record."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from departments.models import Role, StaffMember
from filings.models import Filing
from filings.services import record, touch
from filings.states import State
from performance.models import BlockDeduction, IndicatorResult, ScoreDeduction, SelfEvaluation
from performance.reading import QuestionCode
from performance.scoring import ScoreLine
from performance.scoring.parameters import Component
from performance.scoring.steps import plain
from performance.services import rescore, scored
from performance.snapshots import indicator_keys

AnyDeduction = ScoreDeduction | BlockDeduction

MAY_DEDUCT = {
    State.DRAFT: Role.PREPARER,
    State.RETURNED: Role.PREPARER,
    State.INTERNAL_REVIEW: Role.INTERNAL_REVIEWER,
    State.SUBMITTED: Role.BUREAU_REVIEWER,
}
"""Who may lower a score while a filing is in a state: whoever holds it."""


class DeductionRefused(Exception):
    """A deduction that cannot be made or taken back; ``str`` says why, in Chinese."""


def may_deduct(filing: Filing, staff: StaffMember) -> bool:
    """Whether the person holds the filing; that they may see it is the caller's query."""
    return staff.is_active and MAY_DEDUCT.get(filing.status) == staff.role


@transaction.atomic
def deduct_points(
    *, result: IndicatorResult, staff: StaffMember, points: Decimal, reason: str
) -> ScoreDeduction:
    """Lower the points of one indicator. Raises DeductionRefused."""
    filing = _held(result.evaluation, staff)
    line = _allowed(score_line(result), points, reason)
    deduction = ScoreDeduction.objects.create(
        result=result, points=points, reason=reason.strip(), **_signed(staff)
    )
    _record(filing, staff, "deduct", deduction, (line.points, line.points - points))
    return deduction


@transaction.atomic
def deduct_from_block(
    *, evaluation: SelfEvaluation, staff: StaffMember, points: Decimal, reason: str
) -> BlockDeduction:
    """Lower the points of all indicators together. Raises DeductionRefused, also where the
    edition gives points to each indicator."""
    filing = _held(evaluation, staff)
    line = _allowed(block_score_line(evaluation), points, reason)
    deduction = BlockDeduction.objects.create(
        evaluation=evaluation, points=points, reason=reason.strip(), **_signed(staff)
    )
    _record(filing, staff, "deduct", deduction, (line.points, line.points - points))
    return deduction


@transaction.atomic
def take_back_deduction(*, deduction: AnyDeduction, staff: StaffMember) -> None:
    """Undo a deduction; the history keeps it. Only the role that made it may, unless it exceeds
    what the rule now gives and would otherwise block the form. Raises DeductionRefused."""
    filing = _held(_evaluation_of(deduction), staff)
    line = _line_of(deduction)
    invalid = line.question is not None and line.question.code is QuestionCode.DEDUCTION_INVALID
    if deduction.role != staff.get_role_display() and not invalid:
        raise DeductionRefused(f"这次扣分由{deduction.role}岗位作出，只能由该岗位撤销。")
    type(deduction)._default_manager.filter(pk=deduction.pk).delete()
    after = _line_of(deduction).points
    _record(filing, staff, "take_back_deduction", deduction, (line.points, after))


def score_line(result: IndicatorResult) -> ScoreLine:
    """The line of the scorecard as it stands now.

    Raises DeductionRefused where the indicators have points as one block only.
    """
    row, scorecard = scored(result.evaluation_id)
    line = scorecard.line(indicator_keys(row.declaration)[result.indicator_id])
    if line is None:
        raise DeductionRefused("本表的指标按块计分，请在块得分中扣分。")
    return line


def block_score_line(evaluation: SelfEvaluation) -> ScoreLine:
    """The line of all indicators as one block.

    Raises DeductionRefused where the edition gives points to each indicator.
    """
    line = scored(evaluation.pk)[1].line(Component.INDICATORS.value)
    if line is None:
        raise DeductionRefused("本表的指标各有分值，请在具体指标上扣分。")
    return line


@dataclass(frozen=True, slots=True)
class _Known:
    """A line with its points known."""

    points: Decimal


def _allowed(line: ScoreLine, points: Decimal, reason: str) -> _Known:
    """The line, if these points may be taken off it. Raises DeductionRefused."""
    if points <= 0 or not reason.strip():
        raise DeductionRefused("扣分须大于零并写明理由；人工调整只能降低得分，不能提高得分。")
    if line.points is None:
        raise DeductionRefused("这一项还没有得分，不能扣分。")
    if points > line.points:
        raise DeductionRefused(f"扣分不能超过现有得分 {plain(line.points)} 分。")
    return _Known(line.points)


def _signed(staff: StaffMember) -> dict[str, Any]:
    return {"made_by": staff, "role": staff.get_role_display()}


def _evaluation_of(deduction: AnyDeduction) -> SelfEvaluation:
    if isinstance(deduction, BlockDeduction):
        return deduction.evaluation
    return deduction.result.evaluation


def _line_of(deduction: AnyDeduction) -> ScoreLine:
    if isinstance(deduction, BlockDeduction):
        return block_score_line(deduction.evaluation)
    return score_line(deduction.result)


def _held(evaluation: SelfEvaluation, staff: StaffMember) -> Filing:
    """The filing, locked, if the person may see it and holds it now."""
    rows = Filing.objects.visible_to(staff).select_for_update(of=("self",))
    filing = rows.filter(pk=evaluation.filing_id).first()
    if filing is None or not may_deduct(filing, staff):
        raise DeductionRefused("申报件不在您的岗位手中，不能扣分或撤销扣分。")
    return filing


def _record(
    filing: Filing,
    staff: StaffMember,
    action: str,
    deduction: AnyDeduction,
    points: tuple[Decimal | None, Decimal | None],
) -> None:
    """Both values, who, when and why, in the history of the filing."""
    before, after = ("" if value is None else plain(value) for value in points)
    evaluation = _evaluation_of(deduction)
    lowered = (
        Component.INDICATORS.label
        if isinstance(deduction, BlockDeduction)
        else deduction.result.indicator.name
    )
    detail = {
        "evaluation": evaluation.title,
        "indicator": lowered,
        "points": plain(deduction.points),
        "before": before,
        "after": after,
        "reason": deduction.reason,
    }
    record(filing=filing, staff=staff, action=action, detail=detail)
    touch(filing=filing)
    rescore(evaluation=evaluation)
