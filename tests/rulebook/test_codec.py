"""Values ↔ JSON: read back equal what was written, refuse the rest with its place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.codec import CodecError, added_later, from_json, to_json


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Leaf:
    name: str
    amount: Decimal | None
    day: date | None
    colour: Colour
    count: int = 0
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Circle:
    radius: Decimal
    shape: Literal["circle"] = "circle"


@dataclass(frozen=True, slots=True)
class Square:
    side: Decimal
    shape: Literal["square"] = "square"


@dataclass(frozen=True, slots=True)
class Tree:
    figure: Decimal | str | None
    spans: tuple[str | Leaf, ...]
    shapes: tuple[Circle | Square, ...]
    pairs: tuple[tuple[str, str], ...]
    figures: tuple[Decimal | str | None, ...] = ()
    branches: tuple[Tree, ...] = ()


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15)
LEAVES = st.builds(
    Leaf,
    name=TEXTS,
    amount=st.none() | NUMBERS,
    day=st.none() | st.dates(min_value=date(1000, 1, 1)),
    colour=st.sampled_from(Colour),
    count=st.integers(),
    sure=st.booleans(),
)
FIGURES = st.none() | TEXTS | NUMBERS
SHAPES = st.builds(Circle, radius=NUMBERS) | st.builds(Square, side=NUMBERS)


def tuples_of(items: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, max_size=3).map(tuple)


def trees(branches: st.SearchStrategy[tuple[Tree, ...]]) -> st.SearchStrategy[Tree]:
    return st.builds(
        Tree,
        figure=FIGURES,
        spans=tuples_of(TEXTS | LEAVES),
        shapes=tuples_of(SHAPES),
        pairs=tuples_of(st.tuples(TEXTS, TEXTS)),
        figures=tuples_of(FIGURES),
        branches=branches,
    )


TREES = trees(tuples_of(trees(st.just(()))))
LEAF: dict[str, Any] = {
    "name": "a", "amount": "1.50", "day": "2023-12-31", "colour": "red", "count": 3, "sure": True,
}  # fmt: skip


@given(TREES)
def test_what_is_written_is_read_back_equal(tree: Tree) -> None:
    text = json.dumps(to_json(tree))
    again = from_json(Tree, json.loads(text))
    assert again == tree
    assert json.dumps(to_json(again)) == text


@given(NUMBERS)
def test_a_number_that_could_be_words_stays_a_number(number: Decimal) -> None:
    tree = Tree(number, (), (), (), (str(number), number))
    again = from_json(Tree, to_json(tree))
    assert isinstance(again.figure, Decimal)
    assert [type(figure) for figure in again.figures] == [str, Decimal]


def test_the_written_form() -> None:
    leaf = Leaf("叶", Decimal("1E+2"), date(2023, 12, 31), Colour.BLUE)
    assert to_json(Tree(Decimal("1.50"), ("文", leaf), (Square(Decimal(2)),), (("a", "b"),))) == {
        "figure": {"decimal": "1.50"},
        "spans": [
            "文",
            {
                "name": "叶",
                "amount": "100",
                "day": "2023-12-31",
                "colour": "blue",
                "count": 0,
                "sure": False,
            },
        ],
        "shapes": [{"side": "2", "shape": "square"}],
        "pairs": [["a", "b"]],
        "figures": [],
        "branches": [],
    }


def test_a_tuple_of_dataclasses_is_a_list() -> None:
    assert to_json((Circle(Decimal(1)), Square(Decimal(2)))) == [
        {"radius": "1", "shape": "circle"},
        {"side": "2", "shape": "square"},
    ]


@pytest.mark.parametrize("value", [1.5, {"a": 1}, [1], Decimal("NaN"), object()])
def test_a_value_without_a_json_form_is_a_fault_of_the_programmer(value: object) -> None:
    with pytest.raises(TypeError):
        to_json(value)


@pytest.mark.parametrize(
    ("changed", "pointer", "reason"),
    [
        ({"name": 1}, "/name", "应为文本，实为数字"),
        ({"name": None}, "/name", "应为文本，实为空值"),
        ({"name": "a\x00b"}, "/name", "含有不能保存的字符"),
        ({"name": "\ud800"}, "/name", "含有不能保存的字符"),
        ({"amount": 1.5}, "/amount", "应为文本形式的数"),
        ({"amount": 1}, "/amount", "应为文本形式的数"),
        ({"amount": "1,000"}, "/amount", "不是一个数：“1,000”"),
        ({"amount": "1e9"}, "/amount", "不是一个数"),
        ({"amount": "NaN"}, "/amount", "不是一个数"),
        ({"amount": "１"}, "/amount", "不是一个数"),
        ({"amount": "9" * 121}, "/amount", "不是一个数"),
        ({"day": "2023-02-30"}, "/day", "应为日期"),
        ({"day": "20231231"}, "/day", "应为日期"),
        ({"day": 20231231}, "/day", "应为日期"),
        ({"colour": "green"}, "/colour", "应为red、blue之一，实为“green”"),
        ({"colour": ["red"]}, "/colour", "应为red、blue之一，实为列表"),
        ({"count": True}, "/count", "应为整数，实为真假值"),
        ({"count": "3"}, "/count", "应为整数，实为文本"),
        ({"sure": 1}, "/sure", "应为 true 或 false，实为数字"),
        ({"extra/~": 1}, "/extra~1~0", "不认识这一项"),
    ],
)
def test_a_wrong_field_is_refused_with_its_place(
    changed: dict[str, Any], pointer: str, reason: str
) -> None:
    with pytest.raises(CodecError) as caught:
        from_json(Leaf, LEAF | changed)
    assert caught.value.pointer == pointer
    assert reason in caught.value.reason
    assert str(caught.value) == f"{pointer}：{caught.value.reason}"


@pytest.mark.parametrize("name", list(LEAF))
def test_a_missing_field_is_refused_even_where_it_has_a_default(name: str) -> None:
    with pytest.raises(CodecError) as caught:
        from_json(Leaf, {key: value for key, value in LEAF.items() if key != name})
    assert (caught.value.pointer, caught.value.reason) == (f"/{name}", "缺少这一项")


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"figure": {"decimal": "x"}}, "/figure/decimal"),
        ({"figure": {"number": "1"}}, "/figure"),
        ({"figure": 1}, "/figure"),
        ({"spans": ["a", {"name": "b"}]}, "/spans/1/amount"),
        ({"spans": ["a", 1]}, "/spans/1"),
        ({"spans": "a"}, "/spans"),
        ({"shapes": [{"side": "1", "shape": "circle"}]}, "/shapes/0/radius"),
        ({"shapes": [{"side": "1", "shape": "oval"}]}, "/shapes/0"),
        ({"shapes": [{"side": "1"}]}, "/shapes/0"),
        ({"shapes": ["circle"]}, "/shapes/0"),
        ({"shapes": [None]}, "/shapes/0"),
        ({"pairs": [["a", "b"], ["a"]]}, "/pairs/1"),
        ({"pairs": [["a", 2]]}, "/pairs/0/1"),
        ({"branches": [{}]}, "/branches/0/figure"),
    ],
)
def test_a_wrong_place_deep_down_is_named(changed: dict[str, Any], pointer: str) -> None:
    data: dict[str, Any] = {
        "figure": None, "spans": [], "shapes": [], "pairs": [], "figures": [], "branches": [],
    }  # fmt: skip
    assert from_json(Tree, data) == Tree(None, (), (), ())
    with pytest.raises(CodecError) as caught:
        from_json(Tree, data | changed)
    assert caught.value.pointer == pointer


@pytest.mark.parametrize("data", [None, [], "x", 1, 1.5, True])
def test_anything_but_an_object_is_refused_at_the_root(data: object) -> None:
    with pytest.raises(CodecError) as caught:
        from_json(Leaf, data)
    assert str(caught.value).startswith("/：应为对象")


@dataclass(frozen=True, slots=True)
class Grown:
    """A value that got a field after documents of it had been written."""

    name: str
    kind: str = added_later("")


def test_a_field_added_later_is_written_only_where_it_says_something() -> None:
    assert to_json(Grown("a")) == {"name": "a"}
    assert to_json(Grown("a", "b")) == {"name": "a", "kind": "b"}


def test_a_document_from_before_a_field_is_read_and_keeps_its_bytes() -> None:
    found = from_json(Grown, {"name": "a"})
    assert found == Grown("a", "")
    assert to_json(found) == {"name": "a"}


@pytest.mark.parametrize("wrong", [{"kind": "b"}, {"name": "a", "kind": None}])
def test_a_field_added_later_is_read_as_strictly_as_any(wrong: dict[str, Any]) -> None:
    with pytest.raises(CodecError):
        from_json(Grown, wrong)
