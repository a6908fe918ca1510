"""What every answer tells browsers: policy, frames, types, caches, cookies (T41–T46, T52)."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from departments.models import StaffMember
from filings.models import Filing
from portal.addresses import report_address
from tests.conftest import SignIn
from tests.factories import PASSWORD
from tests.portal.published import make_published

pytestmark = pytest.mark.django_db
BOUNDED = ("default-src", "script-src", "style-src", "img-src", "form-action")
FORBIDDEN = ("object-src", "base-uri", "frame-ancestors")


def policy_of(response: HttpResponseBase) -> dict[str, str]:
    parts = [part.strip() for part in response["Content-Security-Policy"].split(";")]
    return {name: value for name, _, value in (part.partition(" ") for part in parts)}


def assert_guarded(response: HttpResponseBase, place: str) -> None:
    policy = policy_of(response)
    for kind in BOUNDED:
        assert policy[kind] == "'self'", (place, kind)
    for kind in FORBIDDEN:
        assert policy[kind] == "'none'", (place, kind)
    assert response["X-Frame-Options"] == "DENY", place
    assert response["X-Content-Type-Options"] == "nosniff", place
    assert response["Referrer-Policy"] == "same-origin", place


def answers(filing: Filing, lin: StaffMember, sign_in: SignIn) -> dict[str, HttpResponseBase]:
    """One answer of every sort: pages, files, redirects, refusals and failures."""
    public, staff = Client(raise_request_exception=False), sign_in(lin)
    pages = ["/", "/reports/", "/nowhere/", "/healthz", "/robots.txt", "/sitemap.xml", "/work/"]
    pages += [
        report_address(filing),
        f"{report_address(filing)}report.pdf",
        "/reports",
        "/work/login/",
    ]
    found = {place: public.get(place) for place in pages}
    for place in ("/work/", "/work/password_change/", "/work/jsi18n/", "/work/nowhere/"):
        found[f"staff {place}"] = staff.get(place)
    found["bad host"] = public.get("/", HTTP_HOST="evil.example")
    found["wrong method"] = public.post("/")
    strict = Client(enforce_csrf_checks=True)
    found["no token"] = strict.post("/work/login/", {"username": "lin", "password": "x"})
    found["not for her"] = staff.get(reverse("work:filing_list"))
    with mock.patch("portal.views.current_reports", side_effect=RuntimeError("secret detail")):
        found["failure"] = public.get("/reports/")
    return found


@pytest.fixture
def every_answer(
    settings: object, tmp_path: Path, lin: StaffMember, sign_in: SignIn
) -> dict[str, HttpResponseBase]:
    settings.PUBLISHED_ROOT = tmp_path  # type: ignore[attr-defined]
    return answers(make_published("示例财政局"), lin, sign_in)


def test_every_answer_is_guarded(every_answer: dict[str, HttpResponseBase]) -> None:
    for place, response in every_answer.items():
        assert_guarded(response, place)
    statuses = {response.status_code for response in every_answer.values()}
    assert {200, 301, 302, 400, 403, 404, 405, 500} <= statuses


def test_public_answers_carry_no_cookie(every_answer: dict[str, HttpResponseBase]) -> None:
    for place, response in every_answer.items():
        if not place.startswith(("staff", "/work", "no token", "not for")):
            assert not response.cookies, place


def test_pages_of_staff_are_never_kept(every_answer: dict[str, HttpResponseBase]) -> None:
    for place in ("staff /work/", "staff /work/password_change/", "/work/", "/work/login/"):
        kept = every_answer[place]["Cache-Control"]
        assert "no-store" in kept, place
        assert "private" in kept, place


@pytest.mark.parametrize(
    ("place", "status"),
    [("/nowhere/", 404), ("failure", 500), ("bad host", 400), ("not for her", 403)],
)
def test_refusals_and_failures_are_in_chinese_and_tell_nothing(
    every_answer: dict[str, HttpResponseBase], place: str, status: int
) -> None:
    response = every_answer[place]
    text = response.content.decode()
    assert response.status_code == status
    assert 'lang="zh' in text
    for detail in ("Traceback", "RuntimeError", "secret detail", "DEBUG", "Django", "evil"):
        assert detail not in text, detail
    assert any("\u4e00" <= character <= "\u9fff" for character in text)


def test_an_unknown_host_is_not_echoed_anywhere(client: Client) -> None:
    for host in ("evil.example", "localhost.evil.example", "evil.example:80@localhost"):
        response = client.get("/sitemap.xml", HTTP_HOST=host)
        assert response.status_code == 400, host
        assert "evil" not in response.content.decode()
    forwarded = client.get("/sitemap.xml", HTTP_X_FORWARDED_HOST="evil.example")
    assert "evil" not in forwarded.content.decode()


def test_a_form_without_its_token_is_refused_in_chinese(
    every_answer: dict[str, HttpResponseBase],
) -> None:
    response = every_answer["no token"]
    assert response.status_code == 403
    assert 'lang="zh' in response.content.decode()


def test_no_page_of_ours_is_exempt_from_the_token() -> None:
    for place in ("", "filings/open/", "waivers/", "password_change/", "budgets/project/add/"):
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(f"/{settings.STAFF_PATH}{place}").status_code == 403, place


def test_sign_in_leads_only_to_our_own_pages(client: Client, lin: StaffMember) -> None:
    """T49."""
    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        data = {"username": "lin", "password": PASSWORD, "next": target}
        response = Client().post(f"/work/login/?next={target}", data)
        assert response.status_code == 302
        assert response["Location"].startswith("/")
        assert not response["Location"].startswith("//")
