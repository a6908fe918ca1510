"""What the public site tells browsers and caches."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from departments.models import StaffMember
from disclosures import storage
from filings.models import Filing
from portal.addresses import report_address, version_address
from tests.portal.published import PDF, TABLES, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(db: None) -> Filing:
    return make_published("示例财政局")


def pages(filing: Filing) -> list[str]:
    found = ["/", "/reports/", "/robots.txt", "/sitemap.xml", "/reports/000/", "/nowhere"]
    return [*found, report_address(filing), *files(filing)]


def files(filing: Filing) -> list[str]:
    return [
        version_address(filing, name) for name in ("version_pdf", "version_data", "version_tables")
    ]


def test_no_public_page_sets_a_cookie_or_depends_on_one(client: Client, report: Filing) -> None:
    for address in pages(report):
        response = client.get(address)
        assert not response.cookies, address
        assert "Cookie" not in response.get("Vary", ""), address


def test_cookies_of_staff_are_never_sent_to_public_pages(
    lin: StaffMember, sign_in: Callable[[StaffMember], Client], client: Client
) -> None:
    assert settings.SESSION_COOKIE_PATH == settings.CSRF_COOKIE_PATH == f"/{settings.STAFF_PATH}"
    response = client.get(f"/{settings.STAFF_PATH}login/")
    assert {cookie["path"] for cookie in response.cookies.values()} == {f"/{settings.STAFF_PATH}"}


def test_public_pages_may_be_cached_for_a_minute_only(client: Client, report: Filing) -> None:
    for address in ["/", "/reports/", report_address(report), *files(report)]:
        assert set(client.get(address)["Cache-Control"].split(", ")) == {"public", "max-age=60"}


def test_every_answer_has_the_security_headers(client: Client, report: Filing) -> None:
    for address in pages(report):
        response = client.get(address)
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"


def test_the_pdf_is_the_stored_bytes_under_a_chinese_name(client: Client, report: Filing) -> None:
    response = client.get(version_address(report, "version_pdf"))
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/pdf"
    name = quote("示例财政局2023年部门决算公开.pdf")
    assert f"filename*=utf-8''{name}" in response["Content-Disposition"]
    assert response["Last-Modified"] == "Mon, 14 Oct 2024 01:30:00 GMT"


def test_a_corrected_file_says_its_version(client: Client) -> None:
    filing = make_published("示例财政局", version=2)
    disposition = client.get(version_address(filing, "version_pdf"))["Content-Disposition"]
    assert quote("（第2版）.pdf") in disposition


def test_a_hostile_department_name_cannot_break_the_header(client: Client) -> None:
    filing = make_published('示例"/../\r\nSet-Cookie: a=b')
    response = client.get(version_address(filing, "version_pdf"))
    assert response.status_code == 200
    assert not response.cookies
    assert quote("示例..Set-Cookie a=b", safe="") in response["Content-Disposition"]


def test_a_file_the_browser_has_is_not_sent_again(client: Client, report: Filing) -> None:
    for address in files(report):
        etag = client.get(address)["ETag"]
        again = client.get(address, headers={"If-None-Match": etag})
        assert again.status_code == 304
        assert again["ETag"] == etag
        assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_withdrawn_file_is_gone_for_a_browser_that_has_it(client: Client, report: Filing) -> None:
    address = version_address(report, "version_pdf")
    etag = client.get(address)["ETag"]
    Filing.objects.filter(pk=report.pk).update(state="withdrawn")
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 410


def test_the_data_package_is_the_public_profile(client: Client, report: Filing) -> None:
    response = client.get(version_address(report, "version_data"))
    assert response["Content-Type"].startswith("application/json")
    package = response.json()
    assert package["profile"] == "public"
    assert (
        "explanations" not in str(package.get("package", {}).keys())
        or not package["package"]["explanations"]
    )


def test_the_tables_are_the_very_file_inside_the_pdf(client: Client, report: Filing) -> None:
    response = client.get(version_address(report, "version_tables"))
    assert response.content == TABLES
    assert quote("示例财政局2023年部门决算公开.xlsx") in response["Content-Disposition"]
    page = client.get(report_address(report)).content.decode()
    assert version_address(report, "version_tables") in page


def test_a_pdf_of_earlier_times_offers_no_tables(client: Client, report: Filing) -> None:
    path, _ = storage.keep(b"%PDF-1.7 without tables", official=True)
    report.rendered_files.update(path=path)
    assert client.get(version_address(report, "version_tables")).status_code == 404
    page = client.get(report_address(report))
    assert page.status_code == 200
    assert version_address(report, "version_tables") not in page.content.decode()


def test_a_file_that_was_lost_is_not_found(client: Client, report: Filing) -> None:
    report.rendered_files.update(path="reports/../../secret-key")
    assert client.get(version_address(report, "version_pdf")).status_code == 404


def test_robots_are_told_the_sitemap_and_not_where_staff_work(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "http://testserver/sitemap.xml" in text
    assert settings.STAFF_PATH not in text
