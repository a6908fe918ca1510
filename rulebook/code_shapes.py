"""How codes are spelled that are in no catalogue of the product, by year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rulebook.editions import DATA, read_toml


@dataclass(frozen=True, slots=True)
class CodeShape:
    """``pattern`` is what a whole code matches, ``words`` says it to people."""

    kind: str
    pattern: str
    words: str
    first_fiscal_year: int
    citation: str

    def fits(self, code: str) -> bool:
        return re.fullmatch(self.pattern, code, re.ASCII) is not None


@cache
def code_shape(kind: str, fiscal_year: int) -> CodeShape | None:
    """The youngest shape of a kind of code that holds in a year; ``None`` without one."""
    shapes = (CodeShape(**raw) for raw in read_toml(DATA / "code_shapes.toml")["shape"])
    held = [s for s in shapes if s.kind == kind and s.first_fiscal_year <= fiscal_year]
    return max(held, key=lambda shape: shape.first_fiscal_year, default=None)
