"""PURE: procurement and purchased services under a unit's projects and 公用经费."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.workbook import ProcurementRow, PurchasedServiceRow
from reviews.region.dice import Dice
from reviews.region.facts import Work, Year
from reviews.region.sheets import unit_of, yuan

GOODS: tuple[tuple[str, str, str, str], ...] = (
    ("A02010105", "台式计算机", "台", "31002"),
    ("A02021001", "打印机", "台", "31002"),
    ("A05040101", "复印纸", "箱", "30201"),
    ("B06010200", "业务用房修缮", "项", "31006"),
    ("C16010100", "软件开发服务", "项", "30227"),
    ("C21040000", "物业管理服务", "项", "30209"),
    ("C23090199", "印刷服务", "批", "30202"),
)
"""Item, name, measure and the economic 款 it is bought under."""
SERVICES: tuple[tuple[str, str, str, str], ...] = (
    ("政府履职所需辅助性服务", "后勤服务", "物业服务", "30209"),
    ("政府履职所需辅助性服务", "信息化服务", "信息系统运行维护", "30227"),
    ("公共服务", "社会治理服务", "人民调解服务", "30227"),
)
_SOURCE, _NATURE = "年初安排", "经费拨款补助"


def _lots(work: Work, dice: Dice) -> Iterator[int]:
    """Purchases of a project, together at most its amount."""
    left = work.all_planned
    for _ in range(dice.between(1, 3)):
        amount = dice.near(left, 5, 60)
        if amount > 0:
            left -= amount
            yield amount


def procurement_rows(
    year: Year, works: list[Work], operating: dict[str, int], dice: Dice
) -> tuple[ProcurementRow, ...]:
    """Rows under projects, and under 公用经费 where its 款 is planned."""
    rows: list[ProcurementRow] = []
    for work in works:
        for amount in _lots(work, dice) if dice.chance(25) else ():
            good = dice.one_of(GOODS)
            rows.append(
                _row(year, len(rows) + 1, work.code, work.name, work.item, good, amount, dice)
            )
    for good in GOODS:
        limit = operating.get(good[3], 0)
        taken = any(not row.project_code and row.economic_code == good[3] for row in rows)
        if limit > 10 and not taken and dice.chance(50):
            amount = dice.near(limit, 10, 100)
            rows.append(_row(year, len(rows) + 1, "", "公用经费", year.main, good, amount, dice))
    return tuple(rows)


def _row(
    year: Year,
    number: int,
    project: str,
    name: str,
    item: str,
    good: tuple[str, str, str, str],
    amount: int,
    dice: Dice,
) -> ProcurementRow:
    step = year.unit.step
    small = dice.near(amount, 50, 100) if dice.chance(70) else None
    micro = dice.near(small, 0, 100) if small is not None and dice.chance(60) else None
    return ProcurementRow(
        book=year.unit.code,
        number=number,
        project_code=project,
        project_name=name,
        item_code=good[0],
        item_name=good[1],
        functional_code=item,
        economic_code=good[3],
        funding_source=_SOURCE,
        fund_nature=_NATURE,
        quantity=Decimal(1),
        unit_price=yuan(amount, step),
        measure=good[2],
        amount=yuan(amount, step),
        sme_amount=None if small is None else yuan(small, step),
        micro_amount=None if micro is None else yuan(micro, step),
        unit=unit_of(step),
    )


def service_rows(year: Year, works: list[Work], dice: Dice) -> tuple[PurchasedServiceRow, ...]:
    """Services bought from society, one a project."""
    step = year.unit.step
    chosen = [work for work in works if work.all_planned > 100 and dice.chance(10)]
    rows = []
    for number, work in enumerate(chosen, 1):
        one, two, three, economic = dice.one_of(SERVICES)
        rows.append(
            PurchasedServiceRow(
                book=year.unit.code,
                number=number,
                includes_procurement=False,
                project_code=work.code,
                project_name=work.name,
                content=three,
                quantity=Decimal(1),
                amount=yuan(dice.near(work.all_planned, 5, 90), step),
                funding_source=_SOURCE,
                fund_nature=_NATURE,
                functional_code=work.item,
                economic_code=economic,
                directory_tier_one=one,
                directory_tier_two=two,
                directory_tier_three=three,
                unit=unit_of(step),
            )
        )
    return tuple(rows)
