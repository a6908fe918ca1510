"""A real browser against a live server, with a worker that does the jobs."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, Page, expect, sync_playwright

from departments.models import Department, FiscalYear, StaffMember
from departments.roles import Role
from filings import jobs
from filings.models import Job
from tests import factories
from tests.budgets.checks.books import sample

# Playwright runs its own event loop in this thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

TIMEOUT = 20_000  # milliseconds; three workers may share two processors
expect.set_options(timeout=TIMEOUT)
SCREENSHOTS = os.environ.get("MINGZHANG_SCREENSHOTS", "")

Visit = Callable[[str], Page]


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium_path, args=flags)
        yield found
        found.close()


@pytest.fixture
def visit(browser: Browser, live_server: object) -> Iterator[Visit]:
    """``visit("lin")`` is a new window in which lin has signed in; "" is a citizen.

    A page that logs an error to its console fails the test.
    """
    pages: list[Page] = []
    errors: list[str] = []

    def enter(username: str) -> Page:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        context.set_default_timeout(TIMEOUT)
        page = context.new_page()
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        home = str(live_server.url)  # type: ignore[attr-defined]
        page.goto(f"{home}/work/login/" if username else home)
        if username:
            page.get_by_label("用户名").fill(username)
            page.get_by_label("密码").fill(factories.PASSWORD)
            page.get_by_role("button", name="登录").click()
        return page

    yield enter
    for number, page in enumerate(pages):
        if SCREENSHOTS:
            page.screenshot(path=str(Path(SCREENSHOTS) / f"last-{number}.png"), full_page=True)
        page.context.close()
    assert errors == []


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """Does what a worker does with waiting jobs, until the test ends."""
    stopped = threading.Event()

    def work() -> None:
        while not stopped.wait(0.2):
            for job in Job.objects.unfinished().values_list("pk", flat=True):
                jobs.execute(job)
        connection.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    stopped.set()
    thread.join(timeout=60)


@pytest.fixture
def police(transactional_db: None) -> Department:
    """The department of the sample with its people: lin, shen; wang and fabu at the bureau; wai."""
    call_command("load_rulebook", verbosity=0, stdout=StringIO())
    head = sample().head
    region = factories.make_region(head.region_code)
    FiscalYear.objects.get_or_create(year=head.fiscal_year)
    department = Department.objects.create(
        region=region, code=head.department_code, name=head.department_name
    )
    for book in sample().books:
        factories.make_unit(department, book.name, book.book, book.unit_kind.value)
    factories.make_staff("lin", Role.PREPARER, department=department, display_name="林")
    factories.make_staff("shen", Role.INTERNAL_REVIEWER, department=department, display_name="沈")
    factories.make_staff("wang", Role.BUREAU_REVIEWER, region=region, display_name="王")
    factories.make_staff("fabu", Role.PUBLISHER, region=region, display_name="发布员")
    other = factories.make_department("示例部门乙")
    factories.make_unit(other)
    factories.make_staff("wai", Role.PREPARER, department=other, display_name="外")
    return department


@pytest.fixture
def people(police: Department) -> dict[str, StaffMember]:
    return {staff.username: staff for staff in StaffMember.objects.all()}


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Keep a screenshot for the documentation when MINGZHANG_SCREENSHOTS names a folder."""

    def keep(page: Page, name: str) -> None:
        if SCREENSHOTS:
            page.screenshot(path=str(Path(SCREENSHOTS) / f"{name}.png"))

    return keep
