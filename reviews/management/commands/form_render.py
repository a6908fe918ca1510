"""``form_render``: one form of a package as PDF, without a database."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from disclosures.drafts import DraftKind, DraftSource, finished_file
from disclosures.evaluate import facts_of, scorecards_of
from disclosures.package import document, dump
from disclosures.report.compose import SubjectUnknown, compose_form
from reviews.command_line import REFUSED, FilingCommand, write_file


class Command(FilingCommand):
    help = "把数据包里的一张绩效表（申报表或自评表）排成 PDF（草稿，带水印）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="数据包文件")
        parser.add_argument("subject", help="department、unit-单位编码，或项目编码")
        parser.add_argument("-o", "--out", required=True, help="写到这个文件")

    def handle(self, *args: Any, **options: Any) -> None:
        package, subject = self.read_package(Path(options["file"])), options["subject"]
        try:
            composed = compose_form(facts_of(package, scorecards_of(package)), subject)
        except SubjectUnknown:
            known = "、".join(each.subject for each in package.declarations) or "没有绩效表"
            raise CommandError(
                f"数据包里没有 {subject} 的绩效表，可选：{known}。", returncode=REFUSED
            ) from None
        sha256 = hashlib.sha256(dump(document(package)) + subject.encode()).hexdigest()
        source = DraftSource(composed, sha256, date.today(), bound=False)
        printed = finished_file(DraftKind.FORM, source)
        write_file(Path(options["out"]), printed.content)
        self.say(
            f"{composed.title}已写到 {options['out']}（{printed.pages} 页）。", file=options["out"]
        )
