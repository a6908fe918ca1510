"""Five wrong passwords lock a person at one address, not the person everywhere."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from departments.models import StaffMember
from tests.factories import PASSWORD

HOME, OFFICE = "192.0.2.1", "192.0.2.2"


def sign_in(staff: StaffMember, password: str, address: str) -> tuple[int, str]:
    """Return the status and the page of one attempt."""
    response = Client(REMOTE_ADDR=address).post(
        reverse("admin:login"), {"username": staff.username, "password": password}
    )
    return response.status_code, response.content.decode()


def fail(staff: StaffMember, times: int) -> None:
    for _ in range(times):
        sign_in(staff, "not-the-password", HOME)


@pytest.mark.django_db
def test_four_failures_do_not_lock(lin: StaffMember) -> None:
    fail(lin, 4)
    assert sign_in(lin, PASSWORD, HOME)[0] == 302


@pytest.mark.django_db
def test_five_failures_lock_at_that_address_only(lin: StaffMember, wang: StaffMember) -> None:
    fail(lin, 5)
    status, page = sign_in(lin, PASSWORD, HOME)
    assert status == 429
    assert "账号已锁定" in page
    assert "连续登录失败5次" in page
    assert sign_in(lin, PASSWORD, OFFICE)[0] == 302
    assert sign_in(wang, PASSWORD, HOME)[0] == 302


@pytest.mark.django_db
def test_every_request_renews_the_half_hour(lin: StaffMember) -> None:
    client = Client()
    client.force_login(lin, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(reverse("admin:password_change"))
    cookie = response.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert client.session.get_expiry_age() == 30 * 60
