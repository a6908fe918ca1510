"""PURE: what was read from a file, where it stood, and how a cell's number is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Context, Decimal
from typing import Any

from budgets.entry import CellEdit
from budgets.excel.marks import TemplateMark
from budgets.excel.understanding import UnderstoodSheet
from budgets.problems import problem
from budgets.workbook import ListRow
from rulebook.addresses import CellRef
from rulebook.amounts import MAX_SIGNIFICANT_DIGITS, AmountError, normalize, parse_number
from rulebook.findings import Finding, Severity

FIFTEEN_DIGITS = Context(prec=MAX_SIGNIFICANT_DIGITS)
DOUBLE_NOISE = Decimal(2) ** -49  # a few units in the last place of a double, relative
PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
ERROR_VALUES = re.compile(r"#(REF!|DIV/0!|VALUE!|NAME\?|N/A|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!)")

Grid = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of the file, for people: “FA03 支出决算表”C12."""

    sheet: str
    cell: str

    @property
    def label(self) -> str:
        return f"“{self.sheet}”{self.cell}"

    @property
    def address(self) -> str:
        return f"upload/{self.sheet}/{self.cell}"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of a list as it was read, in which line; ``is_operating`` where it says that it is
    paid from operating costs, so that nobody has to ask for its project."""

    line: int
    row: ListRow
    is_operating: bool = False


@dataclass(frozen=True, slots=True)
class ReadList:
    """One list of a file, complete: what it lacks is to be removed. ``letters`` says in which
    column each field stands."""

    key: str
    title: str
    letters: Mapping[str, str]
    rows: tuple[ReadRow, ...]

    def place(self, row: ReadRow, field: str) -> Place:
        return Place(self.title, f"{self.letters.get(field, 'A')}{row.line}")


@dataclass(slots=True)
class ReadBook:
    """What a file holds. ``places`` says where each cell was read; all sheets are complete."""

    edits: dict[CellRef, CellEdit] = field(default_factory=dict)
    places: dict[CellRef, Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    mark: TemplateMark | None = None
    understood: list[UnderstoodSheet] = field(default_factory=list)
    lists: list[ReadList] = field(default_factory=list)

    @property
    def is_printed(self) -> bool:
        """Whether it is printed tables of other software: parts of a book, not a template."""
        return bool(self.understood)

    @property
    def is_refused(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)


class Unreadable(ValueError):
    """A cell that holds no number: the id of the problem and its words."""

    def __init__(self, id: str, words: str) -> None:
        super().__init__(words)
        self.id, self.words = id, words


def misplaced(id: str, place: Place, message: str, left: str = "", right: str = "") -> Finding:
    """A problem of one cell of the file."""
    return problem(
        id,
        f"{place.label}：{message}",
        label=place.label,
        places=(place.address,),
        left=left[:100] or None,
        right=right or None,
    )


def value_at(grid: Grid, at: int, column: int) -> Any:
    """What stands in a line and column counted from 1; ``None`` beyond the sheet."""
    row = grid[at - 1] if 0 < at <= len(grid) else ()
    return row[column - 1] if column <= len(row) else None


def text_at(grid: Grid, at: int, column: int) -> str:
    """The text of a cell as compared with a template's own words: no blanks, no ``.0``."""
    value = value_at(grid, at, column)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else normalize(str(value)).replace(" ", "")


def written_number(raw: Any, cached: Any) -> Decimal | None:
    """The number in a cell, written as text or not. Raises Unreadable."""
    if isinstance(raw, str) and not raw.startswith(("=", "#")):
        try:
            return parse_number(raw)
        except AmountError as error:
            raise Unreadable("IM-131", f"单元格是文本“{raw[:30]}”：{error}。") from error
    return read_number(raw, cached)


def read_number(raw: Any, cached: Any) -> Decimal | None:
    """The number in a cell, ``None`` when it is empty. Raises Unreadable."""
    if isinstance(raw, str) and raw.startswith("="):
        if cached is None:
            raise Unreadable("IM-136", "公式没有保存计算结果。")
        raw = cached
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if isinstance(raw, str) and ERROR_VALUES.fullmatch(raw):
        raise Unreadable("IM-137", f"单元格是错误值 {raw}。")
    if isinstance(raw, str):
        return _long_number(raw)
    if isinstance(raw, bool | date | time | timedelta) or not isinstance(raw, int | float):
        raise Unreadable("IM-131", "单元格是日期或逻辑值，不是数字。")
    return _without_noise(Decimal(repr(raw)))


def _long_number(text: str) -> Decimal:
    """Text is a number only where Excel could not have held it as one."""
    plain = normalize(text)
    if PLAIN_NUMBER.fullmatch(plain):
        number = Decimal(plain)
        if len(number.normalize().as_tuple().digits) > MAX_SIGNIFICANT_DIGITS:
            return number
    raise Unreadable("IM-131", f"单元格是文本“{text[:30]}”，不是数字。")


def _without_noise(number: Decimal) -> Decimal:
    """A double at the 15 digits Excel shows; more than noise beyond them is refused."""
    if not number.is_finite():
        raise Unreadable("IM-137", "单元格不是有限的数。")
    kept = FIFTEEN_DIGITS.plus(number)
    if abs(kept - number) > abs(number) * DOUBLE_NOISE:
        raise Unreadable("IM-135", f"{number:f} 的有效数字超过 {MAX_SIGNIFICANT_DIGITS} 位。")
    return Decimal(f"{kept.normalize():f}")
