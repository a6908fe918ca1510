"""The lists of a filing, from rows to values and replaced at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from budgets.models import (
    ProcurementLine,
    Project,
    ProjectBudgetLine,
    PurchasedServiceLine,
)
from budgets.models.records import ListLine
from budgets.replacing import ProjectBelongsElsewhere
from budgets.workbook import (
    FUND_AMOUNTS,
    BudgetLists,
    ListRow,
    ProcurementRow,
    ProjectBudget,
    ProjectFrequency,
    ProjectKind,
    PurchasedServiceRow,
)
from departments.models import StaffMember, Unit
from filings.models import Filing
from filings.services import require_editable, touch

PURCHASE_FIELDS = (
    "number",
    "project_name",
    "functional_code",
    "economic_code",
    "funding_source",
    "fund_nature",
    "quantity",
    "amount",
)
PROCUREMENT_FIELDS = (
    *PURCHASE_FIELDS,
    "item_code",
    "item_name",
    "unit_price",
    "measure",
    "sme_amount",
    "micro_amount",
)
SERVICE_FIELDS = (
    *PURCHASE_FIELDS,
    "includes_procurement",
    "content",
    "directory_tier_one",
    "directory_tier_two",
    "directory_tier_three",
)


BUDGET_FIELDS = (*FUND_AMOUNTS, "total_budget", "main_use")


class ProjectUnknown(Exception):
    """A purchase under a project code that is no project; ``str`` names it."""


LINES: Mapping[str, type[ProjectBudgetLine | ProcurementLine | PurchasedServiceLine]] = {
    "project_budgets": ProjectBudgetLine,
    "procurement": ProcurementLine,
    "purchased_services": PurchasedServiceLine,
}
"""Key of a list → the model of its rows."""


def lines_of(filing: Filing, key: str, unit: Unit | None = None) -> Any:
    """The rows of a list in printing order, of one unit or of all; one query."""
    rows: Any = LINES[key].objects.filter(filing=filing)
    if key == "project_budgets":
        rows = rows.select_related("project__unit").order_by("project__code")
        return rows if unit is None else rows.filter(project__unit=unit)
    rows = rows.with_places()
    return rows if unit is None else rows.filter(unit=unit)


def lists_of(filing: Filing, unit: Unit | None = None) -> BudgetLists:
    """The lists of a filing, or of one of its units, in printing order; three queries."""
    return BudgetLists(
        **{key: tuple(map(row_of, lines_of(filing, key, unit))) for key in LINES}  # type: ignore[arg-type]
    )


def row_of(line: ListLine) -> ListRow:
    """A stored row of any list as a value."""
    if isinstance(line, ProjectBudgetLine):
        return _project_budget(line)
    if isinstance(line, ProcurementLine):
        return _procurement(line)
    assert isinstance(line, PurchasedServiceLine)
    return _service(line)


def _procurement(line: ProcurementLine) -> ProcurementRow:
    return ProcurementRow(**_purchase(line), **_taken(line, PROCUREMENT_FIELDS))


def _service(line: PurchasedServiceLine) -> PurchasedServiceRow:
    return PurchasedServiceRow(**_purchase(line), **_taken(line, SERVICE_FIELDS))


def _taken(row: ListLine | ListRow, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _project_budget(line: ProjectBudgetLine) -> ProjectBudget:
    return ProjectBudget(
        code=line.project.code,
        name=line.project.name,
        book=line.project.unit.code,
        functional_code=line.functional_code,
        kind=ProjectKind(line.kind),
        frequency=ProjectFrequency(line.frequency),
        unit=line.declared_unit,
        decimals=line.declared_decimals,
        **_taken(line, BUDGET_FIELDS),
    )


def _purchase(line: ProcurementLine | PurchasedServiceLine) -> dict[str, Any]:
    return {
        "book": line.unit.code,
        "project_code": line.project.code if line.project else "",
        "unit": line.declared_unit,
        "decimals": line.declared_decimals,
    }


@transaction.atomic
def replace_lists(
    *,
    filing: Filing,
    staff: StaffMember,
    lists: BudgetLists,
    units: Mapping[str, Unit],
    only: Unit | None = None,
) -> None:
    """File the lists as they are; a project code not yet known becomes a project of its unit.

    With ``only`` the rows of other units stay as they are.
    Raises FilingLocked, ProjectBelongsElsewhere for a code of another unit, and ProjectUnknown
    for a purchase under a code that is no project.
    """
    require_editable(filing, staff)
    for key in LINES:
        lines_of(filing, key, only).delete()
    ProjectBudgetLine.objects.bulk_create(
        _budget_line(filing, row, units[row.book]) for row in lists.project_budgets
    )
    projects = _projects_named(lists)
    ProcurementLine.objects.bulk_create(
        ProcurementLine(**_place(filing, row, units, projects), **_taken(row, PROCUREMENT_FIELDS))
        for row in lists.procurement
    )
    PurchasedServiceLine.objects.bulk_create(
        PurchasedServiceLine(**_place(filing, row, units, projects), **_taken(row, SERVICE_FIELDS))
        for row in lists.purchased_services
    )
    touch(filing=filing)


def _budget_line(filing: Filing, row: ProjectBudget, unit: Unit) -> ProjectBudgetLine:
    project, _ = Project.objects.get_or_create(
        code=row.code,
        defaults={"unit": unit, "name": row.name, "first_fiscal_year": filing.fiscal_year_id},
    )
    if project.unit_id != unit.pk:
        raise ProjectBelongsElsewhere(row.code)
    return ProjectBudgetLine(
        filing=filing,
        project=project,
        functional_code=row.functional_code,
        kind=row.kind.value,
        frequency=row.frequency.value,
        declared_unit=row.unit,
        declared_decimals=row.decimals,
        **_taken(row, BUDGET_FIELDS),
    )


def _projects_named(lists: BudgetLists) -> dict[str, Project]:
    """The projects purchases stand under, by code."""
    codes = {row.project_code for row in lists.purchases} - {""}
    found: dict[str, Project] = {
        project.code: project for project in Project.objects.filter(code__in=codes)
    }
    for code in sorted(codes - found.keys()):
        raise ProjectUnknown(code)
    return found


def _place(
    filing: Filing,
    row: ProcurementRow | PurchasedServiceRow,
    units: Mapping[str, Unit],
    projects: Mapping[str, Project],
) -> dict[str, Any]:
    return {
        "filing": filing,
        "unit": units[row.book],
        "project": projects[row.project_code] if row.project_code else None,
        "declared_unit": row.unit,
        "declared_decimals": row.decimals,
    }
