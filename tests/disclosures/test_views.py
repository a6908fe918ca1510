"""Staff pages of a report: words, drafts and their progress, files, data packages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from budgets.models import Workbook
from departments.models import Department, StaffMember
from disclosures import storage, views
from disclosures.forms import TextsForm
from disclosures.models import RenderedFile, ReportText
from disclosures.outline import load_outline
from filings.models import Filing, Job
from filings.services import FilingLocked
from filings.states import State
from filings.tasks import run_job
from tests import factories
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 draft"


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PUBLISHED_ROOT = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr(run_job, "apply_async", lambda **_: None)


@pytest.fixture
def lin_client(lin: StaffMember, workbook: Workbook, sign_in: SignIn) -> Client:
    return sign_in(lin)


def address(filing: Filing, page: str = "texts", *more: object) -> str:
    return reverse(f"work:filing_{page}", args=[filing.public_id, *more])


def first_text(filing: Filing) -> str:
    return load_outline(filing.outline_edition).texts[0].key


def words(filing: Filing, **fields: str) -> dict[str, str]:
    """The form as a browser sends it, with one reason row and no key task."""
    plain = {f"text-{text.key}": "" for text in load_outline(filing.outline_edition).texts}
    counts = {"reason-TOTAL_FORMS": "1", "reason-INITIAL_FORMS": "1"}
    counts |= {"task-TOTAL_FORMS": "1", "task-INITIAL_FORMS": "0"}
    row = {"reason-0-subject": "revenue.prior_year", "reason-0-text": "", "reason-0-amount": ""}
    approval = {"approval-document_no": "", "approval-issued_on": ""}
    return plain | counts | row | approval | fields


def render_file(filing: Filing, *, draft: bool = True) -> RenderedFile:
    path, sha256 = storage.keep(PDF, official=not draft)
    return RenderedFile.objects.create(
        filing=filing, is_draft=draft, path=path, sha256=sha256, source_sha256="0", size=len(PDF)
    )


def assert_private(response: HttpResponseBase) -> None:
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_words_are_saved_and_shown(lin_client: Client, filing: Filing) -> None:
    key = first_text(filing)
    sent = words(
        filing,
        **{f"text-{key}": "负责示例工作。", "reason-0-text": "人员增加", "reason-0-amount": "1.25"},
    )
    response = lin_client.post(address(filing), sent)
    assert response.status_code == 302
    page = lin_client.get(address(filing))
    assert_private(page)
    text = page.content.decode()
    assert "负责示例工作。" in text
    assert 'value="人员增加"' in text
    assert 'value="1.25"' in text
    assert str(filing.variance_explanations.get().amount) == "12500.00"


def test_the_second_of_two_editors_is_told_and_loses_nothing(
    lin_client: Client, filing: Filing
) -> None:
    key = first_text(filing)
    opened = re.search(
        r'name="seen" value="(\w+)"', lin_client.get(address(filing)).content.decode()
    )
    assert opened is not None
    lin_client.post(address(filing), words(filing, **{f"text-{key}": "同事写的。"}))
    late = words(filing, **{f"text-{key}": "我写的。", "seen": opened.group(1)})
    page = lin_client.post(address(filing), late)
    assert page.status_code == 200
    text = page.content.decode()
    assert "另有人保存过" in text
    assert "我写的。" in text
    assert filing.report_texts.get(key=key).body == "同事写的。"
    again = re.search(r'name="seen" value="(\w+)"', text)
    assert again is not None
    assert lin_client.post(address(filing), late | {"seen": again.group(1)}).status_code == 302
    assert filing.report_texts.get(key=key).body == "我写的。"


@pytest.mark.parametrize("wrong", ["约三千", "1.2.3", "1e9999", "９９９万万", "--5"])
def test_a_wrong_amount_stays_in_the_form_with_its_error(
    lin_client: Client, filing: Filing, wrong: str
) -> None:
    sent = words(filing, **{"reason-0-text": "人员增加", "reason-0-amount": wrong})
    response = lin_client.post(address(filing), sent)
    assert response.status_code == 200
    text = response.content.decode()
    assert f'value="{wrong}"' in text
    assert 'value="人员增加"' in text
    assert 'class="errorlist' in text
    assert not filing.variance_explanations.exists()


def test_half_a_key_task_is_an_error_of_its_row(lin_client: Client, filing: Filing) -> None:
    response = lin_client.post(address(filing), words(filing, **{"task-0-item": "平安建设"}))
    assert "请填完这一行的三项" in response.content.decode()
    assert not filing.key_tasks.exists()


@pytest.mark.parametrize(
    "damage",
    [
        {"reason-TOTAL_FORMS": "x"},
        {"reason-TOTAL_FORMS": "999999999"},
        {"reason-0-subject": ""},
        {"approval-issued_on": "2024-13-45"},
        {"approval-document_no": "文" * 61},
        {"reason-0-text": "a\0b"},
    ],
)
def test_a_damaged_form_is_refused_not_a_crash(
    lin_client: Client, filing: Filing, damage: dict[str, str]
) -> None:
    response = lin_client.post(address(filing), words(filing, **damage))
    assert response.status_code == 200
    assert lin_client.post(address(filing), {}).status_code == 200
    filing.refresh_from_db()
    assert filing.revision == 0


@pytest.mark.parametrize("state", [State.INTERNAL_REVIEW, State.SUBMITTED, State.PUBLISHED])
def test_a_closed_filing_is_read_and_not_written(
    lin_client: Client, filing: Filing, state: State
) -> None:
    Filing.objects.filter(pk=filing.pk).update(state=state)
    sent = words(filing, **{f"text-{first_text(filing)}": "改写"})
    assert lin_client.get(address(filing)).status_code == 200
    assert lin_client.post(address(filing), sent).status_code == 403
    assert not ReportText.objects.exists()


def test_someone_elses_pages_do_not_exist(
    wai: StaffMember, filing: Filing, sign_in: SignIn
) -> None:
    client = sign_in(wai)
    for page in ("texts", "package", "package_file"):
        assert client.get(address(filing, page)).status_code == 404
        assert client.post(address(filing, page), words(filing)).status_code == 404
    assert client.post(address(filing, "draft")).status_code == 404
    assert not Job.objects.exists()


def test_only_the_preparer_writes(
    internal_reviewer: StaffMember, workbook: Workbook, filing: Filing, sign_in: SignIn
) -> None:
    client = sign_in(internal_reviewer)
    assert client.post(address(filing), words(filing)).status_code == 403
    file = SimpleUploadedFile("x.json", b"{}")
    sent = {"file": file, "replace_all": "on"}
    assert client.post(address(filing, "package"), sent).status_code == 403


def test_a_draft_is_asked_for_by_the_department_with_a_post(
    lin_client: Client, filing: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    assert lin_client.get(address(filing, "draft")).status_code == 405
    response = lin_client.post(address(filing, "draft"))
    job = Job.objects.get()
    assert response["Location"] == address(filing, "job", job.pk)
    Filing.objects.update(state=State.SUBMITTED)
    bureau = sign_in(wang)
    assert bureau.post(address(filing, "draft")).status_code == 403
    assert "生成草稿" not in bureau.get(address(filing)).content.decode()


def test_the_page_of_a_job_looks_again_until_it_is_over(lin_client: Client, filing: Filing) -> None:
    lin_client.post(address(filing, "draft"))
    job = Job.objects.get()
    waiting = lin_client.get(address(filing, "job", job.pk))
    assert waiting["Refresh"] == "2"
    assert_private(waiting)
    rendered = render_file(filing)
    result = {"file": str(rendered.public_id), "pages": 3}
    Job.objects.update(state="done", progress=100, result=result)
    done = lin_client.get(address(filing, "job", job.pk))
    assert "Refresh" not in done
    assert reverse("work:rendered_file", args=[rendered.public_id]) in done.content.decode()
    Job.objects.update(state="failed", message="尝试 3 次仍未成功")
    assert "尝试 3 次仍未成功" in lin_client.get(address(filing, "job", job.pk)).content.decode()


def test_a_job_of_another_filing_is_not_found(
    lin_client: Client, filing: Filing, lin: StaffMember, wai: StaffMember
) -> None:
    other = Job.objects.create(kind="render_report", key="x", requested_by=wai)
    for number in (other.pk, 0, 10**18, 10**30):
        assert lin_client.get(address(filing, "job", number)).status_code == 404


def test_a_file_has_its_chinese_name_and_is_not_kept(
    lin_client: Client, filing: Filing, department: Department
) -> None:
    rendered = render_file(filing)
    response = lin_client.get(reverse("work:rendered_file", args=[rendered.public_id]))
    assert response.getvalue() == PDF
    assert response["Content-Type"] == "application/pdf"
    name = f"2023年度{department.name}部门决算公开（草稿）.pdf"
    assert (
        quote(name, safe="（）").replace("（", "%EF%BC%88").replace("）", "%EF%BC%89")
        in (response["Content-Disposition"])
    )
    assert_private(response)


def test_a_hostile_name_does_not_break_the_header(
    lin_client: Client, filing: Filing, department: Department
) -> None:
    department.name = 'x"\r\nSet-Cookie: a=b/../..\\'
    department.save()
    rendered = render_file(filing)
    response = lin_client.get(reverse("work:rendered_file", args=[rendered.public_id]))
    assert "Set-Cookie" not in response
    said = response["Content-Disposition"]
    assert not {"\r", "\n", "/", "\\"} & set(said)


def test_a_file_that_is_gone_or_outside_is_not_found(lin_client: Client, filing: Filing) -> None:
    rendered = render_file(filing)
    for path in ("drafts/none.pdf", "../secret-key", "/etc/passwd", ""):
        RenderedFile.objects.update(path=path)
        response = lin_client.get(reverse("work:rendered_file", args=[rendered.public_id]))
        assert response.status_code == 404, path


def test_a_draft_is_for_the_department_only(
    filing: Filing, wai: StaffMember, wang: StaffMember, system_admin: StaffMember,
    client: Client, sign_in: SignIn,
) -> None:  # fmt: skip
    Filing.objects.update(state=State.SUBMITTED)
    draft, official = render_file(filing), render_file(filing, draft=False)
    draft_page, official_page = (
        reverse("work:rendered_file", args=[file.public_id]) for file in (draft, official)
    )
    assert sign_in(wang).get(official_page).status_code == 200
    assert sign_in(wang).get(draft_page).status_code == 404
    for page in (draft_page, official_page):
        assert sign_in(wai).get(page).status_code == 404
        assert sign_in(system_admin).get(page).status_code == 403
        assert client.get(page).status_code == 302


# The data package.


def send(client: Client, filing: Filing, content: bytes, **fields: Any) -> HttpResponseBase:
    file = SimpleUploadedFile("包.json", content, "application/json")
    sent = {"file": file, "replace_all": "on"} | fields
    return client.post(address(filing, "package"), sent)


def taken(client: Client, filing: Filing) -> bytes:
    response = client.get(address(filing, "package_file"))
    assert_private(response)
    assert quote("部门决算公开") in response["Content-Disposition"]
    return response.content


def test_what_was_taken_away_can_be_put_back(lin_client: Client, filing: Filing) -> None:
    lin_client.post(address(filing), words(filing, **{f"text-{first_text(filing)}": "原文"}))
    content = taken(lin_client, filing)
    lin_client.post(address(filing), words(filing, **{f"text-{first_text(filing)}": "改写"}))
    assert send(lin_client, filing, content).status_code == 302
    assert filing.report_texts.get().body == "原文"
    assert taken(lin_client, filing) == content


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"{}", b"[]", b"null", b"[" * 5000, b'{"format": 1}', b"%PDF-1.7", b"1e400"],
)
def test_what_is_no_package_is_refused_with_findings(
    lin_client: Client, filing: Filing, content: bytes
) -> None:
    response = send(lin_client, filing, content)
    assert response.status_code == 200
    assert response.context["findings"]
    filing.refresh_from_db()
    assert filing.revision == 0


def test_a_package_of_another_department_is_refused(lin_client: Client, filing: Filing) -> None:
    document = json.loads(taken(lin_client, filing))
    document["package"]["head"]["department_code"] = "900999"
    response = send(lin_client, filing, json.dumps(document).encode())
    assert [finding.check_id for finding in response.context["findings"]] == ["PK-111"]


def test_replacing_wants_to_be_confirmed(lin_client: Client, filing: Filing) -> None:
    content = taken(lin_client, filing)
    response = send(lin_client, filing, content, replace_all="")
    assert "replace_all" in response.context["form"].errors
    assert send(lin_client, filing, b"").status_code == 200


def test_a_package_too_large_is_refused(
    lin_client: Client, filing: Filing, settings: object
) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024  # type: ignore[attr-defined]
    response = send(lin_client, filing, b" " * (1024 * 1024 + 1))
    assert "最大 1 MB" in str(response.context["form"].errors)


def test_a_filing_handed_in_meanwhile_is_refused_not_a_crash(
    lin_client: Client, filing: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = taken(lin_client, filing)

    def locked(**_: object) -> None:
        raise FilingLocked("这份申报件待审核，不能修改。")

    monkeypatch.setattr(views, "file_package", locked)
    assert send(lin_client, filing, content).status_code == 403
    monkeypatch.setattr(views, "save_words", locked)
    page = lin_client.post(address(filing), words(filing)).content.decode()
    assert "不能修改" in page


def test_every_text_of_the_outline_has_a_box(filing: Filing) -> None:
    texts = load_outline(filing.outline_edition).texts
    assert list(TextsForm(texts).fields) == [text.key for text in texts]


def ledger_row(number: int, subject: str, **fields: str) -> dict[str, str]:
    row = {"subject": subject, "kind": "", "amount": "", "text": ""} | fields
    return {f"reason-{number}-{name}": value for name, value in row.items()}


@pytest.fixture
def filed(lin: StaffMember, department: Department) -> Filing:
    """A filing whose revenue is 300 万元 more than last year's."""
    cells = {
        ("revenue_sheet", "2040201", "appropriation"): "8000000.00",
        ("comparatives", "revenue_total", "prior_year"): "5000000.00",
        ("comparatives", "appropriation_general_public", "prior_year"): "5500000.00",
        ("appropriation_summary", "appropriation_general_public", "actual"): "8000000.00",
    }
    return factories.make_workbook(factories.make_filing(department, lin), cells=cells).filing


