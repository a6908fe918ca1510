"""Filing a whole data package: whole or nothing, into one's own department only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from budgets.models import Project
from budgets.replacing import replace_books, replace_projects
from departments.models import StaffMember, Unit
from disclosures.filing_package import FilingPackage
from disclosures.package import PACKAGE_CHECKS
from disclosures.services import replace_texts
from filings.models import Explanation, Filing
from filings.services import record, require_editable
from performance.intake import replace_performance
from rulebook.checks import Check, Verdict, finding_of
from rulebook.findings import Finding, Scope, Severity


def _check(id: str, title: str, hint: str) -> Check:
    return Check(id, title, Severity.ERROR, Scope.WITHIN_SHEET, hint)


OTHER_DEPARTMENT = _check(
    "PK-111", "数据包属于其他部门", "只能导入本部门的数据包；请核对部门编码。"
)
OTHER_FILING = _check(
    "PK-112", "数据包与申报件的年度、类型或版式不同", "请选择同一年度、同一类型的数据包。"
)
UNKNOWN_UNIT = _check(
    "PK-113", "数据包中的单位不属于本部门", "请核对单位编码；新设单位请系统管理员先建立。"
)
OTHER_PROJECT = _check("PK-114", "项目编码属于其他单位", "请核对项目编码，或改用本单位的项目。")
FILING_CHECKS: tuple[Check, ...] = (OTHER_DEPARTMENT, OTHER_FILING, UNKNOWN_UNIT, OTHER_PROJECT)
ALL_PACKAGE_CHECKS: tuple[Check, ...] = (*PACKAGE_CHECKS, *FILING_CHECKS)


def _finding(check: Check, message: str, left: str = "", right: str = "") -> Finding:
    found = finding_of(check, Verdict((), check.title, None, None, message))
    return replace(found, left=left or None, right=right or None)


def belonging_findings(filing: Filing, package: FilingPackage) -> list[Finding]:
    """Why this package cannot be filed here; empty when it can."""
    head, department = package.head, filing.department
    if head.department_code != department.code:
        message = f"数据包的部门编码为 {head.department_code}，本部门为 {department.code}。"
        return [_finding(OTHER_DEPARTMENT, message, head.department_code, department.code)]
    theirs = (head.kind, head.fiscal_year, head.editions.layout)
    ours = (filing.kind, filing.fiscal_year_id, filing.layout_edition)
    if theirs != ours:
        message = f"数据包为 {head.fiscal_year} 年、版式 {head.editions.layout}，与申报件不同。"
        return [_finding(OTHER_FILING, message)]
    return [*_unit_findings(filing, package), *_project_findings(filing, package)]


def units_of(filing: Filing) -> dict[str, Unit]:
    """The units that file for the year, by code."""
    units = filing.department.units.existing_in(filing.fiscal_year_id)
    return {unit.code: unit for unit in units}


def _unit_findings(filing: Filing, package: FilingPackage) -> Iterable[Finding]:
    known = units_of(filing)
    codes = {b.book for b in package.books} | {p.book for p in package.projects}
    for code in sorted(codes - known.keys()):
        message = f"单位 {code} 不是{filing.department.name}的单位。"
        yield _finding(UNKNOWN_UNIT, message)


def _project_findings(filing: Filing, package: FilingPackage) -> Iterable[Finding]:
    known = units_of(filing)
    owners: dict[str, Any] = dict(
        Project.objects.filter(code__in=[p.code for p in package.projects]).values_list(
            "code", "unit__code"
        )
    )
    for project in package.projects:
        if project.book in known and owners.get(project.code, project.book) != project.book:
            yield _finding(OTHER_PROJECT, f"项目编码 {project.code} 已由其他单位使用。")


@transaction.atomic
def file_package(
    *, filing: Filing, staff: StaffMember, package: FilingPackage
) -> Sequence[Finding]:
    """Replace everything an editable filing holds by the package; findings mean nothing was done.

    Raises FilingLocked when the filing is not open for this person.
    """
    require_editable(filing, staff)
    findings = belonging_findings(filing, package)
    if findings:
        return findings
    units = units_of(filing)
    _clear_performance(filing)
    replace_books(filing=filing, staff=staff, books=package.books, units=units)
    replace_projects(filing=filing, staff=staff, projects=package.projects, units=units)
    replace_performance(
        filing=filing,
        staff=staff,
        declarations=package.declarations,
        evaluations=package.evaluations,
    )
    replace_texts(
        filing=filing,
        staff=staff,
        texts=package.texts,
        reasons=package.reasons,
        key_tasks=package.key_tasks,
    )
    _replace_explanations(filing, staff, package)
    _take_head(filing, package)
    record(filing=filing, staff=staff, action="import_package")
    return []


def _clear_performance(filing: Filing) -> None:
    """Declarations hold projects; they go first and come back with the package."""
    filing.evaluations.all().delete()
    filing.declarations.all().delete()


def _replace_explanations(filing: Filing, staff: StaffMember, package: FilingPackage) -> None:
    Explanation.objects.filter(filing=filing).delete()
    Explanation.objects.bulk_create(
        Explanation(
            filing=filing, check_id=e.check_id, identity=e.identity, text=e.text, written_by=staff
        )
        for e in package.explanations
    )


def _take_head(filing: Filing, package: FilingPackage) -> None:
    """The bureau's 批复 as the department states it; a sample never loses its mark."""
    approval = package.head.approval
    filing.approval_document_no = approval.document_no if approval else ""
    filing.approval_issued_on = approval.issued_on if approval else None
    filing.approval_is_assumed = approval.assumed if approval else False
    filing.is_sample = filing.is_sample or package.head.sample
    filing.save(
        update_fields=[
            "approval_document_no",
            "approval_issued_on",
            "approval_is_assumed",
            "is_sample",
        ]
    )
