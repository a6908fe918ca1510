"""PURE: what the shipped faces can print, and how any text is made printable.

A character no face has would be taken from whatever the machine has installed, or print as an
empty box; it prints as 〓, the typesetter's sign for a missing character.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

CHARACTERS = Path(__file__).resolve().parents[2] / "static" / "fonts" / "characters.txt"
MISSING = "〓"
# More in one text is an attack or a mistake, and would print for hours: the time grows with the
# square of the lines in a narrow cell.
MAX_CHARACTERS, MAX_CELL_CHARACTERS = 20_000, 3_000
INVISIBLE = frozenset({"Cc", "Cf", "Mn", "Me"})


@cache
def shipped_characters() -> frozenset[str]:
    """Every visible character the faces have between them, and the line feed."""
    listed = CHARACTERS.read_text(encoding="utf-8")
    return frozenset(c for c in listed if unicodedata.category(c) not in INVISIBLE) | {"\n"}


def printable(text: str, most: int = MAX_CHARACTERS) -> str:
    """The text as it can be printed: no controls, no direction marks, nothing without a glyph."""
    if len(text) > most:
        text = f"{text[:most]}……（原文共 {len(text)} 字，以下未印）"
    shipped = shipped_characters()
    if shipped.issuperset(text):
        return text
    normal = unicodedata.normalize("NFC", text).replace("\t", " ")
    return "".join(c if c in shipped else _substitute(c) for c in normal)


def unprintable(text: str) -> tuple[str, ...]:
    """The visible characters of ``text`` that no face has, each once, in order."""
    shipped = shipped_characters()
    normal = unicodedata.normalize("NFC", text)
    lacking = (c for c in normal if c not in shipped and _substitute(c) == MISSING)
    return tuple(dict.fromkeys(lacking))


def _substitute(character: str) -> str:
    category = unicodedata.category(character)
    if category in INVISIBLE:
        return ""
    return " " if category.startswith("Z") else MISSING
