"""PURE: read an uploaded workbook of forms in a child process (:mod:`budgets.excel.confined`)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from budgets.excel.confined import LIMITS, Limits, Stopped, run, stopped
from budgets.excel.marks import TemplateMark
from performance.excel.found import ReadForms
from rulebook.codec import JSON, from_json, to_json

CHILD = "performance.excel.child"


def read_forms_confined(
    data: bytes,
    expected: TemplateMark,
    forms: Mapping[str, Sequence[str]],
    limits: Limits = LIMITS,
) -> ReadForms:
    """:func:`performance.excel.reading.read_forms` in a child; a finding where it is stopped."""
    editions: dict[str, JSON] = {subject: list(ids) for subject, ids in forms.items()}
    request: JSON = {"expected": to_json(expected), "forms": editions}
    try:
        return from_json(ReadForms, json.loads(run("forms", request, data, limits, child=CHILD)))
    except (Stopped, ValueError):
        return ReadForms(findings=(stopped(),))
