"""The bureau's review: everything is read from what was handed in, never from rows of today."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from departments.roles import BUREAU_ROLES, Role
from departments.site import staff_of, staff_page
from disclosures.evaluate import books_of
from disclosures.package import code_names
from disclosures.publication import FrozenFiling
from disclosures.submissions import earlier, submitted
from filings.models import Filing, FilingKind
from filings.pages import filing_page
from filings.states import State
from performance.changing import undecided
from performance.composing import change_words
from performance.links import page_of_request
from performance.snapshots import target_change
from reviews import services
from reviews.catalogue import waivable
from reviews.changes import changes_between
from reviews.dossier import gate_for
from reviews.forms import ApprovalForm, RemarkForm, WaiverForm, posted
from reviews.grids import grid_of
from reviews.links import review_link, shown
from reviews.models import Remark, Waiver
from reviews.places import anchor, label_of, passages_of, placed_lines
from reviews.views.filing import handed_in_files, head_of, history_of
from reviews.views.steps import take
from reviews.workflow import TransitionNotAllowed, transition
from rulebook.layouts import load_layout

REVIEWER = [Role.BUREAU_REVIEWER]
TABS = (
    ("findings", "问题"),
    ("changes", "变化"),
    ("sheets", "报表"),
    ("scores", "绩效"),
    ("texts", "文字"),
    ("files", "附件"),
    ("history", "记录"),
)


def tabs_of(filing: Filing) -> list[tuple[str, str]]:
    """The tabs of a filing's review; a year without tables has no tab for them."""
    return [(key, label) for key, label in TABS if key != "sheets" or filing.has_sheets]


@filing_page(BUREAU_ROLES, frozen=True)
def review(request: HttpRequest, filing: Filing, tab: str = "findings") -> HttpResponse:
    """One tab of the review; nothing of the content is shown before the reviewer opened it."""
    tabs = tabs_of(filing)
    if tab not in dict(tabs):
        raise Http404
    frozen = submitted(filing)
    if frozen is None:
        raise Http404
    if filing.status is State.SUBMITTED and filing.review_opened_at is None:
        return render(request, "reviews/unopened.html", head_of(request, filing))
    context = head_of(request, filing, tab=tab, tabs=tabs, **_remarks(request, filing, frozen))
    context |= _content(request, filing, frozen, tab)
    return render(request, f"reviews/review_{tab}.html", context)


def _content(
    request: HttpRequest, filing: Filing, frozen: FrozenFiling, tab: str
) -> dict[str, Any]:
    if tab == "findings":
        return _findings(request, filing, frozen)
    if tab == "changes":
        return _changes(filing, frozen)
    if tab == "sheets":
        return _sheets(request, frozen)
    if tab == "scores":
        titles = {each.subject: each for each in frozen.package.evaluations}
        cards = frozen.results.scorecards
        return {"cards": [(card, placed_lines(card), titles[card.subject]) for card in cards]}
    if tab == "texts":
        return {"passages": passages_of(frozen.results.report)}
    return handed_in_files(filing) if tab == "files" else history_of(filing)


def _remarks(request: HttpRequest, filing: Filing, frozen: FrozenFiling) -> dict[str, Any]:
    """The remarks so far and, where the reviewer may write, the box for the place asked for."""
    remarks = Remark.objects.visible_to(staff_of(request)).filter(filing=filing)
    place = request.GET.get("place", "")[:300]
    label = label_of(place, frozen.package, frozen.results) if place else ""
    mine = staff_of(request).role == Role.BUREAU_REVIEWER
    writes = mine and filing.status is State.SUBMITTED
    return {
        "remarks": [(each, review_link(filing, each.place)) for each in remarks],
        "remark_form": RemarkForm(initial={"place": place if label else ""}) if writes else None,
        "remark_label": label,
        "place": place if label else "",
    }


def _findings(request: HttpRequest, filing: Filing, frozen: FrozenFiling) -> dict[str, Any]:
    gate = gate_for(filing, frozen.package, frozen.results.findings)
    staff = staff_of(request)
    explained = zip(
        shown(filing, [each.finding for each in gate.warnings], staff),
        [each.text for each in gate.warnings],
        strict=True,
    )
    return {
        "blocking": list(shown(filing, gate.blocking, staff)),
        "explained": list(explained),
        "notices": list(shown(filing, gate.notices, staff)),
        "waived": list(shown(filing, gate.waived, staff)),
    }


