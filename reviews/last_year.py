"""Last year's filing of the same department and kind, as it was approved."""

from __future__ import annotations

from budgets.carrying import Carried, carry_forward
from departments.models import StaffMember
from disclosures.publication import approved_snapshot, thaw
from filings.models import Filing, SnapshotPurpose
from filings.states import State


def last_year_of(filing: Filing) -> Filing | None:
    """The newest version of the year before that is approved or public, ``None`` without one."""
    versions = Filing.objects.filter(
        department=filing.department_id,
        fiscal_year=filing.fiscal_year_id - 1,
        kind=filing.kind,
        state__in=[State.APPROVED.value, State.PUBLISHED.value],
        snapshots__purpose=SnapshotPurpose.APPROVAL,
    )
    found: Filing | None = versions.order_by("-version").first()
    return found


def carry_from_last_year(*, filing: Filing, staff: StaffMember) -> Carried | None:
    """从上年带入 what was approved; ``None`` where nothing was. Raises FilingLocked."""
    before = last_year_of(filing)
    if before is None:
        return None
    package = thaw(approved_snapshot(before)).package
    codes = [project.code for project in package.projects]
    return carry_forward(
        filing=filing,
        staff=staff,
        books=package.books,
        projects=codes,
        project_budgets=package.project_budgets,
    )


def carried_words(carried: Carried) -> str:
    """What was carried, in one sentence."""
    if not (carried.cells or carried.rows or carried.projects):
        done = "没有需要带入的内容，已经带入过"
    else:
        done = (
            f"已从上年带入 {carried.cells} 格数据、{carried.rows} 行科目、"
            f"{carried.projects} 个延续项目"
        )
    kept = f"；{carried.kept} 格已有您填报的不同数据，保持不变" if carried.kept else ""
    return f"{done}{kept}。"
