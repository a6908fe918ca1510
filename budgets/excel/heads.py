"""PURE: find the header of a printed table and say which column is which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from openpyxl.utils import get_column_letter

from budgets.excel.printed import Printed
from budgets.excel.understanding import UnderstoodColumn
from rulebook.headers import Headers, Printable, Words, plain
from rulebook.layouts import BY_UNIT, Column, ListLayout, SheetLayout

DEEPEST_HEADER = 20  # rows


@dataclass(slots=True)
class Segment:
    """Columns that belong to one run of rows: codes, names, and values by column of the layout."""

    side: str = ""
    codes: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    values: dict[int, Column] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """The header rows of a printed table."""

    first: int
    last: int
    paths: dict[int, tuple[str, ...]]

    def header(self, column: int) -> str:
        return " / ".join(self.paths.get(column, ()))


def find_head(page: Printed, words: Words, headers: Headers) -> Head | None:
    """The rows in which at least two cells are known words, with the rows that go on from them."""
    first = last = 0
    deepest = page.first_row + DEEPEST_HEADER - 1
    for at in range(page.first_row, min(page.last_row, deepest) + 1):
        texts = page.row_words(at)
        known = sum(1 for text in texts if text in words)
        if texts and first and (texts[0] in headers.skipped or page.numbers_columns(at)):
            last = at
        elif known >= 2 and not page.has_figure(at):
            first, last = first or at, at
        elif first:
            break
    if not first:
        return None
    rows = [r for r in range(first, last + 1) if not headers.skipped & set(page.row_words(r)[:1])]
    printed = _spread(page, rows)
    paths = {
        column: _path([printed.get((row, column), "") for row in rows])
        for column in range(1, page.last_column + 1)
    }
    return Head(first, last, {c: path for c, path in paths.items() if path})


def _spread(page: Printed, rows: list[int]) -> dict[tuple[int, int], str]:
    """The words of header rows; one over several columns speaks for all of them, merged or not.

    A blank belongs to the heading left of it where both have a word of their own below.
    """
    words = {(row, c): page.words.get((row, c), "") for row in rows for c in _columns(page)}

    def has_below(at: int, column: int) -> bool:
        below = (words.get((row, column), "") for row in rows if row > at)
        return any(word and not word.isdecimal() for word in below)

    for at in rows:
        for column in _columns(page):
            spans = not words[at, column] and has_below(at, column)
            if spans and column > 1 and has_below(at, column - 1):
                words[at, column] = words[at, column - 1]
    return words


def _columns(page: Printed) -> range:
    return range(1, page.last_column + 1)


def _path(texts: list[str]) -> tuple[str, ...]:
    return tuple(text for text, _ in groupby(texts) if text and not text.isdigit())


def _matches(path: tuple[str, ...], sheet: Printable, column: Column, headers: Headers) -> int:
    """How well a printed header names a column: 0 not at all, more where its group is there."""
    names = headers.names_of_column(sheet, column)
    if path[-1] not in names and "".join(path[-2:]) not in names:
        return 0
    if column.group and plain(column.group) in path[:-1]:
        return 3
    exact = path[-1] == plain(column.label)
    alone = sum(1 for other in sheet.columns if other.label == column.label) == 1
    return (2 if exact else 1) if not column.group or alone else 0


def is_one_line(sheet: SheetLayout) -> bool:
    """Whether a table prints one row of figures, without a name."""
    return sheet.arrangement == "single_row" and len(sheet.rows) == 1


def segments_of(head: Head, sheet: Printable, headers: Headers) -> list[Segment]:
    """The header cut where a new run of codes or names begins, each value column named.

    A list and a table of a single row have no codes and names: they are one run.
    """
    if isinstance(sheet, ListLayout) or is_one_line(sheet):
        return _one_run(head, sheet, headers)
    found: list[Segment] = []
    rest: list[list[int]] = []
    for column, path in sorted(head.paths.items()):
        is_code = path[-1] in headers.code or path[-1] in headers.code_parts
        is_label = path[-1] in headers.label
        if sheet.arrangement == BY_UNIT and path[-1] in headers.units:
            is_code, is_label = not (found and found[-1].codes), bool(found and found[-1].codes)
        if (is_code or is_label) and (not found or rest[-1]):
            found.append(Segment())
            rest.append([])
        if not found or path[-1] in headers.skipped:
            continue
        if is_code:
            found[-1].codes.append(column)
        elif is_label:
            found[-1].labels.append(column)
        else:
            rest[-1].append(column)
    _name_sides(found, rest, head, sheet, headers)
    for segment, columns in zip(found, rest, strict=True):
        _name_values(segment, columns, head, sheet, headers)
    return [segment for segment in found if segment.values]


def _one_run(head: Head, sheet: Printable, headers: Headers) -> list[Segment]:
    segment = Segment()
    _name_values(segment, sorted(head.paths), head, sheet, headers)
    return [segment] if segment.values else []


def _name_values(
    segment: Segment, columns: list[int], head: Head, sheet: Printable, headers: Headers
) -> None:
    for at in columns:
        if (best := _best(head.paths[at], segment, sheet, headers)) is not None:
            segment.values[at] = best


def _columns_on(sheet: Printable, side: str) -> tuple[Column, ...]:
    """The columns in which the rows of a side have cells; of no side, all."""
    if isinstance(sheet, ListLayout) or not side:
        return sheet.columns
    keys = {key for row in sheet.rows if row.side == side for key in sheet.columns_of(row.key)}
    return tuple(column for column in sheet.columns if column.key in keys)


def _best(
    path: tuple[str, ...], segment: Segment, sheet: Printable, headers: Headers
) -> Column | None:
    taken = {column.key for column in segment.values.values()}
    free = [column for column in _columns_on(sheet, segment.side) if column.key not in taken]
    scored = [(_matches(path, sheet, column, headers), column) for column in free]
    best = max((score for score, _ in scored), default=0)
    return next((column for score, column in scored if score == best), None) if best else None


def _name_sides(
    segments: list[Segment],
    rest: list[list[int]],
    head: Head,
    sheet: SheetLayout,
    headers: Headers,
) -> None:
    sides = list(dict.fromkeys(row.side for row in sheet.rows if row.side))
    filled = [at for at, columns in enumerate(rest) if columns]
    for at, segment in enumerate(segments):
        columns = (*segment.codes, *segment.labels, *rest[at])
        words = {text for column in columns for text in head.paths[column]}
        named = [side for side in sides if headers.sides.get(side, frozenset()) & words]
        in_order = at in filled and len(sides) == len(filled)
        by_order = sides[filled.index(at)] if in_order else ""
        segment.side = named[0] if len(named) == 1 else by_order


def missing_columns(sheet: Printable, segments: list[Segment], headers: Headers) -> list[str]:
    """The headers of the table that were not found, as the edition prints them.

    Of the columns that a printed form may lack, one at least is there.
    """
    found = {column.key for segment in segments for column in segment.values.values()}
    optional = headers.optional.get(sheet.key, ())
    if found & set(optional):
        found |= set(optional)
    return [
        f"{column.group}—{column.label}" if column.group else column.label
        for column in sheet.columns
        if column.key not in found
    ]


def understood_columns(
    head: Head, segments: list[Segment], sheet: Printable
) -> Iterator[UnderstoodColumn]:
    """Every printed column with what it is taken for."""
    sides = {} if isinstance(sheet, ListLayout) else dict(sheet.side_labels)
    of_units = isinstance(sheet, SheetLayout) and sheet.arrangement == BY_UNIT
    meanings: dict[int, str] = {}
    for segment in segments:
        side = sides.get(segment.side, "")
        meanings |= dict.fromkeys(segment.codes, "单位编码" if of_units else f"{side}科目编码")
        meanings |= dict.fromkeys(segment.labels, "单位名称" if of_units else f"{side}名称")
        for at, column in segment.values.items():
            group = f"{column.group}—" if column.group else ""
            meanings[at] = f"{side}{group}{column.label}"
    for at in sorted(head.paths):
        yield UnderstoodColumn(get_column_letter(at), head.header(at), meanings.get(at, ""))
