"""PURE: frozen dataclasses as JSON values and back, strictly.

Decimals are strings, dates ISO 8601, enums their value, tuples lists. A field that may hold words
as well as a number (``Decimal | str``) writes the number as ``{"decimal": "1.50"}``. Dataclasses
of a union are told apart by their ``Literal`` field. Every field is written and every field must
be there on reading; nothing is converted, guessed or left over. The one exception is a field
``added_later``: it is written only where it says something, so that documents from before it keep
their bytes and are read as ever.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

JSON = None | bool | int | str | list["JSON"] | dict[str, "JSON"]
Hint = object
T = TypeVar("T")

MAX_DECIMAL_CHARACTERS = 120
NUMBER_KEY = "decimal"
ADDED_LATER = "added_later"
_DECIMAL = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class CodecError(ValueError):
    """Data that is not what it should be: where (a JSON pointer) and why, in Chinese."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(f"{pointer or '/'}：{reason}")
        self.pointer = pointer
        self.reason = reason


def added_later(default: T) -> T:
    """A field of a dataclass that older documents do not have; it then holds the default."""
    return dataclasses.field(default=default, metadata={ADDED_LATER: True})


def to_json(value: object) -> JSON:
    """A dataclass, or a tuple of them, as a JSON value. Raises TypeError for anything else."""
    return _encode(type(value), value)


def from_json(kind: type[T], data: object) -> T:
    """Read a value of ``kind`` (a dataclass) from parsed JSON. Raises CodecError."""
    return cast(T, _decode(kind, data, ""))


@cache
def _fields(kind: type) -> Mapping[str, Hint]:
    """Field → type of a dataclass, in the order of writing."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


@cache
def additions_of(kind: type) -> Mapping[str, object]:
    """The fields of a dataclass that older documents do not have, with their defaults."""
    fields = dataclasses.fields(kind)
    return {field.name: field.default for field in fields if ADDED_LATER in field.metadata}


@cache
def _members(hint: Hint) -> tuple[Hint, ...]:
    """The members of a union, otherwise the type alone."""
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


@cache
def _mixes_words_and_numbers(hint: Hint) -> bool:
    return {str, Decimal} <= set(_members(hint))


def _encode(hint: Hint, value: object) -> JSON:
    kind: Hint = type(value)
    if dataclasses.is_dataclass(value) and isinstance(kind, type):
        return _encode_dataclass(kind, value)
    if isinstance(value, tuple):
        return [_encode(item_hint, item) for item_hint, item in _items(hint, value)]
    if isinstance(value, Decimal):
        return {NUMBER_KEY: _digits(value)} if _mixes_words_and_numbers(hint) else _digits(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(f"no JSON form: {type(value).__name__}")


def _encode_dataclass(kind: type, value: object) -> JSON:
    added = additions_of(kind)
    held = {name: getattr(value, name) for name in _fields(kind)}
    silent = {name for name, default in added.items() if held[name] == default}
    fields = _fields(kind).items()
    return {name: _encode(hint, held[name]) for name, hint in fields if name not in silent}


def _items(hint: Hint, values: tuple[object, ...]) -> list[tuple[Hint, object]]:
    """Each item of a tuple with its type; without a declared type each item's own."""
    declared = next((m for m in _members(hint) if get_origin(m) is tuple), None)
    if declared is None:
        return [(type(value), value) for value in values]
    return list(zip(_item_hints(declared, len(values)), values, strict=True))


def _item_hints(hint: Hint, length: int) -> Sequence[Hint]:
    first, *rest = get_args(hint)
    return [first] * length if rest == [...] else [first, *rest]


def _digits(number: Decimal) -> str:
    if not number.is_finite():
        raise TypeError(f"no JSON form: {number}")
    return f"{number:f}"


def _decode(hint: Hint, data: object, pointer: str) -> object:
    members = _members(hint)
    if len(members) > 1:
        return _decode_union(members, data, pointer)
    origin = get_origin(hint)
    if origin is tuple:
        return _decode_tuple(hint, data, pointer)
    if origin is Literal:
        return _decode_literal(hint, data, pointer)
    if isinstance(hint, type):
        if dataclasses.is_dataclass(hint):
            return _decode_dataclass(hint, data, pointer)
        if issubclass(hint, StrEnum):
            return _decode_enum(hint, data, pointer)
        if hint in _SCALARS:
            return _SCALARS[hint](data, pointer)
    raise TypeError(f"no reader for {hint}")


def _decode_dataclass(kind: type, data: object, pointer: str) -> object:
    if not isinstance(data, dict):
        raise CodecError(pointer, f"应为对象，实为{_named(data)}")
    fields = _fields(kind)
    for key in fields:
        if key not in data and key not in additions_of(kind):
            raise CodecError(_below(pointer, key), "缺少这一项")
    for key in data:
        if key not in fields:
            raise CodecError(_below(pointer, str(key)), "不认识这一项")
    given = {key: hint for key, hint in fields.items() if key in data}
    return kind(**{k: _decode(hint, data[k], _below(pointer, k)) for k, hint in given.items()})


