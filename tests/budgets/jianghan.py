"""The budget 2023 of 118 (Jianghan) and its two units as plain values, read from tests/cases.

Amounts are in 万元, as published; None is an empty cell. `Status` says what a figure is worth:
printed in the document, derived from printed figures, or assumed because it was not published.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

CASES = Path(__file__).parents[1] / "cases" / "jianghan"
DEPARTMENT = "118"
UNITS = ("118001", "118002")

Row = tuple[str, ...]
Cells = dict[tuple[str, str], Decimal]


class Status(StrEnum):
    """Whether a figure was printed, follows from printed ones, or had to be assumed."""

    PUBLISHED = "published"
    DERIVED = "derived"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Table:
    """One table as printed: header rows, flat column names, rows of text."""

    name: str
    title: str
    source: str
    status: Status
    unit_printed: str
    header: tuple[Row, ...]
    columns: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Coded:
    """A catalogue value as printed, `[2040202]一般行政管理事务`."""

    code: str
    name: str


@dataclass(frozen=True)
class Project:
    """One row of 项目支出预算表; `function` is derived, the document does not print it."""

    code: str
    name: str
    unit: str
    amount: Decimal
    general_public: Decimal
    function: str


@dataclass(frozen=True)
class Procurement:
    """One row of 政府采购预算表; amounts in 万元, `project` as that table spells it."""

    unit: str
    unit_name: str
    project: str
    item: Coded
    function: Coded
    economic: Coded
    source: str
    nature: str
    quantity: Decimal
    unit_price: Decimal
    measure: str
    amount: Decimal
    for_medium_and_small: Decimal | None
    for_micro: Decimal | None


@dataclass(frozen=True)
class Service:
    """One row of 政府向社会力量购买服务预算表; amounts in 万元."""

    unit: str
    in_procurement: bool
    project: str
    content: str
    quantity: Decimal
    amount: Decimal
    source: str
    nature: str
    function: Coded
    economic: Coded
    directory: tuple[str, str, str]


@dataclass(frozen=True)
class UnitBook:
    """What one unit would file: cells by (row code, column), amounts in 万元."""

    unit: str
    name: str
    functions: Cells
    economic: Cells
    three_public: dict[str, Decimal]
    projects: tuple[Project, ...]
    procurement: tuple[Procurement, ...]
    services: tuple[Service, ...]


@cache
def read(name: str) -> dict[str, Any]:
    with (CASES / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def amount(text: str) -> Decimal | None:
    """Return a printed figure (`1,048.48`, `13.83%`, `273.92万元`), or None for an empty cell."""
    plain = text.replace(",", "").removesuffix("万元").removesuffix("%")
    return Decimal(plain) if plain else None


def filled(text: str) -> Decimal:
    """Return the figure of a cell that is never empty."""
    value = amount(text)
    assert value is not None
    return value


def coded(text: str) -> Coded:
    found = re.fullmatch(r"\[(\w+)\](.+)", text)
    assert found, text
    return Coded(found[1], found[2])


def read_table(name: str) -> Table:
    data = read(name)
    return Table(
        name=name,
        title=data["title"],
        source=data["source"],
        status=Status(data["status"]),
        unit_printed=data["unit_printed"],
        header=tuple(tuple(row) for row in data["header"]),
        columns=tuple(data["columns"]),
        rows=tuple(tuple(row) for row in data["rows"]),
    )


def cells(name: str, labels: int = 2) -> Cells:
    """Return the filled cells of a file of rows by (row code, column); the 合计 row is `合计`.

    The first `labels` columns name the row and hold no amounts.
    """
    data = read(name)
    return {
        (row[0] or "合计", column): filled(text)
        for row in data["rows"]
        for column, text in list(zip(data["columns"], row, strict=True))[labels:]
        if text
    }


def side(name: str, of: str) -> list[tuple[str, Decimal | None]]:
    """Return one side (收入 or 支出) of a two-sided table, in order; items may occur twice."""
    table = read_table(name)
    at = table.columns.index(f"{of}项目")
    return [(row[at], amount(row[at + 1])) for row in table.rows if row[at]]


def unit_of_projects() -> Iterator[tuple[str, Row]]:
    """Yield each row of a project with the unit whose heading it stands under."""
    unit = ""
    for row in read_table("projects").rows:
        unit = row[0] if row[0] in UNITS else unit
        if "T" in row[0]:
            yield unit, row


def projects() -> tuple[Project, ...]:
    home = dict(read("derived")["project_function"])
    return tuple(
        Project(row[0], row[1], unit, filled(row[3]), filled(row[4]), home[row[0]])
        for unit, row in unit_of_projects()
    )


def procurement() -> tuple[Procurement, ...]:
    return tuple(
        Procurement(
            unit=row[0],
            unit_name=row[1],
            project=row[2],
            item=coded(row[3]),
            function=coded(row[4]),
            economic=coded(row[5]),
            source=row[6],
            nature=row[7],
            quantity=filled(row[8]),
            unit_price=filled(row[9]),
            measure=row[10],
            amount=filled(row[11]),
            for_medium_and_small=amount(row[12]),
            for_micro=amount(row[13]),
        )
        for row in read_table("procurement").rows
        if row[2]
    )


def services() -> tuple[Service, ...]:
    return tuple(
        Service(
            unit=row[0],
            in_procurement=row[2] == "是",
            project=row[3],
            content=row[4],
            quantity=filled(row[5]),
            amount=filled(row[6]),
            source=row[7],
            nature=row[8],
            function=coded(row[9]),
            economic=coded(row[10]),
            directory=(row[11], row[12], row[13]),
        )
        for row in read_table("purchased_services").rows
        if row[3]
    )


def text_figures() -> dict[str, Decimal]:
    """Return the figures of the text by their name in texts.toml; rates in percent."""
    return {name: filled(value) for name, _, _, value, _ in read("texts")["texts"]}


def unit_functions(unit: str) -> Cells:
    """Return a unit's expenditure by function (columns 人员, 公用, 项目); an assumed split."""
    found = cells("basic_by_function_unit", labels=1)
    return {
        (code, column.removeprefix(f"{unit}·")): value
        for (code, column), value in found.items()
        if column.startswith(unit) and code != "合计"
    }


def unit_economic(unit: str) -> Cells:
    """Return a unit's basic expenditure by economic 款 (column 金额); an assumed split."""
    found = cells("basic_by_economic_unit", labels=1)
    return {(code, "金额"): value for (code, column), value in found.items() if column == unit}


def unit_three_public(unit: str) -> dict[str, Decimal]:
    """Return a unit's 三公: hospitality and operation as assumed, purchases as procured."""
    economic = unit_economic(unit)
    bought = (r.amount for r in procurement() if r.unit == unit and r.economic.code == "31013")
    return {
        "公务用车购置费": sum(bought, Decimal(0)),
        "公务用车运行费": economic["30231", "金额"],
        "公务接待费": economic["30217", "金额"],
    }


def unit_book(unit: str) -> UnitBook:
    names = {row[0]: row[1] for row in read_table("by_unit").rows}
    return UnitBook(
        unit=unit,
        name=names[unit],
        functions=unit_functions(unit),
        economic=unit_economic(unit),
        three_public=unit_three_public(unit),
        projects=tuple(project for project in projects() if project.unit == unit),
        procurement=tuple(row for row in procurement() if row.unit == unit),
        services=tuple(row for row in services() if row.unit == unit),
    )
