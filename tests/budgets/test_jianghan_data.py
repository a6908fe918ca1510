"""The published Jianghan budget as data: what agrees, what contradicts itself, nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.budgets import jianghan
from tests.budgets.jianghan import CASES, UNITS, Status, amount, cells, filled
from tests.budgets.jianghan_comparisons import Comparison, figures, total
from tests.budgets.jianghan_declarations import declarations
from tests.budgets.jianghan_projects import disagree, project_declarations

CONTRADICTIONS = jianghan.read("contradictions")["contradiction"]
TABLES = (
    "summary", "expenditure_summary", "appropriation_summary", "by_function", "by_unit",
    "basic_by_economic", "three_public", "government_fund", "projects", "procurement",
    "purchased_services",
)  # fmt: skip
AMOUNT = re.compile(r"\d{1,3}(,\d{3})*\.\d\d")
PHONE = re.compile(r"(?<![\dT])1[3-9]\d{9}(?!\d)|0\d{2,3}-\d{7,8}")


def every_comparison() -> list[Comparison]:
    return [*figures(), *declarations(), *project_declarations()]


@pytest.fixture(scope="module")
def compared() -> dict[str, Comparison]:
    found = every_comparison()
    assert max(Counter(one.name for one in found).values()) == 1
    return {one.name: one for one in found}


@pytest.mark.parametrize("listed", CONTRADICTIONS, ids=lambda one: one["id"])
def test_listed_contradiction_is_proved(
    listed: dict[str, Any], compared: dict[str, Comparison]
) -> None:
    found = compared[listed["id"]]
    assert not found.agrees
    assert listed["relation"] == found.relation
    assert (listed["first"], listed["second"]) == (found.first, found.second)
    if "difference" in listed:
        assert filled(listed["difference"]) == found.difference != 0


def test_nothing_else_disagrees(compared: dict[str, Comparison]) -> None:
    wrong = {name for name, one in compared.items() if not one.agrees}
    assert wrong == {listed["id"] for listed in CONTRADICTIONS}
    assert len(compared) - len(wrong) > 800


def test_every_relation_is_explained() -> None:
    explained = jianghan.read("contradictions")["relations"]
    assert set(explained) == {listed["relation"] for listed in CONTRADICTIONS}
    assert all(len(listed["where"]) == 2 for listed in CONTRADICTIONS)


@pytest.mark.parametrize("name", TABLES)
def test_amounts_are_kept_as_printed(name: str) -> None:
    table = jianghan.read_table(name)
    assert table.status == Status.PUBLISHED
    assert all(len(row) == len(table.columns) for row in (*table.rows, *table.header))
    printed = [cell for row in table.rows for cell in row if re.fullmatch(r"[\d,]+\.\d+", cell)]
    assert all(AMOUNT.fullmatch(cell) for cell in printed)
    assert printed or name == "government_fund"


@pytest.mark.parametrize(
    ("name", "rows"),
    [("summary", 28), ("expenditure_summary", 22), ("appropriation_summary", 28),
     ("by_function", 22), ("by_unit", 4), ("basic_by_economic", 45), ("three_public", 1),
     ("government_fund", 1), ("projects", 32), ("procurement", 38), ("purchased_services", 10)],
)  # fmt: skip
def test_no_row_is_lost(name: str, rows: int) -> None:
    assert len(jianghan.read_table(name).rows) == rows


def test_headline_totals() -> None:
    units = cells("by_unit")
    assert units["合计", "合计"] == Decimal("89052.55")
    assert units["118001", "合计"] == Decimal("73380.06")
    assert units["118002", "合计"] == Decimal("15672.49")
    mine = {u: total(p.amount for p in jianghan.projects() if p.unit == u) for u in UNITS}
    assert mine == {"118001": Decimal("23846.85"), "118002": Decimal("5280.49")}
    assert Counter(p.unit for p in jianghan.projects()) == {"118001": 15, "118002": 11}
    assert len(jianghan.procurement()) == 36
    assert len(jianghan.services()) == 8


@pytest.mark.parametrize(
    ("function", "expected"),
    [("2040202", "20384.57"), ("2040219", "4758.54"), ("2040220", "2805.62"),
     ("2040221", "1178.61")],
)  # fmt: skip
def test_projects_have_a_function(function: str, expected: str) -> None:
    mine = total(p.amount for p in jianghan.projects() if p.function == function)
    assert mine == Decimal(expected) == cells("expenditure_summary")[function, "项目支出"]


def test_derived_figures() -> None:
    derived = jianghan.read("derived")
    assert derived["status"] == Status.DERIVED
    classes = {code: filled(value) for code, value in derived["class_2022"]}
    assert classes.pop("合计") == sum(classes.values()) == Decimal("103347.29")
    now = cells("expenditure_summary")
    text = jianghan.text_figures()
    for code in ("204", "210", "221"):
        assert classes[code] - now[code, "合计"] == text[f"change_{code}"]
    assert classes["208"] == Decimal("5030.42")
    before = {name: filled(value) for name, value in derived["three_public_2022"]}
    assert before["公务接待费"] == text["hospitality"] + text["hospitality_change"]
    assert before["公务用车购置费"] == text["vehicle_purchase"] + text["vehicle_purchase_change"]
    assert before["公务用车运行费"] == text["vehicle_operation"] + text["vehicle_operation_change"]
    revenue = {unit: filled(value) for unit, value in derived["revenue"]}
    assert revenue == {u: cells("by_unit")[u, "合计"] for u in ("118", *UNITS)}


def test_assumed_functions_add_up_to_the_published() -> None:
    assert jianghan.read("basic_by_function_unit")["status"] == Status.ASSUMED
    published = cells("by_function")
    columns = {"人员": "基本支出·人员经费", "公用": "基本支出·公用经费", "项目": "项目支出"}
    books = [jianghan.unit_functions(unit) for unit in UNITS]
    codes = {code for code, _ in published if len(code) == 7}
    assert {code for book in books for code, _ in book} == codes
    for code in codes:
        for column, printed in columns.items():
            summed = total(book.get((code, column)) for book in books)
            assert summed == published.get((code, printed), Decimal(0))
    for unit, book in zip(UNITS, books, strict=True):
        for column, printed in columns.items():
            summed = total(v for (_, c), v in book.items() if c == column)
            assert summed == cells("by_unit")[unit, printed]


def test_assumed_economic_codes_add_up_to_the_published() -> None:
    assert jianghan.read("basic_by_economic_unit")["status"] == Status.ASSUMED
    published = cells("basic_by_economic")
    books = {unit: jianghan.unit_economic(unit) for unit in UNITS}
    codes = {code for code, column in published if len(code) == 5 and column == "合计"}
    assert {code for book in books.values() for code, _ in book} == codes
    for code in codes:
        summed = total(book[code, "金额"] for book in books.values())
        assert summed == published[code, "合计"]
    for unit, book in books.items():
        staff = total(v for (code, _), v in book.items() if code[:3] in ("301", "303"))
        assert staff == cells("by_unit")[unit, "基本支出·人员经费"]
        assert total(book.values()) == cells("by_unit")[unit, "基本支出·小计"]


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_book_is_consistent(unit: str) -> None:
    """Function and economic codes that must match do so in each unit."""
    book = jianghan.unit_book(unit)
    economic = {code: value for (code, _), value in book.economic.items()}
    for function, parts in {
        "2080505": ("30108",), "2101101": ("30110",), "2210201": ("30113",),
        "2101103": ("30111", "30307"),
    }.items():  # fmt: skip
        assert book.functions[function, "人员"] == sum(economic[part] for part in parts)
    for (code, column), value in book.functions.items():
        if column == "项目":
            assert total(p.amount for p in book.projects if p.function == code) == value
    assert {row.unit for row in book.procurement} == {unit}
    assert {row.unit for row in book.services} <= {unit}


def test_units_add_up_to_the_three_public_table() -> None:
    public = jianghan.read_table("three_public")
    printed = dict(zip(public.columns, public.rows[0], strict=True))
    books = [jianghan.unit_three_public(unit) for unit in UNITS]
    for item, column in (
        ("公务用车购置费", "公务用车购置及运行费·公务用车购置费"),
        ("公务用车运行费", "公务用车购置及运行费·公务用车运行费"),
        ("公务接待费", "公务接待费"),
    ):
        assert sum(book[item] for book in books) == amount(printed[column])


def test_no_person_and_no_phone() -> None:
    for file in CASES.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        assert not PHONE.search(text)
        assert "〔" not in text
        assert "填报人" not in text
        assert "负责人" not in text


def published_cells() -> Iterator[tuple[str, int, int]]:
    """Each amount of the tables whose every figure is part of a sum."""
    for name in ("expenditure_summary", "by_function", "by_unit", "basic_by_economic", "projects"):
        for at, row in enumerate(jianghan.read_table(name).rows):
            yield from ((name, at, to) for to, cell in enumerate(row) if AMOUNT.fullmatch(cell))


@pytest.mark.parametrize(("name", "at", "to"), list(published_cells())[::23])
def test_a_wrong_figure_would_be_seen(
    name: str, at: int, to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [list(row) for row in jianghan.read(name)["rows"]]
    rows[at][to] = f"{filled(rows[at][to]) + Decimal('0.01'):,}"
    monkeypatch.setitem(jianghan.read(name), "rows", rows)
    wrong = {one.name for one in figures() if not one.agrees}
    assert wrong - {listed["id"] for listed in CONTRADICTIONS}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("≥220 台", "≥230 台", True), ("98%", "≥98%", False), ("=80%", "≥80%", True),
     ("100%", "≥55万起", False), ("前3名", "前 3 名", False), ("<39876起", "<39876起", False)],
)  # fmt: skip
def test_targets_that_disagree(first: str, second: str, expected: bool) -> None:
    assert disagree(first, second) is expected