REVENUE = "revenue_total.prior_year"


def test_the_ledger_says_what_is_explained_while_one_types(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    sent = words(filed, **{"reason-TOTAL_FORMS": "2"})
    sent |= ledger_row(0, REVENUE, amount="200", text="人员增加")
    sent |= ledger_row(1, REVENUE, amount="150", text="")
    answer = client.post(address(filed, "ledger"), sent)
    line = answer.json()["parts"][REVENUE]
    for expected in ("+300.00", "+350.00", "-50.00", "解释过头"):
        assert expected in line
    assert not filed.variance_explanations.exists()


def test_a_proposal_becomes_a_row_without_saving_or_losing_what_was_typed(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    page = client.get(address(filed)).content.decode()
    proposed = re.search(rf'name="add" value="({re.escape(REVENUE)}\|\d+)"', page)
    assert proposed is not None
    sent = words(filed, add=proposed.group(1)) | ledger_row(0, REVENUE, text="先写的")
    text = client.post(address(filed), sent).content.decode()
    assert 'value="先写的"' in text
    assert 'value="一般公共预算财政拨款收入增加"' in text
    assert 'value="250.00"' in text
    assert not filed.variance_explanations.exists()


@pytest.mark.parametrize("asked", ["", "x|0", f"{REVENUE}|99", f"{REVENUE}|-1", f"{REVENUE}|x"])
def test_an_unknown_proposal_adds_at_most_a_blank_row(
    filed: Filing, lin: StaffMember, sign_in: SignIn, asked: str
) -> None:
    answer = sign_in(lin).post(address(filed), words(filed, add=asked))
    assert answer.status_code == 200
    assert not filed.variance_explanations.exists()


def test_a_kind_is_kept_and_offered_again(filed: Filing, lin: StaffMember, sign_in: SignIn) -> None:
    client = sign_in(lin)
    row = ledger_row(0, REVENUE, kind="personnel", amount="300", text="人员增加")
    assert client.post(address(filed), words(filed) | row).status_code == 302
    assert filed.variance_explanations.get().kind == "personnel"
    text = client.get(address(filed)).content.decode()
    assert '<option value="personnel" selected>人员增支</option>' in text
    assert "已说清" in text


def test_an_amount_without_words_is_not_lost_but_asked_about(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    sent = words(filed) | ledger_row(0, REVENUE, amount="300")
    text = sign_in(lin).post(address(filed), sent).content.decode()
    assert "请写明原因，或者清空金额。" in text
    assert 'value="300"' in text


def test_a_kind_no_longer_offered_stays_as_it_was(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    filed.variance_explanations.create(subject=REVENUE, text="旧", kind="weather")
    text = sign_in(lin).get(address(filed)).content.decode()
    assert '<option value="weather" selected>weather（本年度没有）</option>' in text
