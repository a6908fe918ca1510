"""What the desks say at a glance: filings with errors, and how scores are spread over grades."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.models import Cell
from departments.models import FiscalYear, Role, StaffMember
from filings.models import Filing, FindingRecord, Receipt
from filings.services import touch
from filings.states import State
from performance.models import SelfEvaluation, StoredScorecard, TargetDeclaration
from reviews import services
from reviews.grades import grades_of
from tests import factories
from tests.conftest import SignIn

WRONG = re.compile(r"有误 (\d+)</span>")


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


def desk(staff: StaffMember, sign_in: SignIn, query: str = "") -> str:
    return sign_in(staff).get(reverse("work:index") + query).content.decode()


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert client.get(reverse("work:index")).status_code == 200
    return len(counted)


def spoil(filing: Filing) -> None:
    """One cell of the summary changed, as a save would do it."""
    cell = Cell.objects.filter(workbook__filing=filing, sheet="expenditure_sheet").first()
    assert cell is not None
    assert cell.value is not None
    cell.value += 1
    cell.save()
    touch(filing=filing)


def test_a_draft_with_errors_says_how_many_and_is_filtered_by_it(
    draft: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    assert not WRONG.search(desk(lin, sign_in))
    spoil(draft)
    text = desk(lin, sign_in)
    found = WRONG.search(text)
    assert found
    assert found[1] != "0"
    only = desk(lin, sign_in, "?errors=1")
    assert "有误 1 份" in only
    assert reverse("work:filing_overview", args=[draft.public_id]) in only
    assert "开始填报" not in only


def test_a_waived_error_is_none(
    draft: Filing, lin: StaffMember, wang: StaffMember, sign_in: SignIn
) -> None:
    spoil(draft)
    assert WRONG.search(desk(lin, sign_in))
    page = sign_in(lin).get(reverse("work:filing_findings", args=[draft.public_id]))
    for check in {finding["check_id"] for finding in page.context["blocking"]}:
        services.waive(
            filing=draft, staff=wang, check_id=check, reason="x", expires_on=date(2099, 1, 1)
        )
    assert not WRONG.search(desk(lin, sign_in))


def test_a_bureau_counts_what_was_handed_in_and_never_a_draft(
    submitted: Filing, lin: StaffMember, wang: StaffMember, sign_in: SignIn
) -> None:
    assert not WRONG.search(desk(wang, sign_in))
    FindingRecord.objects.filter(filing=submitted).update(severity="notice")
    one = FindingRecord.objects.create(
        filing=submitted,
        snapshot=Receipt.objects.get().snapshot,
        sequence=99,
        check_id="FA-101",
        severity="error",
        identity="x",
        title="x",
        message="x",
    )
    for page in (reverse("work:index"), reverse("work:filing_list")):
        for query in ("", "?errors=1"):
            text = sign_in(wang).get(page + query).content.decode()
            assert WRONG.findall(text) == ["1"], page
    one.delete()
    Filing.objects.update(state=State.RETURNED)
    spoil(submitted)
    assert WRONG.search(desk(lin, sign_in))
    assert not WRONG.search(desk(wang, sign_in))
    listed = sign_in(wang).get(reverse("work:filing_list") + "?errors=1").content.decode()
    assert submitted.department.name not in listed


def test_a_draft_is_computed_once_until_it_changes(
    draft: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    first, second = queries(client), queries(client)
    assert second < first
    assert second <= 12
    spoil(draft)
    assert queries(client) > second


# Scores by grade.


def scored(filing: Filing, grade: str, *, project: bool = True) -> None:
    subject = None
    if project:
        unit = filing.department.units.first() or factories.make_unit(filing.department)
        subject = factories.make_project(unit)
    declaration = TargetDeclaration.objects.create(filing=filing, project=subject)
    evaluation = SelfEvaluation.objects.create(filing=filing, declaration=declaration, title="自评")
    StoredScorecard.objects.create(
        evaluation=evaluation, scoring_edition=filing.scoring_edition, grade=grade
    )


def filed(state: State, number: int = 0) -> Filing:
    department = factories.make_department(f"示例评分部门{state}{number}")
    staff = factories.make_staff(f"s-{state}-{number}", department=department)
    return factories.make_filing(department, staff, state=state)


@pytest.fixture
def bureau(db: None) -> StaffMember:
    return factories.make_staff("ju", Role.BUREAU_REVIEWER)


def counts(staff: StaffMember) -> dict[str, tuple[int, int]]:
    rows = grades_of(staff, factories.YEAR).rows
    return {row.label: (row.departments, row.projects) for row in rows}


def test_scores_are_counted_by_the_grades_of_the_edition(
    bureau: StaffMember, sign_in: SignIn
) -> None:
    filing = filed(State.SUBMITTED)
    scored(filing, "良", project=False)
    for grade in ("优", "优", "差", ""):
        scored(filing, grade)
    assert counts(bureau) == {
        "优": (0, 2),
        "良": (1, 0),
        "中": (0, 0),
        "差": (0, 1),
        "待定": (0, 1),
    }
    text = desk(bureau, sign_in)
    assert 'aria-label="优 2 份，占 40.0%"' in text
    assert "总分90分（含）以上为优" in text


def test_what_is_being_mended_or_belongs_elsewhere_is_not_counted(bureau: StaffMember) -> None:
    elsewhere = factories.make_staff(
        "elsewhere", Role.BUREAU_REVIEWER, region=factories.make_region("420106")
    )
    for state in (State.DRAFT, State.INTERNAL_REVIEW, State.RETURNED, State.WITHDRAWN):
        scored(filed(state), "优")
    assert counts(bureau) == {}
    scored(filed(State.APPROVED), "优")
    assert counts(bureau)["优"] == (0, 1)
    assert counts(elsewhere) == {}


def test_a_report_under_correction_counts_once(
    published: Filing, lin: StaffMember, wang: StaffMember
) -> None:
    before = counts(wang)
    assert sum(map(sum, before.values()))
    correction = services.open_correction(filing=published, staff=lin)
    Filing.objects.filter(pk=correction.pk).update(state=State.SUBMITTED)
    assert counts(wang) == before
    Filing.objects.filter(pk=published.pk).update(state=State.WITHDRAWN)
    assert counts(wang) == before


def test_the_overview_asks_as_often_for_many_scores_as_for_few(
    bureau: StaffMember, sign_in: SignIn
) -> None:
    scored(filed(State.SUBMITTED), "优")

    client = sign_in(bureau)
    before = queries(client)
    for number in range(1, 8):
        for grade in ("优", "良", ""):
            scored(filed(State.SUBMITTED, number * 10 + len(grade) + ord(grade or "0")), grade)
    assert queries(client) == before <= 13


def test_without_scores_nothing_is_drawn(bureau: StaffMember, sign_in: SignIn) -> None:
    assert "得分分布" not in desk(bureau, sign_in)


def test_a_filing_of_another_year_that_waits_is_not_lost(
    submitted: Filing, wang: StaffMember, publisher: StaffMember, sign_in: SignIn
) -> None:
    """The desk opens at the newest year; what waits in an older one is named with its year."""
    newer = submitted.fiscal_year_id + 1
    FiscalYear.objects.create(year=newer)
    words = f"{submitted.fiscal_year_id} 年 1 份"
    assert words in desk(wang, sign_in)
    assert words not in desk(wang, sign_in, f"?year={submitted.fiscal_year_id}")
    assert words not in desk(publisher, sign_in)
