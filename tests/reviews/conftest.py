"""A filing that can be handed in: an invented department's package, filed by 林."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import disclosures
from departments.models import Department, Role, StaffMember
from disclosures.filing import file_package
from disclosures.filing_package import FilingPackage
from disclosures.package import read
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