def _changes(filing: Filing, frozen: FrozenFiling) -> dict[str, Any]:
    before = earlier(filing)
    found = changes_between(before, frozen) if before else []
    changes = [(each, review_link(filing, each.place), anchor(each.place)) for each in found]
    return {"changes": changes, "has_earlier": before is not None}


def _sheets(request: HttpRequest, frozen: FrozenFiling) -> dict[str, Any]:
    books = {book.book: book for book in books_of(frozen.package)}
    book = books.get(request.GET.get("book", "")) or next(iter(books.values()))
    layout = load_layout(book.layout)
    key = request.GET.get("sheet", "")
    sheet = layout.sheet(key) if layout.has_sheet(key) else layout.sheets[0]
    return {
        "books": list(books.values()),
        "book": book,
        "sheets": layout.sheets,
        "sheet": sheet,
        "grid": grid_of(book, sheet.key, code_names(frozen.package)),
    }


@require_POST
@filing_page(REVIEWER, frozen=True)
def open_review(request: HttpRequest, filing: Filing) -> HttpResponse:
    """打开审核: from here on the department cannot recall."""
    try:
        services.open_review(filing=filing, staff=staff_of(request))
    except TransitionNotAllowed as refused:
        messages.error(request, str(refused))
    return redirect("work:filing_review", filing.public_id)


@require_POST
@filing_page(REVIEWER, frozen=True)
def remark(request: HttpRequest, filing: Filing) -> HttpResponse:
    """Write a remark at a place that this filing has."""
    form, frozen = RemarkForm(request.POST), submitted(filing)
    if frozen is None:
        raise Http404
    place = form.data.get("place", "")
    label = label_of(place, frozen.package, frozen.results) if place else ""
    if not form.is_valid() or (place and not label):
        messages.error(request, "意见没有保存：请写明意见内容，位置须在本申报件之内。")
        return redirect("work:filing_review", filing.public_id)
    try:
        services.remark(
            filing=filing,
            staff=staff_of(request),
            text=form.cleaned_data["text"],
            place=place,
            label=label,
        )
    except TransitionNotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "意见已记下，退回时一并发给部门。")
    return redirect(review_link(filing, place or "findings"))


@require_POST
@filing_page(REVIEWER, frozen=True)
def drop_remark(request: HttpRequest, filing: Filing, remark: int) -> HttpResponse:
    """Delete a remark that was not sent yet."""
    scope = Remark.objects.visible_to(staff_of(request))
    found = get_object_or_404(scope.select_related("filing"), pk=remark, filing=filing)
    try:
        services.drop_remark(remark=found, staff=staff_of(request))
    except TransitionNotAllowed as refused:
        messages.error(request, str(refused))
    return redirect("work:filing_review", filing.public_id)


@filing_page(REVIEWER, frozen=True)
def approve_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """通过, with number and date of the 批复."""
    stated = {
        "document_no": filing.approval_document_no,
        "issued_on": filing.approval_issued_on,
    }
    form = ApprovalForm(posted(request), initial=stated)
    if request.method == "POST" and form.is_valid():
        assumed = filing.approval_is_assumed and not form.has_changed()
        return take(
            request,
            filing,
            transition("approve"),
            lambda: services.approve(
                filing=filing, staff=staff_of(request), assumed=assumed, **form.cleaned_data
            ),
        )
    asked = [
        (change_words(target_change(each)), page_of_request(each)) for each in undecided(filing)
    ]
    context = head_of(request, filing, form=form, asked=asked)
    return render(request, "reviews/approve.html", context)


@staff_page(REVIEWER)
def waivers(request: HttpRequest) -> HttpResponse:
    """豁免: those in force in the bureau's departments, and the form for another."""
    staff = staff_of(request)
    usual = {"kind": FilingKind.DEPARTMENTAL_FINAL_ACCOUNTS}
    form = WaiverForm(posted(request), initial=usual, staff=staff, checks=waivable())
    if request.method == "POST" and form.is_valid() and form.filing is not None:
        cleaned = form.cleaned_data
        services.waive(
            filing=form.filing,
            staff=staff,
            check_id=cleaned["check_id"],
            reason=cleaned["reason"],
            expires_on=cleaned["expires_on"],
        )
        messages.success(request, "已登记豁免。")
        return redirect("work:waivers")
    found = Waiver.objects.granted_in(staff).select_related("filing__department", "granted_by")
    return render(request, "reviews/waivers.html", {"form": form, "waivers": found})
