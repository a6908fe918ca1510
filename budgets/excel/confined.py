"""PURE: parse uploads in a child process with limits of memory and time (T15).

Whatever a file does to a parser, it does to a process that holds no secret, lives for this file
only and ends at its limits; the web process never grows and never waits for long.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from budgets.excel.found import ReadBook
from budgets.excel.gate import MEGABYTE
from budgets.excel.marks import TemplateMark
from budgets.excel.printed_lists import Whose
from budgets.excel.published import PublishedBook
from budgets.excel.wire import Findings, book_from_bytes
from budgets.problems import problem
from rulebook.codec import JSON, from_json, to_json
from rulebook.findings import Finding
from rulebook.layouts import WorkbookLayout

ROOT = Path(__file__).resolve().parents[2]
CHILD = "budgets.excel.child"
HANDED_ON = ("PATH", "LANG", "LC_", "TMPDIR", "PYTHON", "COVERAGE_")
"""Beginnings of the only environment variables a child gets: no key, no database."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``memory`` in bytes of address space, ``seconds`` of processor time; thrice that by clock."""

    memory: int = 512 * MEGABYTE
    seconds: int = 20


LIMITS = Limits()


class Stopped(Exception):
    """The child reached a limit or broke; what it said until then is not used."""


def run(
    task: str, request: JSON, data: bytes, limits: Limits = LIMITS, *, child: str = CHILD
) -> bytes:
    """What a task of a ``child`` module answers about a file. Raises Stopped."""
    bounds = [str(limits.memory), str(limits.seconds)]
    head = json.dumps(request).encode("ascii") + b"\n"
    try:
        done = subprocess.run(
            [sys.executable, "-m", child, task, *bounds],
            input=head + data,
            capture_output=True,
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if k.startswith(HANDED_ON)},
            timeout=3 * limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Stopped from error
    if done.returncode:
        raise Stopped
    return done.stdout


def stopped() -> Finding:
    """What is said of a file that was not read to its end."""
    return problem("IM-111", "读取文件时超出了内存或时间限制，已中止，没有写入任何内容。")


def read_template_confined(
    data: bytes, layout: WorkbookLayout, expected: TemplateMark, limits: Limits = LIMITS
) -> ReadBook:
    """:func:`budgets.excel.reading.read_template` in a child; a finding where it is stopped."""
    request: JSON = {"layout": layout.edition.id, "expected": to_json(expected)}
    try:
        return book_from_bytes(run("read", request, data, limits))
    except (Stopped, ValueError):
        return ReadBook(findings=[stopped()])


def read_published_confined(
    data: bytes, layout: WorkbookLayout, whose: Whose, limits: Limits = LIMITS
) -> PublishedBook:
    """:func:`budgets.excel.published.read_published` in a child; a finding where it is stopped."""
    units: dict[str, JSON] = dict(whose.units)
    request: JSON = {
        "layout": layout.edition.id,
        "department": whose.department,
        "units": units,
    }
    try:
        return from_json(PublishedBook, json.loads(run("published", request, data, limits)))
    except (Stopped, ValueError):
        return PublishedBook(findings=(stopped(),))


def with_findings_confined(
    data: bytes, findings: Sequence[Finding], limits: Limits = LIMITS
) -> bytes:
    """:func:`budgets.excel.redpen.with_findings` in a child. Raises Stopped."""
    return run("mark", to_json(Findings(tuple(findings))), data, limits)


def list_rows_confined(data: bytes, limits: Limits = LIMITS) -> bytes:
    """The first worksheet of a file that passed the gate as UTF-8 CSV. Raises Stopped."""
    return run("rows", {}, data, limits)


def sheets_confined(data: bytes, limits: Limits = LIMITS) -> dict[str, list[list[str]]]:
    """All worksheets of a file that passed the gate as rows of text, by title.

    Raises Stopped, also for an answer that is not of this form.
    """
    try:
        found = json.loads(run("sheets", {}, data, limits))
    except ValueError as error:
        raise Stopped from error
    if not isinstance(found, dict) or not all(map(_are_rows, found.values())):
        raise Stopped
    return found


def _are_rows(rows: object) -> bool:
    return isinstance(rows, list) and all(
        isinstance(row, list) and all(isinstance(text, str) for text in row) for row in rows
    )
