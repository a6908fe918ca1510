"""Amounts of a form that nobody types: from records, summed, shared out, set side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budgets.forms import figure_text
from performance.declaration_entry import DeclarationEntry
from performance.form_columns import AMOUNT, Column, Kind
from performance.form_figures import STATED, THIS_YEAR, FormFigures
from performance.form_lines import lines_of
from rulebook.amounts import MoneyUnit, half_up_2, rate, total
from rulebook.forms import BlockKind, FormBlock, FormEdition, FormRow

DETAIL_SOURCES = ("own_level", "transfer", "other")
"""The columns of the details of expenditure that hold money."""


@dataclass(frozen=True, slots=True)
class FormAmounts:
    """The amounts of one form as entered now, with what the records say."""

    form: FormEdition
    entry: DeclarationEntry
    figures: FormFigures
    unit: MoneyUnit

    def of(self, block: FormBlock, row: FormRow, column: str) -> Decimal | None:
        """An amount of a block of money or sources in yuan: summed, from a record, or stored; of
        an earlier year what is stored stands first."""
        if row.is_total:
            others = [other for other in block.rows if not other.is_total]
            return total([self.of(block, other, column) for other in others])
        known = self.figures.amount(block.key, row.key, column)
        stored = self.stored(block, row, column)
        if known is None or (column in STATED and stored is not None):
            return stored
        return known.value

    def stored(self, block: FormBlock, row: FormRow, column: str) -> Decimal | None:
        """The amount in yuan that was entered on the form itself."""
        found: Decimal | None = _typed(self.entry, self.form, block.key, row.key).get(column)
        return found

    def share(self, block: FormBlock, row: FormRow) -> str:
        """A row of this year's total in per cent, as printed; empty where there is none."""
        others = [other for other in block.rows if not other.is_total]
        whole = total([self.of(block, other, THIS_YEAR) for other in others])
        found = rate(self.of(block, row, THIS_YEAR), whole)
        return "" if found is None else f"{half_up_2(found)}%"

    def sum_of(self, block: FormBlock, column: Column) -> str:
        """The sum of a column of amounts, empty where nothing is to be added."""
        if column.kind is not Kind.MONEY:
            return ""
        found = lines_of(self.entry, self.form, block.key)
        return figure_text(total([line.values.get(column.key) for line in found]), self.unit)

    def balance(self) -> str:
        """Details, sources and budget of this year side by side, empty where a form has none."""
        parts = [
            *self._totals(BlockKind.DETAILS, "支出明细"),
            *self._totals(BlockKind.SOURCES, "资金来源"),
        ]
        known = [(label, amount) for label, amount in parts if amount is not None]
        if not self.form.blocks_of(BlockKind.DETAILS) or not known:
            return ""
        words = "，".join(f"{label} {figure_text(amount, self.unit)}" for label, amount in known)
        amounts = [amount for _, amount in known]
        gap = max(amounts) - min(amounts)
        if len(known) < 2:
            return f"{words} {self.unit.label}。"
        if not gap:
            return f"{words} {self.unit.label}，相等。"
        return f"{words} {self.unit.label}，相差 {figure_text(gap, self.unit)} {self.unit.label}。"

    def _totals(self, kind: BlockKind, label: str) -> Iterator[tuple[str, Decimal | None]]:
        for block in self.form.blocks_of(kind):
            lines = lines_of(self.entry, self.form, block.key)
            if kind is BlockKind.DETAILS:
                found = [line.values.get(c) for line in lines for c in DETAIL_SOURCES]
                yield f"{label}合计", total(found)
            for row in block.rows:
                if row.is_total:
                    yield f"{label}合计", self.of(block, row, AMOUNT)
                elif row.source:
                    yield row.label, self.of(block, row, AMOUNT)


def _typed(entry: DeclarationEntry, form: FormEdition, block: str, row: str) -> Mapping[str, Any]:
    found = lines_of(entry, form, block)
    return next((line.values for line in found if line.key == row), {})
