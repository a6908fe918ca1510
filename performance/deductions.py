"""Points taken off by hand: never added, never without a reason, always on record."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from departments.models import Role, StaffMember
from filings.models import Filing
from filings.services import record, touch
from filings.states import State
from performance.models import IndicatorResult, ScoreDeduction
from performance.reading import QuestionCode
from performance.scoring import ScoreLine
from performance.scoring.steps import plain
from performance.services import rescore, scored
from performance.snapshots import indicator_keys

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
    filing = _held(result, staff)
    line = score_line(result)
    if points <= 0 or not reason.strip():
        raise DeductionRefused("扣分须大于零并写明理由；人工调整只能降低得分，不能提高得分。")
    if line.points is None:
        raise DeductionRefused("这项指标还没有得分，不能扣分。")
    if points > line.points:
        raise DeductionRefused(f"扣分不能超过现有得分 {plain(line.points)} 分。")
    deduction = ScoreDeduction.objects.create(
        result=result,
        points=points,
        reason=reason.strip(),
        made_by=staff,
        role=staff.get_role_display(),
    )
    _record(filing, staff, "deduct", deduction, (line.points, line.points - points))
    return deduction


@transaction.atomic
def take_back_deduction(*, deduction: ScoreDeduction, staff: StaffMember) -> None:
    """Undo a deduction; the history keeps it. Only the role that made it may, unless it exceeds
    what the rule now gives and would otherwise block the form. Raises DeductionRefused."""
    filing = _held(deduction.result, staff)
    line = score_line(deduction.result)
    invalid = line.question is not None and line.question.code is QuestionCode.DEDUCTION_INVALID
    if deduction.role != staff.get_role_display() and not invalid:
        raise DeductionRefused(f"这次扣分由{deduction.role}岗位作出，只能由该岗位撤销。")
    ScoreDeduction.objects.filter(pk=deduction.pk).delete()
    after = score_line(deduction.result).points
    _record(filing, staff, "take_back_deduction", deduction, (line.points, after))


def score_line(result: IndicatorResult) -> ScoreLine:
    """The line of the scorecard as it stands now."""
    row, scorecard = scored(result.evaluation_id)
    line = scorecard.line(indicator_keys(row.declaration)[result.indicator_id])
    assert line is not None, "every declared indicator has a line"
    return line


def _held(result: IndicatorResult, staff: StaffMember) -> Filing:
    """The filing, locked, if the person may see it and holds it now."""
    rows = Filing.objects.visible_to(staff).select_for_update(of=("self",))
    filing = rows.filter(pk=result.evaluation.filing_id).first()
    if filing is None or not may_deduct(filing, staff):
        raise DeductionRefused("申报件不在您的岗位手中，不能扣分或撤销扣分。")
    return filing


def _record(
    filing: Filing,
    staff: StaffMember,
    action: str,
    deduction: ScoreDeduction,
    points: tuple[Decimal | None, Decimal | None],
) -> None:
    """Both values, who, when and why, in the history of the filing."""
    before, after = ("" if value is None else plain(value) for value in points)
    detail = {
        "evaluation": deduction.result.evaluation.title,
        "indicator": deduction.result.indicator.name,
        "points": plain(deduction.points),
        "before": before,
        "after": after,
        "reason": deduction.reason,
    }
    record(filing=filing, staff=staff, action=action, detail=detail)
    touch(filing=filing)
    rescore(evaluation=deduction.result.evaluation)
