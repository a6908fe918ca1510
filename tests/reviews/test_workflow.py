"""The whole table: state × role × step, from data, on the rules and through the services."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from departments.models import Department, Role, StaffMember
from filings.models import Event, Filing
from filings.states import State
from reviews import services
from reviews.workflow import TRANSITIONS, TransitionNotAllowed, allowed, require
from tests import factories

CASES = Path(__file__).parents[1] / "cases" / "workflow" / "steps.toml"
MAY = {
    (State(case["state"]), Role(case["role"]), step)
    for case in tomllib.loads(CASES.read_text(encoding="utf-8"))["may"]
    for step in case["steps"]
}
KEYS = [step.key for step in TRANSITIONS]

CALLS: dict[str, Callable[[Filing, StaffMember], Any]] = {
    "hand_over": lambda f, s: services.hand_over(filing=f, staff=s),
    "take_back": lambda f, s: services.take_back(filing=f, staff=s),
    "hand_back": lambda f, s: services.hand_back(filing=f, staff=s, reason="数字有误"),
    "submit": lambda f, s: services.submit(filing=f, staff=s),
    "recall": lambda f, s: services.recall(filing=f, staff=s),
    "send_back": lambda f, s: services.send_back(filing=f, staff=s),
    "approve": lambda f, s: services.approve(
        filing=f, staff=s, document_no="示例〔2024〕1号", issued_on=date(2024, 9, 1)
    ),
    "revoke": lambda f, s: services.revoke(filing=f, staff=s, reason="发现错误"),
    "publish": lambda f, s: services.publish(filing=f, staff=s),
    "withdraw": lambda f, s: services.withdraw(filing=f, staff=s, reason="发现错误"),
}


@pytest.mark.parametrize(("state", "role", "key"), list(product(State, Role, KEYS)))
def test_a_step_is_allowed_exactly_where_the_table_says(state: State, role: Role, key: str) -> None:
    offered = {step.key for step in allowed(state, role)}
    assert (key in offered) == ((state, role, key) in MAY)
    if (state, role, key) in MAY:
        assert require(key, state, role).key == key
    else:
        with pytest.raises(TransitionNotAllowed):
            require(key, state, role)


def test_an_opened_review_cannot_be_recalled() -> None:
    assert "recall" not in {
        step.key for step in allowed(State.SUBMITTED, Role.INTERNAL_REVIEWER, opened=True)
    }
    with pytest.raises(TransitionNotAllowed, match="已经打开"):
        require("recall", State.SUBMITTED, Role.INTERNAL_REVIEWER, opened=True)


@pytest.fixture
def people(department: Department) -> dict[Role, StaffMember]:
    region = department.region
    return {
        role: factories.make_staff(
            f"person-{role}",
            role,
            department=department if role in {Role.PREPARER, Role.INTERNAL_REVIEWER} else None,
            region=region if role in {Role.BUREAU_REVIEWER, Role.PUBLISHER} else None,
        )
        for role in Role
    }


@pytest.mark.parametrize("key", KEYS)
def test_the_service_refuses_whatever_the_table_does_not_list(
    key: str, filing: Filing, people: dict[Role, StaffMember]
) -> None:
    for state, role in product(State, Role):
        if (state, role, key) in MAY:
            continue
        Filing.objects.filter(pk=filing.pk).update(state=state)
        with pytest.raises(TransitionNotAllowed):
            CALLS[key](filing, people[role])
        filing.refresh_from_db()
        assert filing.state == state
    assert not Event.objects.filter(filing=filing).exists()


@pytest.mark.parametrize("key", KEYS)
def test_nobody_takes_a_step_in_a_filing_of_others(key: str, filing: Filing) -> None:
    """The right role in the right state, of another department or another region."""
    region = factories.make_region("420106")
    other = factories.make_department("示例部门丙", region="420106")
    for number, (state, role, step) in enumerate(MAY):
        if step == key:
            Filing.objects.filter(pk=filing.pk).update(state=state)
            staff = factories.make_staff(f"other-{number}", role, department=other, region=region)
            with pytest.raises(TransitionNotAllowed, match="不在您的办理范围"):
                CALLS[key](filing, staff)
            filing.refresh_from_db()
            assert filing.state == state
