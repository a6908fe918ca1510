"""What a PDF says about itself, read by another library than the one that wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2


@dataclass(frozen=True)
class PdfFacts:
    pages: int
    faces: frozenset[str]
    missing_glyphs: int
    attachments: dict[str, bytes]
    metadata: str
    text: str
    page_texts: tuple[str, ...]


def check_pdf(content: bytes) -> PdfFacts:
    texts = page_texts(content)
    with pikepdf.open(BytesIO(content)) as pdf:
        fonts = list(_fonts(pdf))
        return PdfFacts(
            pages=len(pdf.pages),
            faces=frozenset(str(font.BaseFont).partition("+")[2] for font in fonts),
            missing_glyphs=sum(_missing(page) for page in pdf.pages),
            attachments={
                name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments
            },
            metadata=pdf.Root.Metadata.read_bytes().decode(),
            text="".join("".join(texts).split()),
            page_texts=texts,
        )


def page_texts(content: bytes) -> tuple[str, ...]:
    """What each page says, as it would be copied from a viewer."""
    pages = pypdfium2.PdfDocument(content)
    return tuple(page.get_textpage().get_text_range() for page in pages)


def _fonts(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/Type0":
            yield item


def _missing(page: Any) -> int:
    """Glyph 0 is the empty box; every face here is written with two bytes a glyph."""
    return sum(_zero_glyphs(stream) for stream in (page, *_forms(page)))


def _forms(holder: Any) -> Iterator[Any]:
    for item in holder.get("/Resources", {}).get("/XObject", {}).values():
        if item.get("/Subtype") == "/Form":
            yield item


def _zero_glyphs(stream: Any) -> int:
    missing = 0
    for operands, operator in pikepdf.parse_content_stream(stream, "Tj TJ"):
        shown = operands[0] if str(operator) == "TJ" else operands
        for piece in shown:
            if isinstance(piece, pikepdf.String):
                raw = bytes(piece)
                missing += sum(raw[i : i + 2] == b"\0\0" for i in range(0, len(raw), 2))
    return missing
