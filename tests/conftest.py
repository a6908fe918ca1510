"""The three people of every test: 林 files, 王 reviews, 外 must see nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from budgets.models import Workbook
from departments.models import Department, Role, StaffMember, Unit
from filings.models import Filing
from tests import factories
from tests.effort import IN_CI, examples
from tests.once_a_run import share_in

# No deadline: a busy machine is slow, and that is no bug.
settings.register_profile("any machine", deadline=None, max_examples=examples(100))
settings.load_profile("any machine")

SignIn = Callable[[StaffMember], Client]
Made = TypeVar("Made")


class Share(Protocol):
    """Calls a function that makes rows, and gives back what it returns."""

    def __call__(self, make: Callable[[], Made]) -> Made: ...


@pytest.fixture(scope="session", autouse=True)
def common_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where workers leave for each other what takes long to make; alone, a process keeps it."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        share_in(tmp_path_factory.getbasetemp().parent)


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """CI migrates; elsewhere the tables come from the models, which halves a worker's start.

    That the migrations end at the models is tested everywhere, in ``setup/test_migrations.py``.
    """
    return IN_CI


@pytest.fixture(scope="module")
def share(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Share]:
    """``share(make)`` makes rows once for all tests of a module.

    They lie in a transaction around those of the tests: what a test changes is undone after it.
    Objects are not undone: hand each test a copy.
    """

    def make_once(make: Callable[[], Made]) -> Made:
        with django_db_blocker.unblock():
            return make()

    block = transaction.atomic()
    make_once(block.__enter__)
    yield make_once
    make_once(lambda: transaction.set_rollback(True))
    make_once(lambda: block.__exit__(None, None, None))


@pytest.fixture
def department(db: None) -> Department:
    return factories.make_department("示例部门甲")


@pytest.fixture
def unit(department: Department) -> Unit:
    return factories.make_unit(department)


@pytest.fixture
def lin(department: Department) -> StaffMember:
    """林 files for her department."""
    return factories.make_staff("lin", Role.PREPARER, department=department, display_name="林")


@pytest.fixture
def internal_reviewer(department: Department) -> StaffMember:
    """A colleague who reviews before the department hands in."""
    return factories.make_staff("shen", Role.INTERNAL_REVIEWER, department=department)


@pytest.fixture
def wang(department: Department) -> StaffMember:
    """王 reviews for the bureau of the department's region."""
    return factories.make_staff("wang", Role.BUREAU_REVIEWER, display_name="王")


@pytest.fixture
def publisher(department: Department) -> StaffMember:
    return factories.make_staff("fabu", Role.PUBLISHER)


@pytest.fixture
def system_admin(db: None) -> StaffMember:
    return factories.make_staff("guanli", Role.SYSTEM_ADMIN)


@pytest.fixture
def wai(db: None) -> StaffMember:
    """外 files for another department and must see nothing of 林's."""
    other = factories.make_department("示例部门乙")
    factories.make_unit(other)
    return factories.make_staff("wai", Role.PREPARER, department=other, display_name="外")


@pytest.fixture
def filing(department: Department, unit: Unit, lin: StaffMember) -> Filing:
    """林's final accounts of the year, a draft."""
    return factories.make_filing(department, lin)


@pytest.fixture
def workbook(filing: Filing, unit: Unit) -> Workbook:
    return factories.make_workbook(filing, unit)


@pytest.fixture
def sign_in() -> SignIn:
    """``sign_in(lin)`` is a client with 林 signed in."""

    def enter(staff: StaffMember) -> Client:
        client = Client()
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter
