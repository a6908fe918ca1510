"""PURE: what a form prints from records: the year's money, a project's budget, names, the score.

A form edition names the source of a row or field (``funds.appropriation``, ``project.budget``,
``subject.name``); which cells a source adds up is data, ``rulebook/data/forms/sources.toml``.
Every figure carries the addresses it came from, so that nothing is typed a second time. Screens,
paper and workbooks all take from here what nobody types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from itertools import chain

from budgets.aggregate import department_book
from budgets.checks import resolve
from budgets.workbook import (
    ProjectBudget,
    ProjectFrequency,
    ProjectKind,
    ProjectSnapshot,
    WorkbookSnapshot,
    total_interval,
)
from performance.evaluation import DEPARTMENT, is_overall, unit_of_subject
from performance.scoring.scorecard import Scorecard
from rulebook.addresses import (
    CellRef,
    cell_address,
    evaluation_address,
    project_budget_address,
)
from rulebook.amounts import Interval, MoneyUnit, half_up_2
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
SCORE_TOTAL = "score.total"
"""The source of a field with the total score."""

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
    projects: tuple[ProjectSnapshot, ...] = ()

    def project(self, code: str) -> ProjectBudget | None:
        return next((row for row in self.project_budgets if row.code == code), None)

    def figures(self, subject: str) -> Mapping[CellRef, Interval]:
        """The figures of a subject's book: the department's is the sum of its units'."""
        if subject not in self._resolved:
            self._resolved[subject] = self._resolve(subject)
        return self._resolved[subject]

    @cached_property
    def _resolved(self) -> dict[str, Mapping[CellRef, Interval]]:
        return {}

    def _resolve(self, subject: str) -> Mapping[CellRef, Interval]:
        if self.books and subject == DEPARTMENT:
            whole = department_book(self.books, self.department_code, self.department_name)
            return resolve(whole)
        unit = unit_of_subject(subject)
        return next((resolve(book) for book in self.books if unit == book.book), {})

    def book_of(self, subject: str) -> str:
        """The code in the addresses of a subject's cells."""
        return unit_of_subject(subject) or self.department_code

    def unit_name(self, code: str) -> str:
        return next((book.name for book in self.books if book.book == code), "")

    def name_of(self, subject: str) -> str:
        """The department's, the unit's or the project's, empty where no record has it."""
        if subject == DEPARTMENT:
            return self.department_name
        if unit := unit_of_subject(subject):
            return self.unit_name(unit)
        project = self._registered(subject)
        return project.name if project else ""

    def holders_of(self, subject: str) -> str:
        """The unit a form is of or its project belongs to; all units where none is known."""
        project = self._registered(subject)
        unit = unit_of_subject(subject) or (project.book if project else "")
        return self.unit_name(unit) or "、".join(book.name for book in self.books)

    def _registered(self, code: str) -> ProjectSnapshot | ProjectBudget | None:
        known = chain[ProjectSnapshot | ProjectBudget](self.projects, self.project_budgets)
        return next((each for each in known if each.code == code), None)


@dataclass(frozen=True, slots=True)
class FormFigures:
    """What records give to one form of one subject: ``amounts`` to the cells of its blocks,
    ``sums`` and ``texts`` to its fields by their keys."""

    amounts: Mapping[Place, RecordFigure] = field(default_factory=dict)
    sums: Mapping[str, RecordFigure] = field(default_factory=dict)
    texts: Mapping[str, RecordText] = field(default_factory=dict)
    projects: tuple[ProjectLine, ...] = ()

    def amount(self, block: str, row: str, column: str) -> Interval | None:
        """A figure of the form; None where the records hold none."""
        found = self.amounts.get((block, row, column))
        return None if found is None else found.amount

    def text(self, key: str) -> str:
        """What the records say in a field, empty where they say nothing."""
        found = self.texts.get(key)
        return found.text if found else ""


def frequency_word(form: FormEdition, frequency: ProjectFrequency) -> str:
    """What a form calls the frequency of a project: its own word, or the usual one."""
    own = (choice.label for choice in form.frequencies if choice.key == frequency.value)
    return next(own, frequency.label)


def form_figures(
    form: FormEdition,
    subject: str,
    records: FilingRecords,
    card: Scorecard | None = None,
    title: str = "",
) -> FormFigures:
    """Everything the records say of a form; a source nobody filled is left out.

    ``card`` is the score of a self-evaluation, ``title`` what it calls a project that is in no
    register.
    """
    amounts: dict[Place, RecordFigure] = {}
    for block in (*form.blocks_of(BlockKind.MONEY), *form.blocks_of(BlockKind.SOURCES)):
        amounts |= dict(_of_block(block, subject, records))
    return FormFigures(
        amounts,
        dict(_sums(form, subject, records)),
        dict(_texts(form, subject, records, card, title)),
        _lines(form, subject, records),
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
    cells = records.figures(subject)
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


def _sums(
    form: FormEdition, subject: str, records: FilingRecords
) -> Iterator[tuple[str, RecordFigure]]:
    """The fields whose source is a sum of cells."""
    for each in form.fields():
        figure = _figure(each.source, THIS_YEAR, subject, records) if each.source else None
        if figure is not None:
            yield each.key, figure


def _texts(
    form: FormEdition, subject: str, records: FilingRecords, card: Scorecard | None, title: str
) -> Iterator[tuple[str, RecordText]]:
    for each in form.fields():
        if each.source:
            text = _text(each.source, subject, records, card, title)
            if text.text:
                yield each.key, text


def _text(
    source: str, subject: str, records: FilingRecords, card: Scorecard | None, title: str
) -> RecordText:
    match source:
        case "subject.name":
            return RecordText(records.name_of(subject) or title)
        case "project.name":
            place = project_budget_address(subject, "name")
            return RecordText(records.name_of(subject) or title, place)
        case "project.code":
            return RecordText(subject, project_budget_address(subject, "code"))
        case "department.name":
            return RecordText(records.department_name)
        case "unit.name":
            return RecordText(records.holders_of(subject))
        case "filing.fiscal_year":
            return RecordText(str(records.fiscal_year))
        case _ if source == SCORE_TOTAL and card and card.total is not None:
            return RecordText(f"{half_up_2(card.total)}", _points_of(subject))
        case "score.grade" if card:
            return RecordText(card.grade or "", _points_of(subject))
    return RecordText("")


def _points_of(subject: str) -> str:
    return evaluation_address(subject, "total", "points")


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
