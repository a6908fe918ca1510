"""PURE: what a change is made of: its largest movements by item, code or unit, from the cells.

A change of a sum is split as the rulebook declares the sum, as far down as both sides are known.
A part is known against its base where the base is itself declared a sum of such parts, or where
the report compares the part with the same base; against last year, where last year's filing of the
department is known, by the same cells of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from budgets.aggregate import department_book
from budgets.checks import network_of, resolve
from budgets.workbook import WorkbookSnapshot
from disclosures.facts import ReportFacts
from disclosures.filing_package import FilingPackage
from disclosures.reasons import ITEM_PREFIX, PRIOR_YEAR, Compared, compared
from disclosures.since_last_year import SinceLastYear
from rulebook.addresses import CellRef, cell_address, cell_of
from rulebook.amounts import ZERO
from rulebook.network import Network, SignedRef
from rulebook.relations import Shape

LARGEST = 6
"""How many movements of each sort are proposed."""


@dataclass(frozen=True, slots=True)
class Movement:
    """A part of a change: whose it is, signed, in yuan, and the cells on both sides."""

    label: str
    amount: Decimal
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Movements:
    """The largest movements of one change, by what they are of; either may be empty."""

    items: tuple[Movement, ...]
    units: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of both sides; one side is ``None`` where only the other has it."""

    current: CellRef | None
    base: CellRef | None
    sign: int
    label: str


@dataclass(frozen=True, slots=True)
class _Pair:
    """A figure the report compares, and what it is compared with."""

    current: CellRef
    base: CellRef


