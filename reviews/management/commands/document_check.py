"""``document_check FILING EXTRACT``: what a published document gets wrong, without a database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from disclosures.extract_intake import read_file
from disclosures.printed_extract import check_extract
from reviews.command_line import FilingCommand
from rulebook.findings import blocking


class Command(FilingCommand):
    help = "用数据包核对公开件的摘录（XLSX 或 JSON），列出公开件印错的地方。有错误时退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="数据包文件")
        parser.add_argument("extract", help="摘录文件")

    def handle(self, *args: Any, **options: Any) -> None:
        package = self.package_of(options)
        read = read_file(self.bytes_of(Path(options["extract"])), package)
        if read.extract is None:
            self.stop_with(read.findings)
        assert read.extract is not None
        findings = check_extract(read.extract, package)
        if blocking(list(findings)):
            self.stop_with(findings)
        self.list_findings(findings)
