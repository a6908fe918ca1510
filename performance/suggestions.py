"""Indicators to take over when targets are declared, each with its source.

Three origins, in this order: last year's declaration of the same subject with what was achieved,
projects like this one, the bureau's library. Another department's project is suggested only from
what it has published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from budgets.models import ProjectBudgetLine
from departments.models import StaffMember
from filings.models import Filing
from filings.querysets import filing_scope
from filings.states import State
from performance.evaluation import (
    DEPARTMENT,
    Direction,
    IndicatorKind,
    is_overall,
    unit_of_subject,
)
from performance.models import Indicator, IndicatorResult, LibraryIndicator, TargetDeclaration
from performance.models.library import LibraryScope
from rulebook.forms import Horizon

MOST_OF_AN_ORIGIN = 60
MOST_SIMILAR = 5
MOST_COMPARED = 2_000
ALIKE = 0.6
"""The share of letters two names have in common from which projects count as similar."""
YEARS_BACK = 3
LONGEST_QUERY = 60
OF_AN_INDICATOR = ("tier_one", "tier_two", "name", "kind", "direction", "basis", "basis_note")


class Origin(StrEnum):
    """Where a suggestion comes from."""

    LAST_YEAR = "last_year"
    SIMILAR = "similar"
    LIBRARY = "library"

    @property
    def label(self) -> str:
        return {"last_year": "上年申报", "similar": "类似项目", "library": "指标库"}[self.value]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An indicator with its source in words. ``target`` is a value to start from; ``last_year``
    and ``two_years_before`` go into the columns of the new form."""

    origin: Origin
    source: str
    tier_one: str
    tier_two: str
    name: str
    kind: str
    direction: str
    basis: str
    basis_note: str
    target: str
    measure: str = ""
    last_year: str = ""
    two_years_before: str = ""

    @property
    def key(self) -> str:
        """By which a person's choice finds it again; another once anything of it has changed."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:16]

    @property
    def kind_label(self) -> str:
        return IndicatorKind(self.kind).label

    @property
    def direction_label(self) -> str:
        return Direction(self.direction).label if self.direction else ""


def query_of(text: str) -> str:
    """The words someone searches for, as many as are looked at."""
    return text[:LONGEST_QUERY].replace("\0", "").strip()


def grouped(suggestions: Iterable[Suggestion]) -> list[tuple[str, list[Suggestion]]]:
    """Origin in words → its suggestions, without those that have none."""
    found = list(suggestions)
    groups = ((o.label, [each for each in found if each.origin is o]) for o in Origin)
    return [(label, rows) for label, rows in groups if rows]


def suggestions_for(
    filing: Filing, subject: str, staff: StaffMember, words: str = ""
) -> list[Suggestion]:
    """What fits a subject of a filing and, with ``words``, holds each of them somewhere."""
    found = [
        *_last_year(filing, subject, staff),
        *([] if is_overall(subject) else _similar(filing, subject, staff)),
    ]
    wanted = words.split()
    matching = [each for each in found if all(_holds(each, word) for word in wanted)]
    return [*matching, *_library(filing, subject, words)]


def _holds(suggestion: Suggestion, word: str) -> bool:
    texts = (suggestion.name, suggestion.tier_one, suggestion.tier_two, suggestion.source)
    return any(word.casefold() in text.casefold() for text in texts)


def _of_subject(subject: str) -> Q:
    if subject == DEPARTMENT:
        return Q(project__isnull=True, unit__isnull=True)
    if unit := unit_of_subject(subject):
        return Q(unit__code=unit)
    return Q(project__code=subject)


def _last_year(filing: Filing, subject: str, staff: StaffMember) -> Iterator[Suggestion]:
    """The same subject's declaration of the year before, the latest version this person sees."""
    before = TargetDeclaration.objects.visible_to(staff).filter(
        _of_subject(subject),
        filing__department=filing.department_id,
        filing__fiscal_year=filing.fiscal_year_id - 1,
        filing__kind=filing.kind,
    )
    latest = (
        before.exclude(filing__state=State.WITHDRAWN.value)
        .order_by("-filing__version")
        .values_list("pk", flat=True)[:1]
    )
    achieved = _achieved(filing, subject, staff)
    source = f"{filing.fiscal_year_id - 1} 年本表"
    for row in _annual(latest):
        done = achieved.get(row.name, "")
        yield _suggested(
            Origin.LAST_YEAR, source, row, last_year=done or row.target, before=row.last_year
        )


def _achieved(filing: Filing, subject: str, staff: StaffMember) -> dict[str, str]:
    """Name → what last year's self-evaluation says was achieved."""
    results = IndicatorResult.objects.filter(
        filing_scope(staff, "evaluation__filing__"),
        evaluation__filing__department=filing.department_id,
        evaluation__filing__fiscal_year=filing.fiscal_year_id - 1,
        evaluation__declaration__in=TargetDeclaration.objects.filter(_of_subject(subject)),
    ).exclude(evaluation__filing__state=State.WITHDRAWN.value)
    ordered = results.order_by("evaluation__filing__version")
    return dict(ordered.values_list("indicator__name", "achieved"))


