"""``sample``: file, score, review and publish the sample departments, through the same services
as the screens. Safe to run again: what is there stays."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from budgets.checks import resolve
from budgets.checks.keys import SUMMARY
from budgets.services import open_workbooks
from departments.models import Department, FiscalYear, StaffMember, Unit
from departments.roles import BUREAU_ROLES, DEPARTMENT_ROLES, Role
from disclosures import storage
from disclosures.evaluate import findings_of, scorecards_of, total_book
from disclosures.filing import file_package
from disclosures.filing_package import FilingPackage
from disclosures.package import read
from disclosures.services import ensure_official
from disclosures.snapshots import build_package
from filings.models import Filing
from filings.services import explain, open_filing
from reviews import services as reviews
from rulebook.addresses import CellRef
from rulebook.amounts import in_wan
from rulebook.findings import Severity

SAMPLES = Path(__file__).resolve().parents[3] / "disclosures" / "samples"
PUBLISHED, FOR_REVIEW, DRAFT = "hongshan_2023", "shili_review_2023", "shili_draft_2023"
BUDGET = "jianghan_2023"
BUDGET_TOTAL = CellRef(SUMMARY, "revenue_grand_total", "original_budget")
ACCOUNTS_FILE = "sample-accounts.txt"
DEMONSTRATION_EXPLANATION = "示例说明：已核对原始凭证，差异属于上年会计差错更正，不影响本年收支。"


class Command(BaseCommand):
    help = (
        "建立示例：一份已公开的决算、一份待审核的决算、一份有问题的决算草稿、"
        "一份由两个单位汇总的预算草稿，以及各岗位示例账号。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--even-in-production", action="store_true", help="允许在生产环境建立示例（不建议）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION and not options["even_in_production"]:
            raise CommandError("生产环境不建立示例数据。")
        packages = {name: _package(name) for name in (PUBLISHED, FOR_REVIEW, DRAFT, BUDGET)}
        staff = _accounts([_department(package) for package in packages.values()])
        filing = self._publish(packages[PUBLISHED], staff)
        self._until_submitted(packages[FOR_REVIEW], staff)
        self._file(packages[DRAFT], staff)
        budget = self._file(packages[BUDGET], staff)
        self._report(filing)
        self._report_budget(budget)
        self._print_accounts()

    def _file(self, package: FilingPackage, staff: dict[str, StaffMember]) -> Filing:
        head = package.head
        department = Department.objects.get(code=head.department_code)
        known = Filing.objects.filter(department=department, fiscal_year=head.fiscal_year).first()
        if known is not None:
            return known
        preparer = staff[f"{Role.PREPARER}-{department.code}"]
        with transaction.atomic():
            filing = open_filing(
                staff=preparer,
                department=department,
                fiscal_year=head.fiscal_year,
                kind=head.kind,
                is_sample=True,
            )
            open_workbooks(filing=filing, staff=preparer)
            refused = file_package(filing=filing, staff=preparer, package=package)
            if refused:
                raise CommandError("\n".join(finding.message for finding in refused))
        return filing

    def _until_submitted(self, package: FilingPackage, staff: dict[str, StaffMember]) -> Filing:
        filing = self._file(package, staff)
        if filing.state != "draft":
            return filing
        code = package.head.department_code
        preparer, reviewer = (staff[f"{role}-{code}"] for role in DEPARTMENT_ROLES)
        for finding in findings_of(build_package(filing)):
            if finding.severity is Severity.WARNING:
                explain(
                    filing=filing,
                    staff=preparer,
                    check_id=finding.check_id,
                    identity=finding.identity,
                    text=DEMONSTRATION_EXPLANATION,
                )
        reviews.hand_over(filing=filing, staff=preparer)
        reviews.submit(filing=filing, staff=reviewer)
        filing.refresh_from_db()
        return filing

    def _publish(self, package: FilingPackage, staff: dict[str, StaffMember]) -> Filing:
        filing = self._until_submitted(package, staff)
        if filing.state == "submitted":
            approval = package.head.approval
            reviews.open_review(filing=filing, staff=staff[Role.BUREAU_REVIEWER])
            reviews.approve(
                filing=filing,
                staff=staff[Role.BUREAU_REVIEWER],
                document_no=approval.document_no if approval else "",
                issued_on=approval.issued_on if approval else date.today(),
                assumed=True,
            )
            filing.refresh_from_db()
        if filing.state == "approved":
            ensure_official(filing=filing, staff=staff[Role.PUBLISHER])
            reviews.publish(filing=filing, staff=staff[Role.PUBLISHER])
            filing.refresh_from_db()
        return filing

    def _report(self, filing: Filing) -> None:
        package = build_package(filing)
        titles = {evaluation.subject: evaluation.title for evaluation in package.evaluations}
        self.stdout.write(f"\n{filing} {filing.status.label}")
        for card in scorecards_of(package):
            self.stdout.write(f"  {titles[card.subject]}　{card.total} 分　{card.grade}")
        rendered = filing.rendered_files.official().first()
        if rendered is not None:
            self.stdout.write(f"  PDF（{rendered.pages} 页）：{storage.path_of(rendered.path)}")

    def _report_budget(self, filing: Filing) -> None:
        """The total of the units' books, and what the checks say of them."""
        package = build_package(filing)
        whole = resolve(total_book(package)).get(BUDGET_TOTAL)
        found = Counter(finding.severity for finding in findings_of(package))
        counted = "、".join(f"{number} 个{each.label}" for each, number in found.items())
        self.stdout.write(f"\n{filing} {filing.status.label}")
        if whole is not None:
            self.stdout.write(
                f"  {len(package.books)} 个单位　收入总计 {in_wan(whole.value):,} 万元"
            )
        self.stdout.write(f"  {counted or '没有问题'}")

    def _print_accounts(self) -> None:
        accounts = Path(settings.VAR_DIR) / ACCOUNTS_FILE
        if accounts.exists():
            self.stdout.write("\n示例账号（岗位　用户名　密码　部门）：")
            self.stdout.write(accounts.read_text(encoding="utf-8").rstrip())


