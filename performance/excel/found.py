"""PURE: what was read from a workbook of forms, and in which cell each value stood."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from budgets.excel.found import Place
from budgets.excel.marks import TemplateMark
from rulebook.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class ReadValue:
    """A cell read: words, or a number with the decimals it was written with. Amounts in yuan."""

    key: str
    text: str
    number: Decimal | None
    decimals: int
    cell: str

    @property
    def is_empty(self) -> bool:
        return not self.text and self.number is None


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A row of a table; ``was`` is the key its mark names, empty for a new row."""

    table: str
    was: str
    line: int
    values: tuple[ReadValue, ...]

    def text(self, key: str) -> str:
        return next((value.text for value in self.values if value.key == key), "")

    def number(self, key: str) -> Decimal | None:
        return next((value.number for value in self.values if value.key == key), None)

    def has(self, key: str) -> bool:
        """Whether the file has this column at all."""
        return any(value.key == key for value in self.values)


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """One form of the file, complete: what it lacks is to be removed. ``tables`` are those
    that stand in it."""

    title: str
    subject: str
    form: str
    fingerprint: str
    unit: str
    values: tuple[ReadValue, ...]
    lines: tuple[ReadLine, ...]
    tables: tuple[str, ...]

    def place(self, cell: str) -> Place:
        return Place(self.title, cell)

    def lines_of(self, table: str) -> list[ReadLine]:
        return [line for line in self.lines if line.table == table]


@dataclass(frozen=True, slots=True)
class ReadForms:
    """What a file holds, form by form, or why it is refused."""

    sheets: tuple[ReadSheet, ...] = ()
    findings: tuple[Finding, ...] = ()
    mark: TemplateMark | None = field(default=None)

    @property
    def is_refused(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)
