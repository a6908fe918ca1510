"""Editions: which rule data holds for a region and a fiscal year.

Rule files lie under ``rulebook/data/<family>/<kind>/<name>.toml`` and begin with an ``[edition]``
table. An edition of a city overrides the nation's; the first level that has one covering the year
is taken. A file may extend another by differences, a chain of two at most.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


class EditionMissing(LookupError):
    """No edition of this kind holds for this region and year."""

    def __init__(self, family: str, kind: str, region: str, fiscal_year: int) -> None:
        super().__init__(f"{family}/{kind}: {region}, {fiscal_year}")
        self.family, self.kind, self.region, self.fiscal_year = family, kind, region, fiscal_year


class EditionConflict(ValueError):
    """Two editions of one region claim the same year, or leave a year between them empty."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The head of a rule file. ``id`` is "<kind>/<name>"; years are inclusive, open-ended when
    ``last_fiscal_year`` is None. A region may print one form in several variants at a time; the
    plain one has the empty name."""

    id: str
    family: str
    kind: str
    region: str
    first_fiscal_year: int
    last_fiscal_year: int | None
    supersedes: str
    issued_under: str
    verified: bool
    variant: str = ""

    def covers(self, fiscal_year: int) -> bool:
        ended = self.last_fiscal_year is not None and fiscal_year > self.last_fiscal_year
        return fiscal_year >= self.first_fiscal_year and not ended


def read_toml(path: Path) -> dict[str, Any]:
    """A rule file with exact decimals: no number in it ever becomes a float."""
    with path.open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)


@cache
def region_parents() -> Mapping[str, str]:
    """Region code → parent code, the nation's parent being the empty string."""
    regions = read_toml(DATA / "regions.toml")["region"]
    return {region["code"]: region["parent"] for region in regions}


def region_chain(region: str) -> Iterable[str]:
    """The region and those above it: district → city → province → nation."""
    parents = region_parents()
    while region:
        yield region
        region = parents.get(region, "")


def _edition(path: Path, family: str) -> Edition:
    head = read_toml(path)["edition"]
    kind = path.parent.name
    return Edition(
        id=f"{kind}/{path.stem}",
        family=family,
        kind=kind,
        region=head["region"],
        first_fiscal_year=head["first_fiscal_year"],
        last_fiscal_year=head.get("last_fiscal_year"),
        supersedes=head.get("supersedes", ""),
        issued_under=head.get("issued_under", ""),
        verified=head.get("verified", True),
        variant=head.get("variant", ""),
    )


def _last_year(edition: Edition, editions: Iterable[Edition]) -> int | None:
    successors = [e.first_fiscal_year for e in editions if e.supersedes == edition.id]
    if edition.last_fiscal_year is not None or not successors:
        return edition.last_fiscal_year
    return min(successors) - 1


@cache
def editions_of(family: str) -> tuple[Edition, ...]:
    """All editions of a family ("layouts", "scoring", "outlines", "forms"), checked.

    Raises EditionConflict on gaps or overlaps within one kind, region and variant.
    """
    found = [_edition(path, family) for path in sorted((DATA / family).glob("*/*.toml"))]
    closed = tuple(
        Edition(**{f: getattr(e, f) for f in Edition.__slots__} | {"last_fiscal_year": last})
        for e in found
        for last in [_last_year(e, found)]
    )
    for key in {(e.kind, e.region, e.variant) for e in closed}:
        refuse_conflicts([e for e in closed if (e.kind, e.region, e.variant) == key])
    return closed


def refuse_conflicts(editions: Iterable[Edition]) -> None:
    """Raise EditionConflict unless the editions follow one another without gap or overlap."""
    ordered = sorted(editions, key=lambda edition: edition.first_fiscal_year)
    for earlier, later in pairwise(ordered):
        if earlier.last_fiscal_year != later.first_fiscal_year - 1:
            raise EditionConflict(f"{earlier.id} → {later.id}")


def edition_for(family: str, kind: str, *, region: str, fiscal_year: int) -> Edition:
    """The edition in force. Raises EditionMissing when no level has one."""
    return editions_for(family, kind, region=region, fiscal_year=fiscal_year)[0]


def editions_for(family: str, kind: str, *, region: str, fiscal_year: int) -> tuple[Edition, ...]:
    """The edition in force in all its variants, the plain one first.

    Raises EditionMissing when no level has one.
    """
    for code in region_chain(region):
        found = [
            edition
            for edition in editions_of(family)
            if (edition.kind, edition.region) == (kind, code) and edition.covers(fiscal_year)
        ]
        if found:
            return tuple(sorted(found, key=lambda edition: edition.variant))
    raise EditionMissing(family, kind, region, fiscal_year)


def edition_path(family: str, edition_id: str) -> Path:
    """The file of an edition id. Raises KeyError for an unknown id, never follows a path."""
    known = {edition.id for edition in editions_of(family)}
    if edition_id not in known:
        raise KeyError(edition_id)
    return DATA / family / f"{edition_id}.toml"


@cache
def rules_hash() -> str:
    """SHA-256 over the names and bytes of all rule data: which rules a snapshot was made under."""
    digest = hashlib.sha256()
    for path in sorted(p for p in DATA.rglob("*") if p.is_file()):
        digest.update(path.relative_to(DATA).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