def _annual(declarations: Any) -> QuerySet[Indicator]:
    found: QuerySet[Indicator] = (
        Indicator.objects.filter(
            goal__declaration__in=declarations, goal__horizon=Horizon.ANNUAL.value
        )
        .select_related("goal__declaration__project", "goal__declaration__filing__department")
        .order_by("goal__declaration", "goal__number", "number")
    )
    return found[:MOST_OF_AN_ORIGIN]


def _suggested(
    origin: Origin, source: str, row: Indicator, *, last_year: str = "", before: str = ""
) -> Suggestion:
    taken = {name: getattr(row, name) for name in OF_AN_INDICATOR}
    return Suggestion(
        origin, source, **taken, target=row.target, last_year=last_year, two_years_before=before
    )


def _similar(filing: Filing, subject: str, staff: StaffMember) -> Iterator[Suggestion]:
    """Indicators of projects under the same functional code or with a name much alike.

    Filings this person may see, and published ones of anybody; only their projects' names are
    compared in memory, newest first.
    """
    own = ProjectBudgetLine.objects.filter(filing=filing, project__code=subject).first()
    code = own.functional_code if own else ""
    open_to_us = filing_scope(staff, "filing__") | Q(
        filing__state=State.PUBLISHED.value, filing__superseded_at=None
    )
    same_line = ProjectBudgetLine.objects.filter(
        filing=OuterRef("filing"), project=OuterRef("project"), functional_code=code
    ).exclude(functional_code="")
    candidates = (
        TargetDeclaration.objects.filter(
            open_to_us,
            project__isnull=False,
            filing__kind=filing.kind,
            filing__fiscal_year__lte=filing.fiscal_year_id,
            filing__fiscal_year__gte=filing.fiscal_year_id - YEARS_BACK,
        )
        .exclude(project__code=subject)
        .exclude(filing__state=State.WITHDRAWN.value)
        .annotate(is_same_code=Exists(same_line))
        .order_by("-is_same_code", "-filing__fiscal_year", "-pk")
        .values_list("pk", "project", "project__name", "is_same_code")[:MOST_COMPARED]
    )
    name = _name_of(filing, subject)
    chosen = _likest(name, candidates)
    rows = sorted(_annual(chosen), key=lambda row: chosen.index(row.goal.declaration_id))
    for row in rows:
        declared = row.goal.declaration
        of = declared.filing
        source = f"{of.department.name} {of.fiscal_year_id} 年“{declared.project}”"
        yield _suggested(Origin.SIMILAR, source, row)


def _name_of(filing: Filing, subject: str) -> str:
    projects = ProjectBudgetLine._meta.get_field("project").related_model
    found = projects._default_manager.filter(unit__department=filing.department_id, code=subject)
    return str(found.values_list("name", flat=True).first() or "")


def _likest(name: str, candidates: Iterable[tuple[int, int, str, bool]]) -> list[int]:
    """The newest declarations of the projects most like one of this name, the likest first."""
    ranked: list[tuple[float, int]] = []
    seen: set[int] = set()
    for pk, project, other, is_same_code in candidates:
        likeness = SequenceMatcher(None, name, other, autojunk=False).ratio() if name else 0
        if project not in seen and (is_same_code or likeness >= ALIKE):
            ranked.append((likeness, pk))
        seen.add(project)
    return [pk for _, pk in sorted(ranked, key=lambda each: -each[0])[:MOST_SIMILAR]]


def _library(filing: Filing, subject: str, words: str) -> Iterator[Suggestion]:
    """The library of the department's region; without words, what speaks of the project first."""
    scope = LibraryScope.OVERALL if is_overall(subject) else LibraryScope.PROJECT
    rows = LibraryIndicator.objects.in_force_in(filing.department.region_id).filter(
        scope__in=(scope, LibraryScope.ANY)
    )
    name = "" if is_overall(subject) else _name_of(filing, subject)
    found: Iterable[LibraryIndicator] = rows.about(words).select_related("region")
    if name and not words.strip():
        found = sorted(found, key=lambda row: not any(w in name for w in row.words.split()))
    for row in list(found)[:MOST_OF_AN_ORIGIN]:
        yield Suggestion(
            origin=Origin.LIBRARY,
            source=f"{row.region.name}指标库：{row.source}",
            tier_one=row.tier_one,
            tier_two=row.tier_two,
            name=row.name,
            kind=row.kind,
            direction=row.direction,
            basis="",
            basis_note=row.basis,
            target=row.reference,
            measure=row.measure,
        )
