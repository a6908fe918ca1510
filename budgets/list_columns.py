"""PURE: the columns of the lists as people fill them in: how each is read and shown.

A column shows one or two fields of a record. Printed columns come from the layout in printing
order, so that a block copied from a printed table fits; those which no table prints follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from budgets.excel.marks import shown
from budgets.workbook import (
    FUND_AMOUNTS,
    ListRow,
    ProjectBudget,
    ProjectFrequency,
    ProjectKind,
)
from rulebook.amounts import MoneyUnit
from rulebook.layouts import ListLayout

Value = str | Decimal | bool | None
"""A field of a record: words, a code, an amount in yuan, a count, yes or no."""


class Kind(StrEnum):
    """How a column is read."""

    FIXED = "fixed"
    TOTAL = "total"
    TEXT = "text"
    MONEY = "money"
    COUNT = "count"
    FUNCTIONAL = "functional"
    ECONOMIC = "economic"
    ITEM = "item"
    PROJECT = "project"
    PROJECT_CODE = "project_code"
    PROJECT_NAME = "project_name"
    CHOICE = "choice"
    FLAG = "flag"


FIGURES = frozenset({Kind.MONEY, Kind.COUNT, Kind.TOTAL})
COMPUTED = frozenset({Kind.FIXED, Kind.TOTAL})


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column of a list. ``most`` is the longest text; ``options`` are all allowed words."""

    key: str
    label: str
    kind: Kind
    fields: tuple[str, ...]
    group: str = ""
    most: int = 120
    options: tuple[tuple[str, str], ...] = ()
    is_added: bool = False

    @property
    def is_figure(self) -> bool:
        return self.kind in FIGURES

    @property
    def is_computed(self) -> bool:
        return self.kind in COMPUTED

    @property
    def has_choices(self) -> bool:
        """Whether the input comes with a list to search in."""
        return not (self.is_figure or self.is_computed or self.kind is Kind.PROJECT_CODE)


KINDS = tuple((kind.value, kind.label) for kind in ProjectKind)
FREQUENCIES = tuple((each.value, each.label) for each in ProjectFrequency)
ADDED = {
    "project_budgets": (
        ListColumn(
            "functional_code", "功能科目", Kind.FUNCTIONAL, ("functional_code",), is_added=True
        ),
        ListColumn("kind", "项目类别", Kind.CHOICE, ("kind",), options=KINDS, is_added=True),
        ListColumn(
            "frequency", "项目类型", Kind.CHOICE, ("frequency",), options=FREQUENCIES, is_added=True
        ),
        ListColumn("total_budget", "项目总预算", Kind.MONEY, ("total_budget",), is_added=True),
        ListColumn("main_use", "主要用途", Kind.TEXT, ("main_use",), most=300, is_added=True),
    )
}
"""What a list needs beyond its printed columns."""
READ_AS: Mapping[str, Kind] = {
    "book": Kind.FIXED,
    "unit_name": Kind.FIXED,
    "total": Kind.TOTAL,
    "code": Kind.PROJECT_CODE,
    "name": Kind.PROJECT_NAME,
    "project_name": Kind.PROJECT,
    "item": Kind.ITEM,
    "functional_code": Kind.FUNCTIONAL,
    "economic_code": Kind.ECONOMIC,
    "quantity": Kind.COUNT,
    "includes_procurement": Kind.FLAG,
    **dict.fromkeys((*FUND_AMOUNTS, "unit_price", "amount", "sme_amount"), Kind.MONEY),
    "micro_amount": Kind.MONEY,
}
FIELDS = {
    "project_name": ("project_code", "project_name"),
    "item": ("item_code", "item_name"),
    "unit_name": ("book",),
}
LENGTHS = {"funding_source": 60, "fund_nature": 60, "measure": 20, "content": 200}
NEVER_ADDED = "unit_price"


def columns_of(layout: ListLayout) -> tuple[ListColumn, ...]:
    """The printed columns of a list and those it needs besides."""
    printed = (
        ListColumn(
            column.key,
            column.label,
            READ_AS.get(column.key, Kind.TEXT),
            FIELDS.get(column.key, (column.key,)),
            group=column.group,
            most=LENGTHS.get(column.key, 120),
        )
        for column in layout.columns
    )
    return (*printed, *ADDED.get(layout.key, ()))


def text_of(
    column: ListColumn, values: Mapping[str, Value], names: Mapping[str, str], unit: MoneyUnit
) -> str:
    """What a cell shows of a record's fields; codes are followed by their names."""
    first = values[column.fields[0]]
    if column.is_figure:
        return amount_words(first, unit if column.kind is not Kind.COUNT else None)
    if column.kind is Kind.FLAG:
        return "是" if first else "否"
    if column.kind is Kind.CHOICE:
        return dict(column.options).get(str(first), "")
    if column.kind in {Kind.FUNCTIONAL, Kind.ECONOMIC}:
        return f"{first} {names.get(str(first), '')}".strip()
    if column.kind is Kind.PROJECT:
        return f"{values['project_name']} {first}".strip()
    return " ".join(str(values[field]) for field in column.fields if values[field])


def amount_words(value: Value, unit: MoneyUnit | None) -> str:
    """An amount in a unit, or without one a count as short as it is exact."""
    if not isinstance(value, Decimal):
        return ""
    if unit is None:
        whole = value.to_integral_value()
        return f"{whole if whole == value else value.normalize():,f}"
    return f"{shown(value, unit, 'money'):,f}"


def values_of(column: ListColumn, row: ListRow) -> dict[str, Value]:
    """A record's fields under a column; the total of a project is computed."""
    if column.kind is Kind.TOTAL and isinstance(row, ProjectBudget):
        total = row.sum_of()
        return {column.fields[0]: None if total is None else total.value}
    return {field: getattr(row, field) for field in column.fields}


def column_at(columns: tuple[ListColumn, ...], field: str) -> ListColumn | None:
    """The column that shows a field of the record."""
    return next((c for c in columns if field in c.fields or field == c.key), None)
