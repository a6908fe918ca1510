"""The Jianghan budget as the product holds it: books and lists of its two units, in yuan.

Expenditure and revenue are entered by unit; totals, classes and the two-sided tables follow. What
was not published and had to be assumed (`Status.ASSUMED`) is marked so.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from budgets.workbook import (
    BudgetLists,
    CellSnapshot,
    ProcurementRow,
    ProjectBudget,
    ProjectFrequency,
    ProjectKind,
    Provenance,
    PurchasedServiceRow,
    UnitKind,
    WorkbookSnapshot,
)
from rulebook.amounts import MoneyUnit, to_yuan
from rulebook.classifications import read_catalogue
from tests.budgets import jianghan
from tests.budgets.jianghan import UNITS, Procurement, Project, Service, UnitBook, filled, unit_book

LAYOUT = "departmental_budget/jianghan_2023"
DEPARTMENT_NAME = "江汉区公安分局"
Place = tuple[str, str, str]

FUNCTION_COLUMNS = {"人员": "personnel", "公用": "operating", "项目": "project"}
THREE_PUBLIC = {
    "公务用车购置费": "vehicle_purchase",
    "公务用车运行费": "vehicle_operation",
    "公务接待费": "official_hospitality",
}
FREQUENCIES = {
    "经常性": ProjectFrequency.RECURRENT,
    "一次性": ProjectFrequency.ONE_OFF,
    "递延性": ProjectFrequency.MULTI_YEAR,
}


def yuan(wan: Decimal | None) -> Decimal | None:
    return None if wan is None else to_yuan(wan, MoneyUnit.WAN)


def expenditure(book: UnitBook) -> Iterator[tuple[Place, Decimal]]:
    """All of it is general public: the two expenditure tables hold the same figures."""
    basic: dict[str, Decimal] = {}
    for (code, column), value in book.functions.items():
        yield ("general_public_expenditure", code, FUNCTION_COLUMNS[column]), value
        if column == "项目":
            yield ("expenditure_sheet", code, "project"), value
        else:
            basic[code] = basic.get(code, Decimal(0)) + value
    for code, value in basic.items():
        yield ("expenditure_sheet", code, "basic"), value


def places_of(book: UnitBook) -> Iterator[tuple[Place, Decimal]]:
    revenue = {unit: filled(value) for unit, value in jianghan.read("derived")["revenue"]}
    yield ("revenue_sheet", "total", "appropriation_general_public"), revenue[book.unit]
    yield from expenditure(book)
    for (code, _), value in book.economic.items():
        side = "personnel" if code[:3] in ("301", "303") else "operating"
        yield ("general_public_basic_expenditure", code, side), value
    for item, value in book.three_public.items():
        yield ("three_public_expenses", "original_budget", THREE_PUBLIC[item]), value


ASSUMED_SHEETS = {"general_public_basic_expenditure", "three_public_expenses"}


def is_assumed(place: Place) -> bool:
    return place[0] in ASSUMED_SHEETS or (
        place[0] != "revenue_sheet" and place[2] != "project" and place[1].isdigit()
    )


def cell(place: Place, wan: Decimal) -> CellSnapshot:
    provenance = Provenance.ASSUMED if is_assumed(place) else Provenance.IMPORTED
    return CellSnapshot(*place, yuan(wan), provenance, unit="wan")


@cache
def book_of(unit: str) -> WorkbookSnapshot:
    source = unit_book(unit)
    cells = sorted((cell(*found) for found in places_of(source)), key=lambda c: c.ref)
    return WorkbookSnapshot(unit, source.name, UnitKind.ADMINISTRATIVE, LAYOUT, tuple(cells))


@cache
def books() -> tuple[WorkbookSnapshot, ...]:
    return tuple(book_of(unit) for unit in UNITS)


def frequency_of(project: Project) -> ProjectFrequency:
    """As the unit's declaration says; names differ in detail between the two tables."""
    rows = jianghan.read("declaration_money")["projects"]
    found = [row for row in rows if row[0] == project.unit]
    named = {row[1].removesuffix("项目"): row[2] for row in found}
    said = named.get(project.name.removesuffix("项目"), "经常性")
    return next(each for word, each in FREQUENCIES.items() if said.startswith(word))


def project_budget(project: Project) -> ProjectBudget:
    return ProjectBudget(
        code=project.code,
        name=project.name,
        book=project.unit,
        functional_code=project.function,
        kind=ProjectKind.SPECIFIC_TARGET,
        frequency=frequency_of(project),
        general_public=yuan(project.general_public),
        unit="wan",
    )


def code_of(unit: str, name: str) -> str:
    """The code of the project a purchase names; empty under operating costs."""
    return next((p.code for p in jianghan.projects() if (p.unit, p.name) == (unit, name)), "")


def procurement_row(number: int, row: Procurement) -> ProcurementRow:
    return ProcurementRow(
        book=row.unit,
        number=number,
        project_code=code_of(row.unit, row.project),
        project_name=row.project,
        item_code=row.item.code,
        item_name=row.item.name,
        functional_code=row.function.code,
        economic_code=row.economic.code,
        funding_source=row.source,
        fund_nature=row.nature,
        quantity=row.quantity,
        unit_price=yuan(row.unit_price),
        measure=row.measure,
        amount=yuan(row.amount),
        sme_amount=yuan(row.for_medium_and_small),
        micro_amount=yuan(row.for_micro),
        unit="wan",
    )


def service_row(number: int, row: Service) -> PurchasedServiceRow:
    return PurchasedServiceRow(
        book=row.unit,
        number=number,
        includes_procurement=row.in_procurement,
        project_code=code_of(row.unit, row.project),
        project_name=row.project,
        content=row.content,
        quantity=row.quantity,
        amount=yuan(row.amount),
        funding_source=row.source,
        fund_nature=row.nature,
        functional_code=row.function.code,
        economic_code=row.economic.code,
        directory_tier_one=row.directory[0],
        directory_tier_two=row.directory[1],
        directory_tier_three=row.directory[2],
        unit="wan",
    )


@cache
def lists() -> BudgetLists:
    sources = [unit_book(unit) for unit in UNITS]
    return BudgetLists(
        tuple(project_budget(project) for project in jianghan.projects()),
        tuple(
            procurement_row(number, row)
            for source in sources
            for number, row in enumerate(source.procurement, 1)
        ),
        tuple(
            service_row(number, row)
            for source in sources
            for number, row in enumerate(source.services, 1)
        ),
    )


@cache
def code_names() -> dict[str, str]:
    """The catalogues of 2023."""
    return {
        row.code: row.name
        for name in ("functional_2023", "departmental_economic_2023")
        for row in read_catalogue(name)
    }
