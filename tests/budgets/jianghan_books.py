"""The Jianghan budget as the product holds it: books and lists of its two units, in yuan.

Expenditure and revenue are entered by unit; totals, classes and the two-sided tables follow. What
was not published and had to be assumed (`Status.ASSUMED`) is marked so. Purchases are spelled as
the document prints them and stand under the project they mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from itertools import chain

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
from disclosures.filing_package import CodeLabel
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
THREE_PUBLIC_2022 = THREE_PUBLIC | {"因公出国（境）费": "overseas_travel"}
COUNTED = {
    "authorized_headcount": "staff_positions",
    "actual_headcount": "staff_in_post",
    "retirees": "staff_retired_all",
    "vehicles_law_enforcement": "vehicles_law",
    "vehicles_special": "vehicles_special",
}
DECLARED_FUNDS = {"人员": "personnel", "公用": "operating", "项目": "specific_target"}
PLANNED = "original_budget"
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


def total(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))


def funds(book: UnitBook) -> Iterator[tuple[Place, Decimal]]:
    """The money block of the unit's overall declaration, as its tables have it."""
    sums = {
        row: total(v for (_, column), v in book.functions.items() if column == word)
        for word, row in DECLARED_FUNDS.items()
    }
    for row, value in (sums | {"appropriation": total(sums.values())}).items():
        yield ("overall_performance_funds", row, PLANNED), value


def information(book: UnitBook) -> Iterator[tuple[Place, Decimal]]:
    """What the text says of the unit's running costs and purchases, as its lists have it."""
    bought, kinds = book.procurement, {"goods": "A", "works": "B", "services": "C"}
    found = {
        f"procurement_{kind}": total(r.amount for r in bought if r.item.code.startswith(letter))
        for kind, letter in kinds.items()
    }
    found |= {
        "procurement_total": total(row.amount for row in bought),
        "procurement_sme": total(row.for_medium_and_small for row in bought),
        "procurement_micro": total(row.for_micro for row in bought),
        "purchased_services": total(row.amount for row in book.services),
        "operating_funds": total(v for (_, c), v in book.functions.items() if c == "公用"),
    }
    for row, value in found.items():
        yield ("institution_information", row, PLANNED), value


def last_year(unit: str) -> Iterator[tuple[Place, Decimal]]:
    """A unit's part of the budget of 2022, which follows from the text for the department only:
    split as the budget of 2023 is, the first unit taking what rounding leaves."""
    derived = jianghan.read("derived")
    classes = {
        code: split(filled(value), {u: of_class(unit_book(u), code) for u in UNITS})[unit]
        for code, value in derived["class_2022"]
        if code.isdigit()
    }
    items = {
        THREE_PUBLIC_2022[item]: split(
            filled(value), {u: unit_book(u).three_public.get(item, Decimal(0)) for u in UNITS}
        )[unit]
        for item, value in derived["three_public_2022"]
    }
    totals = dict.fromkeys(("grand_total", "general_public_expenditure"), sum(classes.values()))
    for row, amount in (classes | items | totals).items():
        yield ("comparatives", row, "prior_year"), Decimal(amount)


def of_class(book: UnitBook, code: str) -> Decimal:
    return total(value for (item, _), value in book.functions.items() if item.startswith(code))


def split(whole: Decimal, weights: dict[str, Decimal]) -> dict[str, Decimal]:
    """A figure of the department divided among its units in proportion to their weights."""
    first, *others = weights
    parts = {unit: cents(whole * weights[unit] / (total(weights.values()) or 1)) for unit in others}
    return {first: whole - total(parts.values())} | parts


def of_the_department(unit: str) -> Iterator[CellSnapshot]:
    """What is published of the department only, marked as assumed: last year's budget, split, and
    in the book of the first unit people and vehicles."""
    for place, wan in last_year(unit):
        yield CellSnapshot(*place, yuan(wan), Provenance.ASSUMED, unit="wan")
    for row, name in COUNTED.items() if unit == UNITS[0] else ():
        number = jianghan.text_figures()[name]
        place = ("institution_information", row, PLANNED)
        yield CellSnapshot(*place, number, Provenance.ASSUMED, unit="", decimals=0)


def places_of(book: UnitBook) -> Iterator[tuple[Place, Decimal]]:
    revenue = {unit: filled(value) for unit, value in jianghan.read("derived")["revenue"]}
    yield ("revenue_sheet", "total", "appropriation_general_public"), revenue[book.unit]
    yield from expenditure(book)
    for (code, _), value in book.economic.items():
        side = "personnel" if code[:3] in ("301", "303") else "operating"
        yield ("general_public_basic_expenditure", code, side), value
    for item, value in book.three_public.items():
        yield ("three_public_expenses", PLANNED, THREE_PUBLIC[item]), value
    yield from funds(book)
    yield from information(book)


def is_assumed(place: Place) -> bool:
    """Whether the unit's share had to be assumed: of basic expenditure by code, and of 三公 but
    for the vehicles it buys."""
    sheet, _, column = place
    if sheet in ("general_public_expenditure", "expenditure_sheet"):
        return column != "project"
    return sheet == "general_public_basic_expenditure" or (
        sheet == "three_public_expenses" and column != "vehicle_purchase"
    )


def cell(place: Place, wan: Decimal) -> CellSnapshot:
    provenance = Provenance.ASSUMED if is_assumed(place) else Provenance.IMPORTED
    return CellSnapshot(*place, yuan(wan), provenance, unit="wan")


@cache
def book_of(unit: str) -> WorkbookSnapshot:
    source = unit_book(unit)
    own = (cell(*found) for found in places_of(source))
    cells = sorted(chain(own, of_the_department(unit)), key=lambda c: c.ref)
    return WorkbookSnapshot(unit, source.name, UnitKind.ADMINISTRATIVE, LAYOUT, tuple(cells))


@cache
def books() -> tuple[WorkbookSnapshot, ...]:
    return tuple(book_of(unit) for unit in UNITS)


def frequency_of(project: Project) -> ProjectFrequency:
    """As the unit's declaration says, which spells names in its own way: known by the amount."""
    rows = [row for row in jianghan.read("declaration_money")["projects"] if row[2]]
    (said,) = [r[2] for r in rows if (r[0], cents(filled(r[4]))) == (project.unit, project.amount)]
    return next(each for word, each in FREQUENCIES.items() if said.startswith(word))


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


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
    """The project a purchase means: the unit's with the nearest name; none for operating costs."""
    mine = {p.name: p.code for p in jianghan.projects() if p.unit == unit}
    found = get_close_matches(name, mine, n=1)
    return mine[found[0]] if found else ""


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
def labels() -> tuple[CodeLabel, ...]:
    """The catalogues of 2023."""
    return tuple(
        CodeLabel(tree, row.code, row.name, row.definition, row.verified)
        for tree in ("functional", "departmental_economic")
        for row in read_catalogue(f"{tree}_2023")
    )


@cache
def code_names() -> dict[str, str]:
    return {label.code: label.name for label in labels()}
