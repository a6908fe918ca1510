"""PURE: cells of one book, collected; amounts come in steps and leave in yuan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from budgets.workbook import CellSnapshot, Provenance, WorkbookSnapshot
from reviews.region.catalogue import economic_items
from reviews.region.dice import Dice, in_proportion
from reviews.region.facts import HUNDREDTH_OF_WAN, UnitFacts
from rulebook.addresses import CellRef


def yuan(amount: int, step: int) -> Decimal:
    """An amount in steps as yuan with two decimals."""
    return Decimal(amount * step).scaleb(-2)


def unit_of(step: int) -> str:
    """How a book of this step declares its amounts."""
    return "wan" if step == HUNDREDTH_OF_WAN else "yuan"


class Sheets:
    """The entered cells of one unit's book. Empty amounts make no cell; amounts put twice in one
    cell add up."""

    def __init__(self, step: int) -> None:
        self._step = step
        self._amounts: dict[CellRef, int] = {}
        self._counts: dict[CellRef, int] = {}

    def put(self, sheet: str, row: str, column: str, amount: int | None) -> None:
        if amount is not None:
            ref = CellRef(sheet, row, column)
            self._amounts[ref] = self._amounts.get(ref, 0) + amount

    def count(self, sheet: str, row: str, column: str, number: int) -> None:
        """A number of things or people."""
        self._counts[CellRef(sheet, row, column)] = number

    def value(self, sheet: str, row: str, column: str) -> int | None:
        return self._amounts.get(CellRef(sheet, row, column))

    def total(self, sheet: str, column: str) -> int | None:
        """Σ of a column of what was put, empty when nothing was."""
        found = [
            n for ref, n in self._amounts.items() if (ref.sheet, ref.column) == (sheet, column)
        ]
        return sum(found) if found else None

    def book(self, unit: UnitFacts, layout: str) -> WorkbookSnapshot:
        """The collected cells as a book."""
        declared = unit_of(self._step)
        cells = [
            CellSnapshot(*ref, yuan(n, self._step), Provenance.IMPORTED, declared)
            for ref, n in self._amounts.items()
        ]
        cells += [
            CellSnapshot(*ref, Decimal(n), Provenance.IMPORTED, "", 0)
            for ref, n in self._counts.items()
        ]
        ordered = tuple(sorted(cells, key=lambda cell: cell.ref))
        return WorkbookSnapshot(unit.code, unit.name, unit.kind, layout, ordered)


TRAVEL, HOSPITALITY, OPERATION, PURCHASE = "30212", "30217", "30231", "31013"
THREE_PUBLIC_CODES = (
    (TRAVEL, "overseas_travel"),
    (PURCHASE, "vehicle_purchase"),
    (OPERATION, "vehicle_operation"),
    (HOSPITALITY, "official_hospitality"),
)
"""Economic 款 that are part of 三公, with the column they belong to."""


def by_economic_code(group: str, amount: int | None, dice: Dice) -> list[tuple[str, int]]:
    """Basic expenditure of one side over its 款; the 三公 ones stay small."""
    if amount is None:
        return []
    special = {code for code, _ in THREE_PUBLIC_CODES}
    plain = [code for code in economic_items(group) if code not in special]
    codes = dice.some_of(plain, dice.between(3, 9))
    shares = in_proportion(amount, [dice.between(1, 40) for _ in codes])
    found = dict(zip(codes, shares, strict=True))
    if group == "operating" and shares[0] > 200:
        for code in dice.some_of((HOSPITALITY, OPERATION, TRAVEL), dice.between(0, 2)):
            found[code] = shares[0] // 10
            found[codes[0]] -= shares[0] // 10
    return sorted((code, n) for code, n in found.items() if n)


def three_public(
    detail: Iterable[tuple[str, int]], unit: UnitFacts, dice: Dice
) -> list[tuple[str, int]]:
    """Column → amount: what basic expenditure holds of it, and now and then a project's part."""
    basic = dict(detail)
    found: list[tuple[str, int]] = []
    for code, column in THREE_PUBLIC_CODES:
        more = unit.steps(dice.between(1_000, 60_000)) if dice.chance(15) else 0
        if code in basic or more:
            found.append((column, basic.get(code, 0) + more))
        elif dice.chance(30):
            found.append((column, 0))
    return found


def parts_of(amount: int, names: Sequence[str], dice: Dice) -> list[tuple[str, int]]:
    """An amount over some of the names; the others stay empty."""
    used = dice.some_of(names, dice.between(1, len(names)))
    return list(zip(used, dice.split(amount, len(used)), strict=True))
