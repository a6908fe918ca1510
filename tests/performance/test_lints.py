"""Lints of declarations: an agreeing set of forms says nothing, a change exactly what is named."""

from __future__ import annotations

import copy
import time
import tomllib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from budgets.workbook import (
    CellSnapshot,
    ProjectBudget,
    ProjectFrequency,
    ProjectKind,
    UnitKind,
    WorkbookSnapshot,
)
from performance.checks import CATALOGUE, LintContext, lint_declaration, lint_filing
from performance.evaluation import (
    DEPARTMENT,
    DeclarationSnapshot,
    ExpenditureDetail,
    FieldText,
    FormAmount,
    GoalSnapshot,
    IndicatorSnapshot,
    unit_subject,
)
from performance.form_figures import FilingRecords
from performance.scoring import load_parameters
from rulebook.amounts import from_wan
from rulebook.findings import Finding
from rulebook.forms import load_form
from tests.performance.values import CASES, DIRECTIONS, KINDS, PROJECT_CODE

SOURCE = tomllib.loads((CASES / "performance" / "lints.toml").read_text("utf-8"))
UNITS = {"甲": "999001", "乙": "999002"}
SUBJECTS = {
    "department": DEPARTMENT,
    "unit_a": unit_subject(UNITS["甲"]),
    "unit_b": unit_subject(UNITS["乙"]),
    "project": PROJECT_CODE,
}
COLUMNS = ("original_budget", "prior_year", "second_prior_year")
PLACEHOLDERS = load_parameters("self_evaluation/wuhan_2023").placeholders


def yuan(wan: str) -> Decimal:
    return from_wan(Decimal(wan))


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    """The agreeing forms with some places changed."""
    data: Any = copy.deepcopy(SOURCE)
    for path, value in changes.items():
        *head, last = path.split(".", 2) if ".amounts." in path else path.split(".")
        place = data
        for key in head:
            place = place[int(key)] if key.isdecimal() else place.setdefault(key, {})
        key = int(last) if isinstance(place, list) else last
        if value == "删去":
            del place[key]
        else:
            place[key] = value
    return data


def goal(prefix: str, rows: list[dict[str, Any]]) -> tuple[GoalSnapshot, ...]:
    indicators = tuple(
        IndicatorSnapshot(
            key=f"{prefix}.{number}",
            tier_one=row["tier_one"],
            tier_two=row["tier_two"],
            name=row["name"],
            kind=KINDS[row.get("kind", "定量")],
            direction=DIRECTIONS[row.get("direction", "正向")],
            target=row["target"],
            weight=None,
            last_year=row.get("last_year", ""),
            feeds=row.get("feeds", ""),
        )
        for number, row in enumerate(rows, 1)
    )
    return (GoalSnapshot(prefix, "", None, indicators),) if rows else ()


def detail(row: dict[str, str]) -> ExpenditureDetail:
    money = {k: yuan(row[k]) for k in ("own_level", "transfer", "other") if k in row}
    return ExpenditureDetail(row["content"], row["calculation"], **money, unit="wan")


def declaration(name: str, data: dict[str, Any]) -> DeclarationSnapshot:
    table = data[name]
    amounts = table.get("amounts", {}).items()
    return DeclarationSnapshot(
        subject=SUBJECTS[name],
        objective=table["objective"],
        goals=goal("0", table["annual"]),
        form=table["form"],
        long_term_objective=table["long_term_objective"],
        long_term=goal("L0", table["long_term"]),
        fields=tuple(FieldText(key, text) for key, text in table["fields"].items()),
        amounts=tuple(FormAmount(*at.split("/"), yuan(wan), "wan") for at, wan in amounts),
        details=tuple(map(detail, table.get("details", ()))),
    )


