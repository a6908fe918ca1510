"""Only what is published exists for the public: not in lists, search, pages, files or feeds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from filings.models import Filing
from filings.states import State
from portal.addresses import report_address, version_address
from tests.portal.published import PUBLISHED_AT, make_published, small_report

pytestmark = pytest.mark.django_db
NAME = "示例教育局"
NOT_PUBLIC = [state for state in State if state not in {State.PUBLISHED, State.WITHDRAWN}]


def addresses_of(filing: Filing) -> list[str]:
    current, version = report_address(filing), version_address(filing)
    files = ("report.pdf", "data.json", "tables.xlsx")
    return [current, version, *(f"{place}{file}" for place in (current, version) for file in files)]


def finding_pages(filing: Filing) -> list[str]:
    return ["/", "/reports/", f"/reports/?q={NAME}", "/reports/?year=2023", "/sitemap.xml"]


def test_a_published_report_is_found_and_read_everywhere(client: Client) -> None:
    filing = make_published(NAME)
    for address in addresses_of(filing):
        assert client.get(address).status_code == 200, address
    for address in finding_pages(filing):
        text = client.get(address).content.decode()
        assert filing.department.code in text, address
    assert client.get(f"/reports/{filing.department.code}/").status_code == 200


@pytest.mark.parametrize("state", NOT_PUBLIC)
@pytest.mark.parametrize("published_at", [None, PUBLISHED_AT])
def test_every_other_state_does_not_exist(
    client: Client, state: State, published_at: object
) -> None:
    filing = make_published(NAME, state=state, published_at=published_at)  # type: ignore[arg-type]
    for address in [*addresses_of(filing), f"/reports/{filing.department.code}/"]:
        response = client.get(address)
        assert response.status_code == 404, address
        assert NAME not in response.content.decode()
    for address in finding_pages(filing):
        text = client.get(address).content.decode().replace(f'value="{NAME}"', "")
        assert NAME not in text, address
        assert filing.department.code not in text, address


def test_an_unpublished_report_answers_as_an_unknown_one(client: Client) -> None:
    draft = make_published(NAME, state=State.APPROVED, published_at=None)
    unknown = report_address(draft).replace(draft.department.code, "999999999")
    assert client.get(report_address(draft)).content == client.get(unknown).content


def test_a_withdrawn_report_answers_410_and_is_found_nowhere(client: Client) -> None:
    filing = make_published(NAME, state=State.WITHDRAWN, withdrawn_at=PUBLISHED_AT)
    for address in addresses_of(filing):
        response = client.get(address)
        assert response.status_code == 410, address
        assert "71,252.58" not in response.content.decode()
        assert "max-age=60" in response["Cache-Control"]
    for address in finding_pages(filing):
        assert filing.department.code not in client.get(address).content.decode()


def test_a_superseded_version_stays_readable_with_a_notice(client: Client) -> None:
    old = make_published(NAME, superseded_at=PUBLISHED_AT + timedelta(days=3))
    new = make_published(
        old.department, version=2, supersedes=old, report=small_report("更正后的决算")
    )
    old_page = client.get(version_address(old)).content.decode()
    assert "本版本已更正" in old_page
    assert f'href="{report_address(new)}"' in old_page
    assert "更正后的决算" in client.get(report_address(new)).content.decode()
    assert client.get("/sitemap.xml").content.decode().count("<url>") == 1


def test_a_withdrawn_version_stays_gone_after_its_correction(client: Client) -> None:
    old = make_published(NAME, state=State.WITHDRAWN, withdrawn_at=PUBLISHED_AT)
    new = make_published(old.department, version=2, supersedes=old)
    assert client.get(version_address(old)).status_code == 410
    page = client.get(report_address(new))
    assert page.status_code == 200
    assert version_address(old) not in page.content.decode()


def test_a_correction_in_preparation_leaves_the_old_version_in_force(client: Client) -> None:
    old = make_published(NAME)
    new = make_published(
        old.department, version=2, state=State.APPROVED, published_at=None, supersedes=old
    )
    assert client.get(report_address(old)).status_code == 200
    assert client.get(version_address(new)).status_code == 404


def test_published_without_its_official_file_does_not_exist(client: Client) -> None:
    filing = make_published(NAME)
    filing.rendered_files.all().delete()
    assert client.get(report_address(filing)).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_the_public_site_is_read_only(client: Client, method: str) -> None:
    filing = make_published(NAME)
    for address in ["/", "/reports/", *addresses_of(filing)]:
        assert getattr(client, method)(address).status_code == 405
