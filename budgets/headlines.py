"""PURE: which figures of last year's final accounts this year's book repeats or opens with."""

from __future__ import annotations

from budgets.checks.keys import (
    APPROPRIATION,
    EXPENDITURE,
    GENERAL_PUBLIC,
    INSTITUTION,
    SUMMARY,
    THREE_PUBLIC,
)
from budgets.checks.records import FUNDS
from rulebook.addresses import CellRef

THREE_PUBLIC_ITEMS = (
    "overseas_travel",
    "vehicle_purchase",
    "vehicle_operation",
    "official_hospitality",
)
HEADLINES: dict[str, CellRef] = {
    "grand_total": CellRef(SUMMARY, "revenue_grand_total", "actual"),
    "revenue_total": CellRef(SUMMARY, "revenue_total", "actual"),
    "expenditure_total": CellRef(SUMMARY, "expenditure_total", "actual"),
    "basic": CellRef(EXPENDITURE, "total", "basic"),
    "project": CellRef(EXPENDITURE, "total", "project"),
    "appropriation_grand_total": CellRef(APPROPRIATION, "revenue_grand_total", "actual"),
    **{f"appropriation_{f}": CellRef(APPROPRIATION, f"appropriation_{f}", "actual") for f in FUNDS},
    "general_public_expenditure": CellRef(GENERAL_PUBLIC, "total", "total"),
    "three_public_total": CellRef(THREE_PUBLIC, "actual", "total"),
    **{item: CellRef(THREE_PUBLIC, "actual", item) for item in THREE_PUBLIC_ITEMS},
    "operating_funds": CellRef(INSTITUTION, "operating_funds", "actual"),
    "closing_carryover": CellRef(SUMMARY, "closing_carryover", "actual"),
    **{f"closing_{f}": CellRef(APPROPRIATION, "closing_carryover", f) for f in FUNDS},
}
"""Row of the comparatives → the cell of last year's book it repeats."""

OPENINGS: dict[CellRef, CellRef] = {
    CellRef(SUMMARY, "opening_carryover", "actual"): HEADLINES["closing_carryover"],
    **{CellRef(APPROPRIATION, f"opening_{f}", "actual"): HEADLINES[f"closing_{f}"] for f in FUNDS},
}
"""This year's opening → last year's closing."""
