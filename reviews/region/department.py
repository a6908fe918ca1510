"""PURE: one invented department over its years, as the packages it would file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from budgets.checks import BUDGET, FINAL_ACCOUNTS, resolve
from budgets.workbook import (
    ProcurementRow,
    ProjectBudget,
    ProjectSnapshot,
    PurchasedServiceRow,
    WorkbookSnapshot,
)
from disclosures.filing_package import Editions, FilingHead, FilingPackage
from reviews.region.accounts import accounts_book
from reviews.region.budget import budget_book
from reviews.region.dice import Dice
from reviews.region.facts import FEN, HUNDREDTH_OF_WAN, Transfers, UnitFacts, Year, year_of
from reviews.region.names import TRADES, department_name, place_name, unit_kind, unit_name
from reviews.region.sheets import unit_of, yuan
from rulebook.editions import DATA, edition_for, read_toml

SIZES = (1, 1, 2, 4, 6, 8, 10, 12, 16, 20, 28, 40, 120)
"""How many functional 项 an office begins with; most are small, a few are very large."""


@dataclass(frozen=True, slots=True)
class Region:
    """What was asked for. ``code`` is a region whose rules hold; its departments are invented."""

    seed: int
    first_year: int
    years: int
    code: str = "420100"

    def head(self, department: Department, kind: str, year: int) -> FilingHead:
        """The head of a filing under the rules in force. Raises EditionMissing."""
        return FilingHead(
            kind=kind,
            fiscal_year=year,
            version=1,
            region_code=self.code,
            region_name=region_name(self.code),
            department_code=department.code,
            department_name=department.name,
            editions=self._editions(kind, year),
            approval=None,
            sample=True,
        )

    def _editions(self, kind: str, year: int) -> Editions:
        families = (("layouts", kind), ("scoring", "self_evaluation"), ("outlines", kind))
        return Editions(
            *(
                edition_for(family, of, region=self.code, fiscal_year=year).id
                for family, of in families
            )
        )

    def require_rules(self) -> None:
        """Raise EditionMissing unless rules hold for every book of every year."""
        for year in range(self.first_year, self.first_year + self.years):
            for kind in (BUDGET, FINAL_ACCOUNTS):
                self._editions(kind, year)


@dataclass(frozen=True, slots=True)
class Department:
    """An invented department; ``number`` counts from 1."""

    number: int
    code: str
    name: str
    units: tuple[UnitFacts, ...]
    knows_last_year: bool


def region_name(code: str) -> str:
    """Raises KeyError for a region the rule data does not have."""
    regions = read_toml(DATA / "regions.toml")["region"]
    return str({region["code"]: region["name"] for region in regions}[code])


def department_of(region: Region, number: int) -> Department:
    """The department of a number, alone; nothing depends on the others."""
    dice = Dice(region.seed, number)
    trade, heading = dice.one_of(TRADES)
    name = department_name(place_name(dice), trade, number)
    code = f"88{number:04d}"
    size = dice.one_of(SIZES)
    count = 1 if size == 1 else min(dice.between(1, 6), 6)
    step = HUNDREDTH_OF_WAN if dice.chance(35) else FEN
    rich = dice.chance(60)
    units = tuple(
        UnitFacts(
            code=f"{code}{at + 1:03d}",
            name=unit_name(name, at),
            region=region.code,
            department=number,
            number=at + 1,
            kind=unit_kind(at, dice),
            step=step,
            first_year=region.first_year + 1
            if at > 1 and dice.chance(15)
            else region.first_year - 1,
            trade=heading,
            items=max(1, size if at == 0 else size // dice.between(2, 6)),
            office=at == 0,
            has_fund=size > 2 and dice.chance(15),
            has_capital=size > 2 and dice.chance(5),
            has_own=rich and size > 1 and dice.chance(60),
        )
        for at in range(count)
    )
    return Department(number, code, name, units, dice.chance(60))


def _transfers(units: tuple[UnitFacts, ...], year: int, dice: Dice) -> dict[str, Transfers]:
    """The office passes money on to some of its units, in some departments."""
    there = [unit for unit in units if unit.first_year <= year]
    if len(there) < 2 or not dice.chance(40):
        return {}
    given = {u.code: u.steps(dice.between(5_000, 300_000)) for u in there[1:] if dice.chance(60)}
    found = {code: Transfers(received=amount) for code, amount in given.items()}
    return found | {there[0].code: Transfers(paid=sum(given.values()))}


@dataclass
class _Filed:
    """What the next year looks back on, by unit."""

    years: dict[str, Year]
    accounts: dict[str, WorkbookSnapshot]
    budgets: dict[str, WorkbookSnapshot]


def packages_of(region: Region, department: Department) -> Iterator[FilingPackage]:
    """Budget and final accounts of every year in order, without words or performance.

    A year before the first is worked out and not filed, so that the first has a last year where
    the department knows it.
    """
    filed = _Filed({}, {}, {})
    for year in range(region.first_year - 1, region.first_year + region.years):
        budget, accounts = _year(region, department, year, filed)
        if year >= region.first_year:
            yield budget
            yield accounts


def _year(
    region: Region, department: Department, year: int, filed: _Filed
) -> tuple[FilingPackage, FilingPackage]:
    dice = Dice(region.seed, department.number, year)
    transfers = _transfers(department.units, year, dice)
    tells = department.knows_last_year or year > region.first_year
    plan_head = region.head(department, BUDGET, max(year, region.first_year))
    head = region.head(department, FINAL_ACCOUNTS, max(year, region.first_year))
    plan, accounts = _empty(plan_head), _empty(head)
    for unit in department.units:
        if unit.first_year > year:
            continue
        own = Dice(region.seed, unit.code, year)
        before = filed.years.get(unit.code)
        now = year_of(unit, year, before, transfers.get(unit.code, Transfers()), own)
        last = filed.budgets.get(unit.code) if tells else None
        book, lists = budget_book(now, last, plan_head.editions.layout, own)
        plan = _with_budget(plan, book, *lists)
        last = filed.accounts.get(unit.code) if tells else None
        result = accounts_book(now, resolve(book), last, head.editions.layout, own)
        accounts = _with_accounts(accounts, result, now)
        filed.years[unit.code] = now
        filed.budgets[unit.code], filed.accounts[unit.code] = book, result
    return plan, accounts


def _empty(head: FilingHead) -> FilingPackage:
    return FilingPackage(head, (), (), (), (), (), (), (), (), ())


def _with_budget(
    package: FilingPackage,
    book: WorkbookSnapshot,
    projects: tuple[ProjectBudget, ...],
    procured: tuple[ProcurementRow, ...],
    services: tuple[PurchasedServiceRow, ...],
) -> FilingPackage:
    return replace(
        package,
        books=(*package.books, book),
        project_budgets=(*package.project_budgets, *projects),
        procurement=(*package.procurement, *procured),
        purchased_services=(*package.purchased_services, *services),
    )


def _with_accounts(package: FilingPackage, book: WorkbookSnapshot, year: Year) -> FilingPackage:
    step = year.unit.step
    projects = tuple(
        ProjectSnapshot(
            code=work.code,
            name=work.name,
            book=book.book,
            original_budget=yuan(work.all_planned, step) if work.all_planned else None,
            revised_budget=yuan(work.revised, step),
            actual=None if work.spent is work.spent_own is None else yuan(work.all_spent, step),
            unit=unit_of(step),
        )
        for work in year.works
    )
    return replace(package, books=(*package.books, book), projects=(*package.projects, *projects))
