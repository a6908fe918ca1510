"""PURE: the indicator tree of an edition (一级 → 二级), proposed when targets are declared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from performance.scoring.parameters import FAMILY
from rulebook.editions import edition_path, read_toml


@dataclass(frozen=True, slots=True)
class TierOne:
    """一级指标 with the 二级指标 under it, in the order of the form."""

    name: str
    tier_twos: tuple[str, ...]


@cache
def tree_of(edition_id: str) -> tuple[TierOne, ...]:
    """The tree of a scoring edition; empty where the edition leaves it free."""
    tiers = read_toml(edition_path(FAMILY, edition_id)).get("tier", [])
    return tuple(TierOne(tier["name"], tuple(tier["children"])) for tier in tiers)
