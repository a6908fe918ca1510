"""A budget approved for 林's department, with the targets that its final accounts evaluate."""

from __future__ import annotations

from dataclasses import replace

from departments.models import StaffMember
from filings.models import Filing, FilingKind
from filings.states import State
from performance.entries import EvaluationEntry
from performance.evaluation import DEPARTMENT, DeclarationSnapshot
from performance.intake import replace_performance
from performance.models import SelfEvaluation
from performance.services import save_self_evaluation
from tests import factories
from tests.performance.values import clean_evaluation, wuhan_2023

WEIGHTS = [10, 10, 10, 10, 10, 10]


def unweighted(subject: str) -> DeclarationSnapshot:
    """The clean targets as a declaration form has them: without points."""
    declared = clean_evaluation().declaration
    goals = tuple(
        replace(
            goal,
            weight=None,
            indicators=tuple(
                replace(row, weight=None, tier_one_weight=None, tier_two_weight=None)
                for row in goal.indicators
            ),
        )
        for goal in declared.goals
    )
    return replace(declared, subject=subject, goals=goals)


def approve_budget(filing: Filing, lin: StaffMember, *subjects: str) -> Filing:
    """A budget of the same department and year with targets of the subjects, approved.

    Where the department declares, its first indicator is fed by that of every project.
    """
    declared = [unweighted(subject) for subject in sorted(subjects)]
    if DEPARTMENT in subjects:
        declared = [d if d.subject == DEPARTMENT else _feeding(d) for d in declared]
    kind = FilingKind.DEPARTMENTAL_BUDGET
    budget = factories.make_filing(filing.department, lin, kind=kind)
    replace_performance(filing=budget, staff=lin, declarations=declared, evaluations=[])
    Filing.objects.filter(pk=budget.pk).update(state=State.APPROVED)
    budget.refresh_from_db()
    return budget


def _feeding(declared: DeclarationSnapshot) -> DeclarationSnapshot:
    goal = declared.goals[0]
    first = replace(goal.indicators[0], feeds="1.1")
    return replace(declared, goals=(replace(goal, indicators=(first, *goal.indicators[1:])),))


def fill_in(evaluation: SelfEvaluation, lin: StaffMember) -> None:
    """Points and results of the clean form: 100 points."""
    clean = clean_evaluation()
    results = {
        row.indicator: {
            "achieved": row.achieved,
            "band": row.judgement.band.value if row.judgement else "",
            "percentage": row.judgement.percentage if row.judgement else None,
        }
        for row in clean.results
    }
    weights = {"1": wuhan_2023().scheme_for(clean.subject).indicators}
    weights |= {f"1.{n}": factories.Decimal(w) for n, w in enumerate(WEIGHTS, 1)}
    judged = clean.objective_judgement
    assert judged is not None
    entry = EvaluationEntry(
        fields={
            "objective_achieved": "全年工作按计划完成。",
            "objective_band": judged.band.value,
            "objective_percentage": judged.percentage,
        },
        results=results,
        weights=weights,
    )
    save_self_evaluation(evaluation=evaluation, staff=lin, version=evaluation.version, entry=entry)
    evaluation.refresh_from_db()
