"""Layouts: the sheets of a workbook in one edition, with their rows, columns and codes.

Keys are stable over the years; printed numbers, labels and line numbers are data of the edition.
A regional file may ``extends`` another and states differences only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from rulebook.addresses import CellRef
from rulebook.editions import Edition, edition_for, edition_path, editions_of, read_toml
from rulebook.table_styles import TableStyle, table_style

FAMILY = "layouts"
_NUMBER = re.compile(r"^(?:[一二三四五六七八九十廿]+、|（[一二三四五六七八九十廿]+）)")
BY_UNIT = "by_unit"
"""The arrangement of a sheet with one row in a unit's book."""


class LayoutError(ValueError):
    """A layout file contradicts itself; raised when it is loaded, never for a user's data."""


@dataclass(frozen=True, slots=True)
class Column:
    """``group`` is the header printed above several columns; ``print_label`` may differ."""

    key: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A fixed row. ``columns`` limits where it has cells; ``kind`` is "money" or "count"."""

    key: str
    label: str
    line_no: str = ""
    side: str = ""
    kind: str = "money"
    columns: tuple[str, ...] = ()
    style: str = ""
    unit_label: str = ""

    @property
    def name(self) -> str:
        """The label without the number it is printed with: 四、公共安全支出 → 公共安全支出."""
        return _NUMBER.sub("", self.label)


@dataclass(frozen=True, slots=True)
class RowTotal:
    """``column`` = Σ ``of`` in every row that has them (within a sheet)."""

    column: str
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Elimination:
    """``column`` holds the part of the same row and column of ``sheet`` that stays between units
    of one department; ``paid_as`` is the column in which the other unit states the same money."""

    column: str
    sheet: str
    paid_as: str = ""


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Rows that are classification codes.

    ``levels`` are code lengths from the outermost (类) to the innermost; people enter the last.
    ``sum_row`` is the fixed row which the outermost codes add up to, empty when none does.
    ``proved_columns`` are summed downwards as a proof only, being derived across.
    ``sides`` maps a printed side to the code prefixes that stand on it, ``side_columns`` a side to
    the columns its codes have cells in.
    ``after`` is the fixed row they follow; ``listed`` means outermost codes have fixed rows and
    only unlisted ones are appended (their cells are never entered).
    ``group`` is the header printed above the columns of codes and names.
    """

    classification: str
    levels: tuple[int, ...]
    sum_row: str = ""
    proved_columns: tuple[str, ...] = ()
    after: str = ""
    listed: bool = False
    sides: tuple[tuple[str, tuple[str, ...]], ...] = ()
    side_columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    columns: tuple[str, ...] = ()
    group: str = ""

    @property
    def entry_length(self) -> int:
        return self.levels[-1]

    def is_code(self, row: str) -> bool:
        """Whether the row is a code of this block; where sides are printed, of one of them."""
        stands = not self.sides or any(
            row[: self.levels[0]] in prefixes for _, prefixes in self.sides
        )
        return row.isdigit() and len(row) in self.levels and stands

    def columns_of(self, code: str) -> tuple[str, ...]:
        """The columns a code has cells in; empty: all of the sheet's."""
        if not self.side_columns:
            return self.columns
        top = code[: self.levels[0]]
        side = next((side for side, prefixes in self.sides if top in prefixes), "")
        return dict(self.side_columns).get(side, self.columns)

    def level_of(self, code: str) -> int:
        """0 for the outermost level."""
        return self.levels.index(len(code))

    def parent_of(self, code: str) -> str:
        """The code one level up, empty for the outermost."""
        level = self.level_of(code)
        return code[: self.levels[level - 1]] if level else ""

    def with_ancestors(self, codes: Iterable[str]) -> list[str]:
        """The codes with all their parents, in printing order."""
        found: set[str] = set()
        for code in codes:
            while code and code not in found:
                found.add(code)
                code = self.parent_of(code)
        return sorted(found)


