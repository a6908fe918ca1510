"""``report_render``: the report of a package or a filing as PDF or Word, with changes marked."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from disclosures.drafts import DraftKind, DraftSource, compared_source, finished_file
from disclosures.evaluate import evaluate
from disclosures.filing_package import FilingPackage
from disclosures.package import document, dump
from reviews.command_line import FilingCommand, write_file


class Command(FilingCommand):
    help = (
        "把一份数据包或申报件排成 PDF 或 Word（草稿，带水印）；可与前一份数据包对照，标出改动。"
        "正式文件由审核通过后的底稿生成。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", nargs="?", help="数据包文件")
        self.add_filing_arguments(parser, required=False)
        parser.add_argument("--before", help="与这份数据包对照，标出改动")
        parser.add_argument("--out", required=True, help="写到这个文件，.pdf 或 .docx")

    def handle(self, *args: Any, **options: Any) -> None:
        source = _source(self.package_of(options))
        if options["before"]:
            before = _source(self.read_package(Path(options["before"])))
            source = compared_source(before.report, before.sha256, "前一份数据包", source)
        is_word = Path(options["out"]).suffix == ".docx"
        made = finished_file(DraftKind.WORD if is_word else DraftKind.REPORT, source)
        write_file(Path(options["out"]), made.content)
        pages = f"（{made.pages} 页）" if made.pages else ""
        self.say(f"报告草稿已写到 {options['out']}{pages}。", file=options["out"])


def _source(package: FilingPackage) -> DraftSource:
    sha256 = hashlib.sha256(dump(document(package))).hexdigest()
    return DraftSource(evaluate(package).report, sha256, date.today())
