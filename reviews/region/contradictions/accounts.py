"""PURE: contradictions within one unit's final accounts, between its sheets and years."""

from __future__ import annotations

from decimal import Decimal

from budgets.checks import FINAL_ACCOUNTS
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
    SUMMARY,
    THREE_PUBLIC,
)
from budgets.workbook import UnitKind
from reviews.region.contradictions.scene import Contradiction, Expected, Planted, Planter, Scene
from reviews.region.dice import Dice
from rulebook.addresses import CellRef, cell_address
from rulebook.amounts import half_up_2

GRAND_IN = CellRef(SUMMARY, "revenue_grand_total", "actual")
GRAND_OUT = CellRef(SUMMARY, "expenditure_grand_total", "actual")
FUND_IN = CellRef(APPROPRIATION, "revenue_grand_total", "actual")
FUND_OUT = CellRef(APPROPRIATION, "expenditure_grand_total", "total")
OPERATING = CellRef(BASIC_DETAIL, "operating_total", "actual")


def fund_sides(fund: str) -> tuple[list[CellRef], list[CellRef]]:
    """Revenue and opening, expenditure and closing of a fund."""
    return (
        [CellRef(APPROPRIATION, f"{row}_{fund}", "actual") for row in ("appropriation", "opening")],
        [CellRef(APPROPRIATION, row, fund) for row in ("expenditure_total", "closing_carryover")],
    )


def _closing(scene: Scene, dice: Dice) -> Planted | None:
    ref, more = CellRef(SUMMARY, "closing_carryover", "actual"), scene.amount(dice)
    package = scene.edited({ref: scene.amounts.get(ref, Decimal(0)) + more})
    found = scene.disagreeing("FA-105", [GRAND_IN], [GRAND_OUT], more_right=more)
    return Planted(package, tuple(found))


def _fund_closing(scene: Scene, dice: Dice) -> Planted | None:
    ref, more = CellRef(APPROPRIATION, "closing_carryover", "general_public"), scene.amount(dice)
    if not scene.has(CellRef(APPROPRIATION, "appropriation_general_public", "actual")):
        return None
    package = scene.edited({ref: scene.amounts.get(ref, Decimal(0)) + more})
    left, right = fund_sides("general_public")
    found = scene.disagreeing("FA-121", left, right, more_right=more)
    found += scene.disagreeing("FA-122", [FUND_IN], [FUND_OUT], more_right=more)
    return Planted(package, tuple(found))


def _appropriation(scene: Scene, dice: Dice) -> Planted | None:
    refs = scene.entered(REVENUE, "appropriation")
    if not refs:
        return None
    ref, more = dice.one_of(refs), scene.amount(dice)
    package = scene.edited({ref: scene.amounts[ref] + more})
    total = CellRef(APPROPRIATION, "revenue_total", "actual")
    found = scene.disagreeing(
        "FA-211", [CellRef(REVENUE, "total", "appropriation")], [total], more_left=more
    )
    summary = CellRef(SUMMARY, "revenue_total", "actual")
    found += scene.disagreeing(
        "FA-212", [CellRef(REVENUE, "total", "total")], [summary], more_left=more
    )
    return Planted(package, tuple(found))


def _fund_row(scene: Scene, dice: Dice) -> Planted | None:
    refs = scene.entered(GOVERNMENT_FUND, "closing")
    if not refs:
        return None
    ref, more = dice.one_of(refs), scene.amount(dice)
    package = scene.edited({ref: scene.amounts[ref] + more})
    left = [ref._replace(column=column) for column in ("opening", "revenue")]
    right = [ref._replace(column=column) for column in ("expenditure", "closing")]
    found = scene.disagreeing("FA-124", left, right, more_right=more)
    total = CellRef(APPROPRIATION, "closing_carryover", "government_fund")
    own = CellRef(GOVERNMENT_FUND, "total", "closing")
    found += scene.disagreeing("FA-213", [total], [own], more_right=more)
    return Planted(package, tuple(found))


def below_public(check_id: str, column: str) -> Planter:
    """General public expenditure larger than all: the rest moved to another 项."""

    def plant(scene: Scene, dice: Dice) -> Planted | None:
        public = [r for r in scene.entered(GENERAL_PUBLIC, column) if scene.amounts[r] > 1_000]
        others = scene.entered(EXPENDITURE, column)
        if scene.in_wan or not public or len(others) < 2:
            return None
        part = dice.one_of(public)
        ref = part._replace(sheet=EXPENDITURE)
        other = dice.one_of([each for each in others if each != ref])
        moved = scene.amounts[ref] - half_up_2(scene.amounts[part] / 2)
        package = scene.edited(
            {ref: scene.amounts[ref] - moved, other: scene.amounts[other] + moved}
        )
        found = scene.disagreeing(check_id, [part], [ref], more_right=-moved, at_most=True)
        return Planted(package, tuple(found))

    return plant


