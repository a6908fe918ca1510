"""PURE: the ``[monitoring]`` table of a scoring edition, typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from performance.scoring.parameters import FAMILY, Clause
from rulebook.addresses import CellRef
from rulebook.editions import edition_path, read_toml


@dataclass(frozen=True, slots=True)
class MonitoringRules:
    """Thresholds in per cent of the progress due by time, the cell of a department's budget, and
    the clause they rest on."""

    edition_id: str
    red_below: Decimal
    yellow_below: Decimal
    blue_from: Decimal
    budget: CellRef
    clause: Clause


@cache
def load_monitoring(edition_id: str) -> MonitoringRules:
    """The rules of an edition such as "self_evaluation/wuhan_2023".

    Raises KeyError for an unknown edition or one without the table.
    """
    return monitoring_from(read_toml(edition_path(FAMILY, edition_id)))


def monitoring_from(data: Mapping[str, Any]) -> MonitoringRules:
    """An edition's TOML, already read with exact decimals, as typed rules."""
    table = data["monitoring"]
    return MonitoringRules(
        edition_id=data["edition"]["id"],
        red_below=Decimal(table["red_below"]),
        yellow_below=Decimal(table["yellow_below"]),
        blue_from=Decimal(table["blue_from"]),
        budget=CellRef(*table["budget"].split("/")),
        clause=Clause(table["text"], table["citation"], table["verified"]),
    )
