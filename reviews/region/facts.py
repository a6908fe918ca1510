"""PURE: what one unit plans and spends in one year, as leaves from which both books are written.

Every amount is a whole number of the unit's ``step`` (in fen). ``None`` is empty, 0 is zero, and
both occur. Balances are the only figures computed here: revenue is what expenditure, last year's
closing and this year's closing leave.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from budgets.checks.records import FUNDS
from budgets.workbook import ProjectFrequency, ProjectKind, UnitKind
from reviews.region.catalogue import CAPITAL_ITEMS, FUND_ITEMS, ordinary_items
from reviews.region.dice import Dice
from reviews.region.names import project_name

GENERAL, GOVERNMENT, CAPITAL = FUNDS
FEN, HUNDREDTH_OF_WAN = 1, 10_000
"""Steps of a book kept in 元 and of one kept in 万元, in fen."""


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What stays the same over the years. ``items`` counts the functional 项 it begins with;
    ``number`` counts the units of a department, ``department`` the departments."""

    code: str
    name: str
    region: str
    department: int
    number: int
    kind: UnitKind
    step: int
    first_year: int
    trade: str
    items: int
    office: bool
    has_fund: bool
    has_capital: bool
    has_own: bool

    def steps(self, yuan: int) -> int:
        """An amount in yuan in steps."""
        return yuan * 100 // self.step

    @property
    def is_agency(self) -> bool:
        """Whether its 公用经费 counts as 机关运行经费."""
        return self.kind is not UnitKind.PUBLIC_INSTITUTION


@dataclass(frozen=True, slots=True)
class Item:
    """One 项: basic expenditure planned and spent, of the general public budget and of its own."""

    code: str
    personnel: int | None = None
    operating: int | None = None
    own: int | None = None
    spent_personnel: int | None = None
    spent_operating: int | None = None
    spent_own: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One project: planned of a fund (``carried`` of it from last year) and of its own money,
    what the year's budget became, and what was spent of either."""

    code: str
    name: str
    item: str
    fund: str
    kind: ProjectKind
    frequency: ProjectFrequency
    planned: int = 0
    carried: int | None = None
    own: int | None = None
    revised: int = 0
    spent: int | None = None
    spent_own: int | None = None

    @property
    def all_planned(self) -> int:
        return self.planned + (self.own or 0)

    @property
    def all_spent(self) -> int:
        return (self.spent or 0) + (self.spent_own or 0)


@dataclass(frozen=True, slots=True)
class Balance:
    """Opening + revenue = spent + closing, of one fund, one row of it, or of its own money."""

    opening: int | None = None
    revenue: int | None = None
    spent: int | None = None
    closing: int | None = None


@dataclass(frozen=True, slots=True)
class OwnMoney:
    """Revenue by source and other expenditure, on the unit's main 项, with the balance."""

    balance: Balance = Balance()
    sources: tuple[tuple[str, int], ...] = ()
    outgoing: tuple[tuple[str, int], ...] = ()
    surplus_used: int | None = None
    distributed: int | None = None


@dataclass(frozen=True, slots=True)
class Transfers:
    """What a unit gets from, or gives to, another of its department."""

    received: int = 0
    paid: int = 0


@dataclass(frozen=True, slots=True)
class Year:
    """One unit's year. ``plans`` and ``funds`` are by fund, ``rows`` by 项 of the government
    fund; ``planned_own`` is the balance of its own money as budgeted."""

    unit: UnitFacts
    year: int
    items: tuple[Item, ...]
    works: tuple[Work, ...]
    plans: dict[str, Balance]
    funds: dict[str, Balance]
    rows: dict[str, Balance]
    own: OwnMoney
    planned_own: Balance
    transfers: Transfers = field(default_factory=Transfers)

    @property
    def main(self) -> str:
        """The 项 on which everything stands that belongs to no other."""
        return self.items[0].code


def added(amounts: Iterable[int | None]) -> int | None:
    """Σ of what is filled; empty when nothing is."""
    filled = [amount for amount in amounts if amount is not None]
    return sum(filled) if filled else None


def balanced(opening: int | None, spent: int | None, left: int, dice: Dice) -> Balance:
    """Revenue that leaves ``left``, or more where the opening is more than all of it; a closing
    of nothing is written as zero or left empty."""
    if opening is None and spent is None:
        return Balance()
    revenue = (spent or 0) + left - (opening or 0)
    closing: int | None = left + max(-revenue, 0)
    if not closing and dice.chance(50):
        closing = None
    return Balance(opening, max(revenue, 0), spent, closing)


