"""A filing that can be handed in: an invented department's package, filed by 林."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

import disclosures
from departments.models import Department, Role, StaffMember
from disclosures import storage
from disclosures.filing import file_package
from disclosures.filing_package import FilingPackage
from disclosures.models import RenderedFile
from disclosures.package import read
from disclosures.publication import approved_snapshot
from disclosures.snapshots import CATALOGUES
from filings.models import Filing
from reviews import services
from tests import factories

SAMPLES = Path(disclosures.__file__).parent / "samples"


@cache
def package_of(name: str) -> FilingPackage:
    """A sample's package."""
    found = read((SAMPLES / f"{name}.json").read_bytes())
    assert found.package is not None, found.findings
    return found.package


def _make_codes(package: FilingPackage) -> None:
    """The catalogue of the year, as far as the package uses it."""
    for label in package.codes:
        CATALOGUES[label.classification].objects.get_or_create(
            code=label.code,
            first_fiscal_year=package.head.fiscal_year,
            defaults={"name": label.name, "definition": label.definition},
        )


def department_of(package: FilingPackage) -> Department:
    """The department of a package with the units that file for it."""
    head = package.head
    _make_codes(package)
    department = factories.make_department(
        head.department_name, head.department_code, head.region_code
    )
    for book in package.books:
        factories.make_unit(department, book.name, book.book, book.unit_kind.value)
    return department


@pytest.fixture
def department(db: None) -> Department:
    return department_of(package_of("shili_review_2023"))


@pytest.fixture
def wang(department: Department) -> StaffMember:
    region = department.region
    return factories.make_staff("wang", Role.BUREAU_REVIEWER, display_name="王", region=region)


@pytest.fixture
def publisher(department: Department) -> StaffMember:
    return factories.make_staff("fabu", Role.PUBLISHER, region=department.region)


@pytest.fixture
def draft(department: Department, lin: StaffMember) -> Filing:
    """林's final accounts, filled and without an open question."""
    filing = factories.make_filing(department, lin, state="draft")
    refused = file_package(filing=filing, staff=lin, package=package_of("shili_review_2023"))
    assert not refused, refused
    return filing


@pytest.fixture
def handed_over(draft: Filing, lin: StaffMember) -> Filing:
    services.hand_over(filing=draft, staff=lin)
    return draft


@pytest.fixture
def submitted(handed_over: Filing, internal_reviewer: StaffMember) -> Filing:
    services.submit(filing=handed_over, staff=internal_reviewer)
    return handed_over


@pytest.fixture
def opened(submitted: Filing, wang: StaffMember) -> Filing:
    services.open_review(filing=submitted, staff=wang)
    return submitted


@pytest.fixture
def approved(opened: Filing, wang: StaffMember) -> Filing:
    services.approve(
        filing=opened, staff=wang, document_no="示例〔2024〕8号", issued_on=date(2024, 9, 1)
    )
    return opened


def keep_report(filing: Filing, content: bytes = b"%PDF-1.7 official") -> RenderedFile:
    """The official file of the approved snapshot, as the worker leaves it."""
    snapshot = approved_snapshot(filing)
    path, sha256 = storage.keep(content, official=True)
    return RenderedFile.objects.create(
        filing=filing,
        snapshot=snapshot,
        is_draft=False,
        path=path,
        sha256=sha256,
        source_sha256=snapshot.sha256,
        size=len(content),
        pages=1,
    )


@pytest.fixture
def published(approved: Filing, publisher: StaffMember) -> Filing:
    keep_report(approved)
    services.publish(filing=approved, staff=publisher)
    return approved
