"""PURE: the list sheets of a unit's template: present rows, spare rows, what to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from budgets.checks.keys import PROJECT_BUDGETS
from budgets.excel.marks import (
    CHOICES_TITLE,
    FIRST_ROW,
    GROUP_ROW,
    HEADER_ROW,
    SPARE_LIST_ROWS,
    TITLE_ROW,
    UNIT_PREFIX,
    UNIT_ROW,
    finest,
    shown,
)
from budgets.excel.writing import (
    BOX,
    GREY,
    NUMBER_FORMATS,
    OPEN,
    header,
    only_numbers,
    sheet_title,
    write_figure,
    write_text,
)
from budgets.list_fields import (
    CODE_LENGTHS,
    OPERATING,
    Holds,
    ListField,
    coded,
    file_columns,
    text_of,
)
from budgets.workbook import FUND_AMOUNTS, BudgetLists, ListRow
from rulebook.amounts import MoneyUnit
from rulebook.layouts import Column, ListLayout, WorkbookLayout

WIDTHS = {Holds.PROJECT: 26, Holds.CODE: 30, Holds.ITEM: 34, Holds.NUMBER: 16, Holds.BOOK: 12}
PLAIN_WIDTH = 18
QUANTITY_FORMAT = "#,##0.##"


@dataclass(frozen=True, slots=True)
class ListsToWrite:
    """A unit's rows, and the projects it can name: code → name. ``suggested`` are projects going
    on from last year without a row of this year: shown by name, and no part of the filing."""

    lists: BudgetLists = field(default_factory=BudgetLists)
    projects: Mapping[str, str] = field(default_factory=dict)
    suggested: Sequence[str] = ()


@dataclass(slots=True)
class Choices:
    """The sheet people choose from; each column one kind, as a formula for the validations."""

    target: Any
    columns: int = 0

    def add(self, title: str, values: Sequence[str]) -> str:
        self.columns += 1
        header(self.target, 1, self.columns, title)
        letter = get_column_letter(self.columns)
        self.target.column_dimensions[letter].width = 50
        for at, value in enumerate(values, 2):
            write_text(self.target.cell(at, self.columns), value)
        return f"'{CHOICES_TITLE}'!${letter}$2:${letter}${max(2, len(values) + 1)}"


@dataclass(slots=True)
class _ListPage:
    target: Any
    layout: ListLayout
    names: Mapping[str, str]
    unit: MoneyUnit
    book: str
    unit_name: str
    rules: dict[str, DataValidation] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[tuple[Column, ListField], ...]:
        return file_columns(self.layout)

    def head(self, subtitle: str) -> None:
        page, last = self.target, len(self.columns)
        write_text(page.cell(TITLE_ROW, 1), f"{self.layout.number} {self.layout.title}".strip())
        write_text(page.cell(UNIT_ROW, 1), subtitle)
        write_text(page.cell(UNIT_ROW, last), f"{UNIT_PREFIX}{self.unit.label}")
        for at, (column, spec) in enumerate(self.columns, 1):
            header(page, GROUP_ROW, at, column.group)
            header(page, HEADER_ROW, at, column.label)
            width = WIDTHS.get(spec.holds, PLAIN_WIDTH)
            page.column_dimensions[get_column_letter(at)].width = width

    def row(self, at: int, row: ListRow | None, named: Mapping[str, str]) -> None:
        """A present row, or a spare one in which at most some columns are ``named``."""
        for column_at, (column, spec) in enumerate(self.columns, 1):
            cell = self.target.cell(at, column_at)
            cell.border, cell.protection, cell.fill = BOX, OPEN, PatternFill()
            cell.number_format = self._format(spec)
            if spec.holds is Holds.SHOWN:
                self._shown(cell, column.key, row is not None)
            elif row is not None:
                self._value(cell, spec, text_of(row, spec, self.names))
            elif column.key in named:
                write_text(cell, named[column.key])
            if rule := self.rules.get(column.key):
                rule.add(cell)

    def _format(self, spec: ListField) -> str:
        if spec.holds is Holds.QUANTITY:
            return QUANTITY_FORMAT
        is_money = spec.holds is Holds.AMOUNT or spec.key == "total"
        return NUMBER_FORMATS[finest(self.unit, "money")] if is_money else "@"

    def _value(self, cell: Any, spec: ListField, value: str | Decimal | None) -> None:
        if isinstance(value, Decimal):
            of = self.unit if spec.holds is Holds.AMOUNT else MoneyUnit.YUAN
            write_figure(cell, shown(value, of, "money"))
        elif value:
            write_text(cell, value)

    def _shown(self, cell: Any, key: str, is_present: bool) -> None:
        cell.fill = GREY
        if key == "total":
            keys = [column.key for column, _ in self.columns]
            ends = (FUND_AMOUNTS[0], FUND_AMOUNTS[-1])
            first, last = (get_column_letter(keys.index(end) + 1) for end in ends)
            area = f"{first}{cell.row}:{last}{cell.row}"
            cell.value = f'=IF(COUNT({area})=0,"",SUM({area}))'
        elif is_present:
            write_text(cell, self.unit_name)

    def finish(self) -> None:
        page = self.target
        page.freeze_panes = page.cell(FIRST_ROW, 1).coordinate
        for name in ("formatColumns", "insertRows", "deleteRows", "sort"):
            setattr(page.protection, name, False)
        page.protection.sheet = True
        for rule in self.rules.values():
            page.add_data_validation(rule)


def offered(formula: str, *, strict: bool) -> DataValidation:
    """A list to choose from; where other spellings are read, too, nothing else is refused."""
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=strict)
    rule.errorTitle, rule.error = "请从列表中选择", "这一格只能填列表中的内容。"
    return rule


def _rules(layout: ListLayout, formulas: Mapping[str, str]) -> dict[str, DataValidation]:
    rules: dict[str, DataValidation] = {}
    for column, spec in file_columns(layout):
        if spec.holds is Holds.CHOICE:
            words = ",".join(filter(None, spec.choices))
            rules[column.key] = offered(f'"{words}"', strict=True)
        elif formula := formulas.get(spec.classification or spec.holds.value):
            rules[column.key] = offered(formula, strict=False)
        elif spec.holds in (Holds.AMOUNT, Holds.QUANTITY):
            rules[column.key] = only_numbers("money")
    return rules


def _choices(target: Any, names: Mapping[str, str], projects: Mapping[str, str]) -> dict[str, str]:
    choices = Choices(target)
    own = [OPERATING, *(coded(code, projects[code]) for code in sorted(projects))]
    formulas = {Holds.PROJECT.value: choices.add("项目", own)}
    for classification, (title, starts) in _CLASSES.items():
        length = CODE_LENGTHS[classification]
        found = sorted(c for c in names if len(c) == length and c.startswith(starts))
        listed = [coded(code, names[code]) for code in found]
        formulas[classification] = choices.add(title, listed)
    target.freeze_panes = "A2"
    target.protection.sheet = True
    return formulas


_CLASSES = {"functional": ("功能科目", "2"), "departmental_economic": ("部门支出经济分类", "3")}


def write_lists(
    xlsx: Any,
    layout: WorkbookLayout,
    content: ListsToWrite,
    names: Mapping[str, str],
    unit: MoneyUnit,
    *,
    book: str,
    unit_name: str,
    subtitle: str,
) -> None:
    """Add the list sheets of a layout and the sheet to choose from; nothing without lists."""
    if not layout.lists:
        return
    formulas = _choices(xlsx.create_sheet(CHOICES_TITLE), names, content.projects)
    for each in layout.lists:
        sheets = len(xlsx.sheetnames)
        target = xlsx.create_sheet(sheet_title(each), sheets - 1)  # the choices stay last
        page = _ListPage(target, each, names, unit, book, unit_name, _rules(each, formulas))
        page.head(subtitle)
        _fill(page, getattr(content.lists, each.key), content)


def _fill(page: _ListPage, rows: Sequence[ListRow], content: ListsToWrite) -> None:
    at = FIRST_ROW
    for row in rows:
        page.row(at, row, {})
        at += 1
    if page.layout.key == PROJECT_BUDGETS:
        for code in content.suggested:
            named = {"code": code, "name": content.projects[code], "book": page.book}
            page.row(at, None, named)
            at += 1
    for spare in range(at, at + SPARE_LIST_ROWS):
        page.row(spare, None, {})
    page.finish()
