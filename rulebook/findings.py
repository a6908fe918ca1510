"""Findings: what a check says to a person, never an exception."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Severity(StrEnum):
    """How a finding acts on submission: errors block, warnings want a written explanation."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def label(self) -> str:
        return {"error": "错误", "warning": "预警", "notice": "提示"}[self.value]


class Scope(StrEnum):
    """Where the figures of a check live (表内, 表间, 跨年, 预算与绩效, 表文)."""

    WITHIN_SHEET = "within_sheet"
    CROSS_SHEET = "cross_sheet"
    CROSS_YEAR = "cross_year"
    BUDGET_TO_TARGET = "budget_to_target"
    TABLE_TO_TEXT = "table_to_text"

    @property
    def label(self) -> str:
        return {
            "within_sheet": "表内",
            "cross_sheet": "表间",
            "cross_year": "跨年",
            "budget_to_target": "预算与绩效",
            "table_to_text": "表文",
        }[self.value]


Figure = Decimal | str | None
"""A value in a finding: an amount in yuan, a count, a score, or words as typed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement, with its place, both values, the difference and how to mend it.

    ``places`` are addresses (see :mod:`rulebook.addresses`), the first being where to look first.
    ``label`` names the place for people. ``left``/``right`` are the two values (yuan, counts,
    points or words); ``difference`` is left − right where both are numbers.
    """

    check_id: str
    severity: Severity
    title: str
    message: str
    hint: str
    places: tuple[str, ...] = ()
    label: str = ""
    left: Figure = None
    right: Figure = None
    difference: Decimal | None = None

    @property
    def identity(self) -> str:
        """Same check, places and values → same identity, so that an explanation survives a
        re-run and reopens when a value changes."""
        parts = (self.check_id, *self.places, str(self.left), str(self.right))
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def blocking(findings: list[Finding]) -> list[Finding]:
    """The findings that stop a submission."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]
