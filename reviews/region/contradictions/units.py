"""PURE: contradictions between units, and between projects and the accounts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from budgets.checks import BUDGET, FINAL_ACCOUNTS
from budgets.checks.keys import BUDGET as BUDGET_SHEET
from budgets.checks.keys import EXPENDITURE, INTERNAL, REVENUE
from budgets.workbook import ProjectSnapshot
from disclosures.filing_package import FilingPackage
from reviews.region.contradictions.accounts import GRAND_IN, GRAND_OUT
from reviews.region.contradictions.scene import Contradiction, Expected, Planted, Planter, Scene
from reviews.region.dice import Dice
from rulebook.addresses import CellRef, cell_address, project_address, unit_address
from rulebook.layouts import load_layout


def _not_filed(scene: Scene, dice: Dice) -> Planted | None:
    """A unit that filed nothing at all."""
    if not scene.several or any(cell.sheet == INTERNAL for cell in scene.book.cells):
        return None
    code = scene.book.book
    package = scene.with_book(replace(scene.book, cells=()))
    kept = tuple(project for project in package.projects if project.book != code)
    expected = (Expected("BK-101", unit_address(code)),)
    return Planted(replace(package, projects=kept), expected)


def _transfer(scene: Scene, dice: Dice) -> Planted | None:
    """A unit calls less of its revenue a transfer than the other paid."""
    refs = scene.entered(INTERNAL, "subsidy_from_superior")
    if not refs or scene.in_wan:
        return None
    ref = dice.one_of(refs)
    more = -min(scene.amount(dice), scene.amounts[ref])
    package = scene.edited({ref: scene.amounts[ref] + more})
    received = CellRef(INTERNAL, "total", "subsidy_from_superior")
    paid = _internal_total(scene, "subsidy_to_affiliates")
    place = cell_address(scene.book.book, received)
    left = _internal_total(scene, "subsidy_from_superior") + more
    department = cell_address(scene.package.head.department_code, GRAND_IN)
    sides = scene.whole[GRAND_IN] - more, scene.whole[GRAND_OUT]
    expected = (Expected("BK-102", place, left, paid), Expected("FA-105", department, *sides))
    return Planted(package, expected)


def _internal_total(scene: Scene, column: str) -> Decimal:
    amounts = (
        cell.value
        for book in scene.package.books
        for cell in book.cells
        if (cell.sheet, cell.column) == (INTERNAL, column) and cell.value is not None
    )
    return sum(amounts, Decimal(0))


def _transfer_elsewhere(scene: Scene, dice: Dice) -> Planted | None:
    """A transfer stands under a 项 in which nothing was received."""
    refs = scene.entered(INTERNAL, "subsidy_from_superior")
    free = [r.row for r in scene.entered(REVENUE, "appropriation")]
    free = [
        row for row in free if CellRef(REVENUE, row, "subsidy_from_superior") not in scene.whole
        and CellRef(REVENUE, row, "subsidy_from_superior") not in scene.amounts
    ]  # fmt: skip
    if not refs or not free:
        return None
    ref, row = refs[0], dice.one_of(free)
    package = scene.edited({ref: None, ref._replace(row=row): scene.amounts[ref]})
    place = cell_address(scene.book.book, CellRef(REVENUE, row, ref.column))
    return Planted(package, (Expected("FA-221", place, None, scene.amounts[ref]),))


def _larger_than_department(sheet: str) -> Planter:
    """A unit's negative revenue makes another unit larger than the department."""

    def plant(scene: Scene, dice: Dice) -> Planted | None:
        total = CellRef(sheet, "total", "other_revenue")
        if not scene.several or scene.in_wan or total not in scene.whole:
            return None
        ref = _first_row(scene, total)
        against = ref._replace(column="institutional_revenue")
        less = scene.amounts.get(total, Decimal(0)) + scene.amount(dice)
        changes = {
            ref: scene.amounts.get(ref, Decimal(0)) - less,
            against: scene.amounts.get(against, Decimal(0)) + less,
        }
        expected = _exceeding(scene, total, scene.whole[total] - less)
        return Planted(scene.edited(changes), expected) if expected else None

    return plant


