"""PURE: how the columns and rows of a printed table were understood, for people to look at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnderstoodColumn:
    """``meaning`` is empty for a column that is not read."""

    letter: str
    header: str
    meaning: str


@dataclass(frozen=True, slots=True)
class UnderstoodRow:
    line: int
    text: str
    meaning: str


@dataclass(frozen=True, slots=True)
class UnderstoodSheet:
    """One worksheet: which table it is, in which unit, and what was made of it."""

    title: str
    table: str
    heading: str
    unit: str
    columns: tuple[UnderstoodColumn, ...]
    rows: tuple[UnderstoodRow, ...]
    skipped: tuple[UnderstoodRow, ...]
