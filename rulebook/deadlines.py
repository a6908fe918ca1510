"""Deadlines that regulations set, counted in calendar days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from rulebook.citations import Citation, cite
from rulebook.editions import DATA, read_toml

DISCLOSURE = "disclosure"


@dataclass(frozen=True, slots=True)
class Deadline:
    """So many days after the event that starts it."""

    days: int
    citation: Citation

    def after(self, event: date) -> date:
        """The last day on which it is still in time."""
        return event + timedelta(days=self.days)


@cache
def deadlines() -> dict[str, Deadline]:
    """All deadlines of ``rulebook/data/deadlines.toml`` by key."""
    return {
        raw["key"]: Deadline(raw["days"], cite(raw["document"], raw["article"]))
        for raw in read_toml(DATA / "deadlines.toml")["deadline"]
    }


def disclosure_due(approved_on: date) -> date:
    """The last day for publishing (公开时限) what was approved on ``approved_on``."""
    return deadlines()[DISCLOSURE].after(approved_on)
