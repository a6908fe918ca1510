"""PURE: contradictions within one unit's budget book and between it and its lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from budgets.checks import BUDGET
from budgets.checks.keys import (
    APPROPRIATION,
    BASIC_DETAIL,
    COMPARATIVES,
    EXPENDITURE,
    GENERAL_PUBLIC,
    INSTITUTION,
    OVERALL_FUNDS,
    SUMMARY,
    THREE_PUBLIC,
)
from budgets.workbook import (
    ProcurementRow,
    ProjectBudget,
    ProjectKind,
    PurchasedServiceRow,
)
from disclosures.filing_package import FilingPackage
from reviews.region.catalogue import ordinary_items
from reviews.region.contradictions.accounts import below_public, expected_operating_funds
from reviews.region.contradictions.scene import Contradiction, Expected, Planted, Planter, Scene
from reviews.region.dice import Dice
from rulebook.addresses import (
    CellRef,
    cell_address,
    procurement_address,
    purchased_service_address,
)

PLANNED = "original_budget"
ZERO = Decimal("0.00")
GRAND_IN = CellRef(SUMMARY, "revenue_grand_total", PLANNED)
GRAND_OUT = CellRef(SUMMARY, "expenditure_grand_total", PLANNED)
FUND_IN = CellRef(APPROPRIATION, "revenue_grand_total", PLANNED)
FUND_OUT = CellRef(APPROPRIATION, "expenditure_grand_total", "total")
COSTS = CellRef(GENERAL_PUBLIC, "total", "operating")


def _closing(scene: Scene, dice: Dice) -> Planted | None:
    ref, more = CellRef(SUMMARY, "closing_carryover", PLANNED), scene.amount(dice)
    package = scene.edited({ref: scene.amounts.get(ref, ZERO) + more})
    found = scene.disagreeing("BG-105", [GRAND_IN], [GRAND_OUT], more_right=more)
    return Planted(package, tuple(found))


def _fund_closing(scene: Scene, dice: Dice) -> Planted | None:
    fund, more = "general_public", scene.amount(dice)
    ref = CellRef(APPROPRIATION, "closing_carryover", fund)
    left = [
        CellRef(APPROPRIATION, f"{row}_{fund}", PLANNED) for row in ("appropriation", "opening")
    ]
    if not scene.has(left[0]):
        return None
    package = scene.edited({ref: scene.amounts.get(ref, ZERO) + more})
    right = [CellRef(APPROPRIATION, "expenditure_total", fund), ref]
    found = scene.disagreeing("BG-121", left, right, more_right=more)
    found += scene.disagreeing("BG-122", [FUND_IN], [FUND_OUT], more_right=more)
    return Planted(package, tuple(found))


def _declared_year(scene: Scene, dice: Dice) -> Planted | None:
    ref, more = CellRef(OVERALL_FUNDS, "appropriation", "prior_year"), scene.amount(dice)
    package = scene.edited({ref: scene.amounts[ref] + more})
    left, right = (ref._replace(row=f"{side}_total") for side in ("revenue", "expenditure"))
    return Planted(package, tuple(scene.disagreeing("BG-123", [left], [right], more_left=more)))


def _declared_personnel(scene: Scene, dice: Dice) -> Planted | None:
    """The declaration agrees with itself and not with the book."""
    ref, more = CellRef(OVERALL_FUNDS, "personnel", PLANNED), scene.amount(dice)
    paid = ref._replace(row="appropriation")
    package = scene.edited({ref: scene.amounts[ref] + more, paid: scene.amounts[paid] + more})
    total = CellRef(GENERAL_PUBLIC, "total", "personnel")
    return Planted(package, tuple(scene.disagreeing("BG-219", [ref], [total], more_left=more)))


def _declared_operating(scene: Scene, dice: Dice) -> Planted | None:
    ref, more = CellRef(OVERALL_FUNDS, "operating", PLANNED), scene.amount(dice)
    paid, specific = (ref._replace(row=row) for row in ("appropriation", "specific_target"))
    package = scene.edited({ref: scene.amounts[ref] + more, paid: scene.amounts[paid] + more})
    right = [COSTS, CellRef(EXPENDITURE, "total", "project")]
    if not any(each in scene.amounts for each in right):
        return None
    found = scene.disagreeing("BG-220", [ref, specific], right, more_left=more)
    if _projects(scene):
        was = scene.amounts[ref]
        found.append(Expected("BG-304", cell_address(scene.book.book, ref), was + more, was))
    return Planted(package, tuple(found))


def _personnel_code(scene: Scene, dice: Dice) -> Planted | None:
    refs = scene.entered(BASIC_DETAIL, "personnel", 5)
    if not refs:
        return None
    ref, more = dice.one_of(refs), scene.amount(dice)
    package = scene.edited({ref: scene.amounts[ref] + more})
    found: list[Expected] = []
    for whole, detail in (("basic", "total"), ("personnel", "personnel")):
        left, right = (
            CellRef(GENERAL_PUBLIC, "total", whole),
            CellRef(BASIC_DETAIL, "total", detail),
        )
        found += scene.disagreeing("BG-215", [left], [right], more_right=more)
    return Planted(package, tuple(found))


def _hospitality(scene: Scene, dice: Dice) -> Planted | None:
    code = CellRef(BASIC_DETAIL, "30217", "operating")
    ref = CellRef(THREE_PUBLIC, PLANNED, "official_hospitality")
    if scene.in_wan or not scene.has(code, ref) or scene.amounts[code] < 1_000:
        return None
    less = -scene.amounts[ref]
    found = scene.disagreeing("BG-218", [code], [ref], more_right=less, at_most=True)
    return Planted(scene.edited({ref: ZERO}), tuple(found))


def _operating_funds(scene: Scene, dice: Dice) -> Planted | None:
    ref = CellRef(INSTITUTION, "operating_funds", PLANNED)
    if not scene.has(ref, COSTS):
        return None
    more = scene.amount(dice)
    package = scene.edited({ref: scene.amounts[ref] + more})
    return Planted(package, expected_operating_funds(scene, "BG-221", ref, COSTS, more))


def _unknown_class(scene: Scene, dice: Dice) -> Planted | None:
    """Last year's figures stand under a 类 that no catalogue has."""
    refs = scene.entered(COMPARATIVES, "prior_year", 3)
    if not refs:
        return None
    ref = dice.one_of(refs)
    new = ref._replace(row="299")
    package = scene.edited({ref: None, new: scene.amounts[ref]})
    codes = [scene.book.book, *([scene.package.head.department_code] if scene.several else [])]
    return Planted(package, tuple(Expected("BG-141", cell_address(code, new)) for code in codes))


