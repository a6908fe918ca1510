"""PURE: two versions of a report → the later one with every change marked in text and tables.

What is compared is what is printed, block by block: a figure that changed shows both values at
its place. Sections, paragraphs and rows that are gone stay, struck out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TypeVar

from disclosures.report.blocks import Block, Cell, Chart, Paragraph, Report, Section, Table
from disclosures.report.marks import DELETED, INSERTED, is_marked, marked, unmarked
from disclosures.report.spans import placed_cells

SHORTEST_KEPT = 3  # characters; fewer between two changes read better as one change
LONGEST_COMPARED = 4_000  # characters; the time grows with the square of a text
CHART_CHANGED = "图中数据有变动。"
_TOKEN = re.compile(r"-?\d[\d,]*(?:\.\d+)?%?|[A-Za-z]+|.", re.DOTALL)

T = TypeVar("T")
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Redline:
    """The marked report, and how many paragraphs, table cells and charts are marked in it."""

    report: Report
    paragraphs: int
    cells: int
    charts: int

    @property
    def is_empty(self) -> bool:
        return not (self.paragraphs or self.cells or self.charts)


def redline(before: Report, after: Report) -> Redline:
    """The later report with its changes marked."""
    report = replace(after, sections=_sections(before.sections, after.sections))
    blocks = list(_blocks_of(report.sections))
    return Redline(
        report=report,
        paragraphs=sum(isinstance(b, Paragraph) and is_marked(b.text) for b in blocks),
        cells=sum(
            is_marked(cell.text)
            for block in blocks
            if isinstance(block, Table)
            for row in block.body
            for cell in row
        ),
        charts=sum(isinstance(b, Chart) and is_marked(b.note) for b in blocks),
    )


def _blocks_of(sections: Sequence[Section]) -> Iterator[Block]:
    for section in sections:
        yield from section.blocks
        yield from _blocks_of(section.sections)


# ── what belongs to what ───────────────────────────────────────────────────────────────────────


def _aligned(
    before: Sequence[T],
    after: Sequence[T],
    identity: Callable[[T], object],
    may_pair: Callable[[T, T], bool],
) -> Iterator[tuple[T | None, T | None]]:
    """Old beside new in the order of reading: equal identities meet, and between them those
    that may be versions of each other."""
    old, new = [identity(item) for item in before], [identity(item) for item in after]
    for _, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for left, right in zip_longest(before[i1:i2], after[j1:j2]):
            if left is None or right is None or may_pair(left, right):
                yield left, right
            else:
                yield left, None
                yield None, right


def _sections(before: Sequence[Section], after: Sequence[Section]) -> tuple[Section, ...]:
    pairs = _aligned(before, after, lambda s: s.key, lambda old, new: old.key == new.key)
    return tuple(_section(*_both(old, new, _emptied)) for old, new in pairs)


def _both(old: T | None, new: T | None, emptied: Callable[[T], T]) -> tuple[T, T]:
    """Where one side is missing, an empty one of the same kind stands for it."""
    if new is not None:
        return (emptied(new) if old is None else old), new
    assert old is not None  # one of a pair is always there
    return old, emptied(old)


def _emptied(section: Section) -> Section:
    return replace(section, title="", blocks=(), sections=())


def _section(old: Section, new: Section) -> Section:
    return replace(
        new,
        title=marked_text(old.title, new.title),
        blocks=_blocks(old.blocks, new.blocks),
        sections=_sections(old.sections, new.sections),
    )


def _blocks(before: Sequence[Block], after: Sequence[Block]) -> tuple[Block, ...]:
    pairs = _aligned(before, after, _identity, lambda old, new: old.block == new.block)
    return tuple(_block(old, new) for old, new in pairs)


def _identity(block: Block) -> tuple[str, ...]:
    """A paragraph is known by what it explains, or by its words without the figures."""
    if not isinstance(block, Paragraph):
        return (block.block, block.key)
    words = "".join(span for span in block.spans if isinstance(span, str))
    return ("paragraph", block.subject or words)


def _block(old: Block | None, new: Block | None) -> Block:
    pair: tuple[Block, Block] = _both(old, new, _hollow)
    match pair:
        case Paragraph() as before, Paragraph() as after:
            return _paragraph(before, after)
        case Table() as before, Table() as after:
            return _table(before, after)
        case Chart() as before, Chart() as after:
            return _chart(before, after)
    raise TypeError("blocks of two kinds are never a pair")


def _hollow(block: Block) -> Block:
    match block:
        case Paragraph():
            return replace(block, spans=())
        case Table():
            return replace(block, body=(), notes=())
        case Chart():
            return replace(block, points=())


# ── text ───────────────────────────────────────────────────────────────────────────────────────


def _paragraph(old: Paragraph, new: Paragraph) -> Paragraph:
    text = marked_text(old.text, new.text)
    return replace(new, spans=(text,)) if is_marked(text) else new


def marked_text(before: str, after: str) -> str:
    """The later text with its changes marked; a figure is marked as a whole."""
    old, new = unmarked(before), unmarked(after)
    if old == new:
        return new
    if max(len(old), len(new)) > LONGEST_COMPARED:
        return _replaced(old, new)
    runs = _runs(_TOKEN.findall(old), _TOKEN.findall(new))
    return "".join(now if was == now else _replaced(was, now) for was, now in runs)


def _replaced(before: str, after: str) -> str:
    return marked(DELETED, before) + marked(INSERTED, after)


def _runs(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """Stretches with what stood there and what stands there now, changed and kept in turn; what
    was kept too shortly joins the changes around it."""
    runs: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        was, now = "".join(before[i1:i2]), "".join(after[j1:j2])
        changing = bool(runs) and runs[-1][0] != runs[-1][1]
        is_last = i2 == len(before) and j2 == len(after)
        if changing and (tag != "equal" or (len(now) < SHORTEST_KEPT and not is_last)):
            runs[-1] = (runs[-1][0] + was, runs[-1][1] + now)
        else:
            runs.append((was, now))
    return runs


# ── tables ─────────────────────────────────────────────────────────────────────────────────────


def _table(old: Table, new: Table) -> Table:
    """Rows beside each other; labels that span rows are repeated where rows came or went."""
    pairs = list(_row_pairs(old.body, new.body))
    if any(left is None or right is None for left, right in pairs):
        pairs = list(_row_pairs(unspanned(old), unspanned(new)))
    return replace(
        new,
        title=marked_text(old.title, new.title) if old.body else new.title,
        body=tuple(_row(*_both(left, right, _blank)) for left, right in pairs),
        notes=tuple(
            marked_text(left or "", right or "")
            for left, right in zip_longest(old.notes, new.notes)
        ),
    )


def _row_pairs(
    before: Sequence[Row], after: Sequence[Row]
) -> Iterator[tuple[Row | None, Row | None]]:
    def shape(row: Row) -> tuple[tuple[int, int], ...]:
        return tuple((cell.colspan, cell.rowspan) for cell in row)

    return _aligned(
        before,
        after,
        lambda row: (*shape(row), *(cell.address or cell.text for cell in row)),
        lambda left, right: shape(left) == shape(right) and _is_alike(left, right),
    )


def _is_alike(left: Row, right: Row) -> bool:
    """Rows of different cells are different rows; without addresses one label has to agree."""
    old, new = ({cell.address for cell in row if cell.address} for row in (left, right))
    if old or new:
        return bool(old & new)
    return any(a.text == b.text for a, b in zip(left, right, strict=True))


def _blank(row: Row) -> Row:
    return tuple(replace(cell, text="") for cell in row)


def _row(old: Row, new: Row) -> Row:
    return tuple(
        replace(cell, text=marked_text(before.text, cell.text))
        for before, cell in zip(old, new, strict=True)
    )


def unspanned(table: Table) -> tuple[Row, ...]:
    """The body with every label that spans rows repeated in each of them."""
    rows: list[list[tuple[int, Cell]]] = [[] for _ in table.body]
    for row, column, cell in placed_cells(table):
        for below in range(row, row + cell.rowspan):
            rows[below].append((column, replace(cell, rowspan=1)))
    return tuple(tuple(cell for _, cell in sorted(row, key=lambda p: p[0])) for row in rows)


# ── charts ─────────────────────────────────────────────────────────────────────────────────────


def _chart(old: Chart, new: Chart) -> Chart:
    """The later chart; its note says that its figures changed."""
    same = [(p.label, p.figure.text) for p in old.points] == [
        (p.label, p.figure.text) for p in new.points
    ]
    return new if same else replace(new, note=new.note + marked(INSERTED, CHART_CHANGED))
