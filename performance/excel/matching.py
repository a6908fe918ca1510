"""PURE: which row of a form a line of its sheet is, and whether the sheet is still current."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from performance.evaluation import IndicatorSnapshot
from performance.excel.found import ReadLine, ReadSheet
from performance.excel.pages import FormPage
from performance.excel.template import as_written


def is_stale(sheet: ReadSheet, page: FormPage) -> bool:
    """Whether the form has changed since the sheet was downloaded."""
    return sheet.fingerprint != page.fingerprint


def kept(before: str, read: str) -> str:
    """A text as filed where the file only shows it as cells can."""
    return before if as_written(before) == read else read


def match(
    lines: Sequence[ReadLine],
    known: Mapping[str, str],
    name: Callable[[ReadLine], str],
    *,
    trusts_marks: bool,
) -> dict[int, str]:
    """Line → key of the row it was; lines that are not there are new. ``known`` is key → name.

    A row is the one its mark names, first where the name agrees; in a file older than the form,
    whose marks are not to be trusted alone, only there. Otherwise a name that stands once in the
    file and once among the rows left finds its row.
    """
    found: dict[int, str] = {}
    named = [line for line in lines if line.was in known]
    same = [line for line in named if name(line) == known[line.was]]
    for line in [*same, *named] if trusts_marks else same:
        if line.line not in found and line.was not in found.values():
            found[line.line] = line.was
    for line in lines:
        if line.line not in found:
            left = [k for k, n in known.items() if k not in found.values() and n == name(line)]
            twins = [other for other in lines if name(other) == name(line)]
            if len(left) == 1 and len(twins) == 1:
                found[line.line] = left[0]
    return found


def indicator_name(row: IndicatorSnapshot) -> str:
    return "|".join(as_written(text) for text in (row.tier_one, row.tier_two, row.name))


def line_name(line: ReadLine) -> str:
    return "|".join(line.text(key) for key in ("tier_one", "tier_two", "name"))
