"""One form alone as a file: filed, asked for, rendered by a job, kept from outsiders."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from departments.models import FiscalYear, Role, StaffMember
from disclosures import storage
from disclosures.drafts import DraftKind, request_draft
from disclosures.filing import file_package
from disclosures.filing_package import FilingPackage
from disclosures.models import RenderedFile
from disclosures.snapshots import CATALOGUES
from filings.jobs import execute
from filings.models import Filing, JobState
from filings.services import open_filing
from performance.evaluation import FieldText
from performance.snapshots import declarations_of, filed_forms
from performance.spending import spending_of
from tests import factories
from tests.disclosures.pdf_facts import check_pdf
from tests.disclosures.published_forms import (
    PACKAGES,
    ezhou_package,
    politics_law_package,
)

pytestmark = pytest.mark.django_db


def filed(package: FilingPackage) -> tuple[Filing, StaffMember]:
    """The package as 林 files it: opened under the rules in force for its region and year."""
    call_command("load_rulebook", verbosity=0, stdout=StringIO())
    head = package.head
    FiscalYear.objects.get_or_create(year=head.fiscal_year)
    for label in package.codes:
        CATALOGUES[label.classification].objects.get_or_create(
            code=label.code, first_fiscal_year=head.fiscal_year, defaults={"name": label.name}
        )
    department = factories.make_department(
        head.department_name, head.department_code, head.region_code
    )
    for book in package.books:
        factories.make_unit(department, book.name, book.book, book.unit_kind.value)
    lin = factories.make_staff("lin", Role.PREPARER, department=department)
    filing = open_filing(
        staff=lin, department=department, fiscal_year=head.fiscal_year, kind=head.kind
    )
    return filing, lin


def ezhou_filing() -> tuple[Filing, StaffMember]:
    filing, lin = filed(ezhou_package())
    assert not file_package(filing=filing, staff=lin, package=ezhou_package())
    return filing, lin


def test_a_filing_of_ezhou_2024_opens_under_the_rules_of_its_region() -> None:
    filing, _ = filed(ezhou_package())
    assert filing.layout_edition == "departmental_budget/national_2023"
    assert filing.scoring_edition == "self_evaluation/hubei_2020"
    assert filing.outline_edition == "departmental_budget/national_2023"


@pytest.mark.parametrize("name", ["ezhou_2024", "jianghan_2023", "hongshan_2023"])
def test_the_forms_are_read_back_as_they_were_filed(name: str) -> None:
    package = PACKAGES[name]()
    filing, lin = filed(package)
    assert not file_package(filing=filing, staff=lin, package=package)
    assert declarations_of(filing) == package.declarations
    assert filed_forms(filing, spending_of(filing)).evaluations == package.evaluations


def test_the_forms_of_2019_are_read_back_as_they_were_filed() -> None:
    package = politics_law_package()
    filing, lin = filed(package)
    assert not file_package(filing=filing, staff=lin, package=package)
    assert declarations_of(filing) == package.declarations
    assert filed_forms(filing, spending_of(filing)).evaluations == package.evaluations
    totals = {str(e.scorecard.total) for e in filing.evaluations.all()}
    assert totals == {"92.76", "94.80", "None"}


def test_the_same_form_is_rendered_once() -> None:
    filing, lin = ezhou_filing()
    first, second = (
        request_draft(filing=filing, staff=lin, kind=DraftKind.FORM, subject="department")
        for _ in range(2)
    )
    assert first.pk == second.pk


def test_a_form_that_is_gone_fails_in_words() -> None:
    filing, lin = ezhou_filing()
    job = request_draft(filing=filing, staff=lin, kind=DraftKind.FORM, subject="unit-9")
    execute(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "申报件里已没有这张表。")


def test_the_page_asks_for_the_form_and_shows_the_file(client: Client) -> None:
    filing, lin = ezhou_filing()
    client.force_login(lin)
    page = client.get(reverse("work:performance-targets", args=[filing.public_id, "department"]))
    address = reverse("work:filing_form_draft", args=[filing.public_id, "department"])
    assert address in page.content.decode()
    answer = client.post(address)
    assert answer.status_code == 302
    execute(filing.jobs.get().pk)
    rendered = RenderedFile.objects.get()
    assert (rendered.is_draft, rendered.title) == (True, "2024年部门整体绩效目标申报表")
    shown = client.get(reverse("work:rendered_file", args=[rendered.public_id]))
    facts = check_pdf(b"".join(shown.streaming_content))
    for figure in ("49,824.92", "25.77%", "32,590.10", "31,844.95", "出警率", "绩效基本型", "草稿"):
        assert figure in facts.text
    assert facts.missing_glyphs == 0
    assert facts.pages == rendered.pages == 3


def test_a_subject_without_a_form_does_not_exist(client: Client) -> None:
    filing, lin = ezhou_filing()
    client.force_login(lin)
    address = reverse("work:filing_form_draft", args=[filing.public_id, "unit-9"])
    assert client.post(address).status_code == 404


def test_an_outsider_can_neither_ask_for_a_form_nor_read_it(
    client: Client, wai: StaffMember
) -> None:
    filing, _ = ezhou_filing()
    path, sha256 = storage.keep(b"%PDF", official=False)
    drawn = RenderedFile.objects.create(
        filing=filing, path=path, sha256=sha256, source_sha256="0" * 64, size=4, title="某表"
    )
    client.force_login(wai)
    ask = reverse("work:filing_form_draft", args=[filing.public_id, "department"])
    assert client.post(ask).status_code == 404
    read = reverse("work:rendered_file", args=[drawn.public_id])
    assert client.get(read).status_code == 404
    assert not filing.jobs.exists()


@pytest.mark.slow
def test_private_fields_are_not_on_the_paper() -> None:
    package = ezhou_package()
    (declaration,) = package.declarations
    fields = (*declaration.fields, FieldText("filler", "某甲"), FieldText("telephone", "8642"))
    private = replace(package, declarations=(replace(declaration, fields=fields),))
    filing, lin = filed(private)
    assert not file_package(filing=filing, staff=lin, package=private)
    execute(request_draft(filing=filing, staff=lin, kind=DraftKind.FORM, subject="department").pk)
    content = storage.path_of(RenderedFile.objects.get().path).read_bytes()
    text = check_pdf(content).text
    assert "某甲" not in text
    assert "8642" not in text
