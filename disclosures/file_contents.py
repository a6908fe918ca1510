"""What a tagged PDF says, read through its structure as a screen reader does.

The tags lead to the text of every heading, paragraph, table cell and chart; running heads and
folios are not among them. Reads files of strangers: whatever is wrong with one is FileUnreadable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from io import BytesIO
from typing import Any

import pikepdf

MOST_BYTES = 200 * 1024 * 1024
DEEPEST = 100
_BLOCKS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_SHOWN = "Tj TJ ' \" Tf BDC BMC EMC Do q Q"
UNKNOWN = "\ufffd"

Marks = Mapping[tuple[int, int], str]
"""The text of each marked piece, by page and number."""


class FileUnreadable(ValueError):
    """Not a PDF, or one whose parts cannot be read; ``str`` says so in Chinese."""


@dataclass(frozen=True)
class Element:
    """An element of the structure: its tag without the slash, own text, first page (from 0)."""

    tag: str
    page: int
    own: str
    children: tuple[Element, ...]
    alternative: str = ""
    id: bytes = b""
    scope: str = ""
    headers: tuple[bytes, ...] = ()
    colspan: int = 1
    rowspan: int = 1

    @cached_property
    def text(self) -> str:
        """All text below it, without white space."""
        return "".join(self.own.split()) + "".join(child.text for child in self.children)

    def every(self, *tags: str) -> Iterator[Element]:
        """Itself and what is below it with one of these tags, in reading order."""
        if self.tag in tags:
            yield self
        for child in self.children:
            yield from child.every(*tags)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the PDF."""

    name: str
    content: bytes
    relationship: str
    description: str


@dataclass(frozen=True, slots=True)
class FileContents:
    """``identifier`` is what the file was made from, as the file itself says; ``associated`` is
    how often the catalogue lists a file as associated with the document; ``strays`` is the
    number of pages with text that no mark covers, ``missing`` of glyphs that print an empty box
    or are told as no character."""

    pages: int
    title: str
    author: str
    identifier: str
    dated: date | None
    attachments: tuple[Attached, ...]
    associated: int
    structure: Element
    strays: int
    missing: int

    def attached(self) -> dict[str, bytes]:
        """The attachments by name."""
        return {file.name: file.content for file in self.attachments}


def read_contents(content: bytes) -> FileContents:
    """What a PDF says. Raises FileUnreadable."""
    with opened(content) as pdf:
        try:
            return _contents(pdf)
        except _UNREADABLE as error:
            raise FileUnreadable("文件已损坏，读不出里面的内容。") from error


def attachments_of(content: bytes) -> dict[str, bytes]:
    """Only the attachments, by name. Raises FileUnreadable."""
    with opened(content) as pdf:
        try:
            return {file.name: file.content for file in _attachments(pdf)}
        except _UNREADABLE as error:
            raise FileUnreadable("文件已损坏，取不出附件。") from error


