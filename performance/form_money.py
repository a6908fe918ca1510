"""PURE: the amounts of a form as they are shown: summed, from a record, or typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from performance.evaluation import FormAmount
from performance.form_figures import AMOUNT, STATED, THIS_YEAR, FormFigures, Place
from rulebook.amounts import half_up_2, rate, total
from rulebook.forms import FormBlock, FormRow


@dataclass(frozen=True, slots=True)
class FormMoney:
    """The amounts of one form in yuan. ``typed`` are those people wrote, by place."""

    figures: FormFigures
    typed: Mapping[Place, Decimal | None]

    def of(self, block: FormBlock, row: FormRow, column: str) -> Decimal | None:
        """An amount of a block, None where there is none; of an earlier year what is stated on
        the form stands first."""
        if row.is_total:
            others = [other for other in block.rows if not other.is_total]
            return total([self.of(block, other, column) for other in others])
        known = self.figures.amount(block.key, row.key, column)
        typed = self.typed.get((block.key, row.key, column))
        if known is None or (column in STATED and typed is not None):
            return typed
        return known.value

    def is_typed(self, block: FormBlock, row: FormRow, column: str) -> bool:
        """Neither a total, nor what a record says or ought to say; an earlier year once stated."""
        if row.is_total or (row.source and column in (THIS_YEAR, AMOUNT)):
            return False
        is_stated = column in STATED and self.typed.get((block.key, row.key, column)) is not None
        return is_stated or self.figures.amount(block.key, row.key, column) is None

    def share(self, block: FormBlock, row: FormRow) -> str:
        """A row of this year's total in per cent, as printed; empty where there is none."""
        others = [other for other in block.rows if not other.is_total]
        whole = total([self.of(block, other, THIS_YEAR) for other in others])
        found = rate(self.of(block, row, THIS_YEAR), whole)
        return "" if found is None else f"{half_up_2(found)}%"


def typed_amounts(amounts: Iterable[FormAmount]) -> dict[Place, Decimal | None]:
    """What people wrote into the cells of a form, by place."""
    return {(each.block, each.row, each.column): each.amount for each in amounts}
