"""PURE: what people write into a cell of a list, as fields of the record.

A name that is not a code is looked up; where nothing or more than one thing bears it the person
is asked, and nothing is guessed. An answer travels as ``Answer``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from budgets.list_columns import Kind, ListColumn, Value
from rulebook.amounts import AmountError, MoneyUnit, decimals_of, normalize, parse_number, to_yuan

LONGEST_FIGURE = 60
MOST_CANDIDATES = 6
PROJECT_CODE = re.compile(r"\d{11}T\d{9}", re.ASCII)
CODED = {
    Kind.FUNCTIONAL: re.compile(r"[\[［【]?(\d{3,7})[\]］】]?\s*(.*)", re.ASCII),
    Kind.ECONOMIC: re.compile(r"[\[［【]?(\d{3,7})[\]］】]?\s*(.*)", re.ASCII),
    Kind.ITEM: re.compile(r"[\[［【]?([A-Z]\d+)[\]］】]?\s*(.*)", re.ASCII),
}
LEAF = {Kind.FUNCTIONAL: 7, Kind.ECONOMIC: 5}
YES, NO = {"是", "1", "√", "Y", "y", "有"}, {"否", "0", "", "-", "×", "N", "n", "无"}
AS_WRITTEN = "written"
"""The answer that words name no project and stand as they are."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be looked up: code → name of each catalogue, the unit's projects, items in use,
    and the words which people have already said to be no project."""

    codes: Mapping[str, str] = field(default_factory=dict)
    projects: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    written: frozenset[str] = frozenset()

    def of(self, kind: Kind) -> Mapping[str, str]:
        """Code → name of what a column chooses from."""
        if kind is Kind.PROJECT or kind is Kind.PROJECT_NAME:
            return self.projects
        if kind is Kind.ITEM:
            return self.items
        length = LEAF.get(kind, 0)
        return {code: name for code, name in self.codes.items() if len(code) == length}


@dataclass(frozen=True, slots=True)
class Question:
    """Which of these is meant? ``candidates`` are (code, name); the words may stand unless not."""

    words: str
    message: str
    candidates: tuple[tuple[str, str], ...] = ()
    may_stand: bool = False


class Unclear(Exception):
    """A cell that cannot be read before its question is answered."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.message)
        self.question = question


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says; ``decimals`` is how finely a figure was written."""

    values: Mapping[str, Value]
    decimals: int = 2


def read_text(
    column: ListColumn, text: str, unit: MoneyUnit, choices: Choices, answer: str = ""
) -> Reading:
    """The fields a text fills. Raises AmountError with the reason, Unclear with a question."""
    if column.is_figure:
        return _figure(column, text, unit)
    plain = " ".join(normalize_words(text).split())
    if column.kind is Kind.PROJECT:
        return Reading(_project(plain, choices, answer))
    if column.kind in CODED:
        return Reading(_coded(column, plain, choices))
    if column.options:
        return Reading({column.fields[0]: _chosen(column, plain)})
    if column.kind is Kind.FLAG:
        return Reading({column.fields[0]: _flag(plain)})
    if column.kind is Kind.PROJECT_CODE:
        return Reading({column.fields[0]: _project_code(plain)})
    return Reading({column.fields[0]: _short(plain, column.most)})


def normalize_words(text: str) -> str:
    """Words as written; only what is invisible is taken out."""
    return re.sub("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]", "", text).strip()


def _figure(column: ListColumn, text: str, unit: MoneyUnit) -> Reading:
    if len(text) > LONGEST_FIGURE:
        raise AmountError("内容过长")
    number = parse_number(text)
    is_money = column.kind is Kind.MONEY
    if number is None:
        return Reading({column.fields[0]: None})
    value = to_yuan(number, unit if is_money else MoneyUnit.YUAN)
    if not is_money and value < 0:
        raise AmountError("数量不能小于零")
    in_yuan = unit is MoneyUnit.YUAN or not is_money
    return Reading({column.fields[0]: value}, 2 if in_yuan else max(2, decimals_of(number)))


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise AmountError(f"超过 {most} 个字")
    return text


def _chosen(column: ListColumn, text: str) -> str:
    """Raises AmountError with all that could be meant."""
    for value, label in column.options:
        if text in {value, label, label.removesuffix("项目")}:
            return value
    words = "、".join(label for _, label in column.options)
    raise AmountError(f"不在可选范围内，请选择{words}" if text else f"请选择{words}")


def _flag(text: str) -> bool:
    if text not in YES | NO:
        raise AmountError("请填“是”或“否”")
    return text in YES


def _project_code(text: str) -> str:
    code = normalize(text).upper().replace(" ", "")
    if code and not PROJECT_CODE.fullmatch(code):
        raise AmountError("不是项目编码（6 位区划、2 位年份、3 位部门、字母 T 和 9 位顺序号）")
    return code


def _project(text: str, choices: Choices, answer: str) -> dict[str, Value]:
    """The code in the text, else what its words name among the unit's projects."""
    code = PROJECT_CODE.search(normalize(text).upper())
    if code is not None:
        words = _short(" ".join(text.replace(code[0], " ").split()), 120)
        if code[0] not in choices.projects:
            raise Unclear(_which(code[0], words, choices.projects, may_stand=False))
        return {"project_code": code[0], "project_name": words or choices.projects[code[0]]}
    words = _short(text, 120)
    if not words or answer == AS_WRITTEN:
        return {"project_code": "", "project_name": words}
    named = [code for code, name in choices.projects.items() if name == words]
    if len(named) == 1:
        return {"project_code": named[0], "project_name": words}
    if not named and words in choices.written:
        return {"project_code": "", "project_name": words}
    raise Unclear(_which("", words, choices.projects, may_stand=True))


def _which(code: str, words: str, known: Mapping[str, str], *, may_stand: bool) -> Question:
    named = tuple((each, name) for each, name in known.items() if name == words)
    near = named or similar(words, known)
    what = code or words
    if len(named) > 1:
        message = f"本单位有 {len(named)} 个项目叫“{words}”，请选择是哪一个。"
    else:
        message = f"“{what}”不是本单位的项目，请选择是哪一个。"
    return Question(words, message, near, may_stand=may_stand)


def similar(words: str, known: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What bears a name like this one, the likeliest first."""
    inside = [code for code, name in known.items() if words and (words in name or name in words)]
    close = get_close_matches(words, list(known.values()), n=MOST_CANDIDATES, cutoff=0.4)
    ranked = inside + [code for name in close for code, each in known.items() if each == name]
    return tuple((code, known[code]) for code in dict.fromkeys(ranked))[:MOST_CANDIDATES]


def _coded(column: ListColumn, text: str, choices: Choices) -> dict[str, Value]:
    found = CODED[column.kind].fullmatch(text)
    code, name = (found[1], found[2]) if found else ("", _short(text, column.most))
    known = choices.of(column.kind)
    if not code and name:
        named = [each for each, label in known.items() if label == name]
        code = named[0] if len(named) == 1 else ""
        if not code and (named or column.kind is not Kind.ITEM):
            raise Unclear(_which_code(name, named, known))
    if column.kind is not Kind.ITEM:
        return {column.fields[0]: code}
    _short(code, 20)
    return {"item_code": code, "item_name": _short(name or known.get(code, ""), column.most)}


def _which_code(name: str, named: Sequence[str], known: Mapping[str, str]) -> Question:
    near = tuple((code, known[code]) for code in named) or similar(name, known)
    many = f"目录中有 {len(named)} 个科目叫“{name}”" if named else f"目录中没有“{name}”"
    return Question(name, f"{many}，请选择或填写编码。", near[:MOST_CANDIDATES])