def _codes(unit: UnitFacts, before: Year | None, dice: Dice) -> list[str]:
    """Last year's 项 with one gone and one new at times; at first the trade's own."""
    every = ordinary_items()
    if before is not None:
        codes = [item.code for item in before.items]
        if len(codes) > 2 and dice.chance(30):
            codes.remove(dice.one_of(codes[1:]))
        if len(codes) > 1 and dice.chance(30):
            codes.append(dice.one_of([code for code in every if code not in codes]))
        return codes
    own = [code for code in every if code.startswith(unit.trade)]
    social = [code for code in every if code.startswith(("208", "210", "221"))]
    rest = dice.some_of([code for code in every if code not in {*own, *social}], unit.items)
    codes = [*own, *dice.some_of([code for code in social if code not in own], 6), *rest]
    return codes[: unit.items]


def _item(unit: UnitFacts, code: str, before: Item | None, main: bool, dice: Dice) -> Item:
    if before is not None:
        personnel = None if before.personnel is None else dice.near(before.personnel, 98, 108)
        operating = None if before.operating is None else dice.near(before.operating, 95, 105)
        own = None if before.own is None else dice.near(before.own, 90, 110)
    else:
        bears = main or dice.chance(35)
        size = unit.steps(dice.between(400_000, 30_000_000 if main else 2_000_000))
        personnel = size if bears else None
        operating = (
            size * dice.between(8, 30) // 100 if main or (bears and dice.chance(25)) else None
        )
        own = size // 10 if bears and unit.has_own and dice.chance(40) else None
    return Item(
        code,
        personnel,
        operating,
        own,
        None if personnel is None else dice.near(personnel, 96, 106),
        None if operating is None else dice.near(operating, 90, 103),
        None if own is None else dice.near(own, 80, 110),
    )


def _work(unit: UnitFacts, year: int, item: str, fund: str, serial: int, dice: Dice) -> Work:
    code = f"{unit.region}{year % 100:02d}{unit.department:03d}T{unit.number:04d}{serial:05d}"
    frequency = dice.one_of(tuple(ProjectFrequency))
    name = project_name(dice, serial)
    kind = dice.one_of((ProjectKind.SPECIFIC_TARGET, *ProjectKind))
    planned = unit.steps(dice.between(20_000, 4_000_000))
    own = planned // 5 if fund == GENERAL and unit.has_own and dice.chance(20) else None
    return Work(code, name, item, fund, kind, frequency, planned, None, own)


def _execute(work: Work, dice: Dice) -> Work:
    """What was spent: most of it, at times nothing, and a project that began after the budget."""
    spent: int | None = dice.near(work.planned, 70, 102)
    if dice.chance(4):
        spent = None
    own = None if work.own is None else dice.near(work.own, 60, 100)
    late = dice.chance(4)
    return replace(
        work,
        planned=0 if late else work.planned,
        own=None if late else work.own,
        spent=spent,
        spent_own=None if late else own,
        revised=(spent or 0) + (0 if late else own or 0),
    )


def _works(
    unit: UnitFacts, year: int, codes: list[str], before: Year | None, dice: Dice
) -> list[Work]:
    """Projects that go on and new ones, several under some 项, none under others."""
    going = (
        [w for w in before.works if w.frequency is not ProjectFrequency.ONE_OFF] if before else []
    )
    kept = [w for w in going if dice.chance(85) and (w.item in codes or w.fund != GENERAL)]
    works = [
        replace(w, planned=dice.near(max(w.planned, unit.steps(20_000)), 85, 115), carried=None)
        for w in kept
    ]
    used = 0 if before is None else max((int(w.code[-5:]) for w in before.works), default=0)
    wanted = [(code, GENERAL) for code in codes if dice.chance(15 if before else 70)]
    wanted += [(code, GENERAL) for code in codes[1:2] if dice.chance(30)]
    if unit.has_fund and (before is None or dice.chance(30)):
        wanted += [(code, GOVERNMENT) for code in dice.some_of(FUND_ITEMS, dice.between(1, 2))]
    if unit.has_capital and before is None:
        wanted.append((dice.one_of(CAPITAL_ITEMS), CAPITAL))
    for at, (item, fund) in enumerate(wanted, used + 1):
        works.append(_work(unit, year, item, fund, at, dice))
    return [_execute(work, dice) for work in works]


def _carry(works: list[Work], opening: int | None) -> list[Work]:
    """Last year's money of the general public budget, marked on the first project it fits in."""
    for at, work in enumerate(works):
        if work.fund == GENERAL and opening and work.planned > opening:
            works[at] = replace(work, carried=opening)
            break
    return works


def _left(spent: int | None, dice: Dice) -> int:
    return dice.near(spent or 0, 0, 4) if dice.chance(50) else 0


def _rows(works: list[Work], before: Year | None, dice: Dice) -> dict[str, Balance]:
    """The government fund's rows; one that only has an old balance keeps it."""
    old = before.rows if before else {}
    codes = {w.item for w in works if w.fund == GOVERNMENT}
    codes |= {code for code, row in old.items() if row.closing}
    rows: dict[str, Balance] = {}
    for code in sorted(codes):
        spent = added(w.spent for w in works if (w.fund, w.item) == (GOVERNMENT, code))
        opening = old[code].closing if code in old else None
        rows[code] = balanced(opening, spent, _left(spent, dice), dice)
    return rows


