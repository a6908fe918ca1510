"""PURE: one unit's budget of a year with its lists, written from its facts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from budgets.checks import resolve
from budgets.checks.keys import (
    BASIC_DETAIL,
    COMPARATIVES,
    EXPENDITURE,
    GENERAL_PUBLIC,
    GOVERNMENT_FUND_EXPENDITURE,
    INSTITUTION,
    OVERALL_FUNDS,
    REVENUE,
    STATE_CAPITAL,
    SUMMARY,
    THREE_PUBLIC,
)
from budgets.checks.records import FUNDS
from budgets.headlines import THREE_PUBLIC_ITEMS
from budgets.workbook import (
    ProcurementRow,
    ProjectBudget,
    ProjectFrequency,
    ProjectKind,
    PurchasedServiceRow,
    WorkbookSnapshot,
)
from reviews.region.dice import Dice
from reviews.region.facts import CAPITAL, GENERAL, GOVERNMENT, Work, Year, added
from reviews.region.purchases import procurement_rows, service_rows
from reviews.region.sheets import Sheets, by_economic_code, three_public, unit_of, yuan
from rulebook.addresses import CellRef

PLANNED = "original_budget"
SHEETS = {
    GENERAL: GENERAL_PUBLIC,
    GOVERNMENT: GOVERNMENT_FUND_EXPENDITURE,
    CAPITAL: STATE_CAPITAL,
}
BudgetLists = tuple[
    tuple[ProjectBudget, ...], tuple[ProcurementRow, ...], tuple[PurchasedServiceRow, ...]
]


def budget_book(
    year: Year, before: WorkbookSnapshot | None, layout: str, dice: Dice
) -> tuple[WorkbookSnapshot, BudgetLists]:
    """``before`` is last year's budget, which the comparatives repeat."""
    sheets = Sheets(year.unit.step)
    works = [work for work in year.works if work.all_planned]
    _expenditure(sheets, year, works)
    _revenue(sheets, year)
    detail = _basic_detail(sheets, year, dice)
    _overall(sheets, year, works)
    procured = procurement_rows(year, works, detail, dice)
    services = service_rows(year, works, dice)
    _institution(sheets, year, procured, services, dice)
    if before is not None:
        _comparatives(sheets, before, year.unit.step)
    lists = (tuple(_project(year, work) for work in works), procured, services)
    return sheets.book(year.unit, layout), lists


def _expenditure(sheets: Sheets, year: Year, works: list[Work]) -> None:
    for item in year.items:
        sheets.put(GENERAL_PUBLIC, item.code, "personnel", item.personnel)
        sheets.put(GENERAL_PUBLIC, item.code, "operating", item.operating)
        for amount in (item.personnel, item.operating, item.own):
            sheets.put(EXPENDITURE, item.code, "basic", amount)
    for work in works:
        if work.planned:
            sheets.put(SHEETS[work.fund], work.item, "project", work.planned)
        sheets.put(EXPENDITURE, work.item, "project", work.all_planned)


def _revenue(sheets: Sheets, year: Year) -> None:
    for fund in FUNDS:
        plan = year.plans[fund]
        sheets.put(REVENUE, "total", f"appropriation_{fund}", plan.revenue)
        sheets.put(REVENUE, "total", f"opening_{fund}", plan.opening)
        sheets.put("appropriation_summary", "closing_carryover", fund, plan.closing)
    own = year.planned_own
    source = "other_revenue" if year.unit.is_agency else "institutional_revenue"
    sheets.put(REVENUE, "total", source, own.revenue)
    sheets.put(REVENUE, "total", "opening_own_source_funds", own.opening)
    closing = added([*(plan.closing for plan in year.plans.values()), own.closing])
    sheets.put(SUMMARY, "closing_carryover", PLANNED, closing)


def _basic_detail(sheets: Sheets, year: Year, dice: Dice) -> dict[str, int]:
    """Basic expenditure by 款 and 三公; gives 公用经费 by 款."""
    found: dict[str, int] = {}
    all_detail: list[tuple[str, int]] = []
    for group in ("personnel", "operating"):
        amount = added(getattr(item, group) for item in year.items)
        detail = by_economic_code(group, amount, dice)
        all_detail += detail
        for code, part in detail:
            sheets.put(BASIC_DETAIL, code, group, part)
        found = dict(detail)
    for column, amount in three_public(all_detail, year.unit, dice):
        sheets.put(THREE_PUBLIC, PLANNED, column, amount)
    return found