@dataclass(frozen=True)
class SheetLayout:
    """One sheet (表). ``code`` is stable (FA01), ``number`` is what this edition prints.

    ``arrangement`` says how it is printed; a sheet "by_unit" has one row in a unit's book and
    prints one for each unit of the department. ``foot`` is how many last rows of a side stand at
    the foot of a two-sided sheet. A sheet ``only_filled`` is printed where it holds an amount.
    """

    key: str
    code: str
    number: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    row_totals: tuple[RowTotal, ...] = ()
    codes: CodeBlock | None = None
    printed: bool = True
    arrangement: str = "matrix"
    orientation: str = "portrait"
    empty_sentence: str = ""
    note: str = ""
    side_labels: tuple[tuple[str, str], ...] = ()
    eliminates: tuple[Elimination, ...] = ()
    foot: int = 1
    only_filled: bool = False

    @cached_property
    def _rows(self) -> Mapping[str, Row]:
        """Fixed rows by key: the network asks for them for every cell of every relation."""
        return {row.key: row for row in self.rows}

    @cached_property
    def _columns(self) -> Mapping[str, Column]:
        return {column.key: column for column in self.columns}

    @cached_property
    def _column_keys(self) -> tuple[str, ...]:
        return tuple(self._columns)

    def row(self, key: str) -> Row | None:
        return self._rows.get(key)

    def column(self, key: str) -> Column | None:
        return self._columns.get(key)

    def is_code_row(self, row: str) -> bool:
        return self.codes is not None and self.row(row) is None and self.codes.is_code(row)

    def columns_of(self, row: str) -> tuple[str, ...]:
        """The columns in which a row has cells."""
        fixed = self.row(row)
        limited = fixed.columns if fixed else (self.codes.columns_of(row) if self.codes else ())
        return limited or self._column_keys

    def has_cell(self, row: str, column: str) -> bool:
        known = self.row(row) is not None or self.is_code_row(row)
        return known and column in self.columns_of(row)

    def kind_of(self, row: str) -> str:
        fixed = self.row(row)
        return fixed.kind if fixed else "money"

    def ordered_rows(self, code_rows: Iterable[str]) -> list[str]:
        """Fixed rows and the given code rows in the order in which the sheet prints them."""
        fixed = [row.key for row in self.rows]
        if self.codes is None:
            return fixed
        extra = sorted(code for code in set(code_rows) if self.is_code_row(code))
        at = fixed.index(self.codes.after) + 1 if self.codes.after else 0
        return fixed[:at] + extra + fixed[at:]


@dataclass(frozen=True, slots=True)
class ListLayout:
    """A printed list of records. Columns are fields of the record; there are no cells.

    ``filed`` are the columns people fill besides those printed: they stand first in a file.
    ``sums`` are the columns added up under 合计, and for each unit where ``unit_sums`` says so.
    """

    key: str
    code: str
    number: str
    title: str
    columns: tuple[Column, ...]
    empty_sentence: str = ""
    filed: tuple[Column, ...] = ()
    orientation: str = "portrait"
    sums: tuple[str, ...] = ()
    unit_sums: bool = False

    @property
    def name(self) -> str:
        """As people call it: 预算10表, else its title."""
        return self.number or self.title


@dataclass(frozen=True)
class WorkbookLayout:
    """All sheets of one edition, printed ones first in printing order, and its lists."""

    edition: Edition
    sheets: tuple[SheetLayout, ...]
    lists: tuple[ListLayout, ...]
    tables: TableStyle

    def list_named(self, key: str) -> ListLayout:
        """Raises KeyError for a list this edition does not have."""
        return {each.key: each for each in self.lists}[key]

    @cached_property
    def _sheets(self) -> Mapping[str, SheetLayout]:
        return {sheet.key: sheet for sheet in self.sheets}

    def sheet(self, key: str) -> SheetLayout:
        """Raises KeyError for a sheet this edition does not have."""
        return self._sheets[key]

    def has_sheet(self, key: str) -> bool:
        return key in self._sheets

    def has_cell(self, ref: CellRef) -> bool:
        return self.has_sheet(ref.sheet) and self.sheet(ref.sheet).has_cell(ref.row, ref.column)

    def label_of(self, ref: CellRef, code_names: dict[str, str] | None = None) -> str:
        """The place in words: 公开03表 行政运行（2040201） 项目支出."""
        sheet = self.sheet(ref.sheet)
        row = sheet.row(ref.row)
        name = row.label if row else f"{(code_names or {}).get(ref.row, '')}（{ref.row}）"
        if row and row.side:
            name = f"{dict(sheet.side_labels).get(row.side, '')}{name}"
        column = sheet.column(ref.column)
        label = column.label if column else ref.column
        return f"{sheet.number or sheet.title} {name} {label}".strip()


def _columns(raw: list[dict[str, Any]]) -> tuple[Column, ...]:
    return tuple(Column(**column) for column in raw)


def _row(raw: dict[str, Any]) -> Row:
    fields = raw | {
        "columns": tuple(raw.get("columns", ())),
        "line_no": str(raw.get("line_no", "")),
    }
    return Row(**fields)


def _codes(raw: dict[str, Any] | None) -> CodeBlock | None:
    if raw is None:
        return None
    tuples = {key: tuple(raw.get(key, ())) for key in ("levels", "proved_columns", "columns")}
    by_side = {
        key: tuple((side, tuple(values)) for side, values in raw.get(key, {}).items())
        for key in ("sides", "side_columns")
    }
    return CodeBlock(**(raw | tuples | by_side))


