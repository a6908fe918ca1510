"""PURE: the lists of a file against those of the unit: which rows come, change and go.

Rows are the same row where they say the same, else where they have the same number or project.
A purchase whose project is known only by its name is never guessed: one project of the unit with
exactly that name is taken and said so, no or several such projects are asked about.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum

from budgets.checks.keys import PROJECT_BUDGETS
from budgets.excel.found import Place, ReadBook, ReadList, ReadRow, misplaced
from budgets.list_fields import Holds, file_columns, labels_of, text_of
from budgets.problems import problem
from budgets.words import clean_words
from budgets.workbook import (
    BudgetLists,
    ListRow,
    ProcurementRow,
    ProjectBudget,
    PurchasedServiceRow,
    PurchaseRow,
)
from rulebook.amounts import normalize
from rulebook.codec import to_json
from rulebook.findings import Finding, Severity
from rulebook.layouts import ListLayout, WorkbookLayout

CANDIDATES = 5


class RowChange(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"

    @property
    def label(self) -> str:
        return {"added": "新增", "changed": "修改", "removed": "删除"}[self.value]


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of a row, before and after, as people read them."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One line of the preview: a row of a list that comes, changes or goes."""

    kind: RowChange
    list_name: str
    label: str
    place: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class KnownProject:
    """A project a file may name; ``book`` is its unit's code."""

    code: str
    name: str
    book: str


@dataclass(frozen=True, slots=True)
class ListPlan:
    """What an import makes of a unit's lists: ``after`` holds all its rows."""

    after: BudgetLists = field(default_factory=BudgetLists)
    changes: tuple[PlannedRow, ...] = ()
    unchanged: int = 0
    findings: tuple[Finding, ...] = ()

    def count(self, kind: RowChange) -> int:
        return sum(1 for change in self.changes if change.kind is kind)


def fingerprint(lists: BudgetLists) -> str:
    """A short hash of a unit's lists, empty for none."""
    rows = (*lists.project_budgets, *lists.purchases)
    if not rows:
        return ""
    return hashlib.sha256(json.dumps(to_json(rows)).encode()).hexdigest()[:16]


def compare_lists(
    read: ReadBook,
    now: BudgetLists,
    projects: Mapping[str, KnownProject],
    names: Mapping[str, str],
    layout: WorkbookLayout,
    book: str,
) -> ListPlan:
    """The plan for the lists of one unit. ``projects`` are the unit's and all those the file
    names, by code; ``names`` the year's catalogues."""
    comparison = _Comparison(now, dict(projects), names, layout, book)
    for each in sorted(read.lists, key=lambda found: found.key != PROJECT_BUDGETS):
        comparison.take(each)
    if read.mark is not None and comparison.changes and read.mark.lists != fingerprint(now):
        comparison.findings.append(problem("IM-177", "下载模板之后，系统中的清单又有改动。"))
    return ListPlan(
        _lists(row for rows in comparison.after.values() for row in rows),
        tuple(comparison.changes),
        comparison.unchanged,
        tuple(comparison.findings),
    )


def _lists(rows: Iterable[ListRow]) -> BudgetLists:
    every = list(rows)
    return BudgetLists(
        tuple(row for row in every if isinstance(row, ProjectBudget)),
        tuple(row for row in every if isinstance(row, ProcurementRow)),
        tuple(row for row in every if isinstance(row, PurchasedServiceRow)),
    )