def _overall(sheets: Sheets, year: Year, works: list[Work]) -> None:
    """The money of the overall declaration, this year's and, as people type it, two before."""
    personnel = added(item.personnel for item in year.items) or 0
    operating = added(item.operating for item in year.items) or 0
    own = sum(work.own or 0 for work in works)
    by_kind = {kind: sum(w.all_planned for w in works if w.kind is kind) for kind in ProjectKind}
    operating += by_kind[ProjectKind.OPERATING]
    specific = by_kind[ProjectKind.SPECIFIC_TARGET]
    for column, share in ((PLANNED, 100), ("prior_year", 95), ("second_prior_year", 90)):
        amounts = [n * share // 100 for n in (personnel, operating, specific, own)]
        rows = zip(("personnel", "operating", "specific_target"), amounts, strict=False)
        for row, amount in rows:
            sheets.put(OVERALL_FUNDS, row, column, amount)
        sheets.put(OVERALL_FUNDS, "appropriation", column, sum(amounts[:3]) - amounts[3])
        sheets.put(OVERALL_FUNDS, "own_source_funds", column, amounts[3] or None)


def _institution(
    sheets: Sheets,
    year: Year,
    procured: tuple[ProcurementRow, ...],
    services: tuple[PurchasedServiceRow, ...],
    dice: Dice,
) -> None:
    if year.unit.is_agency:
        operating = added(item.operating for item in year.items)
        sheets.put(INSTITUTION, "operating_funds", PLANNED, operating)
    step = year.unit.step
    amounts = [(row, _steps(row, "amount", step)) for row in procured]
    if procured:
        for letter, kind in (("A", "goods"), ("B", "works"), ("C", "services")):
            part = added(n for row, n in amounts if row.item_code.startswith(letter))
            sheets.put(INSTITUTION, f"procurement_{kind}", PLANNED, part)
        for key in ("sme", "micro"):
            part = sum(_steps(row, f"{key}_amount", step) for row in procured)
            sheets.put(INSTITUTION, f"procurement_{key}", PLANNED, part)
        sheets.put(INSTITUTION, "procurement_total", PLANNED, sum(n for _, n in amounts))
    if services:
        bought = sum(_steps(row, "amount", step) for row in services)
        sheets.put(INSTITUTION, "purchased_services", PLANNED, bought)
    people = dice.between(4, 240)
    sheets.count(INSTITUTION, "authorized_headcount", PLANNED, people + dice.between(0, 9))
    sheets.count(INSTITUTION, "actual_headcount", PLANNED, people)


def _steps(row: ProcurementRow | PurchasedServiceRow, field: str, step: int) -> int:
    amount = getattr(row, field)
    return 0 if amount is None else int(amount.scaleb(2)) // step


def _comparatives(sheets: Sheets, before: WorkbookSnapshot, step: int) -> None:
    figures = resolve(before)
    sources = {
        "grand_total": CellRef(SUMMARY, "revenue_grand_total", PLANNED),
        "general_public_expenditure": CellRef(GENERAL_PUBLIC, "total", "total"),
        **{item: CellRef(THREE_PUBLIC, PLANNED, item) for item in THREE_PUBLIC_ITEMS},
    }
    for ref in figures:
        if ref.sheet == EXPENDITURE and ref.column == "total" and len(ref.row) == 3:
            sources[ref.row] = ref
    for row, source in sources.items():
        figure = figures.get(source)
        if figure is not None:
            sheets.put(COMPARATIVES, row, "prior_year", int(figure.value.scaleb(2)) // step)


def _total_budget(work: Work, step: int) -> Decimal | None:
    """What a project costs altogether: one over several years takes three like this one."""
    years = 3 if work.frequency is ProjectFrequency.MULTI_YEAR else 1
    return yuan(work.all_planned * years, step) if work.all_planned else None


def _project(year: Year, work: Work) -> ProjectBudget:
    """The row of a project: this year's money of its fund, what was carried, its own."""
    step = year.unit.step
    new = work.planned - (work.carried or 0)
    row = ProjectBudget(
        code=work.code,
        name=work.name,
        book=year.unit.code,
        functional_code=work.item,
        kind=work.kind,
        frequency=work.frequency,
        own_source_funds=None if work.own is None else yuan(work.own, step),
        total_budget=_total_budget(work, step),
        main_use=f"{work.name}开展所需支出",
        unit=unit_of(step),
    )
    planned = yuan(new, step) if work.planned else None
    carried = None if work.carried is None else yuan(work.carried, step)
    if work.fund == GENERAL:
        return replace(row, general_public=planned, carryover_general_public=carried)
    if work.fund == GOVERNMENT:
        return replace(row, government_fund=planned, carryover_government_fund=carried)
    return replace(row, state_capital=planned, carryover_state_capital=carried)
