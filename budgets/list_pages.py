"""What the page of a list shows: its rows with their state, what can be looked up, its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from budgets.list_columns import (
    NEVER_ADDED,
    Kind,
    ListColumn,
    amount_words,
    column_at,
    columns_of,
    text_of,
    values_of,
)
from budgets.list_forms import ListForm
from budgets.list_reading import Choices, Question
from budgets.list_saving import PROJECTS, RowConflict, RowsResult
from budgets.lists import LINES, lines_of, row_of
from budgets.models import (
    ListChange,
    ProcurementItem,
    ProcurementLine,
    Project,
    PurchasedServiceLine,
    ServiceDirectoryEntry,
    Workbook,
)
from budgets.pages import BookView, Clash, rows_of
from budgets.workbook import ListRow, ProjectBudget
from rulebook.amounts import MoneyUnit
from rulebook.findings import Finding
from rulebook.layouts import ListLayout

BLANK_ROWS = 3
MORE_ROWS = 5
DIRECTORY_TIERS = {"directory_tier_one": 1, "directory_tier_two": 3, "directory_tier_three": 5}
"""Column → the length of the codes of its level in the guide directory (A, A01, A0101)."""
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ListCell:
    """One cell as it is shown. ``original`` is "<version>|<text>" as stored."""

    place: str
    column: ListColumn
    label: str
    text: str
    original: str
    anchor: str
    findings: tuple[Finding, ...] = ()
    error: str = ""
    conflict: Clash | None = None
    question: Question | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row; ``after`` names the row a new one follows, ``number`` is empty for a new one."""

    key: str
    number: str
    version: int
    after: str
    cells: tuple[ListCell, ...]
    is_dropped: bool = False

    @property
    def is_new(self) -> bool:
        return not self.key.isdecimal()


@dataclass(frozen=True, slots=True)
class ListAttempt:
    """What a person just tried on a list, to be shown again beside what is wrong with it."""

    texts: Mapping[Place, str] = field(default_factory=dict)
    originals: Mapping[Place, str] = field(default_factory=dict)
    errors: Mapping[Place, str] = field(default_factory=dict)
    questions: Mapping[Place, Question] = field(default_factory=dict)
    answers: Mapping[Place, str] = field(default_factory=dict)
    conflicts: Mapping[Place, RowConflict] = field(default_factory=dict)
    new_rows: Mapping[str, str] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to say."""
        return not (self.errors or self.questions or self.conflicts)


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list ready for its template. ``sheet`` is its layout, ``sums`` those under the columns."""

    sheet: ListLayout
    columns: tuple[ListColumn, ...]
    head: tuple[tuple[HeadCell, ...], ...]
    rows: tuple[ShownRow, ...]
    sums: tuple[tuple[ListColumn, str], ...]
    blank: ShownRow

    def cells(self) -> Iterable[ListCell]:
        """The cells of the stored rows."""
        return (cell for row in self.rows if not row.is_new for cell in row.cells)


@dataclass(frozen=True, slots=True)
class HeadCell:
    text: str
    columns: int = 1
    lines: int = 1
    is_added: bool = False


def head_of(columns: tuple[ListColumn, ...]) -> tuple[tuple[HeadCell, ...], ...]:
    """Two lines of heads, columns of a group under one head."""
    first, second, at = [], [], 0
    while at < len(columns):
        group = columns[at].group
        end = at + 1
        while group and end < len(columns) and columns[end].group == group:
            end += 1
        if group:
            first.append(HeadCell(group, columns=end - at))
            second += [HeadCell(column.label) for column in columns[at:end]]
        else:
            column = columns[at]
            first.append(HeadCell(column.label, lines=2, is_added=column.is_added))
        at = end
    return tuple(first), tuple(second)


def choices_of(view: BookView) -> Choices:
    """What can be looked up in the lists of a unit; five queries."""
    filing, unit = view.workbook.filing, view.workbook.unit
    projects = Project.objects.filter(unit=unit).in_force_in(filing.fiscal_year_id)
    bought = ProcurementLine.objects.filter(filing__department=filing.department_id)
    items = bought.exclude(item_code="").values_list("item_code", "item_name").order_by("pk")
    listed = ProcurementItem.objects.in_force_in(filing.fiscal_year_id)
    written: set[str] = set()
    for model in (ProcurementLine, PurchasedServiceLine):
        rows = model.objects.filter(filing=filing, unit=unit, project=None)
        written.update(rows.values_list("project_name", flat=True))
    return Choices(
        codes=view.names,
        projects=dict(projects.values_list("code", "name")),
        items=dict(items) | dict(listed.values_list("code", "name")),
        written=frozenset(written - {""}),
    )


