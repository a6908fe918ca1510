"""PURE: marks of revision inside a text: what was put in, what was taken out.

A marked text is an ordinary string, so it passes through every block and layout unchanged; the
marks are four private characters which no shipped face has, so no text that people file can
hold them once it is ``unmarked``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

INSERTED, DELETED, KEPT = "inserted", "deleted", "kept"
_OPEN = {INSERTED: "\ue000", DELETED: "\ue002"}
_CLOSE = {INSERTED: "\ue001", DELETED: "\ue003"}
_KIND = {opening: kind for kind, opening in _OPEN.items()}
_MARKS = frozenset((*_OPEN.values(), *_CLOSE.values()))
_PIECE = re.compile("([\ue000\ue002])(.*?)[\ue001\ue003]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that was kept, inserted or deleted as a whole."""

    kind: str
    text: str


def marked(kind: str, text: str) -> str:
    """The text with marks around it; nothing to mark gives nothing."""
    return f"{_OPEN[kind]}{text}{_CLOSE[kind]}" if text else ""


def is_marked(text: str) -> bool:
    return not _MARKS.isdisjoint(text)


def unmarked(text: str) -> str:
    """The text without the characters that would read as marks."""
    return "".join(c for c in text if c not in _MARKS) if is_marked(text) else text


def pieces(text: str) -> tuple[Piece, ...]:
    """A marked text in stretches, in order; the marks themselves are gone."""
    found: list[Piece] = []
    end = 0
    for match in _PIECE.finditer(text):
        found += [Piece(KEPT, text[end : match.start()]), Piece(_KIND[match[1]], match[2])]
        end = match.end()
    found.append(Piece(KEPT, text[end:]))
    return tuple(piece for piece in found if piece.text)


def accepted(text: str) -> str:
    """The text as it is now: what was deleted is gone."""
    return "".join(piece.text for piece in pieces(text) if piece.kind != DELETED)


def rejected(text: str) -> str:
    """The text as it was before: what was inserted is gone."""
    return "".join(piece.text for piece in pieces(text) if piece.kind != INSERTED)