# ── lists ───────────────────────────────────────────────────────────────────────────────────────


def _projects(scene: Scene) -> list[ProjectBudget]:
    return [row for row in scene.package.project_budgets if row.book == scene.book.book]


def _amount(row: ProjectBudget) -> Decimal:
    figure = row.sum_of()
    return ZERO if figure is None else figure.value


def _with_project(scene: Scene, changed: ProjectBudget) -> FilingPackage:
    rows = scene.package.project_budgets
    return replace(
        scene.package,
        project_budgets=tuple(changed if row.code == changed.code else row for row in rows),
    )


def _bought_under(scene: Scene, project: ProjectBudget) -> bool:
    return any(row.project_code == project.code for row in scene.package.lists.purchases)


def _project_amount(scene: Scene, dice: Dice) -> Planted | None:
    """A project of the list is larger than what the sheets hold of it."""
    rows = [row for row in _projects(scene) if row.general_public is not None]
    if not rows:
        return None
    row, more = dice.one_of(rows), scene.amount(dice)
    assert row.general_public is not None
    package = _with_project(scene, replace(row, general_public=row.general_public + more))
    kind = CellRef(OVERALL_FUNDS, row.kind.value, PLANNED)
    refs = (
        ("BG-301", CellRef(EXPENDITURE, "total", "project")),
        ("BG-302", CellRef(EXPENDITURE, row.functional_code, "project")),
        ("BG-303", CellRef(GENERAL_PUBLIC, "total", "project")),
        ("BG-304", kind),
    )
    return Planted(package, tuple(_list_differs(scene, check, ref, more) for check, ref in refs))