def _package(name: str) -> FilingPackage:
    found = read((SAMPLES / f"{name}.json").read_bytes())
    if found.package is None:
        raise CommandError("\n".join(finding.message for finding in found.findings))
    return found.package


@transaction.atomic
def _department(package: FilingPackage) -> Department:
    head = package.head
    FiscalYear.objects.get_or_create(year=head.fiscal_year)
    department, _ = Department.objects.get_or_create(
        code=head.department_code,
        defaults={
            "region_id": head.region_code,
            "name": head.department_name,
            "is_sample": head.sample,
        },
    )
    for book in package.books:
        Unit.objects.get_or_create(
            code=book.book,
            defaults={
                "department": department,
                "name": book.name,
                "kind": book.unit_kind.value,
                "first_fiscal_year": head.fiscal_year,
            },
        )
    return department


def _accounts(departments: Sequence[Department]) -> dict[str, StaffMember]:
    """One account of each role, departmental ones for each department; new passwords are kept in
    a file only its owner can read."""
    staff: dict[str, StaffMember] = {}
    lines: list[str] = []
    names = {Role.PREPARER: "tianbao", Role.INTERNAL_REVIEWER: "fuhe"}
    for number, department in enumerate(departments, 1):
        for role in DEPARTMENT_ROLES:
            key = f"{role}-{department.code}"
            staff[key] = _account(f"{names[role]}{number}", role, lines, department=department)
    region = departments[0].region
    for role, username in zip(BUREAU_ROLES, ("shenhe", "fabu"), strict=True):
        staff[role] = _account(username, role, lines, region=region)
    staff[Role.SYSTEM_ADMIN] = _account("guanli", Role.SYSTEM_ADMIN, lines)
    if lines:
        _keep_accounts(lines)
    return staff


def _account(username: str, role: Role, lines: list[str], **scope: Any) -> StaffMember:
    known = StaffMember.objects.filter(username=username).first()
    if known is not None:
        return known
    password = secrets.token_urlsafe(12)
    where = scope.get("department") or scope.get("region") or ""
    lines.append(f"  {role.label}　{username}　{password}　{where}")
    return StaffMember.objects.create_user(
        username=username,
        password=password,
        role=role.value,
        display_name=f"示例{role.label}",
        is_staff=True,
        **scope,
    )


def _keep_accounts(lines: Sequence[str]) -> None:
    accounts = Path(settings.VAR_DIR) / ACCOUNTS_FILE
    accounts.touch(mode=0o600)
    with accounts.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