@dataclass(slots=True)
class _Comparison:
    now: BudgetLists
    projects: dict[str, KnownProject]
    names: Mapping[str, str]
    layout: WorkbookLayout
    book: str
    after: dict[str, Sequence[ListRow]] = field(default_factory=dict)
    changes: list[PlannedRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unchanged: int = 0

    def __post_init__(self) -> None:
        for each in self.layout.lists:
            self.after[each.key] = getattr(self.now, each.key)

    def take(self, read: ReadList) -> None:
        layout = self.layout.list_named(read.key)
        before = len(self.findings)
        settled = [(each, self._settled(read, each)) for each in read.rows]
        if read.key == PROJECT_BUDGETS:
            self._twice(read, settled)
            self._now_known(settled)
        refused = any(f.severity is Severity.ERROR for f in self.findings[before:])
        if not refused:
            self._hold_together(layout, read, settled)

    def _settled(self, read: ReadList, each: ReadRow) -> ListRow:
        """The row with its unit and its project; what is wrong with it is reported."""
        row = each.row
        if row.book not in {"", self.book}:
            message = f"本行单位代码是 {row.book[:20]}，这里应为 {self.book}。"
            self._report("IM-173", read.place(each, "book"), message, row.book, self.book)
        for name in ("functional_code", "economic_code"):
            code = getattr(row, name, "")
            if code and code not in self.names:
                message = f"科目 {code} 不在本年度目录中。"
                self._report("IM-132", read.place(each, name), message, code)
        row = replace(row, book=self.book)
        if isinstance(row, ProjectBudget):
            return self._project(read, each, row)
        return self._purchase(read, each, row)

    def _report(self, id: str, place: Place, message: str, left: str = "", right: str = "") -> None:
        self.findings.append(misplaced(id, place, message, left, right))

    def _project(self, read: ReadList, each: ReadRow, row: ProjectBudget) -> ListRow:
        place = read.place(each, "code")
        if not row.code:
            return replace(row, code=self._by_name(place, row.name))
        known = self.projects.get(row.code)
        if known is not None and known.book != self.book:
            self._report("IM-172", place, f"项目 {row.code} 是其他单位的项目。", row.code)
        if known is None and not row.name:
            self._report("IM-175", read.place(each, "name"), "新项目没有填写名称。")
        if known is None or row.name == known.name:
            return row
        if row.name:
            message = f"项目 {row.code} 名称为“{known.name}”，文件中是“{row.name}”，未改名。"
            self._report("IM-178", read.place(each, "name"), message, row.name, known.name)
        return replace(row, name=known.name)

    def _purchase(self, read: ReadList, each: ReadRow, row: PurchaseRow) -> PurchaseRow:
        place = read.place(each, "project_code")
        if row.project_code:
            known = self.projects.get(row.project_code)
            if known is None or known.book != self.book:
                message = f"项目 {row.project_code} 不是本单位的项目。"
                self._report("IM-172", place, message, row.project_code)
            return row
        if each.is_operating:
            return row
        return replace(row, project_code=self._by_name(place, row.project_name))

    def _by_name(self, place: Place, name: str) -> str:
        """The code of the unit's only project of that name; otherwise people are asked."""
        own = [known for known in self.projects.values() if known.book == self.book]
        if not name:
            self._report("IM-171", place, "没有填写项目编码，也没有填写项目名称。")
            return ""
        found = sorted(k.code for k in own if _plain(k.name) == _plain(name))
        if len(found) == 1:
            message = f"“{name}”没有编码，按名称认作项目 {found[0]}。"
            self._report("IM-176", place, message, name, found[0])
            return found[0]
        self._report("IM-171", place, f"“{name}”{self._candidates(name, found, own)}", name)
        return ""

    def _candidates(self, name: str, found: Sequence[str], own: Sequence[KnownProject]) -> str:
        if found:
            return f"是 {len(found)} 个项目的名称：{'、'.join(found)}，请填写编码。"
        near = get_close_matches(name, sorted({k.name for k in own}), CANDIDATES, cutoff=0.3)
        near_ones = [f"{k.name}（{k.code}）" for n in near for k in own if k.name == n]
        if not near_ones:
            return "不是本单位的项目。"
        return f"不是本单位的项目，相近的有：{'、'.join(near_ones[:CANDIDATES])}。"

    def _twice(self, read: ReadList, settled: Sequence[tuple[ReadRow, ListRow]]) -> None:
        seen: dict[str, int] = {}
        for each, row in settled:
            assert isinstance(row, ProjectBudget)
            if row.code and row.code in seen:
                message = f"项目 {row.code} 与第 {seen[row.code]} 行重复。"
                self._report("IM-174", read.place(each, "code"), message, row.code)
            seen.setdefault(row.code, each.line)

    def _now_known(self, settled: Sequence[tuple[ReadRow, ListRow]]) -> None:
        """New projects of the file are projects the purchases of the file can stand under."""
        for _, row in settled:
            if isinstance(row, ProjectBudget) and row.code and row.code not in self.projects:
                self.projects[row.code] = KnownProject(row.code, row.name, self.book)

    def _hold_together(
        self, layout: ListLayout, read: ReadList, settled: Sequence[tuple[ReadRow, ListRow]]
    ) -> None:
        pairs, gone = _paired([row for _, row in settled], getattr(self.now, layout.key))
        after: list[ListRow] = []
        for (each, row), before in zip(settled, pairs, strict=True):
            row = _numbered(row, before)
            after.append(row)
            place = read.place(each, layout.columns[0].key).label
            if before is None:
                self._plan(RowChange.ADDED, layout, row, place, self._shown(layout, None, row))
            elif differences := self._shown(layout, before, row):
                self._plan(RowChange.CHANGED, layout, row, place, differences)
            else:
                after[-1] = before  # declared as it was
                self.unchanged += 1
        for before in gone:
            shown = self._shown(layout, before, None)
            self._plan(RowChange.REMOVED, layout, before, "", shown)
        self.after[layout.key] = _with_numbers(after, getattr(self.now, layout.key))

    def _plan(
        self,
        kind: RowChange,
        layout: ListLayout,
        row: ListRow,
        place: str,
        differences: tuple[Difference, ...],
    ) -> None:
        self.changes.append(PlannedRow(kind, layout.name, _label(row), place, differences))

    def _shown(
        self, layout: ListLayout, before: ListRow | None, after: ListRow | None
    ) -> tuple[Difference, ...]:
        """The columns in which two rows differ, in the words of the file."""
        found: list[Difference] = []
        labels = labels_of(layout)
        for column, spec in file_columns(layout):
            if spec.holds in (Holds.SHOWN, Holds.NUMBER, Holds.BOOK):
                continue
            was, will = (
                "" if row is None else _written(text_of(row, spec, self.names))
                for row in (before, after)
            )
            if was != will:
                found.append(Difference(labels[column.key], was, will))
        return tuple(found)


def _written(value: str | Decimal | None) -> str:
    return f"{value:,.2f}" if isinstance(value, Decimal) else value or ""


def _plain(name: str) -> str:
    return normalize(clean_words(name)).replace(" ", "")


def _label(row: ListRow) -> str:
    if isinstance(row, ProjectBudget):
        return row.name or row.code
    what = getattr(row, "item_name", "") or getattr(row, "content", "")
    return " ".join(filter(None, (row.project_name or row.project_code, what)))


def _numbered(row: ListRow, before: ListRow | None) -> ListRow:
    if isinstance(row, ProjectBudget):
        return row
    assert not isinstance(before, ProjectBudget)
    return replace(row, number=before.number if before else 0)


def _with_numbers(rows: Sequence[ListRow], now: Sequence[ListRow]) -> Sequence[ListRow]:
    """New purchases numbered after all that are or were there."""
    taken = [row.number for row in (*rows, *now) if not isinstance(row, ProjectBudget)]
    following = iter(range(max(taken, default=0) + 1, max(taken, default=0) + len(rows) + 1))
    return [
        replace(row, number=next(following))
        if not isinstance(row, ProjectBudget) and not row.number
        else row
        for row in rows
    ]


def _content(row: ListRow) -> ListRow:
    """What a row says, whatever its number and the unit it was declared in."""
    same = replace(row, unit="yuan", decimals=2)
    return same if isinstance(same, ProjectBudget) else replace(same, number=0)


def _key(row: ListRow) -> str | int:
    return row.code if isinstance(row, ProjectBudget) else row.number


def _paired(
    rows: Sequence[ListRow], now: Sequence[ListRow]
) -> tuple[list[ListRow | None], list[ListRow]]:
    """For each row the one it was before, if any, and those that are gone."""
    left = dict(enumerate(now))
    pairs: list[ListRow | None] = [None] * len(rows)
    for same in (_same_place, _content, _key):
        waiting: dict[object, list[int]] = defaultdict(list)
        for at, before in left.items():
            waiting[same(before)].append(at)
        for number, row in enumerate(rows):
            if pairs[number] is None and (found := waiting.get(same(row))):
                pairs[number] = left.pop(found.pop(0))
    return pairs, list(left.values())


def _same_place(row: ListRow) -> tuple[object, str | int]:
    return _content(row), _key(row)
