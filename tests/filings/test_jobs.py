"""Jobs: asked once, done once, and finished whatever happens to broker and workers (T31, T32)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from departments.models import StaffMember
from filings import jobs
from filings.jobs import JobRefused, Report, execute, request_job, sweep
from filings.models import Filing, Job, JobKind, JobState
from filings.tasks import run_job, sweep_jobs
from tests.conftest import SignIn

KIND = JobKind.IMPORT_WORKBOOK
Do = Callable[[Job, Report], Mapping[str, Any]]


class Worked:
    """Work that counts how often it was done; ``do`` may be replaced."""

    def __init__(self) -> None:
        self.times = 0
        self.do: Do = lambda job, report: {"done": job.pk}

    def __call__(self, job: Job, report: Report) -> Mapping[str, Any]:
        self.times += 1
        return self.do(job, report)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Worked:
    worked = Worked()
    monkeypatch.setitem(jobs._work, KIND, worked)
    return worked


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> mock.Mock:
    """Stands for the broker: what was sent to it, and nothing delivered."""
    sent = mock.Mock()
    monkeypatch.setattr(run_job, "apply_async", sent)
    return sent


@pytest.fixture
def ask(
    filing: Filing, lin: StaffMember, broker: mock.Mock, django_capture_on_commit_callbacks: Any
) -> Callable[..., Job]:
    def request(key: str = "content") -> Job:
        with django_capture_on_commit_callbacks(execute=True):
            job = request_job(kind=KIND, key=key, filing=filing, staff=lin, arguments={})
        job.refresh_from_db()
        return job

    return request


def later(job: Job) -> None:
    """As if the lease had run out."""
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def killed(job: Job) -> None:
    """As a worker leaves a job when it is killed in the middle, a lease later."""
    assert jobs._claim(job.pk)
    later(job)


def failing(job: Job, report: Report) -> Mapping[str, Any]:
    raise ValueError("poison")


def test_the_same_content_is_one_job(ask: Callable[..., Job], broker: mock.Mock) -> None:
    first, second = ask(), ask()
    assert first == second
    assert Job.objects.count() == 1
    assert ask("other content") != first


def test_nothing_is_sent_before_the_row_is_committed(
    filing: Filing, lin: StaffMember, broker: mock.Mock
) -> None:
    request_job(kind=KIND, key="content", filing=filing, staff=lin, arguments={})
    assert not broker.called


def test_a_job_is_done_and_says_so(ask: Callable[..., Job], work: Worked) -> None:
    job = ask()
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress, job.result) == (JobState.DONE, 100, {"done": job.pk})
    assert job.finished_at is not None
    assert job.lease_until is None


def test_a_message_delivered_twice_is_harmless(ask: Callable[..., Job], work: Worked) -> None:
    job = ask()
    for _ in range(3):
        execute(job.pk)
    assert work.times == 1
    assert ask().state == JobState.DONE


def test_a_job_in_hand_is_not_taken_by_a_second_worker(
    ask: Callable[..., Job], work: Worked
) -> None:
    job = ask()
    assert jobs._claim(job.pk)
    execute(job.pk)
    assert work.times == 0


def test_a_message_about_a_job_that_is_gone_is_harmless(db: None, work: Worked) -> None:
    execute(10**9)
    assert work.times == 0


def test_a_broker_that_is_down_leaves_the_job_waiting_and_the_sweep_sends(
    ask: Callable[..., Job], broker: mock.Mock, work: Worked
) -> None:
    broker.side_effect = OSError("broker is down")
    job = ask()
    assert job.state == JobState.WAITING
    assert sweep() == 0, "it was only just sent"
    later(job)
    assert sweep() == 1
    broker.side_effect = None
    later(job)
    sweep_jobs()
    assert broker.call_count == 3
    execute(broker.call_args.kwargs["args"][0])
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_the_job_of_a_killed_worker_is_taken_again(
    ask: Callable[..., Job], broker: mock.Mock, work: Worked
) -> None:
    job = ask()
    killed(job)
    broker.reset_mock()
    sweep()
    assert broker.call_args.kwargs["args"] == [job.pk]
    execute(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_a_worker_thought_dead_cannot_spoil_the_result_of_the_next(
    ask: Callable[..., Job], work: Worked
) -> None:
    """It wakes up after its lease; what it writes and reports no longer counts."""
    job = ask()

    def slow(held: Job, report: Report) -> Mapping[str, Any]:
        later(job)
        work.do = lambda again, _: {"attempt": again.attempts}
        execute(job.pk)
        report(1, "late")
        return {"attempt": "late"}

    work.do = slow
    execute(job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress, job.result) == (JobState.DONE, 100, {"attempt": 2})


def test_a_poison_job_stops_after_three_tries_with_a_message(
    ask: Callable[..., Job], work: Worked
) -> None:
    job, work.do = ask(), failing
    for attempt in (1, 2):
        execute(job.pk)
        job.refresh_from_db()
        assert (job.state, job.attempts) == (JobState.WAITING, attempt)
        assert "重试" in job.message
    execute(job.pk)
    execute(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, work.times) == (JobState.FAILED, 3, 3)
    assert "尝试 3 次仍未成功" in job.message
    assert "poison" not in job.message
    assert sweep() == 0


def test_a_job_that_kills_its_worker_stops_after_three_tries(
    ask: Callable[..., Job], broker: mock.Mock, work: Worked
) -> None:
    job = ask()
    for _ in range(3):
        killed(job)
    broker.reset_mock()
    assert jobs._claim(job.pk) is None
    assert sweep() == 0
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "尝试 3 次仍未成功" in job.message
    assert not broker.called


def test_a_refusal_fails_at_once_with_its_words(ask: Callable[..., Job], work: Worked) -> None:
    def refuse(job: Job, report: Report) -> Mapping[str, Any]:
        raise JobRefused("没有指明申报件。")

    job, work.do = ask(), refuse
    execute(job.pk)
    execute(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message, work.times) == (JobState.FAILED, "没有指明申报件。", 1)


def test_a_failed_job_can_be_asked_for_again(ask: Callable[..., Job], work: Worked) -> None:
    job, work.do = ask(), failing
    for _ in range(3):
        execute(job.pk)
    again = ask()
    assert again == job
    assert (again.state, again.attempts, again.message) == (JobState.WAITING, 0, "")
    work.do = lambda job, report: {}
    execute(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_progress_is_seen_while_the_work_goes_on(
    ask: Callable[..., Job], work: Worked, lin: StaffMember, sign_in: SignIn
) -> None:
    job, pages = ask(), []
    address = f"/work/filings/{job.filing.public_id}/jobs/{job.pk}/"

    def look(held: Job, report: Report) -> Mapping[str, Any]:
        report(40, "正在排版")
        pages.append(sign_in(lin).get(address))
        return {"file": str(uuid4())}

    work.do = look
    execute(job.pk)
    text = pages[0].content.decode()
    assert "40" in text
    assert "正在排版" in text
    assert pages[0]["Refresh"]
    assert "Refresh" not in sign_in(lin).get(address)


def test_an_unknown_kind_of_work_fails_with_a_message(ask: Callable[..., Job]) -> None:
    job = ask()
    for _ in range(3):
        execute(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.message


def test_a_database_away_for_a_moment_does_not_end_the_renewal(
    ask: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ask()
    away = mock.Mock()
    away.objects.filter.side_effect = OperationalError
    closed = mock.Mock()
    monkeypatch.setattr(jobs, "Job", away)
    monkeypatch.setattr(jobs, "connection", closed)
    jobs._renew(job)
    assert closed.close.called


@pytest.mark.django_db(transaction=True)
def test_a_long_job_keeps_its_lease(
    filing: Filing, lin: StaffMember, broker: mock.Mock, work: Worked,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(jobs, "RENEWED_EVERY", 0.01)
    job = request_job(kind=KIND, key="content", filing=filing, staff=lin, arguments={})

    def long(held: Job, report: Report) -> Mapping[str, Any]:
        later(job)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if Job.objects.filter(pk=job.pk, lease_until__gt=timezone.now()).exists():
                return {"renewed": True}
            time.sleep(0.01)
        return {"renewed": False}

    work.do = long
    execute(job.pk)
    job.refresh_from_db()
    assert job.result == {"renewed": True}


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_of_twenty_workers_at_once_one_does_the_work(
    filing: Filing, lin: StaffMember, work: Worked
) -> None:
    job = request_job(kind=KIND, key="content", filing=filing, staff=lin, arguments={})
    together = threading.Barrier(20)

    def work_slowly(held: Job, report: Report) -> Mapping[str, Any]:
        time.sleep(0.5)
        return {"attempt": held.attempts}

    def worker() -> None:
        together.wait()
        try:
            execute(job.pk)
        finally:
            connection.close()

    work.do = work_slowly
    threads = [threading.Thread(target=worker) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    job.refresh_from_db()
    assert (work.times, job.state, job.attempts) == (1, JobState.DONE, 1)
