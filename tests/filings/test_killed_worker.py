"""A real worker is killed in the middle of a render, and another finishes the job (T31).

Real processes, the real Celery over files, a database and folders of their own; only the minute
of the lease is not waited for.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from departments.models import StaffMember
from disclosures.services import request_official
from filings.states import State
from tests.portal.published import make_published
filing = make_published(state=State.APPROVED, published_at=None)
filing.rendered_files.all().delete()
request_official(snapshot=filing.snapshots.get(), staff=StaffMember.objects.get())
"""
SWEEP = "import django; django.setup(); from filings.jobs import sweep; sweep()"
LONGEST = 120  # seconds to wait for anything, on a machine that has much to do


class Installation:
    """An embedded installation in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "MINGZHANG_VAR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'mingzhang.sqlite3'}",
            "CELERY_BROKER_URL": "filesystem://localhost",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(settings.BASE_DIR),
        }
        self.started: list[subprocess.Popen[bytes]] = []

    def run(self, code: str) -> None:
        subprocess.run(
            [sys.executable, "-c", code],
            env=self.environment, cwd=settings.BASE_DIR, check=True, timeout=120,
        )  # fmt: skip

    def start_worker(self) -> subprocess.Popen[bytes]:
        options = ["--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "config", "worker", *options],
            env=self.environment, cwd=settings.BASE_DIR,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.started.append(worker)
        return worker

    def ask(self, query: str) -> Any:
        """The first row of a query, read past all of our code."""
        with sqlite3.connect(self.folder / "mingzhang.sqlite3", timeout=20) as database:
            found = database.execute(query).fetchone()
            database.commit()
        database.close()
        return found

    def wait_for(self, query: str, is_right: Callable[[Any], bool]) -> Any:
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            found = self.ask(query)
            if is_right(found):
                return found
            time.sleep(0.01)
        raise AssertionError(f"{query}: still {found}")

    def reports(self) -> list[Path]:
        return list((self.folder / "published" / "reports").iterdir())


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    yield made
    for worker in made.started:
        worker.kill()
        worker.wait()


JOB = "SELECT state, attempts, progress FROM filings_job"


@pytest.mark.slow
def test_another_worker_finishes_what_a_killed_one_began(installation: Installation) -> None:
    installation.run(PREPARE)
    before = set(installation.reports())
    first = installation.start_worker()
    installation.wait_for(JOB, lambda job: job[0] == "running" and job[2] > 0)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert installation.ask(JOB)[:2] == ("running", 1)
    assert installation.ask("SELECT count(*) FROM disclosures_renderedfile") == (0,)
    assert set(installation.reports()) == before
    installation.ask("UPDATE filings_job SET lease_until = '2020-01-01 00:00:00'")
    installation.run(SWEEP)
    installation.start_worker()
    done = installation.wait_for(JOB, lambda job: job[0] not in {"running", "waiting"})
    assert done == ("done", 2, 100)
    (path,) = installation.ask("SELECT path FROM disclosures_renderedfile")
    assert (installation.folder / "published" / path).read_bytes().endswith(b"%%EOF\n")
    assert not list(installation.folder.rglob("*.part"))