def _decode_tuple(hint: Hint, data: object, pointer: str) -> tuple[object, ...]:
    if not isinstance(data, list):
        raise CodecError(pointer, f"应为列表，实为{_named(data)}")
    hints = _item_hints(hint, len(data))
    if len(hints) != len(data):
        raise CodecError(pointer, f"应有{len(hints)}项，实有{len(data)}项")
    return tuple(
        _decode(item_hint, item, f"{pointer}/{number}")
        for number, (item_hint, item) in enumerate(zip(hints, data, strict=True))
    )


def _decode_union(members: tuple[Hint, ...], data: object, pointer: str) -> object:
    """``None``, the dataclass its Literal field names, a tagged number, or the one scalar left."""
    if data is None and NoneType in members:
        return None
    if isinstance(data, dict):
        return _decode_tagged(members, data, pointer)
    mixed = {str, Decimal} <= set(members)
    left = [m for m in members if m is not NoneType and not (mixed and m is Decimal)]
    plain = [m for m in left if not dataclasses.is_dataclass(m)] or left
    if len(plain) != 1 and not isinstance(data, dict):
        raise CodecError(pointer, f"应为对象，实为{_named(data)}")
    return _decode(plain[0], data, pointer)


def _decode_tagged(members: tuple[Hint, ...], data: dict[str, object], pointer: str) -> object:
    kinds = [m for m in members if isinstance(m, type) and dataclasses.is_dataclass(m)]
    if Decimal in members and set(data) == {NUMBER_KEY}:
        return _decode_decimal(data[NUMBER_KEY], _below(pointer, NUMBER_KEY))
    if len(kinds) > 1:
        kinds = [kind for kind in kinds if _is_named_by(kind, data)]
    if len(kinds) != 1:
        raise CodecError(pointer, "看不出是哪一种对象")
    return _decode_dataclass(kinds[0], data, pointer)


def _is_named_by(kind: type, data: Mapping[str, object]) -> bool:
    """Whether every Literal field of the dataclass holds one of its values in the data."""
    tags = {name: get_args(h) for name, h in _fields(kind).items() if get_origin(h) is Literal}
    return bool(tags) and all(data.get(name) in values for name, values in tags.items())


def _decode_literal(hint: Hint, data: object, pointer: str) -> object:
    allowed = get_args(hint)
    if not isinstance(data, str) or data not in allowed:
        raise CodecError(pointer, f"应为{'、'.join(map(str, allowed))}，实为{_shown(data)}")
    return data


def _decode_enum(kind: type[StrEnum], data: object, pointer: str) -> StrEnum:
    values = [member.value for member in kind]
    if not isinstance(data, str) or data not in values:
        raise CodecError(pointer, f"应为{'、'.join(values)}之一，实为{_shown(data)}")
    return kind(data)


def _decode_text(data: object, pointer: str) -> str:
    if not isinstance(data, str):
        raise CodecError(pointer, f"应为文本，实为{_named(data)}")
    if _UNSTORABLE.search(data):
        raise CodecError(pointer, "含有不能保存的字符")
    return data


def _decode_integer(data: object, pointer: str) -> int:
    if not isinstance(data, int) or isinstance(data, bool):
        raise CodecError(pointer, f"应为整数，实为{_named(data)}")
    return data


def _decode_boolean(data: object, pointer: str) -> bool:
    if not isinstance(data, bool):
        raise CodecError(pointer, f"应为 true 或 false，实为{_named(data)}")
    return data


def _decode_decimal(data: object, pointer: str) -> Decimal:
    if not isinstance(data, str):
        raise CodecError(pointer, f'应为文本形式的数，例如 "12.50"，实为{_named(data)}')
    if len(data) > MAX_DECIMAL_CHARACTERS or not _DECIMAL.fullmatch(data):
        raise CodecError(pointer, f"不是一个数：{_shown(data)}")
    return Decimal(data)


def _decode_date(data: object, pointer: str) -> date:
    try:
        if isinstance(data, str) and _DATE.fullmatch(data):
            return date.fromisoformat(data)
    except ValueError:
        pass
    raise CodecError(pointer, f"应为日期，例如 2023-12-31，实为{_shown(data)}")


_SCALARS: Mapping[type, Callable[[object, str], object]] = {
    str: _decode_text,
    int: _decode_integer,
    bool: _decode_boolean,
    Decimal: _decode_decimal,
    date: _decode_date,
}
_NAMES: tuple[tuple[type, str], ...] = (
    (NoneType, "空值"), (bool, "真假值"), (int, "数字"), (float, "数字"),
    (str, "文本"), (list, "列表"), (dict, "对象"),
)  # fmt: skip


def _named(data: object) -> str:
    return next((name for kind, name in _NAMES if isinstance(data, kind)), "其他内容")


def _shown(data: object) -> str:
    """A wrong text itself, shortened; of anything else its kind."""
    if not isinstance(data, str):
        return _named(data)
    return f"“{data}”" if len(data) <= 40 else f"“{data[:40]}…”"


def _below(pointer: str, key: str) -> str:
    """RFC 6901: one step further down."""
    return f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
