"""Staff pages of a report: texts and reasons, draft, progress of its rendering, files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from departments.permissions import is_departmental, may_enter
from departments.roles import BUREAU_ROLES, DEPARTMENT_ROLES, Role
from departments.site import staff_of, staff_page
from disclosures import storage
from disclosures.checks import check_texts
from disclosures.drafts import (
    FIRST_SUBMISSION,
    DraftKind,
    has_redline,
    is_frozen_for,
    request_draft,
)
from disclosures.evaluate import evaluate, facts_of, scorecards_of
from disclosures.facts import ReportFacts
from disclosures.filing import file_package
from disclosures.filing_package import FilingPackage, Reason
from disclosures.forms import (
    ApprovalForm,
    KeyTaskFormSet,
    PackageForm,
    ReasonFormSet,
    TextsForm,
    reason_rows,
    reasons_from,
    tasks_from,
    typed_reasons,
    with_row,
)
from disclosures.ledger import accounts_of
from disclosures.ledger_pages import ledger_page, proposal
from disclosures.models import RenderedFile
from disclosures.movements import MovementFinder
from disclosures.names import file_name
from disclosures.outline import load_outline
from disclosures.package import read
from disclosures.reason_kinds import reason_kinds
from disclosures.reasons import RequiredReason, compared, required_reasons
from disclosures.services import (
    fingerprint_of_words,
    frozen_bytes,
    save_words,
)
from disclosures.snapshots import build_package
from disclosures.submissions import last_years_package
from filings.models import Filing, Job
from filings.pages import filing_page
from filings.services import FilingLocked
from performance.querysets import of_subject
from rulebook.findings import Finding

CONFLICT = "您打开本页之后，另有人保存过。下面保留了您填写的内容；再次保存即以您的内容为准。"
READERS = (*DEPARTMENT_ROLES, *BUREAU_ROLES)
ROWS = "reason"
ADD = "add"


class _WordsForms:
    """The four forms of the texts page, bound together or filled from the package."""

    def __init__(
        self, package: FilingPackage, required: Sequence[RequiredReason], data: Any = None
    ) -> None:
        outline = load_outline(package.head.editions.outline)
        approval = package.head.approval
        texts = {text.key: text.body for text in package.texts}
        rows = reason_rows(required, package.reasons)
        tasks = [
            {"item": t.item, "target": t.target, "outcome": t.outcome} for t in package.key_tasks
        ]
        dated = (
            {"document_no": approval.document_no, "issued_on": approval.issued_on}
            if approval
            else {}
        )
        self.texts = TextsForm(outline.texts, data, initial=texts, prefix="text")
        self.reasons = _reason_forms(package, rows, data)
        self.tasks = KeyTaskFormSet(data, initial=tasks, prefix="task")
        self.approval = ApprovalForm(data, initial=dated, prefix="approval")

    def are_valid(self) -> bool:
        forms = (self.texts, self.reasons, self.tasks, self.approval)
        return len([form for form in forms if form.is_valid()]) == len(forms)


def _reason_forms(package: FilingPackage, rows: Any, data: Any) -> Any:
    kinds = reason_kinds(package.head.region_code, package.head.fiscal_year)
    options = {"kinds": kinds}
    return ReasonFormSet(data, initial=rows, prefix=ROWS, form_kwargs=options)


@filing_page(READERS, editable=True)
def texts_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """Everything people write in words, on one page: texts, reasons of changes, key tasks.

    A POST that asks for one more reason (``add``) gives the page back with it, saving nothing.
    """
    package = build_package(filing)
    facts = facts_of(package, scorecards_of(package))
    required = required_reasons(facts)
    adds, posted = ADD in request.POST, request.method == "POST"
    finder = MovementFinder(facts, last_years_package(filing))
    data = _with_asked_row(request.POST, facts, finder) if adds else request.POST
    forms = _WordsForms(package, required, data if posted else None)
    seen = fingerprint_of_words(package)
    conflict = posted and request.POST.get("seen", seen) != seen
    if posted and not adds and not conflict and _save(request, filing, forms):
        return redirect("work:filing_texts", filing.public_id)
    if conflict:
        messages.error(request, CONFLICT)
    context = {
        "filing": filing,
        "tab": "texts",
        "seen": seen,
        "forms": forms,
        "prints_tasks": facts.outline.has_section("key_tasks"),
        "ledger": ledger_page(filing, facts, required, forms.reasons, finder),
        "findings": check_texts(facts),
        "editable": filing.is_editable and may_enter(staff_of(request)),
        "may_print": is_departmental(staff_of(request)),
    }
    return render(request, "disclosures/texts.html", context)


def _with_asked_row(data: QueryDict, facts: ReportFacts, finder: MovementFinder) -> QueryDict:
    """What was posted with a blank reason of a change more, or with one of its proposals."""
    subject, _, number = data.get(ADD, "").partition("|")
    comparison = compared(facts).get(subject)
    if comparison is None:
        return data
    proposed = proposal(finder, comparison, number) or Reason(subject, "")
    return with_row(data, ROWS, proposed)


@filing_page((Role.PREPARER,), editable=True)
@require_POST
def ledger_check(request: HttpRequest, filing: Filing) -> JsonResponse:
    """What the reasons being typed explain and leave open, as JSON: HTML for each change."""
    package = build_package(filing)
    required = required_reasons(facts_of(package, ()))
    typed = typed_reasons(_reason_forms(package, None, request.POST))
    accounts = accounts_of(required, typed)
    parts = {
        account.change.subject: render_to_string(
            "disclosures/account_line.html", {"account": account}
        )
        for account in accounts
    }
    return JsonResponse({"parts": parts})


def _save(request: HttpRequest, filing: Filing, forms: _WordsForms) -> bool:
    staff = staff_of(request)
    if not may_enter(staff):
        raise PermissionDenied
    if not forms.are_valid():
        return False
    try:
        save_words(
            filing=filing,
            staff=staff,
            texts=forms.texts.cleaned_data,
            reasons=reasons_from(forms.reasons.cleaned_data),
            key_tasks=tasks_from(forms.tasks.cleaned_data),
            **forms.approval.cleaned_data,
        )
    except FilingLocked as locked:
        messages.error(request, str(locked))
        return False
    messages.success(request, "已保存。")
    return True


@require_POST
@filing_page(DEPARTMENT_ROLES)
def draft(request: HttpRequest, filing: Filing) -> HttpResponse:
    """Ask for a draft of the report, as PDF or Word; it is made in the background."""
    kind = _kind(request, DraftKind.REPORT, DraftKind.WORD)
    job = request_draft(filing=filing, staff=staff_of(request), kind=kind)
    return redirect("work:filing_job", filing.public_id, job.pk)


@require_POST
@filing_page(READERS)
def redline_draft(request: HttpRequest, filing: Filing) -> HttpResponse:
    """Ask for the changes since the last submission; a bureau sees what was handed in."""
    staff = staff_of(request)
    kind = _kind(request, DraftKind.REDLINE, DraftKind.REDLINE_WORD)
    frozen = is_frozen_for(filing, staff)
    if not has_redline(filing, frozen=frozen):
        raise Http404(FIRST_SUBMISSION)
    job = request_draft(filing=filing, staff=staff, kind=kind, frozen=frozen)
    return redirect("work:filing_job", filing.public_id, job.pk)


def _kind(request: HttpRequest, usual: DraftKind, other: DraftKind) -> DraftKind:
    """What a button asks for; anything else than these two is not there."""
    asked = request.POST.get("kind", usual.value)
    if asked not in {usual.value, other.value}:
        raise Http404
    return DraftKind(asked)


@require_POST
@filing_page(DEPARTMENT_ROLES)
def form_draft(request: HttpRequest, filing: Filing, subject: str) -> HttpResponse:
    """Ask for one form alone: the self-evaluation of a subject, or its declaration."""
    if not filing.declarations.filter(of_subject(subject)).exists():
        raise Http404
    staff = staff_of(request)
    job = request_draft(filing=filing, staff=staff, kind=DraftKind.FORM, subject=subject)
    return redirect("work:filing_job", filing.public_id, job.pk)


@filing_page(READERS)
def job_page(request: HttpRequest, filing: Filing, job: int) -> HttpResponse:
    """Progress of a job; the page looks again by itself until the job is over."""
    found = get_object_or_404(Job.objects.visible_to(staff_of(request)), pk=job, filing=filing)
    response = render(request, "disclosures/job.html", {"filing": filing, "job": found})
    if not found.is_over:
        response["Refresh"] = "2"
    return response


@staff_page(READERS)
def rendered_file(request: HttpRequest, file: UUID) -> FileResponse:
    """A rendered report, for those who may see its filing."""
    found = get_object_or_404(
        RenderedFile.objects.visible_to(staff_of(request)).select_related("filing__department"),
        public_id=file,
    )
    try:
        content = storage.path_of(found.path).open("rb")
    except storage.FileDamaged as damage:
        raise Http404("the stored file cannot be read") from damage
    return FileResponse(
        content,
        content_type=found.media_type,
        filename=file_name(
            found.filing,
            draft=found.is_draft,
            suffix=Path(found.path).suffix.lstrip("."),
            title=found.title,
        ),
    )


@filing_page(READERS, editable=True)
def package_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """Take the whole filing away as a data package, or replace it by one."""
    form = PackageForm(request.POST or None, request.FILES or None)
    findings: Sequence[Finding] = ()
    if request.method == "POST" and form.is_valid():
        findings = _file(request, filing, form.cleaned_data["file"].read())
        if not findings:
            messages.success(request, "数据包已写入。")
            return redirect("work:filing_package", filing.public_id)
    context = {
        "filing": filing,
        "tab": "package",
        "form": form,
        "findings": findings,
        "editable": filing.is_editable and may_enter(staff_of(request)),
    }
    return render(request, "disclosures/package.html", context)


def _file(request: HttpRequest, filing: Filing, content: bytes) -> Sequence[Finding]:
    if not may_enter(staff_of(request)):
        raise PermissionDenied
    found = read(content)
    if found.package is None:
        return found.findings
    try:
        return file_package(filing=filing, staff=staff_of(request), package=found.package)
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked


@filing_page(READERS)
def package_file(request: HttpRequest, filing: Filing) -> HttpResponse:
    """The filing as it stands, as a data package with everything computed from it."""
    package = build_package(filing)
    response = HttpResponse(
        frozen_bytes(package, evaluate(package)), content_type="application/json"
    )
    name = file_name(filing, suffix="json")
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
