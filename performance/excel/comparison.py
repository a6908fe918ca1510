"""PURE: what a workbook of forms would change, for people to look at before they confirm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from budgets.excel.found import misplaced
from budgets.list_comparison import Difference, RowChange
from performance.excel.found import ReadForms
from performance.excel.layout import Holds, Slot, Table, sections_of
from performance.excel.matching import is_stale
from performance.excel.merging import Merged, merge
from performance.excel.pages import FormPage, PageRow, Value, rows_of, value_of
from performance.scoring.steps import plain
from rulebook.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class FormChange:
    """A value or a row of a form that would be added, changed or removed."""

    kind: RowChange
    subject: str
    name: str
    label: str
    place: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class FormsPlan:
    """What is wrong with a file, what it would change, and the forms after it."""

    findings: tuple[Finding, ...] = ()
    changes: tuple[FormChange, ...] = ()
    forms: tuple[Merged, ...] = ()

    @property
    def is_refused(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def is_idle(self) -> bool:
        """Whether the file agrees with what is filed."""
        return not self.changes

    @property
    def changed(self) -> tuple[Merged, ...]:
        """The forms that would change."""
        subjects = {change.subject for change in self.changes}
        return tuple(form for form in self.forms if form.before.subject in subjects)

    def count(self, kind: RowChange) -> int:
        return sum(change.kind is kind for change in self.changes)


def plan_forms(read: ReadForms, pages: Mapping[str, FormPage], year: int) -> FormsPlan:
    """What the sheets of a file would change in the forms of a filing."""
    if read.is_refused:
        return FormsPlan(findings=read.findings)
    forms = tuple(merge(sheet, pages[sheet.subject]) for sheet in read.sheets)
    findings = [*read.findings, *(finding for form in forms for finding in form.findings)]
    changes = tuple(change for form in forms for change in _changes(form, year))
    plan = FormsPlan(tuple(findings), changes, forms)
    warnings = tuple(finding for form in plan.changed for finding in _warnings(form))
    return replace(plan, findings=plan.findings + warnings)


def _warnings(form: Merged) -> Iterator[Finding]:
    """What a person should know before a file changes a form."""
    name = form.before.name
    if is_stale(form.sheet, form.before):
        message = f"“{name}”在下载之后有过修改。"
        yield misplaced("IM-210", form.sheet.place("B4"), message)
    is_empty = not form.sheet.lines and all(value.is_empty for value in form.sheet.values)
    if form.before.declaration is not None and is_empty:
        message = f"“{name}”的表已清空，导入会删去已填报的全部内容。"
        yield misplaced("IM-213", form.sheet.place("A1"), message)


def _changes(form: Merged, year: int) -> Iterator[FormChange]:
    for section in sections_of(form.before.form, year):
        slots = {c.key: c for line in section.lines for c in line.cells if isinstance(c, Slot)}
        for value in form.sheet.values:
            if value.key in slots:
                yield from _of_value(form, slots[value.key], value.cell)
        for table in section.tables:
            if table.key in form.sheet.tables:
                yield from _of_table(form, table)


def _whose(form: Merged) -> tuple[str, str]:
    return form.before.subject, form.before.name


def _of_value(form: Merged, slot: Slot, cell: str) -> Iterator[FormChange]:
    before, after = (_shown(value_of(page, slot.key), slot) for page in (form.before, form.after))
    if before == after:
        return
    kind = RowChange.ADDED if not before else RowChange.CHANGED if after else RowChange.REMOVED
    place = form.sheet.place(cell).label
    yield FormChange(
        kind, *_whose(form), slot.label, place, (Difference(slot.label, before, after),)
    )


def _of_table(form: Merged, table: Table) -> Iterator[FormChange]:
    before = {row.key: row for row in rows_of(form.before, table.key)}
    after = rows_of(form.after, table.key)
    was = form.was.get(table.key, {})
    for row in after:
        old = before.get(was.get(row.key, ""))
        found = _differences(table, old, row)
        if found or old is None:
            kind = RowChange.CHANGED if old else RowChange.ADDED
            yield _row_change(form, table, kind, row, found)
    stays = [was[row.key] for row in after if row.key in was]
    for key, row in before.items():
        if key not in stays:
            yield _row_change(form, table, RowChange.REMOVED, row, _differences(table, row, None))
    kept_order = [key for key in before if key in stays]
    if stays != kept_order:
        found = (Difference("顺序", "、".join(kept_order), "、".join(stays)),)
        yield FormChange(
            RowChange.CHANGED, *_whose(form), f"{table.word}的顺序", form.sheet.title, found
        )


def _row_change(
    form: Merged, table: Table, kind: RowChange, row: PageRow, found: tuple[Difference, ...]
) -> FormChange:
    line = form.places.get((table.key, row.key)) if kind is not RowChange.REMOVED else None
    place = form.sheet.place(f"A{line.line}").label if line else "文件中没有"
    name = row.values.get("name") or row.values.get("content") or row.values.get("text") or ""
    label = f"{table.word} {row.key} {name}".strip()
    return FormChange(kind, *_whose(form), label, place, found)


def _differences(
    table: Table, before: PageRow | None, after: PageRow | None
) -> tuple[Difference, ...]:
    found = []
    for slot in table.columns:
        pair = [_shown(row.values.get(slot.key) if row else None, slot) for row in (before, after)]
        if pair[0] != pair[1]:
            found.append(Difference(slot.label, *pair))
    return tuple(found)


def _shown(value: Value, slot: Slot) -> str:
    """A value as people read it; money in yuan."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:,.2f} 元" if slot.holds is Holds.AMOUNT else plain(value)
    return slot.label_of(str(value))
