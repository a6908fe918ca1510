"""PURE: how a cell of our own files is written: text stays text, figures are exact, looks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation

from rulebook.amounts import MAX_AMOUNT, MAX_SIGNIFICANT_DIGITS
from rulebook.layouts import ListLayout, SheetLayout

LINE = Side(style="thin", color="BFC7D1")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEAD = PatternFill("solid", fgColor="DCE6F2")
GREY = PatternFill("solid", fgColor="EEF2F7")
LOCKED, OPEN = Protection(locked=True), Protection(locked=False)
NUMBER_FORMATS = {2: "#,##0.00", 6: "#,##0.00####", 0: "#,##0"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def sheet_title(sheet: SheetLayout | ListLayout) -> str:
    """The name of a layout's sheet in the file, within the 31 characters Excel allows."""
    return f"{sheet.code} {sheet.title}"[:31]


def write_text(cell: Any, text: str) -> None:
    """Put text that stays text, whatever it begins with."""
    cell.value = text
    cell.data_type = "s"  # openpyxl takes "=1" for a formula and "#N/A" for an error
    if text.startswith(FORMULA_STARTS):
        cell.quotePrefix = True


def write_figure(cell: Any, value: Decimal) -> None:
    """A number, or text where a double could not hold it."""
    too_long = len(value.normalize().as_tuple().digits) > MAX_SIGNIFICANT_DIGITS
    cell.value = f"{value:f}" if too_long else value


def only_numbers(kind: str) -> DataValidation:
    """What a spreadsheet says at once about words in a cell for figures."""
    is_money = kind == "money"
    rule = DataValidation(
        type="decimal" if is_money else "whole",
        operator="between",
        formula1=f"-{MAX_AMOUNT}" if is_money else "0",
        formula2=f"{MAX_AMOUNT}" if is_money else "999999999",
        allow_blank=True,
        showErrorMessage=True,
    )
    rule.errorTitle = "请填数字" if is_money else "请填整数"
    rule.error = "这一格只能填数字；没有数的请留空。" if is_money else "数量请填不小于零的整数。"
    return rule


def header(target: Any, row: int, column: int, text: str) -> None:
    """A cell of a header."""
    cell = target.cell(row, column)
    write_text(cell, text)
    cell.fill, cell.border, cell.font = HEAD, BOX, Font(bold=True)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
