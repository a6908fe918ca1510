"""示例部门: a bureau, a station of public servants and an institution that pay each other."""

from __future__ import annotations

from decimal import Decimal

from budgets.workbook import CellSnapshot, UnitKind, WorkbookSnapshot
from tests.factories import LAYOUT

Place = tuple[str, str, str]

BUREAU: dict[Place, str] = {
    ("revenue_sheet", "2040201", "appropriation"): "500000.00",
    ("revenue_sheet", "2040202", "remittance_from_affiliates"): "7000.00",
    ("expenditure_sheet", "2040201", "basic"): "440000.00",
    ("expenditure_sheet", "2040202", "subsidy_to_affiliates"): "60000.00",
    ("internal_transfers", "2040202", "remittance_from_affiliates"): "5000.00",
    ("internal_transfers", "2040202", "subsidy_to_affiliates"): "60000.00",
    ("general_public_expenditure", "2040201", "basic"): "440000.00",
    ("general_public_basic_expenditure", "30101", "actual"): "440000.00",
    ("appropriation_summary", "appropriation_general_public", "actual"): "500000.00",
    ("appropriation_summary", "closing_carryover", "general_public"): "60000.00",
    ("revenue_expenditure_summary", "closing_carryover", "actual"): "7000.00",
}
STATION: dict[Place, str] = {
    ("revenue_sheet", "2040201", "appropriation"): "90000.00",
    ("expenditure_sheet", "2040201", "basic"): "90000.00",
    ("general_public_expenditure", "2040201", "basic"): "90000.00",
    ("general_public_basic_expenditure", "30101", "actual"): "90000.00",
    ("appropriation_summary", "appropriation_general_public", "actual"): "90000.00",
}
INSTITUTION: dict[Place, str] = {
    ("revenue_sheet", "2040202", "subsidy_from_superior"): "60000.00",
    ("revenue_sheet", "2040202", "institutional_revenue"): "30000.00",
    ("expenditure_sheet", "2040202", "project"): "80000.00",
    ("expenditure_sheet", "2040202", "remittance_to_superior"): "5000.00",
    ("internal_transfers", "2040202", "subsidy_from_superior"): "60000.00",
    ("internal_transfers", "2040202", "remittance_to_superior"): "5000.00",
    ("revenue_expenditure_summary", "closing_carryover", "actual"): "5000.00",
}
UNITS = (
    ("900008001", "示例局本级", UnitKind.ADMINISTRATIVE, BUREAU),
    ("900008002", "示例管理站", UnitKind.CIVIL_SERVICE_STANDARD, STATION),
    ("900008003", "示例服务中心", UnitKind.PUBLIC_INSTITUTION, INSTITUTION),
)


def book(
    code: str, name: str, kind: UnitKind, cells: dict[Place, str], layout: str = LAYOUT
) -> WorkbookSnapshot:
    filed = [CellSnapshot(*place, Decimal(value)) for place, value in sorted(cells.items())]
    return WorkbookSnapshot(code, name, kind, layout, tuple(filed))


def department_books() -> list[WorkbookSnapshot]:
    return [book(*unit) for unit in UNITS]
