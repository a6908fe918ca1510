"""The Jianghan budget as a filing: its two units' books and lists as the document prints them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from functools import cache

from budgets.workbook import (
    CellSnapshot,
    ProcurementRow,
    ProjectBudget,
    ProjectFrequency,
    ProjectKind,
    PurchasedServiceRow,
    UnitKind,
    WorkbookSnapshot,
)
from disclosures.filing_package import CodeLabel, FilingPackage
from rulebook.classifications import read_catalogue
from tests.budgets import jianghan
from tests.budgets.checks.budget_books import budget_package
from tests.budgets.jianghan import UNITS, Procurement, Project, Service, UnitBook
from tests.budgets.jianghan_declarations import declared

WAN = Decimal(10000)
LAYOUT = "departmental_budget/jianghan_2023"
PLANNED = "original_budget"
PARTS = {"人员": "personnel", "公用": "operating", "项目": "project"}
THREE_PUBLIC = {
    "公务用车购置费": "vehicle_purchase",
    "公务用车运行费": "vehicle_operation",
    "公务接待费": "official_hospitality",
}
Places = dict[tuple[str, str, str], Decimal]


def _total(values: Iterator[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))


def _functions(book: UnitBook) -> Places:
    found: Places = {}
    for (code, column), value in book.functions.items():
        found["general_public_expenditure", code, PARTS[column]] = value
        key = ("expenditure_sheet", code, "project" if column == "项目" else "basic")
        found[key] = found.get(key, Decimal(0)) + value
    return found


def _economic(book: UnitBook) -> Places:
    return {
        ("general_public_basic_expenditure", code,
         "operating" if code.startswith("302") else "personnel"): value
        for (code, _), value in book.economic.items()
    }  # fmt: skip


def _funds(book: UnitBook) -> Places:
    """The money block: as declared where the declaration has these rows, else as the tables."""
    sums = {
        word: _total(v for (_, column), v in book.functions.items() if column == word)
        for word in PARTS
    }
    own = declared()
    rows = dict(zip(("personnel", "operating", "specific_target"), sums.values(), strict=True))
    for key, item in (
        ("personnel", "人员类"),
        ("operating", "运转类"),
        ("specific_target", "特定目标类"),
    ):
        printed = own.get((book.unit, "支出", f"{item}项目支出"), {})
        rows[key] = printed.get("当年金额", rows[key])
    rows["appropriation"] = _total(iter(sums.values()))
    return {("overall_performance_funds", key, PLANNED): v for key, v in rows.items()}


def _information(book: UnitBook) -> Places:
    letters = {"goods": "A", "works": "B", "services": "C"}
    found = {
        f"procurement_{kind}": _total(
            r.amount for r in book.procurement if r.item.code.startswith(letter)
        )
        for kind, letter in letters.items()
    }
    found["procurement_total"] = _total(iter(found.values()))
    found["procurement_sme"] = _total(r.for_medium_and_small for r in book.procurement)
    found["procurement_micro"] = _total(r.for_micro for r in book.procurement)
    found["purchased_services"] = _total(r.amount for r in book.services)
    found["operating_funds"] = _total(
        v for (_, column), v in book.functions.items() if column == "公用"
    )
    return {("institution_information", key, PLANNED): value for key, value in found.items()}


def _book(book: UnitBook) -> WorkbookSnapshot:
    whole = _total(iter(book.functions.values()))
    places: Places = {
        ("revenue_sheet", "total", "appropriation_general_public"): whole,
        **_functions(book),
        **_economic(book),
        **{("three_public_expenses", PLANNED, THREE_PUBLIC[k]): v
           for k, v in book.three_public.items()},
        **_funds(book),
        **_information(book),
    }  # fmt: skip
    cells = tuple(
        CellSnapshot(*place, value * WAN, unit="wan") for place, value in sorted(places.items())
    )
    return WorkbookSnapshot(book.unit, book.name, UnitKind.ADMINISTRATIVE, LAYOUT, cells)


def _project(project: Project) -> ProjectBudget:
    return ProjectBudget(
        code=project.code,
        name=project.name,
        book=project.unit,
        functional_code=project.function,
        kind=ProjectKind.SPECIFIC_TARGET,
        frequency=ProjectFrequency.RECURRENT,
        general_public=project.general_public * WAN,
        unit="wan",
    )


def _project_code(unit: str, name: str) -> str:
    """The project a purchase stands under: the unit's with the most similar name, if any."""
    mine = {p.name: p.code for p in jianghan.projects() if p.unit == unit}
    found = get_close_matches(name, mine, n=1)
    return mine[found[0]] if found else ""


def _wan(value: Decimal | None) -> Decimal | None:
    return None if value is None else value * WAN


def _procurement(number: int, row: Procurement) -> ProcurementRow:
    return ProcurementRow(
        book=row.unit, number=number, project_code=_project_code(row.unit, row.project),
        project_name=row.project, item_code=row.item.code, item_name=row.item.name,
        functional_code=row.function.code, economic_code=row.economic.code,
        funding_source=row.source, fund_nature=row.nature, quantity=row.quantity,
        unit_price=_wan(row.unit_price), measure=row.measure, amount=_wan(row.amount),
        sme_amount=_wan(row.for_medium_and_small), micro_amount=_wan(row.for_micro), unit="wan",
    )  # fmt: skip


def _service(number: int, row: Service) -> PurchasedServiceRow:
    one, two, three = row.directory
    return PurchasedServiceRow(
        book=row.unit, number=number, includes_procurement=row.in_procurement,
        project_code=_project_code(row.unit, row.project), project_name=row.project,
        content=row.content, quantity=row.quantity, amount=_wan(row.amount),
        funding_source=row.source, fund_nature=row.nature, functional_code=row.function.code,
        economic_code=row.economic.code, directory_tier_one=one, directory_tier_two=two,
        directory_tier_three=three, unit="wan",
    )  # fmt: skip


@cache
def jianghan_filing() -> FilingPackage:
    """The filing of 118, whose lists are as the document prints them."""
    books = [jianghan.unit_book(unit) for unit in UNITS]
    empty = budget_package()
    return replace(
        empty,
        head=replace(empty.head, department_name="武汉市公安局江汉区分局"),
        books=tuple(map(_book, books)),
        codes=tuple(
            CodeLabel(tree, row.code, row.name)
            for tree, name in (
                ("functional", "functional_2023"),
                ("departmental_economic", "departmental_economic_2023"),
            )
            for row in read_catalogue(name)
        ),
        project_budgets=tuple(map(_project, jianghan.projects())),
        procurement=tuple(
            _procurement(n, row) for book in books for n, row in enumerate(book.procurement, 1)
        ),
        purchased_services=tuple(
            _service(n, row) for book in books for n, row in enumerate(book.services, 1)
        ),
    )
