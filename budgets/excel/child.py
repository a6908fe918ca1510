"""PURE: the child process of :mod:`budgets.excel.confined`: one file in, one answer out."""

from __future__ import annotations

import csv
import json
import resource
import sys
from collections.abc import Callable, Mapping
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook

from budgets.excel.foreign import read_printed
from budgets.excel.found import FIFTEEN_DIGITS
from budgets.excel.gate import MEGABYTE
from budgets.excel.marks import TemplateMark
from budgets.excel.printed import MOST_COLUMNS
from budgets.excel.printed_lists import Whose
from budgets.excel.published import read_published
from budgets.excel.reading import read_template
from budgets.excel.redpen import with_findings
from budgets.excel.wire import Findings, book_to_bytes
from rulebook.codec import from_json, to_json
from rulebook.layouts import load_layout

LARGEST_FILE = 128 * MEGABYTE  # openpyxl writes sheets by way of temporary files
OPEN_FILES = 64
OUT_OF_MEMORY = 3

Request = dict[str, object]


def _read(request: Request, data: bytes) -> bytes:
    layout = load_layout(str(request["layout"]))
    expected = from_json(TemplateMark, request["expected"])
    book = read_template(data, layout, expected)
    is_template = book.mark or [f.check_id for f in book.findings] != ["IM-121"]
    return book_to_bytes(book if is_template else read_printed(data, layout, expected.unit))


def _published(request: Request, data: bytes) -> bytes:
    units = request["units"]
    whose = Whose(str(request["department"]), units if isinstance(units, dict) else {})
    book = read_published(data, load_layout(str(request["layout"])), whose)
    return json.dumps(to_json(book)).encode("ascii")


def _mark(request: Request, data: bytes) -> bytes:
    return with_findings(data, from_json(Findings, request).findings)


def _rows(request: Request, data: bytes) -> bytes:
    """The first worksheet as CSV, whole numbers without their point."""
    xlsx = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    stream = StringIO(newline="")
    writer = csv.writer(stream)
    for row in xlsx.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True):
        writer.writerow([int(v) if isinstance(v, float) and v.is_integer() else v for v in row])
    return stream.getvalue().encode()


def _cell_text(cell: Any) -> str:
    """A cell as people see its content: whole numbers without a point, rates with their sign."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = FIFTEEN_DIGITS.create_decimal_from_float(value)
        if "%" in str(cell.number_format):
            return f"{(number * 100).normalize():f}%"
        return f"{number.normalize():f}"
    return str(value)


def _sheets(request: Request, data: bytes) -> bytes:
    """The rows of every worksheet as text, by its title."""
    xlsx = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    found = {
        sheet.title: [
            [_cell_text(cell) for cell in row] for row in sheet.iter_rows(max_col=MOST_COLUMNS)
        ]
        for sheet in xlsx.worksheets
    }
    return json.dumps(found).encode("ascii")


Tasks = Mapping[str, Callable[[Request, bytes], bytes]]
TASKS: Tasks = {
    "read": _read,
    "published": _published,
    "mark": _mark,
    "rows": _rows,
    "sheets": _sheets,
}


def limit(memory: int, seconds: int) -> None:
    """From here on this process cannot take more."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(tasks: Tasks, task: str, memory: str, seconds: str) -> int:
    """Answer one request from the standard input; the exit code says whether it was answered."""
    limit(int(memory), int(seconds))
    try:
        request: Request = json.loads(sys.stdin.buffer.readline())
        answer = tasks[task](request, sys.stdin.buffer.read())
    except MemoryError:
        return OUT_OF_MEMORY
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main(TASKS, *sys.argv[1:]))