def _missing_item(scene: Scene, dice: Dice) -> Planted | None:
    """A 项 with general public expenditure that all expenditure does not list."""
    public = [ref for ref in scene.entered(GENERAL_PUBLIC, "basic") if scene.amounts[ref]]
    if len(public) < 2 or scene.several:
        return None
    part = dice.one_of(public)
    ref = part._replace(sheet=EXPENDITURE)
    other = dice.one_of([each for each in public if each != part])._replace(sheet=EXPENDITURE)
    moved = scene.amounts[ref]
    package = scene.edited({ref: None, other: scene.amounts[other] + moved})
    address = cell_address(scene.book.book, ref)
    return Planted(package, (Expected("FA-215", address, None, scene.amounts[part]),))


def _personnel_code(scene: Scene, dice: Dice) -> Planted | None:
    refs = [r for r in scene.entered(BASIC_DETAIL, "actual", 5) if r.row.startswith(("301", "303"))]
    if not refs:
        return None
    ref, more = dice.one_of(refs), scene.amount(dice)
    package = scene.edited({ref: scene.amounts[ref] + more})
    right = [CellRef(BASIC_DETAIL, "personnel_total", "actual"), OPERATING]
    left = [CellRef(GENERAL_PUBLIC, "total", "basic")]
    return Planted(package, tuple(scene.disagreeing("FA-216", left, right, more_right=more)))


def _hospitality(scene: Scene, dice: Dice) -> Planted | None:
    code = CellRef(BASIC_DETAIL, "30217", "actual")
    ref = CellRef(THREE_PUBLIC, "actual", "official_hospitality")
    if scene.in_wan or not scene.has(code, ref) or scene.amounts[code] < 1_000:
        return None
    package = scene.edited({ref: Decimal("0.00")})
    less = -scene.amounts[ref]
    found = scene.disagreeing("FA-218", [code], [ref], more_right=less, at_most=True)
    return Planted(package, tuple(found))


def _operating_funds(scene: Scene, dice: Dice) -> Planted | None:
    ref = CellRef(INSTITUTION, "operating_funds", "actual")
    if not scene.has(ref, OPERATING):
        return None
    more = scene.amount(dice)
    package = scene.edited({ref: scene.amounts[ref] + more})
    return Planted(package, expected_operating_funds(scene, "FA-219", ref, OPERATING, more))


def expected_operating_funds(
    scene: Scene, check_id: str, ref: CellRef, costs: CellRef, more: Decimal
) -> tuple[Expected, ...]:
    """机关运行经费 differs in a unit's book; in the department's too unless it is less there and
    an institution belongs to it."""
    found = scene.disagreeing(check_id, [ref], [costs], more_left=more)
    kinds = {book.unit_kind for book in scene.package.books}
    if UnitKind.PUBLIC_INSTITUTION in kinds:
        unit = cell_address(scene.book.book, ref)
        more_than = scene.disagreeing(check_id, [ref], [costs], more_left=more, at_most=True)
        found = [e for e in found if e.address == unit or e in more_than]
    return tuple(found)


def _beyond_funds(scene: Scene, dice: Dice) -> Planted | None:
    total, basic = (CellRef(BUDGET, row, "revised_budget") for row in ("total", "basic"))
    if scene.in_wan or not scene.has(total, basic, GRAND_IN):
        return None
    more = scene.amounts[GRAND_IN] - scene.amounts[total] + scene.amount(dice)
    changes = {ref: scene.amounts[ref] + more for ref in (total, basic)}
    found = scene.disagreeing("FA-220", [total], [GRAND_IN], more_left=more, at_most=True)
    return Planted(scene.edited(changes), tuple(found))


def _one_cell(check_id: str, ref: CellRef, left: list[CellRef], right: list[CellRef]) -> Planter:
    """One entered cell of a balance grows, on its left side if it stands there."""

    def plant(scene: Scene, dice: Dice) -> Planted | None:
        if not scene.has(ref) or not any(each in scene.amounts for each in right):
            return None
        more = scene.amount(dice)
        more_left, more_right = (more, Decimal(0)) if ref in left else (Decimal(0), more)
        package = scene.edited({ref: scene.amounts[ref] + more})
        found = scene.disagreeing(check_id, left, right, more_left=more_left, more_right=more_right)
        return Planted(package, tuple(found))

    return plant


