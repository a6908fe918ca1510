"""PURE: what a form prints from records: this year's money, a project's budget, names.

A form edition names the source of a row or field (``funds.appropriation``, ``project.budget``,
``subject.name``); which cells a source adds up is data, ``rulebook/data/forms/sources.toml``.
Every figure carries the addresses it came from, so that nothing is typed a second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property

from budgets.aggregate import department_book
from budgets.checks import resolve
from budgets.workbook import (
    ProjectBudget,
    ProjectFrequency,
    ProjectKind,
    WorkbookSnapshot,
    total_interval,
)
from performance.evaluation import DEPARTMENT, is_overall, unit_of_subject
from rulebook.addresses import CellRef, cell_address, project_budget_address
from rulebook.amounts import Interval, MoneyUnit, rate
from rulebook.editions import DATA, read_toml
from rulebook.forms import FAMILY, BlockKind, FormBlock, FormEdition

AMOUNT = "amount"
"""The column of a block of sources, which has one amount a row."""
THIS_YEAR = "this_year"
LAST_YEAR, TWO_YEARS_BEFORE = "last_year", "two_years_before"
STATED = frozenset({LAST_YEAR, TWO_YEARS_BEFORE})
"""Columns where a figure stated on the form stands before that of the records: what its units
file of earlier years need not be what the department had (PT-217 names both)."""
_PROJECT_BUDGET = "project.budget"
_TOTAL_BUDGET = "total_budget"

Place = tuple[str, str, str]
"""Block, row and column of a form."""


@dataclass(frozen=True, slots=True)
class RecordFigure:
    """An amount in yuan from records, as they were declared, with the addresses it came from."""

    amount: Interval
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordText:
    """A name or code from a record with its address, empty where it has none."""

    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A row of the block of projects; ``budget`` is the year's, over all sources."""

    code: str
    name: str
    kind: ProjectKind
    frequency: ProjectFrequency
    total_budget: Interval | None
    budget: Interval | None
    main_use: str
    place: str


@dataclass(frozen=True)
class FilingRecords:
    """The records of one filing that its forms print from."""

    fiscal_year: int
    department_code: str
    department_name: str
    books: tuple[WorkbookSnapshot, ...] = ()
    project_budgets: tuple[ProjectBudget, ...] = ()
    project_names: Mapping[str, str] = field(default_factory=dict)

    def project(self, code: str) -> ProjectBudget | None:
        return next((row for row in self.project_budgets if row.code == code), None)

    @cached_property
    def figures(self) -> Mapping[str, Mapping[CellRef, Interval]]:
        """Subject → figures of its book: the department's is the sum of its units'."""
        found = {f"unit-{book.book}": resolve(book) for book in self.books}
        if self.books:
            whole = department_book(self.books, self.department_code, self.department_name)
            found[DEPARTMENT] = resolve(whole)
        return found

    def book_of(self, subject: str) -> str:
        """The code in the addresses of a subject's cells."""
        return unit_of_subject(subject) or self.department_code

    def unit_name(self, code: str) -> str:
        return next((book.name for book in self.books if book.book == code), "")


@dataclass(frozen=True, slots=True)
class FormFigures:
    """What records give to one form of one subject."""

    amounts: Mapping[Place, RecordFigure] = field(default_factory=dict)
    texts: Mapping[str, RecordText] = field(default_factory=dict)
    projects: tuple[ProjectLine, ...] = ()

    def amount(self, block: str, row: str, column: str) -> Interval | None:
        """A figure of the form; None where the records hold none."""
        found = self.amounts.get((block, row, column))
        return None if found is None else found.amount

    def share(self, block: str, row: str, total: str = "total") -> Decimal | None:
        """A row's share of this year's total in per cent, unrounded."""
        part, whole = (self.amount(block, key, THIS_YEAR) for key in (row, total))
        return None if part is None or whole is None else rate(part.value, whole.value)


def frequency_word(form: FormEdition, frequency: ProjectFrequency) -> str:
    """What a form calls the frequency of a project: its own word, or the usual one."""
    own = (choice.label for choice in form.frequencies if choice.key == frequency.value)
    return next(own, frequency.label)


def form_figures(form: FormEdition, subject: str, records: FilingRecords) -> FormFigures:
    """Everything the records say of a form; a source nobody filled is left out."""
    amounts: dict[Place, RecordFigure] = {}
    for block in (*form.blocks_of(BlockKind.MONEY), *form.blocks_of(BlockKind.SOURCES)):
        amounts |= dict(_of_block(block, subject, records))
    return FormFigures(
        amounts, dict(_texts(form, subject, records)), _lines(form, subject, records)
    )


