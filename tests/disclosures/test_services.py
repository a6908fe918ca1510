"""Writes on reports: words, drafts asked for once, official files that are always the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from budgets.models import Workbook
from departments.models import FiscalYear, StaffMember, Unit
from disclosures import drafts, official, services, storage
from disclosures.evaluate import evaluate
from disclosures.filing_package import KeyTask, Reason
from disclosures.models import PublishedFigure, RenderedFile, ReportText, VarianceExplanation
from disclosures.pdf import PrintedFile
from disclosures.publication import approved_snapshot
from disclosures.snapshots import build_package
from filings.jobs import JobRefused, execute
from filings.models import Filing, Job, JobKind, JobState
from filings.services import FilingLocked, SnapshotDamaged, content_of, freeze, open_filing
from filings.states import State
from filings.tasks import run_job
from tests import factories
from tests.portal.published import make_published

pytestmark = pytest.mark.django_db
WORDS: dict[str, Any] = {
    "texts": {},
    "reasons": {},
    "key_tasks": [],
    "document_no": "",
    "issued_on": None,
}


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    settings.PUBLISHED_ROOT = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture(autouse=True)
def broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_job, "apply_async", lambda **_: None)


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Stands for the printer: what was asked of it, a new number in every file."""
    asked: list[dict[str, Any]] = []

    def print_report(report: Any, **options: Any) -> PrintedFile:
        options["progress"]("排版")
        asked.append(options)
        return PrintedFile(f"%PDF-1.7 {len(asked)}".encode(), 1, {})

    for printer in (drafts, official):
        monkeypatch.setattr(printer, "print_report", print_report)
    monkeypatch.setattr(services, "_stages", lambda report: lambda stage: report(50, stage))
    return asked


@pytest.fixture
def approved() -> Filing:
    """An approved filing whose official file is still to be made."""
    filing = make_published("示例局", state=State.APPROVED, published_at=None)
    filing.rendered_files.all().delete()
    return filing


def quietly(progress: int, message: str) -> None:
    """Nobody watches."""


def save(filing: Filing, staff: StaffMember, **words: Any) -> None:
    services.save_words(filing=filing, staff=staff, **(WORDS | words))


def test_words_are_saved_and_taken_back(filing: Filing, lin: StaffMember) -> None:
    reason = Reason("revenue.prior_year", " 人员增加 ", Decimal("-1200.50"))
    task = KeyTask("平安建设", "全年", "完成")
    save(
        filing,
        lin,
        texts={"duties": " 负责治安。 "},
        reasons={reason.subject: [reason]},
        key_tasks=[task],
        document_no="示例〔2024〕8号",
        issued_on=date(2024, 9, 1),
    )
    assert filing.report_texts.get().body == "负责治安。"
    explained = filing.variance_explanations.get()
    assert (explained.text, explained.amount, explained.number) == (
        "人员增加",
        Decimal("-1200.50"),
        1,
    )
    assert filing.key_tasks.get().item == "平安建设"
    filing.refresh_from_db()
    assert (filing.approval_document_no, filing.revision) == ("示例〔2024〕8号", 1)
    save(filing, lin, texts={"duties": "  "}, reasons={reason.subject: []})
    assert not ReportText.objects.exists()
    assert not VarianceExplanation.objects.exists()
    assert not filing.key_tasks.exists()


def test_reasons_of_a_change_that_was_not_on_the_page_stay(
    filing: Filing, lin: StaffMember
) -> None:
    save(filing, lin, reasons={"a.prior_year": [Reason("a.prior_year", "甲", None)]})
    save(filing, lin, reasons={"b.prior_year": [Reason("b.prior_year", "乙", None)]})
    assert {r.text for r in filing.variance_explanations.all()} == {"甲", "乙"}


@pytest.mark.parametrize("state", [state for state in State if not state.is_editable])
def test_words_of_a_closed_filing_are_not_changed(
    filing: Filing, lin: StaffMember, state: State
) -> None:
    save(filing, lin, texts={"duties": "原文"})
    Filing.objects.filter(pk=filing.pk).update(state=state)
    for locked in (save, replace):
        with pytest.raises(FilingLocked):
            locked(filing, lin)
    assert filing.report_texts.get().body == "原文"


