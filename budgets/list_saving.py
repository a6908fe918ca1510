"""Rows of one unit's list saved one by one or many together, with versions and history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from budgets.list_columns import ListColumn, Value, columns_of, text_of
from budgets.lists import LINES, lines_of
from budgets.models import ListChange, Project
from budgets.problems import problem
from departments.models import StaffMember, Unit
from filings.models import Filing
from filings.services import require_editable, touch
from rulebook.addresses import (
    procurement_address,
    project_budget_address,
    purchased_service_address,
)
from rulebook.amounts import MoneyUnit
from rulebook.findings import Finding
from rulebook.layouts import load_layout

PROJECTS = "project_budgets"
NEEDED = {"code": "项目编码", "name": "项目名称", "kind": "项目类别", "frequency": "项目类型"}
OUT_OF_THE_WAY = 1_000_000
LONGEST_WORDS = 300
Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class RowEdit:
    """A wish to fill columns of one row: column → fields of the record.

    ``key`` is the row's id, or for a new row any other word, by which the answer names it; a new
    row follows the row ``after``, or stands last. ``version`` is the one the person saw, ``None``
    where nobody looked. ``unit`` and ``decimals`` say how its amounts were declared, in so far as
    the edit holds any.
    """

    key: str
    values: Mapping[str, Values]
    version: int | None = None
    after: str = ""
    unit: str = "yuan"
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class RowConflict:
    """Two people changed one column of a row: both values, and who was first."""

    key: str
    column: str
    mine: Values
    theirs: Values
    version: int
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class RowsResult:
    """What became of the edits. ``saved`` is key → id; ``refused`` names row and column."""

    saved: Mapping[str, int] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    conflicts: tuple[RowConflict, ...] = ()
    refused: tuple[tuple[str, str, Finding], ...] = ()


@transaction.atomic
def save_rows(
    *,
    filing: Filing,
    unit: Unit,
    list_key: str,
    staff: StaffMember,
    edits: Sequence[RowEdit] = (),
    removals: Mapping[str, int | None] | None = None,
) -> RowsResult:
    """Store rows of a unit's list and take others out; rows are numbered anew.

    A project code that is not known yet becomes a project of the unit. Refused and conflicting
    columns come back, the others are kept. Raises FilingLocked, and KeyError for a unit or a list
    that is not the filing's or a purchase under a project of another unit.
    """
    require_editable(filing, staff)
    layout = load_layout(filing.layout_edition).list_named(list_key)
    if unit.department_id != filing.department_id:
        raise KeyError(unit.code)
    saving = _Saving(filing, unit, list_key, staff, {c.key: c for c in columns_of(layout)})
    for key, version in (removals or {}).items():
        saving.remove(key, version)
    for edit in edits:
        saving.take(edit)
    return saving.done()


class _Saving:
    """One call of :func:`save_rows` under way."""

    def __init__(
        self,
        filing: Filing,
        unit: Unit,
        list_key: str,
        staff: StaffMember,
        columns: Mapping[str, ListColumn],
    ) -> None:
        self.filing, self.unit, self.staff, self.columns = filing, unit, staff, columns
        self.list_key = list_key
        self.lines: dict[str, Any] = {str(r.pk): r for r in lines_of(filing, list_key, unit)}
        self.order = list(self.lines)
        self.projects = {p.code: p for p in Project.objects.filter(unit=unit)}
        self.saved: dict[str, int] = {}
        self.removed: list[str] = []
        self.conflicts: list[RowConflict] = []
        self.refused: list[tuple[str, str, Finding]] = []
        self.changes: list[ListChange] = []
        found = ListChange.objects.filter(filing=filing, list_key=list_key, unit=unit)
        self.history = found.select_related("changed_by")

    def remove(self, key: str, version: int | None) -> None:
        line = self.lines.get(key)
        if line is None:
            self.removed.append(key)
        elif version not in (None, line.version):
            self._refuse("IM-186", key, "", f"{self._label(line)}没有删除。")
        else:
            self._note(line, "", self._summary(line), "")
            line.delete()
            del self.lines[key]
            self.order.remove(key)
            self.removed.append(key)

    def take(self, edit: RowEdit) -> None:
        line = self.lines.get(edit.key)
        if line is not None:
            self._change(line, edit)
        elif edit.key.isdecimal():
            self._refuse("IM-185", edit.key, "", "这一行已被同事删除，或整份列表刚被导入替换。")
        else:
            self._add(edit)

    def _add(self, edit: RowEdit) -> None:
        line: Any = LINES[self.list_key](filing=self.filing, version=1)
        if self.list_key == PROJECTS:
            if not self._start_project_row(line, edit):
                return
        else:
            line.unit, line.number = self.unit, OUT_OF_THE_WAY + len(self.order)
        for column in edit.values:
            if column not in {"code", "name"}:
                self._set(line, edit.values[column])
        line.declared_unit, line.declared_decimals = edit.unit, edit.decimals
        line.save()
        key = str(line.pk)
        at = self.saved.get(edit.after, edit.after)
        place = self.order.index(str(at)) + 1 if str(at) in self.order else len(self.order)
        self.order.insert(0 if edit.after == "first" else place, key)
        self.lines[key], self.saved[edit.key] = line, line.pk
        self._note(line, "", "", self._summary(line))

    def _start_project_row(self, line: Any, edit: RowEdit) -> bool:
        """Give a new row its project, or say what it lacks."""
        given = {c: str(v.get(c) or "") for c, v in edit.values.items() if c in NEEDED}
        lacking = [column for column in NEEDED if not given.get(column)]
        if lacking == ["name"] and given["code"] in self.projects:
            lacking = []
        for column in lacking:
            self._refuse("IM-181", edit.key, column, f"请填写{NEEDED[column]}。")
        if lacking:
            return False
        project = self._project(edit.key, given["code"], given.get("name", ""))
        if project is not None:
            line.project = project
        return project is not None

    def _project(self, key: str, code: str, name: str) -> Project | None:
        known = self.projects.get(code)
        if known is None:
            return self._new_project(key, code, name)
        if name not in {"", known.name}:
            self._refuse(
                "IM-183", key, "name", f"编码 {code} 是项目“{known.name}”，您写的是“{name}”。"
            )
            return None
        if any(line.project_id == known.pk for line in self.lines.values()):
            self._refuse("IM-184", key, "code", f"项目“{known.name}”在本表中已有一行。")
            return None
        return known

    def _new_project(self, key: str, code: str, name: str) -> Project | None:
        year = self.filing.fiscal_year_id
        project = Project(unit=self.unit, code=code, name=name, first_fiscal_year=year)
        if Project.objects.filter(code=code).exists():
            self._refuse("IM-182", key, "code", f"项目编码 {code} 已登记在别的单位。")
            return None
        try:
            project.full_clean()
        except ValidationError as error:
            self._refuse("IM-183", key, "code", "".join(error.messages))
            return None
        project.save()
        self.projects[code] = project
        return project

    def _change(self, line: Any, edit: RowEdit) -> None:
        later = self._later_changes(line, edit)
        kept: dict[str, Values] = {}
        for column, mine in edit.values.items():
            theirs = self._now(line, self.columns[column])
            if dict(mine) == theirs or not self._may_set(line, edit.key, column, mine):
                continue
            if column in later:
                who = str(later[column])
                clash = RowConflict(edit.key, column, mine, theirs, line.version, who)
                self.conflicts.append(clash)
            else:
                kept[column] = mine
        self.saved[edit.key] = line.pk
        if kept:
            self._store(line, kept, edit)

    def _may_set(self, line: Any, key: str, column: str, mine: Values) -> bool:
        """Whether a column of a project's row may change: its name stays, its code may switch."""
        if self.list_key != PROJECTS or column not in {"code", "name"}:
            return True
        if column == "name":
            name = line.project.name
            self._refuse("IM-183", key, column, f"项目 {line.project.code} 登记的名称是“{name}”。")
            return False
        code = str(mine["code"])
        if code not in self.projects:
            self._refuse("IM-183", key, column, f"项目编码 {code} 没有登记在本单位。")
            return False
        return self._project(key, code, "") is not None

    def _later_changes(self, line: Any, edit: RowEdit) -> dict[str, StaffMember]:
        """Column → who changed it after the version the person saw."""
        if edit.version in (None, line.version):
            return {}
        found = self.history.filter(row=line.pk, row_version__gt=edit.version).order_by("id")
        return {change.column: change.changed_by for change in found}

    def _store(self, line: Any, kept: Mapping[str, Values], edit: RowEdit) -> None:
        before = {c: self._now(line, self.columns[c]) for c in kept}
        for values in kept.values():
            self._set(line, values)
        if any(self.columns[c].is_figure for c in kept):
            self._declare(line, kept, edit)
        line.version += 1
        line.save()
        for column, values in kept.items():
            words = [self._words(column, each) for each in (before[column], values)]
            self._note(line, column, *words)

    def _declare(self, line: Any, kept: Mapping[str, Values], edit: RowEdit) -> None:
        """A row is as coarse as the coarsest of its figures."""
        rest = [c for c in self.columns.values() if c.is_figure and c.key not in kept]
        old = any(v is not None for c in rest for v in self._now(line, c).values())
        mine = (edit.unit, edit.decimals)
        theirs = (line.declared_unit, line.declared_decimals)
        chosen = max(mine, theirs, key=_grain) if old else mine
        line.declared_unit, line.declared_decimals = chosen

    def _set(self, line: Any, values: Values) -> None:
        for name, value in values.items():
            if name in {"project_code", "code"}:
                line.project = self.projects[str(value)] if value else None
            elif name != "name":
                setattr(line, name, value)

    def _now(self, line: Any, column: ListColumn) -> dict[str, Value]:
        if column.is_computed:
            return {}
        return {name: _field(line, name) for name in column.fields}

    def _words(self, column: str, values: Values) -> str:
        return text_of(self.columns[column], values, {}, MoneyUnit.YUAN)[:LONGEST_WORDS]

    def _summary(self, line: Any) -> str:
        entered = [c for c in self.columns.values() if not c.is_computed]
        words = (self._words(c.key, self._now(line, c)) for c in entered)
        return "，".join(word for word in words if word)[:LONGEST_WORDS]

    def _label(self, line: Any) -> str:
        return str(line.project if self.list_key == PROJECTS else line)[:200]

    def _note(self, line: Any, column: str, before: str, after: str) -> None:
        change = ListChange(
            filing=self.filing,
            unit=self.unit,
            list_key=self.list_key,
            row=line.pk,
            row_label=self._label(line),
            row_version=line.version,
            column=column,
            before=before,
            after=after,
            changed_by=self.staff,
        )
        self.changes.append(change)

    def _refuse(self, id: str, key: str, column: str, message: str) -> None:
        line = self.lines.get(key)
        places = (self._place(line, column),) if line is not None else ()
        self.refused.append((key, column, problem(id, message, places=places)))

    def _place(self, line: Any, column: str) -> str:
        if self.list_key == PROJECTS:
            return project_budget_address(line.project.code, column)
        makers = {
            "procurement": procurement_address,
            "purchased_services": purchased_service_address,
        }
        return makers[self.list_key](self.unit.code, line.number, column)

    def done(self) -> RowsResult:
        self._number()
        ListChange.objects.bulk_create(self.changes)
        if self.changes:
            touch(filing=self.filing)
        return RowsResult(
            self.saved, tuple(self.removed), tuple(self.conflicts), tuple(self.refused)
        )

    def _number(self) -> None:
        """Rows of purchases count from 1 without gaps, in the order they stand in."""
        if self.list_key == PROJECTS:
            return
        moved = []
        for number, key in enumerate(self.order, 1):
            line = self.lines[key]
            if line.number != number:
                line.number = number
                moved.append(line)
        if moved:
            model: Any = LINES[self.list_key]
            chosen = model.objects.filter(pk__in=[line.pk for line in moved])
            chosen.update(number=F("number") + 2 * OUT_OF_THE_WAY)
            model.objects.bulk_update(moved, ["number"])


def _grain(declared: tuple[str, int]) -> Decimal:
    unit, decimals = declared
    return MoneyUnit.from_code(unit).value.scaleb(-decimals)


def _field(line: Any, name: str) -> Value:
    if name in {"project_code", "code"}:
        return line.project.code if line.project else ""
    if name == "name":
        return str(line.project.name)
    value: Value = getattr(line, name)
    return value