def _first_row(scene: Scene, total: CellRef) -> CellRef:
    """Where the unit's revenue of this column is entered: a 项, or the only row there is."""
    if load_layout(scene.book.layout).sheet(total.sheet).codes is None:
        return total
    return total._replace(row=min(c.row for c in scene.book.cells if c.sheet == total.sheet))


def _exceeding(scene: Scene, total: CellRef, whole: Decimal) -> tuple[Expected, ...]:
    found = []
    for book in scene.package.books:
        own = Scene(scene.package, book).amounts.get(total)
        if book.book != scene.book.book and own is not None and own > whole:
            place = cell_address(book.book, total)
            found.append(Expected("BK-103", place, own, whole))
    return tuple(found)


def _own_projects(scene: Scene) -> list[ProjectSnapshot]:
    filled = (p for p in scene.package.projects if p.actual and p.revised_budget)
    return [project for project in filled if project.book == scene.book.book]


def _with_projects(scene: Scene, *changed: ProjectSnapshot) -> FilingPackage:
    new = {project.code: project for project in changed}
    projects = tuple(new.get(project.code, project) for project in scene.package.projects)
    return replace(scene.package, projects=projects)


def _other_amount(check_id: str, field: str, total: CellRef, sign: int) -> Planter:
    """A project's own record and the accounts disagree about what it spent or may spend."""

    def plant(scene: Scene, dice: Dice) -> Planted | None:
        more = sign * scene.amount(dice)
        own = [p for p in _own_projects(scene) if getattr(p, field) + more > 0]
        if not own or not scene.has(total):
            return None
        project = dice.one_of(own)
        amount = getattr(project, field) + more
        found = scene.disagreeing(check_id, [total], [total], more_left=more)
        return Planted(_with_projects(scene, _changed(project, field, amount)), tuple(found))

    return plant


def _changed(project: ProjectSnapshot, field: str, amount: Decimal) -> ProjectSnapshot:
    if field == "actual":
        return replace(project, actual=amount)
    return replace(project, revised_budget=amount)


def _overspent(scene: Scene, dice: Dice) -> Planted | None:
    """One project spent more than its budget, another as much less."""
    own, more = _own_projects(scene), scene.amount(dice)
    for project in own:
        assert project.actual is not None
        assert project.revised_budget is not None
        beyond = project.revised_budget - project.actual + more
        giving = [p for p in own if p is not project and p.actual and p.actual > beyond]
        if giving:
            other = giving[0]
            assert other.actual is not None
            spent = project.actual + beyond
            less = replace(other, actual=other.actual - beyond)
            package = _with_projects(scene, replace(project, actual=spent), less)
            place = project_address(project.code, "actual")
            found = Expected("FA-233", place, spent, project.revised_budget)
            return Planted(package, (found,) * (2 if scene.several else 1))
    return None


def _kind(
    key: str, title: str, plant: Planter, *checks: str, kind: str = FINAL_ACCOUNTS
) -> Contradiction:
    return Contradiction(key, title, kind, checks, plant)


SPENT = CellRef(EXPENDITURE, "total", "project")
ALLOWED = CellRef(BUDGET_SHEET, "project", "revised_budget")

UNITS: tuple[Contradiction, ...] = (
    _kind("not_filed", "一个单位没有填报", _not_filed, "BK-101"),
    _kind("transfer", "内部往来收付不等", _transfer, "BK-102", "FA-105"),
    _kind("transfer_elsewhere", "内部往来列错科目", _transfer_elsewhere, "FA-221"),
    _kind("larger_unit", "决算单位数大于部门数", _larger_than_department(REVENUE), "BK-103"),
    _kind(
        "larger_unit_budget",
        "预算单位数大于部门数",
        _larger_than_department(REVENUE),
        "BK-103",
        kind=BUDGET,
    ),
    _kind(
        "project_spent",
        "项目执行数与支出表不同",
        _other_amount("FA-231", "actual", SPENT, -1),
        "FA-231",
    ),
    _kind(
        "project_budget",
        "项目全年预算与预算表不同",
        _other_amount("FA-232", "revised_budget", ALLOWED, 1),
        "FA-232",
    ),
    _kind("overspent", "项目执行数大于全年预算", _overspent, "FA-233"),
)
