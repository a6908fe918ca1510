"""PURE: the workbook people transcribe into: one sheet per kind of line, what may be chosen listed.

An extract kept already is written back into it, so that a person goes on where she stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from budgets.excel.writing import write_figure, write_text
from disclosures.filing_package import FilingPackage
from disclosures.printed_extract.columns import (
    CHOICES,
    COVER,
    DECLARED_UNITS,
    EXTRACT_SHEETS,
    FIRST_ROW,
    HEADER_ROW,
    MARK,
    MARK_LABEL,
    MONEY_LABEL,
    SHEETS_LISTED,
    TITLE_LABEL,
    ExtractSheet,
    Reader,
)
from disclosures.printed_extract.facts import MONEY, FilingFacts
from disclosures.printed_extract.values import Extract
from rulebook.amounts import in_wan

SPARE_LINES = 300
HEADER_HEIGHT = 48  # points: a label and two lines of hint
MOST_CHOICES = 20_000
"""Addresses listed at most: the department's come first, and the gate bounds what comes back."""
HEAD_FILL = PatternFill("solid", fgColor="E8EEF4")
BOLD = Font(bold=True)
WRAP = Alignment(wrap_text=True, vertical="top")
STEPS = (
    "一、每张表抄写公开件的一类内容，不必抄全：抄几行核对几行。",
    "二、行号在一张表内不重复，“等于明细之和”“除以”用行号指明同一张表的其他行。",
    "三、数按印出的样子填写，单位单独一栏；公开件没有印出的留空。",
    "四、“所指的数”从“可选的数”里复制地址；找不到的可以自取一个名称，同名的各行互相核对。",
    "五、填好后在“核对公开件”页上传；有读不懂的单元格时，整份不接收，并逐格指出。",
)


def template(package: FilingPackage, extract: Extract) -> bytes:
    """The workbook of a filing with the lines of an extract in it (none for a new one)."""
    book = Workbook()
    cover = book.worksheets[0]
    _cover(cover, package, extract)
    choices, titles = _choices(FilingFacts(package)), package_sheets(package)
    for sheet in EXTRACT_SHEETS:
        page = book.create_sheet(sheet.title)
        _lines(page, sheet, extract, titles)
        _offers(page, sheet, len(choices), len(titles))
    _listed(book.create_sheet(CHOICES), ("名称", "申报件中的数", "地址"), choices)
    listed: list[Choice] = [(title, None, "") for title in titles.values()]
    _listed(book.create_sheet(SHEETS_LISTED), ("表",), listed)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def package_sheets(package: FilingPackage) -> dict[str, str]:
    """Key → title of the sheets a filing has."""
    return {sheet.key: sheet.title for sheet in FilingFacts(package).layout.sheets}


Choice = tuple[str, Decimal | None, str]


def _choices(facts: FilingFacts) -> list[Choice]:
    found: list[Choice] = []
    for known in facts.figures.values():
        is_money = known.kind == MONEY
        value = in_wan(known.figure.value) if is_money else known.figure.value
        unit = "（万元）" if is_money else ""
        found.append((f"{known.label}{unit}", value, known.address))
    return found[:MOST_CHOICES]


def _cover(page: Worksheet, package: FilingPackage, extract: Extract) -> None:
    head = package.head
    page.title = COVER
    rows = (
        (TITLE_LABEL, extract.title),
        (MONEY_LABEL, extract.money_unit),
        (MARK_LABEL, MARK),
        ("申报件", f"{head.department_name}（{head.department_code}）{head.fiscal_year}年"),
    )
    for number, (label, text) in enumerate(rows, 1):
        write_text(page.cell(number, 1), label)
        write_text(page.cell(number, 2), text)
        page.cell(number, 1).font = BOLD
    for number, step in enumerate(STEPS, len(rows) + 2):
        write_text(page.cell(number, 1), step)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 20, 60
    _offer(page, "B2", f'"{",".join(DECLARED_UNITS)}"', strict=True)


def _lines(
    page: Worksheet, sheet: ExtractSheet, extract: Extract, titles: Mapping[str, str]
) -> None:
    write_text(page.cell(1, 1), sheet.explains)
    for at, column in enumerate(sheet.columns, 1):
        cell = page.cell(HEADER_ROW, at)
        write_text(cell, f"{column.label}\n{column.hint}" if column.hint else column.label)
        cell.font, cell.fill, cell.alignment = BOLD, HEAD_FILL, WRAP
        page.column_dimensions[get_column_letter(at)].width = column.width
    page.row_dimensions[HEADER_ROW].height = HEADER_HEIGHT
    page.freeze_panes = f"B{FIRST_ROW}"
    lines = getattr(extract, sheet.field)
    for row, line in enumerate(lines, FIRST_ROW):
        for at, column in enumerate(sheet.columns, 1):
            value = getattr(line, column.field)
            is_sheet = column.reader is Reader.SHEET
            _write(page.cell(row, at), titles.get(value, value) if is_sheet else value)
    last = max((line.line for line in lines), default=0)
    for spare in range(1, SPARE_LINES + 1):
        page.cell(FIRST_ROW + len(lines) + spare - 1, 1).value = last + spare


def _write(cell: Any, value: object) -> None:
    if isinstance(value, Decimal):
        write_figure(cell, value)
    elif isinstance(value, bool):
        cell.value = "是" if value else None
    elif isinstance(value, int):
        cell.value = value
    elif isinstance(value, tuple):
        write_text(cell, lines_text(value))
    elif isinstance(value, StrEnum):
        write_text(cell, str(getattr(value, "label", value)))
    elif isinstance(value, str):
        write_text(cell, value)


def lines_text(lines: tuple[int, ...]) -> str:
    """Signed line numbers as people write them: 12+13-14."""
    return "".join(f"{line:+d}" for line in lines).removeprefix("+")


def _offers(page: Worksheet, sheet: ExtractSheet, choices: int, sheets: int) -> None:
    """Drop-down lists; an own key or unit is allowed where the list is only an offer."""
    last = FIRST_ROW + page.max_row
    for at, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(at)
        where = f"{letter}{FIRST_ROW}:{letter}{last}"
        if column.choices:
            words = f'"{",".join(column.choices)}"'
            _offer(page, where, words, strict=column.reader is not Reader.TEXT)
        elif column.reader is Reader.SHEET:
            _offer(page, where, f"'{SHEETS_LISTED}'!$A$2:$A${sheets + 1}", strict=True)
        elif column.field == "states" and choices:
            _offer(page, where, f"'{CHOICES}'!$C$2:$C${choices + 1}", strict=False)


def _offer(page: Worksheet, where: str, formula: str, *, strict: bool) -> None:
    rule = DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=strict)
    rule.errorTitle, rule.error = "请从列表选择", "请从下拉列表中选择。"
    page.add_data_validation(rule)
    rule.add(where)


def _listed(page: Worksheet, head: tuple[str, ...], rows: list[Choice]) -> None:
    for at, label in enumerate(head, 1):
        write_text(page.cell(1, at), label)
        page.cell(1, at).font, page.cell(1, at).fill = BOLD, HEAD_FILL
        page.column_dimensions[get_column_letter(at)].width = (70, 20, 70)[at - 1]
    for number, row in enumerate(rows, 2):
        for at, value in _filled(row):
            if isinstance(value, Decimal):
                write_figure(page.cell(number, at), value)
            else:
                write_text(page.cell(number, at), value)
    page.freeze_panes = "A2"


def _filled(row: Choice) -> Iterator[tuple[int, str | Decimal]]:
    for at, value in enumerate(row, 1):
        if value is not None and value != "":
            yield at, value
