"""Word files and red-line versions: who asks for them, what they compare, who may read them."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from departments.models import Role, StaffMember
from disclosures import storage
from disclosures.models import RenderedFile, ReportText
from filings.jobs import execute
from filings.models import Filing
from filings.tasks import run_job
from reviews import services
from reviews.models import Remark
from tests import factories

pytestmark = pytest.mark.django_db
ADDED = "本年新设一个内设机构。"


@pytest.fixture(autouse=True)
def broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_job, "apply_async", lambda **_: None)


@pytest.fixture
def returned(opened: Filing, wang: StaffMember, lin: StaffMember) -> Filing:
    """王 sent it back, and 林 has added to one text since."""
    services.remark(filing=opened, staff=wang, text="请核对")
    services.send_back(filing=opened, staff=wang)
    services.answer_remark(remark=Remark.objects.get(), staff=lin, text="已改")
    text = ReportText.objects.get(filing=opened, key="organisation")
    text.body += ADDED
    text.save()
    return opened


def asked(client: Client, filing: Filing, staff: StaffMember, page: str, kind: str) -> RenderedFile:
    """The file a person gets who presses the button."""
    client.force_login(staff)
    answer = client.post(reverse(f"work:{page}", args=[filing.public_id]), {"kind": kind})
    assert answer.status_code == 302, answer.content.decode()
    job = filing.jobs.latest("pk")
    execute(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.message
    return RenderedFile.objects.get(public_id=job.result["file"])


def revisions(file: RenderedFile) -> list[tuple[str, str]]:
    """What Word shows as changed in a file: what was taken out or put in, in order."""
    document = Document(BytesIO(storage.path_of(file.path).read_bytes()))
    texts = {qn("w:ins"): qn("w:t"), qn("w:del"): qn("w:delText")}
    return [
        (node.tag.rpartition("}")[2], "".join(t.text for t in node.iter(texts[node.tag])))
        for node in document.element.iter(*texts)
    ]


def head(file: RenderedFile) -> str:
    document = Document(BytesIO(storage.path_of(file.path).read_bytes()))
    return "".join(p.text for p in document.sections[0].header.paragraphs)


def test_the_department_sees_what_it_changed_since_it_handed_in(
    client: Client, returned: Filing, lin: StaffMember
) -> None:
    file = asked(client, returned, lin, "filing_redline", "redline_word")
    assert revisions(file) == [("ins", ADDED)]
    assert (file.title, file.is_draft, file.snapshot) == ("修订对照稿", True, None)


def test_before_the_first_submission_there_is_nothing_to_compare_with(
    client: Client, draft: Filing, lin: StaffMember
) -> None:
    client.force_login(lin)
    address = reverse("work:filing_redline", args=[draft.public_id])
    assert client.post(address).status_code == 404
    overview = client.get(reverse("work:filing_overview", args=[draft.public_id]))
    assert address not in overview.content.decode()


def test_the_bureau_compares_what_was_handed_in_and_never_the_work_in_between(
    client: Client,
    returned: Filing,
    lin: StaffMember,
    wang: StaffMember,
    internal_reviewer: StaffMember,
) -> None:
    services.hand_over(filing=returned, staff=lin)
    services.submit(filing=returned, staff=internal_reviewer)
    services.open_review(filing=returned, staff=wang)
    client.force_login(wang)
    page = client.get(reverse("work:filing_review", args=[returned.public_id, "changes"]))
    assert reverse("work:filing_redline", args=[returned.public_id]) in page.content.decode()
    file = asked(client, returned, wang, "filing_redline", "redline_word")
    assert revisions(file) == [("ins", ADDED)]
    assert file.snapshot is not None
    assert RenderedFile.objects.visible_to(wang).get() == file


def test_the_bureau_sees_no_draft_of_the_department(
    client: Client, returned: Filing, lin: StaffMember, wang: StaffMember
) -> None:
    file = asked(client, returned, lin, "filing_redline", "redline_word")
    client.force_login(wang)
    assert client.get(reverse("work:rendered_file", args=[file.public_id])).status_code == 404


def test_nobody_of_another_department_asks_for_or_reads_a_red_line(
    client: Client, returned: Filing, lin: StaffMember
) -> None:
    file = asked(client, returned, lin, "filing_redline", "redline_word")
    outsider = factories.make_staff(
        "wai", Role.PREPARER, department=factories.make_department("示例部门乙", "120")
    )
    client.force_login(outsider)
    for address in (
        reverse("work:filing_redline", args=[returned.public_id]),
        reverse("work:filing_draft", args=[returned.public_id]),
    ):
        assert client.post(address).status_code == 404
    assert client.get(reverse("work:rendered_file", args=[file.public_id])).status_code == 404


def test_a_word_file_is_a_draft_until_the_report_is_approved(
    client: Client,
    opened: Filing,
    lin: StaffMember,
    wang: StaffMember,
) -> None:
    before = asked(client, opened, lin, "filing_draft", "word")
    assert head(before).startswith("草稿")
    services.approve(
        filing=opened,
        staff=wang,
        document_no="示例〔2024〕8号",
        issued_on=opened.submitted_at.date(),
    )
    after = asked(client, opened, lin, "filing_draft", "word")
    assert not head(after).startswith("草稿")
    answer = client.get(reverse("work:rendered_file", args=[after.public_id]))
    assert ".docx" in answer["Content-Disposition"]


def test_a_button_that_does_not_exist_is_not_answered(
    client: Client, draft: Filing, lin: StaffMember
) -> None:
    client.force_login(lin)
    address = reverse("work:filing_draft", args=[draft.public_id])
    assert client.post(address, {"kind": "redline"}).status_code == 404