def suggestions_of(
    view: BookView, layout: ListLayout, choices: Choices
) -> dict[str, list[tuple[str, str]]]:
    """Column → (text, code) to choose from: catalogues, projects, words used before."""
    columns = [column for column in columns_of(layout) if column.has_choices]
    used = _words_used(view, layout, columns)
    here = {cell.row for cell in view.book.cells}
    return {
        column.key: [(words, "") for words in used[column.key]]
        if column.kind is Kind.TEXT
        else _options(column, choices, here)
        for column in columns
    }


def _options(column: ListColumn, choices: Choices, here: set[str]) -> list[tuple[str, str]]:
    """(text, code) to choose from; of codes those in use in the unit's sheets come first."""
    if column.options:
        return [(label, "") for _, label in column.options]
    if column.kind is Kind.FLAG:
        return [("是", ""), ("否", "")]
    found = choices.of(column.kind).items()
    if column.kind is Kind.PROJECT_NAME:
        return [(name, code) for code, name in found]
    if column.kind is Kind.PROJECT:
        known = [(f"{name} {code}", code) for code, name in found]
        return known + [(words, "") for words in sorted(choices.written)]
    codes = sorted(found, key=lambda each: (each[0] not in here, each))
    return [(f"{code} {name}", code) for code, name in codes]


def _words_used(
    view: BookView, layout: ListLayout, columns: Iterable[ListColumn]
) -> dict[str, list[str]]:
    keys = [column.key for column in columns if column.kind is Kind.TEXT]
    if not keys:
        return {}
    lines = LINES[layout.key].objects.filter(filing__department=view.workbook.filing.department_id)
    rows = list(lines.order_by().values_list(*keys).distinct())
    used = {key: {row[at] for row in rows} - {""} for at, key in enumerate(keys)}
    for key, words in _directory(view.workbook.filing.fiscal_year_id, keys).items():
        used[key] |= words
    return {key: sorted(words) for key, words in used.items()}


def _directory(fiscal_year: int, keys: Iterable[str]) -> dict[str, set[str]]:
    """The names of the bureau's guide directory by the column of their level."""
    tiers = {key: length for key, length in DIRECTORY_TIERS.items() if key in keys}
    if not tiers:
        return {}
    entries = list(
        ServiceDirectoryEntry.objects.in_force_in(fiscal_year).values_list("code", "name")
    )
    return {
        key: {name for code, name in entries if len(code) == length}
        for key, length in tiers.items()
    }


def attempt_of(form: ListForm, result: RowsResult | None = None) -> ListAttempt:
    """A posted form as an attempt; what was stored is shown as stored, under its new key.

    Without a ``result`` nothing was to be stored yet.
    """
    is_trial = result is None
    result = result or RowsResult()
    keys = {key: str(pk) for key, pk in result.saved.items()}

    def renamed(place: Place) -> Place:
        return keys.get(place[0], place[0]), place[1]

    first = next(c.key for c in form.columns.values() if not c.is_computed)
    refused = {(key, column or first): f.message for key, column, f in result.refused}
    clashes = {(c.key, c.column): c for c in result.conflicts}
    left = {*form.errors, *form.questions, *refused, *clashes}
    kept = {p for p in form.texts if is_trial or p in left or p[0] not in keys}
    answered = form.answered if is_trial else {}
    questions = form.questions | {p: question for p, (question, _) in answered.items()}
    return ListAttempt(
        texts={renamed(place): form.texts[place] for place in kept},
        originals={p: form.originals[p] for p in kept if p[0].isdecimal() or p[0] not in keys},
        errors={renamed(p): words for p, words in (form.errors | refused).items()},
        questions={renamed(p): question for p, question in questions.items()},
        answers={p: answer for p, (_, answer) in answered.items()},
        conflicts=clashes,
        new_rows={key: after for key, after in form.new_rows.items() if key not in keys},
        dropped=frozenset(form.removals),
    )


def list_page(
    view: BookView,
    layout: ListLayout,
    unit: MoneyUnit,
    attempt: ListAttempt | None = None,
    *,
    blank: int = BLANK_ROWS,
) -> ListPage:
    """Lay a list out with the stored rows and, over them, what was just attempted."""
    columns = columns_of(layout)
    lines = list(lines_of(view.workbook.filing, layout.key, view.workbook.unit))
    maker = _Maker(view, layout, columns, unit, attempt or ListAttempt(), _touching(view, layout))
    rows = [maker.stored(number, line) for number, line in enumerate(lines, 1)]
    rows = maker.with_new(rows, blank)
    values = [row_of(line) for line in lines]
    return ListPage(
        sheet=layout,
        columns=columns,
        head=head_of(columns),
        rows=tuple(rows),
        sums=tuple((column, _sum(column, values, unit)) for column in columns),
        blank=maker.new("__row__", ""),
    )


