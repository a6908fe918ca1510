"""Uploads are parsed in a child that ends at its limits, with a finding and not with an error."""

from __future__ import annotations

import os
import resource
import time

import pytest

from budgets.excel import confined
from budgets.excel.confined import Limits, Stopped, read_template_confined, with_findings_confined
from budgets.excel.gate import MEGABYTE, inspect
from budgets.excel.reading import ReadBook, read_template
from budgets.excel.template import write_template
from rulebook.amounts import MoneyUnit
from rulebook.layouts import load_layout
from tests.budgets.excel.files import EXPENDITURE, find, part_of, with_cell, with_part
from tests.budgets.values import catalogue_names, make_book, make_mark
from tests.factories import LAYOUT

YUAN = write_template(make_book(), catalogue_names(), make_mark(), MoneyUnit.YUAN)
TIGHT = Limits(memory=300 * MEGABYTE, seconds=10)


def read(data: bytes, limits: Limits = confined.LIMITS) -> ReadBook:
    return read_template_confined(data, load_layout(LAYOUT), make_mark(), limits)


def everything_merged() -> bytes:
    """A few bytes that make a parser hold seventeen billion cells."""
    part = "xl/worksheets/sheet3.xml"
    content = part_of(YUAN, part)
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    assert b"</sheetData>" in content
    start, _, rest = content.partition(b"</sheetData>")
    protection, tail = rest.split(b"/>", 1)
    ordered = merged.replace(b"</sheetData>", b"</sheetData>" + protection + b"/>") + tail
    return with_part(YUAN, part, start + ordered)


@pytest.mark.parametrize("value", [None, "约三千", 12.5])
def test_a_child_reads_what_the_reader_reads(value: object) -> None:
    data = YUAN
    if value is not None:
        data = with_cell(YUAN, EXPENDITURE, f"D{find(YUAN, EXPENDITURE, '2040201')}", value)
    there, here = read(data), read_template(data, load_layout(LAYOUT), make_mark())
    assert there == here
    assert there.edits


def test_a_file_that_wants_all_memory_is_a_finding_and_costs_the_parent_nothing() -> None:
    bomb = everything_merged()
    assert inspect(bomb, most_bytes=len(bomb)) == []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Stopped):
        with_findings_confined(bomb, [], TIGHT)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024


def test_a_child_that_may_take_no_more_memory_is_one_finding() -> None:
    large = with_part(YUAN, "xl/media/picture.png", os.urandom(16 * MEGABYTE))
    found = read(large, Limits(memory=MEGABYTE)).findings
    assert [f.check_id for f in found] == ["IM-111"]
    assert "没有写入任何内容" in found[0].message


def test_a_file_that_takes_for_ever_is_given_up() -> None:
    begun = time.monotonic()
    with pytest.raises(Stopped):
        with_findings_confined(everything_merged(), [], Limits(seconds=1))
    assert time.monotonic() - begun < 10


def test_a_child_that_answers_nonsense_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "run", lambda *a, **k: b'{"cells": [], "shell": "x"}')
    assert [f.check_id for f in read(YUAN).findings] == ["IM-111"]


def test_a_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGZHANG_SECRET_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    seen: list[dict[str, str]] = []
    real = confined.subprocess.run

    def watched(*arguments: object, **options: object) -> object:
        seen.append(options["env"])  # type: ignore[arg-type]
        return real(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(confined.subprocess, "run", watched)
    read(YUAN)
    assert seen
    assert "PATH" in os.environ
    assert not any("secret" in value for value in seen[0].values())
