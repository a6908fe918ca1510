"""PDF objects to bytes, each once; the borders of a table as few long lines."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from hashlib import md5
from math import ceil, log
from typing import Any, BinaryIO

import pydyf
import weasyprint.draw

Table = Any
Color = Any

_to_bytes = pydyf._to_bytes
_write = pydyf.PDF.write
_page_references = pydyf.PDF.page_references
_draw_collapsed_borders = weasyprint.draw.draw_collapsed_borders


# What an object begins with stands in its class: a tagged file has tens of thousands of objects,
# and most of them change nothing of it.
for _name, _value in (("number", None), ("offset", 0), ("generation", 0), ("free", "n")):
    setattr(pydyf.Object, _name, _value)


def begin_object(item: pydyf.Object) -> None:
    """Nothing of its own to begin with."""


def to_bytes(item: object) -> bytes:
    """An item of a PDF object; most are bytes, strings and whole numbers."""
    if type(item) is bytes:
        return item
    if type(item) is str:
        return item.encode("ascii")
    if type(item) is int:
        return b"%d" % item
    if isinstance(item, pydyf.Object):
        data: bytes = item.data
        return data
    found: bytes = _to_bytes(item)
    return found


def dictionary_data(dictionary: pydyf.Dictionary) -> bytes:
    """Nearly every object of a tagged file; their keys are few."""
    return b"<<" + b"".join([_key(k) + to_bytes(v) for k, v in dictionary.items()]) + b">>"


@lru_cache(maxsize=1024)
def _key(name: str) -> bytes:
    return b"/" + to_bytes(name) + b" "


def array_data(array: pydyf.Array) -> bytes:
    return b"[" + b" ".join([to_bytes(child) for child in array]) + b"]"


def page_references(pdf: pydyf.PDF) -> tuple[bytes, ...]:
    """Asked for by every element of the structure tree: made anew each time, its cost would grow
    with pages times cells."""
    known: tuple[bytes, ...] = pdf.__dict__.get("press_pages", ())
    if len(known) != pdf.pages["Count"]:
        known = pdf.press_pages = _page_references.fget(pdf)
    return known


def write(
    pdf: pydyf.PDF,
    output: BinaryIO,
    version: bytes = b"1.7",
    identifier: bytes | bool = False,
    compress: bool = False,
) -> None:
    """The file whose identifier holds a hash of all its objects: each is serialised once for the
    hash and the file, where the original does it twice."""
    if not compress or not identifier or to_bytes(version or b"1.7") < b"1.5":
        _write(pdf, output, version, identifier, compress)
        return
    if pdf.info:
        pdf.add_object(pdf.info)
    pdf.write_line(b"%PDF-" + to_bytes(version or b"1.7"), output)
    pdf.write_line(b"%\xf0\x9f\x96\xa4", output)
    digest = md5(usedforsecurity=False)
    held: list[tuple[int, bytes]] = []
    for each in pdf.objects:
        if each.free == "f":
            continue
        data = each.data
        _let_go(each)
        digest.update(data)
        if each.compressible:
            held.append((each.number, data))
        else:
            each.offset = pdf.current_position
            _write_object(pdf, each, data, output)
    container = _object_stream(held)
    container.offset = pdf.current_position
    pdf.add_object(container)
    content = container.data
    _write_object(pdf, container, content, output)
    digest.update(content)
    _write_references(pdf, output, container, len(held), identifier, digest.hexdigest())


def _let_go(each: Any) -> None:
    """What an element of the structure tree held, once it is bytes: there are tens of thousands,
    and none stands inside another object, as a dictionary of a page's resources may."""
    if isinstance(each, pydyf.Dictionary) and each.get("Type") == "/StructElem":
        each.clear()


def _write_object(pdf: pydyf.PDF, each: Any, data: bytes, output: BinaryIO) -> None:
    pdf.write_line(b"%d %d obj\n%b\nendobj" % (each.number, each.generation, data), output)


def _object_stream(held: list[tuple[int, bytes]]) -> pydyf.Stream:
    """Number and place of every object, then the objects."""
    index: list[int] = []
    place = 0
    for number, data in held:
        index += (number, place)
        place += len(data) + 1
    first = " ".join(map(str, index))
    extra = {"Type": "/ObjStm", "N": len(held), "First": len(first) + 1}
    return pydyf.Stream([first, *(data for _, data in held)], extra, True)


