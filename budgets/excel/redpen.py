"""PURE: a person's own file back with red cells, comments and a list of what is wrong."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from budgets.excel.marks import PROBLEMS_TITLE
from budgets.excel.writing import write_text
from rulebook.findings import Finding, Severity

AUTHOR = "明账"
FILLS = {
    Severity.ERROR: PatternFill("solid", fgColor="FFC7CE"),
    Severity.WARNING: PatternFill("solid", fgColor="FFEB9C"),
    Severity.NOTICE: PatternFill("solid", fgColor="DDEBF7"),
}
OWN_COLOURS = {str(fill.fgColor.rgb) for fill in FILLS.values()}
WORST_FIRST = list(FILLS)
HEADERS = ("级别", "编号", "位置", "问题", "如何修改")
WIDTHS = (8, 10, 32, 80, 60)
LONGEST = 2000  # characters of a comment
COMMENT_WIDTH, LINE_HEIGHT, CHARACTERS_PER_LINE = 360, 22, 24
PLACE = re.compile(r"upload/(?P<sheet>.+)/(?P<cell>[A-Z]{1,3}[1-9]\d{0,6})")
# A formula that fetches, starts or points to anything outside its own file is given back as words.
REACHES_OUT = re.compile(
    r"[|\[]|://|\\\\|\b(WEBSERVICE|HYPERLINK|RTD|DDE|CALL|EXEC|IMAGE|IMPORT\w*|REGISTER(\.ID)?)\s*\(",
    re.IGNORECASE,
)

Places = Mapping[tuple[str, str], Sequence[Finding]]


def with_findings(data: bytes, findings: Sequence[Finding]) -> bytes:
    """The file with each finding at its cell and all of them in a sheet at the end.

    Marks of an earlier round are taken off first. Nothing else of the file changes, except that
    formulas reaching out of the file become words.
    """
    xlsx = load_workbook(BytesIO(data), keep_links=False)
    if PROBLEMS_TITLE in xlsx.sheetnames:
        del xlsx[PROBLEMS_TITLE]
    for sheet in xlsx.worksheets:
        _clean(sheet)
    for (title, cell), found in _by_cell(findings).items():
        if title in xlsx.sheetnames:
            _mark(_anchor(xlsx[title], cell), found)
    _list(xlsx.create_sheet(PROBLEMS_TITLE), findings)
    stream = BytesIO()
    xlsx.save(stream)
    return stream.getvalue()


def _by_cell(findings: Sequence[Finding]) -> Places:
    places: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        for address in finding.places:
            if found := PLACE.fullmatch(address):
                places[found["sheet"], found["cell"]].append(finding)
    return places


def _clean(sheet: Any) -> None:
    """Take off our own marks of an earlier round; make formulas that reach out harmless."""
    for cell in list(sheet._cells.values()):  # those there are; iter_rows would make all others
        if cell.comment is not None and cell.comment.author == AUTHOR:
            cell.comment = None
            if cell.fill.fgColor.rgb in OWN_COLOURS:
                cell.fill = PatternFill()
        if cell.data_type == "f" and REACHES_OUT.search(str(cell.value)):
            write_text(cell, ILLEGAL_CHARACTERS_RE.sub("", str(cell.value)))


def _anchor(sheet: Any, place: str) -> Any:
    """The cell itself, or the one that shows for it where cells are merged."""
    cell = sheet[place]
    if not isinstance(cell, MergedCell):
        return cell
    area = next(a for a in sheet.merged_cells.ranges if place in a)
    return sheet.cell(area.min_row, area.min_col)


def _mark(cell: Any, findings: Sequence[Finding]) -> None:
    worst = min((finding.severity for finding in findings), key=WORST_FIRST.index)
    cell.fill = FILLS[worst]
    words = "\n\n".join(_words(finding) for finding in findings)
    if cell.comment is not None:
        words += f"\n\n原批注：{cell.comment.text}"
    text = ILLEGAL_CHARACTERS_RE.sub("", words)[:LONGEST]
    lines = sum(1 + len(line) // CHARACTERS_PER_LINE for line in text.splitlines())
    cell.comment = Comment(text, AUTHOR, width=COMMENT_WIDTH, height=LINE_HEIGHT * (lines + 1))


def _words(finding: Finding) -> str:
    title = f"{finding.severity.label} {finding.check_id}　{finding.title}"
    return f"{title}\n{finding.message}\n{finding.hint}"


def _list(sheet: Any, findings: Sequence[Finding]) -> None:
    for column, (header, width) in enumerate(zip(HEADERS, WIDTHS, strict=True), 1):
        write_text(sheet.cell(1, column), header)
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for at, finding in enumerate(findings, 2):
        row = (finding.severity.label, finding.check_id, finding.label)
        for column, text in enumerate((*row, finding.message, finding.hint), 1):
            cell = sheet.cell(at, column)
            write_text(cell, ILLEGAL_CHARACTERS_RE.sub("", text))
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.cell(at, 1).fill = FILLS[finding.severity]
    sheet.freeze_panes = "A2"
