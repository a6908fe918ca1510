"""The pages: who may open which, what a click does once and twice, what posted extras do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.models import Upload
from departments.models import StaffMember
from disclosures.models import RenderedFile
from filings.models import Event, Filing, Job, Receipt, Snapshot
from filings.services import explain
from filings.states import State
from reviews import services
from reviews.models import Remark, Waiver
from tests import factories
from tests.conftest import SignIn
from tests.reviews.conftest import keep_report

DECLARED = {"declared": "on"}
PAGES = [
    "overview",
    "findings",
    "files",
    "history",
    "submit",
    "receipt",
    "notice",
    "review",
    "approve",
    "publish",
]
POSTS = ["correct", "open_review", "remark", "render"]
STEPS = [
    "hand_over",
    "take_back",
    "hand_back",
    "submit",
    "recall",
    "send_back",
    "revoke",
    "publish",
    "withdraw",
]


def address(filing: Filing, name: str, *more: Any) -> str:
    return reverse(f"work:filing_{name}", args=[filing.public_id, *more])


def addresses(filing: Filing) -> list[str]:
    return [
        *(address(filing, name) for name in (*PAGES, *POSTS)),
        *(address(filing, "step", key) for key in STEPS),
        address(filing, "review", "texts"),
        address(filing, "upload", 1),
        address(filing, "drop_remark", 1),
    ]


def said(client: Client, response: Any) -> str:
    """The page a click leads to."""
    assert response.status_code == 302, response.status_code
    found = client.get(response["Location"])
    assert found.status_code == 200
    return found.content.decode()


def test_an_outsider_finds_no_page_and_no_word_of_it(
    opened: Filing, wai: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wai)
    for page in addresses(opened):
        for response in (client.get(page), client.post(page, DECLARED)):
            assert response.status_code in {403, 404, 405}, page
            assert opened.department.name not in response.content.decode()
    assert opened.department.name not in client.get(reverse("work:index")).content.decode()
    opened.refresh_from_db()
    assert opened.status is State.SUBMITTED


def test_a_bureau_of_elsewhere_and_a_system_administrator_find_nothing_either(
    opened: Filing, system_admin: StaffMember, sign_in: SignIn
) -> None:
    elsewhere = factories.make_staff(
        "elsewhere", "bureau_reviewer", region=factories.make_region("420106")
    )
    for staff in (elsewhere, system_admin):
        client = sign_in(staff)
        for page in [*addresses(opened), reverse("work:index"), reverse("work:waivers")]:
            response = client.get(page)
            assert opened.department.name not in response.content.decode(), page
            if "filings/" in page:
                assert response.status_code in {403, 404, 405}, page


def test_whoever_is_not_signed_in_is_asked_to(opened: Filing, client: Client) -> None:
    for page in addresses(opened):
        response = client.get(page)
        assert response.status_code in {302, 405}, page
        if response.status_code == 302:
            assert "/login/" in response["Location"]


def test_rights_taken_away_are_gone_at_the_next_request(
    opened: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    client, page = sign_in(wang), address(opened, "review")
    assert client.get(page).status_code == 200
    StaffMember.objects.filter(pk=wang.pk).update(region=factories.make_region("420106"))
    assert client.get(page).status_code == 404
    StaffMember.objects.filter(pk=wang.pk).update(is_active=False)
    assert client.get(page).status_code == 302


def test_pages_of_a_filing_are_never_kept_by_a_browser(
    opened: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wang)
    for page in (address(opened, "review"), reverse("work:index")):
        assert "no-store" in client.get(page)["Cache-Control"]


def test_no_page_holds_inline_script_or_style(
    opened: Filing, wang: StaffMember, lin: StaffMember, sign_in: SignIn
) -> None:
    pages = [address(opened, "review", tab) for tab in ("findings", "sheets", "scores", "texts")]
    for client, page in [
        *((sign_in(wang), page) for page in [*pages, address(opened, "approve")]),
        *((sign_in(lin), address(opened, name)) for name in ("overview", "submit", "notice")),
    ]:
        found = client.get(page).content.decode()
        assert " style=" not in found
        assert " onclick=" not in found
        assert all("src=" in tag for tag in re.findall("<script[^>]*>", found))


def test_a_return_is_confirmed_with_the_remarks_it_sends(
    opened: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    client, page = sign_in(wang), address(opened, "step", "send_back")
    assert "还没有写审核意见" in client.get(page).content.decode()
    services.remark(filing=opened, staff=wang, text="请核对附注")
    assert "请核对附注" in client.get(page).content.decode()


def test_looking_changes_nothing(
    submitted: Filing,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    wang: StaffMember,
    publisher: StaffMember,
    sign_in: SignIn,
) -> None:
    before = (submitted.state, submitted.review_opened_at, submitted.revision)
    events = Event.objects.count()
    for staff in (lin, internal_reviewer, wang, publisher):
        client = sign_in(staff)
        for page in addresses(submitted):
            assert client.get(page).status_code in {200, 302, 403, 404, 405}, page
    submitted.refresh_from_db()
    assert (submitted.state, submitted.review_opened_at, submitted.revision) == before
    assert Event.objects.count() == events


def test_every_post_wants_the_token(opened: Filing, wang: StaffMember) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(wang, backend="django.contrib.auth.backends.ModelBackend")
    for page in addresses(opened):
        assert client.post(page, DECLARED).status_code == 403, page


def test_the_bureau_reads_what_was_handed_in_while_a_return_is_reworked(
    opened: Filing, wang: StaffMember, lin: StaffMember, sign_in: SignIn
) -> None:
    services.remark(filing=opened, staff=wang, text="请核对")
    services.send_back(filing=opened, staff=wang)
    opened.report_texts.update(body="改到一半的文字")
    RenderedFile.objects.create(
        filing=opened, is_draft=True, path="drafts/x.pdf", size=1, source_sha256="0" * 64
    )
    Upload.objects.create(
        filing=opened, name="改后.xlsx", sha256="1" * 64, size=1, path="x", uploaded_by=lin
    )
    client = sign_in(wang)
    for tab in ("findings", "sheets", "scores", "texts", "files"):
        page = client.get(address(opened, "review", tab)).content.decode()
        assert "改到一半的文字" not in page
        assert "草稿 PDF" not in page
        assert "改后.xlsx" not in page
    for name in ("filing_texts", "filing_workbooks", "performance"):
        page = reverse(f"work:{name}", args=[opened.public_id])
        assert client.get(page).status_code == 404
        assert sign_in(lin).get(page).status_code == 200
    assert client.get(address(opened, "upload", Upload.objects.get().pk)).status_code == 404


def test_the_bureau_reads_nothing_before_it_opened_the_review(
    submitted: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wang)
    for tab in ("findings", "sheets", "scores", "texts", "files"):
        page = client.get(address(submitted, "review", tab)).content.decode()
        assert "还没有打开审核" in page
        assert "公开01表" not in page
    client.post(address(submitted, "open_review"))
    assert "公开01表" in client.get(address(submitted, "review", "sheets")).content.decode()


@pytest.mark.parametrize(
    "tab", ["findings", "changes", "sheets", "scores", "texts", "files", "history"]
)
def test_each_tab_of_the_review_opens(
    tab: str, opened: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    assert sign_in(wang).get(address(opened, "review", tab)).status_code == 200


def test_the_department_goes_from_draft_to_receipt(
    draft: Filing, lin: StaffMember, internal_reviewer: StaffMember, sign_in: SignIn
) -> None:
    mine, colleague = sign_in(lin), sign_in(internal_reviewer)
    page = said(mine, mine.post(address(draft, "step", "hand_over")))
    assert "已送部门复核" in page
    page = said(colleague, colleague.post(address(draft, "step", "submit"), DECLARED))
    receipt = Receipt.objects.get(filing=draft)
    assert receipt.number in page
    assert receipt.snapshot.sha256 in page


def test_submitting_wants_the_declaration(
    handed_over: Filing, internal_reviewer: StaffMember, sign_in: SignIn
) -> None:
    response = sign_in(internal_reviewer).post(address(handed_over, "step", "submit"))
    assert "提交前请确认" in response.content.decode()
    assert not Receipt.objects.exists()


def test_a_second_click_gets_the_same_receipt(
    handed_over: Filing, internal_reviewer: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(internal_reviewer)
    first = said(client, client.post(address(handed_over, "step", "submit"), DECLARED))
    second = said(client, client.post(address(handed_over, "step", "submit"), DECLARED))
    number = Receipt.objects.get(filing=handed_over).number
    assert number in first
    assert number in second
    assert "没有重复办理" in second
    assert Event.objects.filter(filing=handed_over, action="submit").count() == 1
    assert Snapshot.objects.filter(filing=handed_over).count() == 1


def test_every_other_double_click_is_told_that_it_is_done(
    opened: Filing, wang: StaffMember, publisher: StaffMember, sign_in: SignIn
) -> None:
    reviewer, public = sign_in(wang), sign_in(publisher)
    approval = {"document_no": "示例〔2024〕8号", "issued_on": "2024-09-01"}
    for _ in range(2):
        page = said(reviewer, reviewer.post(address(opened, "approve"), approval))
    assert "没有重复办理" in page
    keep_report(opened)
    for _ in range(2):
        page = said(public, public.post(address(opened, "step", "publish")))
    assert "没有重复办理" in page
    for _ in range(2):
        reason = {"reason": "数据有误"}
        page = said(public, public.post(address(opened, "step", "withdraw"), reason))
    assert "没有重复办理" in page
    counted = Event.objects.filter(action__in=["approve", "publish", "withdraw"]).count()
    assert (counted, Job.objects.count()) == (3, 1)


def test_a_closed_gate_leads_to_what_is_missing(
    handed_over: Filing, internal_reviewer: StaffMember, sign_in: SignIn
) -> None:
    handed_over.report_texts.all().delete()
    client = sign_in(internal_reviewer)
    page = said(client, client.post(address(handed_over, "step", "submit"), DECLARED))
    assert "还不能提交" in page
    assert reverse("work:filing_texts", args=[handed_over.public_id]) in page
    handed_over.refresh_from_db()
    assert handed_over.status is State.INTERNAL_REVIEW


def test_a_step_from_the_wrong_state_is_refused_in_words(
    opened: Filing, internal_reviewer: StaffMember, wang: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(internal_reviewer)
    page = said(client, client.post(address(opened, "step", "recall")))
    assert "审核人已经打开这份申报件" in page
    reviewer = sign_in(wang)
    page = said(reviewer, reviewer.post(address(opened, "step", "revoke"), {"reason": "错"}))
    assert "申报件当前待审核，不能撤销通过" in page


def test_the_wrong_role_is_refused(
    opened: Filing, lin: StaffMember, publisher: StaffMember, sign_in: SignIn
) -> None:
    assert sign_in(lin).post(address(opened, "step", "submit"), DECLARED).status_code == 403
    assert sign_in(lin).get(address(opened, "approve")).status_code == 403
    assert sign_in(publisher).post(address(opened, "remark"), {"text": "错"}).status_code == 403
    assert sign_in(lin).post(address(opened, "step", "nothing")).status_code == 404


def test_extra_posted_fields_change_nothing(
    handed_over: Filing,
    internal_reviewer: StaffMember,
    wang: StaffMember,
    wai: StaffMember,
    sign_in: SignIn,
) -> None:
    extras = {
        "state": "published",
        "version": "9",
        "department": wai.department_id,
        "published_at": "2024-01-01",
        "submitted_by": wai.pk,
        "is_sample": "",
        "approved_by": wang.pk,
        "assumed": "on",
        "is_superuser": "on",
    }
    before = (handed_over.department_id, handed_over.version, handed_over.is_sample)
    sign_in(internal_reviewer).post(address(handed_over, "step", "submit"), DECLARED | extras)
    handed_over.refresh_from_db()
    assert handed_over.status is State.SUBMITTED
    assert handed_over.submitted_by == internal_reviewer
    assert (handed_over.department_id, handed_over.version, handed_over.is_sample) == before
    assert handed_over.published_at is None
    reviewer = sign_in(wang)
    reviewer.post(address(handed_over, "open_review"), extras)
    approval = {"document_no": "示例〔2024〕8号", "issued_on": "2024-09-01"}
    reviewer.post(address(handed_over, "approve"), approval | extras)
    handed_over.refresh_from_db()
    assert handed_over.status is State.APPROVED
    assert not handed_over.approval_is_assumed
    assert handed_over.published_at is None


def test_a_remark_is_pinned_sent_answered_and_shown(
    opened: Filing, wang: StaffMember, lin: StaffMember, sign_in: SignIn
) -> None:
    reviewer, mine = sign_in(wang), sign_in(lin)
    book = opened.workbooks.get().unit.code
    place = f"cell/{book}/revenue_expenditure_summary/revenue_grand_total/actual"
    form = reviewer.get(address(opened, "review", "sheets"), {"place": place}).content.decode()
    assert "收入方：总计" in form
    reviewer.post(address(opened, "remark"), {"place": place, "text": "请核对总计"})
    assert Remark.objects.get().label.startswith("公开01表")
    assert "请核对总计" not in mine.get(address(opened, "notice")).content.decode()
    reviewer.post(address(opened, "step", "send_back"))
    page = mine.get(address(opened, "notice")).content.decode()
    assert "请核对总计" in page
    assert (
        reverse("work:filing_sheet", args=[opened.public_id, book, "revenue_expenditure_summary"])
        in page
    )
    key = str(Remark.objects.get().pk)
    mine.post(address(opened, "notice"), {key: "已核对", "999999": "别人的"})
    assert Remark.objects.get().answer == "已核对"


@pytest.mark.parametrize("place", ["cell/000000/a/b/c", "cell/1", "text/nowhere", "x/y", "unit/1"])
def test_a_remark_stays_inside_the_filing(
    place: str, opened: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wang)
    page = said(client, client.post(address(opened, "remark"), {"place": place, "text": "错"}))
    assert "意见没有保存" in page
    assert not Remark.objects.exists()


def test_stored_script_is_shown_as_words(
    opened: Filing, wang: StaffMember, lin: StaffMember, sign_in: SignIn
) -> None:
    text = "<script>alert(1)</script>"
    client = sign_in(wang)
    page = said(client, client.post(address(opened, "remark"), {"text": text}))
    assert text not in page
    assert "&lt;script&gt;" in page


def test_explanations_are_written_for_findings_of_this_moment_only(
    draft: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    draft.key_tasks.all().delete()
    client = sign_in(lin)
    page = client.get(address(draft, "findings"))
    (key,) = page.context["form"].fields
    client.post(address(draft, "findings"), {key: "本年没有重点工作。", "0" * 16: "多余"})
    assert [(e.identity, e.text) for e in draft.explanations.all()] == [(key, "本年没有重点工作。")]


def test_explanations_are_refused_once_handed_over(
    handed_over: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    assert sign_in(lin).post(address(handed_over, "findings"), {}).status_code == 403


def test_opening_a_filing(lin: StaffMember, sign_in: SignIn) -> None:
    factories.FiscalYear.objects.get_or_create(year=2023)
    client = sign_in(lin)
    data = {"fiscal_year": "2023", "kind": factories.KIND}
    page = said(client, client.post(reverse("work:filing_open"), data))
    assert "已建立申报件" in page
    again = client.post(reverse("work:filing_open"), data).content.decode()
    assert "已有正在办理的申报件" in again
    assert Filing.objects.get().workbooks.count() == 1
    factories.FiscalYear.objects.get_or_create(year=1999)
    before = client.post(reverse("work:filing_open"), data | {"fiscal_year": "1999"})
    assert "还没有报表版式" in before.content.decode()


def test_a_year_that_is_closed_is_no_choice(lin: StaffMember, sign_in: SignIn) -> None:
    factories.FiscalYear.objects.update_or_create(year=2023, defaults={"is_open": False})
    data = {"fiscal_year": "2023", "kind": factories.KIND}
    page = sign_in(lin).post(reverse("work:filing_open"), data).content.decode()
    assert "没有开放填报" in page
    assert not Filing.objects.exists()


def test_a_waiver_is_for_a_department_of_ones_own_and_a_check_that_exists(
    draft: Filing, wang: StaffMember, wai: StaffMember, sign_in: SignIn
) -> None:
    other = factories.make_department("示例部门丁", region="420106")
    good = {
        "department": draft.department_id,
        "fiscal_year": draft.fiscal_year_id,
        "kind": draft.kind,
        "check_id": "fa-101",
        "reason": "系统转换",
        "expires_on": "2999-12-31",
    }
    client, page = sign_in(wang), reverse("work:waivers")
    for change in (
        {"department": other.pk},
        {"check_id": "XX-1"},
        {"expires_on": "2001-01-01"},
        {"reason": ""},
        {"kind": "departmental_budget"},
    ):
        assert client.post(page, good | change).status_code == 200
        assert not Waiver.objects.exists(), change
    assert "已登记豁免" in said(client, client.post(page, good))
    waiver = Waiver.objects.get()
    assert (waiver.check_id, waiver.filing, waiver.granted_by) == ("FA-101", draft, wang)
    assert sign_in(wai).get(page).status_code == 403


def test_a_future_approval_date_is_refused(
    opened: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    future = {"document_no": "示例〔2999〕1号", "issued_on": "2999-01-01"}
    page = sign_in(wang).post(address(opened, "approve"), future).content.decode()
    assert "不能晚于今天" in page
    opened.refresh_from_db()
    assert opened.status is State.SUBMITTED


def test_the_publisher_waits_for_the_report_and_sees_its_progress(
    approved: Filing, publisher: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(publisher)
    page = client.get(address(approved, "publish"))
    assert page["Refresh"] == "3"
    assert "正在生成" in page.content.decode()
    assert "尚未生成" in said(client, client.post(address(approved, "step", "publish")))
    Job.objects.update(state="failed", message="字体缺失")
    page = client.get(address(approved, "publish"))
    assert "字体缺失" in page.content.decode()
    client.post(address(approved, "render"))
    assert Job.objects.get().state == "waiting"
    keep_report(approved)
    assert "已公开。" in said(client, client.post(address(approved, "step", "publish")))


def test_a_correction_is_opened_once(published: Filing, lin: StaffMember, sign_in: SignIn) -> None:
    client = sign_in(lin)
    assert "已建立第 2 版" in said(client, client.post(address(published, "correct")))
    assert "没有重复建立" in said(client, client.post(address(published, "correct")))
    assert Filing.objects.count() == 2


def test_the_desk_says_whose_turn_it_is(
    submitted: Filing,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    wang: StaffMember,
    sign_in: SignIn,
) -> None:
    desk = reverse("work:index")
    (row,) = sign_in(internal_reviewer).get(desk).context["rows"]
    assert (row.action, row.is_mine, row.holder) == ("查看回执", False, "财政审核")
    (queued,) = sign_in(wang).get(desk).context["queue"]
    assert (queued.action, queued.rounds) == ("审核", 1)
    assert "待审核" in sign_in(lin).get(desk).content.decode()


def test_the_board_counts_departments_and_names_the_late(
    approved: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    factories.make_department("还没报送的部门", region=wang.region_id or "")
    board = sign_in(wang).get(reverse("work:index")).context["board"]
    assert board.departments == 2
    assert {s.state: s.count for s in board.segments} == {"not_handed_in": 1, "approved": 1}
    assert sum(s.width for s in board.segments) == 1000
    assert [row.filing for row in board.late] == [approved]


def test_the_desk_offers_what_has_not_begun(lin: StaffMember, sign_in: SignIn) -> None:
    factories.FiscalYear.objects.get_or_create(year=2023)
    page = sign_in(lin).get(reverse("work:index")).content.decode()
    assert "未开始" in page
    assert f"{reverse('work:filing_open')}?fiscal_year=2023" in page


def more_filings(staff: StaffMember, count: int) -> None:
    for number in range(count):
        other = factories.make_department(f"示例部门{number}", region=staff.region_id or "")
        preparer = factories.make_staff(f"more-{number}", department=other)
        factories.make_filing(other, preparer, state="submitted")


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert client.get(page).status_code == 200
    return len(counted)


def test_the_desk_asks_the_database_no_more_for_more_filings(
    submitted: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    client, desk = sign_in(wang), reverse("work:index")
    before = queries(client, desk)
    more_filings(wang, 12)
    assert queries(client, desk) == before <= 13


@pytest.mark.parametrize("tab", ["findings", "sheets", "texts", "history"])
def test_the_review_asks_the_database_no_more_for_more_remarks(
    tab: str, opened: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    client, page = sign_in(wang), address(opened, "review", tab)
    before = queries(client, page)
    for number in range(12):
        services.remark(filing=opened, staff=wang, text=f"第 {number} 条")
    assert queries(client, page) == before <= 17


def test_a_written_explanation_is_shown_to_the_bureau(
    draft: Filing,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    wang: StaffMember,
    sign_in: SignIn,
) -> None:
    draft.key_tasks.all().delete()
    page = sign_in(lin).get(address(draft, "findings"))
    (key,) = page.context["form"].fields
    explain(filing=draft, staff=lin, check_id="TX-103", identity=key, text="本年没有重点工作。")
    services.hand_over(filing=draft, staff=lin)
    services.submit(filing=draft, staff=internal_reviewer)
    services.open_review(filing=draft, staff=wang)
    review = sign_in(wang).get(address(draft, "review")).content.decode()
    assert "本年没有重点工作。" in review
