"""Filing a whole data package: whole or nothing, into one's own department only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.db.models import Model

from budgets.lists import PROCUREMENT_FIELDS, SERVICE_FIELDS, replace_lists
from budgets.models import Cell, ProcurementLine, Project, ProjectBudgetLine, PurchasedServiceLine
from budgets.replacing import replace_books, replace_projects
from budgets.workbook import FUND_AMOUNTS
from departments.models import StaffMember, Unit
from disclosures.filing_package import FilingPackage
from disclosures.models import KeyTaskRow, ReportText, VarianceExplanation
from disclosures.package import PACKAGE_CHECKS
from disclosures.reason_kinds import reason_kinds
from disclosures.reasons import reason_key
from disclosures.services import replace_texts
from filings.models import Explanation, Filing
from filings.services import record, require_editable
from performance.intake import PerformanceRefused, replace_performance
from rulebook.addresses import (
    cell_address,
    procurement_address,
    project_address,
    project_budget_address,
    purchased_service_address,
    text_address,
)
from rulebook.amounts import MAX_AMOUNT, decimals_of
from rulebook.checks import Check, Verdict, finding_of
from rulebook.findings import Finding, Scope, Severity

MAX_ROWS = 1_000_000


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
UNKNOWN_PROJECT = _check(
    "PK-117", "采购或购买服务的项目不存在", "请改用项目支出预算表中的项目编码，或先登记该项目。"
)
UNKNOWN_KIND = _check(
    "PK-118", "原因类别不在本年度的类别中", "请改用本年度的原因类别，或者不填类别。"
)
UNSTORABLE = _check("PK-116", "内容过长或数值过大", "请缩短文字；金额以元为单位，最多两位小数。")
MISFIT = _check("PK-115", "绩效内容不能保存", "请按说明改正数据包中的绩效目标或自评。")
FILING_CHECKS: tuple[Check, ...] = (
    OTHER_DEPARTMENT,
    OTHER_FILING,
    UNKNOWN_UNIT,
    OTHER_PROJECT,
    UNKNOWN_PROJECT,
    UNKNOWN_KIND,
    UNSTORABLE,
    MISFIT,
)
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
    layouts = {head.editions.layout, *(book.layout for book in package.books)}
    theirs = (head.kind, head.fiscal_year, layouts)
    if theirs != (filing.kind, filing.fiscal_year_id, {filing.layout_edition}):
        message = f"数据包为 {head.fiscal_year} 年、版式 {head.editions.layout}，与申报件不同。"
        return [_finding(OTHER_FILING, message)]
    return [
        *_unit_findings(filing, package),
        *_project_findings(filing, package),
        *_kind_findings(filing, package),
        *_unstorable_findings(package),
    ]


def units_of(filing: Filing) -> dict[str, Unit]:
    """The units that file for the year, by code."""
    units = filing.department.units.existing_in(filing.fiscal_year_id)
    return {unit.code: unit for unit in units}


def _unit_findings(filing: Filing, package: FilingPackage) -> Iterable[Finding]:
    known = units_of(filing)
    codes = {b.book for b in package.books} | {p.book for p in package.projects}
    codes |= {p.book for p in package.project_budgets}
    codes |= {row.book for row in package.lists.purchases}
    for code in sorted(codes - known.keys()):
        message = f"单位 {code} 不是{filing.department.name}的单位。"
        yield _finding(UNKNOWN_UNIT, message)


def _project_findings(filing: Filing, package: FilingPackage) -> Iterable[Finding]:
    known = units_of(filing)
    listed = {project.code: project.book for project in package.projects}
    listed |= {budget.code: budget.book for budget in package.project_budgets}
    named = {row.project_code for row in package.lists.purchases} - {""}
    found = Project.objects.filter(code__in=listed.keys() | named)
    year = filing.fiscal_year_id
    owners: dict[str, str] = {
        project.code: project.unit.holder_in(year).code
        for project in found.select_related("unit__successor")
    }
    for code, book in listed.items():
        if book in known and owners.get(code, book) != book:
            yield _finding(OTHER_PROJECT, f"项目编码 {code} 已由其他单位使用。")
    ours = {code for code, unit in owners.items() if unit in known} | listed.keys()
    for code in sorted(named - ours):
        yield _finding(UNKNOWN_PROJECT, f"项目编码 {code} 不是本部门已登记的项目，也不在数据包中。")


def _kind_findings(filing: Filing, package: FilingPackage) -> Iterable[Finding]:
    kinds = reason_kinds(filing.department.region_id, filing.fiscal_year_id)
    known = {"", *(kind.key for kind in kinds)}
    for reason in package.reasons:
        if reason.kind not in known:
            message = f"增减变动原因“{reason.text}”的类别“{reason.kind}”，本年度没有。"
            place = text_address(reason_key(reason.subject))
            yield replace(_finding(UNKNOWN_KIND, message, reason.kind), places=(place,))


def file_package(
    *, filing: Filing, staff: StaffMember, package: FilingPackage
) -> Sequence[Finding]:
    """Replace everything an editable filing holds by the package; findings mean nothing was done.

    Raises FilingLocked when the filing is not open for this person.
    """
    try:
        with transaction.atomic():
            return _file(filing, staff, package)
    except PerformanceRefused as refused:
        return [
            replace(_finding(MISFIT, misfit.reason), places=(misfit.address,))
            for misfit in refused.misfits
        ]


def _words_of(package: FilingPackage) -> Iterable[tuple[str, str, type[Model], str]]:
    """Every text that goes into a limited column: place, text, model, column."""
    for text in package.texts:
        yield text_address(text.key), text.key, ReportText, "key"
        yield text_address(text.key), text.body, ReportText, "body"
    for reason in package.reasons:
        place = text_address(reason_key(reason.subject))
        for column in ("subject", "text", "kind"):
            yield place, getattr(reason, column), VarianceExplanation, column
    for number, task in enumerate(package.key_tasks, 1):
        for column in ("item", "target", "outcome"):
            yield f"key_task/{number}/{column}", getattr(task, column), KeyTaskRow, column
    for project in package.projects:
        for column in ("code", "name"):
            place = project_address(project.code, column)
            yield place, getattr(project, column), Project, column
    yield from _list_words(package)
    for written in package.explanations:
        for column in ("check_id", "identity", "text"):
            yield "explanation", getattr(written, column), Explanation, column
    for book in package.books:
        for cell in book.cells:
            yield cell_address(book.book, cell.ref), cell.note, Cell, "note"
    if package.head.approval:
        document_no = package.head.approval.document_no
        yield "filing/approval", document_no, Filing, "approval_document_no"


def _list_words(package: FilingPackage) -> Iterable[tuple[str, str, type[Model], str]]:
    for budget in package.project_budgets:
        place = project_budget_address(budget.code, "functional_code")
        yield place, budget.functional_code, ProjectBudgetLine, "functional_code"
        for column in ("code", "name"):
            place = project_budget_address(budget.code, column)
            yield place, getattr(budget, column), Project, column
    for bought in package.procurement:
        for column in PROCUREMENT_FIELDS:
            place = procurement_address(bought.book, bought.number, column)
            yield place, str(getattr(bought, column)), ProcurementLine, column
    for service in package.purchased_services:
        for column in SERVICE_FIELDS:
            place = purchased_service_address(service.book, service.number, column)
            yield place, str(getattr(service, column)), PurchasedServiceLine, column


def _list_amounts(package: FilingPackage) -> Iterable[tuple[str, Decimal | None]]:
    for budget in package.project_budgets:
        for field in FUND_AMOUNTS:
            yield project_budget_address(budget.code, field), getattr(budget, field)
    for bought in package.procurement:
        for field in ("quantity", "unit_price", "amount", "sme_amount", "micro_amount"):
            yield procurement_address(bought.book, bought.number, field), getattr(bought, field)
    for service in package.purchased_services:
        for field in ("quantity", "amount"):
            place = purchased_service_address(service.book, service.number, field)
            yield place, getattr(service, field)


def _amounts_of(package: FilingPackage) -> Iterable[tuple[str, Decimal | None]]:
    for book in package.books:
        for cell in book.cells:
            yield cell_address(book.book, cell.ref), cell.value
            yield cell_address(book.book, cell.ref), cell.evidence
    for project in package.projects:
        for field in ("original_budget", "revised_budget", "actual"):
            yield project_address(project.code, field), getattr(project, field)
    yield from _list_amounts(package)
    for reason in package.reasons:
        yield text_address(reason_key(reason.subject)), reason.amount


def _unstorable_findings(package: FilingPackage) -> Iterable[Finding]:
    """What the database could not hold as it is: too long, too large, too fine."""
    for place, text, model, column in _words_of(package):
        limit = getattr(model._meta.get_field(column), "max_length", None)
        if limit is not None and len(text) > limit:
            message = f"{place} 有 {len(text)} 个字，最多 {limit} 个。"
            yield replace(_finding(UNSTORABLE, message), places=(place,))
    for place, amount in _amounts_of(package):
        if amount is not None and (abs(amount) > MAX_AMOUNT or decimals_of(amount) > 2):
            message = f"{place} 的数值 {amount} 过大或小数位过多。"
            yield replace(_finding(UNSTORABLE, message), places=(place,))
    for row in package.lists.purchases:
        if not 1 <= row.number <= MAX_ROWS:
            yield _finding(UNSTORABLE, f"采购或购买服务的行号 {row.number} 应为 1 到 {MAX_ROWS}。")


def _file(filing: Filing, staff: StaffMember, package: FilingPackage) -> Sequence[Finding]:
    require_editable(filing, staff)
    findings = belonging_findings(filing, package)
    if findings:
        return findings
    units = units_of(filing)
    replace_books(filing=filing, staff=staff, books=package.books, units=units)
    replace_projects(filing=filing, staff=staff, projects=package.projects, units=units)
    replace_lists(filing=filing, staff=staff, lists=package.lists, units=units)
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
