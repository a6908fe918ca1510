"""The four shipped faces: every character is there, and decoding is exact and repeatable."""

import unicodedata
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from scripts.decode_fonts import main

FACES = {
    "FandolFang-Regular.otf": "FandolFang",
    "MingzhangKai-Regular.ttf": "Mingzhang Kai",
    "NotoSansCJKsc-Regular.otf": "Noto Sans CJK SC",
    "NotoSerifCJKsc-Bold.otf": "Noto Serif CJK SC",
}


@pytest.fixture(scope="module")
def decoded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fonts")
    main(folder)
    return folder


def characters() -> set[str]:
    file = settings.BASE_DIR / "static" / "fonts" / "characters.txt"
    return set(file.read_text(encoding="utf-8")) - {"\n"}


def covered(file: Path) -> set[str]:
    return set(map(chr, TTFont(file).getBestCmap()))


def is_ideograph(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH")


def test_exactly_these_faces_are_decoded(decoded: Path) -> None:
    assert {file.name for file in decoded.iterdir()} == set(FACES)


@pytest.mark.parametrize(("name", "family"), FACES.items())
def test_a_face_keeps_its_family_and_may_be_embedded(decoded: Path, name: str, family: str) -> None:
    font = TTFont(decoded / name)
    names = font["name"]
    assert (names.getDebugName(16) or names.getDebugName(1)) == family
    assert font["OS/2"].fsType in (0, 8)


def test_the_list_holds_gb_2312_and_the_general_standard_table() -> None:
    assert sum(map(is_ideograph, characters())) == 8230
    assert set("硚堃祎珺昇玥㎡①☒") <= characters()


@pytest.mark.parametrize("name", [name for name in FACES if not name.startswith("Fandol")])
def test_three_faces_have_every_chinese_character(decoded: Path, name: str) -> None:
    assert not set(filter(is_ideograph, characters())) - covered(decoded / name)


def test_every_character_is_in_the_stack_of_the_body_text(decoded: Path) -> None:
    stack = ("FandolFang-Regular.otf", "MingzhangKai-Regular.ttf", "NotoSansCJKsc-Regular.otf")
    assert characters() <= set().union(*(covered(decoded / name) for name in stack))


def test_decoding_again_changes_nothing(decoded: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in decoded.iterdir()}
    main(decoded)
    assert before == {file: file.stat().st_mtime_ns for file in decoded.iterdir()}
