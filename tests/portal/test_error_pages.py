"""Pages for when something is wrong: in Chinese, saying what was kept, without any request."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import path

from config import urls as site_urls


def broken(request: object) -> None:
    raise RuntimeError("secret detail")


urlpatterns = [path("broken/", broken), *site_urls.urlpatterns]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "410", "500", "503"])
def test_every_error_page_renders_without_a_request(name: str) -> None:
    text = render_to_string(f"{name}.html")
    assert 'lang="zh-CN"' in text
    assert 'href="/"' in text


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_an_error_page_says_what_was_kept(name: str) -> None:
    text = render_to_string(f"{name}.html")
    assert "保存" in text


@override_settings(ROOT_URLCONF=__name__)
def test_a_failure_shows_our_page_and_nothing_of_the_cause(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    text = response.content.decode()
    assert "系统出了问题" in text
    assert "secret detail" not in text
    assert "RuntimeError" not in text


@pytest.mark.django_db
def test_a_form_of_an_expired_page_says_that_nothing_was_saved() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/work/login/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "没有保存" in response.content.decode()
