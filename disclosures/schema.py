"""PURE: the JSON Schema of the data package, read off the dataclasses it is made of."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from disclosures.filing_package import FilingPackage
from disclosures.package import FORMAT, FORMAT_VERSION, INTERNAL, PUBLIC
from disclosures.results import FilingResults
from rulebook.codec import NUMBER_KEY, additions_of

Schema = dict[str, Any]
DECIMAL: Schema = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
SIMPLE: dict[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    Decimal: DECIMAL,
    date: {"type": "string", "format": "date"},
}


class _Definitions:
    """Collects one definition per dataclass and enumeration, by name."""

    def __init__(self) -> None:
        self.found: dict[str, Schema] = {}

    def of(self, hint: Any) -> Schema:
        origin = get_origin(hint)
        if origin in (Union, UnionType):
            return self._union(get_args(hint))
        if origin is tuple:
            item = get_args(hint)[0]
            return self._array(hint, item)
        if origin is Literal:
            return {"enum": list(get_args(hint))}
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return self._named(hint, {"type": "string", "enum": [member.value for member in hint]})
        if dataclasses.is_dataclass(hint):
            return self._dataclass(hint)
        return SIMPLE[hint]

    def _array(self, hint: Any, item: Any) -> Schema:
        arguments = get_args(hint)
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return {"type": "array", "items": self.of(item)}
        fixed = [self.of(argument) for argument in arguments]
        return {"type": "array", "prefixItems": fixed, "items": False, "minItems": len(fixed)}

    def _union(self, members: tuple[Any, ...]) -> Schema:
        if Decimal in members and str in members:
            number = {
                "type": "object",
                "properties": {NUMBER_KEY: DECIMAL},
                "required": [NUMBER_KEY],
                "additionalProperties": False,
            }
            rest = [self.of(member) for member in members if member is not Decimal]
            return {"anyOf": [number, *rest]}
        return {"anyOf": [self.of(member) for member in members]}

    def _dataclass(self, kind: Any) -> Schema:
        if kind.__name__ not in self.found:
            self.found[kind.__name__] = {}  # a section holds sections
            hints = get_type_hints(kind)
            names = [field.name for field in dataclasses.fields(kind)]
            self.found[kind.__name__] = {
                "type": "object",
                "description": (kind.__doc__ or "").strip().split("\n")[0],
                "properties": {name: self.of(hints[name]) for name in names},
                "required": [name for name in names if name not in additions_of(kind)],
                "additionalProperties": False,
            }
        return {"$ref": f"#/$defs/{kind.__name__}"}

    def _named(self, kind: Any, schema: Schema) -> Schema:
        self.found[kind.__name__] = schema
        return {"$ref": f"#/$defs/{kind.__name__}"}


def package_schema() -> Schema:
    """The JSON Schema (2020-12) of a data package document."""
    definitions = _Definitions()
    properties = {
        "format": {"const": FORMAT},
        "format_version": {"const": FORMAT_VERSION},
        "profile": {"enum": [INTERNAL, PUBLIC]},
        "package": definitions.of(FilingPackage),
        "results": definitions.of(FilingResults),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "明账数据包",
        "type": "object",
        "properties": properties,
        "required": ["format", "format_version", "profile", "package"],
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.found.items())),
    }
