"""What the commands for a bureau's IT staff share: finding the filing and the person, saying what
was found in Chinese or JSON, and honest exit codes."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from budgets.models import Workbook
from departments.models import StaffMember
from disclosures.filing_package import FilingPackage
from disclosures.package import ReadPackage, read
from disclosures.snapshots import build_package
from filings.models import Filing, FilingKind
from rulebook.codec import to_json
from rulebook.findings import Finding, blocking

FOUND_ERRORS = 1
REFUSED = 2
KINDS = {"final_accounts": FilingKind.DEPARTMENTAL_FINAL_ACCOUNTS.value}


class FilingCommand(BaseCommand):
    """A command about one filing, named by department, year and kind, or about a package file."""

    requires_system_checks = ()
    writes = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")
        if self.writes:
            parser.add_argument("--as", dest="user", required=True, help="经办人的用户名")

    def add_filing_arguments(self, parser: ArgumentParser, *, required: bool = True) -> None:
        parser.add_argument("--department", required=required, help="部门编码")
        parser.add_argument("--year", type=int, required=required, help="年度")
        parser.add_argument("--kind", choices=KINDS, default="final_accounts", help="类型")
        parser.add_argument("--filing-version", type=int, help="版本，默认最新")

    def filing_of(self, options: dict[str, Any]) -> Filing:
        """The filing named by the options. Raises CommandError when there is none."""
        found = Filing.objects.with_names().filter(
            department__code=options["department"],
            fiscal_year=options["year"],
            kind=KINDS[options["kind"]],
        )
        if options.get("filing_version"):
            found = found.filter(version=options["filing_version"])
        filing: Filing | None = found.order_by("-version").first()
        if filing is None:
            raise CommandError("没有这份申报件，请核对部门编码和年度。", returncode=REFUSED)
        return filing

    def workbook_of(self, filing: Filing, unit: str | None) -> Workbook:
        """A unit's workbook. Raises CommandError where the unit is not clear."""
        found = list(filing.workbooks.with_names())
        if unit:
            found = [workbook for workbook in found if workbook.unit.code == unit]
        if len(found) != 1:
            raise CommandError("请用 --unit 指明一个单位。", returncode=REFUSED)
        return found[0]

    def staff_of(self, options: dict[str, Any]) -> StaffMember:
        """The person who answers for a write. Raises CommandError for an unknown name."""
        staff = StaffMember.objects.filter(username=options["user"], is_active=True).first()
        if staff is None:
            raise CommandError(f"没有用户 {options['user']}，或已停用。", returncode=REFUSED)
        return staff

    def package_of(self, options: dict[str, Any]) -> FilingPackage:
        """The package in a file, without a database, or of a filing."""
        if options.get("file"):
            return self.read_package(Path(options["file"]))
        if not options.get("department") or not options.get("year"):
            raise CommandError("请给出数据包文件，或 --department 和 --year。", returncode=REFUSED)
        return build_package(self.filing_of(options))

    def read_package(self, path: Path) -> FilingPackage:
        """Raises SystemExit after printing why a file is not a package."""
        result: ReadPackage = read(self.bytes_of(path))
        if result.package is None:
            self.stop_with(result.findings)
        assert result.package is not None
        return result.package

    def bytes_of(self, path: Path) -> bytes:
        """The file's bytes. Raises CommandError when it cannot be read."""
        try:
            return path.read_bytes()
        except OSError as error:
            raise CommandError(f"读不了文件 {path}：{error.strerror}", returncode=REFUSED) from None

    def execute(self, *args: Any, **options: Any) -> str | None:
        self.as_json = bool(options.get("json"))
        return super().execute(*args, **options)

    def say(self, message: str, **data: Any) -> None:
        """A sentence for people, or its data as one line of JSON."""
        if self.as_json:
            self.stdout.write(json.dumps(data or {"message": message}, ensure_ascii=False))
        else:
            self.stdout.write(message)

    def list_findings(self, findings: Iterable[Finding]) -> None:
        """Each finding with place, values and how to mend it."""
        found = list(findings)
        if self.as_json:
            rows = [{"identity": f.identity, **_row(f)} for f in found]
            self.stdout.write(json.dumps({"findings": rows}, ensure_ascii=False))
            return
        for finding in found:
            self.stdout.write(
                f"[{finding.severity.label}] {finding.check_id} {finding.title}\n"
                f"    {finding.message}\n    → {finding.hint}"
            )
        errors = len(blocking(found))
        self.stdout.write(f"共 {len(found)} 个问题，其中 {errors} 个错误须先修改。")

    def stop_with(self, findings: Sequence[Finding]) -> None:
        """List what is wrong and leave with the exit code that says so."""
        self.list_findings(findings)
        sys.exit(FOUND_ERRORS)


def _row(finding: Finding) -> dict[str, Any]:
    row = to_json(finding)
    assert isinstance(row, dict)
    return row


def write_file(path: Path, content: bytes) -> None:
    """Write a result. Raises CommandError when the place cannot be written."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CommandError(f"写不了文件 {path}：{error.strerror}", returncode=REFUSED) from None


class PageCommand(BaseCommand):
    """Writes a page of the documentation from the code; ``--check`` only compares."""

    page: Callable[[], str]
    file = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="只检查文件是否最新")

    def handle(self, *args: Any, **options: Any) -> None:
        page, target = type(self).page(), Path(settings.BASE_DIR) / "docs" / self.file
        if not options["check"]:
            target.write_text(page, encoding="utf-8")
        elif not target.exists() or target.read_text(encoding="utf-8") != page:
            raise CommandError(f"docs/{self.file} 已过期，请运行 make docs。")
