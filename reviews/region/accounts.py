"""PURE: one unit's final accounts of a year, written from its facts."""

from __future__ import annotations

from collections.abc import Mapping

from budgets.checks import resolve
from budgets.checks.keys import (
    APPROPRIATION,
    BASIC_DETAIL,
    BUDGET,
    COMPARATIVES,
    EXPENDITURE,
    GENERAL_PUBLIC,
    GOVERNMENT_FUND,
    INSTITUTION,
    INTERNAL,
    REVENUE,
    STATE_CAPITAL,
    SUMMARY,
    THREE_PUBLIC,
)
from budgets.checks.records import FUNDS
from budgets.headlines import HEADLINES, THREE_PUBLIC_ITEMS
from budgets.workbook import WorkbookSnapshot
from reviews.region.dice import Dice, in_proportion
from reviews.region.facts import CAPITAL, GENERAL, GOVERNMENT, Year, added
from reviews.region.sheets import Sheets, by_economic_code, parts_of, three_public
from rulebook.addresses import CellRef
from rulebook.amounts import Interval

ACTUAL, ORIGINAL, ADJUSTMENT, REVISED = "actual", "original_budget", "adjustment", "revised_budget"
VEHICLE_USES = ("principal", "confidential", "emergency", "law_enforcement", "special", "other")
Figures = Mapping[CellRef, Interval]


def accounts_book(
    year: Year, planned: Figures, before: WorkbookSnapshot | None, layout: str, dice: Dice
) -> WorkbookSnapshot:
    """``planned`` is the year's budget resolved, ``before`` last year's final accounts, which the
    comparatives repeat (``None``: no previous year, or none known)."""
    sheets = Sheets(year.unit.step)
    _expenditure(sheets, year)
    _funds(sheets, year)
    _revenue(sheets, year)
    _summary(sheets, year)
    operating = _basic_detail(sheets, year, dice)
    _budget(sheets, year, planned)
    _institution(sheets, year, operating, dice)
    if before is not None:
        _comparatives(sheets, before, year.unit.step)
    return sheets.book(year.unit, layout)


def _expenditure(sheets: Sheets, year: Year) -> None:
    for item in year.items:
        public = added((item.spent_personnel, item.spent_operating))
        sheets.put(GENERAL_PUBLIC, item.code, "basic", public)
        sheets.put(EXPENDITURE, item.code, "basic", public)
        sheets.put(EXPENDITURE, item.code, "basic", item.spent_own)
    places = {GENERAL: GENERAL_PUBLIC, GOVERNMENT: GOVERNMENT_FUND, CAPITAL: STATE_CAPITAL}
    for work in year.works:
        sheets.put(places[work.fund], work.item, "project", work.spent)
        sheets.put(EXPENDITURE, work.item, "project", work.spent)
        sheets.put(EXPENDITURE, work.item, "project", work.spent_own)
    for column, amount in year.own.outgoing:
        sheets.put(EXPENDITURE, year.main, column, amount)
    if year.transfers.paid:
        sheets.put(INTERNAL, year.main, "subsidy_to_affiliates", year.transfers.paid)


def _funds(sheets: Sheets, year: Year) -> None:
    for fund in FUNDS:
        balance = year.funds[fund]
        sheets.put(APPROPRIATION, f"appropriation_{fund}", ACTUAL, balance.revenue)
        sheets.put(APPROPRIATION, f"opening_{fund}", ACTUAL, balance.opening)
        sheets.put(APPROPRIATION, "closing_carryover", fund, balance.closing)
    for code, row in year.rows.items():
        sheets.put(GOVERNMENT_FUND, code, "opening", row.opening)
        sheets.put(GOVERNMENT_FUND, code, "revenue", row.revenue)
        sheets.put(GOVERNMENT_FUND, code, "closing", row.closing)


def _revenue(sheets: Sheets, year: Year) -> None:
    """Appropriations over the 项 they were spent on, the unit's own money on its main 项."""
    spent: dict[str, int] = {year.main: 0}
    for item in year.items:
        basic = added((item.spent_personnel, item.spent_operating))
        spent[item.code] = spent.get(item.code, 0) + (basic or 0)
    for work in year.works:
        if work.fund == GENERAL:
            spent[work.item] = spent.get(work.item, 0) + (work.spent or 0)
    used = {code: n for code, n in spent.items() if n or code == year.main}
    general = year.funds[GENERAL].revenue
    if general is not None:
        for code, amount in zip(used, in_proportion(general, list(used.values())), strict=True):
            sheets.put(REVENUE, code, "appropriation", amount)
    for code, row in year.rows.items():
        sheets.put(REVENUE, code, "appropriation", row.revenue)
    capital = [work.item for work in year.works if work.fund == CAPITAL]
    sheets.put(REVENUE, (capital or [year.main])[0], "appropriation", year.funds[CAPITAL].revenue)
    for source, amount in year.own.sources:
        _source(sheets, year, source, amount)
    if year.transfers.received:
        for sheet in (REVENUE, INTERNAL):
            sheets.put(sheet, year.main, "subsidy_from_superior", year.transfers.received)


def _source(sheets: Sheets, year: Year, source: str, amount: int) -> None:
    """A repaid sum of an earlier year stands as a negative amount on another 项."""
    repaid = amount // 50 if len(year.items) > 3 and year.year % 2 else 0
    sheets.put(REVENUE, year.main, source, amount + repaid)
    if repaid:
        sheets.put(REVENUE, year.items[1].code, source, -repaid)


