"""Long lists of projects and purchases: every row held to the same rules as in a unit's template,
what is known read once, rows written a thousand at a time, all of them or none.

A row says its year and unit; it is the row with that number (or project) of that unit's list, new
or changed. Rows the file does not name stay as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import F

from budgets.bulk import BATCH, BulkResult, Report, whole_or_nothing
from budgets.checks.keys import PROCUREMENT, PROJECT_BUDGETS, PURCHASED_SERVICES
from budgets.excel.writing import FORMULA_STARTS
from budgets.list_fields import (
    OPERATING,
    Holds,
    ListField,
    Unfit,
    file_columns,
    labels_of,
    read_field,
)
from budgets.lists import BUDGET_FIELDS, PROCUREMENT_FIELDS, SERVICE_FIELDS
from budgets.models import (
    ProcurementLine,
    Project,
    ProjectBudgetLine,
    PurchasedServiceLine,
    Workbook,
)
from budgets.snapshots import code_names
from departments.models import StaffMember, Unit
from filings.models import Filing, FilingKind
from filings.services import FilingLocked, record, require_editable, touch
from rulebook.amounts import MoneyUnit, normalize
from rulebook.editions import editions_of
from rulebook.layouts import FAMILY, ListLayout, load_layout

YEAR = "年度"
MOST_REMEMBERED = 5_000  # different texts of a column
ALL_DIFFERENT = {Holds.NUMBER, Holds.AMOUNT, Holds.QUANTITY}
DECLARED = ("declared_unit", "declared_decimals")
YUAN = MoneyUnit.YUAN
Key = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Table:
    """How a list is stored: its model, what identifies a row, what a row says."""

    model: Any
    key: tuple[str, str, str]
    says: tuple[str, ...]

    @property
    def constraint(self) -> list[str]:
        return [name.removesuffix("_id") for name in dict.fromkeys(self.key)]


PURCHASE_KEY = ("filing_id", "unit_id", "number")
TABLES = {
    PROJECT_BUDGETS: Table(
        ProjectBudgetLine,
        ("filing_id", "filing_id", "project_id"),
        ("functional_code", "kind", "frequency", *BUDGET_FIELDS, *DECLARED),
    ),
    PROCUREMENT: Table(
        ProcurementLine,
        PURCHASE_KEY,
        ("project_id", *(f for f in PROCUREMENT_FIELDS if f != "number"), *DECLARED),
    ),
    PURCHASED_SERVICES: Table(
        PurchasedServiceLine,
        PURCHASE_KEY,
        ("project_id", *(f for f in SERVICE_FIELDS if f != "number"), *DECLARED),
    ),
}


@cache
def list_layout(key: str) -> ListLayout:
    """The layout whose labels a long file has: that of the latest edition with lists."""
    latest = sorted(editions_of(FAMILY), key=lambda edition: edition.first_fiscal_year)
    found = [load_layout(edition.id) for edition in latest]
    return next(layout.list_named(key) for layout in reversed(found) if layout.lists)


@cache
def headers_of(key: str) -> dict[str, ListField]:
    """Header → column of a long file, without its year; amounts are in yuan."""
    layout = list_layout(key)
    labels = labels_of(layout)
    return {
        labels[column.key]: spec
        for column, spec in file_columns(layout)
        if spec.holds is not Holds.SHOWN
    }


def columns_of_list(key: str) -> list[str]:
    """The headers of a long file, in order."""
    return [YEAR, *headers_of(key)]


def import_list_rows(
    *,
    key: str,
    staff: StaffMember,
    rows: Iterable[Sequence[str]],
    report: Report = lambda done: None,
    keep: bool = True,
) -> BulkResult:
    """Import rows in the order of :func:`columns_of_list`; all of them or, with findings, none."""
    return whole_or_nothing(ListImporting(key, staff), rows, report, keep=keep)


@dataclass(slots=True)
class TakenRow:
    """A row that was read: where it belongs and what it says."""

    number: int
    filing: int
    unit: int
    values: dict[str, Any]


class ListImporting:
    """One list on its way into the database."""

    def __init__(self, key: str, staff: StaffMember) -> None:
        self.key, self.staff, self.table = key, staff, TABLES[key]
        self.specs = list(headers_of(key).items())
        self.result = BulkResult()
        units = Unit.objects.filter(department=staff.department_id)
        self.units: dict[str, int] = dict(units.values_list("code", "pk"))
        self.filings: dict[str, Filing | str] = {}
        self.codes: dict[int, frozenset[str]] = {}
        own = Project.objects.filter(unit__in=units).values_list("code", "pk", "unit_id", "name")
        self.projects = {code: (pk, unit) for code, pk, unit, _ in own}
        self.named: dict[tuple[int, str], list[str]] = defaultdict(list)
        for code, _, unit, name in own:
            self.named[unit, name].append(code)
        self.seen: dict[tuple[int, int], set[int | str]] = defaultdict(set)
        self.remembered: dict[str, dict[str, dict[str, Any]]] = {
            header: {} for header, _ in self.specs
        }
        self.waiting: list[TakenRow] = []

    def take(self, number: int, row: Sequence[str]) -> None:
        """Read one row and keep it for the next batch, or say what is wrong with it."""
        taken, errors = self.read(number, row)
        if errors or taken is None:
            self.result.refuse(number, errors)
        else:
            self.waiting.append(taken)

    def read(self, number: int, row: Sequence[str]) -> tuple[TakenRow | None, list[str]]:
        """One row with its place, and what is wrong with it."""
        values: dict[str, Any] = {}
        errors: list[str] = []
        for (header, spec), text in zip(self.specs, row[1:], strict=True):
            try:
                values |= self._field(header, spec, text)
            except Unfit as error:
                errors.append(f"{header}：{error.words}")
        filing = self._filing(row[0])
        if isinstance(filing, str):
            errors.append(filing)
        unit = self.units.get(values.get("book", ""))
        if unit is None:
            errors.append(f"单位代码：{values.get('book', '')[:20]} 不是本部门的单位。")
        if errors or unit is None or isinstance(filing, str):
            return None, errors
        taken = TakenRow(number, filing.pk, unit, values)
        return taken, [*self._codes(taken, filing), *self._project(taken), *self._again(taken)]

    def _field(self, header: str, spec: ListField, text: str) -> dict[str, Any]:
        """What a column says. Codes and words repeat: what was right once stays right."""
        if text.startswith("'") and text[1:].startswith(FORMULA_STARTS):
            text = text[1:]  # the guard of an export
        if spec.holds in ALL_DIFFERENT:
            return read_field(spec, text, YUAN)[0]
        known = self.remembered[header]
        found = known.get(text)
        if found is None:
            found = read_field(spec, text, YUAN)[0]
            if len(known) < MOST_REMEMBERED:
                known[text] = found
        return found

    def _filing(self, year: str) -> Filing | str:
        """The budget in preparation of a year, locked for this import, or why there is none."""
        if year not in self.filings:
            self.filings[year] = self._open_filing(normalize(year))
        return self.filings[year]

    def _open_filing(self, year: str) -> Filing | str:
        if not year.isdecimal() or len(year) != 4:
            return f"{YEAR}：应为四位数字，现为“{year[:10]}”。"
        kind = FilingKind.DEPARTMENTAL_BUDGET
        found = Filing.objects.in_preparation(self.staff.department_id, int(year), kind)
        if found is None:
            return f"{YEAR}：本部门没有 {year} 年在编的部门预算。"
        try:
            require_editable(found, self.staff)
        except FilingLocked as locked:
            return str(locked)
        self.codes[found.pk] = frozenset(code_names(int(year)))
        filing: Filing = found
        return filing

    def _codes(self, taken: TakenRow, filing: Filing) -> Iterator[str]:
        for name in ("functional_code", "economic_code"):
            code = taken.values.get(name)
            if code and code not in self.codes[filing.pk]:
                yield f"科目 {code} 不在 {filing.fiscal_year_id} 年目录中。"

    def _project(self, taken: TakenRow) -> Iterator[str]:
        """Put the project into the row, or ask: a long list has no preview to guess in."""
        values = taken.values
        if self.key == PROJECT_BUDGETS:
            yield from self._own_project(taken)
            return
        code, name = values["project_code"], values["project_name"]
        if code == OPERATING or (not code and name == OPERATING):
            values["project_id"] = None
        elif code:
            pk, unit = self.projects.get(code, (0, 0))
            values["project_id"] = pk
            if unit != taken.unit:
                yield f"项目编码：{code} 不是本单位的项目。"
        else:
            yield self._asked(taken.unit, name)

    def _asked(self, unit: int, name: str) -> str:
        found = self.named.get((unit, name), [])
        if found:
            return f"项目编码：没有填写；名称为“{name}”的项目有 {'、'.join(sorted(found)[:5])}。"
        return (
            f"项目编码：没有填写，“{name[:30]}”也不是本单位项目的名称；公用经费请写“{OPERATING}”。"
        )

    def _own_project(self, taken: TakenRow) -> Iterator[str]:
        code, name = taken.values["code"], taken.values["name"]
        if not code or code == OPERATING:
            yield self._asked(taken.unit, name)
        elif code not in self.projects:
            if not name:
                yield "项目名称：新项目没有填写名称。"
        elif self.projects[code][1] != taken.unit:
            yield f"项目编码：{code} 是其他单位的项目。"

    def _again(self, taken: TakenRow) -> Iterator[str]:
        number: int | str = taken.values.get("number", taken.values.get("code", ""))
        if number == 0:
            yield "行号：没有填写。"
            return
        seen = self.seen[taken.filing, taken.unit]
        if number in seen:
            yield "与前面的行重复。"
        seen.add(number)

    def write(self) -> None:
        """Write a batch; once a row was wrong nothing more is written, all rows are still read."""
        waiting, self.waiting = self.waiting, []
        if self.key == PROJECT_BUDGETS:
            waiting = self.with_projects(waiting)
        if self.result.wrong or not waiting:
            return
        lines = {self.key_of(row): self.line(row) for row in waiting}
        before = self._before(list(lines))
        new = [line for key, line in lines.items() if key not in before]
        changed = [
            line
            for key, line in lines.items()
            if key in before and before[key] != tuple(getattr(line, f) for f in self.table.says)
        ]
        self._store(new, changed)
        self.result.created += len(new)
        self.result.changed += len(changed)
        self.result.same += len(lines) - len(new) - len(changed)
        if new or changed:
            self.note({(row.filing, row.unit) for row in waiting})

    def with_projects(self, waiting: list[TakenRow]) -> list[TakenRow]:
        """Rows with their projects; a code nobody uses becomes a project of the row's unit."""
        rows = {row.values["code"]: row for row in waiting}
        new = {code: row for code, row in rows.items() if code not in self.projects}
        foreign = set(Project.objects.filter(code__in=new).values_list("code", flat=True))
        for code in sorted(foreign):
            self.result.refuse(new[code].number, [f"项目编码：{code} 是其他单位的项目。"])
        if self.result.wrong:
            return []
        years = {f.pk: f.fiscal_year_id for f in self.filings.values() if isinstance(f, Filing)}
        made = Project.objects.bulk_create(
            Project(
                unit_id=row.unit,
                code=code,
                name=row.values["name"],
                first_fiscal_year=years[row.filing],
            )
            for code, row in new.items()
        )
        self.projects |= {project.code: (project.pk, project.unit_id) for project in made}
        for row in waiting:
            row.values["project_id"] = self.projects[row.values["code"]][0]
        return waiting

    def line(self, row: TakenRow) -> Any:
        """The row as it is to be stored."""
        values = row.values | {"filing_id": row.filing, "unit_id": row.unit}
        values |= {"declared_unit": YUAN.code, "declared_decimals": 2}
        names = dict.fromkeys((*self.table.key, *self.table.says))
        return self.table.model(**{name: values[name] for name in names})

    def key_of(self, row: TakenRow) -> Key:
        if self.key == PROJECT_BUDGETS:
            return row.filing, row.filing, row.values["project_id"]
        return row.filing, row.unit, row.values["number"]

    def _before(self, keys: Sequence[Key]) -> dict[Key, tuple[Any, ...]]:
        """What the rows with these keys say now."""
        first, second, last = (set(part) for part in zip(*keys, strict=True))
        names = self.table.key
        wanted = {f"{names[0]}__in": first, f"{names[1]}__in": second, f"{names[2]}__in": last}
        known = self.table.model.objects.filter(**wanted)
        found = known.values_list(*names, *self.table.says)
        return {tuple(row[:3]): tuple(row[3:]) for row in found.iterator(BATCH)}

    def _store(self, new: list[Any], changed: list[Any]) -> None:
        self.table.model.objects.bulk_create(new)
        if changed:
            self.table.model.objects.bulk_create(
                changed,
                update_conflicts=True,
                unique_fields=self.table.constraint,
                update_fields=[name.removesuffix("_id") for name in self.table.says],
            )

    def note(self, places: set[tuple[int, int]]) -> None:
        """The books whose lists changed are no longer as a colleague saw them."""
        for filing in {filing for filing, _ in places}:
            units = [unit for each, unit in places if each == filing]
            books = Workbook.objects.filter(filing=filing, unit__in=units)
            books.update(revision=F("revision") + 1)

    def finish(self) -> None:
        """What the history says of the import, once for each filing."""
        found = self.result
        if not (found.created or found.changed):
            return
        for filing in self.filings.values():
            if isinstance(filing, Filing):
                detail = {"list": self.key, "created": found.created, "changed": found.changed}
                record(filing=filing, staff=self.staff, action="import_list", detail=detail)
                touch(filing=filing)
