"""Files made on demand while a filing is worked on: drafts, single forms, Word, red-line.

None of them is ever public. What is made from a frozen submission is read by the bureau too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from django.utils import timezone

from departments.models import StaffMember
from departments.permissions import is_departmental
from disclosures.evaluate import evaluate, facts_of, scorecards_of
from disclosures.models import RenderedFile
from disclosures.package import document, dump
from disclosures.pdf import Progress
from disclosures.printing import print_report
from disclosures.publication import approved_snapshot, thaw
from disclosures.rendered import FinishedFile, keep_file
from disclosures.report.blocks import Paragraph, Report, Section
from disclosures.report.closing import marked_as_draft
from disclosures.report.compose import SubjectUnknown, compose_form
from disclosures.report.redline import Redline, redline
from disclosures.snapshots import build_package
from disclosures.submissions import earlier_submission, last_submission, submissions_of
from disclosures.word.document import MEDIA_TYPE as WORD
from disclosures.word.document import write_docx
from filings.jobs import JobRefused, request_job
from filings.jobs import Report as Tell
from filings.models import Filing, Job, JobKind, Snapshot
from filings.states import State

WATERMARK = "草稿"
REDLINE_TITLE = "修订对照稿"
APPROVED = frozenset({State.APPROVED, State.PUBLISHED})
HANDED_IN = APPROVED | {State.SUBMITTED, State.WITHDRAWN}
FIRST_SUBMISSION = "还没有提交过，没有可以对照的上一稿。"


class DraftKind(StrEnum):
    """What is made, and in which format."""

    REPORT = "report"
    FORM = "form"
    WORD = "word"
    REDLINE = "redline"
    REDLINE_WORD = "redline_word"

    @property
    def is_word(self) -> bool:
        return self in {DraftKind.WORD, DraftKind.REDLINE_WORD}

    @property
    def is_redline(self) -> bool:
        return self in {DraftKind.REDLINE, DraftKind.REDLINE_WORD}


@dataclass(frozen=True, slots=True)
class DraftSource:
    """A report to make a file of. ``sha256`` says what it was made from; ``snapshot`` is set
    where all of it is frozen, and ``watermark`` is empty where it was approved."""

    report: Report
    sha256: str
    dated: date
    snapshot: Snapshot | None = None
    watermark: str = WATERMARK
    title: str = ""
    bound: bool = True


def request_draft(
    *,
    filing: Filing,
    staff: StaffMember,
    kind: DraftKind = DraftKind.REPORT,
    subject: str = "",
    frozen: bool = False,
) -> Job:
    """Ask for a file of the filing as it stands, or with ``frozen`` as it was handed in.

    The revision is part of the key: a worker prints what it finds when it comes to it, so a
    filing changed back to what it was needs a draft of its own.
    """
    content = dump(document(build_package(filing)))
    marks = f"{kind}{subject}{frozen}{len(submissions_of(filing))}".encode()
    key = hashlib.sha256(content + marks).hexdigest()
    return request_job(
        kind=JobKind.RENDER_REPORT,
        key=f"{key[:32]}-draft-{filing.pk}-{filing.revision}"[:64],
        filing=filing,
        staff=staff,
        arguments={"draft": kind.value, "subject": subject, "frozen": frozen},
    )


def render_draft(
    *, filing: Filing, arguments: Mapping[str, object], report: Tell, progress: Progress
) -> RenderedFile:
    """Make the file a job asked for; what was made from the same content is not made again."""
    report(5, "正在汇总数据")
    kind = DraftKind(str(arguments["draft"]))
    source = _source(filing, kind, str(arguments["subject"]), bool(arguments["frozen"]))
    sha256 = hashlib.sha256(f"{source.sha256}{kind}".encode()).hexdigest()
    known = RenderedFile.objects.filter(filing=filing, source_sha256=sha256, is_draft=True).first()
    if known is not None:
        return known
    return keep_file(
        filing=filing,
        file=finished_file(kind, source, progress),
        source=sha256,
        is_draft=True,
        snapshot=source.snapshot,
    )


def finished_file(
    kind: DraftKind, source: DraftSource, progress: Progress | None = None
) -> FinishedFile:
    """The report of a source as PDF or Word; a whole draft ends by saying that it is one."""
    is_draft = source.bound and bool(source.watermark)
    report = marked_as_draft(source.report) if is_draft else source.report
    if kind.is_word:
        content = write_docx(report, dated=source.dated, watermark=source.watermark)
        return FinishedFile(content, 0, "docx", WORD, source.title)
    printed = print_report(
        report,
        identifier=source.sha256,
        dated=source.dated,
        watermark=source.watermark,
        progress=progress,
        bound=source.bound,
    )
    return FinishedFile(printed.content, printed.pages, title=source.title)


def _source(filing: Filing, kind: DraftKind, subject: str, frozen: bool) -> DraftSource:
    if kind.is_redline:
        return _redline(filing, frozen)
    if kind is DraftKind.FORM:
        return _form(filing, subject)
    if kind is DraftKind.WORD and filing.status in APPROVED:
        return _approved(filing)
    return _standing(filing)


def _standing(filing: Filing) -> DraftSource:
    package = build_package(filing)
    sha256 = hashlib.sha256(dump(document(package))).hexdigest()
    return DraftSource(evaluate(package).report, sha256, timezone.localdate())


def _form(filing: Filing, subject: str) -> DraftSource:
    package = build_package(filing)
    sha256 = hashlib.sha256(dump(document(package)) + subject.encode()).hexdigest()
    try:
        composed = compose_form(facts_of(package, scorecards_of(package)), subject)
    except SubjectUnknown as unknown:
        raise JobRefused("申报件里已没有这张表。") from unknown
    return DraftSource(composed, sha256, timezone.localdate(), title=composed.title, bound=False)


def _approved(filing: Filing) -> DraftSource:
    return _frozen(approved_snapshot(filing), watermark="")


def _frozen(snapshot: Snapshot, watermark: str = WATERMARK) -> DraftSource:
    report = thaw(snapshot).results.report
    dated = timezone.localdate(snapshot.taken_at)
    return DraftSource(report, snapshot.sha256, dated, snapshot, watermark)


def is_frozen_for(filing: Filing, staff: StaffMember) -> bool:
    """Whether a person compares what was handed in: the bureau always, the department as soon
    as it has handed in."""
    return not is_departmental(staff) or filing.status in HANDED_IN


def has_redline(filing: Filing, *, frozen: bool) -> bool:
    """Whether there is an earlier submission to compare with."""
    return _before(filing, frozen) is not None


def _before(filing: Filing, frozen: bool) -> Snapshot | None:
    return earlier_submission(filing) if frozen else last_submission(filing)


def _redline(filing: Filing, frozen: bool) -> DraftSource:
    """The filing as it stands, or its last submission, against the submission before."""
    before = _before(filing, frozen)
    if before is None:
        raise JobRefused(FIRST_SUBMISSION)
    after = _frozen(submissions_of(filing)[0]) if frozen else _standing(filing)
    dated = timezone.localdate(before.taken_at)
    earlier = f"{dated.year}年{dated.month}月{dated.day}日提交的上一稿"
    return compared_source(thaw(before).results.report, before.sha256, earlier, after)


def compared_source(
    before: Report, before_sha256: str, earlier: str, after: DraftSource
) -> DraftSource:
    """The later source with its changes marked; ``earlier`` names what it is compared with."""
    return replace(
        after,
        report=_noted(redline(before, after.report), earlier),
        sha256=hashlib.sha256(f"{before_sha256}{after.sha256}".encode()).hexdigest(),
        title=REDLINE_TITLE,
    )


def _noted(found: Redline, earlier: str) -> Report:
    """The marked report with a section in front that says what was compared and how it reads."""
    counted = (
        f"文字改动{found.paragraphs}段，表中改动{found.cells}格，图改动{found.charts}幅"
        if not found.is_empty
        else "没有改动"
    )
    lines = (
        f"本稿与{earlier}对照，{counted}。",
        "删去的内容加删除线，新增的内容加下划线；没有标记的没有变化。",
    )
    note = Section(
        key="redline_note",
        level=1,
        number="",
        title="修订对照说明",
        blocks=tuple(Paragraph((line,)) for line in lines),
    )
    return replace(found.report, sections=(note, *found.report.sections))
