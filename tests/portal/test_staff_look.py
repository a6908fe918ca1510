"""The staff site in our dress: Chinese sign-in, who I am, no inline script or style."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.test import Client

from departments.models import StaffMember
from rulebook.findings import Finding, Severity

pytestmark = pytest.mark.django_db
INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=")


def test_the_sign_in_page_is_chinese_and_has_nothing_inline(client: Client) -> None:
    text = client.get("/work/login/").content.decode()
    for expected in ("登录", "用户名", "密码", "csrfmiddlewaretoken"):
        assert expected in text
    assert not INLINE.search(text)


def test_a_wrong_password_is_said_in_chinese(client: Client) -> None:
    text = client.post("/work/login/", {"username": "nobody", "password": "x"}).content.decode()
    assert 'role="alert"' in text
    assert "用户名或密码不对" in text


def test_the_head_says_who_i_am_and_signs_out_by_post(
    lin: StaffMember, sign_in: Callable[[StaffMember], Client]
) -> None:
    client = sign_in(lin)
    text = client.get("/work/password_change/").content.decode()
    for expected in ("林", "填报", "示例部门甲"):
        assert expected in text
    assert re.search(r'<form method="post"\s+action="/work/logout/">', text)
    assert not INLINE.search(text)
    assert client.get("/work/logout/").status_code == 405
    assert "已退出登录" in client.post("/work/logout/").content.decode()


def test_a_finding_shows_its_word_place_and_mend_and_escapes_what_was_typed() -> None:
    finding = Finding(
        "FA-101", Severity.ERROR, "收支不平", "<b>收入</b> 1.00", "先核对结转", ("a",), "公开01表"
    )
    text = render_to_string("components/findings_panel.html", {"findings": [finding]})
    for expected in ("错误", "FA-101", "收支不平", "公开01表", "先核对结转", finding.identity):
        assert expected in text
    assert "<b>" not in text


def test_no_findings_is_said() -> None:
    assert "没有发现问题" in render_to_string("components/findings_panel.html", {"findings": []})


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), ("0", "0.00"), ("714853600", "71,485.36")]
)
def test_nothing_prints_blank_and_zero_prints_zero(value: str | None, shown: str) -> None:
    amount = None if value is None else Decimal(value)
    text = render_to_string("components/amount.html", {"value": amount})
    assert re.sub(r"<[^>]*>", "", text).strip() == shown