def _list_differs(scene: Scene, check_id: str, ref: CellRef, more: Decimal) -> Expected:
    """A cell against a sum of rows that was equal and grew."""
    was = scene.amounts.get(ref, ZERO)
    return Expected(check_id, cell_address(scene.book.book, ref), was, was + more)


def _project_item(scene: Scene, dice: Dice) -> Planted | None:
    """A project of the list stands under another 项 than in the sheets."""
    rows = [row for row in _projects(scene) if _amount(row) > 0 and not _bought_under(scene, row)]
    if not rows:
        return None
    row = dice.one_of(rows)
    new = dice.one_of([code for code in ordinary_items() if code != row.functional_code])
    if scene.in_wan and _amount(row) < 1_000_000:
        return None
    package = _with_project(scene, replace(row, functional_code=new))
    found = (
        _list_differs(scene, "BG-302", CellRef(EXPENDITURE, code, "project"), more)
        for code, more in ((row.functional_code, -_amount(row)), (new, _amount(row)))
    )
    return Planted(package, tuple(found))


def _project_fund(scene: Scene, dice: Dice) -> Planted | None:
    """Money of the general public budget written as the unit's own."""
    rows = [
        row for row in _projects(scene) if row.general_public and row.general_public > 1_000_000
    ]
    if not rows:
        return None
    row = dice.one_of(rows)
    assert row.general_public is not None
    less = row.general_public - 100
    own = (row.own_source_funds or ZERO) + less
    package = _with_project(
        scene, replace(row, general_public=Decimal("100.00"), own_source_funds=own)
    )
    total = CellRef(GENERAL_PUBLIC, "total", "project")
    return Planted(package, (_list_differs(scene, "BG-303", total, -less),))


def _project_kind(scene: Scene, dice: Dice) -> Planted | None:
    """A project counts on another line of the overall declaration than its own kind says."""
    rows = [row for row in _projects(scene) if _amount(row) > 1_000_000]
    if not rows:
        return None
    row = dice.one_of(rows)
    other = next(kind for kind in ProjectKind if kind is not row.kind)
    found = (
        _list_differs(scene, "BG-304", CellRef(OVERALL_FUNDS, kind.value, PLANNED), more)
        for kind, more in ((row.kind, -_amount(row)), (other, _amount(row)))
    )
    return Planted(_with_project(scene, replace(row, kind=other)), tuple(found))


def _procured(scene: Scene) -> list[ProcurementRow]:
    return [row for row in scene.package.procurement if row.book == scene.book.book]


def _bought(scene: Scene) -> list[PurchasedServiceRow]:
    return [row for row in scene.package.purchased_services if row.book == scene.book.book]


def _with_procured(package: FilingPackage, changed: ProcurementRow) -> FilingPackage:
    at = (changed.book, changed.number)
    rows = (changed if (row.book, row.number) == at else row for row in package.procurement)
    return replace(package, procurement=tuple(rows))


RowChange = Callable[[ProcurementRow, Scene], ProcurementRow | None]


def _row(check_id: str, field: str, change: RowChange) -> Planter:
    """One row of procurement changed in a field that no amount depends on."""

    def plant(scene: Scene, dice: Dice) -> Planted | None:
        changed = [new for row in _procured(scene) if (new := change(row, scene)) is not None]
        if not changed:
            return None
        new = dice.one_of(changed)
        place = procurement_address(new.book, new.number, field)
        return Planted(_with_procured(scene.package, new), (Expected(check_id, place),))

    return plant


def _unknown_economic(row: ProcurementRow, scene: Scene) -> ProcurementRow | None:
    return replace(row, economic_code="39998") if row.project_code else None


def _nowhere(row: ProcurementRow, scene: Scene) -> ProcurementRow | None:
    if not row.project_code:
        return None
    others = [p.code for p in scene.package.project_budgets if p.book != row.book]
    return replace(row, project_code=others[0]) if others else None


def _not_an_item(row: ProcurementRow, scene: Scene) -> ProcurementRow | None:
    return replace(row, item_code=f"{row.item_code}-")