def _summary(sheets: Sheets, year: Year) -> None:
    own, funds = year.own, year.funds.values()
    openings = [*(fund.opening for fund in funds), own.balance.opening]
    closings = [*(fund.closing for fund in funds), own.balance.closing]
    for row, amount in (
        ("opening_carryover", added(openings)),
        ("closing_carryover", added(closings)),
        ("use_of_own_source_surplus", own.surplus_used),
        ("surplus_distribution", own.distributed),
    ):
        sheets.put(SUMMARY, row, ACTUAL, amount)


def _basic_detail(sheets: Sheets, year: Year, dice: Dice) -> int | None:
    """Basic expenditure by 款 and 三公; gives 公用经费."""
    operating = added(item.spent_operating for item in year.items)
    sides = (("personnel", added(i.spent_personnel for i in year.items)), ("operating", operating))
    detail = [pair for group, amount in sides for pair in by_economic_code(group, amount, dice)]
    for code, amount in detail:
        sheets.put(BASIC_DETAIL, code, ACTUAL, amount)
    for column, amount in three_public(detail, year.unit, dice):
        sheets.put(THREE_PUBLIC, ACTUAL, column, amount)
        sheets.put(THREE_PUBLIC, REVISED, column, amount + amount * dice.between(0, 12) // 100)
    return operating


def _step_of(planned: Figures, ref: CellRef, step: int) -> int | None:
    """A figure of another book in this book's steps."""
    figure = planned.get(ref)
    return None if figure is None else int(figure.value.scaleb(2)) // step


def _budget(sheets: Sheets, year: Year, planned: Figures) -> None:
    step = year.unit.step
    items = {i.code for i in year.items} | {w.item for w in year.works if w.fund == GENERAL}
    originals, revised = 0, 0
    for code in sorted(items):
        original = _step_of(planned, CellRef(GENERAL_PUBLIC, code, "total"), step)
        spent = added(sheets.value(GENERAL_PUBLIC, code, column) for column in ("basic", "project"))
        if original is None and spent is None:
            continue
        became = spent or 0
        sheets.put(BUDGET, code, ORIGINAL, original)
        sheets.put(BUDGET, code, REVISED, became)
        if original is None or became != original:
            sheets.put(BUDGET, code, ADJUSTMENT, became - (original or 0))
        originals, revised = originals + (original or 0), revised + became
    sheets.put(BUDGET, "general_public_total", ORIGINAL, originals)
    sheets.put(BUDGET, "general_public_total", REVISED, revised)
    _budget_totals(sheets, year, planned)


def _budget_totals(sheets: Sheets, year: Year, planned: Figures) -> None:
    step = year.unit.step
    project = _step_of(planned, CellRef(EXPENDITURE, "total", "project"), step) or 0
    total = _step_of(planned, CellRef(EXPENDITURE, "total", "total"), step) or 0
    for row, amount in (("project", project), ("basic", total - project), ("total", total)):
        sheets.put(BUDGET, row, ORIGINAL, amount)
    outgoing = sum(amount for _, amount in year.own.outgoing) - year.transfers.paid
    basic = (sheets.total(EXPENDITURE, "basic") or 0) + outgoing
    works = sum(work.revised for work in year.works)
    for row, amount in (("project", works), ("basic", basic), ("total", basic + works)):
        sheets.put(BUDGET, row, REVISED, amount)
    leaves = [
        _step_of(planned, CellRef(THREE_PUBLIC, ORIGINAL, c), step) for c in THREE_PUBLIC_ITEMS
    ]
    for column, leaf in zip(THREE_PUBLIC_ITEMS, leaves, strict=True):
        sheets.put(BUDGET, column, ORIGINAL, leaf)
    sheets.put(BUDGET, "three_public_total", ORIGINAL, added(leaves))
    funds = _step_of(planned, CellRef(INSTITUTION, "operating_funds", ORIGINAL), step)
    sheets.put(BUDGET, "operating_funds", ORIGINAL, funds)


def _institution(sheets: Sheets, year: Year, operating: int | None, dice: Dice) -> None:
    if year.unit.is_agency:
        sheets.put(INSTITUTION, "operating_funds", ACTUAL, operating)
    held = 0
    for use in dice.some_of(VEHICLE_USES, dice.between(0, 3)):
        number = dice.between(0, 12)
        sheets.count(INSTITUTION, f"vehicles_{use}", ACTUAL, number)
        held += number
    sheets.count(INSTITUTION, "vehicles_held", ACTUAL, held)
    people = dice.between(4, 240)
    sheets.count(INSTITUTION, "authorized_headcount", ACTUAL, people + dice.between(0, 9))
    sheets.count(INSTITUTION, "actual_headcount", ACTUAL, people)
    sheets.count(INSTITUTION, "retirees", ACTUAL, dice.between(0, 60))
    if dice.chance(70):
        bought = year.unit.steps(dice.between(5_000, 3_000_000))
        for kind, amount in parts_of(bought, ("goods", "works", "services"), dice):
            sheets.put(INSTITUTION, f"procurement_{kind}", ACTUAL, amount)
        small = dice.near(bought, 40, 100)
        sheets.put(INSTITUTION, "procurement_total", ACTUAL, bought)
        sheets.put(INSTITUTION, "procurement_sme", ACTUAL, small)
        sheets.put(INSTITUTION, "procurement_micro", ACTUAL, dice.near(small, 0, 100))


def _comparatives(sheets: Sheets, before: WorkbookSnapshot, step: int) -> None:
    figures = resolve(before)
    for row, source in HEADLINES.items():
        sheets.put(COMPARATIVES, row, "prior_year", _step_of(figures, source, step))
