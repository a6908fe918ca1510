"""PURE: the kinds of reasons for a change, which a region and year offer to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rulebook.editions import EditionMissing, edition_for, edition_path, read_toml

FAMILY, KIND = "reasons", "variance"


@dataclass(frozen=True, slots=True)
class ReasonKind:
    """原因类别: ``key`` is stored with a reason, ``name`` is what people choose."""

    key: str
    name: str
    hint: str


@cache
def reason_kinds(region: str, fiscal_year: int) -> tuple[ReasonKind, ...]:
    """The kinds of the edition in force, in order; none in a year without an edition."""
    try:
        edition = edition_for(FAMILY, KIND, region=region, fiscal_year=fiscal_year)
    except EditionMissing:
        return ()
    raw = read_toml(edition_path(FAMILY, edition.id))
    return tuple(ReasonKind(**kind) for kind in raw["kind"])