# What a broken or hostile file makes the library raise.
_UNREADABLE = (
    pikepdf.PdfError, pikepdf.PasswordError, ValueError, TypeError, KeyError, AttributeError,
    IndexError, RecursionError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


def opened(content: bytes) -> pikepdf.Pdf:
    """The PDF in these bytes. Raises FileUnreadable."""
    if len(content) > MOST_BYTES:
        raise FileUnreadable("文件过大，不是本系统生成的报告。")
    try:
        return pikepdf.open(BytesIO(content))
    except _UNREADABLE as error:
        raise FileUnreadable("文件不是 PDF，或已损坏打不开。") from error


def _contents(pdf: pikepdf.Pdf) -> FileContents:
    marks, strays, missing = _marks_of(pdf)
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    info = pdf.docinfo
    return FileContents(
        pages=len(pdf.pages),
        title=str(info.get("/Title", "")),
        author=str(info.get("/Author", "")),
        identifier=_identifier(pdf),
        dated=_day(str(info.get("/CreationDate", ""))),
        attachments=tuple(_attachments(pdf)),
        associated=len(pdf.Root.get("/AF", [])),
        structure=_structure(pdf.Root.get("/StructTreeRoot"), pages, marks),
        strays=strays,
        missing=missing,
    )


def _identifier(pdf: pikepdf.Pdf) -> str:
    found = pdf.trailer.get("/ID")
    return "" if found is None else bytes(found[0]).decode("ascii", "replace")


def _day(written: str) -> date | None:
    """``D:20240920…`` as a day; anything else is none."""
    digits = written.removeprefix("D:")[:8]
    try:
        return date.fromisoformat(digits) if len(digits) == 8 else None
    except ValueError:
        return None


def _attachments(pdf: pikepdf.Pdf) -> Iterator[Attached]:
    for name, spec in pdf.attachments.items():
        related = spec.obj.get("/AFRelationship", "")
        yield Attached(
            name, spec.get_file().read_bytes(), str(related).lstrip("/"), spec.description
        )


def _structure(root: Any, pages: Mapping[tuple[int, int], int], marks: Marks) -> Element:
    if root is None:
        return Element("", 0, "", ())
    return _element(root, pages, marks, 0, 0)


def _element(
    node: Any, pages: Mapping[tuple[int, int], int], marks: Marks, page: int, depth: int
) -> Element:
    if depth > DEEPEST:
        raise ValueError("a structure deeper than any report")
    if "/Pg" in node:
        page = pages.get(node.Pg.objgen, page)
    own, children = [], []
    for kid in _kids(node.get("/K")):
        if isinstance(kid, int):
            own.append(marks.get((page, kid), ""))
        elif kid.get("/Type") != "/OBJR":
            children.append(_element(kid, pages, marks, page, depth + 1))
    begun = min((child.page for child in children), default=page) if "/Pg" not in node else page
    return Element(
        tag=str(node.get("/S", "")).lstrip("/"),
        page=begun,
        own="".join(own),
        children=tuple(children),
        alternative=str(node.get("/Alt", "")),
        **_table_attributes(node),
    )


def _kids(found: Any) -> list[Any]:
    if found is None:
        return []
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def _table_attributes(node: Any) -> dict[str, Any]:
    attributes = node.get("/A")
    if node.get("/S") not in ("/TH", "/TD") or not isinstance(attributes, pikepdf.Dictionary):
        return {}
    return {
        "id": bytes(node.get("/ID", b"")),
        "scope": str(attributes.get("/Scope", "")).lstrip("/"),
        "headers": tuple(bytes(header) for header in attributes.get("/Headers", [])),
        "colspan": int(attributes.get("/ColSpan", 1)),
        "rowspan": int(attributes.get("/RowSpan", 1)),
    }


def _marks_of(pdf: pikepdf.Pdf) -> tuple[dict[tuple[int, int], str], int, int]:
    """The text of every marked piece, how many pages have text outside of any, and how many
    glyphs are missing."""
    fonts: dict[tuple[int, int], Mapping[int, str]] = {}
    marks: dict[tuple[int, int], str] = {}
    strays = missing = 0
    for number, page in enumerate(pdf.pages):
        reader = _Reader(fonts)
        reader.read(page, page.get("/Resources", {}))
        marks |= {(number, mark): "".join(pieces) for mark, pieces in reader.marked.items()}
        strays += reader.strayed
        missing += reader.missing
    return marks, strays, missing


class _Reader:
    """Follows the drawing of one page and keeps the text of each marked piece."""

    def __init__(self, fonts: dict[tuple[int, int], Mapping[int, str]]) -> None:
        self.fonts = fonts
        self.marked: dict[int, list[str]] = {}
        self.strayed = False
        self.missing = 0
        self._within: list[int | None] = []
        self._font: Mapping[int, str] = {}
        self._kept: list[Mapping[int, str]] = []

    def read(self, stream: Any, resources: Any, depth: int = 0) -> None:
        if depth > DEEPEST:
            raise ValueError("drawings nested deeper than any report")
        for step in pikepdf.parse_content_stream(stream, _SHOWN):
            operands: Any = step.operands
            match str(step.operator):
                case "BDC" | "BMC":
                    self._within.append(_mark(operands))
                case "EMC":
                    self._within.pop()
                case "Tf":
                    self._font = self._glyphs(resources.Font[str(operands[0])])
                case "q":
                    self._kept.append(self._font)
                case "Q":
                    self._font = self._kept.pop()
                case "Do":
                    self._draw(resources.XObject[str(operands[0])], resources, depth)
                case "TJ":
                    self._show(operands[0])
                case _:
                    self._show(operands[-1:])

    def _draw(self, drawing: Any, resources: Any, depth: int) -> None:
        if drawing.get("/Subtype") == "/Form":
            self.read(drawing, drawing.get("/Resources", resources), depth + 1)

    def _show(self, pieces: Any) -> None:
        raw = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
        codes = [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]
        text = "".join(self._font.get(code, UNKNOWN) for code in codes)
        self.missing += sum(not code or code not in self._font for code in codes)
        mark = next((mark for mark in reversed(self._within) if mark is not None), None)
        if mark is not None:
            self.marked.setdefault(mark, []).append(text)
        elif text.strip() and not self._within:
            self.strayed = True

    def _glyphs(self, font: Any) -> Mapping[int, str]:
        known = self.fonts.get(font.objgen)
        if known is None:
            told = font.ToUnicode.read_bytes() if "/ToUnicode" in font else b""
            known = self.fonts[font.objgen] = dict(_characters(told))
        return known


def _mark(operands: Any) -> int | None:
    """The number of a marked piece; ``None`` for a decoration."""
    properties = operands[1] if len(operands) > 1 else None
    if isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties:
        return int(properties.MCID)
    return None


def _characters(told: bytes) -> Iterator[tuple[int, str]]:
    """Glyph → the characters it stands for, of a ToUnicode map."""
    for block in _BLOCKS.findall(told):
        for glyph, character in _PAIR.findall(block):
            yield int(glyph, 16), bytes.fromhex(character.decode()).decode("utf-16-be", "replace")