def _sheet(raw: dict[str, Any]) -> SheetLayout:
    totals = tuple(RowTotal(t["column"], tuple(t["of"])) for t in raw.get("row_total", ()))
    nested = {"column", "row", "row_total", "codes", "side_labels", "eliminates"}
    plain = {k: v for k, v in raw.items() if k not in nested}
    return SheetLayout(
        **plain,
        columns=_columns(raw["column"]),
        rows=tuple(_row(row) for row in raw.get("row", ())),
        row_totals=totals,
        codes=_codes(raw.get("codes")),
        side_labels=tuple(raw.get("side_labels", {}).items()),
        eliminates=tuple(Elimination(**each) for each in raw.get("eliminates", ())),
    )


def _list(raw: dict[str, Any]) -> ListLayout:
    plain = {key: value for key, value in raw.items() if key not in {"column", "filed", "sums"}}
    return ListLayout(
        **plain,
        columns=_columns(raw["column"]),
        filed=_columns(raw.get("filed", [])),
        sums=tuple(raw.get("sums", ())),
    )


def _merge_sheet(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """A sheet with a region's differences: drop, relabel and add rows, replace plain fields.

    Raises LayoutError for a row that is dropped, relabelled or followed and not there.
    """
    merged = base | {k: v for k, v in change.items() if k not in {"row", "drop", "relabel"}}
    relabel = change.get("relabel", {})
    unknown = {*relabel, *change.get("drop", [])} - {row["key"] for row in base.get("row", [])}
    if unknown:
        raise LayoutError(f"{base['key']}: no such rows {sorted(unknown)}")
    rows = [
        row | ({"label": relabel[row["key"]]} if row["key"] in relabel else {})
        for row in base.get("row", [])
        if row["key"] not in change.get("drop", [])
    ]
    for row in change.get("row", []):
        keys = [known["key"] for known in rows]
        if row["after"] not in keys:
            raise LayoutError(
                f"{base['key']}: {row['key']} after {row['after']}, which is not there"
            )
        rows.insert(keys.index(row["after"]) + 1, {k: v for k, v in row.items() if k != "after"})
    return merged | ({"row": rows} if "row" in merged or rows else {})


def _raw_tables(edition_id: str, table: str, depth: int = 0) -> list[dict[str, Any]]:
    """The "sheet" or "list" tables of an edition with what it changes in the one it extends."""
    raw = read_toml(edition_path(FAMILY, edition_id))
    base_id = raw["edition"].get("extends")
    if base_id is None:
        return list(raw.get(table, []))
    if depth > 1:
        raise LayoutError(f"{edition_id}: a chain of two extensions at most")
    changes = {each["key"]: each for each in raw.get(table, [])}
    dropped = set(raw["edition"].get("drop_sheets", []))
    base = [s for s in _raw_tables(base_id, table, depth + 1) if s["key"] not in dropped]
    known = {each["key"] for each in base}
    added = [each for key, each in changes.items() if key not in known]
    return [_merge_sheet(s, changes.get(s["key"], {})) for s in base] + added


@cache
def load_layout(edition_id: str) -> WorkbookLayout:
    """The layout of an edition id. Raises KeyError when there is none, LayoutError when broken."""
    edition = next(e for e in editions_of(FAMILY) if e.id == edition_id)
    sheets = tuple(_sheet(raw) for raw in _raw_tables(edition_id, "sheet"))
    lists = tuple(_list(raw) for raw in _raw_tables(edition_id, "list"))
    for sheet in sheets:
        _refuse_broken(sheet)
    for each in lists:
        _refuse_unknown_sums(each)
    return WorkbookLayout(edition, sheets, lists, table_style(FAMILY, edition_id))


def _refuse_broken(sheet: SheetLayout) -> None:
    keys = [row.key for row in sheet.rows]
    columns = {column.key for column in sheet.columns}
    named = {key for row in sheet.rows for key in row.columns}
    named |= {key for total in sheet.row_totals for key in (total.column, *total.of)}
    named |= {each.column for each in sheet.eliminates}
    if len(keys) != len(set(keys)) or not named <= columns:
        raise LayoutError(f"{sheet.key}: rows repeat or name unknown columns {named - columns}")


def _refuse_unknown_sums(layout: ListLayout) -> None:
    unknown = set(layout.sums) - {column.key for column in layout.columns}
    if unknown:
        raise LayoutError(f"{layout.key}: sums of unknown columns {sorted(unknown)}")


def layout_for(kind: str, *, region: str, fiscal_year: int) -> WorkbookLayout:
    """The layout in force for a kind of filing. Raises EditionMissing."""
    edition = edition_for(FAMILY, kind, region=region, fiscal_year=fiscal_year)
    return load_layout(edition.id)
