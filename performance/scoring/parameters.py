"""ScoringParameters: the typed view of one scoring edition (rulebook/data/scoring/…)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from performance.evaluation import DEPARTMENT, Band, is_overall
from performance.scoring.formulas import Formula
from rulebook.editions import edition_path, read_toml

FAMILY = "scoring"
PROJECT = "project"


class Component(StrEnum):
    """The parts a score is made of."""

    EXECUTION = "execution"
    OBJECTIVE = "objective"
    INDICATORS = "indicators"

    @property
    def label(self) -> str:
        return {
            "execution": "预算执行情况",
            "objective": "绩效总目标",
            "indicators": "年度绩效指标",
        }[self.value]


class ClauseKey(StrEnum):
    EXECUTION = "execution"
    OBJECTIVE = "objective"
    BLOCK = "block"
    QUANTITATIVE = "quantitative"
    QUALITATIVE = "qualitative"
    TREND = "trend"
    GRADE = "grade"


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence of the edition, with the key of its document (documents.toml)."""

    text: str
    citation: str
    verified: bool


@dataclass(frozen=True, slots=True)
class SplitPart:
    """Points that some first-tier indicators have together."""

    tier_ones: tuple[str, ...]
    points: Decimal

    @property
    def shown(self) -> str:
        return f"{'＋'.join(self.tier_ones)} {self.points}分"


@dataclass(frozen=True, slots=True)
class Scheme:
    """The points of one kind of form; ``objective`` is None where the form scores none.

    ``splits`` are the ways the points may be divided over the first tier, any where there are
    none. With ``is_per_block`` the indicators have no points of their own: the block has.
    """

    title: str
    execution: Decimal
    objective: Decimal | None
    indicators: Decimal
    required_tier_ones: tuple[str, ...]
    splits: tuple[tuple[SplitPart, ...], ...] = ()
    is_per_block: bool = False

    @property
    def full_points(self) -> Decimal:
        return self.execution + (self.objective or Decimal(0)) + self.indicators


@dataclass(frozen=True, slots=True)
class BandRule:
    """A band in per cent of the points: ``low`` included, ``high`` only where it is full."""

    band: Band
    low: Decimal
    high: Decimal

    def holds(self, percentage: Decimal, full: Decimal) -> bool:
        return self.low <= percentage < self.high or percentage == self.high == full

    @property
    def shown(self) -> str:
        return f"{self.low}%（含）至{self.high}%"


@dataclass(frozen=True, slots=True)
class GradeRule:
    label: str
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class ScoringParameters:
    """Everything of an edition that scoring and checks read."""

    edition_id: str
    title: str
    schemes: Mapping[str, Scheme]
    tier_two_merged: bool
    execution_formula: Formula
    rate_decimals: int
    indicator_decimals: int
    reverse_formula: Formula
    equal_formula: Formula
    over_fulfilment_bound: Decimal
    bands: tuple[BandRule, ...]
    grades: tuple[GradeRule, ...]
    same_measure_share: Decimal
    placeholders: frozenset[str]
    reverse_words: tuple[str, ...]
    clauses: Mapping[str, Clause]

    def scheme_for(self, subject: str) -> Scheme:
        """The scheme of a subject: the department or a unit as a whole, otherwise a project."""
        return self.schemes[DEPARTMENT if is_overall(subject) else PROJECT]

    def band_rule(self, band: Band) -> BandRule:
        return next(rule for rule in self.bands if rule.band is band)

    def clause(self, key: ClauseKey) -> Clause:
        return self.clauses[key.value]

    def propose_band(self, percentage: Decimal) -> Band | None:
        """The band a share of the points falls into, for a form to preselect."""
        full = max(rule.high for rule in self.bands)
        return next((r.band for r in self.bands if r.holds(percentage, full)), None)

    def grade_of(self, total: Decimal) -> str:
        """The grade of a total of full points; the grades stand from the best to the worst."""
        return next((g.label for g in self.grades if total >= g.at_least), self.grades[-1].label)


@cache
def load_parameters(edition_id: str) -> ScoringParameters:
    """The parameters of an edition such as "self_evaluation/wuhan_2023".

    Raises KeyError for an unknown edition or a file that lacks a key.
    """
    return parameters_from(read_toml(edition_path(FAMILY, edition_id)))


def parameters_from(data: Mapping[str, Any]) -> ScoringParameters:
    """An edition's TOML, already read with exact decimals, as typed parameters."""
    indicators, lint = data["indicators"], data["lint"]
    return ScoringParameters(
        edition_id=data["edition"]["id"],
        title=data["edition"]["title"],
        schemes={key: _scheme(table) for key, table in data["scheme"].items()},
        tier_two_merged=data["weights"]["tier_two_merged"],
        execution_formula=Formula(data["execution"]["formula"]),
        rate_decimals=data["execution"]["rate_decimals"],
        indicator_decimals=indicators["decimals"],
        reverse_formula=Formula(indicators["reverse_formula"]),
        equal_formula=Formula(indicators["equal_formula"]),
        over_fulfilment_bound=Decimal(indicators["over_fulfilment_bound"]),
        bands=tuple(_band(table) for table in data["band"]),
        grades=tuple(GradeRule(g["label"], Decimal(g["from"])) for g in data["grade"]),
        same_measure_share=Decimal(lint["same_measure_share"]),
        placeholders=frozenset(lint["placeholders"]),
        reverse_words=tuple(data["direction"]["ask_words"]),
        clauses={key: _clause(table) for key, table in data["clause"].items()},
    )


def _scheme(table: Mapping[str, Any]) -> Scheme:
    objective = table.get("objective")
    return Scheme(
        title=table["title"],
        execution=Decimal(table["execution"]),
        objective=None if objective is None else Decimal(objective),
        indicators=Decimal(table["indicators"]),
        required_tier_ones=tuple(table["required_tier_ones"]),
        splits=tuple(
            tuple(SplitPart(tuple(part["tiers"]), Decimal(part["points"])) for part in split)
            for split in table.get("splits", [])
        ),
        is_per_block=table.get("per_block", False),
    )


def _band(table: Mapping[str, Any]) -> BandRule:
    return BandRule(Band(table["key"]), Decimal(table["from"]), Decimal(table["to"]))


def _clause(table: Mapping[str, Any]) -> Clause:
    return Clause(table["text"], table["citation"], table["verified"])
