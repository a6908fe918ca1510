"""PURE: what a filing's form becomes by a sheet: rows found again, what the file lacks removed.

A row is the one its mark names; in a file older than the filing only if it still bears the same
name. Otherwise it is found by its name, and is new where that is not to be found. What a sheet
has no place for (links between indicators, deductions, points claimed) stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from budgets.excel.found import misplaced
from performance.evaluation import (
    AssetPlan,
    Band,
    DeclarationSnapshot,
    Direction,
    EvaluationSnapshot,
    ExpenditureDetail,
    FieldText,
    FormAmount,
    GoalSnapshot,
    IndicatorKind,
    IndicatorSnapshot,
    Judgement,
    ResultSnapshot,
)
from performance.excel.found import ReadLine, ReadSheet, ReadValue
from performance.excel.layout import PASSAGES, RESULTS
from performance.excel.matching import indicator_name, is_stale, kept, line_name, match
from performance.excel.pages import OWN_FIELDS, FormPage, is_plain, number_of
from performance.excel.template import as_written
from rulebook.amounts import ZERO
from rulebook.findings import Finding

T = TypeVar("T")
REPORT = [key for key in PASSAGES if key not in OWN_FIELDS]


@dataclass(frozen=True, slots=True)
class Merged:
    """A form after a file. ``was`` says for each table which row a key was before; rows without
    an entry are new."""

    before: FormPage
    after: FormPage
    sheet: ReadSheet
    was: Mapping[str, Mapping[str, str]]
    places: Mapping[tuple[str, str], ReadLine]
    findings: tuple[Finding, ...]


def merge(sheet: ReadSheet, page: FormPage) -> Merged:
    """The form of ``page`` as the sheet would leave it; what it shows in grey is not read."""
    typed = tuple(value for value in sheet.values if value.key not in page.computed)
    sheet = replace(sheet, values=typed)
    work = _Merge(sheet, page)
    after = work.page_after()
    return Merged(page, after, sheet, work.was, work.places, tuple(work.findings))


@dataclass(frozen=True, slots=True)
class _Head:
    """A goal of the file with its lines; ``was`` is the key it had."""

    number: int
    text: str
    weight: Decimal | None
    was: str
    line: ReadLine | None
    rows: list[ReadLine] = field(default_factory=list)


@dataclass(slots=True)
class _Merge:
    sheet: ReadSheet
    page: FormPage
    findings: list[Finding] = field(default_factory=list)
    was: dict[str, dict[str, str]] = field(default_factory=dict)
    places: dict[tuple[str, str], ReadLine] = field(default_factory=dict)
    results: dict[str, ResultSnapshot] = field(default_factory=dict)

    def page_after(self) -> FormPage:
        if self._is_blank():
            return self.page
        declaration = self._declaration()
        evaluation = self._evaluation(declaration) if self.page.evaluates else None
        return replace(self.page, declaration=declaration, evaluation=evaluation)

    def _is_blank(self) -> bool:
        """Nothing is filed and nothing is filled in: the form is not begun."""
        is_empty = not self.sheet.lines and all(value.is_empty for value in self.sheet.values)
        return self.page.declaration is None and is_empty

    def _report(self, id: str, line: ReadLine, key: str, message: str, left: str = "") -> None:
        cell = next((v.cell for v in line.values if v.key == key), f"A{line.line}")
        self.findings.append(misplaced(id, self.sheet.place(cell), message, left))

    def _text(self, key: str, before: str) -> str:
        """A text of a single cell, as it was where the sheet has no such cell."""
        found = next((value for value in self.sheet.values if value.key == key), None)
        return before if found is None else kept(before, found.text)

    def _declaration(self) -> DeclarationSnapshot:
        before = self.page.declaration or DeclarationSnapshot(
            self.page.subject, "", (), self.page.form
        )
        until = {v.key: v.number for v in self.sheet.values}.get("long_term_until", ZERO)
        is_kept = until == ZERO and not any(v.key == "long_term_until" for v in self.sheet.values)
        after = replace(
            before,
            objective=self._text("objective", before.objective),
            long_term_objective=self._text("long_term_objective", before.long_term_objective),
            long_term_until=before.long_term_until if is_kept else _whole(until),
            goals=self._goals("", before.goals),
            long_term=self._goals("long_", before.long_term),
            details=self._details(before.details),
            assets=self._assets(before.assets),
        )
        if self.page.evaluates:
            return after
        return replace(
            after, fields=self._fields(before.fields), amounts=self._amounts(before.amounts)
        )

    def _fields(self, before: Sequence[FieldText], besides: Iterable[str] = ()) -> Any:
        texts = {each.key: each.text for each in before}
        for value in self.sheet.values:
            kind, _, key = value.key.partition("/")
            if kind != "field" or key in besides:
                continue
            text = kept(texts.get(key, ""), value.text)
            if text or key in texts:
                texts[key] = text
        return tuple(FieldText(key, texts[key]) for key in sorted(texts))

    def _amounts(self, before: Sequence[FormAmount]) -> tuple[FormAmount, ...]:
        known = {(each.block, each.row, each.column): each for each in before}
        for value in self.sheet.values:
            kind, _, name = value.key.partition("/")
            if kind != "amount":
                continue
            block, row, column = name.split("/")
            place = (block, row, column)
            if value.number is None:
                known.pop(place, None)
            elif place not in known or known[place].amount != value.number:
                known[place] = FormAmount(*place, value.number, self.sheet.unit, value.decimals)
        return tuple(known[place] for place in sorted(known))

    # Rows

    def _match(
        self, lines: Sequence[ReadLine], known: Mapping[str, str], name: Callable[[ReadLine], str]
    ) -> list[str]:
        """For each line the key of the row it was, "" for a new one; ``known`` is key → name."""
        found = match(lines, known, name, trusts_marks=not is_stale(self.sheet, self.page))
        for line in lines:
            copies = [other for other in lines if line.was and other.was == line.was]
            if line.line not in found and len(copies) > 1:
                words = "与另一行的标识相同，作为新增的行读取。"
                self._report("IM-211", line, "", words, line.was)
        return [found.get(line.line, "") for line in lines]

    def _keep(self, table: str, key: str, was: str, line: ReadLine) -> None:
        self.places[table, key] = line
        if was:
            self.was.setdefault(table, {})[key] = was

    def _goals(self, prefix: str, before: tuple[GoalSnapshot, ...]) -> tuple[GoalSnapshot, ...]:
        table = f"{prefix}indicators"
        if table not in self.sheet.tables:
            self.was[f"{prefix}goals"] = {goal.key: goal.key for goal in before}
            self.was[table] = {row.key: row.key for goal in before for row in goal.indicators}
            return before
        lines = self.sheet.lines_of(table)
        heads = self._heads(prefix, before, bool(lines))
        self._assign(heads, lines)
        known = {row.key: row for goal in before for row in goal.indicators}
        names = {key: indicator_name(row) for key, row in known.items()}
        ordered = [line for head in heads for line in head.rows]
        matched = self._match(ordered, names, line_name)
        old = {line.line: was for line, was in zip(ordered, matched, strict=True)}
        letter = "L" if prefix else ""
        goals = []
        for number, head in zip(_numbers(heads), heads, strict=True):
            key = f"{letter}{number}"
            if head.line is not None:
                self._keep(f"{prefix}goals", key, head.was, head.line)
            elif head.was:
                self.was.setdefault(f"{prefix}goals", {})[key] = head.was
            rows = []
            for at, line in enumerate(head.rows, 1):
                was = old[line.line]
                self._keep(table, f"{key}.{at}", was, line)
                rows.append(self._indicator(f"{key}.{at}", line, known.get(was)))
            goals.append(GoalSnapshot(key, head.text, head.weight, tuple(rows)))
        return tuple(goals)

    def _heads(self, prefix: str, before: tuple[GoalSnapshot, ...], has_rows: bool) -> list[_Head]:
        """The goals of the file; one without a number where its form has none."""
        table = f"{prefix}goals"
        lines = self.sheet.lines_of(table)
        if table in self.sheet.tables and lines:
            known = {goal.key: goal for goal in before}
            names = {key: as_written(goal.text) for key, goal in known.items()}
            matched = self._match(lines, names, lambda line: line.text("text"))
            return [
                self._head(line, known.get(was)) for line, was in zip(lines, matched, strict=True)
            ]
        if is_plain(before) and before:
            goal = before[0]
            stays = has_rows or table not in self.sheet.tables
            number = int(number_of(goal))
            return [_Head(number, goal.text, goal.weight, goal.key, None)] if stays else []
        return [_Head(0, "", None, "", None)] if has_rows else []

    def _head(self, line: ReadLine, goal: GoalSnapshot | None) -> _Head:
        text = line.text("text")
        number = _whole(line.number("number")) or 0
        weight = line.number("weight") if line.has("weight") or goal is None else goal.weight
        if goal is None:
            return _Head(number, text, weight, "", line)
        return _Head(number, kept(goal.text, text), weight, goal.key, line)

    def _assign(self, heads: list[_Head], lines: Sequence[ReadLine]) -> None:
        """Each indicator under the goal whose number it names."""
        by_number: dict[int, _Head] = {}
        for head in heads:
            if head.number in by_number and head.line is not None:
                message = f"目标序号 {head.number} 出现了两次。"
                self._report("IM-209", head.line, "number", message)
            by_number.setdefault(head.number, head)
        for line in lines:
            number = _whole(line.number("goal"))
            found = heads[0] if number is None and len(heads) == 1 else by_number.get(number or 0)
            if found is None:
                message = "没有写目标序号。" if number is None else f"没有序号为 {number} 的目标。"
                self._report("IM-209", line, "goal", message, "" if number is None else str(number))
            else:
                found.rows.append(line)

    def _indicator(
        self, key: str, line: ReadLine, before: IndicatorSnapshot | None
    ) -> IndicatorSnapshot:
        row = before or IndicatorSnapshot(
            key, "", "", "", IndicatorKind.QUANTITATIVE, None, "", None
        )
        values: dict[str, Any] = {"key": key}
        for value in line.values:
            if value.key in ("goal", "kind", "direction") or value.key in RESULTS:
                continue
            is_points = value.key.endswith("weight")
            was = getattr(row, value.key)
            values[value.key] = value.number if is_points else kept(was, value.text)
        if kind := line.text("kind"):
            values["kind"] = IndicatorKind(kind)
        direction = line.text("direction")
        values["direction"] = Direction(direction) if direction else None
        if line.has("achieved"):
            self._result(key, line, before.key if before else "")
        return replace(row, **values)

    def _result(self, key: str, line: ReadLine, was: str) -> None:
        evaluation = self.page.evaluation
        before = evaluation.result_of(was) if evaluation and was else None
        filled = [v for v in line.values if v.key in RESULTS and not v.is_empty]
        if before is None and not filled:
            return
        row = before or ResultSnapshot(key, "")
        texts: dict[str, Any] = {
            name: kept(getattr(row, name), line.text(name))
            for name in ("achieved", "deviation_reason", "improvement_measure")
        }
        judged = self._judgement(line.text("band"), line.number("percentage"), line)
        self.results[key] = replace(row, indicator=key, judgement=judged, **texts)

    def _judgement(
        self, band: str, percentage: Decimal | None, line: ReadLine | None
    ) -> Judgement | None:
        if band and percentage is not None:
            return Judgement(Band(band), percentage)
        if band or percentage is not None:
            message = "完成档次和得分比例要么都填，要么都不填。"
            if line is not None:
                self._report("IM-212", line, "percentage", message)
            else:
                cell = self._single("evaluation/objective_percentage").cell
                self.findings.append(misplaced("IM-212", self.sheet.place(cell), message))
        return None

    def _single(self, key: str) -> ReadValue:
        return next(value for value in self.sheet.values if value.key == key)

    def _details(self, before: tuple[ExpenditureDetail, ...]) -> tuple[ExpenditureDetail, ...]:
        blank = ExpenditureDetail("", "")
        return self._listed("details", before, blank, "content")

    def _assets(self, before: tuple[AssetPlan, ...]) -> tuple[AssetPlan, ...]:
        return self._listed("assets", before, AssetPlan("", "", None), "name")

    def _listed(self, table: str, before: tuple[T, ...], blank: T, named: str) -> tuple[T, ...]:
        """Rows of details or assets; an amount is declared anew where it is not what it was."""
        if table not in self.sheet.tables:
            return before
        lines = self.sheet.lines_of(table)
        known = {str(at): row for at, row in enumerate(before, 1)}
        names = {key: as_written(getattr(row, named)) for key, row in known.items()}
        matched = self._match(lines, names, lambda line: line.text(named))
        rows: list[T] = []
        for at, (line, was) in enumerate(zip(lines, matched, strict=True), 1):
            self._keep(table, str(at), was, line)
            rows.append(self._listed_row(line, known.get(was, blank)))
        return tuple(rows)

    def _listed_row(self, line: ReadLine, row: T) -> T:
        was: Any = row
        values: dict[str, Any] = {}
        decimals, is_same = 2, True
        for value in line.values:
            before = getattr(was, value.key)
            if isinstance(before, str):
                values[value.key] = kept(before, value.text)
                continue
            values[value.key] = value.number
            is_same = is_same and before == value.number
            decimals = max(decimals, value.decimals)
        if not is_same:
            values |= {"unit": self.sheet.unit, "decimals": decimals}
        changed: T = replace(was, **values)
        return changed

    # The self-evaluation

    def _evaluation(self, declaration: DeclarationSnapshot) -> EvaluationSnapshot | None:
        own = ("evaluation", "field", "amount")
        filled = [v for v in self.sheet.values if v.key.split("/")[0] in own and not v.is_empty]
        before = self.page.evaluation
        if before is None and not filled and not self.results:
            return None
        base = before or EvaluationSnapshot(
            self.page.subject, self.page.title or self.page.name, self.page.form, declaration,
            None, None, "", "", None, "", (), "", "", None,
        )  # fmt: skip
        keys = {value.key: value for value in self.sheet.values}
        return replace(
            base,
            declaration=declaration,
            execution_reason=self._text("evaluation/execution_reason", base.execution_reason),
            objective_achieved=self._text("evaluation/objective_achieved", base.objective_achieved),
            objective_reason=self._text("evaluation/objective_reason", base.objective_reason),
            objective_judgement=self._of_objective(keys, base.objective_judgement),
            results=tuple(
                self.results[row.key] for row in declaration.indicators if row.key in self.results
            ),
            deviation_reason=self._own("deviation_reason", base.deviation_reason),
            improvement_measure=self._own("improvement_measure", base.improvement_measure),
            filled_on=self._filled_on(keys.get("field/filled_on"), base.filled_on),
            report=self._passages(dict(base.report)),
            fields=self._fields(base.fields, OWN_FIELDS),
            amounts=self._amounts(base.amounts),
        )

    def _own(self, name: str, before: str) -> str:
        """A text that stands in a field of the form, or else among those of the report."""
        return self._text(f"field/{name}", self._text(f"evaluation/{name}", before))

    def _filled_on(self, value: ReadValue | None, before: date | None) -> date | None:
        if value is None:
            return before
        return date.fromisoformat(value.text) if value.text else None

    def _passages(self, before: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        texts = {key: self._text(f"evaluation/{key}", before.get(key, "")) for key in REPORT}
        return tuple((key, text) for key, text in texts.items() if text)

    def _of_objective(
        self, keys: Mapping[str, ReadValue], before: Judgement | None
    ) -> Judgement | None:
        band = keys.get("evaluation/objective_band")
        if band is None:
            return before
        share = keys["evaluation/objective_percentage"].number
        return self._judgement(band.text, share, None)


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)


def _numbers(heads: Sequence[_Head]) -> list[int]:
    """1, 2, 3 …; a form without goals has one, with number 0 and no text."""
    if len(heads) == 1 and not heads[0].text:
        return [int(heads[0].was.removeprefix("L") or 0)]
    return list(range(1, len(heads) + 1))
