"""``filing_export``: a filing as a data package, or a unit's workbook as XLSX."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from budgets.services import export_workbook
from disclosures.evaluate import evaluate
from disclosures.package import document, dump
from disclosures.publication import public_document
from disclosures.snapshots import build_package
from reviews.command_line import FilingCommand, write_file


class Command(FilingCommand):
    help = "导出一份申报件：数据包（internal 或 public）或某个单位的 XLSX 工作簿。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        self.add_filing_arguments(parser)
        parser.add_argument("--format", choices=("package", "xlsx"), default="package")
        parser.add_argument("--profile", choices=("internal", "public"), default="internal")
        parser.add_argument("--unit", help="单位编码（XLSX；只有一个单位时可以不填）")
        parser.add_argument("--out", required=True, help="写到这个文件")

    def handle(self, *args: Any, **options: Any) -> None:
        filing = self.filing_of(options)
        if options["format"] == "xlsx":
            content = export_workbook(workbook=self.workbook_of(filing, options["unit"]))
        else:
            package = build_package(filing)
            results = evaluate(package)
            if options["profile"] == "public":
                content = public_document(package, results)
            else:
                content = dump(document(package, results))
        write_file(Path(options["out"]), content)
        self.say(f"已导出到 {options['out']}（{len(content)} 字节）。", file=options["out"])
