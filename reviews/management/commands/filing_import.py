"""``filing_import FILE``: file an XLSX workbook or a data package."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from budgets.services import import_file, open_workbooks
from departments.models import Department, StaffMember
from disclosures.filing import file_package
from disclosures.package import read
from filings.models import Filing
from filings.services import FilingExists, FilingLocked, open_filing
from reviews.command_line import KINDS, REFUSED, FilingCommand
from reviews.dossier import dossier_of
from rulebook.findings import Finding, blocking


class Command(FilingCommand):
    help = "导入 XLSX 工作簿或数据包。整份写入或完全不写；随后列出校验问题。"
    writes = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="XLSX 或数据包文件")
        self.add_filing_arguments(parser, required=False)
        parser.add_argument("--unit", help="单位编码（XLSX；只有一个单位时可以不填）")

    def handle(self, *args: Any, **options: Any) -> None:
        staff, path = self.staff_of(options), Path(options["file"])
        content = self.bytes_of(path)
        try:
            if path.suffix.lower() == ".json":
                filing, findings = self._package(content, staff)
            else:
                filing, findings = self._workbook(path.name, content, staff, options)
        except (FilingLocked, FilingExists) as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from None
        if blocking(list(findings)):
            self.stop_with(findings)
        self.list_findings([*findings, *dossier_of(filing).findings])

    def _package(self, content: bytes, staff: StaffMember) -> tuple[Filing, Sequence[Finding]]:
        result = read(content)
        if result.package is None:
            self.stop_with(result.findings)
        assert result.package is not None
        head = result.package.head
        filing = self._open(head.department_code, head.fiscal_year, head.kind, staff)
        return filing, file_package(filing=filing, staff=staff, package=result.package)

    def _workbook(
        self, name: str, content: bytes, staff: StaffMember, options: dict[str, Any]
    ) -> tuple[Filing, Sequence[Finding]]:
        if not options["department"] or not options["year"]:
            raise CommandError("导入 XLSX 请给出 --department 和 --year。", returncode=REFUSED)
        filing = self._open(options["department"], options["year"], KINDS[options["kind"]], staff)
        workbook = self.workbook_of(filing, options["unit"])
        return filing, import_file(workbook=workbook, staff=staff, name=name, content=content)

    def _open(self, code: str, year: int, kind: str, staff: StaffMember) -> Filing:
        """The filing in preparation, or a new one."""
        department = Department.objects.filter(code=code).first()
        if department is None:
            raise CommandError(f"没有编码为 {code} 的部门。", returncode=REFUSED)
        filing = Filing.objects.in_preparation(department, year, kind)
        if filing is None:
            filing = open_filing(staff=staff, department=department, fiscal_year=year, kind=kind)
            open_workbooks(filing=filing, staff=staff)
        return filing