def book(unit: str, data: dict[str, Any]) -> WorkbookSnapshot:
    cells = [
        CellSnapshot("overall_performance_funds", row, column, yuan(wan), unit="wan")
        for key, amounts in data["records"].items()
        for of, row in [key.split(".")]
        if of == unit
        for column, wan in zip(COLUMNS, amounts, strict=True)
    ]
    return WorkbookSnapshot(
        UNITS[unit], unit, UnitKind.ADMINISTRATIVE, "departmental_budget/jianghan_2023",
        tuple(sorted(cells, key=lambda cell: cell.ref)),
    )  # fmt: skip


def project(data: dict[str, Any]) -> ProjectBudget:
    row = dict(data["record"])
    kind, frequency = ProjectKind(row.pop("kind")), ProjectFrequency(row.pop("frequency"))
    money = {key: yuan(wan) for key, wan in row.items()}
    return ProjectBudget(
        PROJECT_CODE, "示例项目", UNITS["甲"], "2040202", kind, frequency, **money, unit="wan"
    )


def records(data: dict[str, Any]) -> FilingRecords:
    books = tuple(book(unit, data) for unit in UNITS)
    return FilingRecords(2023, "999", "示例部门", books, (project(data),))


def lints(changes: dict[str, Any]) -> list[Finding]:
    data = changed(changes)
    declared = [declaration(name, data) for name in SUBJECTS]
    return lint_filing(declared, records(data), PLACEHOLDERS)


@pytest.mark.parametrize("case", SOURCE["case"], ids=lambda case: case["name"])
def test_a_change_says_exactly_what_is_named(case: dict[str, Any]) -> None:
    found = lints(case["changes"])
    assert sorted(finding.check_id for finding in found) == case["ids"], [
        (finding.check_id, finding.label, finding.message) for finding in found
    ]


@pytest.mark.parametrize(
    "entry", [e for e in CATALOGUE if e.id.startswith("PT-2")], ids=lambda e: e.id
)
def test_every_lint_has_a_case_that_fires(entry: Any) -> None:
    assert any(entry.id in case["ids"] for case in SOURCE["case"])


@pytest.mark.parametrize("case", SOURCE["case"], ids=lambda case: case["name"])
def test_a_finding_names_its_place_and_both_values(case: dict[str, Any]) -> None:
    for finding in lints(case["changes"]):
        assert finding.places[0].startswith("declaration/")
        assert finding.label
        assert finding.hint
        if isinstance(finding.left, Decimal) and isinstance(finding.right, Decimal):
            assert finding.difference == finding.left - finding.right != 0


def test_what_the_system_knows_was_achieved_stands_before_what_the_form_says() -> None:
    declared = declaration("project", SOURCE)
    form = load_form(declared.form)
    known = LintContext(achieved={"维护台数": "45台"})
    assert [f.check_id for f in lint_declaration(declared, form, known)] == ["PT-206"]


def test_rounding_in_ten_thousands_is_no_disagreement() -> None:
    """25 万元 declared to two decimals may be 250,049 元 exactly."""
    declared = declaration("project", SOURCE)
    rounded = replace(declared.details[0], calculation="民警100人×2500.49元/人")
    with_it = replace(declared, details=(rounded, declared.details[1]))
    assert lint_declaration(with_it, load_form(declared.form), LintContext()) == []


def test_an_evaluation_form_has_no_lints_of_its_own() -> None:
    declared = replace(declaration("project", SOURCE), form="project_evaluation/wuhan_2023")
    assert lint_filing([declared], records(SOURCE)) == []


def test_a_form_of_two_hundred_rows_is_judged_between_two_keystrokes() -> None:
    declared = declaration("department", SOURCE)
    goals = declared.goals[0]
    rows = tuple(
        replace(goals.indicators[n % 4], key=f"0.{n}", name=f"指标{n}") for n in range(1, 201)
    )
    large = replace(declared, goals=(replace(goals, indicators=rows),))
    started = time.perf_counter()
    lint_declaration(large, load_form(large.form), LintContext(overall=(large,)))
    assert time.perf_counter() - started < 1
