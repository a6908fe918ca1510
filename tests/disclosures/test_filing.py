"""A data package filed: whole or nothing, into one's own department only, read back the same."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.management import call_command

from budgets.models import Cell, CellChange
from departments.models import Department, StaffMember, Unit
from departments.roles import Role
from disclosures.evaluate import evaluate
from disclosures.filing import file_package
from disclosures.filing_package import FilingPackage
from disclosures.package import document, dump
from disclosures.reason_kinds import reason_kinds
from disclosures.snapshots import build_package
from filings.models import Filing
from filings.services import FilingLocked
from filings.states import State
from tests import factories
from tests.budgets.checks.books import sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def rulebook(db: None) -> None:
    call_command("load_rulebook", verbosity=0)


@pytest.fixture
def police(rulebook: None) -> Department:
    """The department of the sample, with its unit."""
    head = sample().head
    department = Department.objects.create(
        region=factories.make_region(head.region_code),
        code=head.department_code,
        name=head.department_name,
    )
    for book in sample().books:
        factories.make_unit(department, book.name, book.book, book.unit_kind.value)
    return department


@pytest.fixture
def preparer(police: Department) -> StaffMember:
    return factories.make_staff("lin2", Role.PREPARER, department=police)


@pytest.fixture
def open_filing(police: Department, preparer: StaffMember) -> Filing:
    return factories.make_filing(police, preparer)


def _file(filing: Filing, staff: StaffMember, package: FilingPackage) -> list[str]:
    return [f.check_id for f in file_package(filing=filing, staff=staff, package=package)]


def test_what_is_filed_reads_back_and_exports_the_same_bytes(
    open_filing: Filing, preparer: StaffMember
) -> None:
    assert _file(open_filing, preparer, sample()) == []
    open_filing.refresh_from_db()
    first = build_package(open_filing)
    once = dump(document(first, evaluate(first)))
    assert _file(open_filing, preparer, first) == []
    second = build_package(Filing.objects.get(pk=open_filing.pk))
    assert dump(document(second, evaluate(second))) == once
    assert evaluate(second).scorecards == evaluate(sample()).scorecards


def test_filing_the_same_again_changes_no_cell(open_filing: Filing, preparer: StaffMember) -> None:
    _file(open_filing, preparer, sample())
    changes = CellChange.objects.count()
    _file(open_filing, preparer, sample())
    assert CellChange.objects.count() == changes == Cell.objects.count()


def test_a_package_of_another_department_is_refused(
    open_filing: Filing, preparer: StaffMember
) -> None:
    assert _file(open_filing, preparer, sample("shili_review_2023")) == ["PK-111"]
    assert not Cell.objects.exists()


def test_a_package_of_another_year_is_refused(open_filing: Filing, preparer: StaffMember) -> None:
    other = replace(sample(), head=replace(sample().head, fiscal_year=2022))
    assert _file(open_filing, preparer, other) == ["PK-112"]


def test_a_unit_of_another_department_is_refused(
    open_filing: Filing, preparer: StaffMember, wai: StaffMember
) -> None:
    foreign = Unit.objects.get(department=wai.department)
    (book,) = sample().books
    package = replace(sample(), books=(replace(book, book=foreign.code),), projects=())
    assert _file(open_filing, preparer, package) == ["PK-113"]
    assert not Cell.objects.exists()


def test_a_project_of_another_unit_is_refused(
    open_filing: Filing, preparer: StaffMember, wai: StaffMember
) -> None:
    foreign = Unit.objects.get(department=wai.department)
    factories.make_project(foreign, code=sample().projects[0].code)
    assert _file(open_filing, preparer, sample()) == ["PK-114"]
    assert not Cell.objects.exists()


def test_a_kind_of_reason_the_year_does_not_have_is_refused_with_its_place(
    open_filing: Filing, preparer: StaffMember
) -> None:
    first, *others = sample().reasons
    strange = replace(sample(), reasons=(replace(first, kind="weather"), *others))
    (finding,) = file_package(filing=open_filing, staff=preparer, package=strange)
    assert (finding.check_id, finding.left) == ("PK-118", "weather")
    assert finding.places == (f"text/reason.{first.subject}",)
    assert build_package(open_filing).reasons == ()


def test_a_kind_of_reason_of_the_year_is_kept(open_filing: Filing, preparer: StaffMember) -> None:
    first, *others = sample().reasons
    kind = reason_kinds("420111", 2023)[0].key
    filed = replace(sample(), reasons=(replace(first, kind=kind), *others))
    assert _file(open_filing, preparer, filed) == []
    assert kind in {reason.kind for reason in build_package(open_filing).reasons}


def test_what_a_column_cannot_hold_is_refused_with_its_place(
    open_filing: Filing, preparer: StaffMember
) -> None:
    reasons = (replace(sample().reasons[0], text="长" * 501), *sample().reasons[1:])
    package = replace(sample(), reasons=reasons)
    (finding,) = file_package(filing=open_filing, staff=preparer, package=package)
    assert finding.check_id == "PK-116"
    assert "501" in finding.message
    assert not Cell.objects.exists()


def test_an_amount_finer_than_one_fen_is_refused(
    open_filing: Filing, preparer: StaffMember
) -> None:
    (first, *others) = sample().projects
    package = replace(sample(), projects=(replace(first, actual=Decimal("0.001")), *others))
    assert _file(open_filing, preparer, package) == ["PK-116"]


def test_performance_that_cannot_be_stored_changes_nothing(
    open_filing: Filing, preparer: StaffMember
) -> None:
    declaration = replace(sample().declarations[0], subject="42011123999T999999999")
    package = replace(sample(), declarations=(declaration,), evaluations=())
    assert set(_file(open_filing, preparer, package)) == {"PK-115"}
    assert not Cell.objects.exists()


def test_an_outsider_cannot_file_here(open_filing: Filing, wai: StaffMember) -> None:
    with pytest.raises(FilingLocked):
        file_package(filing=open_filing, staff=wai, package=sample())


def test_a_submitted_filing_is_locked(open_filing: Filing, preparer: StaffMember) -> None:
    Filing.objects.filter(pk=open_filing.pk).update(state=State.SUBMITTED)
    with pytest.raises(FilingLocked):
        file_package(filing=open_filing, staff=preparer, package=sample())


def test_a_package_is_built_in_a_constant_number_of_queries(
    open_filing: Filing, preparer: StaffMember, django_assert_max_num_queries: object
) -> None:
    _file(open_filing, preparer, sample())
    filing = Filing.objects.with_names().get(pk=open_filing.pk)
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        build_package(filing)
