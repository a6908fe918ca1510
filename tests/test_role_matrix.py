"""T05: who gets what at which address, as the golden table ``tests/cases/roles.toml``.

Each line of the table is a route; its columns are the roles of ``ROLES`` in that order, all of the
filing's own department or bureau. A route that is not in the table fails the test, so that a new
one is decided on and not forgotten.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from departments.models import Role, StaffMember
from filings.services import freeze
from filings.states import State
from tests import factories
from tests.conftest import Share
from tests.marked import Marked, in_state, make_marked, roots
from tests.routes import Route, all_routes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TABLE = Path(__file__).parent / "cases" / "roles.toml"
ROLES = ("preparer", "internal_reviewer", "bureau_reviewer", "publisher", "system_admin")
STATES = (State.DRAFT, State.SUBMITTED, State.PUBLISHED)
OTHER = "other"
ONE_EACH = {"subject": 0, "remark": 0, "tab": 0}


@cache
def table() -> dict[str, dict[str, str]]:
    with TABLE.open("rb") as file:
        return tomllib.load(file)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def files_of_the_tests(settings: object, folder: Path) -> None:
    for name, path in roots(folder).items():
        setattr(settings, name, path)


@pytest.fixture(scope="module")
def made(share: Share, folder: Path) -> Marked:
    """林's filing for all tests of the module; each takes a copy, ``in_state``."""
    return share(lambda: make_marked(folder))


def filed_in(state: State, made: Marked) -> Marked:
    marked = in_state(made, state)
    if state is State.PUBLISHED:
        content, rules = marked.snapshot.content, marked.snapshot.rules_sha256
        found = freeze(
            filing=marked.filing, staff=marked.lin, purpose="approval", content=b"", rules=rules
        )
        type(found).objects.filter(pk=found.pk).update(
            content=content, sha256=marked.snapshot.sha256
        )
    return marked


def person(role: str, marked: Marked) -> StaffMember:
    if role == Role.PREPARER:
        return marked.lin
    if role == Role.BUREAU_REVIEWER:
        return StaffMember.objects.get(username="wang")
    region = marked.filing.department.region
    if role == Role.PUBLISHER:
        return factories.make_staff(role, role, region=region)
    department = marked.filing.department if role == Role.INTERNAL_REVIEWER else None
    return factories.make_staff(role, role, department=department)


def staff_routes() -> list[Route]:
    left_out = {"", "logout", "view_on_site", "app_list"}
    return [route for route in all_routes() if route.is_staff and route.name not in left_out]


def lines(marked: Marked, *, of_filings: bool) -> list[tuple[str, str]]:
    """(line of the table, address) of the routes with or without a filing's id in them."""
    values = marked.values()
    values |= {name: values[name][number : number + 1] for name, number in ONE_EACH.items()}
    found = []
    for route in staff_routes():
        if bool({"filing", "file"} & set(route.wants)) == of_filings:
            keys = values["key"] if "key" in route.wants else [""]
            addresses = route.addresses(values)
            names = [f"{route.name} {key}".strip() for key in keys]
            found += list(zip(names, addresses, strict=True))
    return found


def status(client: Client, method: str, address: str) -> int:
    """What is answered. A GET may do nothing that stays (T41); what a POST did is undone."""
    if method == "GET":
        return client.get(address).status_code
    with transaction.atomic():
        answer = client.post(address, {})
        transaction.set_rollback(True)
    return answer.status_code


def rows(marked: Marked, method: str, *, of_filings: bool) -> dict[str, str]:
    """Line → the statuses of all roles, as the table writes them."""
    columns = []
    wanted = lines(marked, of_filings=of_filings)
    for role in ROLES:
        staff = person(role, marked)
        client = Client()
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        columns.append([status(client, method, address) for _, address in wanted])
    named = zip([name for name, _ in wanted], zip(*columns, strict=True), strict=True)
    return {name: " ".join(str(code) for code in codes) for name, codes in named}


@pytest.mark.parametrize("part", [*STATES, OTHER])
def test_who_reads_what_and_reading_changes_nothing(part: str, made: Marked) -> None:
    marked = filed_in(State.DRAFT if part == OTHER else State(part), made)
    before = marked.state()
    assert rows(marked, "GET", of_filings=part != OTHER) == table()[f"GET {part}"]
    assert marked.state() == before


@pytest.mark.parametrize("part", [*STATES, OTHER])
def test_who_writes_what(part: str, made: Marked) -> None:
    marked = filed_in(State.DRAFT if part == OTHER else State(part), made)
    assert rows(marked, "POST", of_filings=part != OTHER) == table()[f"POST {part}"]
