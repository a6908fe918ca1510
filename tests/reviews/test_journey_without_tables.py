"""The journey of a filing without tables: the three published forms of 2019, from the desk of the
person who files them to the page and the PDF a citizen reads.

林 files, 沈 reviews inside the department, 王 for the bureau, the publisher publishes.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from departments.models import Department, FiscalYear, Role, StaffMember
from disclosures.package import document, dump
from disclosures.services import ensure_official
from filings.models import Filing
from portal.addresses import report_address
from tests import factories
from tests.conftest import SignIn
from tests.disclosures.pdf_facts import check_pdf
from tests.disclosures.published_forms import politics_law_code, politics_law_package
from tests.performance.test_views import fields_of

pytestmark = pytest.mark.django_db
UNJUDGED = politics_law_code(3)
STAFF_PAGES = (
    "filing_overview", "filing_workbooks", "filing_department", "filing_projects", "performance",
    "aggregation", "aggregation-links", "filing_texts", "filing_findings", "filing_files",
    "filing_package", "filing_extract", "filing_history", "filing_submit",
)  # fmt: skip


def at(name: str, filing: Filing, *more: str) -> str:
    return reverse(f"work:{name}", args=[filing.public_id, *more])


def text_of(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def politics_law() -> Department:
    head = politics_law_package().head
    FiscalYear.objects.get_or_create(year=head.fiscal_year)
    department = factories.make_department(head.department_name, head.department_code)
    for book in politics_law_package().books:
        factories.make_unit(department, book.name, book.book)
    return department


@pytest.fixture
def people(politics_law: Department) -> dict[str, StaffMember]:
    return {
        "lin": factories.make_staff("lin", Role.PREPARER, department=politics_law),
        "shen": factories.make_staff("shen", Role.INTERNAL_REVIEWER, department=politics_law),
        "wang": factories.make_staff("wang", Role.BUREAU_REVIEWER),
        "fabu": factories.make_staff("fabu", Role.PUBLISHER),
    }


def open_filing(lin: Client) -> Filing:
    head = politics_law_package().head
    year = FiscalYear.objects.get(year=head.fiscal_year)
    lin.post(reverse("work:filing_open"), {"fiscal_year": year.pk, "kind": head.kind})
    return Filing.objects.get()


def every_page_opens(lin: Client, filing: Filing) -> None:
    for name in STAFF_PAGES:
        text_of(lin, at(name, filing))
    overview = text_of(lin, at("filing_overview", filing))
    assert at("filing_workbooks", filing) not in overview
    assert "没有报表" in text_of(lin, at("filing_workbooks", filing))
    assert "增减变动原因" not in text_of(lin, at("filing_texts", filing))
    book = politics_law_package().books[0].book
    assert lin.get(at("filing_template", filing, book)).status_code == 404


def nothing_can_be_handed_in_yet(lin: Client, filing: Filing) -> None:
    assert "TX-108" in text_of(lin, at("filing_findings", filing))


def import_the_forms(lin: Client, filing: Filing) -> None:
    file = SimpleUploadedFile("2019.json", dump(document(politics_law_package())))
    lin.post(at("filing_package", filing), {"file": file, "replace_all": "on"})
    shown = text_of(lin, at("performance", filing))
    for words in ("92.76", "94.80", "待答"):
        assert words in shown


def judge_the_objective(lin: Client, filing: Filing) -> None:
    """The published form left the points of its objective blank: they are given, 90% of 20."""
    assert "SE-106" in text_of(lin, at("filing_findings", filing))
    page = at("performance-evaluation", filing, UNJUDGED)
    assert "文字报告" not in text_of(lin, page)
    given = {
        "objective_band": "reached",
        "objective_percentage": "90",
        "objective_reason": "公开的表没有填。",
    }
    lin.post(page, fields_of(lin.get(page)) | given)
    assert "94.00" in text_of(lin, at("performance", filing))


def explain_every_warning(lin: Client, filing: Filing) -> None:
    page = at("filing_findings", filing)
    boxes = lin.get(page).context["form"]
    lin.post(page, {box.html_name: "公开的自评表即如此填写。" for box in boxes})
    assert "可以提交" in text_of(lin, at("filing_overview", filing))


def hand_in(lin: Client, shen: Client, filing: Filing) -> None:
    lin.post(at("filing_step", filing, "hand_over"), {"reason": ""})
    shen.post(at("filing_step", filing, "submit"), {"declared": "on", "reason": ""})
    assert "回执" in text_of(shen, at("filing_receipt", filing))


def review_and_approve(wang: Client, filing: Filing) -> None:
    wang.post(at("filing_open_review", filing))
    shown = text_of(wang, at("filing_review", filing))
    tabs = re.findall(r'review/(\w+)/"', shown)
    assert "sheets" not in tabs
    assert wang.get(at("filing_review", filing, "sheets")).status_code == 404
    for tab in tabs:
        text_of(wang, at("filing_review", filing, tab))
    issued = {"document_no": "示例批复〔2020〕1号", "issued_on": date(2020, 8, 20)}
    wang.post(at("filing_approve", filing), issued)


def publish(publisher: StaffMember, fabu: Client, filing: Filing) -> bytes:
    filing.refresh_from_db()
    ensure_official(filing=filing, staff=publisher)
    fabu.post(at("filing_step", filing, "publish"), {"reason": ""})
    filing.refresh_from_db()
    citizen = Client()
    page = text_of(citizen, report_address(filing))
    for words in ("绩效自评", "92.76", "94.80", "94.00", "合并明细项目", "得分计算过程"):
        assert words in page
    assert "部门决算" not in text_of(citizen, "/")
    (address,) = set(re.findall(r'href="([^"]+report\.pdf)"', page))
    return b"".join(citizen.get(address).streaming_content)


def test_journey_of_a_year_without_tables(people: dict[str, StaffMember], sign_in: SignIn) -> None:
    at_work: dict[str, Any] = {name: sign_in(staff) for name, staff in people.items()}
    lin = at_work["lin"]
    filing = open_filing(lin)
    every_page_opens(lin, filing)
    nothing_can_be_handed_in_yet(lin, filing)
    import_the_forms(lin, filing)
    judge_the_objective(lin, filing)
    explain_every_warning(lin, filing)
    hand_in(lin, at_work["shen"], filing)
    review_and_approve(at_work["wang"], filing)
    pdf = check_pdf(publish(people["fabu"], at_work["fabu"], filing))
    contents = [f"附件{number}" for number in (1, 2, 3)]
    assert all(words in pdf.text for words in (*contents, "绩效自评", "94.00"))
    assert "决算表" not in pdf.text
    assert pdf.missing_glyphs == 0