def _other_item(row: ProcurementRow, scene: Scene) -> ProcurementRow | None:
    new = ordinary_items()[0]
    usable = row.project_code and row.functional_code != new
    return replace(row, functional_code=new) if usable else None


def _other_name(row: ProcurementRow, scene: Scene) -> ProcurementRow | None:
    return replace(row, project_name=f"{row.project_name}（续）") if row.project_code else None


def _over_project(scene: Scene, dice: Dice) -> Planted | None:
    """Purchases under a project are more than the project, and every sum says so too."""
    projects = {row.code: row for row in _projects(scene)}
    rows = [row for row in _procured(scene) if row.project_code in projects]
    if not rows or scene.in_wan:
        return None
    row = dice.one_of(rows)
    below = [each for each in rows if each.project_code == row.project_code]
    spent = sum((each.amount or ZERO for each in below), ZERO)
    limit = _amount(projects[row.project_code])
    more = limit - spent + scene.amount(dice)
    letter = {"A": "goods", "B": "works", "C": "services"}[row.item_code[0]]
    refs = [CellRef(INSTITUTION, f"procurement_{key}", PLANNED) for key in (letter, "total")]
    changes = {ref: scene.amounts[ref] + more for ref in refs}
    changed = replace(row, amount=(row.amount or ZERO) + more)
    package = _with_procured(scene.edited(changes), changed)
    place = procurement_address(row.book, row.number, "amount")
    return Planted(package, (Expected("BG-312", place, spent + more, limit),))


def _letters(scene: Scene, dice: Dice) -> Planted | None:
    """The book names more goods than the list holds."""
    refs = [CellRef(INSTITUTION, f"procurement_{key}", PLANNED) for key in ("goods", "total")]
    if not _procured(scene) or not scene.has(*refs):
        return None
    more = scene.amount(dice)
    package = scene.edited({ref: scene.amounts[ref] + more for ref in refs})
    found = (
        Expected(
            "BG-313",
            cell_address(scene.book.book, ref),
            scene.amounts[ref] + more,
            scene.amounts[ref],
        )
        for ref in refs
    )
    return Planted(package, tuple(found))


def _kinds(scene: Scene, dice: Dice) -> Planted | None:
    """The book's goods neither add up to its total nor agree with the list."""
    goods, works, services, total = (
        CellRef(INSTITUTION, f"procurement_{key}", PLANNED)
        for key in ("goods", "works", "services", "total")
    )
    if not scene.has(goods, total):
        return None
    more = scene.amount(dice)
    found = scene.disagreeing("BG-124", [total], [goods, works, services], more_right=more)
    place, was = cell_address(scene.book.book, goods), scene.amounts[goods]
    found.append(Expected("BG-313", place, was + more, was))
    return Planted(scene.edited({goods: was + more}), tuple(found))


def _set_aside(scene: Scene, dice: Dice) -> Planted | None:
    """A row sets aside more for micro enterprises than for small and medium ones."""
    ref, limit = (CellRef(INSTITUTION, f"procurement_{key}", PLANNED) for key in ("micro", "sme"))
    rows = [row for row in _procured(scene) if row.micro_amount is not None and row.sme_amount]
    for row in rows:
        assert row.micro_amount is not None
        assert row.sme_amount is not None
        new = row.sme_amount + 1
        more = new - row.micro_amount
        if not scene.in_wan and scene.amounts[ref] + more <= scene.amounts[limit]:
            package = _with_procured(
                scene.edited({ref: scene.amounts[ref] + more}), replace(row, micro_amount=new)
            )
            place = procurement_address(row.book, row.number, "micro_amount")
            return Planted(package, (Expected("BG-314", place, new, row.sme_amount),))
    return None


def _micro(scene: Scene, dice: Dice) -> Planted | None:
    """The book sets aside more for micro enterprises than for small and medium ones."""
    ref, limit = (CellRef(INSTITUTION, f"procurement_{key}", PLANNED) for key in ("micro", "sme"))
    if scene.in_wan or not scene.has(ref, limit):
        return None
    was = scene.amounts[ref]
    new = scene.amounts[limit] + scene.amount(dice)
    found = scene.disagreeing("BG-125", [ref], [limit], more_left=new - was, at_most=True)
    found.append(Expected("BG-313", cell_address(scene.book.book, ref), new, was))
    return Planted(scene.edited({ref: new}), tuple(found))


