"""``filing_check FILE`` or ``filing_check --department … --year …``: all findings."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from disclosures.evaluate import findings_of
from reviews.command_line import FilingCommand
from reviews.dossier import elsewhere
from rulebook.findings import blocking


class Command(FilingCommand):
    help = "校验一份数据包文件（不需要数据库）或一份申报件，列出全部问题。有错误时退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", nargs="?", help="数据包文件")
        self.add_filing_arguments(parser, required=False)

    def handle(self, *args: Any, **options: Any) -> None:
        package = self.package_of(options)
        more = () if options["file"] else elsewhere(self.filing_of(options))
        findings = findings_of(package, more)
        if blocking(list(findings)):
            self.stop_with(findings)
        self.list_findings(findings)