def _sum(column: ListColumn, rows: Iterable[ListRow], unit: MoneyUnit) -> str:
    """The sum of a column of amounts, empty where nothing is to be added."""
    if column.kind not in {Kind.MONEY, Kind.TOTAL} or column.key == NEVER_ADDED:
        return ""
    found = [value for row in rows for value in values_of(column, row).values()]
    amounts = [value for value in found if isinstance(value, Decimal)]
    return amount_words(sum(amounts, Decimal(0)), unit) if amounts else ""


def _touching(view: BookView, layout: ListLayout) -> dict[Place, list[Finding]]:
    """(row, column) → the findings there; the row as addresses name it."""
    columns, touching = columns_of(layout), dict[Place, list[Finding]]()
    for finding in view.findings:
        for row in rows_of(finding):
            if row.list_key == layout.key:
                column = column_at(columns, row.field) or columns[0]
                touching.setdefault((row.row, column.key), []).append(finding)
    return touching


@dataclass(frozen=True, slots=True)
class _Maker:
    view: BookView
    layout: ListLayout
    columns: tuple[ListColumn, ...]
    unit: MoneyUnit
    attempt: ListAttempt
    touching: Mapping[Place, list[Finding]]

    def stored(self, number: int, line: Any) -> ShownRow:
        row = row_of(line)
        name = row.code if isinstance(row, ProjectBudget) else str(row.number)
        cells = []
        for column in self.columns:
            values = values_of(column, row)
            text = self._fixed(column) or text_of(column, values, self.view.names, self.unit)
            found = tuple(self.touching.get((name, column.key), ()))
            cells.append(self._cell(str(line.pk), name, column, text, line.version, found))
        dropped = str(line.pk) in self.attempt.dropped
        return ShownRow(str(line.pk), str(number), line.version, "", tuple(cells), dropped)

    def new(self, key: str, after: str) -> ShownRow:
        cells = (self._cell(key, key, c, self._fixed(c), 0, ()) for c in self.columns)
        return ShownRow(key, "", 0, after, tuple(cells))

    def with_new(self, rows: list[ShownRow], blank: int) -> list[ShownRow]:
        """The rows with those about to be added at their places, and some more at the end."""
        tried = {key: "" for key, _ in self.attempt.texts if not key.isdecimal()}
        wanted = tried | dict(self.attempt.new_rows)
        for key, after in wanted.items():
            at = next((n for n, row in enumerate(rows, 1) if row.key == after), len(rows))
            rows.insert(0 if after == "first" else at, self.new(key, after))
        used = max((int(key[1:]) for key in wanted), default=0)
        return rows + [self.new(f"n{used + n}", "") for n in range(1, blank + 1)]

    def _fixed(self, column: ListColumn) -> str:
        if column.kind is not Kind.FIXED:
            return ""
        code = column.key == "book" and self.layout.key != PROJECTS
        return self.view.book.book if code else self.view.book.name

    def _cell(
        self,
        key: str,
        name: str,
        column: ListColumn,
        text: str,
        version: int,
        found: tuple[Finding, ...],
    ) -> ListCell:
        place, shown = (key, column.key), f"{version}|{text}"
        tried = place in self.attempt.texts
        conflict = self.attempt.conflicts.get(place)
        return ListCell(
            place=f"{key}:{column.key}",
            column=column,
            label=f"{f'第 {name} 行' if name.isdecimal() else '新的一行'} {column.label}",
            text=self.attempt.texts.get(place, text),
            original=self.attempt.originals.get(place, shown) if tried else shown,
            anchor=f"cell-{name}-{column.key}",
            findings=found,
            error=self.attempt.errors.get(place, ""),
            conflict=self._clash(conflict, column) if conflict else None,
            question=self.attempt.questions.get(place),
            answer=self.attempt.answers.get(place, ""),
        )

    def _clash(self, conflict: RowConflict, column: ListColumn) -> Clash:
        mine, theirs = (
            text_of(column, values, self.view.names, self.unit)
            for values in (conflict.mine, conflict.theirs)
        )
        return Clash(
            who=conflict.changed_by or "同事",
            mine=mine or "空",
            theirs=theirs or "空",
            stored=f"{conflict.version}|{theirs}",
        )


def changes_of(workbook: Workbook, layout: ListLayout, row: str = "") -> list[ListChange]:
    """The history of a list or of one of its rows, the latest first."""
    found = ListChange.objects.filter(
        filing=workbook.filing, unit=workbook.unit, list_key=layout.key
    )
    if row.isdecimal():
        found = found.filter(row=int(row))
    return list(found.select_related("changed_by").order_by("-id")[:200])
