"""PURE: the final accounts of one invented department of any size, for measuring how it prints.

The figures agree with each other as those of the invented region do; the words are as short.
"""

from __future__ import annotations

from budgets.checks import FINAL_ACCOUNTS
from budgets.workbook import UnitKind
from disclosures.filing_package import FilingPackage
from reviews.region.completion import completed_with
from reviews.region.department import Department, Region, packages_of
from reviews.region.dice import Dice
from reviews.region.facts import HUNDREDTH_OF_WAN, UnitFacts
from reviews.region.names import MARK, TRADES
from reviews.region.performance import spent_projects

SEED, YEAR = 20_231_231, 2023
CODE, NUMBER = "997999", 1


def large_package(items: int, forms: int) -> FilingPackage:
    """Final accounts of one unit with so many functional 项 and so many evaluation forms.

    Raises ValueError where the catalogue or the projects are too few for it.
    """
    region = Region(SEED, YEAR, years=1)
    (accounts,) = (
        package
        for package in packages_of(region, _department(region, items))
        if package.head.kind == FINAL_ACCOUNTS
    )
    evaluated = spent_projects(accounts.projects)[: forms - 1]  # the department has a form too
    package = completed_with(accounts, evaluated, Dice(SEED))
    if len(package.evaluations) != forms:
        raise ValueError(f"{items} 个项级科目只有 {len(package.evaluations)} 份自评表")
    return package


def _department(region: Region, items: int) -> Department:
    trade, heading = TRADES[0]
    name = f"{trade}{MARK}"
    unit = UnitFacts(
        code=f"{CODE}001",
        name=name,
        region=region.code,
        department=NUMBER,
        number=1,
        kind=UnitKind.ADMINISTRATIVE,
        step=HUNDREDTH_OF_WAN,
        first_year=region.first_year - 1,
        trade=heading,
        items=items,
        office=True,
        has_fund=True,
        has_capital=True,
        has_own=True,
    )
    return Department(NUMBER, CODE, name, (unit,), knows_last_year=True)