def _services(scene: Scene, dice: Dice) -> Planted | None:
    ref, more = CellRef(INSTITUTION, "purchased_services", PLANNED), scene.amount(dice)
    if not scene.has(ref):
        return None
    was = scene.amounts[ref]
    found = Expected("BG-323", cell_address(scene.book.book, ref), was + more, was)
    return Planted(scene.edited({ref: was + more}), (found,))


def _directory(scene: Scene, dice: Dice) -> Planted | None:
    rows = _bought(scene)
    if not rows:
        return None
    new = replace(dice.one_of(rows), directory_tier_three="")
    at = (new.book, new.number)
    every = scene.package.purchased_services
    changed = tuple(new if (row.book, row.number) == at else row for row in every)
    place = purchased_service_address(*at, "directory_tier_one")
    package = replace(scene.package, purchased_services=changed)
    return Planted(package, (Expected("BG-324", place),))


def _kind(key: str, title: str, plant: Planter, *checks: str) -> Contradiction:
    return Contradiction(f"budget_{key}", title, BUDGET, checks, plant)


BUDGETS: tuple[Contradiction, ...] = (
    _kind("closing", "预算年终结转多记", _closing, "BG-105"),
    _kind("fund_closing", "财政拨款年终结转多记", _fund_closing, "BG-121", "BG-122"),
    _kind("declared_year", "申报表上年收支不等", _declared_year, "BG-123"),
    _kind("declared_personnel", "申报表人员类与人员经费不同", _declared_personnel, "BG-219"),
    _kind("declared_operating", "申报表运转类与预算不同", _declared_operating, "BG-220", "BG-304"),
    _kind(
        "below_public", "支出总表小于其中一般公共预算", below_public("BG-213", "basic"), "BG-213"
    ),
    _kind("personnel_code", "基本支出经济科目多记", _personnel_code, "BG-215"),
    _kind("hospitality", "公务接待费小于基本支出所列", _hospitality, "BG-218"),
    _kind("operating_funds", "机关运行经费与公用经费不同", _operating_funds, "BG-221"),
    _kind("unknown_class", "上年数用了目录外科目", _unknown_class, "BG-141"),
    _kind(
        "project_amount", "项目清单多列", _project_amount, "BG-301", "BG-302", "BG-303", "BG-304"
    ),
    _kind("project_item", "项目列错功能科目", _project_item, "BG-302"),
    _kind("project_fund", "项目资金来源写错", _project_fund, "BG-303"),
    _kind("project_kind", "项目类别写错", _project_kind, "BG-304"),
    _kind(
        "unknown_economic",
        "采购用了目录外经济科目",
        _row("BG-305", "economic_code", _unknown_economic),
        "BG-305",
    ),
    _kind(
        "nowhere", "采购列在别的单位的项目之下", _row("BG-311", "project_code", _nowhere), "BG-311"
    ),
    _kind("over_project", "采购大于所在项目", _over_project, "BG-312"),
    _kind("letters", "采购分类与清单不同", _letters, "BG-313"),
    _kind("kinds", "采购总额与分类、清单不同", _kinds, "BG-124", "BG-313"),
    _kind("set_aside", "一行面向小微大于面向中小", _set_aside, "BG-314"),
    _kind("micro", "面向小微大于面向中小", _micro, "BG-125", "BG-313"),
    _kind("not_an_item", "采购品目编码写错", _row("BG-315", "item_code", _not_an_item), "BG-315"),
    _kind(
        "other_item",
        "采购功能科目与项目不同",
        _row("BG-316", "functional_code", _other_item),
        "BG-316",
    ),
    _kind("other_name", "项目名称前后不同", _row("BG-317", "project_name", _other_name), "BG-317"),
    _kind("services", "购买服务金额与清单不同", _services, "BG-323"),
    _kind("directory", "购买服务没有写全目录", _directory, "BG-324"),
)