def _of(sheet: str, column: str, *rows: str) -> list[CellRef]:
    return [CellRef(sheet, row, column) for row in rows]


def _vehicles(scene: Scene, dice: Dice) -> Planted | None:
    held, total = _of(INSTITUTION, "actual", "vehicles_held", "vehicles_total")
    if not scene.has(held, total):
        return None
    more = Decimal(dice.between(1, 5))
    package = scene.edited({held: scene.amounts[held] + more})
    return Planted(package, tuple(scene.disagreeing("FA-132", [held], [total], more_left=more)))


def _larger_part(check_id: str, part: str, whole: str) -> Planter:
    """A part of procurement that outgrows what it is part of. Like every "at most", only in books
    kept in 元: what rounding may hide in the department's sum would depend on its units."""

    def plant(scene: Scene, dice: Dice) -> Planted | None:
        small, large = _of(INSTITUTION, "actual", part, whole)
        if scene.in_wan or not scene.has(small, large):
            return None
        more = scene.amounts[large] - scene.amounts[small] + scene.amount(dice)
        package = scene.edited({small: scene.amounts[small] + more})
        found = scene.disagreeing(check_id, [small], [large], more_left=more, at_most=True)
        return Planted(package, tuple(found))

    return plant


def _by_item(scene: Scene, dice: Dice) -> Planted | None:
    """The printed total of budgets differs from the sum of its 项."""
    ref, more = CellRef(BUDGET, "general_public_total", "original_budget"), scene.amount(dice)
    divisions = scene.entered(BUDGET, "original_budget", 3)
    if not scene.has(ref) or not divisions:
        return None
    package = scene.edited({ref: scene.amounts[ref] + more})
    books = [(scene.book.book, scene.amounts)]
    if scene.several:
        books.append((scene.package.head.department_code, scene.whole))
    found = tuple(
        Expected("FA-137", cell_address(code, ref), amounts[ref] + more, amounts[ref])
        for code, amounts in books
    )
    return Planted(package, found)


def _adjustment(scene: Scene, dice: Dice) -> Planted | None:
    """An adjustment that does not lead from the opening budget to the revised one."""
    refs = scene.entered(BUDGET, "adjustment")
    refs = [r for r in refs if scene.has(r._replace(column="original_budget"))]
    if not refs:
        return None
    ref, more = dice.one_of(refs), scene.amount(dice)
    package = scene.edited({ref: scene.amounts[ref] + more})
    found: list[Expected] = []
    for length in (7, 5, 3):
        row = ref._replace(row=ref.row[:length])
        revised = row._replace(column="revised_budget")
        parts = [row._replace(column="original_budget"), row]
        found += scene.disagreeing("FA-138", [revised], parts, more_right=more)
    return Planted(package, tuple(found))


NO_ITEM = "98"
"""Ends a 项 that no catalogue of the region has, under a 款 it has."""


def _unknown_code(scene: Scene, dice: Dice) -> Planted | None:
    """A row of revenue under a code that is not in the catalogue."""
    refs = scene.entered(REVENUE, "appropriation")
    inside = {cell.row for cell in scene.book.cells if cell.sheet == INTERNAL}
    refs = [ref for ref in refs if ref.row not in inside]
    if not refs:
        return None
    ref = dice.one_of(refs)
    new = f"{ref.row[:5]}{NO_ITEM}"
    moved = [c for c in scene.book.cells if (c.sheet, c.row) == (REVENUE, ref.row)]
    changes = {c.ref: None for c in moved} | {c.ref._replace(row=new): c.value for c in moved}
    place = CellRef(REVENUE, new, "total")
    codes = [scene.book.book, *([scene.package.head.department_code] if scene.several else [])]
    found = [Expected("FA-141", cell_address(code, place)) for code in codes]
    found += [Expected(check, f"code/functional/{new}") for check in ("TX-210", "TX-211")]
    return Planted(scene.edited(changes), tuple(found))


def _last_year(row: str, opening: CellRef) -> Planter:
    """This year's opening is not last year's closing."""

    def plant(scene: Scene, dice: Dice) -> Planted | None:
        ref = CellRef(COMPARATIVES, row, "prior_year")
        if not scene.has(ref, opening):
            return None
        more = scene.amount(dice)
        package = scene.edited({ref: scene.amounts[ref] + more})
        parts = [ref, ref._replace(column="adjustment")]
        found = scene.disagreeing("YY-301", [opening], parts, more_right=more)
        return Planted(package, tuple(found))

    return plant


