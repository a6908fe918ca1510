"""评价结果应用 from and to the database: what was evaluated, decided, and is still to be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from departments.models import StaffMember
from departments.permissions import has_role
from departments.roles import Role
from filings.models import Filing
from filings.querysets import filing_scope
from filings.services import record
from filings.states import State
from performance.models import (
    DeclaredText,
    MeasureClosure,
    ResultDecision,
    SelfEvaluation,
    TargetDeclaration,
)
from performance.querysets import SelfEvaluationQuerySet
from performance.result_use import (
    ImprovementMeasure,
    ProjectResult,
    Use,
    check_result,
    load_result_rules,
    measures_of,
    words_for_declaration,
)
from performance.scoring.steps import plain
from performance.snapshots import evaluation_snapshot, subject_of, trimmed
from rulebook.findings import blocking
from rulebook.forms import load_form

HANDED_IN = (State.SUBMITTED, State.APPROVED, State.PUBLISHED)


class ResultRefused(Exception):
    """A decision or closure that cannot be kept; ``str`` says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class EvaluatedProject:
    """A project's evaluation with its result and its measures, as a page shows them."""

    row: SelfEvaluation
    result: ProjectResult
    measures: tuple[ImprovementMeasure, ...]

    @property
    def filing(self) -> Filing:
        return self.row.filing

    @property
    def open_measures(self) -> tuple[ImprovementMeasure, ...]:
        return tuple(each for each in self.measures if not each.done)

    @property
    def still_open(self) -> int:
        return len(self.open_measures)


def handed_in() -> SelfEvaluationQuerySet:
    """Evaluations of projects that were handed in and not replaced by a correction in force."""
    rows: SelfEvaluationQuerySet = SelfEvaluation.objects.filter(
        filing__state__in=HANDED_IN,
        filing__superseded_at=None,
        declaration__project__isnull=False,
    )
    return rows.exclude(
        filing__supersedes__state=State.PUBLISHED, filing__supersedes__superseded_at=None
    )


def evaluated_projects(rows: SelfEvaluationQuerySet) -> list[EvaluatedProject]:
    """The projects of some evaluations, in a constant number of queries."""
    found = rows.with_rows().select_related(
        "filing__department__region", "declaration__project", "declaration__unit",
        "scorecard", "result_decision",
    )  # fmt: skip
    return [evaluated_project(row) for row in found.prefetch_related("closures")]


def evaluated_project(row: SelfEvaluation) -> EvaluatedProject:
    snapshot = evaluation_snapshot(row, {})
    closed = {closure.key: closure.done for closure in row.closures.all()}
    return EvaluatedProject(row, result_of(row), measures_of(snapshot, closed))


def result_of(row: SelfEvaluation) -> ProjectResult:
    """The stored score of an evaluation with what was decided."""
    card = getattr(row, "scorecard", None)
    decision = getattr(row, "result_decision", None)
    grade = card.grade if card else ""
    total = trimmed(card.total) if card else None
    return ProjectResult(
        subject=subject_of(row.declaration),
        name=str(row.declaration),
        total="" if total is None else plain(total),
        grade=grade,
        proposed=load_result_rules(row.filing.scoring_edition).propose(grade),
        decided=Use(decision.decided) if decision else None,
        reason=decision.reason if decision else "",
    )


@transaction.atomic
def decide_result(
    *, evaluation: SelfEvaluation, staff: StaffMember, decided: Use, reason: str
) -> ResultDecision:
    """Decide what follows for a project, or change it; the history keeps every decision.

    Raises ResultRefused for another role and for a reason that is lacking (RU-101, RU-102).
    """
    if not has_role(staff, [Role.BUREAU_REVIEWER]):
        raise ResultRefused("评价结果应用由财政审核岗位确定。")
    if evaluation.filing.status not in HANDED_IN:
        raise ResultRefused("这份申报件还没有报送。")
    result = result_of(evaluation)
    proposed = result.proposed
    given = ProjectResult(
        result.subject, result.name, result.total, result.grade, proposed, decided, reason.strip()
    )
    if errors := blocking(check_result(given)):
        raise ResultRefused(f"{errors[0].message}{errors[0].hint}")
    decision, _ = ResultDecision.objects.update_or_create(
        evaluation=evaluation,
        defaults={
            "proposed": proposed.value if proposed else "",
            "decided": decided.value,
            "reason": reason.strip(),
            "decided_by": staff,
        },
    )
    detail = {"evaluation": evaluation.title, "decision": decided.label, "reason": reason.strip()}
    record(filing=evaluation.filing, staff=staff, action="decide_result", detail=detail)
    return decision


@transaction.atomic
def close_measure(
    *, evaluation: SelfEvaluation, staff: StaffMember, key: str, done: str
) -> MeasureClosure:
    """Register how an improvement measure was carried out. Raises ResultRefused."""
    filing = evaluation.filing
    if not has_role(staff, [Role.PREPARER]) or staff.department_id != filing.department_id:
        raise ResultRefused("改进措施的落实由本部门填报岗位登记。")
    row = SelfEvaluation.objects.with_rows().prefetch_related("closures").get(pk=evaluation.pk)
    known = {each.key: each for each in evaluated_project(row).open_measures}
    if key not in known:
        raise ResultRefused("没有这项改进措施，或已登记落实。")
    if not done.strip():
        raise ResultRefused("请写明落实情况。")
    closure = MeasureClosure.objects.create(
        evaluation=evaluation, key=key, text=known[key].text, done=done.strip(), closed_by=staff
    )
    detail = {"evaluation": evaluation.title, "indicator": known[key].name, "done": done.strip()}
    record(filing=filing, staff=staff, action="close_measure", detail=detail)
    return closure


def last_results(filing: Filing, projects: Iterable[int]) -> dict[int, EvaluatedProject]:
    """Project id → its latest evaluation of an earlier year than the filing's."""
    rows = handed_in().filter(
        declaration__project__in=list(projects),
        filing__department=filing.department_id,
        filing__fiscal_year__lt=filing.fiscal_year_id,
    )
    found = evaluated_projects(rows.order_by("filing__fiscal_year", "filing__version"))
    by_project = ((each.row.declaration.project_id, each) for each in found)
    return {project: each for project, each in by_project if project is not None}


def fill_from_last_result(declaration: TargetDeclaration) -> None:
    """Write what the record says about last year into the empty fields of a new declaration."""
    if declaration.project_id is None or not declaration.form:
        return
    known = last_results(declaration.filing, [declaration.project_id])
    found = known.get(declaration.project_id)
    if found is None:
        return
    year = found.filing.fiscal_year_id
    words = words_for_declaration(year, found.result, found.measures)
    fields = {field.key for field in load_form(declaration.form).fields()}
    for key, text in words.items():
        if key in fields:
            row, _ = DeclaredText.objects.get_or_create(declaration=declaration, key=key)
            if not row.text.strip():
                DeclaredText.objects.filter(pk=row.pk).update(text=text)


def visible_results(staff: StaffMember) -> SelfEvaluationQuerySet:
    """The results a person may see: a department its own, a bureau those of its region."""
    return handed_in().filter(filing_scope(staff, "filing__"))


def departments_of(rows: Iterable[EvaluatedProject]) -> list[tuple[str, str]]:
    """(code, name) of the departments of some results, by code."""
    found: dict[str, Any] = {
        each.filing.department.code: each.filing.department.name for each in rows
    }
    return sorted(found.items())
