"""A small book that every relation is content with, as values."""

from __future__ import annotations

from decimal import Decimal

from budgets.excel.marks import TemplateMark
from budgets.workbook import CellSnapshot, UnitKind, WorkbookSnapshot
from rulebook.classifications import read_catalogue
from tests.factories import LAYOUT

Place = tuple[str, str, str]

CLEAN: dict[Place, str] = {
    ("revenue_sheet", "2040201", "appropriation"): "100000.00",
    ("revenue_sheet", "2040202", "other_revenue"): "2345.67",
    ("expenditure_sheet", "2040201", "basic"): "100000.00",
    ("expenditure_sheet", "2040202", "project"): "2345.67",
    ("general_public_expenditure", "2040201", "basic"): "100000.00",
    ("general_public_basic_expenditure", "30101", "actual"): "80000.00",
    ("general_public_basic_expenditure", "30201", "actual"): "20000.00",
    ("appropriation_summary", "appropriation_general_public", "actual"): "100000.00",
    ("appropriation_summary", "opening_general_public", "actual"): "0.00",
    ("appropriation_summary", "closing_carryover", "general_public"): "0.00",
    ("three_public_expenses", "actual", "vehicle_operation"): "500.50",
    ("institution_information", "operating_funds", "actual"): "20000.00",
    ("institution_information", "trips", "actual"): "3",
}


def is_count(place: Place) -> bool:
    return place[1] == "trips"


def make_book(places: dict[Place, str] | None = None, book: str = "900001001") -> WorkbookSnapshot:
    cells = [
        CellSnapshot(*place, Decimal(value), unit="" if is_count(place) else "yuan")
        for place, value in sorted((places or CLEAN).items())
    ]
    return WorkbookSnapshot(book, "=示例单位", UnitKind.ADMINISTRATIVE, LAYOUT, tuple(cells))


def make_mark(**fields: str) -> TemplateMark:
    known = {
        "layout": LAYOUT,
        "filing": "11111111-2222-3333-4444-555555555555",
        "department": "900001",
        "unit": "900001001",
        "fiscal_year": "2023",
        "changes": "0",
    }
    return TemplateMark(**(known | fields))


def catalogue_names() -> dict[str, str]:
    return {
        row.code: row.name
        for name in ("functional_2023", "departmental_economic_2023")
        for row in read_catalogue(name)
    }
