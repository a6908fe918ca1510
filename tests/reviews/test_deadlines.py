"""报送期限: set by the bureau per year and kind, taken by filings, late said in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from departments.models import Department, FiscalYear, Role, StaffMember
from filings.deadlines import DeadlineRefused, set_deadline
from filings.models import Filing, FilingDeadline, Receipt
from filings.services import open_filing
from filings.states import State
from tests import factories
from tests.conftest import SignIn

BUDGET = "departmental_budget"
PAGE = "work:deadlines"


def days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


def set_day(wang: StaffMember, number: int, kind: str = factories.KIND) -> None:
    FiscalYear.objects.get_or_create(year=factories.YEAR)
    set_deadline(staff=wang, fiscal_year=factories.YEAR, kind=kind, due_on=days(number))


def desk(staff: StaffMember, sign_in: SignIn) -> str:
    return sign_in(staff).get(reverse("work:index")).content.decode()


def test_the_bureau_sets_the_days_of_a_year(
    draft: Filing, lin: StaffMember, wang: StaffMember, sign_in: SignIn
) -> None:
    client, due = sign_in(wang), days(9)
    data = {"year": str(factories.YEAR), factories.KIND: due.isoformat(), BUDGET: ""}
    said = client.post(reverse(PAGE), data, follow=True).content.decode()
    assert "报送期限已保存" in said
    assert f'value="{due.isoformat()}"' in said
    draft.refresh_from_db()
    assert draft.due_on == due
    assert "还有 9 天" in desk(lin, sign_in)
    client.post(reverse(PAGE), data | {factories.KIND: ""})
    draft.refresh_from_db()
    assert draft.due_on is None
    assert [e.action_flag for e in LogEntry.objects.order_by("id")] == [1, 3]


def test_a_filing_opened_later_takes_the_day(
    department: Department, lin: StaffMember, wang: StaffMember, sign_in: SignIn
) -> None:
    set_day(wang, 4)
    assert desk(lin, sign_in).count("还有 4 天") == 1
    filing = open_filing(
        staff=lin, department=department, fiscal_year=factories.YEAR, kind=factories.KIND
    )
    assert filing.due_on == days(4)


def test_a_day_that_has_passed_is_said_in_words(
    draft: Filing, lin: StaffMember, wang: StaffMember, sign_in: SignIn
) -> None:
    set_day(wang, -3)
    assert "已逾期 3 天" in desk(lin, sign_in)
    text = desk(wang, sign_in)
    assert "部门决算逾期未报送 1 个部门（已逾期 3 天）" in text
    assert draft.department.name in text


@pytest.mark.parametrize(("due", "words"), [(0, "按期报送"), (-2, "逾期 2 天报送")])
def test_what_was_handed_in_says_whether_in_time(
    due: int,
    words: str,
    submitted: Filing,
    lin: StaffMember,
    wang: StaffMember,
    sign_in: SignIn,
) -> None:
    set_day(wang, due)
    for person in (lin, wang):
        text = desk(person, sign_in)
        assert words in text
        assert "未报送 1 个部门" not in text


def test_a_return_does_not_make_it_late(
    submitted: Filing, lin: StaffMember, wang: StaffMember, sign_in: SignIn
) -> None:
    Receipt.objects.update(issued_at=timezone.now() - timedelta(days=5))
    Filing.objects.update(state=State.RETURNED)
    set_day(wang, -3)
    assert "按期报送" in desk(lin, sign_in)
    set_day(wang, 3)
    assert "还有 3 天" in desk(lin, sign_in)


def test_a_published_filing_keeps_its_day(published: Filing, wang: StaffMember) -> None:
    set_day(wang, 3)
    published.refresh_from_db()
    assert published.due_on is None


def test_the_nearest_region_decides(db: None) -> None:
    city = factories.make_staff(
        "city", Role.BUREAU_REVIEWER, region=factories.make_region("420100")
    )
    lin = factories.make_staff("lin", department=factories.make_department("示例部门甲"))
    filing = factories.make_filing(lin.department or Department(), lin)
    set_day(city, 20)
    filing.refresh_from_db()
    assert filing.due_on == days(20)
    set_day(factories.make_staff("wang", Role.BUREAU_REVIEWER), 10)
    set_day(city, 30)
    filing.refresh_from_db()
    assert filing.due_on == days(10)


def test_nobody_else_sets_a_day(
    draft: Filing,
    lin: StaffMember,
    publisher: StaffMember,
    system_admin: StaffMember,
    sign_in: SignIn,
) -> None:
    data = {"year": str(factories.YEAR), factories.KIND: "2024-03-01"}
    for person in (lin, publisher, system_admin):
        assert sign_in(person).post(reverse(PAGE), data).status_code == 403
        with pytest.raises(DeadlineRefused):
            set_day(person, 1)
    assert not FilingDeadline.objects.exists()


def test_a_bureau_of_elsewhere_sets_only_its_own_days(draft: Filing, sign_in: SignIn) -> None:
    elsewhere = factories.make_staff(
        "elsewhere", Role.BUREAU_REVIEWER, region=factories.make_region("420106")
    )
    set_day(elsewhere, 3)
    draft.refresh_from_db()
    assert draft.due_on is None


def test_a_day_that_is_none_is_an_error_of_the_field(
    draft: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    data = {"year": str(factories.YEAR), factories.KIND: "明天", BUDGET: "2024-03-01"}
    answer = sign_in(wang).post(reverse(PAGE), data)
    assert factories.KIND in answer.context["form"].errors
    assert not FilingDeadline.objects.exists()
