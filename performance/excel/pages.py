"""PURE: what stands on a form's sheet: values by the keys of :mod:`performance.excel.layout`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from budgets.excel.marks import TemplateMark
from performance.evaluation import (
    DeclarationSnapshot,
    EvaluationSnapshot,
    GoalSnapshot,
    IndicatorSnapshot,
    Judgement,
    ResultSnapshot,
)
from performance.excel.layout import is_evaluation
from rulebook.codec import to_json
from rulebook.forms import load_form

FORMS_LAYOUT = "performance_forms_2"
"""In the place of a layout in the mark of a workbook of forms; another where cells have moved."""
OWN_FIELDS = ("filled_on", "deviation_reason", "improvement_measure")
"""Fields of an evaluation form that are no free text but the evaluation's own."""

Value = str | int | Decimal | None
Computed = Mapping[str, str | Decimal]
"""Key of a grey cell → words, or an amount in yuan."""


@dataclass(frozen=True, slots=True)
class FormPage:
    """One form of a filing: whose it is, on which edition, and what has been filed.

    ``computed`` are the grey cells by their keys, ``projects`` the rows of the department's list
    of projects by column, ``title`` is what a new self-evaluation is called.
    """

    subject: str
    name: str
    form: str
    declaration: DeclarationSnapshot | None = None
    evaluation: EvaluationSnapshot | None = None
    computed: Computed = field(default_factory=dict)
    projects: Sequence[Computed] = ()
    title: str = ""

    @property
    def evaluates(self) -> bool:
        """Whether the form is of a self-evaluation."""
        return is_evaluation(load_form(self.form))

    @property
    def fingerprint(self) -> str:
        """A short hash of what is filed, empty for nothing."""
        if self.declaration is None:
            return ""
        evaluation = self.evaluation and replace(self.evaluation, budget=None, spent=None)
        filed = to_json((self.declaration, *([evaluation] if evaluation else [])))
        return hashlib.sha256(json.dumps(filed).encode()).hexdigest()[:16]


def forms_mark(filing: str, department: str, fiscal_year: str) -> TemplateMark:
    """What a workbook of a filing's forms says about itself."""
    return TemplateMark(FORMS_LAYOUT, filing, department, "", fiscal_year, "0")


def value_of(page: FormPage, key: str) -> Value:
    """What has been filed for a slot of the form."""
    kind, _, name = key.partition("/")
    declaration, evaluation = page.declaration, page.evaluation
    if kind == "evaluation":
        return _of_evaluation(evaluation, name) if evaluation else None
    if declaration is None:
        return None
    if kind == "field":
        return _field(page, declaration, name)
    if kind == "amount":
        amounts = (
            (evaluation.amounts if evaluation else ()) if page.evaluates else declaration.amounts
        )
        place = tuple(name.split("/"))
        return next((a.amount for a in amounts if (a.block, a.row, a.column) == place), None)
    value: Value = getattr(declaration, key)
    return value


def _field(page: FormPage, declaration: DeclarationSnapshot, name: str) -> Value:
    if not page.evaluates:
        return declaration.text(name)
    if page.evaluation is None:
        return ""
    if name in OWN_FIELDS:
        return _of_evaluation(page.evaluation, name)
    return next((each.text for each in page.evaluation.fields if each.key == name), "")


def _of_evaluation(evaluation: EvaluationSnapshot, name: str) -> Value:
    if name in ("objective_band", "objective_percentage"):
        return _judged(evaluation.objective_judgement, name.removeprefix("objective_"))
    if hasattr(evaluation, name):
        value = getattr(evaluation, name)
        return value.isoformat() if isinstance(value, date) else value
    return dict(evaluation.report).get(name, "")


def _judged(judgement: Judgement | None, name: str) -> Value:
    if judgement is None:
        return None
    return judgement.band.value if name == "band" else judgement.percentage


@dataclass(frozen=True, slots=True)
class PageRow:
    """A row of a table: its key on the sheet, and the value of each column."""

    key: str
    values: Mapping[str, Value]


def rows_of(page: FormPage, table: str) -> list[PageRow]:
    """The present rows of a table."""
    declaration = page.declaration
    if declaration is None:
        return []
    if table in ("details", "assets"):
        return [
            PageRow(str(at), {name: getattr(row, name) for name in row.__dataclass_fields__})
            for at, row in enumerate(getattr(declaration, table), 1)
        ]
    goals = declaration.long_term if table.startswith("long_") else declaration.goals
    if table.endswith("goals"):
        return [_goal(goal) for goal in goals]
    return [_indicator(page, goal, row) for goal in goals for row in goal.indicators]


def number_of(goal: GoalSnapshot) -> str:
    return goal.key.removeprefix("L")


def is_plain(goals: Sequence[GoalSnapshot]) -> bool:
    """Whether the indicators stand under no goals: one of number 0 at most, without text."""
    return all(goal.key.endswith("0") and len(goal.key) <= 2 and not goal.text for goal in goals)


def _goal(goal: GoalSnapshot) -> PageRow:
    number = number_of(goal)
    return PageRow(goal.key, {"number": number, "text": goal.text, "weight": goal.weight})


def _indicator(page: FormPage, goal: GoalSnapshot, row: IndicatorSnapshot) -> PageRow:
    values: dict[str, Value] = {
        name: getattr(row, name) for name in row.__dataclass_fields__ if name != "key"
    }
    values |= {"goal": number_of(goal), "kind": row.kind.value}
    values["direction"] = row.direction.value if row.direction else ""
    result = page.evaluation.result_of(row.key) if page.evaluation else None
    return PageRow(row.key, values | _result(result or ResultSnapshot(row.key, "")))


def _result(result: ResultSnapshot) -> dict[str, Value]:
    return {
        "achieved": result.achieved,
        "band": _judged(result.judgement, "band"),
        "percentage": _judged(result.judgement, "percentage"),
        "deviation_reason": result.deviation_reason,
        "improvement_measure": result.improvement_measure,
    }