def _fund(
    name: str, items: list[Item], works: list[Work], before: Year | None, dice: Dice
) -> Balance:
    basic = [n for i in items for n in (i.spent_personnel, i.spent_operating)]
    spent = added(
        [*(basic if name == GENERAL else []), *(w.spent for w in works if w.fund == name)]
    )
    opening = before.funds[name].closing if before else None
    return balanced(opening, spent, _left(spent, dice), dice)


def _plan(
    name: str, items: list[Item], works: list[Work], before: Year | None, dice: Dice
) -> Balance:
    basic = [n for i in items for n in (i.personnel, i.operating)]
    planned = (w.planned for w in works if w.fund == name and w.planned)
    spent = added([*(basic if name == GENERAL else []), *planned])
    opening = before.funds[name].closing if before else None
    return balanced(opening, spent, 0, dice)


def _total(rows: Iterable[Balance]) -> Balance:
    found = list(rows)
    names = ("opening", "revenue", "spent", "closing")
    return Balance(*(added(getattr(row, name) for row in found) for name in names))


_AGENCY_SOURCES = ("other_revenue",)
_INSTITUTION_SOURCES = ("institutional_revenue", "commercial_revenue", "other_revenue")


def _own(
    unit: UnitFacts,
    items: list[Item],
    works: list[Work],
    before: Year | None,
    transfers: Transfers,
    dice: Dice,
) -> OwnMoney:
    """The unit's own money: sources of revenue, spending outside basic and project, balance."""
    opening = before.own.balance.closing if before else None
    outgoing = _outgoing(unit, transfers, dice)
    spent = added(
        [*(i.spent_own for i in items), *(w.spent_own for w in works), *(n for _, n in outgoing)]
    )
    if spent is None and opening is None and not transfers.received:
        return OwnMoney()
    used = (spent or 0) // 20 if spent and dice.chance(10) else None
    handed = (spent or 0) // 30 if spent and dice.chance(10) else None
    needed = max((spent or 0) + (handed or 0) - (used or 0) - (opening or 0), transfers.received)
    revenue = needed + _left(spent, dice)
    closing = revenue + (opening or 0) + (used or 0) - (spent or 0) - (handed or 0)
    balance = Balance(opening, revenue, spent, closing)
    return OwnMoney(
        balance, _sources(unit, revenue - transfers.received, dice), outgoing, used, handed
    )


def _outgoing(unit: UnitFacts, transfers: Transfers, dice: Dice) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    if unit.has_own and not unit.is_agency and dice.chance(40):
        found["commercial_expenditure"] = unit.steps(dice.between(10_000, 500_000))
    if unit.has_own and dice.chance(10):
        found["remittance_to_superior"] = unit.steps(dice.between(10_000, 100_000))
    if transfers.paid:
        found["subsidy_to_affiliates"] = transfers.paid
    return tuple(found.items())


def _sources(unit: UnitFacts, amount: int, dice: Dice) -> tuple[tuple[str, int], ...]:
    names = _AGENCY_SOURCES if unit.is_agency else _INSTITUTION_SOURCES
    if not amount:
        return ()
    used = dice.some_of(names, dice.between(1, len(names)))
    return tuple(zip(used, dice.split(amount, len(used)), strict=True))


def _slack(works: list[Work], left: int, dice: Dice) -> list[Work]:
    """Budgets a little above what was spent, together at most what is left over."""
    for at, work in enumerate(works):
        more = min(left, work.all_spent * dice.between(0, 10) // 100)
        works[at] = replace(work, revised=work.all_spent + more)
        left -= more
    return works


def year_of(
    unit: UnitFacts, year: int, before: Year | None, transfers: Transfers, dice: Dice
) -> Year:
    """The unit's year after ``before``, ``None`` for its first."""
    codes = _codes(unit, before, dice)
    known = {item.code: item for item in before.items} if before else {}
    items = [_item(unit, code, known.get(code), at == 0, dice) for at, code in enumerate(codes)]
    works = _works(unit, year, codes, before, dice)
    works = _carry(works, before.funds[GENERAL].closing if before else None)
    rows = _rows(works, before, dice)
    funds = {name: _fund(name, items, works, before, dice) for name in FUNDS}
    funds[GOVERNMENT] = _total(rows.values())
    own = _own(unit, items, works, before, transfers, dice)
    left = sum(f.closing or 0 for f in funds.values()) + (own.balance.closing or 0)
    planned_own = balanced(
        before.own.balance.closing if before else None,
        added([*(i.own for i in items), *(w.own for w in works)]),
        0,
        dice,
    )
    return Year(
        unit=unit,
        year=year,
        items=tuple(items),
        works=tuple(_slack(works, left, dice)),
        plans={name: _plan(name, items, works, before, dice) for name in FUNDS},
        funds=funds,
        rows=rows,
        own=own,
        planned_own=planned_own,
        transfers=transfers,
    )
