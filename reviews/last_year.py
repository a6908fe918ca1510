"""Last year's approved filing carried into this year's."""

from __future__ import annotations

from budgets.carrying import Carried, carry_forward
from departments.models import StaffMember
from disclosures.submissions import last_years_package
from filings.models import Filing


def carry_from_last_year(*, filing: Filing, staff: StaffMember) -> Carried | None:
    """从上年带入 what was approved; ``None`` where nothing was. Raises FilingLocked."""
    package = last_years_package(filing)
    if package is None:
        return None
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