def _of_block(
    block: FormBlock, subject: str, records: FilingRecords
) -> Iterator[tuple[Place, RecordFigure]]:
    """The rows with a source; a total only where every row above or below it has one."""
    for column in _columns(block):
        rows = {
            row.key: _figure(row.source, column, subject, records)
            for row in block.rows
            if row.source
        }
        found = {key: figure for key, figure in rows.items() if figure is not None}
        yield from (((block.key, key, column), figure) for key, figure in found.items())
        parts = [row for row in block.rows if not row.is_total]
        if found and all(row.source for row in parts):
            total = _added(list(found.values()))
            yield from (((block.key, row.key, column), total) for row in block.rows if row.is_total)
    if block.kind is BlockKind.SOURCES and any(row.key == _TOTAL_BUDGET for row in block.rows):
        yield from _total_budget(block, subject, records)


def _columns(block: FormBlock) -> tuple[str, ...]:
    if block.kind is BlockKind.SOURCES:
        return (AMOUNT,)
    return tuple(column for column in _source_data()[0] if block.has_column(column))


def _added(parts: list[RecordFigure]) -> RecordFigure:
    amount = parts[0].amount
    for part in parts[1:]:
        amount = amount.plus(part.amount)
    return RecordFigure(amount, tuple(place for part in parts for place in part.places))


def _figure(source: str, column: str, subject: str, records: FilingRecords) -> RecordFigure | None:
    if source == _PROJECT_BUDGET:
        row = records.project(subject)
        total = row.sum_of() if row is not None and column in (AMOUNT, THIS_YEAR) else None
        if total is None:
            return None
        return RecordFigure(total, (project_budget_address(subject, "total"),))
    cells = records.figures.get(subject, {})
    refs = [ref for ref in _cells(source, column) if ref in cells]
    amount = total_interval(cells[ref] for ref in refs)
    if amount is None:
        return None
    book = records.book_of(subject)
    return RecordFigure(amount, tuple(cell_address(book, ref) for ref in refs))


def _total_budget(
    block: FormBlock, subject: str, records: FilingRecords
) -> Iterator[tuple[Place, RecordFigure]]:
    """项目总预算 of the project's own record, where it says one."""
    row = records.project(subject)
    if row is not None and (total := _declared(row, row.total_budget)) is not None:
        place = project_budget_address(subject, _TOTAL_BUDGET)
        yield (block.key, _TOTAL_BUDGET, AMOUNT), RecordFigure(total, (place,))


@cache
def _source_data() -> tuple[Mapping[str, str], Mapping[str, tuple[str, ...]]]:
    """(column of a form → column of the cells, source → cells it adds up)."""
    data = read_toml(DATA / FAMILY / "sources.toml")
    return data["columns"], {key: tuple(cells) for key, cells in data["cells"].items()}


def _cells(source: str, column: str) -> Iterator[CellRef]:
    columns, sources = _source_data()
    for cell in sources.get(source, ()):
        sheet, row, *own = cell.split("/")
        if own:
            if column == THIS_YEAR:
                yield CellRef(sheet, row, own[0])
        elif column in columns:
            yield CellRef(sheet, row, columns[column])


def _declared(row: ProjectBudget, amount: Decimal | None) -> Interval | None:
    if amount is None:
        return None
    return Interval.declared(amount, MoneyUnit.from_code(row.unit), row.decimals)


def _texts(
    form: FormEdition, subject: str, records: FilingRecords
) -> Iterator[tuple[str, RecordText]]:
    for each in form.fields():
        if each.source:
            text = _text(each.source, subject, records)
            if text.text:
                yield each.key, text


def _text(source: str, subject: str, records: FilingRecords) -> RecordText:
    project = records.project(subject)
    unit = unit_of_subject(subject) or (project.book if project else "")
    name = records.unit_name(unit) if unit else records.department_name
    if source == "subject.name":
        if is_overall(subject):
            return RecordText(name)
        return RecordText(project.name if project else records.project_names.get(subject, ""))
    if source == "project.name":
        known = project.name if project else records.project_names.get(subject, "")
        return RecordText(known, project_budget_address(subject, "name"))
    if source == "project.code":
        return RecordText(subject, project_budget_address(subject, "code"))
    plain = {
        "department.name": records.department_name,
        "unit.name": name,
        "filing.fiscal_year": str(records.fiscal_year),
    }
    return RecordText(plain.get(source, ""))


def _lines(form: FormEdition, subject: str, records: FilingRecords) -> tuple[ProjectLine, ...]:
    """The projects of a department or of one of its units, where the form has their block."""
    if not form.blocks_of(BlockKind.PROJECTS) or not is_overall(subject):
        return ()
    unit = unit_of_subject(subject)
    return tuple(
        ProjectLine(
            code=row.code,
            name=row.name,
            kind=row.kind,
            frequency=row.frequency,
            total_budget=_declared(row, row.total_budget),
            budget=row.sum_of(),
            main_use=row.main_use,
            place=project_budget_address(row.code, "total"),
        )
        for row in records.project_budgets
        if not unit or row.book == unit
    )
