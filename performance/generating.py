"""Targets of a self-evaluation taken from the declaration approved with the budget.

The two forms may differ, so only what both have is copied: the objective, the annual goals and
their indicators. A declaration form without points leaves the weights to be filled in; a single
goal has those of all indicators.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from departments.models import StaffMember
from filings.models import Filing, FilingKind
from filings.services import record, require_editable, touch
from filings.states import State
from performance.changing import carry_agreed
from performance.models import Goal, Indicator, TargetDeclaration
from performance.scoring import load_parameters
from performance.services import forms_of, open_self_evaluation
from performance.snapshots import goals_of, subject_of
from rulebook.forms import Horizon

APPROVED = (State.APPROVED.value, State.PUBLISHED.value)
COPIED = (
    "number", "tier_one", "tier_one_weight", "tier_two", "tier_two_weight", "name", "kind",
    "direction", "target", "weight", "basis", "basis_note", "classification", "note", "last_year",
    "two_years_before", "aggregation", "money_weight",
)  # fmt: skip


class TargetsExist(Exception):
    """The subject has targets already; they are never replaced without asking."""


class SourceMissing(Exception):
    """No approved declaration of this subject for the year."""


def source_filing(filing: Filing) -> Filing | None:
    """The latest approved or published budget of the same department and year."""
    budgets = Filing.objects.filter(
        department=filing.department_id,
        fiscal_year=filing.fiscal_year_id,
        kind=FilingKind.DEPARTMENTAL_BUDGET,
        state__in=APPROVED,
        superseded_at=None,
    )
    return budgets.order_by("-version").first()


def sources_of(filing: Filing) -> dict[str, TargetDeclaration]:
    """Subject → the declaration its targets can be taken from; none for a budget."""
    if filing.kind != FilingKind.DEPARTMENTAL_FINAL_ACCOUNTS:
        return {}
    budget = source_filing(filing)
    if budget is None:
        return {}
    rows = TargetDeclaration.objects.filter(filing=budget).with_rows()
    return {subject_of(row): row for row in rows}


def subjects_to_generate(filing: Filing) -> list[str]:
    """The subjects that were declared with the budget and have no targets here."""
    sources = sources_of(filing)
    known = TargetDeclaration.objects.filter(filing=filing).select_related("project", "unit")
    here = {subject_of(row) for row in known} if sources else set()
    return [subject for subject in sources if subject not in here]


@transaction.atomic
def generate_targets(
    *, filing: Filing, staff: StaffMember, subjects: Iterable[str]
) -> list[TargetDeclaration]:
    """Make the targets and the self-evaluations of the subjects from the approved declarations,
    with what monitoring agreed to since.

    All or none. Raises TargetsExist, SourceMissing (``str`` is the subject), EditionMissing,
    FilingLocked.
    """
    require_editable(filing, staff)
    sources = sources_of(filing)
    made = [_generate(filing, subject, sources) for subject in subjects]
    _link_parts(filing)
    for declaration in made:
        open_self_evaluation(declaration=declaration, staff=staff)
        detail = {"evaluation": str(declaration), "source": declaration.source}
        record(filing=filing, staff=staff, action="generate_targets", detail=detail)
    touch(filing=filing)
    carry_agreed(filing=filing, staff=staff)
    return made


def _generate(
    filing: Filing, subject: str, sources: dict[str, TargetDeclaration]
) -> TargetDeclaration:
    source = sources.get(subject)
    if source is None:
        raise SourceMissing(subject)
    declaration, created = TargetDeclaration.objects.get_or_create(
        filing=filing,
        project=source.project,
        unit=source.unit,
        defaults={
            "form": forms_of(filing, is_project=source.project is not None)[0].id,
            "objective": source.objective,
            "source": source_words(source),
            "source_declaration": source,
        },
    )
    if not created:
        raise TargetsExist(subject)
    rows: list[Indicator] = []
    goals = goals_of(source, Horizon.ANNUAL)
    scheme = load_parameters(filing.scoring_edition).scheme_for(subject)
    for goal in goals:
        weight = scheme.indicators if len(goals) == 1 and not scheme.is_per_block else None
        own = Goal.objects.create(
            declaration=declaration,
            number=goal.number,
            text=goal.text,
            weight=goal.weight or weight,
        )
        rows += [_copy(own, row) for row in goal.indicators.all()]
    Indicator.objects.bulk_create(rows)
    return declaration


def source_words(source: TargetDeclaration) -> str:
    """ "2023年部门预算（第1版）绩效目标申报表"."""
    filing = source.filing
    kind = FilingKind(filing.kind).label
    return f"{filing.fiscal_year_id}年{kind}（第{filing.version}版）绩效目标申报表"


def _copy(goal: Goal, row: Indicator) -> Indicator:
    return Indicator(goal=goal, **{field: getattr(row, field) for field in COPIED})


def _link_parts(filing: Filing) -> None:
    """Let shared indicators feed the department's as they did when declared."""
    rows = Indicator.objects.filter(
        goal__declaration__filing=filing, goal__declaration__source_declaration__isnull=False
    ).select_related("goal__declaration")
    here = {_place(row.goal.declaration.source_declaration_id, row): row for row in rows}
    declared = Indicator.objects.filter(
        feeds__isnull=False,
        goal__horizon=Horizon.ANNUAL.value,
        goal__declaration__in={row.goal.declaration.source_declaration_id for row in rows},
    ).select_related("goal", "feeds__goal")
    linked = []
    for source in declared:
        part = here.get(_place(source.goal.declaration_id, source))
        fed = source.feeds
        whole = here.get(_place(fed.goal.declaration_id, fed)) if fed else None
        if part and whole and part.feeds_id is None:
            part.feeds = whole
            linked.append(part)
    Indicator.objects.bulk_update(linked, ["feeds"])


def _place(declaration: int | None, row: Indicator) -> tuple[int | None, int, int]:
    return declaration, row.goal.number, row.number
