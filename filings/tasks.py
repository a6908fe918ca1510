"""Celery tasks: they take ids, call one service, and may run twice."""

from __future__ import annotations

from celery import shared_task

from filings import jobs


@shared_task(name="filings.tasks.run_job")
def run_job(job_id: int) -> None:
    """Do one job."""
    jobs.execute(job_id)


@shared_task(name="filings.tasks.sweep_jobs")
def sweep_jobs() -> None:
    """Take back what a lost broker or a killed worker left behind."""
    jobs.sweep()
