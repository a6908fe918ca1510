"""The health address tells a load balancer the truth, without signing in."""

import json
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from config.health import healthz


@pytest.mark.django_db
def test_it_answers_when_the_database_does(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok"}
    assert "default-src 'self'" in response["Content-Security-Policy"]


def test_it_says_so_when_the_database_is_away() -> None:
    with mock.patch.object(connection, "ensure_connection", side_effect=OperationalError):
        response = healthz(RequestFactory().get("/healthz"))
    assert response.status_code == 503
    assert json.loads(response.content) == {"database": "unreachable"}


def test_it_cannot_be_written_to() -> None:
    assert healthz(RequestFactory().post("/healthz")).status_code == 405
