"""What the pages of a workbook show: cells with their state, findings with links, progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Protocol

from budgets.checks import check_book, check_lists, network_of, resolve
from budgets.forms import SheetForm, figure_text
from budgets.grid import Grid, Slot, grid_of
from budgets.list_columns import column_at, columns_of
from budgets.lists import lists_of
from budgets.models import Cell, Workbook
from budgets.saving import Conflict, SaveResult
from budgets.snapshots import code_names, projects_of, workbook_snapshot
from budgets.workbook import BudgetLists, Provenance, WorkbookSnapshot
from rulebook.addresses import CellRef, RowRef, cell_of, row_of
from rulebook.amounts import Interval, MoneyUnit
from rulebook.checks import Figures, amount_text
from rulebook.findings import Figure, Finding, Severity
from rulebook.layouts import ListLayout, SheetLayout, WorkbookLayout, load_layout
from rulebook.network import Network, code_rows_of

LinkTo = Callable[[CellRef], str]
LinkToRow = Callable[[RowRef], str]


@dataclass(frozen=True, slots=True)
class BookView:
    """One unit's book read once, with its figures and findings."""

    workbook: Workbook
    book: WorkbookSnapshot
    layout: WorkbookLayout
    network: Network
    figures: Mapping[CellRef, Interval]
    names: dict[str, str]
    findings: tuple[Finding, ...]
    cells: Mapping[CellRef, Cell]
    lists: BudgetLists

    def rows_of(self, sheet: SheetLayout) -> list[str]:
        """The code rows in use on a sheet and those suggested from last year, with parents."""
        used = {(cell.sheet, cell.row) for cell in self.book.cells}
        used |= {(ref.sheet, ref.row) for ref, cell in self.cells.items() if is_suggested(cell)}
        return list(dict(code_rows_of(self.layout, used))[sheet.key])

    def findings_of(self, sheet: SheetLayout) -> list[Finding]:
        """The findings that touch a sheet, in the order of the checks."""
        return [f for f in self.findings if sheet.key in {ref.sheet for ref in refs_of(f)}]

    def findings_of_list(self, key: str) -> list[Finding]:
        """The findings that touch a list, in the order of the checks."""
        return [f for f in self.findings if key in {row.list_key for row in rows_of(f)}]


def is_suggested(cell: Cell) -> bool:
    """Whether the empty cell stands for a row that was in use last year."""
    return cell.value is None and cell.provenance == Provenance.CARRIED_FORWARD.value


def open_book(workbook: Workbook, *, checked: bool = True) -> BookView:
    """Read a workbook that came ``with_names()`` and its cells, and hold the checks against it.

    Not ``checked`` for what asks only about edits: the findings are left out.
    """
    filing = workbook.filing
    book = workbook_snapshot(workbook)
    names = code_names(filing.fiscal_year_id)
    figures = resolve(book)
    has_lists = load_layout(book.layout).lists
    lists = lists_of(filing, workbook.unit) if checked and has_lists else BudgetLists()
    findings = _findings(workbook, book, names, figures, lists) if checked else ()
    return BookView(
        workbook=workbook,
        book=book,
        layout=load_layout(book.layout),
        network=network_of(book),
        figures=figures,
        names=names,
        findings=findings,
        cells={CellRef(c.sheet, c.row, c.column): c for c in workbook.cells.all()},
        lists=lists,
    )


def _findings(
    workbook: Workbook,
    book: WorkbookSnapshot,
    names: dict[str, str],
    figures: Figures,
    lists: BudgetLists,
) -> tuple[Finding, ...]:
    filing = workbook.filing
    projects = [p for p in projects_of(filing) if p.book == book.book]
    year = filing.fiscal_year_id
    found = check_book(book, projects, names, fiscal_year=year, figures=figures)
    return (*found, *check_lists(book, lists, names, figures=figures))


def refs_of(finding: Finding) -> list[CellRef]:
    """The cells among a finding's places."""
    return [found[1] for place in finding.places if (found := cell_of(place))]


def rows_of(finding: Finding) -> list[RowRef]:
    """The rows of lists among a finding's places."""
    return [found for place in finding.places if (found := row_of(place))]


def _first_page(finding: Finding) -> str:
    """The sheet or list of a finding's first place that has one."""
    for place in finding.places:
        if (cell := cell_of(place)) is not None:
            return cell[1].sheet
        if (row := row_of(place)) is not None:
            return row.list_key
    return ""


@dataclass(frozen=True, slots=True)
class SheetState:
    """One line of the list of sheets: the findings that touch it, and whether any is an error.

    ``is_wrong`` is true where an error says to look first. A list of records counts as a table.
    """

    key: str
    name: str
    title: str
    is_filled: bool
    findings: int
    has_error: bool
    is_wrong: bool
    is_list: bool = False


