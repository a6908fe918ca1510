"""The region into the database, through the services that people's screens use.

Each filing is written whole or not at all and skipped where it is, so a load that was cut off
goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db import transaction

from budgets.models import EconomicCode, FunctionalCode
from budgets.services import open_workbooks
from departments.models import Department, FiscalYear, StaffMember, Unit
from departments.roles import Role
from disclosures.filing import file_package
from disclosures.filing_package import FilingPackage
from filings.models import Filing
from filings.services import open_filing
from reviews.region.catalogue import ECONOMIC, FUNCTIONAL, labels
from reviews.region.department import Department as SampleDepartment
from reviews.region.department import Region, department_of
from reviews.region.planting import filings_of

CATALOGUES = {FUNCTIONAL: FunctionalCode, ECONOMIC: EconomicCode}
SOURCE = "虚构区域"


class RegionRefused(Exception):
    """A filing of the region that the product would not take; ``str`` says why, in Chinese."""


@transaction.atomic
def prepare(region: Region) -> None:
    """Fiscal years, and the codes of the region that the catalogues lack."""
    for year in range(region.first_year, region.first_year + region.years):
        FiscalYear.objects.get_or_create(year=year)
    for kind, model in CATALOGUES.items():
        known = set(model.objects.values_list("code", flat=True))
        model.objects.bulk_create(
            model(
                code=code,
                name=label.name,
                definition=label.definition,
                first_fiscal_year=region.first_year,
                source=SOURCE,
            )
            for (classification, code), label in labels().items()
            if classification == kind and code not in known
        )


def load_department(region: Region, number: int, share: Decimal) -> Iterator[bool]:
    """File what one department files; yields for each filing whether it was new."""
    sample = department_of(region, number)
    staff = _department(region, sample)
    known = set(
        Filing.objects.filter(department__code=sample.code).values_list("fiscal_year_id", "kind")
    )
    if len(known) == 2 * region.years:
        yield from (False for _ in known)
        return
    for filing in filings_of(region, number, share):
        head = filing.package.head
        new = (head.fiscal_year, head.kind) not in known
        if new:
            _file(filing.package, staff)
        yield new


@transaction.atomic
def _department(region: Region, sample: SampleDepartment) -> StaffMember:
    """The department, its units and the account that files for it, which nobody can log in with."""
    department, _ = Department.objects.get_or_create(
        code=sample.code,
        defaults={"region_id": region.code, "name": sample.name, "is_sample": True},
    )
    for unit in sample.units:
        Unit.objects.get_or_create(
            code=unit.code,
            defaults={
                "department": department,
                "name": unit.name,
                "kind": unit.kind.value,
                "first_fiscal_year": max(unit.first_year, region.first_year),
            },
        )
    username = f"xugou{sample.code}"
    found: StaffMember | None = StaffMember.objects.filter(username=username).first()
    return found or StaffMember.objects.create_user(
        username=username,
        password=None,
        role=Role.PREPARER.value,
        display_name="虚构填报岗位",
        department=department,
    )


@transaction.atomic
def _file(package: FilingPackage, staff: StaffMember) -> None:
    head = package.head
    filing = open_filing(
        staff=staff,
        department=Department.objects.get(code=head.department_code),
        fiscal_year=head.fiscal_year,
        kind=head.kind,
        is_sample=True,
    )
    open_workbooks(filing=filing, staff=staff)
    refused = file_package(filing=filing, staff=staff, package=package)
    if refused:
        raise RegionRefused("\n".join(finding.message for finding in refused))
