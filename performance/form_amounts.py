"""Sums of the rows of a form, and its details, sources and budget set side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from budgets.forms import figure_text
from performance.declaration_entry import DeclarationEntry
from performance.form_columns import AMOUNT, Column, Kind
from performance.form_figures import FormFigures
from performance.form_lines import lines_of
from performance.form_money import FormMoney, typed_amounts
from rulebook.amounts import MoneyUnit, total
from rulebook.forms import BlockKind, FormBlock, FormEdition

DETAIL_SOURCES = ("own_level", "transfer", "other")
"""The columns of the details of expenditure that hold money."""


@dataclass(frozen=True, slots=True)
class FormAmounts:
    """The amounts of one form as entered now, with what the records say."""

    form: FormEdition
    entry: DeclarationEntry
    figures: FormFigures
    unit: MoneyUnit

    @property
    def money(self) -> FormMoney:
        return FormMoney(self.figures, typed_amounts(self.entry.amounts))

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
                    yield f"{label}合计", self.money.of(block, row, AMOUNT)
                elif row.source:
                    yield row.label, self.money.of(block, row, AMOUNT)
