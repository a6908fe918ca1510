"""Taking a step: confirm pages, the submit page with its receipt, answers to remarks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from budgets.links import project_books
from departments.permissions import is_bureau, is_departmental
from departments.roles import DEPARTMENT_ROLES
from departments.site import staff_of
from filings.models import Event, Filing, Receipt
from filings.pages import filing_page
from filings.services import FilingLocked
from filings.states import State
from reviews import services
from reviews.dossier import dossier_of
from reviews.forms import StepForm, WordsForm, posted
from reviews.gates import GateClosed
from reviews.links import link_for
from reviews.models import Remark
from reviews.views.filing import READERS, boxes_of, head_of, listed
from reviews.words import DONE
from reviews.workflow import Transition, TransitionNotAllowed, transition

Step = Callable[..., Any]
PLAIN: dict[str, Step] = {
    "hand_over": services.hand_over,
    "take_back": services.take_back,
    "submit": services.submit,
    "recall": services.recall,
    "send_back": services.send_back,
    "publish": services.publish,
}
REASONED: dict[str, Step] = {
    "hand_back": services.hand_back,
    "revoke": services.revoke,
    "withdraw": services.withdraw,
}
REFUSALS = (TransitionNotAllowed, GateClosed, FilingLocked, LookupError)


@filing_page(READERS, frozen=True)
def step(request: HttpRequest, filing: Filing, key: str) -> HttpResponse:
    """Ask once what a step will do; the POST takes it."""
    if key not in PLAIN and key not in REASONED:
        raise Http404
    wanted = transition(key)
    if wanted.role != staff_of(request).role:
        raise PermissionDenied(f"“{wanted.verb}”由{wanted.role.label}岗位办理。")
    form = StepForm(posted(request), step=wanted)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return take(request, filing, wanted, _work(request, filing, key, reason))
    if key == "submit":
        return _submit_page(request, filing, form)
    unsent = Remark.objects.visible_to(staff_of(request)).filter(filing=filing, is_sent=False)
    context = head_of(request, filing, step=wanted, form=form, unsent=unsent)
    return render(request, "reviews/step.html", context)


def _work(request: HttpRequest, filing: Filing, key: str, reason: str) -> Callable[[], Any]:
    staff = staff_of(request)
    if key in REASONED:
        return lambda: REASONED[key](filing=filing, staff=staff, reason=reason)
    return lambda: PLAIN[key](filing=filing, staff=staff)


def take(
    request: HttpRequest, filing: Filing, wanted: Transition, work: Callable[[], Any]
) -> HttpResponse:
    """Take the step and say what came of it; a repeated click is told that it is done."""
    try:
        work()
    except REFUSALS as refused:
        if _is_done(request, filing, wanted):
            messages.info(request, f"{DONE[wanted.key]}没有重复办理。")
        else:
            messages.error(request, str(refused))
            if isinstance(refused, GateClosed) and is_departmental(staff_of(request)):
                return redirect("work:filing_submit", filing.public_id)
    else:
        messages.success(request, DONE[wanted.key])
    return redirect(*_after(request, filing, wanted))


def _is_done(request: HttpRequest, filing: Filing, wanted: Transition) -> bool:
    """Whether this very person's step was the last thing that happened."""
    last = Event.objects.filter(filing=filing).order_by("-sequence").first()
    mine = last is not None and last.actor_id == staff_of(request).pk
    return mine and last is not None and last.action == wanted.key


def _after(request: HttpRequest, filing: Filing, wanted: Transition) -> tuple[str, Any]:
    filing.refresh_from_db()
    if wanted.key == "submit" and filing.status is State.SUBMITTED:
        return "work:filing_receipt", filing.public_id
    if wanted.key in {"publish", "withdraw"}:
        return "work:filing_publish", filing.public_id
    page = "filing_review" if is_bureau(staff_of(request)) else "filing_overview"
    return f"work:{page}", filing.public_id


@filing_page(DEPARTMENT_ROLES)
def submit_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """Before handing over or in: what blocks, what must be explained, then one button."""
    return _submit_page(request, filing, StepForm(step=transition("submit")))


def _submit_page(request: HttpRequest, filing: Filing, step_form: StepForm) -> HttpResponse:
    staff = staff_of(request)
    dossier = dossier_of(filing)
    remarks = Remark.objects.filter(filing=filing).unanswered()
    context = head_of(
        request,
        filing,
        tab="submit",
        step_form=step_form,
        unanswered=list(remarks),
        **listed(filing, dossier, staff, boxes_of(dossier)),
    )
    context["keys"] = {step.key for step, _ in context["steps"]}
    return render(request, "filings/submit.html", context)


@filing_page(READERS, frozen=True)
def receipt(request: HttpRequest, filing: Filing) -> HttpResponse:
    """回执 of the last submission: number, time, fingerprint, what happens next."""
    found = Receipt.objects.filter(filing=filing).select_related("snapshot__taken_by")
    newest = found.defer("snapshot__content").order_by("-id").first()
    if newest is None:
        raise Http404
    return render(request, "filings/receipt.html", head_of(request, filing, receipt=newest))


@filing_page(READERS, frozen=True)
def notice(request: HttpRequest, filing: Filing) -> HttpResponse:
    """退回通知: every remark that was sent, with the box for its answer."""
    staff = staff_of(request)
    remarks = {str(r.pk): r for r in Remark.objects.visible_to(staff).filter(filing=filing)}
    sent = {key: found for key, found in remarks.items() if found.is_sent}
    answers = {key: found.answer for key, found in sent.items()}
    form = WordsForm(
        posted(request),
        keys=sent,
        initial=answers,
        label="答复",
    )
    if request.method == "POST":
        if not is_departmental(staff):
            raise PermissionDenied("审核意见由部门答复。")
        if form.is_valid():
            return _save_answers(request, filing, sent, form)
    owners = project_books(filing)
    rows = [(r, link_for(filing, r.place, staff, owners), form[key]) for key, r in sent.items()]
    rounds = sorted({r.round for r in sent.values()}, reverse=True)
    grouped = [(number, [row for row in rows if row[0].round == number]) for number in rounds]
    may_answer = is_departmental(staff) and filing.status in services.ANSWERED_IN
    context = head_of(request, filing, rounds=grouped, form=form, may_answer=may_answer)
    return render(request, "reviews/notice.html", context)


def _save_answers(
    request: HttpRequest, filing: Filing, sent: dict[str, Remark], form: WordsForm
) -> HttpResponse:
    try:
        for key, text in form.written().items():
            services.answer_remark(remark=sent[key], staff=staff_of(request), text=text)
    except TransitionNotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "答复已保存。")
    return redirect("work:filing_notice", filing.public_id)
