"""A declaration as its pages show it, made from the form edition: blocks, places, sums."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from budgets.forms import figure_text
from budgets.list_pages import Clash
from performance.declaration_entry import DeclarationEntry, indicator_names
from performance.form_amounts import DETAIL_SOURCES, FormAmounts
from performance.form_columns import (
    AMOUNT,
    GOALS,
    ONLY,
    YEARS,
    Column,
    Place,
    columns_of,
    goal_columns,
    text_of,
)
from performance.form_edits import NEW, Contest
from performance.form_figures import FormFigures, frequency_word
from performance.form_lines import Line, goal_words, lines_of
from performance.form_shown import (
    AmountRow,
    Attempt,
    Figure,
    FormCell,
    FormLine,
    ShownBlock,
    ShownField,
    filled,
)
from rulebook.amounts import Interval, MoneyUnit, total
from rulebook.findings import Finding, Severity
from rulebook.forms import (
    BlockKind,
    FieldKind,
    FormBlock,
    FormEdition,
    FormRow,
    Horizon,
)

BLANK_ROWS = 3


@dataclass(frozen=True, slots=True)
class Pages:
    """Makes the blocks of one declaration. ``found`` are its findings, ``subject`` is whose."""

    form: FormEdition
    entry: DeclarationEntry
    figures: FormFigures
    unit: MoneyUnit
    year: int
    version: int = 0
    findings: Sequence[Finding] = ()
    attempt: Attempt = field(default_factory=Attempt)
    is_editable: bool = True

    @property
    def amounts(self) -> FormAmounts:
        return FormAmounts(self.form, self.entry, self.figures, self.unit)

    def blocks(self) -> tuple[ShownBlock, ...]:
        return tuple(self.block(block) for block in self.form.blocks)

    def block(self, block: FormBlock, blank: int = 0) -> ShownBlock:
        makers = {
            BlockKind.FIELDS: self._fields,
            BlockKind.MONEY: self._money,
            BlockKind.SOURCES: self._sources,
            BlockKind.PROJECTS: self._projects,
            BlockKind.OBJECTIVES: self._objectives,
        }
        parts = makers[block.kind](block) if block.kind in makers else self._rows(block, blank)
        here = self.findings_of(block)
        return ShownBlock(
            block.key,
            block.kind.value,
            self._words(block.title) or self._fallback_title(block),
            findings=len(here),
            has_error=any(finding.severity is Severity.ERROR for finding in here),
            is_filled=self._is_filled(block),
            balance=self.amounts.balance() if block.kind is BlockKind.DETAILS else "",
            **parts,
        )

    def _fallback_title(self, block: FormBlock) -> str:
        if block.kind is BlockKind.INDICATORS:
            return f"{block.horizon.label}和指标"
        return ""

    def _is_filled(self, block: FormBlock) -> bool:
        found = lines_of(self.entry, self.form, block.key)
        return any(value for line in found for value in line.values.values()) or (
            block.kind is BlockKind.PROJECTS and bool(self.figures.projects)
        )

    def _words(self, label: str) -> str:
        return filled(label, self.year, self.entry.long_term_until)

    def findings_of(self, block: FormBlock) -> list[Finding]:
        return [f for f in self.findings if f.places and self._block_at(f.places[0]) == block.key]

    def _block_at(self, address: str) -> str:
        """The block in which a finding is mended, empty where it is of the whole form."""
        row, _, column = address.split("/", 2)[-1].partition("/")
        for block in self.form.blocks:
            if block.key == row or any(f.key in (row, column) for f in block.fields):
                return block.key
            if block.kind is BlockKind.OBJECTIVES and column in (
                "objective", "long_term_objective", "long_term_until",
            ):  # fmt: skip
                return block.key
        horizon = Horizon.LONG_TERM if row.startswith("L") else Horizon.ANNUAL
        found = self.form.indicators(horizon)
        is_row = bool(re.fullmatch(r"L?\d+(\.\d+)?", row)) or column in ("goals", "indicators")
        return found.key if found and is_row else ""

    def _line(self, block: str, key: str) -> Line:
        found = lines_of(self.entry, self.form, block)
        return next((line for line in found if line.key == key), Line(key, {}))

    def cell(self, block: str, line: Line, column: Column, label: str, name: str = "") -> FormCell:
        """A place with its text, or the one that was just tried and not taken."""
        place = (block, line.key, column.key)
        stored = text_of(column, line.values.get(column.key), self.unit)
        tried = self.attempt.texts().get(place)
        applied = self.attempt.applied
        contest = applied.contested.get(place) if applied else None
        text, original = tried or (stored, stored)
        return FormCell(
            place=name or ":".join(place),
            column=column,
            label=" ".join(label.split()),
            text=text,
            original=f"{self.version}|{original}",
            anchor=self._anchor(place, is_in_grid=bool(name)),
            error=applied.errors.get(place, "") if applied else "",
            conflict=self._clash(contest) if contest else None,
        )

    def _anchor(self, place: Place, *, is_in_grid: bool) -> str:
        """The id of a place: that by which findings know a field, or where it stands."""
        block, row, column = place
        if is_in_grid:
            return f"cell-{row}-{column}"
        return f"row-{column}" if row == ONLY else f"cell-{block}-{row}-{column}"

    def _clash(self, contest: Contest) -> Clash:
        theirs = contest.theirs
        return Clash("同事", contest.mine or "空", theirs or "空", f"{self.version}|{theirs}")

    def _fields(self, block: FormBlock) -> dict[str, Any]:
        line = self._line(block.key, ONLY)
        columns = {column.key: column for column in columns_of(self.form, block)}
        shown = []
        for each in block.fields:
            if each.kind is FieldKind.RECORD:
                shown.append(ShownField(each.label, None, self.figures.text(each.key)))
                continue
            cell = self.cell(block.key, line, columns[each.key], each.label)
            shown.append(ShownField(each.label, cell, cell.text, each.is_private, each.is_required))
        return {"fields": tuple(shown)}

    def _objectives(self, block: FormBlock) -> dict[str, Any]:
        line = self._line(block.key, ONLY)
        cells = (
            self.cell(block.key, line, column, self._words(column.label))
            for column in columns_of(self.form, block)
        )
        return {"fields": tuple(ShownField(cell.label, cell, cell.text) for cell in cells)}

    def _money(self, block: FormBlock) -> dict[str, Any]:
        typed = {column.key: column for column in columns_of(self.form, block)}
        rows = []
        for row in block.rows:
            cells: list[FormCell | Figure] = []
            for column in block.columns:
                if column.key in typed and self.amounts.money.is_typed(block, row, column.key):
                    label = f"{row.label} {self._words(column.label)}"
                    line = self._line(block.key, row.key)
                    cells.append(self.cell(block.key, line, typed[column.key], label))
                else:
                    cells.append(self._figure(block, row, column.key))
            rows.append(AmountRow(self._words(row.label), row.is_total, tuple(cells)))
        heads = tuple(self._words(column.label) for column in block.columns)
        return {"rows": tuple(rows), "heads": heads}

    def _figure(self, block: FormBlock, row: FormRow, column: str) -> Figure:
        place = f"{block.key}:{row.key}:{column}"
        if column in (*YEARS, AMOUNT):
            return Figure(place, figure_text(self.amounts.money.of(block, row, column), self.unit))
        return Figure(place, self.amounts.money.share(block, row))

    def _sources(self, block: FormBlock) -> dict[str, Any]:
        column = columns_of(self.form, block)[0]
        rows = []
        for row in block.rows:
            cell: FormCell | Figure
            if self.amounts.money.is_typed(block, row, AMOUNT):
                line = self._line(block.key, row.key)
                cell = self.cell(block.key, line, column, self._words(row.label))
            else:
                cell = self._figure(block, row, AMOUNT)
            rows.append(AmountRow(self._words(row.label), row.is_total, (cell,)))
        return {"rows": tuple(rows), "heads": ("金额",)}

    def _projects(self, block: FormBlock) -> dict[str, Any]:
        rows = []
        for project in self.figures.projects:
            figures = {
                "name": project.name,
                "kind": project.kind.label,
                "frequency": frequency_word(self.form, project.frequency),
                "budget": self._interval(project.budget),
                "total_budget": self._interval(project.total_budget),
                "main_use": project.main_use,
            }
            cells = (
                Figure(f"{block.key}:{project.code}:{head.key}", figures.get(head.key, ""))
                for head in block.columns
            )
            rows.append(AmountRow(project.name, False, tuple(cells)))
        heads = tuple(self._words(column.label) for column in block.columns)
        return {"rows": tuple(rows), "heads": heads}

    def _interval(self, amount: Interval | None) -> str:
        return "" if amount is None else figure_text(amount.value, self.unit)

    def _rows(self, block: FormBlock, blank: int) -> dict[str, Any]:
        columns = columns_of(self.form, block)
        found = self._lines(block, columns, blank)
        parts: dict[str, Any] = {
            "columns": columns,
            "lines": found,
            "heads": tuple(self._words(column.label) for column in columns),
            "sums": tuple((c, self.amounts.sum_of(block, c)) for c in columns),
        }
        if block.kind is BlockKind.INDICATORS:
            key = next(key for key, horizon in GOALS.items() if horizon is block.horizon)
            parts |= {
                "goals_key": key,
                "goal_label": block.horizon.label,
                "goals": self._goals(key),
            }
        return parts

    def _lines(
        self, block: FormBlock, columns: tuple[Column, ...], blank: int
    ) -> tuple[FormLine, ...]:
        by_row = self.findings_by_row(block)
        anchors = dict(self._anchors(block))
        dropped = {key for at, key in self.attempt.edits.removed if at == block.key}
        stored = lines_of(self.entry, self.form, block.key)
        shown = [
            self._shown(block.key, line, columns, str(number), by_row, anchors, dropped)
            for number, line in enumerate(stored, 1)
            if line.row is not None
        ]
        return self._with_new(block.key, shown, columns, blank)

    def _shown(
        self,
        block: str,
        line: Line,
        columns: tuple[Column, ...],
        number: str,
        by_row: Mapping[tuple[str, str], list[Finding]],
        anchors: Mapping[str, str],
        dropped: set[str],
    ) -> FormLine:
        cells = []
        for column in columns:
            label = f"第 {number} 行 {self._words(column.label)}"
            cell = self.cell(block, line, column, label, f"{line.key}:{column.key}")
            found = tuple(by_row.get((line.key, column.key), ()))
            cells.append(_with_findings(cell, found))
        amounts = [line.values.get(c.key) for c in columns if c.key in DETAIL_SOURCES]
        return FormLine(
            line.key, number, self.version, "", tuple(cells), line.key in dropped,
            f"row-{anchors.get(line.key, line.key)}",
            figure_text(total(amounts), self.unit) if amounts else "",
        )  # fmt: skip

    def _with_new(
        self, block: str, rows: list[FormLine], columns: tuple[Column, ...], blank: int
    ) -> tuple[FormLine, ...]:
        """The rows with those being added at their places, and some more at the end."""
        wanted = dict.fromkeys(self.attempt.new_rows, "")
        tried = {p[1]: "" for p in self.attempt.texts() if p[0] == block and NEW.fullmatch(p[1])}
        wanted = tried | wanted
        after = {k: v for (b, k), v in self.attempt.edits.after.items() if b == block}
        for key in wanted:
            place = after.get(key, "")
            at = next((n for n, row in enumerate(rows, 1) if row.key == place), len(rows))
            rows.insert(0 if place == "first" else at, self.new(block, key, columns, place))
        used = max((int(key[1:]) for key in wanted), default=0)
        more = (self.new(block, f"n{used + n}", columns) for n in range(1, blank + 1))
        return (*rows, *more)

    def new(self, block: str, key: str, columns: tuple[Column, ...], after: str = "") -> FormLine:
        """A row not stored yet."""
        cells = tuple(
            self.cell(
                block, Line(key, {}), column, f"新的一行 {self._words(column.label)}",
                f"{key}:{column.key}",
            )
            for column in columns
        )  # fmt: skip
        return FormLine(key, "", 0, after, cells)

    def _goals(self, key: str) -> tuple[FormLine, ...]:
        columns = goal_columns(self.form)
        found = lines_of(self.entry, self.form, key)
        spare = Line(f"n{len(found) + 1}", {})
        lines = [*found, spare] if self.is_editable else found
        return tuple(
            FormLine(
                line.key, str(number), self.version, "",
                tuple(
                    self.cell(key, line, column, f"{GOALS[key].label} {number} {column.label}")
                    for column in columns
                ),
            )
            for number, line in enumerate(lines, 1)
        )  # fmt: skip

    def _anchors(self, block: FormBlock) -> Iterator[tuple[str, str]]:
        """Row on screen → the key under which findings name it."""
        if block.kind is BlockKind.INDICATORS:
            for name, key in indicator_names(self.entry, block.horizon):
                yield key, name

    def findings_by_row(self, block: FormBlock) -> dict[tuple[str, str], list[Finding]]:
        """(row, column) on screen → the findings there."""
        rows = {name: key for key, name in self._anchors(block)}
        columns = [column.key for column in columns_of(self.form, block)]
        touching: dict[tuple[str, str], list[Finding]] = {}
        for finding in self.findings:
            for place in finding.places:
                row, _, column = place.split("/", 2)[-1].partition("/")
                at = column if column in columns else "name"
                if row in rows:
                    touching.setdefault((rows[row], at), []).append(finding)
                elif row == block.key and column.partition("/")[0].isdecimal():
                    number, _, name = column.partition("/")
                    lines = lines_of(self.entry, self.form, block.key)
                    if int(number) <= len(lines):
                        key = lines[int(number) - 1].key
                        touching.setdefault((key, name or columns[0]), []).append(finding)
        return touching

    def derived(self) -> dict[str, str]:
        """Everything on the form that is computed or from a record, by place."""
        figures = {"balance": self.amounts.balance()}
        for block in self.form.blocks:
            if block.kind in (BlockKind.MONEY, BlockKind.SOURCES):
                made = self._money(block) if block.kind is BlockKind.MONEY else self._sources(block)
                cells = (cell for row in made["rows"] for cell in row.cells)
                figures |= {cell.place: cell.text for cell in cells if isinstance(cell, Figure)}
        return figures

    def offered(self, block: FormBlock) -> dict[str, list[str]]:
        """Column → what can be chosen or is proposed."""
        found = {c.key: list(c.offered) for c in columns_of(self.form, block) if c.has_choices}
        if block.kind is BlockKind.INDICATORS:
            goals = self.entry.of(block.horizon)
            found["goal"] = [goal_words(n, goal.text) for n, goal in enumerate(goals, 1)]
        return found


def _with_findings(cell: FormCell, found: tuple[Finding, ...]) -> FormCell:
    return replace(cell, findings=found)
