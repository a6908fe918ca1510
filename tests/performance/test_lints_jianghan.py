"""The published declarations of Jianghan 2023: the contradictions people found, and no others."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from typing import Any

from performance.checks import lint_filing
from performance.evaluation import (
    DEPARTMENT,
    DeclarationSnapshot,
    Direction,
    FormAmount,
    GoalSnapshot,
    IndicatorKind,
    IndicatorSnapshot,
    unit_subject,
)
from performance.form_figures import FilingRecords
from performance.reading import Comparator, ReadingKind, read
from rulebook.amounts import MoneyUnit, parse_amount
from rulebook.findings import Finding
from rulebook.forms import BlockKind, load_form
from tests.budgets import jianghan
from tests.budgets.jianghan_books import books, project_budget
from tests.performance.values import CASES

SIGNS = {
    Comparator.AT_MOST: Direction.LOWER_IS_BETTER,
    Comparator.LESS: Direction.LOWER_IS_BETTER,
}
KINDS = {
    ReadingKind.NUMBER: IndicatorKind.QUANTITATIVE,
    ReadingKind.RANGE: IndicatorKind.RANGE,
    ReadingKind.TREND: IndicatorKind.TREND,
    ReadingKind.RANK: IndicatorKind.RANK,
}
COLUMNS = ("this_year", "two_years_before", "last_year")
UNITS = ("118001", "118002")
TRAFFIC = "42010322118"


def read_case(name: str) -> dict[str, Any]:
    return tomllib.loads((CASES / "jianghan" / f"{name}.toml").read_text("utf-8"))


def subject_of(declared: str) -> str:
    if declared == "118":
        return DEPARTMENT
    return unit_subject(declared) if declared in UNITS else declared


def form_of(declared: str) -> str:
    kind = "department" if declared in ("118", *UNITS) else "project"
    is_traffic = declared == "118002" or declared.startswith(TRAFFIC)
    return f"{kind}_targets/jianghan_2023{'_traffic' if is_traffic else ''}"


def indicator(key: str, row: list[str]) -> IndicatorSnapshot:
    reading = read(row[5])
    kind = IndicatorKind.QUALITATIVE if reading.question else KINDS.get(reading.kind)
    return IndicatorSnapshot(
        key=key, tier_one="", tier_two="", name=row[2],
        kind=kind or IndicatorKind.QUALITATIVE,
        direction=SIGNS.get(reading.comparator, Direction.HIGHER_IS_BETTER),
        target=row[5], weight=None, two_years_before=row[3], last_year=row[4],
    )  # fmt: skip


def goals(rows: list[list[str]], prefix: str) -> tuple[GoalSnapshot, ...]:
    named: dict[str, list[list[str]]] = defaultdict(list)
    for row in rows:
        named[row[1]].append(row)
    return tuple(
        GoalSnapshot(
            f"{prefix}{n}", text, None,
            tuple(indicator(f"{prefix}{n}.{i}", row) for i, row in enumerate(found, 1)),
        )
        for n, (text, found) in enumerate(named.items(), 1)
    )  # fmt: skip


def amounts(declared: str) -> tuple[FormAmount, ...]:
    form = load_form(form_of(declared))
    rows = {r.label: (b.key, r.key) for b in form.blocks_of(BlockKind.MONEY) for r in b.rows}
    sides = {"收入": "revenue", "支出": "expenditure"}
    found = []
    for of, side, label, this_year, _, *before in read_case("declaration_money")["rows"]:
        if of != declared:
            continue
        key = "total" if label == "合计" else rows[label][1]
        for column, wan in zip(COLUMNS, (this_year, *before), strict=True):
            amount = parse_amount(wan, MoneyUnit.WAN)
            if amount is not None:
                found.append(FormAmount(sides[side], key, column, amount, "wan"))
    return tuple(found)


def declarations() -> list[DeclarationSnapshot]:
    rows: dict[str, list[list[str]]] = defaultdict(list)
    for row in read_case("indicators")["rows"]:
        rows[row[0]].append(row)
    found = []
    for declared in ("118", *UNITS, *(k for k in rows if k not in UNITS)):
        of = rows.get(declared, [])
        found.append(
            DeclarationSnapshot(
                subject_of(declared), "甲",
                goals([r for r in of if r[1].startswith("年度")], ""),
                form=form_of(declared), long_term_objective="乙",
                long_term=goals([r for r in of if r[1].startswith("长期")], "L"),
                amounts=amounts(declared) if declared in ("118", *UNITS) else (),
            )
        )  # fmt: skip
    return found


def findings() -> list[Finding]:
    budgets = tuple(map(project_budget, jianghan.projects()))
    return lint_filing(declarations(), FilingRecords(2023, "118", "示例", books(), budgets))


def said(id: str) -> set[tuple[str, str]]:
    return {(str(f.left), str(f.right)) for f in findings() if f.check_id == id}


def test_the_three_indicators_that_differ_between_the_unit_and_its_projects() -> None:
    assert said("PT-203") == {("≥230 台", "≥220 台"), ("≥372条", "≥365 条"), ("≥90%", "≥95%")}


def test_a_target_easier_than_last_year() -> None:
    assert said("PT-206") == {("<39876起", "<39025起"), ("33条", "35条")}


def test_the_unit_that_was_larger_than_the_department() -> None:
    totals = {f.difference / 10_000 for f in findings() if f.check_id == "PT-216" and f.difference}
    assert {str(d.quantize(d.__class__("0.01"))) for d in totals} == {"10961.72", "1902.71"}


def test_findings_name_units_and_projects_and_never_their_codes() -> None:
    codes = {project.code for project in jianghan.projects()} | set(UNITS)
    found = findings()
    assert {f.check_id for f in found} >= {"PT-203", "PT-206", "PT-216"}
    words = [f"{f.label} {f.message}" for f in found]
    assert [text for text in words if any(code in text for code in codes)] == []
    larger = [f.message for f in found if f.check_id == "PT-216"]
    assert all(message.startswith(tuple(b.name for b in books())) for message in larger)


def test_units_of_last_year_that_do_not_add_up() -> None:
    assert {str((f.difference or 0) / 10_000) for f in findings() if f.check_id == "PT-217"} == {
        "10466.47"
    }


def test_this_years_money_adds_up() -> None:
    assert not {f.check_id for f in findings()} & {"PT-213", "PT-214", "PT-215"}
