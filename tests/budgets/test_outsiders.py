"""T01, T05: nobody sees or changes what is another department's, on any route of this app."""

from __future__ import annotations

import pytest
from django.urls import reverse

from budgets.models import CellChange, Project, Upload, Workbook
from departments.models import StaffMember
from filings.models import Filing
from filings.states import State
from tests import factories
from tests.conftest import SignIn

MARKER = "机密标记甲"
SHEET = "expenditure_sheet"
DIGEST = "ab" * 32


@pytest.fixture
def routes(clean_book: Workbook, lin: StaffMember) -> list[str]:
    """Every address of ours about 林's filing."""
    unit = clean_book.unit
    unit.name = f"{MARKER}单位"
    unit.save()
    project = factories.make_project(unit, f"{MARKER}项目")
    Upload.objects.create(
        filing=clean_book.filing,
        workbook=clean_book,
        name=f"{MARKER}.xlsx",
        sha256=DIGEST,
        size=1,
        path="x",
        uploaded_by=lin,
    )
    filing, book = clean_book.filing.public_id, unit.code
    named = {
        "filing_workbooks": [filing],
        "filing_projects": [filing],
        "filing_sheet": [filing, book, SHEET],
        "filing_sheet_check": [filing, book, SHEET],
        "filing_sheet_save": [filing, book, SHEET],
        "filing_cell": [filing, book, SHEET],
        "filing_sheet_evidence": [filing, book, SHEET],
        "filing_sheet_withhold": [filing, book, SHEET],
        "filing_template": [filing, book],
        "filing_import": [filing, book],
        "filing_import_preview": [filing, book, DIGEST],
        "filing_import_findings": [filing, book, DIGEST],
        "filing_import_marked": [filing, book, DIGEST],
    }
    admin = [
        reverse(f"work:budgets_project_{page}", args=[project.pk])
        for page in ("change", "delete", "history")
    ]
    return [reverse(f"work:{name}", args=args) for name, args in named.items()] + admin


def test_an_outsider_gets_nothing_from_any_address(
    routes: list[str], wai: StaffMember, system_admin: StaffMember, sign_in: SignIn
) -> None:
    for person in (wai, system_admin):
        client = sign_in(person)
        for address in routes:
            for answer in (client.get(address), client.post(address, {"c:2040201:basic": "1"})):
                assert answer.status_code in (302, 403, 404, 405), address
                assert MARKER not in answer.content.decode(errors="ignore")
                if answer.status_code == 302:
                    assert MARKER not in client.get(answer["Location"]).content.decode()
    assert not CellChange.objects.exists()
    assert Project.objects.filter(name=f"{MARKER}项目").exists()


def test_nobody_gets_anything_without_signing_in(routes: list[str], client) -> None:
    for address in routes:
        answer = client.get(address)
        assert answer.status_code == 302
        assert "login" in answer["Location"]


def test_the_bureau_sees_no_draft_and_reads_but_never_writes_what_was_submitted(
    routes: list[str], wang: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wang)
    pages = [address for address in routes if "/filings/" in address]
    assert {client.get(address).status_code for address in pages} <= {403, 404, 405}
    Filing.objects.update(state=State.SUBMITTED)
    assert MARKER in client.get(pages[0]).content.decode()
    for address in pages:
        assert client.post(address, {"c:2040201:basic": "1"}).status_code in (403, 405), address
    assert not CellChange.objects.exists()


def test_lists_and_choices_hold_only_ones_own(
    routes: list[str], wai: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wai)
    listed = reverse("work:budgets_project_changelist")
    for address in (listed, f"{listed}?q={MARKER[:2]}", reverse("work:budgets_project_add")):
        assert MARKER not in client.get(address).content.decode()


def test_a_foreign_unit_posted_for_a_new_project_is_a_field_error(
    routes: list[str], clean_book: Workbook, wai: StaffMember, sign_in: SignIn
) -> None:
    data = {
        "unit": clean_book.unit.pk,
        "code": "42011123001T000000009",
        "name": "外",
        "first_fiscal_year": 2023,
    }
    answer = sign_in(wai).post(reverse("work:budgets_project_add"), data)
    assert answer.status_code == 200
    assert not Project.objects.filter(name="外").exists()


def test_look_ups_walk_to_no_other_table(
    routes: list[str], lin: StaffMember, sign_in: SignIn
) -> None:
    address = reverse("work:budgets_project_changelist")
    answer = sign_in(lin).get(address + "?unit__department__staff__password__startswith=m")
    assert answer.status_code in (302, 400)


def test_a_book_of_one_filing_is_not_reached_through_another(
    routes: list[str], clean_book: Workbook, wai: StaffMember, sign_in: SignIn
) -> None:
    theirs = factories.make_filing(wai.department, wai)
    client = sign_in(wai)
    for name, more in (("filing_sheet", [SHEET]), ("filing_template", []), ("filing_import", [])):
        address = reverse(f"work:{name}", args=[theirs.public_id, clean_book.unit.code, *more])
        assert client.get(address).status_code == 404
