"""How the scores of a bureau's departments are spread over the grades of the scoring edition."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from departments.models import StaffMember
from filings.querysets import filing_scope
from filings.states import State
from performance.models import StoredScorecard
from performance.scoring import load_parameters
from rulebook.amounts import half_up

HANDED_IN = (State.SUBMITTED, State.APPROVED, State.PUBLISHED)
UNDECIDED = "待定"


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One grade: how many self-evaluations of departments as a whole and of projects have it.

    ``width`` is in per mille of the most frequent grade, ``share`` in per cent of all.
    """

    label: str
    departments: int
    projects: int
    width: int
    share: Decimal

    @property
    def count(self) -> int:
        return self.departments + self.projects


@dataclass(frozen=True, slots=True)
class Grades:
    """The rows from the best grade to the worst, and the clauses that define them."""

    rows: tuple[GradeRow, ...] = ()
    clauses: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(row.count for row in self.rows)


def grades_of(staff: StaffMember, year: int | None) -> Grades:
    """The grades of what was handed in for a year; what is being mended counts when it is back.

    Of a published report and its correction under review only the published one counts.
    """
    if year is None:
        return Grades()
    cards = (
        StoredScorecard.objects.filter(
            filing_scope(staff, "evaluation__filing__"),
            evaluation__filing__fiscal_year=year,
            evaluation__filing__state__in=HANDED_IN,
            evaluation__filing__superseded_at=None,
        )
        .exclude(
            evaluation__filing__supersedes__state=State.PUBLISHED,
            evaluation__filing__supersedes__superseded_at=None,
        )
        .annotate(is_whole=Q(evaluation__declaration__project=None))
        .values_list("scoring_edition", "is_whole", "grade")
        .annotate(found=Count("pk"))
    )
    counted = list(cards)
    editions = sorted({edition for edition, *_ in counted})
    parameters = [load_parameters(edition) for edition in editions]
    labels = list(dict.fromkeys(grade.label for each in parameters for grade in each.grades))
    counts: Counter[tuple[str, bool]] = Counter()
    for _, is_whole, grade, found in counted:
        counts[grade or UNDECIDED, is_whole] += found
    clauses = tuple(dict.fromkeys(each.clauses["grade"].text for each in parameters))
    return Grades(_rows(labels, counts), clauses)


def _rows(labels: list[str], counts: Counter[tuple[str, bool]]) -> tuple[GradeRow, ...]:
    sums = {label: counts[label, True] + counts[label, False] for label in (*labels, UNDECIDED)}
    most, total = max(sums.values()), sum(sums.values())
    if not total:
        return ()
    return tuple(
        GradeRow(
            label,
            departments=counts[label, True],
            projects=counts[label, False],
            width=1000 * found // most,
            share=half_up(Decimal(100 * found) / Decimal(total), 1),
        )
        for label, found in sums.items()
        if found or label != UNDECIDED
    )
