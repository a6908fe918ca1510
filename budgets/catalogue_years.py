"""PURE: a bureau's whole catalogue of a year against the codes known: renamed, new and ended.

A name holds for its years: a renamed code ends with the year before and begins again under the new
name, so that old reports keep the old one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class CodeChangeKind(StrEnum):
    RENAMED = "renamed"
    NEW = "new"
    ENDED = "ended"
    UNLISTED = "unlisted"

    @property
    def label(self) -> str:
        return {
            "renamed": "改名",
            "new": "新增",
            "ended": "停用",
            "unlisted": "本年启用而目录未列（保留，请核对）",
        }[self.value]


@dataclass(frozen=True, slots=True)
class KnownCode:
    """A row of the catalogue; ``group`` is empty where the classification has none."""

    code: str
    name: str
    first: int
    last: int | None
    definition: str = ""
    group: str = ""

    def holds_in(self, year: int) -> bool:
        return self.first <= year and (self.last is None or self.last >= year)


@dataclass(frozen=True, slots=True)
class CodeChange:
    kind: CodeChangeKind
    code: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class YearPlan:
    """The rows to write, with their years, and what they change."""

    rows: tuple[KnownCode, ...]
    changes: tuple[CodeChange, ...]

    def of(self, kind: CodeChangeKind) -> list[CodeChange]:
        return [change for change in self.changes if change.kind is kind]


def plan_year(listed: Sequence[tuple[str, str]], known: Iterable[KnownCode], year: int) -> YearPlan:
    """``listed`` are the codes and names of the whole catalogue of ``year``.

    A code twice in the list gives two rows of one key, which the import refuses.
    """
    by_code: dict[str, list[KnownCode]] = defaultdict(list)
    for row in known:
        by_code[row.code].append(row)
    rows: list[KnownCode] = []
    changes: list[CodeChange] = []
    for code, name in listed:
        for row, change in _listed(code, name, by_code, year):
            rows.append(row)
            changes += [change] if change else []
    in_list = {code for code, _ in listed}
    for code in sorted(by_code.keys() - in_list):
        for row in by_code[code]:
            if row.holds_in(year):
                ended, change = _missing(row, year)
                rows.append(ended)
                changes.append(change)
    return YearPlan(tuple(rows), tuple(changes))


def _listed(
    code: str, name: str, by_code: Mapping[str, Sequence[KnownCode]], year: int
) -> list[tuple[KnownCode, CodeChange | None]]:
    rows = by_code.get(code, ())
    now = next((row for row in rows if row.holds_in(year)), None)
    if now is None:
        later = [row.first for row in rows if row.first > year]
        group = next((row.group for row in by_code.get(code[:3], ()) if row.group), "")
        new = KnownCode(code, name, year, min(later) - 1 if later else None, "", group)
        return [(new, CodeChange(CodeChangeKind.NEW, code, "", name))]
    if now.name == name:
        return [(now, None)]
    change = CodeChange(CodeChangeKind.RENAMED, code, now.name, name)
    renamed = KnownCode(code, name, year, now.last, now.definition, now.group)
    if now.first == year:
        return [(renamed, change)]
    return [(_ending(now, year), None), (renamed, change)]


def _ending(row: KnownCode, year: int) -> KnownCode:
    return KnownCode(row.code, row.name, row.first, year - 1, row.definition, row.group)


def _missing(row: KnownCode, year: int) -> tuple[KnownCode, CodeChange]:
    """A code that began this very year cannot end the year before: it stays and is named."""
    if row.first == year:
        return row, CodeChange(CodeChangeKind.UNLISTED, row.code, row.name)
    return _ending(row, year), CodeChange(CodeChangeKind.ENDED, row.code, row.name)
