"""PURE: what a change since last year is made of, from last year's approved filing.

A cell is compared with the same cell of last year's book. Its change is split as the book of
either year declares the sum, down to where the parts still make up all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from budgets.aggregate import department_book
from budgets.checks import network_of, resolve
from disclosures.filing_package import FilingPackage
from rulebook.addresses import CellRef
from rulebook.amounts import ZERO, Interval
from rulebook.network import Instance, Network
from rulebook.relations import Shape

ENOUGH = 2
"""Moved parts that make a split worth showing; of fewer the same figure elsewhere says more."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A cell and by how much it moved since last year, with the sign it counts with in the whole
    that was split; in yuan."""

    ref: CellRef
    amount: Decimal


class SinceLastYear:
    """This year's book of a department beside last year's filing."""

    def __init__(self, network: Network, figures: dict[CellRef, Interval], before: FilingPackage):
        self._network, self._figures, self._filing = network, figures, before

    def knows(self, ref: CellRef, base: CellRef) -> bool:
        """Whether last year's filing has for ``ref`` what this year's gives as its base; a base
        that was restated since has no known parts."""
        was, stated = self._before.get(ref), self._figures.get(base)
        return was is not None and stated is not None and was.can_equal(stated)

    def parts(self, ref: CellRef) -> list[Moved]:
        """The parts of the change of ``ref``: as its own table declares it, or, where that says
        next to nothing, as the most detailed of the tables with the same figure does."""
        own = self._split(ref, {ref})
        if len(own) >= ENOUGH:
            return own
        alike = (same for same in self._same(ref) if self._moved(same) == self._moved(ref))
        others = (self._split(same, {ref, same}) for same in alike)
        return max([*others, own], key=len)

    @cached_property
    def _book(self) -> Network:
        return network_of(department_book(self._filing.books, "", ""))

    @cached_property
    def _before(self) -> dict[CellRef, Interval]:
        return resolve(department_book(self._filing.books, "", ""))

    def _moved(self, ref: CellRef) -> Decimal:
        """In a sum an empty cell adds nothing."""
        now, was = (figures.get(ref) for figures in (self._figures, self._before))
        return (now.value if now else ZERO) - (was.value if was else ZERO)

    def _instances(self, ref: CellRef) -> Iterator[Instance]:
        for network in (self._network, self._book):
            for instance in network.by_cell.get(ref, ()):
                if instance.shape is Shape.EQUAL:
                    yield instance

    def _same(self, ref: CellRef) -> list[CellRef]:
        """The cells declared equal to this one."""
        found = {
            other
            for instance in self._instances(ref)
            if len(instance.left) == len(instance.right) == 1 and not instance.downward
            for other, sign in (*instance.left, *instance.right)
            if sign == 1 and other != ref
        }
        return sorted(found)

    def _ways(self, ref: CellRef, *, across: bool) -> list[dict[CellRef, int]]:
        """Every sum the cell is declared to be, over columns or else over rows; of codes those
        of both years."""
        found: dict[str, dict[CellRef, int]] = {}
        for instance in self._instances(ref):
            is_sum = instance.left == ((ref, 1),) and (instance.downward or len(instance.right) > 1)
            if is_sum and all((part.row == ref.row) is across for part, _ in instance.right):
                found.setdefault(instance.check_id, {}).update(instance.right)
        return list(found.values())

    def _split(self, ref: CellRef, seen: set[CellRef]) -> list[Moved]:
        """The parts over rows, such as codes; over columns where no rows tell."""
        return self._over(ref, seen, across=False) or self._over(ref, seen, across=True)

    def _over(self, ref: CellRef, seen: set[CellRef], *, across: bool) -> list[Moved]:
        """The most detailed way that leaves nothing of the change open; none where none does."""
        whole = self._moved(ref)
        ways = (self._leaves(way, seen, across=across) for way in self._ways(ref, across=across))
        exact = [way for way in ways if sum((each.amount for each in way), ZERO) == whole]
        return max(exact, key=len, default=[])

    def _leaves(self, way: dict[CellRef, int], seen: set[CellRef], *, across: bool) -> list[Moved]:
        found: list[Moved] = []
        for part, sign in way.items():
            if part in seen:
                continue
            below = self._over(part, seen | {part}, across=across) or [
                Moved(part, self._moved(part))
            ]
            found += [replace(each, amount=sign * each.amount) for each in below if each.amount]
        return found
