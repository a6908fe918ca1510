"""Plain functions that make rows for tests; every value has a default, nothing is random."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from typing import Any

from budgets.models import Cell, Project, ProjectYear, Workbook
from budgets.workbook import Provenance
from departments.models import Department, FiscalYear, Region, Role, StaffMember, Unit
from filings.models import Filing
from rulebook.addresses import CellRef
from rulebook.editions import region_chain

REGION = "420111"
YEAR = 2023
KIND = "departmental_final_accounts"
LAYOUT = "departmental_final_accounts/wuhan_2023"
SCORING = "self_evaluation/wuhan_2023"
OUTLINE = "departmental_final_accounts/wuhan_2023"
PASSWORD = "Zhang-2023-ming"

_numbers = count(1)


def make_region(code: str = REGION) -> Region:
    """The region with those above it."""
    parent: Region | None = None
    for step in reversed(list(region_chain(code))):
        parent, _ = Region.objects.get_or_create(
            code=step, defaults={"name": f"示例区划{step}", "parent": parent}
        )
    assert parent is not None
    return parent


def make_department(name: str = "示例部门甲", code: str = "", region: str = REGION) -> Department:
    code = code or f"9{next(_numbers):05d}"
    return Department.objects.create(region=make_region(region), code=code, name=name)


def make_unit(
    department: Department, name: str = "", code: str = "", kind: str = "administrative"
) -> Unit:
    code = code or f"{department.code}{department.units.count() + 1:03d}"
    name = name or f"{department.name}本级"
    return Unit.objects.create(department=department, code=code, name=name, kind=kind)


def make_staff(
    username: str, role: str = Role.PREPARER, *, department: Department | None = None, **fields: Any
) -> StaffMember:
    """A person who can sign in with ``PASSWORD``; bureau roles get the region by default."""
    if role in {Role.BUREAU_REVIEWER, Role.PUBLISHER} and "region" not in fields:
        fields["region"] = make_region()
    return StaffMember.objects.create_user(
        username=username,
        password=PASSWORD,
        role=role,
        department=department,
        is_staff=True,
        **fields,
    )


def make_filing(
    department: Department, opened_by: StaffMember, *, year: int = YEAR, **fields: Any
) -> Filing:
    fiscal_year, _ = FiscalYear.objects.get_or_create(year=year)
    defaults: dict[str, Any] = {
        "kind": KIND,
        "layout_edition": LAYOUT,
        "scoring_edition": SCORING,
        "outline_edition": OUTLINE,
    }
    return Filing.objects.create(
        department=department,
        fiscal_year=fiscal_year,
        opened_by=opened_by,
        **(defaults | fields),
    )


def make_workbook(
    filing: Filing,
    unit: Unit | None = None,
    cells: Mapping[tuple[str, str, str], Decimal | str | int] | None = None,
    *,
    unit_of_account: str = "yuan",
    decimals: int = 2,
) -> Workbook:
    """A unit's workbook with cells in yuan: ``cells={("sheet", "row", "column"): "12.00"}``."""
    unit = unit or filing.department.units.first() or make_unit(filing.department)
    workbook, _ = Workbook.objects.get_or_create(filing=filing, unit=unit)
    Cell.objects.bulk_create(
        Cell(
            workbook=workbook,
            **CellRef(*place)._asdict(),
            value=Decimal(value),
            provenance=Provenance.ENTERED.value,
            declared_unit=unit_of_account,
            declared_decimals=decimals,
        )
        for place, value in (cells or {}).items()
    )
    return workbook


def make_project(unit: Unit, name: str = "示例项目", code: str = "", year: int = YEAR) -> Project:
    code = code or f"{REGION}{year % 100:02d}999T{next(_numbers):09d}"
    return Project.objects.create(unit=unit, code=code, name=name, first_fiscal_year=year)


def make_project_year(filing: Filing, project: Project, **amounts: Decimal | str) -> ProjectYear:
    values = {name: Decimal(amount) for name, amount in amounts.items()}
    return ProjectYear.objects.create(filing=filing, project=project, **values)
