"""Cells that hold one text, laid out line by line without the general machinery of blocks.

Nearly every cell of a report is empty or such a cell: no floats, no notes, nothing inline, room
enough on the page. Every other goes the usual way.
"""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import block, inline
from weasyprint.text import line_break

from disclosures.press.styles import resolve_percentages

Box = Any
Result = tuple[Any, ...]

_block_container_layout = block.block_container_layout
_split_first_line = line_break.split_first_line

# What the style of a cell has to be for the cell to be plain.
PLAIN = {
    "position": "static",
    "overflow": "visible",
    "box_sizing": "content-box",
    "box_decoration_break": "slice",
    "continue": "auto",
    "max_lines": "none",
    "direction": "ltr",
}


def block_container_layout(
    context: Any,
    box: Box,
    bottom_space: float,
    skip_stack: Any,
    page_is_empty: bool,
    *others: Any,
    **named: Any,
) -> Result:
    """A plain cell that fits on the page here, everything else in the usual way."""
    if type(box) is boxes.TableCellBox and skip_stack is None and _is_plain(box):
        lines = _lines(context, box, bottom_space) if box.children else []
        if lines is not None:
            return _filled(box, lines)
    found: Result = _block_container_layout(
        context, box, bottom_space, skip_stack, page_is_empty, *others, **named
    )
    return found


def _is_plain(cell: Box) -> bool:
    if cell.first_letter_style is not None or cell.first_line_style is not None:
        return False
    if cell.children:
        line = cell.children[0]
        if len(cell.children) > 1 or type(line) is not boxes.LineBox or len(line.children) != 1:
            return False
        text = line.children[0]
        if type(text) is not boxes.TextBox or not _is_plain_text(text.style):
            return False
    style = cell.style
    known: bool | None = style.__dict__.get("press_plain")
    if known is None:
        known = style.press_plain = all(style[name] == value for name, value in PLAIN.items())
    return known


def _is_plain_text(style: Any) -> bool:
    """On the baseline of a line that is neither indented nor stretched."""
    known: bool | None = style.__dict__.get("press_plain")
    if known is None:
        known = style.press_plain = (
            style["vertical_align"] == "baseline"
            and style["text_align_all"] != "justify"
            and getattr(style["text_indent"], "value", None) == 0
        )
    return known


def _lines(context: Any, cell: Box, bottom_space: float) -> list[Box] | None:
    """The lines of the cell's text, None where they would not all fit on this page."""
    (line,) = cell.children
    (text,) = line.children
    resolve_percentages(line, cell)
    resolve_percentages(text, cell)
    y = cell.content_box_y()
    below = cell.border_bottom_width + cell.padding_bottom
    lines: list[Box] = []
    after = None
    while True:
        at = inline.skip_first_whitespace(line, after)
        if at == "continue":
            return None
        new, after = _next_line(context, cell, line, text, y, next(iter(at[0])) if at else 0)
        if new is None or context.overflows_page(bottom_space, y + new.height + below):
            return None
        lines.append(new)
        y += new.height
        if after is None:
            return lines


def _next_line(
    context: Any, cell: Box, line: Box, text: Box, y: float, skip: int
) -> tuple[Box | None, Any]:
    """The line that begins after so many bytes of the text, and where the next one begins."""
    x = cell.content_box_x()
    line.position_x = text.position_x = x
    line.position_y = text.position_y = y
    room = (x + cell.width) * (1 + 1e-9) - x
    part, rest, preserved = inline.split_text_box(context, text, room, skip, is_line_start=True)
    if part is None:
        return None, None
    new = line.copy_with_children([part])
    new.width = part.position_x + part.margin_width() - new.content_box_x()
    inline._adjust_line_height(new)
    inline.remove_last_whitespace(context, new)
    is_last = rest is None or preserved
    aside = inline.text_align(context, new, cell.width, last=is_last)
    bottom, top = inline.line_box_verticality(new)
    new.baseline, new.position_y, new.height = -top, top, bottom - top
    new.margin_top = new.margin_bottom = 0
    new.translate(aside, y - top)
    new.position_y = y
    new.resume_at = None if rest is None else {0: {rest: None}}
    return new, new.resume_at


def _filled(cell: Box, lines: list[Box]) -> Result:
    top = cell.content_box_y()
    new = cell.copy_with_children(lines)
    height = max(0, lines[-1].position_y + lines[-1].height - top) if lines else 0
    new.height = max(min(height, new.max_height), new.min_height)
    return new, None, {"break": "any", "page": None}, [], False, None


def split_first_line(
    text: str,
    style: Any,
    context: Any,
    max_width: float | None,
    justification_spacing: float,
    is_line_start: bool = True,
    minimum: bool = False,
) -> Result:
    """A text that stands in one line is measured once for every room it fits into: an amount is
    printed in its own cell, in totals, in other tables."""
    if justification_spacing or minimum or not is_line_start:
        return _split(
            text, style, context, max_width, justification_spacing, is_line_start, minimum
        )
    known: dict[str, Result] = style.__dict__.setdefault("press_lines", {})
    found = known.get(text)
    if found is None or (max_width is not None and found[3] > max_width):
        found = _split(text, style, context, max_width, 0, is_line_start, minimum)
        if found[2] is None:
            known[text] = found
    return found


def _split(*given: Any) -> Result:
    found: Result = _split_first_line(*given)
    return found


REPLACED = (
    (block, "block_container_layout", block_container_layout, "65842ca53a8391eb"),
    (line_break, "split_first_line", split_first_line, "39ad1016863ca34d"),
)