def sheet_states(view: BookView) -> list[SheetState]:
    """The sheets and lists of a book: those with a number first, lists the last of them."""
    filled = {ref.sheet for ref in view.figures}
    wrong = {_first_page(f) for f in view.findings if f.severity is Severity.ERROR}
    sheets = [
        _state(sheet, view.findings_of(sheet), wrong, is_filled=sheet.key in filled)
        for sheet in view.layout.sheets
    ]
    lists = [
        _state(
            each,
            view.findings_of_list(each.key),
            wrong,
            is_filled=bool(getattr(view.lists, each.key)),
            is_list=True,
        )
        for each in view.layout.lists
    ]
    if not lists:
        return sheets
    numbered = {sheet.key for sheet in view.layout.sheets if sheet.number}
    first = [state for state in sheets if state.key in numbered]
    return first + lists + [state for state in sheets if state.key not in numbered]


def _state(
    table: SheetLayout | ListLayout,
    found: list[Finding],
    wrong: set[str],
    *,
    is_filled: bool,
    is_list: bool = False,
) -> SheetState:
    return SheetState(
        key=table.key,
        name=table.number or "附表",
        title=table.title,
        is_filled=is_filled,
        findings=len(found),
        has_error=any(finding.severity is Severity.ERROR for finding in found),
        is_wrong=table.key in wrong,
        is_list=is_list,
    )


def progress_words(states: Iterable[SheetState]) -> str:
    """12 张表已填 9 张，2 张有误"""
    known = list(states)
    filled = sum(1 for state in known if state.is_filled)
    wrong = sum(1 for state in known if state.is_wrong)
    return f"{len(known)} 张表已填 {filled} 张，{wrong} 张有误"


