"""核对公开件: 林 uploads an extract, 王 reads it beside what was handed in, 外 sees nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budgets.models import Workbook
from departments.models import StaffMember
from disclosures.evaluate import evaluate
from disclosures.extract_intake import keep_extract
from disclosures.models import PrintedExtract
from disclosures.printed_extract.reading import dump
from disclosures.printed_extract.values import Extract, PrintedFigure
from disclosures.services import frozen_bytes
from disclosures.snapshots import build_package
from filings.models import Event, Filing, SnapshotPurpose
from filings.services import freeze
from filings.states import State
from tests import factories
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
CELL = ("expenditure_sheet", "2040201", "basic")


@pytest.fixture
def workbook(filing: Filing) -> Workbook:
    return factories.make_workbook(filing, cells={CELL: "1234500.00"})


def extract_of(workbook: Workbook, printed: str) -> Extract:
    address = f"cell/{workbook.unit.code}/{'/'.join(CELL)}"
    figure = PrintedFigure(
        1, "第二部分 三", "行政运行", Decimal(printed), "万元", address, decimals=2
    )
    return Extract(title="某部门2023年决算", figures=(figure,))


def address(filing: Filing, name: str = "filing_extract") -> str:
    return reverse(f"work:{name}", args=[filing.public_id])


def upload(client: Client, filing: Filing, extract: Extract) -> str:
    file = SimpleUploadedFile("摘录.json", dump(extract))
    return client.post(address(filing), {"file": file}, follow=True).content.decode()


def hand_in(filing: Filing, staff: StaffMember, *, opened: bool) -> None:
    package = build_package(filing)
    results = evaluate(package)
    freeze(
        filing=filing,
        staff=staff,
        purpose=SnapshotPurpose.SUBMISSION,
        content=frozen_bytes(package, results),
        rules=results.rules,
    )
    now = timezone.now()
    Filing.objects.filter(pk=filing.pk).update(
        state=State.SUBMITTED, submitted_at=now, review_opened_at=now if opened else None
    )


def test_what_is_printed_wrong_is_named_with_a_link_to_the_cell(
    filing: Filing, workbook: Workbook, lin: StaffMember, sign_in: SignIn
) -> None:
    page = upload(sign_in(lin), filing, extract_of(workbook, "123.54"))
    assert "PD-201" in page
    assert "印出 123.54万元" in page
    assert "123.45 万元，相差 0.09 万元" in page
    assert f"#cell-{CELL[1]}-{CELL[2]}" in page
    assert Event.objects.filter(filing=filing, action="keep_extract").count() == 1


def test_the_result_follows_the_filing(
    filing: Filing, workbook: Workbook, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    assert "PD-201" not in upload(client, filing, extract_of(workbook, "123.45"))
    workbook.cells.update(value=Decimal("1234600"))
    assert "PD-201" in client.get(address(filing)).content.decode()


def test_another_upload_takes_the_place_of_the_first(
    filing: Filing, workbook: Workbook, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    upload(client, filing, extract_of(workbook, "123.54"))
    assert "PD-201" not in upload(client, filing, extract_of(workbook, "123.45"))
    assert PrintedExtract.objects.count() == 1


def test_a_file_that_cannot_be_read_leaves_the_kept_extract(
    filing: Filing, workbook: Workbook, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    upload(client, filing, extract_of(workbook, "123.45"))
    before = PrintedExtract.objects.get().sha256
    refused = SimpleUploadedFile("摘录.xlsx", b"%PDF-1.7 no workbook")
    page = client.post(address(filing), {"file": refused}).content.decode()
    assert "文件没有接收" in page
    assert "IM-103" in page
    assert PrintedExtract.objects.get().sha256 == before


def test_no_file_is_an_error_of_the_form(
    filing: Filing, lin: StaffMember, workbook: Workbook, sign_in: SignIn
) -> None:
    response = sign_in(lin).post(address(filing), {})
    assert response.status_code == 200
    assert not PrintedExtract.objects.exists()


def test_the_template_holds_the_kept_lines(
    filing: Filing, workbook: Workbook, lin: StaffMember, sign_in: SignIn, tmp_path: Path
) -> None:
    client = sign_in(lin)
    upload(client, filing, extract_of(workbook, "123.45"))
    content = client.get(address(filing, "filing_extract_template")).content
    again = SimpleUploadedFile("摘录.xlsx", content)
    client.post(address(filing), {"file": again})
    kept = PrintedExtract.objects.get()
    assert kept.name.endswith(".xlsx")
    assert kept.content == dump(extract_of(workbook, "123.45")).decode()


def test_the_reviewer_sees_it_beside_what_was_handed_in(
    filing: Filing, workbook: Workbook, lin: StaffMember, wang: StaffMember, sign_in: SignIn
) -> None:
    keep_extract(filing=filing, staff=lin, name="a", extract=extract_of(workbook, "123.45"))
    hand_in(filing, lin, opened=True)
    workbook.cells.update(value=Decimal("9"))  # what the department holds now is not read
    client = sign_in(wang)
    assert "PD-201" not in client.get(address(filing)).content.decode()
    assert "PD-201" in upload(client, filing, extract_of(workbook, "123.54"))


def test_nothing_is_shown_to_the_bureau_before_it_opened_the_review(
    filing: Filing, workbook: Workbook, lin: StaffMember, wang: StaffMember, sign_in: SignIn
) -> None:
    keep_extract(filing=filing, staff=lin, name="a", extract=extract_of(workbook, "123.54"))
    hand_in(filing, lin, opened=False)
    client = sign_in(wang)
    assert "PD-201" not in client.get(address(filing)).content.decode()
    assert client.get(address(filing, "filing_extract_template")).status_code == 403


def test_the_publisher_reads_and_does_not_upload(
    filing: Filing, workbook: Workbook, lin: StaffMember, publisher: StaffMember, sign_in: SignIn
) -> None:
    hand_in(filing, lin, opened=True)
    client = sign_in(publisher)
    assert client.get(address(filing)).status_code == 200
    file = SimpleUploadedFile("摘录.json", dump(extract_of(workbook, "123.54")))
    assert client.post(address(filing), {"file": file}).status_code == 403
    assert not PrintedExtract.objects.exists()


def test_a_draft_is_not_seen_by_the_bureau(
    filing: Filing, workbook: Workbook, wang: StaffMember, sign_in: SignIn
) -> None:
    assert sign_in(wang).get(address(filing)).status_code == 404


def test_the_outsider_reads_and_writes_nothing(
    filing: Filing, workbook: Workbook, lin: StaffMember, wai: StaffMember, sign_in: SignIn
) -> None:
    keep_extract(filing=filing, staff=lin, name="a", extract=extract_of(workbook, "123.54"))
    client, before = sign_in(wai), PrintedExtract.objects.get().sha256
    for name in ("filing_extract", "filing_extract_template"):
        assert client.get(address(filing, name)).status_code == 404
    file = SimpleUploadedFile("摘录.json", dump(Extract()))
    assert client.post(address(filing), {"file": file}).status_code == 404
    assert not PrintedExtract.objects.visible_to(wai).exists()
    assert PrintedExtract.objects.get().sha256 == before
