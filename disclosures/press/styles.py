"""Styles and used values, computed once for all cells, boxes and pages that share them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint import document
from weasyprint.css import StyleFor
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure import boxes
from weasyprint.layout import background, page, percent
from weasyprint.layout import table as table_layout

from disclosures.press.source import Page

Style = Any
Box = Any

SHARP = {
    f"border_{corner}_radius": (0, 0)
    for corner in ("top_left", "top_right", "bottom_right", "bottom_left")
}
CELLS = frozenset({"td", "th", "col"})
NOTES = frozenset({"footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"})
GENERATED = frozenset({"before", "after", "first-letter", "first-line"})
CELL_ATTRIBUTES = frozenset({"class", "colspan", "rowspan", "scope"})
NO_SIDES: frozenset[str] = frozenset()
SIDES = ("top", "right", "bottom", "left")
BORDERS = tuple(f"border_{side}_width" for side in SIDES)
USED = (
    *(f"margin_{side}" for side in SIDES),
    *(f"padding_{side}" for side in SIDES),
    *(f"{bound}{size}" for bound in ("", "min_", "max_") for size in ("width", "height")),
)

_resolve_percentages = percent.resolve_percentages
_is_in_normal_flow = boxes.Box.is_in_normal_flow
_style_for = StyleFor.__init__
_set_computed_styles = StyleFor.set_computed_styles
_html_metadata = document.get_html_metadata
_layout_box_backgrounds = background.layout_box_backgrounds
_collapse_table_borders = table_layout.collapse_table_borders
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


def begin_box(box: Box, element_tag: str, style: Style, element: Any) -> None:
    """A box starts with all its sides, and so do most boxes end: they share one empty set."""
    box.element_tag = element_tag
    box.element = element
    box.style = style
    box.remove_decoration_sides = NO_SIDES
    box.children = []
    box.first_letter_style = None
    box.first_line_style = None


def reset_spacing(box: Box, side: str) -> None:
    """No margin, padding and border on a side where the box was broken."""
    box.remove_decoration_sides = box.remove_decoration_sides | {side}
    for name in (f"margin_{side}", f"padding_{side}", f"border_{side}_width"):
        setattr(box, name, 0)


def copy_with_children(box: Box, new_children: Any) -> Box:
    """The copy keeps the sides that were broken off, the box itself starts anew."""
    new_box = box.copy()
    new_box.children = new_children
    box.remove_decoration_sides = NO_SIDES
    return new_box


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


class CellsOnce:
    """A page of HTML whose cells are matched against the style sheets once for each kind: cells
    of one class below ancestors of the same classes look the same.

    A rule that counts cells (``td:first-child``) would break this; the comparison with the
    original in tests/disclosures/test_press.py would show it.
    """

    def __init__(self, html: Any, style_for: StyleFor) -> None:
        self.etree_element = html.etree_element
        self.base_url = html.base_url
        self.wrapper_element = self
        self.twins: list[tuple[Any, Any]] = []
        self._root = html.wrapper_element
        self._style_for = style_for
        self._computed: dict[tuple[Any, Any], Style] = {}
        self._kinds: dict[tuple[object, ...], int] = {}
        self._first: dict[tuple[object, ...], Any] = {}

    def iter_subtree(self) -> Iterator[Any]:
        """Every element in tree order, without the cells that are like one before: those get its
        style, which by then is computed."""
        self._computed = self._style_for.get_computed_styles()
        waiting = [(self._root, 0)]
        while waiting:
            wrapper, above = waiting.pop()
            element = wrapper.etree_element
            kind = self._kind(element, above)
            if wrapper.parent is None or not self._is_twin(element, kind, wrapper.parent):
                yield wrapper
            if not all(self._is_known_twin(child, kind, element) for child in element):
                children = [(child, kind) for child in wrapper.iter_children()]
                waiting += reversed(children)

    def _kind(self, element: Any, above: int) -> int:
        """A number for a tag and class below such ancestors."""
        key = (above, element.tag, element.get("class"))
        return self._kinds.setdefault(key, len(self._kinds) + 1)

    def _key(self, element: Any, kind: int, parent: Any) -> tuple[object, ...] | None:
        if element.tag in CELLS and CELL_ATTRIBUTES.issuperset(element.keys()):
            return kind, id(self._computed[parent, None])
        return None

    def _is_twin(self, element: Any, kind: int, parent: Any) -> bool:
        key = self._key(element, kind, parent.etree_element)
        if key is None or self._first.setdefault(key, element) is element:
            return False
        self._join(self._first[key], element)
        return True

    def _is_known_twin(self, element: Any, above: int, parent: Any) -> bool:
        """A cell without elements in it, whose like was met in a row before."""
        key = None if len(element) else self._key(element, self._kind(element, above), parent)
        first = self._first.get(key) if key else None
        if first is None:
            return False
        self._join(first, element)
        return True

    def _join(self, first: Any, element: Any) -> None:
        self._computed[element, None] = self._computed[first, None]
        self.twins.append((first, element))


def style_for(
    self: StyleFor, html: Any, sheets: Any, presentational_hints: Any, *others: Any
) -> None:
    """Styles for every element; with hints from attributes in the usual way."""
    if presentational_hints:
        _style_for(self, html, sheets, presentational_hints, *others)
        return
    cells = CellsOnce(html, self)
    _style_for(self, cells, sheets, presentational_hints, *others)
    computed = self.get_computed_styles()
    pseudos: dict[Any, list[tuple[Any, Style]]] = {}
    for (element, pseudo), style in computed.items():
        if pseudo in GENERATED and element.tag in CELLS:
            pseudos.setdefault(element, []).append((pseudo, style))
    for first, twin in cells.twins:
        for pseudo, style in pseudos.get(first, ()):
            computed[twin, pseudo] = style


def set_computed_styles(
    self: StyleFor, element: Any, parent: Any, root: Any = None, pseudo_type: str | None = None,
    base_url: str | None = None, target_collector: Any = None,
) -> None:  # fmt: skip
    """The built-in style sheet gives every element marks of notes and lists: six styles for each,
    asked for only where there is a note or a list item."""
    if pseudo_type == "marker" or pseudo_type in NOTES:
        style = self.get_computed_styles().get((element, None))
        if style is not None and not _has(style, pseudo_type):
            return
    _set_computed_styles(self, element, parent, root, pseudo_type, base_url, target_collector)


def _has(style: Style, pseudo: str) -> bool:
    known = style.__dict__.get("press_marks")
    if known is None:
        is_note = style["float"] == "footnote" or style["position"][0] == "note()"
        known = style.press_marks = (is_note, "list-item" in style["display"])
    found: bool = known[pseudo == "marker"]
    return found


def html_metadata(html: Any) -> dict[str, Any]:
    """A page of ours has no metadata of its own: whoever prints it says what they are."""
    return {} if isinstance(html, Page) else _html_metadata(html)


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


def layout_box_backgrounds(
    sheet: Box, box: Box, get_image: Any, layout_children: bool = True, style: Style = None
) -> None:
    """Most boxes have neither a background nor round corners, which follows from the style."""
    if style is not None or box is sheet or not _is_bare(box.style):
        _layout_box_backgrounds(sheet, box, get_image, layout_children, style)
        return
    box.__dict__.update(SHARP)
    box.background = None
    if layout_children:
        for child in box.all_children():
            layout_box_backgrounds(sheet, child, get_image)


def _is_bare(style: Style) -> bool:
    known: bool | None = style.__dict__.get("press_bare")
    if known is None:
        known = style.press_bare = (
            style["visibility"] != "hidden"
            and style["border_image_source"][0] == style["mask_border_source"][0] == "none"
            and all(value is None for _, value in style["background_image"])
            and not style["box_shadow"]
            and get_color(style, "background_color").alpha == 0
            and all((0, "px") in style[corner] for corner in SHARP)
        )
    return known


def collapse_table_borders(table: Box, width: int, height: int) -> tuple[Any, Any]:
    """The grid of borders holds each kind of border once, not one for every side of every cell."""
    known: dict[tuple[Any, ...], Any] = {}

    def same(border: Any) -> Any:
        score, (style, thick, color) = border
        return known.setdefault((score, style, thick, id(color)), border)

    vertical, horizontal = _collapse_table_borders(table, width, height)
    for row in (*vertical, *horizontal):
        row[:] = map(same, row)
    return vertical, horizontal


REPLACED = (
    (percent, "resolve_percentages", resolve_percentages, "71673078096fcf87"),
    (boxes.Box, "is_in_normal_flow", is_in_normal_flow, "5f49d6ab23da7e51"),
    (boxes.Box, "__init__", begin_box, "1b2ea2ec45b9fca4"),
    (boxes.ParentBox, "_reset_spacing", reset_spacing, "3967c7266e5237a9"),
    (boxes.ParentBox, "copy_with_children", copy_with_children, "6b906f6c9326ab5d"),
    (boxes.Box, "descendants", descendants, "c15a877f61361343"),
    (StyleFor, "__init__", style_for, "b1e725a7552502aa"),
    (StyleFor, "set_computed_styles", set_computed_styles, "b5b15856b8beff3f"),
    (document, "get_html_metadata", html_metadata, "bc30b27717b2a9f8"),
    (background, "layout_box_backgrounds", layout_box_backgrounds, "617a870678c82755"),
    (table_layout, "collapse_table_borders", collapse_table_borders, "db721de3fd90b0a4"),
    (page, "set_page_type_computed_styles", set_page_styles, "4e68b396b35c4a06"),
)
