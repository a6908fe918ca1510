"""Words of printed tables: the edition's own labels and, as data, what other software prints.

``rulebook/data/headers/general.toml`` holds the words over code and name columns; one file per
kind of layout adds other titles, column headers and row names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rulebook.amounts import normalize
from rulebook.editions import DATA, read_toml
from rulebook.layouts import Column, ListLayout, Row, SheetLayout

FOLDER = DATA / "headers"
GENERAL = "general"
_NOISE = re.compile(r"[\s\"'“”‘’《》:：,，、.。·]")
_ORDINAL = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]+\)|\d+[、.](?!\d)|其中:?)"
)
_UNIT = re.compile(r"\((?:单位:)?(?:万元|元)\)$")

Words = frozenset[str]
Printable = SheetLayout | ListLayout
"""What is printed with a title and columns."""


def plain(text: str) -> str:
    """A printed label without spaces, line breaks, quotes, punctuation and unit."""
    return _NOISE.sub("", _UNIT.sub("", re.sub(r"\s", "", normalize(text))))


def without_ordinal(text: str) -> str:
    """A row's name without 一、（一）1、其中：, in plain form."""
    found = re.sub(r"\s", "", normalize(text))
    while (shorter := _ORDINAL.sub("", found)) != found:
        found = shorter
    return plain(found)


@dataclass(frozen=True, slots=True)
class Headers:
    """All words in plain form. ``titles`` by sheet, ``columns`` and ``rows`` by "sheet.key".

    ``optional`` are columns which a printed form may lack, ``units`` the words over the codes and
    names of units, ``misprints`` what stands for another word in published documents.
    """

    code: Words
    code_parts: tuple[str, ...]
    label: Words
    skipped: Words
    sides: Mapping[str, Words]
    titles: Mapping[str, Words]
    columns: Mapping[str, Words]
    rows: Mapping[str, Words]
    units: Words
    misprints: Mapping[str, str]
    optional: Mapping[str, tuple[str, ...]]

    def titles_of(self, sheet: Printable) -> Words:
        return self.titles.get(sheet.key, frozenset()) | {plain(sheet.title)}

    def names_of_column(self, sheet: Printable, column: Column) -> Words:
        return self.columns.get(f"{sheet.key}.{column.key}", frozenset()) | {plain(column.label)}

    def names_of_row(self, sheet: SheetLayout, row: Row) -> Words:
        return self.rows.get(f"{sheet.key}.{row.key}", frozenset()) | {without_ordinal(row.label)}

    def words_of(self, sheet: Printable) -> Words:
        """Everything that may stand in the header of a sheet."""
        own = (self.names_of_column(sheet, column) for column in sheet.columns)
        groups = frozenset(plain(column.group) for column in sheet.columns if column.group)
        ids = self.code | self.label | self.skipped | self.units | frozenset(self.code_parts)
        return frozenset().union(*own, *self.sides.values()) | groups | ids


def _words(texts: Iterable[str]) -> Words:
    return frozenset(plain(text) for text in texts)


def _table(raw: Mapping[str, Mapping[str, Iterable[str]]], name: str) -> dict[str, Words]:
    return {key: _words(texts) for key, texts in raw.get(name, {}).items()}


@cache
def headers_of(kind: str) -> Headers:
    """The words for a kind of layout; the general ones alone where it has no file."""
    general = read_toml(FOLDER / f"{GENERAL}.toml")
    known = {path.stem: path for path in FOLDER.glob("*.toml")}
    own = read_toml(known[kind]) if kind in known and kind != GENERAL else {}
    return Headers(
        code=_words(general["code"]),
        code_parts=tuple(general["code_parts"]),
        label=_words(general["label"]),
        skipped=_words(general["skipped"]),
        sides=_table(general, "sides"),
        titles=_table(own, "titles"),
        columns=_table(own, "columns"),
        rows=_table(own, "rows"),
        units=_words(general["units"]),
        misprints={plain(k): plain(v) for k, v in general["misprints"].items()},
        optional={key: tuple(names) for key, names in own.get("optional", {}).items()},
    )