def _write_references(
    pdf: pydyf.PDF,
    output: BinaryIO,
    container: pydyf.Stream,
    held: int,
    identifier: bytes | bool,
    digest: str,
) -> None:
    """The cross-reference stream and the end of the file."""
    rows: list[tuple[int, int, int]] = []
    inside = 0
    for each in pdf.objects:
        if each.compressible:
            rows.append((2, container.number, inside))
            inside += 1
        else:
            rows.append((int(bool(each.number)), each.offset, each.generation))
    rows.append((1, pdf.current_position, 0))
    most = max(max(each.generation for each in pdf.objects), held)
    widths = (1, ceil(log(pdf.current_position + 1, 256)), ceil(log(most + 1, 256)))
    table = b"".join(
        value.to_bytes(width, "big")
        for row in rows
        for width, value in zip(widths, row, strict=True)
    )
    extra = {
        "Type": "/XRef",
        "Index": pydyf.Array((0, len(pdf.objects) + 1)),
        "W": pydyf.Array(widths),
        "Size": len(pdf.objects) + 1,
        "Root": pdf.catalog.reference,
    }
    if pdf.info:
        extra["Info"] = pdf.info.reference
    own = digest if identifier is True else to_bytes(identifier)
    extra["ID"] = pydyf.Array((pydyf.String(own).data, pydyf.String(digest.encode()).data))
    references = pydyf.Stream([table], extra, True)
    pdf.xref_position = references.offset = pdf.current_position
    pdf.add_object(references)
    _write_object(pdf, references, references.data, output)
    pdf.write_line(b"startxref", output)
    pdf.write_line(b"%d" % pdf.xref_position, output)
    pdf.write_line(b"%%EOF", output)


class NotPlain(Exception):
    """A border that is more than a line."""


class Ruling:
    """Takes the place of the page while a table draws its borders: neighbours in one colour and
    width become one line, and nothing is written before all are known to be plain."""

    def __init__(self) -> None:
        self._color: Color = None
        self._width = 0.0
        self._from = (0.0, 0.0)
        self._open: dict[tuple[object, ...], list[float]] = {}
        self.lines: dict[tuple[Color, float], list[list[float]]] = {}

    def artifact(self) -> AbstractContextManager[None]:
        return nullcontext()

    stacked = artifact

    def set_color(self, color: Color, stroke: bool) -> None:
        self._color = color

    def set_line_width(self, width: float) -> None:
        self._width = width

    def move_to(self, x: float, y: float) -> None:
        self._from = (x, y)

    def line_to(self, x: float, y: float) -> None:
        """Longer by this, where the line before ends in or touches it."""
        (x0, y0), pen = self._from, (self._color, self._width)
        lane = (pen, "x", x) if x == x0 else (pen, "y", y)
        before = self._open.get(lane)
        if before is not None and (before[2] >= x0 if y == y0 else before[3] >= y0):
            before[2:] = [x, y]
            return
        self._open[lane] = [x0, y0, x, y]
        self.lines.setdefault(pen, []).append(self._open[lane])

    def stroke(self) -> None:
        """Lines are stroked together at the end."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        raise NotPlain(name)


def draw_collapsed_borders(stream: Any, table: Table) -> None:
    """One artifact for the grid of a table, not one for each side of each cell."""
    ruling = Ruling()
    try:
        _draw_collapsed_borders(ruling, table)
    except NotPlain:
        _draw_collapsed_borders(stream, table)
        return
    with stream.artifact(), stream.stacked():
        for (color, width), lines in ruling.lines.items():
            stream.set_color(color, stroke=True)
            stream.set_line_width(width)
            for x1, y1, x2, y2 in lines:
                stream.move_to(x1, y1)
                stream.line_to(x2, y2)
            stream.stroke()


REPLACED = (
    (pydyf.Object, "__init__", begin_object, "fd7ede4458c465a2"),
    (pydyf, "_to_bytes", to_bytes, "1cefd02c285d3aee"),
    (pydyf.Dictionary, "data", property(dictionary_data), "1a6ebf2b6bc6adcb"),
    (pydyf.Array, "data", property(array_data), "136a84494ae7c8cc"),
    (pydyf.PDF, "page_references", property(page_references), "060bf90aad55931b"),
    (pydyf.PDF, "write", write, "242cd38f92ecd33f"),
    (weasyprint.draw, "draw_collapsed_borders", draw_collapsed_borders, "120b162d2a4f9066"),
)
