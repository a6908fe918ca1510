"""Writes on mid-year monitoring: open, save, hand in, decide. Each is in the filing's history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from departments.models import StaffMember
from departments.permissions import has_role
from departments.roles import DEPARTMENT_ROLES, Role
from filings.models import Filing
from filings.services import record
from filings.states import State
from performance.evaluation import ChangeKind
from performance.models import (
    MonitoredIndicator,
    MonitoredSpending,
    MonitoringMeasure,
    MonitoringReport,
    TargetChange,
)
from performance.monitored import assessed, monitored_subjects, stored_board
from performance.monitoring.lights import MONTHS
from performance.monitoring.steps import ReportState, ReportStep, step_named
from performance.monitoring.values import MeasureKind, MonitoredSubject
from performance.services import EditConflict, declares
from rulebook.codec import to_json
from rulebook.findings import blocking

MONITORED_STATES = (State.APPROVED, State.PUBLISHED)
PROGRESS_FIELDS = ("achieved", "expected", "obstacle", "likelihood", "band", "note")
MEASURE_FIELDS = ("kind", "indicator", "new_target", "text")


class MonitoringRefused(Exception):
    """A write on a report that is not possible now; ``str`` says why, in Chinese."""


def may_monitor(filing: Filing) -> bool:
    """Whether a filing is a budget in force, whose targets can be monitored."""
    return declares(filing) and filing.status in MONITORED_STATES and filing.superseded_at is None


@transaction.atomic
def open_report(*, filing: Filing, staff: StaffMember, month: int) -> MonitoringReport:
    """The report of a month, made when missing. Raises MonitoringRefused."""
    _require_preparer(filing, staff)
    if not may_monitor(filing):
        raise MonitoringRefused("只能对已通过或已公开的部门预算开展绩效运行监控。")
    if not 1 <= month <= MONTHS:
        raise MonitoringRefused("月份为1至12。")
    report, created = MonitoringReport.objects.get_or_create(
        filing=filing, month=month, defaults={"opened_by": staff}
    )
    if created:
        record(filing=filing, staff=staff, action="monitoring_open", detail={"month": month})
    return report


def _require_preparer(filing: Filing, staff: StaffMember) -> None:
    if not has_role(staff, [Role.PREPARER]) or staff.department_id != filing.department_id:
        raise MonitoringRefused("只有本部门填报岗位可以填报绩效运行监控。")


def _locked(report: MonitoringReport) -> MonitoringReport:
    """The report read again and locked, so that a step and a late save cannot cross."""
    rows = MonitoringReport.objects.select_for_update(of=("self",)).select_related("filing")
    return rows.get(pk=report.pk)


@transaction.atomic
def save_subject(
    *,
    report: MonitoringReport,
    staff: StaffMember,
    subject: str,
    version: int,
    money: Mapping[str, Any],
    progress: Mapping[str, Mapping[str, Any]],
    measures: Sequence[Mapping[str, Any]],
) -> None:
    """Keep what was entered for a subject: money, rows by the indicator's key, measures in order.

    ``version`` is 0 for a subject nothing was kept of. Raises MonitoringRefused, EditConflict.
    """
    report = _locked(report)
    _require_preparer(report.filing, staff)
    if not report.status.is_editable:
        raise MonitoringRefused(f"本月监控{report.status.label}，不能修改。")
    known = next((each for each in monitored_subjects(report) if each.subject == subject), None)
    if known is None:
        raise MonitoringRefused("没有这个监控对象。")
    _save_money(report, subject, version, money)
    _save_progress(report, known, progress)
    report.monitoringmeasures.filter(subject=subject).delete()
    MonitoringMeasure.objects.bulk_create(
        MonitoringMeasure(
            report=report, subject=subject, number=number,
            **{field: given.get(field, "") for field in MEASURE_FIELDS},
        )
        for number, given in enumerate(measures, 1)
    )  # fmt: skip


def _save_money(
    report: MonitoringReport, subject: str, version: int, money: Mapping[str, Any]
) -> None:
    values = {"spent": money.get("spent"), "expected": money.get("expected")}
    rows = MonitoredSpending.objects.filter(report=report, subject=subject)
    if not version:
        _, created = MonitoredSpending.objects.get_or_create(
            report=report, subject=subject, defaults=values
        )
        if not created:
            raise EditConflict
    elif not rows.filter(version=version).update(version=F("version") + 1, **values):
        raise EditConflict


def _save_progress(
    report: MonitoringReport, value: MonitoredSubject, progress: Mapping[str, Mapping[str, Any]]
) -> None:
    """Rows of indicators that are declared; what was kept of others goes."""
    report.monitoredindicators.filter(subject=value.subject).delete()
    MonitoredIndicator.objects.bulk_create(
        MonitoredIndicator(
            report=report, subject=value.subject, key=row.key, name=row.name, target=row.target,
            **{field: given.get(field, "") for field in PROGRESS_FIELDS},
        )
        for row in value.indicators
        if (given := progress.get(row.key)) is not None
    )  # fmt: skip


@transaction.atomic
def take_step(
    *, report: MonitoringReport, staff: StaffMember, key: str, reason: str = ""
) -> MonitoringReport:
    """Move a report one step of :data:`STEPS`. Raises MonitoringRefused."""
    report = _locked(report)
    step = step_named(key, report.status, staff.role)
    if step is None:
        raise MonitoringRefused(f"本月监控{report.status.label}，您不能办理这个操作。")
    if step.wants_reason and not reason.strip():
        raise MonitoringRefused(f"{step.verb}须写明原因。")
    if step.role in DEPARTMENT_ROLES:
        _by_department(report, staff, step)
    else:
        report.decided_by, report.decided_at = staff, timezone.now()
    if step.wants_reason or step.target.is_handed_in:
        report.reason = reason.strip()
    report.state = step.target.value
    report.save()
    if step.target is ReportState.ACCEPTED:
        _ask_for_changes(report)
    detail = {"month": report.month, "reason": reason.strip()}
    record(filing=report.filing, staff=staff, action=f"monitoring_{key}", detail=detail)
    return report


def _by_department(report: MonitoringReport, staff: StaffMember, step: ReportStep) -> None:
    """Handing in freezes the board; a report recalled is no longer the bureau's."""
    if not has_role(staff, [step.role]) or staff.department_id != report.filing.department_id:
        raise MonitoringRefused(f"“{step.verb}”由本部门{step.role.label}岗位办理。")
    if report.status is ReportState.SUBMITTED:
        report.submitted_by = report.submitted_at = None
    if step.target is not ReportState.SUBMITTED:
        return
    if not may_monitor(report.filing):
        raise MonitoringRefused("部门预算当前没有生效，不能报送绩效运行监控。")
    board, findings = assessed(report)
    if errors := blocking(findings):
        raise MonitoringRefused(f"还有{len(errors)}项错误须先改正：{errors[0].message}")
    stored = to_json(board)
    report.board, report.submitted_by, report.submitted_at = stored, staff, timezone.now()


def _ask_for_changes(report: MonitoringReport) -> None:
    """Every measure that adjusts a target asks for the change of it, the last one of a row."""
    asked: dict[tuple[str, str], TargetChange] = {}
    board = stored_board(report)
    for line in board.subjects if board else ():
        rows = {row.key: row.progress for row in line.lines}
        for measure in line.measures:
            if measure.kind is MeasureKind.ADJUST_TARGET and measure.indicator in rows:
                progress = rows[measure.indicator]
                asked[line.subject, progress.key] = TargetChange(
                    report=report,
                    subject=line.subject,
                    kind=ChangeKind.CHANGE.value,
                    row=progress.key,
                    indicator_name=progress.name,
                    field="target",
                    old=progress.target,
                    new=measure.new_target,
                    reason=measure.text,
                    asked_by=report.submitted_by or report.opened_by,
                    asked_on=timezone.localdate(report.submitted_at),
                )
    TargetChange.objects.bulk_create(asked.values())
