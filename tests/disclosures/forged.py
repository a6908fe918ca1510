"""Official files as somebody might have changed them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf

from disclosures.file_contents import _characters

Fonts = dict[tuple[int, int], dict[int, str]]
"""The characters of each font by glyph."""


def edited(content: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """The file opened, changed and saved with another program."""
    stream = BytesIO()
    with pikepdf.open(BytesIO(content)) as pdf:
        change(pdf)
        pdf.save(stream)
    return stream.getvalue()


def with_byte_changed(content: bytes) -> bytes:
    """One byte of the comment on the second line, which nobody reads."""
    at = content.index(b"\n") + 2
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def with_attachment(content: bytes, name: str, data: bytes) -> bytes:
    """The file with other content under the name of an attachment."""

    def change(pdf: pikepdf.Pdf) -> None:
        for reference in pdf.Root.AF:
            if str(reference.UF) == name:
                reference.EF.F.write(data)

    return edited(content, change)


def with_words(content: bytes, written: str, instead: str) -> bytes:
    """The first line or cell on paper with ``written`` says something else of that length."""

    def change(pdf: pikepdf.Pdf) -> None:
        fonts: Fonts = {}
        for page in pdf.pages:
            if _redrawn(pdf, page, fonts, written, instead):
                return
        raise LookupError(written)

    return edited(content, change)


def _redrawn(pdf: pikepdf.Pdf, page: Any, fonts: Fonts, written: str, instead: str) -> bool:
    drawn, done = [], False
    glyphs: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = page.Resources.Font[str(operands[0])]
            if font.objgen not in fonts:
                fonts[font.objgen] = dict(_characters(font.ToUnicode.read_bytes()))
            glyphs = fonts[font.objgen]
        elif str(operator) == "TJ" and not done and written in (text := _text(operands[0], glyphs)):
            codes = {character: code for code, character in glyphs.items()}
            said = text.replace(written, instead, 1)
            raw = b"".join(codes[character].to_bytes(2) for character in said)
            operands, done = [pikepdf.Array([pikepdf.String(raw)])], True
        drawn.append((operands, operator))
    if done:
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(drawn))
    return done


def _text(pieces: Any, glyphs: dict[int, str]) -> str:
    raw = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
    codes = (int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2))
    return "".join(glyphs.get(code, "") for code in codes)
