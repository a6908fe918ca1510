"""PURE: imported totals that differ from the sums of what was imported with them."""

from __future__ import annotations

from decimal import Decimal

from budgets.checks import BUDGET, FINAL_ACCOUNTS, keys
from reviews.region.contradictions.scene import Contradiction, Expected, Planted, Planter, Scene
from reviews.region.dice import Dice
from rulebook.addresses import CellRef, cell_address
from rulebook.layouts import load_layout

CLASS = "类"
"""Stands for any 类 of the sheet."""
_FINAL = (
    ("FA-101", keys.SUMMARY, "revenue_total", "actual"),
    ("FA-102", keys.SUMMARY, "expenditure_total", "actual"),
    ("FA-103", keys.SUMMARY, "revenue_grand_total", "actual"),
    ("FA-104", keys.SUMMARY, "expenditure_grand_total", "actual"),
    ("FA-106", keys.APPROPRIATION, "revenue_total", "actual"),
    ("FA-107", keys.APPROPRIATION, "opening_carryover", "actual"),
    ("FA-108", keys.APPROPRIATION, "revenue_grand_total", "actual"),
    ("FA-109", keys.APPROPRIATION, "expenditure_total", "general_public"),
    ("FA-110", keys.APPROPRIATION, "expenditure_grand_total", "general_public"),
    ("FA-112", keys.REVENUE, "total", "appropriation"),
    ("FA-113", keys.EXPENDITURE, "total", "basic"),
    ("FA-114", keys.APPROPRIATION, "expenditure_total", "total"),
    ("FA-115", keys.GENERAL_PUBLIC, "total", "basic"),
    ("FA-116", keys.BASIC_DETAIL, "301", "actual"),
    ("FA-117", keys.GOVERNMENT_FUND, "total", "revenue"),
    ("FA-118", keys.STATE_CAPITAL, "total", "project"),
    ("FA-119", keys.THREE_PUBLIC, "actual", "total"),
    ("FA-120", keys.BUDGET, CLASS, "revised_budget"),
    ("FA-123", keys.BASIC_DETAIL, "personnel_total", "actual"),
    ("FA-131", keys.INSTITUTION, "vehicles_total", "actual"),
    ("FA-142", keys.INTERNAL, "total", "subsidy_to_affiliates"),
    ("FA-201", keys.SUMMARY, "appropriation_general_public", "actual"),
    ("FA-202", keys.SUMMARY, "other_revenue", "actual"),
    ("FA-203", keys.SUMMARY, CLASS, "actual"),
    ("FA-204", keys.APPROPRIATION, CLASS, "general_public"),
)
PLANNED = "original_budget"
_PLAN = (
    ("BG-101", keys.SUMMARY, "revenue_total", PLANNED),
    ("BG-102", keys.SUMMARY, "expenditure_total", PLANNED),
    ("BG-103", keys.SUMMARY, "revenue_grand_total", PLANNED),
    ("BG-104", keys.SUMMARY, "expenditure_grand_total", PLANNED),
    ("BG-106", keys.APPROPRIATION, "revenue_total", PLANNED),
    ("BG-107", keys.APPROPRIATION, "opening_carryover", PLANNED),
    ("BG-108", keys.APPROPRIATION, "revenue_grand_total", PLANNED),
    ("BG-109", keys.APPROPRIATION, "expenditure_total", "general_public"),
    ("BG-110", keys.APPROPRIATION, "expenditure_grand_total", "general_public"),
    ("BG-111", keys.REVENUE, "total", "revenue_total"),
    ("BG-112", keys.EXPENDITURE, "total", "basic"),
    ("BG-113", keys.APPROPRIATION, "expenditure_total", "total"),
    ("BG-114", keys.GENERAL_PUBLIC, "total", "personnel"),
    ("BG-115", keys.GENERAL_PUBLIC_BY_UNIT, "total", "basic"),
    ("BG-116", keys.BASIC_DETAIL, "total", "personnel"),
    ("BG-117", keys.GOVERNMENT_FUND_EXPENDITURE, "total", "project"),
    ("BG-118", keys.STATE_CAPITAL, "total", "project"),
    ("BG-119", keys.THREE_PUBLIC, PLANNED, "total"),
    ("BG-120", keys.OVERALL_FUNDS, "revenue_total", "prior_year"),
    ("BG-201", keys.SUMMARY, "appropriation_general_public", PLANNED),
    ("BG-202", keys.SUMMARY, CLASS, PLANNED),
    ("BG-203", keys.APPROPRIATION, CLASS, "general_public"),
    ("BG-204", keys.APPROPRIATION, "appropriation_general_public", PLANNED),
    ("BG-205", keys.GENERAL_PUBLIC_BY_UNIT, "total", "personnel"),
)


def _place(scene: Scene, sheet: str, row: str, column: str, dice: Dice) -> CellRef | None:
    if row == CLASS:
        classes = scene.entered(sheet, column, 3)
        return dice.one_of(classes) if classes else None
    ref = CellRef(sheet, row, column)
    return ref if ref in scene.amounts else None


def _imported(check_id: str, sheet: str, row: str, column: str) -> Planter:
    def plant(scene: Scene, dice: Dice) -> Planted | None:
        ref = _place(scene, sheet, row, column, dice)
        if ref is None:
            return None
        counts = load_layout(scene.book.layout).sheet(sheet).kind_of(ref.row) == "count"
        more = Decimal(dice.between(1, 9)) if counts else scene.amount(dice)
        wrong = scene.amounts[ref] + more
        place = cell_address(scene.book.book, ref)
        found = Expected(check_id, place, wrong, scene.amounts[ref])
        return Planted(scene.with_evidence(ref, wrong), (found,))

    return plant


ONE_HUNDREDTH_OF_WAN = Decimal("100.00")


def _rounded(check_id: str, sheet: str, column: str) -> Planter:
    """A total in 万元 that misses its rounded parts by 0.01: right, and told as a notice."""

    def plant(scene: Scene, dice: Dice) -> Planted | None:
        ref = CellRef(sheet, "total", column)
        if not scene.in_wan or ref not in scene.amounts or len(scene.entered(sheet, column)) < 3:
            return None
        near = scene.amounts[ref] + dice.one_of((1, -1)) * ONE_HUNDREDTH_OF_WAN
        place = cell_address(scene.book.book, ref)
        found = Expected(check_id, place, near, scene.amounts[ref], "notice")
        return Planted(scene.with_evidence(ref, near), (found,))

    return plant


def _all(kind: str, table: tuple[tuple[str, str, str, str], ...]) -> tuple[Contradiction, ...]:
    return tuple(
        Contradiction(
            f"imported_{check}", "导入的合计与明细之和不同", kind, (check,), _imported(check, *at)
        )
        for check, *at in table
    )


EVIDENCE: tuple[Contradiction, ...] = (
    *_all(FINAL_ACCOUNTS, _FINAL),
    *_all(BUDGET, _PLAN),
    Contradiction(
        "rounded_accounts",
        "万元合计的四舍五入差额",
        FINAL_ACCOUNTS,
        ("FA-113",),
        _rounded("FA-113", keys.EXPENDITURE, "basic"),
    ),
    Contradiction(
        "rounded_budget",
        "万元合计的四舍五入差额",
        BUDGET,
        ("BG-114",),
        _rounded("BG-114", keys.GENERAL_PUBLIC, "personnel"),
    ),
)
