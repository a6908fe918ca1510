"""Used values and page styles, computed once for all boxes and pages that share them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint.css import StyleFor
from weasyprint.formatting_structure import boxes
from weasyprint.layout import page, percent

Style = Any
Box = Any

SIDES = ("top", "right", "bottom", "left")
BORDERS = tuple(f"border_{side}_width" for side in SIDES)
USED = (
    *(f"margin_{side}" for side in SIDES),
    *(f"padding_{side}" for side in SIDES),
    *(f"{bound}{size}" for bound in ("", "min_", "max_") for size in ("width", "height")),
)

_resolve_percentages = percent.resolve_percentages
_is_in_normal_flow = boxes.Box.is_in_normal_flow
_set_page_styles = page.set_page_type_computed_styles


def resolve_percentages(box: Box, containing_block: Any) -> None:
    """The used values of a style in a containing block of a size are the same for every box."""
    if isinstance(containing_block, boxes.Box):
        size = (containing_block.width, containing_block.height)
    else:
        size = tuple(containing_block)
    style = box.style
    known = style.__dict__.get("press_used")
    if known is None:
        known = style.press_used = {}
    used = known.get(size)
    if used is None:
        _resolve_percentages(box, containing_block)
        if style["box_sizing"] == "content-box" and not isinstance(box, boxes.PageBox):
            known[size] = {name: getattr(box, name) for name in USED}
            style.press_borders = [(name, style[name]) for name in BORDERS]
        return
    own = box.__dict__
    own.update(used)
    if style["border_collapse"] == "collapse":
        for name, width in style.press_borders:
            own.setdefault(name, width)  # a border that was resolved with its neighbours' stays
    else:
        own.update(style.press_borders)


def is_in_normal_flow(box: Box) -> bool:
    """Follows from the style alone."""
    style = box.style
    known: bool | None = style.__dict__.get("press_in_flow")
    if known is None:
        known = style.press_in_flow = _is_in_normal_flow(box)
    return known


def descendants(box: Box, placeholders: bool = False) -> Iterator[Box]:
    """The box and all below it in order, without a generator for each level."""
    waiting = [box]
    while waiting:
        each = waiting.pop()
        if isinstance(each, boxes.Box):
            yield each
            waiting.extend(reversed(each.children))
        elif placeholders:
            yield from each.descendants(placeholders)
        else:
            yield each


def set_page_styles(page_type: Any, html: Any, style_for: StyleFor) -> None:
    """Pages of one name and side share their styles, unless a rule counts pages."""
    computed = style_for.get_computed_styles()
    cascaded = style_for.get_cascaded_styles()
    kinds = style_for.__dict__.setdefault("press_pages", {})
    kind = (page_type.side, page_type.blank, page_type.index == 0, page_type.name)
    if kind in kinds:
        for pseudo, style in kinds[kind]:
            computed[page_type, pseudo] = style
        return
    cascaded.clear()  # of other pages: going through them for each page is quadratic
    _set_page_styles(page_type, html, style_for)
    if not _counts_pages(style_for):
        pseudos = [pseudo for element, pseudo in cascaded if element == page_type]
        kinds[kind] = [(p, computed[page_type, p]) for p in dict.fromkeys([None, *pseudos])]


def _counts_pages(style_for: StyleFor) -> bool:
    return any(
        selector.index is not None
        for sheet, _, _ in style_for._sheets
        for _, selectors, _ in sheet.page_rules
        for _, _, selector in selectors
    )


REPLACED = (
    (percent, "resolve_percentages", resolve_percentages, ""),
    (boxes.Box, "is_in_normal_flow", is_in_normal_flow, ""),
    (boxes.Box, "descendants", descendants, ""),
    (page, "set_page_type_computed_styles", set_page_styles, ""),
)