def _adjusted_opening(scene: Scene, dice: Dice) -> Planted | None:
    """An opening that was adjusted: right, and still to be explained."""
    ref = CellRef(COMPARATIVES, "closing_carryover", "prior_year")
    if not scene.has(ref, CellRef(SUMMARY, "opening_carryover", "actual")):
        return None
    more, adjusted = scene.amount(dice), ref._replace(column="adjustment")
    package = scene.edited({ref: scene.amounts[ref] - more, adjusted: more})
    codes = [scene.book.book, *([scene.package.head.department_code] if scene.several else [])]
    found = [Expected("YY-302", cell_address(code, adjusted), more) for code in codes]
    return Planted(package, tuple(found))


def _kind(key: str, title: str, plant: Planter, *checks: str) -> Contradiction:
    return Contradiction(key, title, FINAL_ACCOUNTS, checks, plant)


_PROCURED = _of(INSTITUTION, "actual", "procurement_total")
_KINDS = _of(
    INSTITUTION, "actual", "procurement_goods", "procurement_works", "procurement_services"
)
_BUDGETED = {
    column: (_of(BUDGET, column, "total"), _of(BUDGET, column, "basic", "project"))
    for column in ("original_budget", "revised_budget")
}

ACCOUNTS: tuple[Contradiction, ...] = (
    _kind("closing", "年末结转和结余多记", _closing, "FA-105"),
    _kind("fund_closing", "财政拨款年末结转多记", _fund_closing, "FA-121", "FA-122"),
    _kind("appropriation", "收入表财政拨款与总表不同", _appropriation, "FA-211", "FA-212"),
    _kind("fund_row", "政府性基金一行不平", _fund_row, "FA-124", "FA-213"),
    _kind(
        "below_public_basic", "基本支出小于其中财政拨款", below_public("FA-214", "basic"), "FA-214"
    ),
    _kind(
        "below_public_project",
        "项目支出小于其中财政拨款",
        below_public("FA-214", "project"),
        "FA-214",
    ),
    _kind("missing_item", "支出表漏列科目", _missing_item, "FA-215"),
    _kind("personnel_code", "基本支出经济科目多记", _personnel_code, "FA-216"),
    _kind("hospitality", "公务接待费小于基本支出所列", _hospitality, "FA-218"),
    _kind("operating_funds", "机关运行经费与公用经费不同", _operating_funds, "FA-219"),
    _kind("beyond_funds", "全年预算大于可用资金", _beyond_funds, "FA-220"),
    _kind("vehicles", "车辆保有量与各用途之和不同", _vehicles, "FA-132"),
    _kind(
        "procured_kinds",
        "采购总额与三类之和不同",
        _one_cell("FA-133", _KINDS[0], _PROCURED, _KINDS),
        "FA-133",
    ),
    _kind(
        "micro",
        "小微大于中小",
        _larger_part("FA-134", "procurement_micro", "procurement_sme"),
        "FA-134",
    ),
    _kind(
        "sme",
        "中小大于采购总额",
        _larger_part("FA-135", "procurement_sme", "procurement_total"),
        "FA-135",
    ),
    _kind(
        "basic_budget",
        "年初预算总额与基本、项目之和不同",
        _one_cell("FA-136", _BUDGETED["original_budget"][1][0], *_BUDGETED["original_budget"]),
        "FA-136",
    ),
    _kind("budget_by_item", "分科目预算与合计不同", _by_item, "FA-137"),
    _kind("adjustment", "预算调整数对不上", _adjustment, "FA-138"),
    _kind("unknown_code", "收入表用了目录外科目", _unknown_code, "FA-141", "TX-210", "TX-211"),
    _kind(
        "last_closing",
        "年初结转与上年年末不同",
        _last_year("closing_carryover", CellRef(SUMMARY, "opening_carryover", "actual")),
        "YY-301",
    ),
    _kind(
        "last_fund_closing",
        "财政拨款年初结转与上年年末不同",
        _last_year(
            "closing_general_public", CellRef(APPROPRIATION, "opening_general_public", "actual")
        ),
        "YY-301",
    ),
    _kind("adjusted_opening", "年初数有调整", _adjusted_opening, "YY-302"),
)
