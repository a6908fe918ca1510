"""Catalogues of classification codes as data: what a year's codes are called and mean.

The files are ``rulebook/data/classifications/<classification>_<year>.csv``. A row is unverified
where it was compiled from general knowledge and occurs in no published document; it stays so until
a bureau imports its own year's catalogue. Definitions are in our own words.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from rulebook.editions import DATA

FOLDER = DATA / "classifications"


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One code. ``level`` is 类, 款 or 项; ``source`` names where the row occurs, ";" between.

    ``basic_group`` says on which side of basic expenditure an economic code stands: "personnel"
    (人员经费), "operating" (公用经费), or empty where it belongs to neither.
    """

    code: str
    name: str
    level: str
    source: str
    verified: bool
    definition: str = ""
    basic_group: str = ""


def catalogue_names() -> tuple[str, ...]:
    """The catalogues there are, such as "functional_2023"."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.csv")))


@cache
def read_catalogue(name: str) -> tuple[CatalogueRow, ...]:
    """All rows in the order of their codes. Raises KeyError for an unknown catalogue."""
    if name not in catalogue_names():
        raise KeyError(name)
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_row(raw) for raw in csv.DictReader(file))


def _row(raw: dict[str, str]) -> CatalogueRow:
    return CatalogueRow(
        code=raw["code"],
        name=raw["name"],
        level=raw["level"],
        source=raw["source"],
        verified=raw["verified"] == "true",
        definition=raw["definition"],
        basic_group=raw.get("basic_group", ""),
    )
