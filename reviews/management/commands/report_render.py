"""``report_render``: the report of a package or a filing as PDF."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from disclosures.evaluate import evaluate
from disclosures.official import print_draft
from disclosures.package import document, dump
from reviews.command_line import FilingCommand, write_file


class Command(FilingCommand):
    help = "把一份数据包或申报件排成 PDF（草稿，带水印）。正式文件由审核通过后的底稿生成。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", nargs="?", help="数据包文件")
        self.add_filing_arguments(parser, required=False)
        parser.add_argument("--out", required=True, help="写到这个文件")

    def handle(self, *args: Any, **options: Any) -> None:
        package = self.package_of(options)
        printed = print_draft(
            evaluate(package).report,
            identifier=hashlib.sha256(dump(document(package))).hexdigest(),
            dated=date.today(),
        )
        write_file(Path(options["out"]), printed.content)
        self.say(f"报告草稿已写到 {options['out']}（{printed.pages} 页）。", file=options["out"])
