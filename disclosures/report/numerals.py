"""PURE: 一、二、三: the numbers of headings and lists."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """1–99 in Chinese: 十四, 二十, 二十一."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    lead = "" if tens == 1 else _DIGITS[tens]
    return f"{lead}十{_DIGITS[ones] if ones else ''}"


def numbered(style: str, number: int) -> str:
    """A number style of the outline filled in: "（{chinese}）" → （三）."""
    return style.format(number=number, chinese=chinese_number(number))
