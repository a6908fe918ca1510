"""PURE: words as people type them."""

from __future__ import annotations

import re
import unicodedata

UNSEEN = re.compile("[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")


def clean_words(text: str) -> str:
    """Words as typed, without control and invisible characters; full-width ones stay."""
    return UNSEEN.sub("", unicodedata.normalize("NFC", text)).strip()
