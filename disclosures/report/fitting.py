"""PURE: how closely a table is set: no page shows only its last rows, no amount is broken, heads
break evenly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from math import ceil

from disclosures.report.blocks import HeaderCell, Table
from disclosures.report.spans import Spanning, placed, placed_cells, placed_heads
from rulebook.amounts import HUNDRED, ZERO, half_up


@dataclass(frozen=True, slots=True)
class Setting:
    """Sizes of report.css in points: type, line, padding and border around a cell's lines."""

    name: str
    size: Decimal
    line: Decimal
    around: Decimal
    beside: Decimal


USUAL = Setting("", Decimal("10.5"), Decimal(15), Decimal("4.5"), Decimal(7))
NEAR = Setting("near", Decimal("9.25"), Decimal(13), Decimal("3.5"), Decimal(6))
CLOSE = Setting("close", Decimal("8.25"), Decimal(11), Decimal("2.5"), Decimal(5))
FORM = Setting("", Decimal("8.5"), Decimal("10.6"), Decimal("2.5"), Decimal("4.5"))
STYLES = {
    "statutory": Setting("", Decimal("10.5"), Decimal(15), Decimal("4.5"), Decimal("9.5")),
    "list": Setting("", Decimal(8), Decimal("10.5"), Decimal("2.5"), Decimal("5.5")),
    "fine": Setting("", Decimal("6.5"), Decimal("8.5"), Decimal("2.5"), Decimal(4)),
}
"""Styles of a table with widths made to fit, the largest type first, with their sizes."""
SETTINGS = {
    "statutory": (USUAL, NEAR, CLOSE),
    "list": (
        STYLES["list"],
        Setting("near", Decimal("7.5"), Decimal(9), Decimal(2), Decimal("5.5")),
    ),
    "fine": (STYLES["fine"],),
    "form": (
        FORM,
        replace(FORM, name="near", line=Decimal(10), around=Decimal("1.5")),
        Setting("close", Decimal(8), Decimal(9), Decimal("1.5"), Decimal("4.5")),
    ),
}
"""Settings of tables whose last rows would stand alone on a page, the usual one first."""
# Width of the type area and its height below a heading and the lines above a table, in points.
ROOM = {"portrait": (Decimal(442), Decimal(555)), "landscape": (Decimal(637), Decimal(370))}
SURE = Decimal("0.95")  # of the room: the height is reckoned from characters, not measured
ROOM_LATER = {"portrait": Decimal(600), "landscape": Decimal(405)}  # below a repeated header
FORM_HEADS = Decimal(65)  # a form may begin below the title of a part, and repeats heads within
MOST_PAGES = 2  # a longer table is read line by line: its type stays large
PAIR = 2  # words of two characters: a head is broken between them where it can be
NARROWEST = Decimal(2)  # characters in a line
FEW_LINES = 4  # in which a row is still read easily
HEAD_LINES = 3
BESIDE_HEAD = Decimal("4.5")
CHINESE = re.compile("[\u4e00-\u9fff]+")
SHORT_CODE = re.compile(r"(?<![A-Z\d])\[?[A-Z\d]{2,12}\]?(?![A-Z\d])", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Need:
    """What one column needs, in characters: its longest figure or code, which may not break, and
    its longest text, which may."""

    unbroken: Decimal
    longest: Decimal

    def width(self, lines: int) -> Decimal:
        """So wide that every cell fits in the lines; one more character, for lines break early."""
        spare = 1 if lines > 1 else 0
        return max(self.unbroken, NARROWEST, self.longest / lines + spare)


def fitted(table: Table, *, alike: int = 0, lines: int = FEW_LINES) -> Table:
    """The table with columns as wide as its cells need, the last ``alike`` ones as each other.

    It is set in the largest type in which a row has few lines, in the usual type no more than
    ``lines``.
    """
    needs = _as_one(_needs(table), alike)
    width, _ = ROOM[table.orientation]
    tried = {style: _fewest_lines(needs, setting, width) for style, setting in STYLES.items()}
    allowed = dict.fromkeys(STYLES, FEW_LINES) | {next(iter(STYLES)): lines}
    good = (style for style, needed in tried.items() if 0 < needed <= allowed[style])
    style = next(good, list(STYLES)[-1])
    sizes = _spread(needs, tried[style], STYLES[style], width)
    return replace(table, style=style, widths=as_shares(sizes))


def _as_one(needs: list[_Need], alike: int) -> list[_Need]:
    last = needs[len(needs) - alike :]
    if not last:
        return needs
    widest = _Need(max(n.unbroken for n in last), max(n.longest for n in last))
    return [*needs[: len(needs) - alike], *[widest] * alike]


def _fewest_lines(needs: list[_Need], setting: Setting, width: Decimal) -> int:
    """The fewest lines of a row in which the columns fit beside each other; 0 where even their
    figures are wider than the page."""
    most = int(max(need.longest for need in needs)) + 2
    fitting = (n for n in range(1, most) if sum(_sizes(needs, n, setting)) <= width)
    return next(fitting, 0)


def _spread(needs: list[_Need], lines: int, setting: Setting, width: Decimal) -> list[Decimal]:
    """Widths in points for so many lines; room to spare goes to the columns it would help."""
    sizes = _sizes(needs, lines or 1, setting)
    if lines < 2:
        return sizes
    wider = _sizes(needs, lines - 1, setting)
    part = (width - sum(sizes)) / (sum(wider) - sum(sizes))
    return [size + (wide - size) * part for size, wide in zip(sizes, wider, strict=True)]


def _sizes(needs: list[_Need], lines: int, setting: Setting) -> list[Decimal]:
    return [need.width(lines) * setting.size + setting.beside for need in needs]


def _needs(table: Table) -> list[_Need]:
    """Column by column; a cell over several columns takes what there is. The head of a column
    may take more lines than its cells."""
    unbroken, longest = ([ZERO] * len(table.widths) for _ in range(2))
    for _, column, head in placed_heads(table):
        if head.colspan == 1:
            broken = (text_width(head.text) / HEAD_LINES).to_integral_value(ROUND_CEILING)
            unbroken[column] = max(unbroken[column], broken)
    for _, column, cell in placed_cells(table):
        if cell.colspan == 1:
            kept = cell.text if cell.align == "right" else _code_in(cell.text)
            unbroken[column] = max(unbroken[column], text_width(kept))
            longest[column] = max(longest[column], text_width(cell.text))
    return [_Need(*each) for each in zip(unbroken, longest, strict=True)]


def _code_in(text: str) -> str:
    """A short code, which is read as a word; a long one may be broken."""
    return max(SHORT_CODE.findall(text), key=len, default="")


def as_shares(widths: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Relative widths as per cent that add to a hundred; the widest takes what rounding left."""
    whole = sum(widths, ZERO)
    scaled = [half_up(width * HUNDRED / whole, 1) for width in widths]
    scaled[scaled.index(max(scaled))] += HUNDRED - sum(scaled, ZERO)
    return tuple(scaled)


def setting_of(table: Table) -> Setting:
    """Closer where that saves a short table its last page, in the largest type that does; usual
    everywhere else."""
    settings = SETTINGS.get(table.style, (USUAL,))
    usual = pages = _pages(table, settings[0])
    best = settings[0]
    for setting in settings[1:]:
        fewer = _pages(table, setting)
        if fewer < pages:
            best, pages = setting, fewer
    is_large = pages <= MOST_PAGES or table.style == "form"
    return best if pages < usual and is_large else settings[0]


def likely_on_one_page(table: Table) -> bool:
    """Whether there is room to spare; notes and lines above the table are counted as rows."""
    setting = setting_of(table)
    width, room = ROOM[table.orientation]
    lines = [Decimal(1)] * len(table.body)
    for row, column, cell in placed_cells(table):
        across = _room(table, column, cell.colspan, setting, width)
        lines[row] = max(lines[row], Decimal(_lines(cell.text, setting, across)) / cell.rowspan)
    more = [_lines(text, setting, width) for text in (*table.notes, *table.head_lines)]
    rows = len(lines) + len(more) + len(table.header)
    height = (sum(lines) + sum(more) + len(table.header)) * setting.line + rows * setting.around
    return height <= room * SURE


def _pages(table: Table, setting: Setting) -> int:
    width, room = ROOM[table.orientation]
    above = FORM_HEADS if table.style == "form" else ZERO
    more = _height(table, setting, width) - room + above
    return 1 + max(0, ceil(more / (ROOM_LATER[table.orientation] - above)))


def _height(table: Table, setting: Setting, width: Decimal) -> Decimal:
    lines = [
        *_row_lines(table.header, table, setting, width),
        *_row_lines(table.body, table, setting, width),
    ]
    notes = sum(_lines(note, setting, width) for note in table.notes)
    return (sum(lines) + notes) * setting.line + len(lines) * setting.around


def _row_lines(
    rows: Sequence[Sequence[Spanning]], table: Table, setting: Setting, width: Decimal
) -> list[int]:
    """Lines of each row; a cell that spans rows is not what makes one high."""
    lines = [1] * len(rows)
    for row, column, cell in placed(rows, len(table.widths)):
        if cell.rowspan == 1:
            room = _room(table, column, cell.colspan, setting, width)
            lines[row] = max(lines[row], _lines(cell.text, setting, room))
    return lines


def _room(table: Table, column: int, columns: int, setting: Setting, width: Decimal) -> Decimal:
    """Points across in which a cell's text is set."""
    share = sum(table.widths[column : column + columns], ZERO)
    return max(share * width / HUNDRED - setting.beside, setting.size)


def _lines(text: str, setting: Setting, room: Decimal) -> int:
    needed = (text_width(part) * setting.size / room for part in text.split("\n"))
    return sum(max(1, int(part.to_integral_value(ROUND_CEILING))) for part in needed)


def even_heads(table: Table, setting: Setting) -> tuple[tuple[HeaderCell, ...], ...]:
    """The header with its long texts broken evenly: 科目／编码, not 科目编／码."""
    setting = replace(setting, beside=BESIDE_HEAD)
    width, _ = ROOM[table.orientation]
    rows: list[list[HeaderCell]] = [[] for _ in table.header]
    for row, column, cell in placed_heads(table):
        room = _room(table, column, cell.colspan, setting, width)
        rows[row].append(replace(cell, text=evenly(cell.text, int(room / setting.size))))
    return tuple(map(tuple, rows))


def evenly(text: str, most: int) -> str:
    """A text of Chinese characters that needs several lines of so many, in lines about as long."""
    if len(text) <= most or most < PAIR or not CHINESE.fullmatch(text):
        return text
    needed = ceil(len(text) / most)
    even = ceil(len(text) / needed)
    step = min(most, even + even % PAIR)
    return "\n".join(text[at : at + step] for at in range(0, len(text), step))


def text_width(text: str) -> Decimal:
    """In characters: Latin letters and digits are half as wide as Chinese characters."""
    latin = len(text.encode("ascii", "ignore"))
    return Decimal(2 * len(text) - latin) / 2
