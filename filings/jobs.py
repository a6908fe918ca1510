"""Jobs: the row first, a message second.

A message only says "look now". A worker claims the row with a lease, renews it while it works, and
a sweep takes back rows whose lease has run out, so a lost broker or a killed worker loses nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from departments.models import StaffMember
from filings.models import Filing, Job, JobState

log = logging.getLogger(__name__)

Report = Callable[[int, str], None]
"""Tells the progress in per cent and in words."""
Work = Callable[[Job, Report], Mapping[str, Any]]

LEASE = timedelta(seconds=60)
RENEWED_EVERY = 15.0  # seconds
RESENT_AFTER = timedelta(seconds=30)
MOST_ATTEMPTS = 3

_work: dict[str, Work] = {}


class JobRefused(Exception):
    """The work cannot be done and trying again would not help; ``str`` is for the user."""


def register(kind: str) -> Callable[[Work], Work]:
    """Register an app's service as the work of a kind of job."""

    def keep(work: Work) -> Work:
        _work[kind] = work
        return work

    return keep


@transaction.atomic
def request_job(
    *,
    kind: str,
    key: str,
    filing: Filing | None,
    staff: StaffMember,
    arguments: Mapping[str, Any],
) -> Job:
    """Ask for work once: the same content gives the same job; a failed one is tried again."""
    job, created = Job.objects.get_or_create(
        kind=kind,
        key=key,
        defaults={"filing": filing, "arguments": dict(arguments), "requested_by": staff},
    )
    if not created and job.state == JobState.FAILED:
        Job.objects.filter(pk=job.pk).update(
            state=JobState.WAITING, attempts=0, progress=0, message="", lease_until=None
        )
        job.refresh_from_db()
    if not job.is_over:
        transaction.on_commit(lambda: send(job.pk))
    return job


def send(job_id: int) -> None:
    """Tell a worker; a broker that is down costs nothing but time, the sweep sends again."""
    from filings.tasks import run_job

    Job.objects.filter(pk=job_id, state=JobState.WAITING).update(
        lease_until=timezone.now() + RESENT_AFTER
    )
    try:
        run_job.apply_async(args=[job_id], retry=False)
    except Exception as error:  # any transport's own error: the row stays, the sweep sends again
        log.warning("job %s could not be sent: %s", job_id, type(error).__name__)


def _claim(job_id: int) -> Job | None:
    """Take the job unless someone else holds it; one UPDATE decides."""
    now = timezone.now()
    free = Job.objects.filter(pk=job_id, state=JobState.WAITING, attempts__lt=MOST_ATTEMPTS)
    left = Job.objects.filter(
        pk=job_id, state=JobState.RUNNING, lease_until__lt=now, attempts__lt=MOST_ATTEMPTS
    )
    change = {
        "state": JobState.RUNNING,
        "attempts": F("attempts") + 1,
        "lease_until": now + LEASE,
        "message": "",
    }
    if not (free.update(**change) or left.update(**change)):
        return None
    return Job.objects.select_related("filing", "requested_by").get(pk=job_id)


def _renew(job: Job) -> None:
    """Hold the job for another lease; a database that is away for a moment is asked again."""
    try:
        Job.objects.filter(pk=job.pk, attempts=job.attempts, state=JobState.RUNNING).update(
            lease_until=timezone.now() + LEASE
        )
    except DatabaseError as error:
        log.warning("lease of job %s not renewed: %s", job.pk, type(error).__name__)
        connection.close()


@contextmanager
def _lease_kept(job: Job) -> Iterator[None]:
    """Renew the lease from a second thread while the work goes on."""
    stopped = threading.Event()

    def renew() -> None:
        while not stopped.wait(RENEWED_EVERY):
            _renew(job)
        connection.close()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def execute(job_id: int) -> None:
    """Do the work of a job once; safe to call any number of times, from anywhere."""
    job = _claim(job_id)
    if job is None:
        return
    mine = Job.objects.filter(pk=job.pk, attempts=job.attempts, state=JobState.RUNNING)

    def report(progress: int, message: str) -> None:
        mine.update(progress=progress, message=message[:500])

    try:
        with _lease_kept(job):
            result = _work[job.kind](job, report)
    except JobRefused as refusal:
        _finish(mine, JobState.FAILED, message=str(refusal)[:500])
    except Exception:
        log.exception("job %s failed, attempt %s", job.pk, job.attempts)
        _after_error(job)
    else:
        _finish(mine, JobState.DONE, progress=100, result=dict(result))


def _finish(mine: Any, state: str, **fields: Any) -> None:
    mine.update(state=state, finished_at=timezone.now(), lease_until=None, **fields)


def _after_error(job: Job) -> None:
    mine = Job.objects.filter(pk=job.pk, attempts=job.attempts, state=JobState.RUNNING)
    if job.attempts >= MOST_ATTEMPTS:
        _give_up(mine)
    else:
        mine.update(state=JobState.WAITING, message="出错，稍后自动重试。", lease_until=None)


def _give_up(jobs: Any) -> None:
    _finish(
        jobs,
        JobState.FAILED,
        message=f"尝试 {MOST_ATTEMPTS} 次仍未成功，已停止。请联系系统管理员查看运行记录。",
    )


def sweep() -> int:
    """Send again what nobody is working on; stop what has been tried too often."""
    now = timezone.now()
    overdue = Job.objects.overdue(now)
    _give_up(overdue.filter(attempts__gte=MOST_ATTEMPTS))
    waiting = list(overdue.filter(attempts__lt=MOST_ATTEMPTS).values_list("pk", flat=True))
    for job_id in waiting:
        send(job_id)
    return len(waiting)
