"""PURE: a filled template against the book: what an import would change, before it does.

Three states are held against each other: the book when the template was downloaded (``base``), the
book now, and the file. A figure the person did not touch never undoes what a colleague entered
meanwhile; a computed cell the person did not touch is no evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from budgets.checks import resolve
from budgets.entry import CellEdit, network_with, refusal, with_edits
from budgets.excel.found import Place, ReadBook
from budgets.excel.understanding import UnderstoodSheet
from budgets.list_comparison import ListPlan
from budgets.problems import problem
from budgets.workbook import WorkbookSnapshot
from rulebook.addresses import CellRef
from rulebook.amounts import Interval, MoneyUnit
from rulebook.checks import amount_text
from rulebook.findings import Finding, Severity
from rulebook.network import Network


class ChangeKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    CLEARED = "cleared"
    EVIDENCE = "evidence"
    RELEASED = "released"

    @property
    def label(self) -> str:
        return {
            "added": "新增",
            "changed": "修改",
            "cleared": "清空",
            "evidence": "合计不符，留作依据",
            "released": "合计已相符，不再保留导入的合计",
        }[self.value]


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One line of the preview; values in yuan or counts."""

    kind: ChangeKind
    label: str
    place: str
    before: Decimal | None
    after: Decimal | None
    is_money: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. Nothing of it happens while a finding is an error."""

    edits: tuple[CellEdit, ...] = ()
    changes: tuple[PlannedChange, ...] = ()
    unchanged: int = 0
    findings: tuple[Finding, ...] = ()
    understood: tuple[UnderstoodSheet, ...] = ()
    lists: ListPlan = field(default_factory=ListPlan)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to write."""
        return not self.edits and not self.lists.changes

    def with_lists(self, lists: ListPlan) -> Plan:
        """The plan of the cells together with that of the lists."""
        return replace(self, lists=lists, findings=(*self.findings, *lists.findings))

    @property
    def is_refused(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    def count(self, kind: ChangeKind) -> int:
        return sum(1 for change in self.changes if change.kind is kind)


@dataclass(slots=True)
class _Comparison:
    read: ReadBook
    now: WorkbookSnapshot
    base: Mapping[CellRef, Decimal]
    names: Mapping[str, str]
    network: Network
    current: Mapping[CellRef, Decimal]
    derived_before: Mapping[CellRef, Decimal]
    edits: list[CellEdit] = field(default_factory=list)
    changes: list[PlannedChange] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unchanged: int = 0

    def label(self, ref: CellRef) -> str:
        return self.network.layout.label_of(ref, dict(self.names))

    def place(self, ref: CellRef) -> str:
        place = self.read.places.get(ref)
        return place.label if place else ""

    def entered(self, edit: CellEdit) -> None:
        before, base = self.current.get(edit.ref), self.base.get(edit.ref)
        if edit.value in (before, base):
            self.unchanged += edit.value is not None
            return
        if (reason := refusal(self.now, edit, self.network, self.names)) is not None:
            self.findings.append(self._placed(reason, edit.ref))
            return
        if before != base:
            self._crossed(edit, before)
        kind = ChangeKind.CHANGED if before is not None else ChangeKind.ADDED
        self._plan(ChangeKind.CLEARED if edit.value is None else kind, edit, before)

    def _plan(self, kind: ChangeKind, edit: CellEdit, before: Decimal | None) -> None:
        self.edits.append(edit)
        line = PlannedChange(
            kind,
            self.label(edit.ref),
            self.place(edit.ref),
            before,
            edit.value,
            is_money=bool(edit.unit),
        )
        self.changes.append(line)

    def _placed(self, finding: Finding, ref: CellRef) -> Finding:
        place = self.read.places.get(ref) or Place("", "")
        return problem(
            finding.check_id,
            f"{place.label}：{finding.message}",
            label=place.label,
            places=(place.address,),
            left=finding.left,
            right=finding.right,
        )

    def _crossed(self, edit: CellEdit, theirs: Decimal | None) -> None:
        kind = self.network.layout.sheet(edit.ref.sheet).kind_of(edit.ref.row)
        message = (
            f"{self.place(edit.ref)}（{self.label(edit.ref)}）：文件中是"
            f" {amount_text(edit.value, kind)}，系统中现为 {amount_text(theirs, kind)}。"
        )
        found = problem("IM-143", message, left=edit.value, right=theirs)
        place = self.read.places.get(edit.ref)
        self.findings.append(
            replace(found, label=place.label, places=(place.address,)) if place else found
        )

    def _rounds_to(self, edit: CellEdit, figure: Interval | None) -> bool:
        """Whether a printed total is the computed one but for the rounding of its parts."""
        if not self.read.is_printed or figure is None or edit.value is None or not edit.unit:
            return False
        unit = MoneyUnit.from_code(edit.unit)
        return Interval.declared(edit.value, unit, edit.decimals).can_equal(figure)

    def derived(self, edit: CellEdit, figure: Interval | None, kept: Decimal | None) -> None:
        computed = figure.value if figure else None
        untouched = edit.value == self.derived_before.get(edit.ref) or (
            kept is None and self._rounds_to(edit, figure)
        )
        if edit.value is None or (untouched and kept is None):
            return
        if self._stands_alone(edit.ref):
            self._without_items(edit)
        elif edit.value == computed and kept is not None:
            self._plan(ChangeKind.RELEASED, edit, kept)
        elif edit.value not in (computed, kept) and not untouched:
            self._plan(ChangeKind.EVIDENCE, edit, computed)
            self._disagrees(edit, computed)

    def _stands_alone(self, ref: CellRef) -> bool:
        """A 类 or 款 with an amount and no 项 below it."""
        block = self.network.layout.sheet(ref.sheet).codes
        if block is None or block.listed or not block.is_code(ref.row):
            return False
        below = {edit.row for edit in self.read.edits if edit.sheet == ref.sheet}
        is_outer = len(ref.row) != block.entry_length
        return is_outer and not any(r != ref.row and r.startswith(ref.row) for r in below)

    def _without_items(self, edit: CellEdit) -> None:
        message = f"{edit.ref.row} 不是明细科目，下面也没有明细。"
        found = problem("IM-133", message, left=edit.ref.row)
        self.findings.append(self._placed(found, edit.ref))

    def _disagrees(self, edit: CellEdit, computed: Decimal | None) -> None:
        kind = self.network.layout.sheet(edit.ref.sheet).kind_of(edit.ref.row)
        message = (
            f"{self.place(edit.ref)}（{self.label(edit.ref)}）：文件中是"
            f" {amount_text(edit.value, kind)}，按明细计算为 {amount_text(computed, kind)}。"
        )
        place = self.read.places[edit.ref]
        self.findings.append(
            problem(
                "IM-141",
                message,
                label=place.label,
                places=(place.address,),
                left=edit.value,
                right=computed,
            )
        )


def _values(book: WorkbookSnapshot) -> dict[CellRef, Decimal]:
    return {cell.ref: cell.value for cell in book.cells if cell.value is not None}


def _missing_rows(
    read: ReadBook, base: Mapping[CellRef, Decimal], network: Network
) -> Iterator[CellEdit]:
    """Cells of code rows that stood in the template and are gone from the file: to be emptied."""
    for ref in sorted(set(base) - set(read.edits)):
        if network.layout.has_cell(ref) and not network.is_derived(ref):
            kind = network.layout.sheet(ref.sheet).kind_of(ref.row)
            yield CellEdit(ref, None, unit="yuan" if kind == "money" else "")


def compare(
    read: ReadBook, now: WorkbookSnapshot, base: WorkbookSnapshot, names: Mapping[str, str]
) -> Plan:
    """The plan of an import; the file's own findings come first and stop it when errors."""
    if read.is_refused:
        return Plan(findings=tuple(read.findings), understood=tuple(read.understood))
    edits = list(read.edits.values())
    network = network_with(now, [edit for edit in edits if edit.value is not None])
    before = {} if read.is_printed else {r: f.value for r, f in resolve(base).items()}
    comparison = _Comparison(read, now, _values(base), names, network, _values(now), before)
    gone = () if read.is_printed else _missing_rows(read, comparison.base, network)
    for edit in (*edits, *gone):
        if not network.is_derived(edit.ref):
            comparison.entered(edit)
    after = resolve(with_edits(now, comparison.edits))
    kept = {cell.ref: cell.evidence for cell in now.cells}
    for edit in edits:
        if network.is_derived(edit.ref):
            comparison.derived(edit, after.get(edit.ref), kept.get(edit.ref))
    return Plan(
        edits=tuple(comparison.edits),
        changes=tuple(comparison.changes),
        unchanged=comparison.unchanged,
        findings=(*read.findings, *comparison.findings),
        understood=tuple(read.understood),
    )
