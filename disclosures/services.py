"""Writes on reports: texts, reasons, rendered files, and filing a whole data package."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from budgets.checks import resolve
from departments.models import StaffMember
from disclosures import storage
from disclosures.drafts import render_draft
from disclosures.evaluate import total_book
from disclosures.filing_package import FilingPackage, KeyTask, Reason, Text
from disclosures.models import (
    KeyTaskRow,
    PublishedFigure,
    RenderedFile,
    ReportText,
    VarianceExplanation,
)
from disclosures.official import print_official
from disclosures.package import document, dump
from disclosures.pdf import STAGES
from disclosures.publication import (
    NotPublished,
    approved_snapshot,
    public_document,
    thaw,
)
from disclosures.rendered import FinishedFile, keep_file
from disclosures.results import FilingResults
from filings.jobs import JobRefused, Report, execute, register, request_job
from filings.models import Filing, Job, JobKind, JobState, Snapshot
from filings.services import require_editable, touch
from rulebook.codec import to_json


@transaction.atomic
def save_words(
    *,
    filing: Filing,
    staff: StaffMember,
    texts: Mapping[str, str],
    reasons: Mapping[str, Sequence[Reason]],
    key_tasks: Sequence[KeyTask],
    document_no: str,
    issued_on: date | None,
) -> None:
    """Write the texts, the reasons of some changes and the key tasks; an empty text removes one.

    Raises FilingLocked.
    """
    require_editable(filing, staff)
    for key, body in texts.items():
        if body.strip():
            ReportText.objects.update_or_create(
                filing=filing, key=key, defaults={"body": body.strip()}
            )
        else:
            ReportText.objects.filter(filing=filing, key=key).delete()
    VarianceExplanation.objects.filter(filing=filing, subject__in=reasons).delete()
    _add_reasons(filing, [reason for given in reasons.values() for reason in given])
    _replace_key_tasks(filing, key_tasks)
    Filing.objects.filter(pk=filing.pk).update(
        approval_document_no=document_no, approval_issued_on=issued_on
    )
    touch(filing=filing)


def fingerprint_of_words(package: FilingPackage) -> str:
    """Changes whenever somebody saves other words, so that two editors notice each other."""
    words = (*package.texts, *package.reasons, *package.key_tasks)
    return hashlib.sha256(dump({"words": [to_json(word) for word in words]})).hexdigest()


def _add_reasons(filing: Filing, reasons: Sequence[Reason]) -> None:
    numbers: dict[str, int] = {}
    rows = []
    for reason in reasons:
        if reason.text.strip():
            numbers[reason.subject] = numbers.get(reason.subject, 0) + 1
            rows.append(
                VarianceExplanation(
                    filing=filing,
                    subject=reason.subject,
                    number=numbers[reason.subject],
                    kind=reason.kind,
                    amount=reason.amount,
                    text=reason.text.strip(),
                )
            )
    VarianceExplanation.objects.bulk_create(rows)


def _replace_key_tasks(filing: Filing, tasks: Sequence[KeyTask]) -> None:
    KeyTaskRow.objects.filter(filing=filing).delete()
    KeyTaskRow.objects.bulk_create(
        KeyTaskRow(
            filing=filing, number=number, item=task.item, target=task.target, outcome=task.outcome
        )
        for number, task in enumerate(tasks, 1)
    )


@transaction.atomic
def replace_texts(
    *,
    filing: Filing,
    staff: StaffMember,
    texts: Sequence[Text],
    reasons: Sequence[Reason],
    key_tasks: Sequence[KeyTask],
) -> None:
    """Everything written in words, replaced as a whole (data package)."""
    require_editable(filing, staff)
    ReportText.objects.filter(filing=filing).delete()
    VarianceExplanation.objects.filter(filing=filing).delete()
    ReportText.objects.bulk_create(
        ReportText(filing=filing, key=text.key, body=text.body) for text in texts
    )
    _add_reasons(filing, reasons)
    _replace_key_tasks(filing, key_tasks)
    touch(filing=filing)


def frozen_bytes(package: FilingPackage, results: FilingResults) -> bytes:
    """What a snapshot holds: the internal package and everything computed from it."""
    return dump(document(package, results))


def request_official(*, snapshot: Snapshot, staff: StaffMember) -> Job:
    """Ask for the official file of an approved snapshot."""
    key = f"{snapshot.sha256[:48]}-{snapshot.pk}"[:64]
    if not has_official_file(snapshot):
        lost = Job.objects.filter(kind=JobKind.RENDER_REPORT, key=key, state=JobState.DONE)
        lost.update(state=JobState.FAILED)
    return request_job(
        kind=JobKind.RENDER_REPORT,
        key=key,
        filing=snapshot.filing,
        staff=staff,
        arguments={"snapshot": snapshot.pk},
    )


def has_official_file(snapshot: Snapshot) -> bool:
    """Whether the report of a snapshot is rendered and its file is where it belongs."""
    rendered = RenderedFile.objects.of_snapshot(snapshot).first()
    return rendered is not None and storage.is_kept(rendered.path)


@register(JobKind.RENDER_REPORT)
def render(job: Job, report: Report) -> Mapping[str, Any]:
    """Render the report of a job and keep its bytes; the same content is rendered once."""
    if job.filing is None:
        raise JobRefused("没有指明申报件。")
    snapshot_id = job.arguments.get("snapshot")
    if snapshot_id is None:
        rendered = render_draft(
            filing=job.filing, arguments=job.arguments, report=report, progress=_stages(report)
        )
    else:
        snapshot = Snapshot.objects.select_related("filing").get(pk=snapshot_id, filing=job.filing)
        rendered = render_official(snapshot=snapshot, report=report)
    return {"file": str(rendered.public_id), "pages": rendered.pages, "size": rendered.size}


def render_official(*, snapshot: Snapshot, report: Report) -> RenderedFile:
    """The official file of a snapshot: the same snapshot always gives the same bytes."""
    known = RenderedFile.objects.of_snapshot(snapshot).first()
    if known is not None and storage.is_kept(known.path):
        return known
    report(5, "正在读取底稿")
    frozen = thaw(snapshot)
    printed = print_official(
        frozen.results.report,
        snapshot=snapshot.sha256,
        dated=timezone.localdate(snapshot.taken_at),
        data=public_document(frozen.package, frozen.results),
        progress=_stages(report),
    )
    if known is not None and storage.fingerprint(printed.content) != known.sha256:
        raise JobRefused("原文件已丢失，重新生成的文件与原指纹不同，请从备份恢复原文件。")
    return keep_file(
        filing=snapshot.filing,
        file=FinishedFile(printed.content, printed.pages),
        source=snapshot.sha256,
        is_draft=False,
        snapshot=snapshot,
    )


def ensure_official(*, filing: Filing, staff: StaffMember) -> RenderedFile:
    """The official file of the approved snapshot, made here and now when no worker has yet.

    Raises NotPublished when nothing has been approved.
    """
    snapshot = approved_snapshot(filing)
    execute(request_official(snapshot=snapshot, staff=staff).pk)
    rendered = RenderedFile.objects.of_snapshot(snapshot).first()
    if rendered is None:
        raise NotPublished("报告文件正由后台生成，请稍后再试。")
    return rendered


def _stages(report: Report) -> Any:
    """Progress of the printer in per cent: one even step for each of its stages."""
    steps = {stage: 15 + 75 * number // len(STAGES) for number, stage in enumerate(STAGES)}

    def tell(stage: str) -> None:
        report(steps[stage], stage)

    return tell


@transaction.atomic
def release(*, filing: Filing, snapshot: Snapshot) -> None:
    """Write the figures of a published snapshot flat, for roll-ups and comparison."""
    package = thaw(snapshot).package
    hidden = {(row.sheet, row.row) for book in package.books for row in book.withheld}
    PublishedFigure.objects.filter(filing=filing).delete()
    PublishedFigure.objects.bulk_create(
        PublishedFigure(
            filing=filing, sheet=ref.sheet, row=ref.row, column=ref.column, value=figure.value
        )
        for ref, figure in sorted(resolve(total_book(package)).items())
        if (ref.sheet, ref.row) not in hidden
    )
