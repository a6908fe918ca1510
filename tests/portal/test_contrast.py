"""Every text colour on every ground it stands on, in every mode: WCAG AA, 4.5 to 1."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

CSS = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
GROUNDS = ("canvas", "surface", "derived", "brand-tint")
PAIRS = [
    *((text, ground) for text in ("ink", "muted", "link") for ground in GROUNDS),
    *((kind, ground) for kind in ("ok", "warning", "error") for ground in ("surface", "canvas")),
    *((kind, f"{kind}-tint") for kind in ("ok", "warning", "error")),
    ("ink", "warning-tint"),
    ("ink", "error-tint"),
    ("ink", "ok-tint"),
    ("on-brand", "brand"),
    ("on-brand", "brand-dark"),
]
MODES = {
    "plain": [":root"],
    "high": [":root", 'html[data-contrast="high"]'],
    "dark": [":root", 'html[data-shade="dark"]'],
    "dark high": [
        ":root",
        'html[data-contrast="high"]',
        'html[data-shade="dark"]',
        'html[data-shade="dark"][data-contrast="high"]',
    ],
}


def colours(selectors: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for selector in selectors:
        block = re.search(rf"^{re.escape(selector)} \{{(.*?)^\}}", CSS, re.S | re.M)
        assert block, selector
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block.group(1)))
    return found


def luminance(colour: str) -> float:
    def linear(part: str) -> float:
        share = int(part, 16) / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(colour[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(mode: str, text: str, ground: str) -> None:
    known = colours(MODES[mode])
    assert contrast(known[text], known[ground]) >= 4.5