class MovementFinder:
    """Finds the movements of the changes of one filing."""

    def __init__(self, facts: ReportFacts, before: FilingPackage | None = None) -> None:
        """``before`` is last year's approved filing of the department, where there is one."""
        self._facts = facts
        self._before = before

    def of(self, comparison: Compared) -> Movements:
        """The largest movements of a change, the largest first."""
        current, base = _cell_in(comparison.current.addresses), _cell_in(comparison.base.addresses)
        if base is None:
            return Movements((), ())
        own = None if current == base else current  # nothing was spent of what was budgeted
        return Movements(
            _largest(self._items(own, base, comparison.base_kind)),
            _largest(self._by_unit(own, base)),
        )

    def _items(self, current: CellRef | None, base: CellRef, kind: str) -> Iterator[Movement]:
        if current is None:
            return
        known = self._last_year if kind == PRIOR_YEAR else None
        if known is not None and known.knows(current, base):
            for part in known.parts(current):
                yield Movement(self._label(part.ref), part.amount, (self._facts.address(part.ref),))
            return
        for each in self._parts(current, base, kind):
            yield self._moved(each)

    @cached_property
    def _book(self) -> WorkbookSnapshot:
        head = self._facts.head
        return department_book(self._facts.records.books, head.department_code, "")

    @cached_property
    def _network(self) -> Network:
        return network_of(self._book)

    @cached_property
    def _last_year(self) -> SinceLastYear | None:
        if self._before is None:
            return None
        return SinceLastYear(self._network, resolve(self._book), self._before)

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        """Names of the codes of both years; a code that ended is named as it was."""
        ended = self._before.codes if self._before else ()
        labels = (*ended, *self._facts.code_labels.values())
        return {(label.classification, label.code): label.name for label in labels}

    @cached_property
    def _units(self) -> list[tuple[str, str, Mapping[CellRef, Decimal]]]:
        """Code, name and figures of each unit, where there are several."""
        books = self._facts.records.books
        if len(books) < 2:
            return []
        return [
            (book.book, book.name, {ref: each.value for ref, each in resolve(book).items()})
            for book in books
        ]

    @cached_property
    def _compared(self) -> dict[tuple[str, str], _Pair]:
        """Figure and kind of base → both cells, of all that the report compares and knows."""
        found = {}
        for each in compared(self._facts).values():
            current, base = _cell_in(each.current.addresses), _cell_in(each.base.addresses)
            if current and base and base in self._facts.figures:
                found[_figure(each), each.base_kind] = _Pair(current, base)
        return found

    def _by_unit(self, current: CellRef | None, base: CellRef) -> Iterator[Movement]:
        for code, name, figures in self._units:
            now = figures.get(current, ZERO) if current else ZERO
            cells = (current, base) if current else (base,)
            places = tuple(cell_address(code, ref) for ref in cells)
            yield Movement(name, now - figures.get(base, ZERO), places)

    def _splits(self, ref: CellRef) -> list[tuple[SignedRef, ...]]:
        """Every sum that this cell is declared to be."""
        return [
            instance.right
            for instance in self._network.by_cell.get(ref, ())
            if instance.shape is Shape.EQUAL
            and instance.left == ((ref, 1),)
            and (instance.downward or len(instance.right) > 1)
        ]

    def _parts(self, current: CellRef, base: CellRef, kind: str) -> list[_Part]:
        """The split that leaves the least of the change open."""
        change = self._value(current) - self._value(base)
        ways = [self._way(split, current, base, kind) for split in self._splits(current)]
        return min(ways, key=lambda way: abs(change - self._sum(way)), default=[])

    def _way(
        self, split: Sequence[SignedRef], current: CellRef, base: CellRef, kind: str
    ) -> list[_Part]:
        declared = {ref: sign for parts in self._splits(base) for ref, sign in parts}
        found: list[_Part] = []
        for ref, sign in split:
            other = self._counterpart(ref, current, base, kind, declared)
            if other is not None:
                found += self._deeper(ref, other, sign, kind)
            else:
                for below in self._splits(ref):
                    if _runs_along(below, ref, across=ref.row == current.row):
                        found += self._way(below, ref, base, kind)
        met = {self._counterpart(ref, current, base, kind, declared) for ref, _ in split}
        gone = [(ref, sign) for ref, sign in declared.items() if ref not in met] if found else []
        return found + [_Part(None, ref, sign, self._label(ref)) for ref, sign in gone]

    def _deeper(self, ref: CellRef, other: CellRef, sign: int, kind: str) -> list[_Part]:
        """The parts of a part where they make up all of it, otherwise the part itself."""
        below = self._parts(ref, other, kind)
        if below and self._sum(below) == self._value(ref) - self._value(other):
            return below if sign == 1 else [_reversed(part) for part in below]
        return [_Part(ref, other, sign, self._label(ref))]

    def _counterpart(
        self,
        ref: CellRef,
        current: CellRef,
        base: CellRef,
        kind: str,
        declared: Mapping[CellRef, int],
    ) -> CellRef | None:
        """The cell of the base which holds the same as this part."""
        key = ref.row if ref.row != current.row else ref.column
        alike = (CellRef(base.sheet, key, base.column), CellRef(base.sheet, base.row, key))
        summed = next((other for other in alike if other in declared), None)
        if summed is not None:
            return summed
        known = self._compared.get((key, kind))
        return known.base if known is not None and self._is_same(ref, known.current) else None

    def _is_same(self, ref: CellRef, other: CellRef) -> bool:
        """Whether two cells are one figure: the same cell, or declared equal to it."""
        return ref == other or any(
            {(ref, 1)} | {(other, 1)} == {*instance.left, *instance.right}
            for instance in self._network.by_cell.get(ref, ())
            if instance.shape is Shape.EQUAL
        )

    def _label(self, ref: CellRef) -> str:
        """公安行政运行（2040201）, 公务接待费."""
        sheet = self._facts.layout.sheet(ref.sheet)
        if sheet.codes is not None and sheet.is_code_row(ref.row):
            name = self._names.get((sheet.codes.classification, ref.row), ref.row)
            return f"{name}（{ref.row}）"
        row = sheet.row(ref.row)
        named = self._compared_labels.get(ref.column) or self._compared_labels.get(ref.row)
        return named or (row.name if row else ref.row)

    @cached_property
    def _compared_labels(self) -> dict[str, str]:
        return {_figure(each): each.label for each in compared(self._facts).values()}

    def _value(self, ref: CellRef | None) -> Decimal:
        """In a sum an empty cell adds nothing."""
        return ZERO if ref is None else self._facts.figures.get(ref, ZERO)

    def _sum(self, parts: Sequence[_Part]) -> Decimal:
        return sum((self._moved(part).amount for part in parts), ZERO)

    def _moved(self, part: _Part) -> Movement:
        cells = [ref for ref in (part.current, part.base) if ref is not None]
        amount = part.sign * (self._value(part.current) - self._value(part.base))
        return Movement(part.label, amount, tuple(self._facts.address(ref) for ref in cells))


def _runs_along(split: Sequence[SignedRef], ref: CellRef, *, across: bool) -> bool:
    """Whether a sum runs over columns of the cell's row, or else over rows."""
    return all((part.row == ref.row) is across for part, _ in split)


def _figure(comparison: Compared) -> str:
    """The row or column of the figure compared: a code without its prefix."""
    return comparison.subject.rpartition(".")[0].removeprefix(ITEM_PREFIX)


def _reversed(part: _Part) -> _Part:
    return _Part(part.current, part.base, -part.sign, part.label)


def _cell_in(addresses: Sequence[str]) -> CellRef | None:
    """The one cell a figure stands in; ``None`` for one computed from several."""
    if len(addresses) != 1:
        return None
    found = cell_of(addresses[0])
    return None if found is None else found[1]


def _largest(movements: Iterator[Movement]) -> tuple[Movement, ...]:
    moved = [movement for movement in movements if movement.amount]
    return tuple(sorted(moved, key=lambda movement: -abs(movement.amount))[:LARGEST])
