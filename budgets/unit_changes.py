"""Units renamed, merged and split by the bureau, with what the filings of those years become.

What was handed in or published names the units it was filed for; the register may not say
otherwise afterwards. So a change is refused from a year whose filing is on its way (it is sent
back first) or, for a merger or a split, published (it holds from a later year). A renaming of a
published year is taken: the published bytes keep the old name, and the bureau is told.

An open draft follows at once where no figure changes by it: a book moves whole to the unit that
takes over when that one has entered nothing. Two books with figures are never added up here; what
their sum is, is the department's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat, Left

from budgets.models import (
    Cell,
    CellChange,
    ProcurementLine,
    PurchasedServiceLine,
    Upload,
    Workbook,
)
from budgets.workbook import Provenance
from departments.models import StaffMember, Unit, UnitChange, UnitChangeKind
from departments.services import NewUnit, merge_units, rename_unit, split_unit
from filings.models import Filing
from filings.services import record, touch
from filings.states import State
from rulebook.addresses import unit_address
from rulebook.checks import Check, Verdict, finding_of
from rulebook.findings import Finding, Scope, Severity

ON_ITS_WAY = Check(
    "UN-101",
    "申报件正在办理",
    Severity.ERROR,
    Scope.CROSS_YEAR,
    "请先由财政审核退回（部门复核中的，由部门退回填报），登记变更后部门重新核对提交；"
    "或改从以后年度起适用。",
)
ALREADY_PUBLIC = Check(
    "UN-102",
    "报告已经公开",
    Severity.ERROR,
    Scope.CROSS_YEAR,
    "已公开的报告按原来的单位编制，请改从下一年度起适用；确须改动当年的，先撤回公开。",
)
BOTH_FILLED = Check(
    "UN-103",
    "几个单位都已填报",
    Severity.ERROR,
    Scope.CROSS_YEAR,
    "合并后的数由部门确定：请填报岗位把各单位的数并入接收单位的报表，并清空被并入单位的报表，"
    "再登记合并；或改从下一年度起适用。",
)
NAME_STAYS = Check(
    "UN-111",
    "已公开的报告保留原名",
    Severity.NOTICE,
    Scope.CROSS_YEAR,
    "公开的内容不变；需要按新名称公开的，由部门办理更正。",
)
UNIT_CHANGE_CHECKS = (ON_ITS_WAY, ALREADY_PUBLIC, BOTH_FILLED, NAME_STAYS)

FROZEN = (State.SUBMITTED, State.APPROVED)
UNDER_WAY = (State.INTERNAL_REVIEW, *FROZEN)
NEW_UNIT = "（新单位）"
NO_UNIT = "（不再填报）"
CARRY_AGAIN = "，上年数请填报岗位重新带入"


class UnitChangeRefused(Exception):
    """A change that filings stand against; ``findings`` say which and what to do."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("；".join(finding.message for finding in findings))


@dataclass(frozen=True, slots=True)
class Basis:
    """From which fiscal year a change holds, when it was decided, and why."""

    fiscal_year: int
    decided_on: date
    reason: str


Line = tuple[str, str, str]
"""What changes: (what, before, after)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A change as it was registered, with what there is to know about it."""

    change: UnitChange
    notices: tuple[Finding, ...] = ()

    @property
    def lines(self) -> list[Line]:
        return [(what, before, after) for what, before, after in self.change.lines]


def rehearse(make: Callable[[], Outcome]) -> Outcome:
    """What a change would do: it is made and taken back. Raises what making it raises."""
    with transaction.atomic():
        outcome = make()
        transaction.set_rollback(True)
    return outcome


def _filings(unit: Unit, fiscal_year: int) -> list[Filing]:
    """The department's filings from a year on that are not superseded, held with its units."""
    list(Unit.objects.select_for_update().filter(department=unit.department_id))
    found = Filing.objects.select_for_update().filter(
        department=unit.department_id, fiscal_year__gte=fiscal_year, superseded_at=None
    )
    return list(found.order_by("fiscal_year", "kind", "version"))


def _named(filing: Filing) -> str:
    return f"{filing.fiscal_year_id} 年{filing.kind_label}（{filing.status.label}）"


def _found(check: Check, filing: Filing, units: Sequence[Unit], words: str) -> Finding:
    names = "、".join(unit.name_in(filing.fiscal_year_id) for unit in units)
    return finding_of(
        check,
        Verdict(
            places=tuple(unit_address(unit.code) for unit in units),
            label=_named(filing),
            left=None,
            right=None,
            message=f"{_named(filing)}{words.format(names)}。",
        ),
    )


