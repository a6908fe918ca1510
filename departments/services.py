"""Writes on the registers: units renamed, merged and split from a year on, years opened.

Reports of the years before keep the units and names of those years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction

from departments.models import FiscalYear, StaffMember, Unit, UnitFormerName
from departments.permissions import has_role
from departments.roles import Role

YEAR_KEEPERS = (Role.BUREAU_REVIEWER, Role.SYSTEM_ADMIN)


class RegisterRefused(Exception):
    """A change that would contradict the register; ``str`` says why, in Chinese."""


def _require_keeper(unit: Unit, staff: StaffMember) -> None:
    """Only the bureau of the unit's region changes what it is called and who files for it."""
    mine = Unit.objects.visible_to(staff).filter(pk=unit.pk)
    if not has_role(staff, [Role.BUREAU_REVIEWER]) or not mine.exists():
        raise RegisterRefused("单位变更由本级财政审核岗位登记。")


def _require_living(unit: Unit, fiscal_year: int) -> None:
    """The unit files for the year before, so that there is something to change from then on."""
    before = fiscal_year - 1
    if not Unit.objects.existing_in(before).filter(pk=unit.pk).exists():
        raise RegisterRefused(
            f"{unit.name}在 {before} 年不存在，不能自 {fiscal_year} 年起变更，请核对适用年度。"
        )


@transaction.atomic
def rename_unit(*, unit: Unit, staff: StaffMember, name: str, fiscal_year: int) -> Unit:
    """From ``fiscal_year`` on the unit is called ``name``; earlier years keep the old name.

    From its first year on it is a correction, and no other name is kept. Raises RegisterRefused
    where a later renaming is known already.
    """
    _require_keeper(unit, staff)
    if not Unit.objects.existing_in(fiscal_year).filter(pk=unit.pk).exists():
        raise RegisterRefused(f"{unit.name}在 {fiscal_year} 年不存在，请核对适用年度。")
    if unit.former_names.filter(last_fiscal_year__gte=fiscal_year).exists():
        raise RegisterRefused(f"{unit.name}在 {fiscal_year} 年之后已经改过名称。")
    if not name.strip():
        raise RegisterRefused("新名称不能为空。")
    if name.strip() == unit.name:
        raise RegisterRefused(f"{unit.name}已经是现在的名称。")
    if unit.first_fiscal_year < fiscal_year:
        UnitFormerName.objects.get_or_create(
            unit=unit, last_fiscal_year=fiscal_year - 1, defaults={"name": unit.name}
        )
    unit.name = name.strip()
    unit.save(update_fields=["name"])
    return unit


def _end(unit: Unit, successor: Unit, fiscal_year: int) -> None:
    unit.last_fiscal_year, unit.successor = fiscal_year - 1, successor
    unit.save(update_fields=["last_fiscal_year", "successor"])


@transaction.atomic
def merge_units(
    *, units: Sequence[Unit], into: Unit, staff: StaffMember, fiscal_year: int
) -> list[Unit]:
    """From ``fiscal_year`` on ``into`` files for ``units``; what they filed before stays theirs.

    Last year's figures of the units merged add up to those of ``into``. Raises RegisterRefused.
    """
    _require_keeper(into, staff)
    if not Unit.objects.existing_in(fiscal_year).filter(pk=into.pk).exists():
        raise RegisterRefused(f"{into.name}在 {fiscal_year} 年不存在。")
    for unit in units:
        if unit.pk == into.pk or unit.department_id != into.department_id:
            raise RegisterRefused("只能并入同一部门的另一个单位。")
        _require_living(unit, fiscal_year)
        _end(unit, into, fiscal_year)
    return list(units)


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that comes out of a split."""

    code: str
    name: str
    kind: str


@transaction.atomic
def split_unit(
    *,
    unit: Unit,
    parts: Sequence[NewUnit],
    staff: StaffMember,
    fiscal_year: int,
    continues: bool,
) -> list[Unit]:
    """From ``fiscal_year`` on ``parts`` file beside the unit, or, unless it continues, for it.

    Last year's figures cannot be divided: they stay with the unit, or go whole to the first part,
    which takes over; the other parts have none. Raises RegisterRefused.
    """
    _require_keeper(unit, staff)
    _require_living(unit, fiscal_year)
    if not parts:
        raise RegisterRefused("请写明分设的单位。")
    made = [_make(unit, part, fiscal_year) for part in parts]
    if not continues:
        _end(unit, made[0], fiscal_year)
    return made


def _make(unit: Unit, part: NewUnit, fiscal_year: int) -> Unit:
    made = Unit(
        department=unit.department,
        code=part.code,
        name=part.name,
        kind=part.kind,
        first_fiscal_year=fiscal_year,
        split_from=unit,
    )
    try:
        made.full_clean()
    except ValidationError as error:
        raise RegisterRefused("；".join(error.messages)) from error
    made.save()
    return made


@transaction.atomic
def set_year_open(*, fiscal_year: int, is_open: bool, staff: StaffMember) -> FiscalYear:
    """Open a year for filing, or close it: filings begun go on, new ones cannot be opened.

    Doing it again changes nothing; who did it is logged. Raises RegisterRefused.
    """
    if not has_role(staff, YEAR_KEEPERS):
        raise RegisterRefused("预算年度由财政审核或系统管理岗位开放和关闭。")
    known = FiscalYear.objects.select_for_update().filter(year=fiscal_year).first()
    if known is None and not is_open:
        raise RegisterRefused(f"还没有 {fiscal_year} 年。")
    if known is not None and known.is_open == is_open:
        return known
    year, _ = FiscalYear.objects.update_or_create(year=fiscal_year, defaults={"is_open": is_open})
    LogEntry.objects.log_actions(
        user_id=staff.pk,
        queryset=FiscalYear.objects.filter(pk=fiscal_year),
        action_flag=CHANGE if known else ADDITION,
        change_message="开放填报" if is_open else "关闭填报",
        single_object=True,
    )
    return year
