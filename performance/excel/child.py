"""PURE: the child process that reads a workbook of forms: one file in, one answer out."""

from __future__ import annotations

import json
import sys

from budgets.excel.child import Request, Tasks, main
from budgets.excel.marks import TemplateMark
from performance.excel.reading import read_forms
from rulebook.codec import from_json, to_json


def _forms(request: Request, data: bytes) -> bytes:
    forms = request["forms"]
    expected = from_json(TemplateMark, request["expected"])
    read = read_forms(data, expected, forms if isinstance(forms, dict) else {})
    return json.dumps(to_json(read)).encode("ascii")


TASKS: Tasks = {"forms": _forms}

if __name__ == "__main__":
    sys.exit(main(TASKS, *sys.argv[1:]))
