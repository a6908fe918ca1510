"""PURE: a consistent filing in which one contradiction is planted, and what must be found then.

What is expected is worked out from the consistent figures and the planted change, never by asking
the checks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from budgets.checks import resolve
from budgets.workbook import CellSnapshot, Provenance, WorkbookSnapshot
from disclosures.evaluate import total_book
from disclosures.filing_package import FilingPackage
from reviews.region.dice import Dice
from rulebook.addresses import CellRef, cell_address
from rulebook.findings import Figure
from rulebook.layouts import load_layout

Amounts = Mapping[CellRef, Decimal]
Changes = Mapping[CellRef, Decimal | None]
"""Cell → its new amount, ``None`` to empty it."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding that must come: its check, one of its places, both values.

    ``severity`` is stated where it is not the check's own; ``in_words`` findings are about texts
    and have no amounts to hold against each other.
    """

    check_id: str
    address: str
    left: Figure = None
    right: Figure = None
    severity: str = ""
    in_words: bool = False


@dataclass(frozen=True, slots=True)
class Planted:
    """The filing with the contradiction in it."""

    package: FilingPackage
    expected: tuple[Expected, ...]


@dataclass(frozen=True)
class Scene:
    """A consistent filing with the unit in whose book something will be changed."""

    package: FilingPackage
    book: WorkbookSnapshot

    @cached_property
    def amounts(self) -> Amounts:
        """The unit's figures, derived ones too."""
        return {ref: figure.value for ref, figure in resolve(self.book).items()}

    @cached_property
    def whole(self) -> Amounts:
        """The department's figures."""
        return {r: f.value for r, f in resolve(total_book(self.package)).items()}

    @property
    def several(self) -> bool:
        """Whether the department's own book is checked beside its units'."""
        return len(self.package.books) > 1

    @property
    def in_wan(self) -> bool:
        return any(cell.unit == "wan" for cell in self.book.cells)

    def has(self, *refs: CellRef) -> bool:
        return all(ref in self.amounts for ref in refs)

    def amount(self, dice: Dice) -> Decimal:
        """A difference that rounding cannot explain: in a book kept in 元 it may be one fen."""
        if self.in_wan:
            return Decimal(dice.between(3_000, 9_999)).scaleb(2).quantize(Decimal("0.01"))
        return Decimal(dice.one_of((1, 10, dice.between(2, 10**8)))).scaleb(-2)

    def entered(self, sheet: str, column: str, length: int = 7) -> list[CellRef]:
        """The filled code cells of a column, in order."""
        refs = (ref for ref in self.amounts if (ref.sheet, ref.column) == (sheet, column))
        return sorted(ref for ref in refs if ref.row.isdigit() and len(ref.row) == length)

    def edited(self, changes: Changes) -> FilingPackage:
        """The filing with cells of the unit's book changed."""
        cells = {cell.ref: cell for cell in self.book.cells}
        for ref, amount in changes.items():
            if amount is None:
                cells.pop(ref, None)
            elif ref in cells:
                cells[ref] = replace(cells[ref], value=amount)
            else:
                cells[ref] = self._new(ref, amount)
        return self.with_book(replace(self.book, cells=tuple(cells[ref] for ref in sorted(cells))))

    def _new(self, ref: CellRef, amount: Decimal) -> CellSnapshot:
        declared = "wan" if self.in_wan else "yuan"
        return CellSnapshot(*ref, amount, Provenance.IMPORTED, declared)

    def with_book(self, book: WorkbookSnapshot) -> FilingPackage:
        """The filing with the unit's book replaced."""
        books = (book if old.book == book.book else old for old in self.package.books)
        return replace(self.package, books=tuple(books))

    def with_evidence(self, ref: CellRef, amount: Decimal) -> FilingPackage:
        """The filing with an imported total kept beside a derived cell."""
        fresh = self._new(ref, amount)
        kind = load_layout(self.book.layout).sheet(ref.sheet).kind_of(ref.row)
        declared = ("", 0) if kind == "count" else (fresh.unit, 2)
        kept = replace(fresh, value=None, evidence=amount, unit=declared[0], decimals=declared[1])
        return self.with_book(self.book.with_cells([kept]))

    def disagreeing(
        self,
        check_id: str,
        left: Sequence[CellRef],
        right: Sequence[CellRef],
        *,
        more_left: Decimal = Decimal(0),
        more_right: Decimal = Decimal(0),
        at_most: bool = False,
    ) -> list[Expected]:
        """Where two sides that agreed no longer do, in the unit's book and in the department's,
        after the unit's sides grew by so much."""
        books = [(self.book.book, self.amounts)]
        if self.several:
            books.append((self.package.head.department_code, self.whole))
        found = []
        for code, amounts in books:
            sides = (_sum(amounts, left, more_left), _sum(amounts, right, more_right))
            wrong = sides[0] > sides[1] if at_most else sides[0] != sides[1]
            if wrong:
                filled = next((ref for ref in (*left, *right) if ref in amounts), left[0])
                found.append(Expected(check_id, cell_address(code, filled), *sides))
        return found


def _sum(amounts: Amounts, refs: Sequence[CellRef], more: Decimal) -> Decimal:
    return sum((amounts[ref] for ref in refs if ref in amounts), more)


Planter = Callable[[Scene, Dice], Planted | None]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One way to be wrong. ``checks`` are exactly the ids it makes fire; ``plant`` gives ``None``
    where the filing has nothing to do it with. ``in_words`` ones are planted after texts,
    reasons and targets are written."""

    key: str
    title: str
    kind: str
    checks: tuple[str, ...]
    plant: Planter
    in_words: bool = False
