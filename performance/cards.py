"""What the page of a self-evaluation shows: a card per goal, a row per indicator, all together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from filings.models import Filing
from performance.aggregation import Aggregated
from performance.evaluation import GoalSnapshot, IndicatorSnapshot, ResultSnapshot
from performance.evaluation_forms import EvaluationForms, GoalPointsForm, ResultForm
from performance.links import anchor, shown
from performance.models import Indicator
from performance.overview import Evaluated
from performance.scoring import ScoreLine
from performance.scoring.parameters import Component
from performance.scoring.scorecard import GoalSubtotal
from performance.snapshots import goals_of
from rulebook.findings import Finding, Severity
from rulebook.forms import Horizon

REASONS_ASKED = frozenset({"deviation_reason", "improvement_measure", "execution_reason"})


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator with what was typed, its score line (None where the indicators are scored as
    one block), its findings and the requests to change it."""

    anchor: str
    result_id: int | None
    indicator: IndicatorSnapshot
    result: ResultSnapshot | None
    line: ScoreLine | None
    form: ResultForm
    findings: Sequence[Mapping[str, Any]]
    asks_reason: bool
    aggregated: Aggregated | None = None

    @property
    def has_reason(self) -> bool:
        """Whether the reasons are shown open: asked for, written, or with a form error."""
        written = self.result and (self.result.deviation_reason or self.result.improvement_measure)
        return self.asks_reason or bool(written) or bool(self.form.errors)


@dataclass(frozen=True, slots=True)
class GoalCard:
    goal: GoalSnapshot
    subtotal: GoalSubtotal
    rows: Sequence[Row]
    form: GoalPointsForm | None


def cards_of(filing: Filing, evaluated: Evaluated, forms: EvaluationForms) -> list[GoalCard]:
    """The goals of a self-evaluation in the order of the form."""
    stored = goals_of(evaluated.row.declaration, Horizon.ANNUAL)
    pairs = zip(evaluated.snapshot.declaration.goals, stored, strict=True)
    return [
        GoalCard(
            goal,
            subtotal,
            list(_rows(filing, evaluated, forms, goal, list(row.indicators.all()))),
            forms.goals.get(row.pk),
        )
        for (goal, row), subtotal in zip(pairs, evaluated.scorecard.goals, strict=True)
    ]


def _rows(
    filing: Filing,
    evaluated: Evaluated,
    forms: EvaluationForms,
    goal: GoalSnapshot,
    stored: Sequence[Indicator],
) -> Iterator[Row]:
    results = {result.indicator_id: result.pk for result in evaluated.row.results.all()}
    aggregated = {each.key: each for each in evaluated.aggregated}
    for indicator, row in zip(goal.indicators, stored, strict=True):
        findings = findings_of(evaluated, indicator.key)
        yield Row(
            anchor=anchor(indicator.key),
            result_id=results.get(row.pk),
            indicator=indicator,
            result=evaluated.snapshot.result_of(indicator.key),
            line=evaluated.scorecard.line(indicator.key),
            form=forms.results[row.pk],
            findings=[shown(filing, finding) for finding in findings],
            asks_reason=any(_asks_reason(finding) for finding in findings),
            aggregated=aggregated.get(indicator.key),
        )


def findings_of(evaluated: Evaluated, *rows: str) -> list[Finding]:
    """The findings that have a place in one of these rows of the self-evaluation."""
    heads = tuple(f"evaluation/{evaluated.snapshot.subject}/{row}/" for row in rows)
    return [f for f in evaluated.findings if any(place.startswith(heads) for place in f.places)]


def _asks_reason(finding: Finding) -> bool:
    fields = {place.rpartition("/")[2] for place in finding.places}
    return finding.severity is not Severity.NOTICE and bool(fields & REASONS_ASKED)


@dataclass(frozen=True, slots=True)
class Part:
    """A scored part of the form outside the goals: budget execution, the overall objective, or
    the indicators as one block."""

    anchor: str
    line: ScoreLine
    findings: Sequence[Mapping[str, Any]]
    asks_reason: bool


def part_of(filing: Filing, evaluated: Evaluated, component: Component) -> Part | None:
    """The part, None where the form does not score it."""
    line = evaluated.scorecard.line(component.value)
    if line is None:
        return None
    levels = {a.row for a in evaluated.snapshot.amounts if a.block == component.value}
    rows = (component.value, *(f"{component.value}.{level}" for level in sorted(levels)))
    findings = findings_of(evaluated, *rows)
    return Part(
        anchor(component.value),
        line,
        [shown(filing, finding) for finding in findings],
        any(_asks_reason(finding) for finding in findings),
    )
