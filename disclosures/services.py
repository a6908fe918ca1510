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
from disclosures.evaluate import evaluate, facts_of, scorecards_of, total_book
from disclosures.filing_package import FilingPackage, KeyTask, Reason, Text
from disclosures.models import (
    KeyTaskRow,
    PublishedFigure,
    RenderedFile,
    ReportText,
    VarianceExplanation,
)
from disclosures.package import document, dump
from disclosures.pdf import STAGES, AttachedFile, PrintedFile
from disclosures.printing import print_report
from disclosures.publication import (
    NotPublished,
    approved_snapshot,
    public_document,
    thaw,
)
from disclosures.report.blocks import Report as ComposedReport
from disclosures.report.compose import SubjectUnknown, compose_form
from disclosures.results import FilingResults
from disclosures.snapshots import build_package
from filings.jobs import JobRefused, Report, execute, register, request_job
from filings.models import Filing, Job, JobKind, JobState, Snapshot
from filings.services import require_editable, touch
from rulebook.codec import to_json

DRAFT_WATERMARK = "草稿"
DATA_FILE = "data-package.json"
TITLE_LENGTH = 200


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


def request_draft(*, filing: Filing, staff: StaffMember) -> Job:
    """Ask for a draft of the report as it stands, with the watermark.

    The revision is part of the key: a worker prints what it finds when it comes to it, so a
    filing changed back to what it was needs a draft of its own.
    """
    content = dump(document(build_package(filing)))
    key = hashlib.sha256(content).hexdigest()
    return request_job(
        kind=JobKind.RENDER_REPORT,
        key=f"{key[:32]}-draft-{filing.pk}-{filing.revision}"[:64],
        filing=filing,
        staff=staff,
        arguments={"draft": True},
    )


def request_form_draft(*, filing: Filing, staff: StaffMember, subject: str) -> Job:
    """Ask for a draft of one form alone, as it stands, with the watermark."""
    content = dump(document(build_package(filing)))
    key = hashlib.sha256(content + subject.encode()).hexdigest()
    return request_job(
        kind=JobKind.RENDER_REPORT,
        key=f"{key[:32]}-form-{filing.pk}-{filing.revision}"[:64],
        filing=filing,
        staff=staff,
        arguments={"form": subject},
    )


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
    snapshot_id, form = job.arguments.get("snapshot"), job.arguments.get("form")
    if form is not None:
        rendered = render_form_draft(filing=job.filing, subject=form, report=report)
    elif snapshot_id is None:
        rendered = render_draft(filing=job.filing, report=report)
    else:
        snapshot = Snapshot.objects.select_related("filing").get(pk=snapshot_id, filing=job.filing)
        rendered = render_official(snapshot=snapshot, report=report)
    return {"file": str(rendered.public_id), "pages": rendered.pages, "size": rendered.size}


def render_draft(*, filing: Filing, report: Report) -> RenderedFile:
    """The report as it stands, marked as a draft."""
    report(5, "正在汇总数据")
    package = build_package(filing)
    source = hashlib.sha256(dump(document(package))).hexdigest()
    known = RenderedFile.objects.filter(filing=filing, source_sha256=source, is_draft=True).first()
    if known is not None:
        return known
    results = evaluate(package)
    printed = print_report(
        results.report,
        identifier=source,
        dated=timezone.localdate(),
        watermark=DRAFT_WATERMARK,
        progress=_stages(report),
    )
    return _keep(filing=filing, printed=printed, source=source, snapshot=None)


def render_form_draft(*, filing: Filing, subject: str, report: Report) -> RenderedFile:
    """One form as it stands, marked as a draft."""
    report(5, "正在汇总数据")
    package = build_package(filing)
    source = hashlib.sha256(dump(document(package)) + subject.encode()).hexdigest()
    known = RenderedFile.objects.filter(filing=filing, source_sha256=source, is_draft=True).first()
    if known is not None:
        return known
    try:
        composed = compose_form(facts_of(package, scorecards_of(package)), subject)
    except SubjectUnknown as unknown:
        raise JobRefused("申报件里已没有这张表。") from unknown
    printed = print_form(composed, identifier=source, progress=_stages(report))
    return _keep(filing=filing, printed=printed, source=source, snapshot=None, title=composed.title)


def print_form(composed: ComposedReport, *, identifier: str, progress: Any = None) -> PrintedFile:
    """A form alone, as a draft: no cover, no table of contents, with the watermark."""
    return print_report(
        composed,
        identifier=identifier,
        dated=timezone.localdate(),
        watermark=DRAFT_WATERMARK,
        progress=progress,
        bound=False,
    )


def render_official(*, snapshot: Snapshot, report: Report) -> RenderedFile:
    """The official file of a snapshot: the same snapshot always gives the same bytes."""
    known = RenderedFile.objects.of_snapshot(snapshot).first()
    if known is not None and storage.is_kept(known.path):
        return known
    report(5, "正在读取底稿")
    frozen = thaw(snapshot)
    dated = timezone.localdate(snapshot.taken_at)
    data = public_document(frozen.package, frozen.results)
    printed = print_report(
        frozen.results.report,
        identifier=snapshot.sha256,
        dated=dated,
        attachments=[_data_attachment(data)],
        progress=_stages(report),
    )
    if known is not None and storage.fingerprint(printed.content) != known.sha256:
        raise JobRefused("原文件已丢失，重新生成的文件与原指纹不同，请从备份恢复原文件。")
    return _keep(filing=snapshot.filing, printed=printed, source=snapshot.sha256, snapshot=snapshot)


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


def _data_attachment(content: bytes) -> AttachedFile:
    return AttachedFile(name=DATA_FILE, description="本报告的数据包（公开）", content=content)


def _stages(report: Report) -> Any:
    """Progress of the printer in per cent: one even step for each of its stages."""
    steps = {stage: 15 + 75 * number // len(STAGES) for number, stage in enumerate(STAGES)}

    def tell(stage: str) -> None:
        report(steps[stage], stage)

    return tell


@transaction.atomic
def _keep(
    *,
    filing: Filing,
    printed: PrintedFile,
    source: str,
    snapshot: Snapshot | None,
    title: str = "",
) -> RenderedFile:
    path, sha256 = storage.keep(printed.content, official=snapshot is not None)
    rendered, _ = RenderedFile.objects.get_or_create(
        filing=filing,
        source_sha256=source,
        is_draft=snapshot is None,
        defaults={
            "snapshot": snapshot,
            "path": path,
            "sha256": sha256,
            "size": len(printed.content),
            "pages": printed.pages,
            "title": title[:TITLE_LENGTH],
        },
    )
    return rendered


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
