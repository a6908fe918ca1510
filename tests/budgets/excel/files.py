"""Templates as people and attackers hand them in."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

EXPENDITURE = "FA03 支出决算表"


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The file after a change by openpyxl, as a spreadsheet would save it."""
    xlsx = load_workbook(BytesIO(data))
    change(xlsx)
    stream = BytesIO()
    xlsx.save(stream)
    return stream.getvalue()


def with_cell(data: bytes, sheet: str, cell: str, value: object) -> bytes:
    def change(xlsx: Any) -> None:
        xlsx[sheet][cell] = value

    return edited(data, change)


def find(data: bytes, sheet: str, code: str) -> int:
    """The line of a row by what stands in its first column."""
    for row in load_workbook(BytesIO(data))[sheet].iter_rows(max_col=1):
        if row[0].value == code:
            return int(row[0].row)
    raise AssertionError(code)


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The archive with one more part, or with one part's content changed."""
    source, stream = zipfile.ZipFile(BytesIO(data)), BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            if part != name:
                target.writestr(part, source.read(part))
        target.writestr(name, content)
    return stream.getvalue()


def part_of(data: bytes, name: str) -> bytes:
    return zipfile.ZipFile(BytesIO(data)).read(name)
