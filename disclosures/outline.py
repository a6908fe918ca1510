"""PURE: the outline of a report, by edition: order and titles of its sections, and fixed texts.

Titles and texts may name ``{year}``, ``{prior_year}``, ``{department}`` and, for a section that
is repeated, ``{name}``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from rulebook.editions import edition_path, read_toml

FAMILY = "outlines"


@dataclass(frozen=True, slots=True)
class SectionOutline:
    """One section. ``each`` repeats it for every "sheet", "evaluation" or "declaration";
    ``number`` replaces the number style of its level."""

    key: str
    title: str
    each: str = ""
    number: str = ""
    sections: tuple[SectionOutline, ...] = ()

    def holds(self, key: str) -> bool:
        """Whether this is the section of that key, or one of those below it is."""
        return self.key == key or any(section.holds(key) for section in self.sections)


@dataclass(frozen=True, slots=True)
class DeclaredText:
    """A text that people write; ``section`` is where it is printed."""

    key: str
    label: str
    section: str
    required: bool
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Denial:
    """Words of which a text may not say there was nothing while the sheet holds figures."""

    sheet: str
    words: str


@dataclass(frozen=True, slots=True)
class Lints:
    """What must not be left in a published text (rules of the narrative)."""

    residues: tuple[str, ...]
    doubled: tuple[str, ...]
    denials: tuple[Denial, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of one edition; ``numbering`` holds the number style of each level."""

    id: str
    title: str
    cover_lines: tuple[str, ...]
    sample_banner: str
    assumed_mark: str
    assumed_note: str
    numbering: tuple[str, ...]
    parts: tuple[SectionOutline, ...]
    texts: tuple[DeclaredText, ...]
    lints: Lints
    terms: str

    def text(self, key: str) -> DeclaredText | None:
        return next((text for text in self.texts if text.key == key), None)

    def has_section(self, key: str) -> bool:
        """Whether the report prints a section of this key, at any level."""
        return any(section.holds(key) for section in self.parts)


@cache
def load_outline(edition_id: str) -> Outline:
    """The outline of an edition id. Raises KeyError when there is none."""
    raw = read_toml(edition_path(FAMILY, edition_id))
    lints = raw["lints"]
    return Outline(
        id=edition_id,
        title=raw["title"],
        cover_lines=tuple(raw["cover_lines"]),
        sample_banner=raw["sample_banner"],
        assumed_mark=raw["assumed_mark"],
        assumed_note=raw["assumed_note"],
        numbering=tuple(raw["numbering"]),
        parts=tuple(_section(part) for part in raw["part"]),
        texts=tuple(DeclaredText(**text) for text in raw["text"]),
        lints=Lints(
            tuple(lints["residues"]),
            tuple(lints["doubled"]),
            tuple(Denial(**denial) for denial in lints["denial"]),
        ),
        terms=raw["terms"],
    )


def _section(raw: dict[str, Any]) -> SectionOutline:
    below = tuple(_section(section) for section in raw.get("section", ()))
    return SectionOutline(**{k: v for k, v in raw.items() if k != "section"}, sections=below)