def _refuse(findings: Iterable[Finding]) -> None:
    stopping = [finding for finding in findings if finding.severity is Severity.ERROR]
    if stopping:
        raise UnitChangeRefused(stopping)


def _standing_against(filings: Iterable[Filing], units: Sequence[Unit]) -> Iterator[Finding]:
    """Filings that were handed over, handed in or published with these units' books."""
    for filing in filings:
        if filing.status in UNDER_WAY:
            yield _found(ON_ITS_WAY, filing, units, "按原来的单位编制，其中有{}")
        elif filing.status is State.PUBLISHED:
            yield _found(ALREADY_PUBLIC, filing, units, "按原来的单位编制，其中有{}")


def _register(
    kind: UnitChangeKind, units: Sequence[Unit], staff: StaffMember, basis: Basis, lines: list[Line]
) -> UnitChange:
    change = UnitChange.objects.create(
        kind=kind,
        fiscal_year=basis.fiscal_year,
        decided_on=basis.decided_on,
        reason=basis.reason,
        lines=lines,
        made_by=staff,
    )
    change.units.set(units)
    return change


def _note(filing: Filing, staff: StaffMember, kind: UnitChangeKind, units: Sequence[Unit]) -> None:
    """The history of a draft says that the bureau changed its units."""
    detail = {"change": str(kind.label), "unit": "、".join(unit.name for unit in units)}
    record(filing=filing, staff=staff, action="unit_change", detail=detail)
    touch(filing=filing)


@transaction.atomic
def rename(*, unit: Unit, staff: StaffMember, name: str, basis: Basis) -> Outcome:
    """更名 from a year on. Raises UnitChangeRefused, RegisterRefused."""
    filings = [
        filing
        for filing in _filings(unit, basis.fiscal_year)
        if filing.workbooks.filter(unit=unit).exists()
    ]
    _refuse(
        _found(ON_ITS_WAY, filing, [unit], "已按“{}”报送")
        for filing in filings
        if filing.status in FROZEN
    )
    before = basis.fiscal_year - 1
    old, kept = unit.name_in(basis.fiscal_year), unit.name_in(before)
    rename_unit(unit=unit, staff=staff, name=name, fiscal_year=basis.fiscal_year)
    lines: list[Line] = [(f"{basis.fiscal_year} 年起的单位名称", old, unit.name)]
    if unit.first_fiscal_year <= before:
        lines.append((f"{before} 年及以前", kept, f"{kept}（不变）"))
    for filing in filings:
        if filing.status is not State.PUBLISHED and filing.status is not State.WITHDRAWN:
            lines.append((_named(filing), old, unit.name))
            _note(filing, staff, UnitChangeKind.RENAME, [unit])
    change = _register(UnitChangeKind.RENAME, [unit], staff, basis, lines)
    public = [filing for filing in filings if filing.status is State.PUBLISHED]
    return Outcome(change, tuple(_found(NAME_STAYS, f, [unit], f"印的是“{old}”") for f in public))


@transaction.atomic
def merge(*, into: Unit, units: Sequence[Unit], staff: StaffMember, basis: Basis) -> Outcome:
    """合并: from a year on ``into`` files for ``units``.

    Raises UnitChangeRefused, RegisterRefused.
    """
    books = Workbook.objects.filter(unit__in=units)
    filings = _filings(into, basis.fiscal_year)
    named = [filing for filing in filings if books.filter(filing=filing).exists()]
    findings = list(_standing_against(named, units))
    drafts = [filing for filing in named if filing.is_editable]
    for filing in drafts:
        if len(_filled(filing, [into, *units])) > 1:
            findings.append(_found(BOTH_FILLED, filing, [into, *units], "里，{}都已有填报内容"))
    _refuse(findings)
    merge_units(units=units, into=into, staff=staff, fiscal_year=basis.fiscal_year)
    names = "、".join(unit.name for unit in units)
    year = basis.fiscal_year
    lines: list[Line] = [(f"{year} 年起填报的单位", f"{names}、{into.name}", into.name)]
    lines.append((f"{year - 1} 年及以前", f"{names}、{into.name}", "各单位分别填报（不变）"))
    for filing in drafts:
        lines += [_taken_over(filing, unit, into) for unit in units]
        _note(filing, staff, UnitChangeKind.MERGE, [*units, into])
    return Outcome(_register(UnitChangeKind.MERGE, [into, *units], staff, basis, lines))