@dataclass(frozen=True, slots=True)
class ShownPlace:
    label: str
    link: str


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding for people: both values and the difference in words, its cells as links."""

    check_id: str
    severity: Severity
    title: str
    message: str
    hint: str
    label: str
    identity: str
    link: str = ""
    address: str = ""
    places: tuple[ShownPlace, ...] = ()
    left: str = ""
    right: str = ""
    difference: str = ""


def _words(value: Figure, kind: str, finding: Finding) -> str:
    """A value in words, in the unit that suits both values of the finding."""
    if value is None or isinstance(value, str):
        return value or ""
    both = [v for v in (finding.left, finding.right) if isinstance(v, Decimal)]
    return amount_text(value, kind, both)


class Named(Protocol):
    """A view of a book as far as its findings need it."""

    @property
    def layout(self) -> WorkbookLayout: ...
    @property
    def names(self) -> dict[str, str]: ...


def show_finding(
    finding: Finding, view: Named, link_to: LinkTo, link_to_row: LinkToRow | None = None
) -> ShownFinding:
    """A finding with links to its cells and, where there are lists, to their rows."""
    refs = refs_of(finding)
    kind = view.layout.sheet(refs[0].sheet).kind_of(refs[0].row) if refs else "money"
    places = tuple(_shown_places(finding, view, link_to, link_to_row))
    return ShownFinding(
        check_id=finding.check_id,
        severity=finding.severity,
        title=finding.title,
        message=finding.message,
        hint=finding.hint,
        label=finding.label,
        identity=finding.identity,
        link=places[0].link if places else "",
        address=finding.places[0] if finding.places else "",
        places=places,
        left=_words(finding.left, kind, finding),
        right=_words(finding.right, kind, finding),
        difference=_words(finding.difference, kind, finding),
    )


def _shown_places(
    finding: Finding, view: Named, link_to: LinkTo, link_to_row: LinkToRow | None
) -> Iterator[ShownPlace]:
    for place in finding.places:
        if (cell := cell_of(place)) is not None:
            yield ShownPlace(view.layout.label_of(cell[1], view.names), link_to(cell[1]))
        elif link_to_row is not None and (row := row_of(place)) is not None:
            yield ShownPlace(row_label(view.layout, row), link_to_row(row))


def row_label(layout: WorkbookLayout, row: RowRef) -> str:
    """预算11表第 3 行 采购金额合计, 预算10表 42010323118T000000001 合计."""
    found = layout.list_named(row.list_key)
    column = column_at(columns_of(found), row.field)
    where = f"{found.name}第 {row.row} 行" if row.row.isdecimal() else f"{found.name} {row.row}"
    return f"{where} {column.label}" if column else where


@dataclass(frozen=True, slots=True)
class Clash:
    """Both values of a cell someone else changed first; ``stored`` is "<version>|<text>"."""

    who: str
    mine: str
    theirs: str
    stored: str


@dataclass(frozen=True, slots=True)
class EntryCell:
    """One cell as it is shown. ``original`` is "<version>|<text>" as stored."""

    place: str
    label: str
    text: str
    original: str = ""
    is_derived: bool = False
    is_assumed: bool = False
    findings: tuple[Finding, ...] = ()
    error: str = ""
    conflict: Clash | None = None
    evidence: str = ""
    note: str = ""
    kind: str = "money"

    @property
    def anchor(self) -> str:
        """The id of the cell on its page, to which findings link."""
        return f"cell-{self.place.replace(':', '-')}"

    @property
    def row(self) -> str:
        return self.place.partition(":")[0]

    @property
    def column(self) -> str:
        return self.place.partition(":")[2]


def place_of(ref: CellRef) -> str:
    return f"{ref.row}:{ref.column}"


@dataclass(frozen=True, slots=True)
class ShownSlot:
    slot: Slot
    cell: EntryCell | None = None


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet ready for its template."""

    sheet: SheetLayout
    grid: Grid
    lines: tuple[tuple[ShownSlot, ...], ...]
    rows: tuple[str, ...]
    evidence: tuple[EntryCell, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a person just tried on a sheet, to be shown again beside what is wrong with it."""

    texts: Mapping[CellRef, str]
    errors: Mapping[CellRef, str]
    conflicts: Mapping[CellRef, Conflict]
    rows: tuple[str, ...] = ()
    originals: Mapping[CellRef, str] = field(default_factory=dict)


NOTHING = Attempt({}, {}, {})


def attempt_of(form: SheetForm, saved: Iterable[CellRef] = ()) -> Attempt:
    """A posted form as an attempt; what was saved is shown as stored."""
    done = set(saved)
    texts = {ref: text for ref, text in form.texts.items() if ref not in done}
    return Attempt(texts, dict(form.errors), {}, tuple(form.rows), form.originals)


def with_result(attempt: Attempt, result: SaveResult) -> Attempt:
    """The attempt with what the service refused or found changed by someone else."""
    refused = {ref: finding.message for ref, finding in result.refused}
    conflicts = {conflict.ref: conflict for conflict in result.conflicts}
    return replace(attempt, errors={**attempt.errors, **refused}, conflicts=conflicts)


def sheet_view(
    view: BookView, sheet: SheetLayout, unit: MoneyUnit, attempt: Attempt = NOTHING
) -> SheetView:
    """Lay a sheet out with the stored figures and, over them, what was just attempted."""
    rows = set(view.rows_of(sheet)) | set(attempt.rows)
    if sheet.codes:
        rows = set(sheet.codes.with_ancestors(rows)) if not sheet.codes.listed else rows
    grid = grid_of(sheet, rows, view.names)
    touching: dict[CellRef, list[Finding]] = {}
    for finding in view.findings:
        for ref in refs_of(finding):
            touching.setdefault(ref, []).append(finding)
    cells = _Cells(view, sheet, unit, attempt, touching)
    lines = tuple(
        tuple(ShownSlot(slot, cells.cell(slot.ref) if slot.ref else None) for slot in line)
        for line in grid.lines
    )
    kept = tuple(s.cell for line in lines for s in line if s.cell and s.cell.evidence)
    return SheetView(sheet, grid, lines, tuple(sorted(rows)), kept)


@dataclass(frozen=True, slots=True)
class _Cells:
    view: BookView
    sheet: SheetLayout
    unit: MoneyUnit
    attempt: Attempt
    touching: Mapping[CellRef, list[Finding]]

    def _text(self, value: Decimal | None, ref: CellRef) -> str:
        return figure_text(value, self.unit, self.sheet.kind_of(ref.row))

    def is_derived(self, ref: CellRef) -> bool:
        """Computed cells, those of a row that is only about to be added included."""
        if self.view.network.is_derived(ref):
            return True
        if not self.sheet.is_code_row(ref.row):
            return False
        block = self.sheet.codes
        outer = block is not None and len(ref.row) != block.entry_length
        totals = {total.column for total in self.sheet.row_totals}
        return outer or ref.column in totals

    def cell(self, ref: CellRef) -> EntryCell:
        stored, figure = self.view.cells.get(ref), self.view.figures.get(ref)
        conflict = self.attempt.conflicts.get(ref)
        text = self._text(None if figure is None else figure.value, ref)
        shown = f"{stored.version if stored else 0}|{text}"
        tried = ref in self.attempt.texts
        provenance = stored.provenance if stored else ""
        return EntryCell(
            place=place_of(ref),
            label=self.view.layout.label_of(ref, self.view.names),
            text=self.attempt.texts.get(ref, text),
            original=self.attempt.originals.get(ref, shown) if tried else shown,
            is_derived=self.is_derived(ref),
            is_assumed=provenance == Provenance.ASSUMED.value,
            findings=tuple(self.touching.get(ref, ())),
            error=self.attempt.errors.get(ref, ""),
            conflict=self._clash(conflict, ref) if conflict else None,
            note=stored.note if stored else "",
            evidence=self._text(stored.evidence if stored else None, ref),
            kind=self.sheet.kind_of(ref.row),
        )

    def _clash(self, conflict: Conflict, ref: CellRef) -> Clash:
        theirs = self._text(conflict.theirs, ref)
        return Clash(
            who=conflict.changed_by or "同事",
            mine=self._text(conflict.mine, ref) or "空",
            theirs=theirs or "空",
            stored=f"{conflict.version}|{theirs}",
        )
