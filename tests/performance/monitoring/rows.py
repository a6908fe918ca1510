"""A budget in force with the clean project's targets, for the tests of monitoring."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse

from departments.models import StaffMember
from filings.models import Filing, FilingKind
from filings.states import State
from performance.intake import replace_performance
from performance.models import MonitoringReport
from performance.monitoring_services import open_report
from tests import factories
from tests.performance.monitoring.values import DONE, JUNE
from tests.performance.rows import file_project
from tests.performance.values import PATROLS, SATISFACTION, clean_evaluation

BUDGET_LAYOUT = "departmental_budget/national_2023"


def file_budget(lin: StaffMember, state: State = State.APPROVED) -> Filing:
    """林's budget with one project of 100 万元 and its targets."""
    department = lin.department
    assert department is not None
    kind = FilingKind.DEPARTMENTAL_BUDGET
    filing = factories.make_filing(department, lin, kind=kind, layout_edition=BUDGET_LAYOUT)
    file_project(filing)
    declaration = replace(clean_evaluation().declaration, form="")
    replace_performance(filing=filing, staff=lin, declarations=[declaration], evaluations=[])
    Filing.objects.filter(pk=filing.pk).update(state=state)
    filing.refresh_from_db()
    return filing


def open_june(filing: Filing, lin: StaffMember) -> MonitoringReport:
    return open_report(filing=filing, staff=lin, month=JUNE)


def address(name: str, filing: Filing, *args: Any) -> str:
    return reverse(f"work:{name}", args=[filing.public_id, *args])


def entered(**changes: str) -> dict[str, str]:
    """What a person sends for the clean project in June; ``changes`` by name with _ for - and .

    Half is spent and half is reached: no error.
    """
    sent = {
        "version": "0",
        "spent": "50",
        "expected": "100",
        "measures-TOTAL_FORMS": "2",
        "measures-INITIAL_FORMS": "0",
    }
    soon = ["390元/件", "52次", "620人次", "98%", "下降5%", "满意"]
    for number, (achieved, expected) in enumerate(zip(DONE, soon, strict=True), 1):
        sent |= {f"row-1.{number}-achieved": achieved, f"row-1.{number}-expected": expected}
        sent[f"row-1.{number}-likelihood"] = "certain"
    sent[f"row-{SATISFACTION}-band"] = "reached"
    return sent | changes


ADJUSTING = {
    f"row-{PATROLS}-achieved": "10次",
    f"row-{PATROLS}-expected": "20次",
    f"row-{PATROLS}-likelihood": "impossible",
    f"row-{PATROLS}-obstacle": "staff",
    "measures-0-kind": "adjust_target",
    "measures-0-indicator": PATROLS,
    "measures-0-new_target": "≥20次",
    "measures-0-text": "人员调整，下半年减少巡查",
}