@transaction.atomic
def split(
    *,
    unit: Unit,
    parts: Sequence[NewUnit],
    continues: bool,
    staff: StaffMember,
    basis: Basis,
) -> Outcome:
    """拆分: from a year on ``parts`` file beside or for the unit.

    Raises UnitChangeRefused, RegisterRefused.
    """
    filings = _filings(unit, basis.fiscal_year)
    _refuse(_standing_against(filings, [unit]))
    made = split_unit(
        unit=unit, parts=parts, staff=staff, fiscal_year=basis.fiscal_year, continues=continues
    )
    names = "、".join(each.name for each in made)
    after = f"{unit.name}、{names}" if continues else names
    lines: list[Line] = [
        (f"{basis.fiscal_year} 年起填报的单位", unit.name, after),
        (f"{basis.fiscal_year - 1} 年及以前", unit.name, f"{unit.name}（不变）"),
    ]
    lines += [(f"{each.name}的单位编码", NEW_UNIT, each.code) for each in made]
    for filing in filings:
        if filing.is_editable:
            lines += _parted(filing, unit, made, continues)
            _note(filing, staff, UnitChangeKind.SPLIT, [unit, *made])
    return Outcome(_register(UnitChangeKind.SPLIT, [unit, *made], staff, basis, lines))


def _parted(filing: Filing, unit: Unit, made: Sequence[Unit], continues: bool) -> Iterator[Line]:
    """A draft after a split: the first part takes the book over whole, the others begin empty."""
    if not continues and filing.workbooks.filter(unit=unit).exists():
        yield _taken_over(filing, unit, made[0])
    for each in made:
        _, is_new = _book_of(filing, each)
        if is_new:
            yield (f"{_named(filing)}：{each.name}", NEW_UNIT, "空白报表")


def _book_of(filing: Filing, unit: Unit) -> tuple[Workbook, bool]:
    return Workbook.objects.get_or_create(
        filing=filing, unit=unit, defaults={"template_version": filing.layout_edition}
    )


def _filled(filing: Filing, units: Sequence[Unit]) -> list[Unit]:
    """The units for which a person entered something; what was carried from last year is not."""
    return [unit for unit in units if has_entries(filing, unit)]


def has_entries(filing: Filing, unit: Unit) -> bool:
    """Whether a person entered anything for the unit: a figure, a note, a row of a list."""
    carried = Q(provenance=Provenance.CARRIED_FORWARD.value)
    entered = (Q(value__isnull=False) & ~carried) | Q(evidence__isnull=False) | ~Q(note="")
    book = Q(workbook__filing=filing, workbook__unit=unit)
    rows = [model.objects.filter(filing=filing, unit=unit) for model in _lists()]
    withheld = Workbook.objects.filter(filing=filing, unit=unit, withheld_rows__isnull=False)
    cells = Cell.objects.filter(book).filter(entered)
    return any(found.exists() for found in (cells, withheld, *rows))


def _lists() -> tuple[type[ProcurementLine], type[PurchasedServiceLine]]:
    """The lists whose rows belong to a unit; projects follow their unit by themselves."""
    return ProcurementLine, PurchasedServiceLine


def _taken_over(filing: Filing, unit: Unit, heir: Unit) -> Line:
    """Give the heir one book of the two: the one with entries, with the history of both."""
    what = f"{_named(filing)}：{unit.name}的报表"
    ended = filing.workbooks.filter(unit=unit).first()
    if ended is None:
        return (what, NO_UNIT, NO_UNIT)
    own = filing.workbooks.filter(unit=heir).first()
    if not has_entries(filing, unit) and own is not None:
        _absorb(ended, own)
        return (what, "没有填报内容", NO_UNIT)
    if own is not None:
        _absorb(own, ended)
    for model in _lists():
        model.objects.filter(filing=filing, unit=unit).update(unit=heir)
    Workbook.objects.filter(pk=ended.pk).update(unit=heir, revision=F("revision") + 1)
    again = "" if heir.split_from_id == unit.pk else CARRY_AGAIN
    return (what, unit.name, f"{heir.name}填报，数字不变{again}")


def _absorb(gone: Workbook, stays: Workbook) -> None:
    """Delete a book without entries; who did what in it, and its files, stay with the other."""
    changes: QuerySet[CellChange] = CellChange.objects.filter(workbook=gone)
    said = Concat(Value(f"（原{gone.unit.name}）"), "reason")
    changes.update(workbook=stays, reason=Left(said, 300))
    Upload.objects.filter(workbook=gone).update(workbook=stays)
    gone.delete()
    Workbook.objects.filter(pk=stays.pk).update(revision=F("revision") + 1)
