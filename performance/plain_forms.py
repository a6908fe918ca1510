"""PURE: the plain form of what people write, before it is read, and what has no safe one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rulebook.amounts import normalize

_AFTER_COMMA = re.compile(r"(?<=\d),\s+(?=\d)")
_LOOSE_BLANK = re.compile(r"(?<![\d.])\s+|\s+(?![\d.])")
_INCLUDED = re.compile(r"\(含[^()]*\)")
_WRITTEN_POWERS = re.compile("(?<=[mM])\\s*[²³]|[㎡㎢㎥]")
_OVERRIDES = "\u202a\u202b\u202d\u202e"
"""Marks that turn the order in which the characters are shown."""
_PLAIN_DIGITS = frozenset("0123456789０１２３４５６７８９")


def plain_form(text: str) -> str:
    """Normal forms without blanks, except between digits and points, where a blank is ambiguous:
    "1. 5次" may be one and a half or the first of a list."""
    plain = normalize(text.replace("㎡", "平方米").replace("㎥", "立方米"))
    plain = _LOOSE_BLANK.sub("", _AFTER_COMMA.sub(",", plain))
    return _INCLUDED.sub("", plain)


def is_disguised(text: str) -> bool:
    """Whether the plain form would turn a sign into digits that people do not read as such
    (①, 5²) or a foreign digit into a number, or the characters are shown in another order."""
    if text.isascii():
        return False
    rest = _WRITTEN_POWERS.sub("", text)
    return any(mark in rest for mark in _OVERRIDES) or any(map(_is_odd_digit, rest))


@lru_cache(maxsize=1 << 12)
def _is_odd_digit(character: str) -> bool:
    if character in _PLAIN_DIGITS:
        return False
    return any(plain.isdigit() for plain in unicodedata.normalize("NFKC", character))