def replace(filing: Filing, staff: StaffMember) -> None:
    services.replace_texts(filing=filing, staff=staff, texts=[], reasons=[], key_tasks=[])


def test_nobody_else_writes_the_words(
    filing: Filing, wai: StaffMember, wang: StaffMember, internal_reviewer: StaffMember
) -> None:
    for staff in (wai, wang, internal_reviewer):
        with pytest.raises(FilingLocked):
            save(filing, staff, texts={"duties": "改写"})
        with pytest.raises(FilingLocked):
            replace(filing, staff)
    assert not ReportText.objects.exists()


def test_the_same_draft_is_asked_for_once(filing: Filing, lin: StaffMember) -> None:
    first = drafts.request_draft(filing=filing, staff=lin)
    assert drafts.request_draft(filing=filing, staff=lin) == first
    assert Job.objects.count() == 1
    assert len(first.key) <= 64


def test_a_filing_changed_back_gets_a_draft_of_its_own(
    workbook: Workbook, filing: Filing, lin: StaffMember, printed: list[dict[str, Any]]
) -> None:
    """The worker came when the text was another one; its draft must not answer for the first."""
    first = drafts.request_draft(filing=filing, staff=lin)
    save(filing, lin, texts={"duties": "改写"})
    execute(first.pk)
    save(filing, lin, texts={"duties": ""})
    filing.refresh_from_db()
    second = drafts.request_draft(filing=filing, staff=lin)
    execute(second.pk)
    files = [Job.objects.get(pk=job.pk).result["file"] for job in (first, second)]
    assert files[0] != files[1]


def test_a_draft_is_marked_and_never_official(
    workbook: Workbook,
    filing: Filing,
    lin: StaffMember,
    printed: list[dict[str, Any]],
    folder: Path,
) -> None:
    job = drafts.request_draft(filing=filing, staff=lin)
    execute(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.message
    assert printed[0]["watermark"] == "草稿"
    rendered = RenderedFile.objects.get()
    assert rendered.is_draft
    assert rendered.path.startswith("drafts/")
    assert not RenderedFile.objects.official().exists()
    assert job.result == {"file": str(rendered.public_id), "pages": 1, "size": rendered.size}


def test_the_same_snapshot_is_printed_once_and_kept(
    approved: Filing, printed: list[dict[str, Any]]
) -> None:
    snapshot = approved_snapshot(approved)
    first = services.render_official(snapshot=snapshot, report=quietly)
    second = services.render_official(snapshot=snapshot, report=quietly)
    assert first == second
    assert len(printed) == 1
    assert RenderedFile.objects.official().count() == 1
    assert printed[0].get("watermark") is None
    assert printed[0]["identifier"] == snapshot.sha256


def test_a_snapshot_printed_by_two_workers_at_once_is_one_file(
    approved: Filing, printed: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both began before either was done: what was kept first stays."""
    snapshot = approved_snapshot(approved)
    first = services.render_official(snapshot=snapshot, report=quietly)
    monkeypatch.setattr(RenderedFile.objects, "official", RenderedFile.objects.none)
    second = services.render_official(snapshot=snapshot, report=quietly)
    assert first == second
    assert RenderedFile.objects.count() == 1
    assert storage.path_of(second.path).read_bytes() == b"%PDF-1.7 1"


def test_the_same_snapshot_gives_the_same_bytes(approved: Filing) -> None:
    """With the real printer: today's rows, names and clock do not matter."""
    snapshot = approved_snapshot(approved)
    first = services.render_official(snapshot=snapshot, report=quietly)
    before = storage.path_of(first.path).read_bytes()
    RenderedFile.objects.all().delete()
    approved.department.name = "改名局"
    approved.department.save()
    second = services.render_official(snapshot=snapshot, report=quietly)
    assert (second.sha256, second.pages) == (first.sha256, first.pages)
    assert storage.path_of(second.path).read_bytes() == before


def test_a_lost_official_file_is_made_again_only_as_it_was(
    approved: Filing, lin: StaffMember, printed: list[dict[str, Any]]
) -> None:
    snapshot = approved_snapshot(approved)
    execute(services.request_official(snapshot=snapshot, staff=lin).pk)
    rendered = RenderedFile.objects.of_snapshot(snapshot).get()
    storage.path_of(rendered.path).unlink()
    job = services.request_official(snapshot=snapshot, staff=lin)
    execute(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED  # this printer never prints the same twice
    assert "从备份恢复" in job.message
    assert not services.has_official_file(snapshot)


def test_a_full_disk_leaves_no_row_and_the_next_try_succeeds(
    approved: Filing, printed: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, folder: Path,
    lin: StaffMember,
) -> None:  # fmt: skip
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = set(folder.rglob("*"))
    job = services.request_official(snapshot=approved_snapshot(approved), staff=lin)
    with monkeypatch.context() as disk:
        disk.setattr(storage.os, "replace", full)
        execute(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.WAITING
    assert not RenderedFile.objects.exists()
    assert set(folder.rglob("*")) == before
    execute(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert storage.path_of(RenderedFile.objects.get().path).is_file()


def test_a_job_without_a_filing_is_refused(lin: StaffMember) -> None:
    job = Job(kind=JobKind.RENDER_REPORT, requested_by=lin)
    with pytest.raises(JobRefused, match="申报件"):
        services.render(job, quietly)


def test_a_job_cannot_print_the_snapshot_of_another_filing(
    approved: Filing, filing: Filing, lin: StaffMember, printed: list[dict[str, Any]]
) -> None:
    snapshot = approved_snapshot(approved)
    job = Job(filing=filing, arguments={"snapshot": snapshot.pk}, requested_by=lin)
    with pytest.raises(type(snapshot).DoesNotExist):
        services.render(job, quietly)


def test_a_damaged_snapshot_is_not_printed(approved: Filing, printed: list[dict[str, Any]]) -> None:
    snapshot = approved_snapshot(approved)
    whole = bytes(snapshot.content)
    for damaged in (whole[:-9], b"", whole[:40] + b"\0" + whole[41:], whole[::-1]):
        snapshot.content = damaged
        with pytest.raises(SnapshotDamaged):
            content_of(snapshot)
        with pytest.raises(SnapshotDamaged):
            services.render_official(snapshot=snapshot, report=quietly)
    assert not printed


def test_releasing_again_replaces_the_figures(filing: Filing, lin: StaffMember) -> None:
    factories.make_workbook(filing, cells={("expenditure_sheet", "2040201", "basic"): "12.00"})
    package = build_package(filing)
    results = evaluate(package)
    content = services.frozen_bytes(package, results)
    snapshot = freeze(
        filing=filing, staff=lin, purpose="approval", content=content, rules=results.rules
    )
    PublishedFigure.objects.create(filing=filing, sheet="x", row="x", column="x", value=1)
    for _ in range(2):
        services.release(filing=filing, snapshot=snapshot)
    figures = PublishedFigure.objects.filter(filing=filing)
    assert not figures.filter(sheet="x").exists()
    assert figures.get(row="2040201", column="basic").value == Decimal("12.00")


def test_a_department_without_units_cannot_open_a_filing(lin: StaffMember, unit: Unit) -> None:
    """There would be nothing to add up, and no page to show."""
    FiscalYear.objects.create(year=factories.YEAR)
    asked = {"staff": lin, "department": lin.department, "kind": factories.KIND}
    unit.first_fiscal_year = factories.YEAR + 1
    unit.save()
    with pytest.raises(FilingLocked, match="没有预算单位"):
        open_filing(fiscal_year=factories.YEAR, **asked)
    unit.first_fiscal_year = factories.YEAR
    unit.save()
    assert open_filing(fiscal_year=factories.YEAR, **asked).version == 1
