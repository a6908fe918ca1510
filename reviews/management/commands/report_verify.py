"""``report_verify FILE``: whether a PDF is an official report, or what differs."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.db import DatabaseError

from disclosures.file_checks import structure_flaws
from disclosures.file_contents import FileUnreadable
from disclosures.verification import Verification, verify
from reviews.command_line import FOUND_ERRORS, FilingCommand


class Command(FilingCommand):
    help = "核验一份 PDF 报告：说明是原件，或指出哪里不同。不是原件时退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="PDF 文件")
        parser.add_argument("--alone", action="store_true", help="不查本机登记，只看文件本身")
        parser.add_argument("--structure", action="store_true", help="另查标签、字体等结构")

    def handle(self, *args: Any, **options: Any) -> None:
        content = self.bytes_of(Path(options["file"]))
        found = self._verified(content, alone=options["alone"])
        flaws = self._flaws(content) if options["structure"] else ()
        self._report(found, flaws, asked=options["structure"])
        if flaws or not found.is_good:
            sys.exit(FOUND_ERRORS)

    def _verified(self, content: bytes, *, alone: bool) -> Verification:
        """Without a database, as on a reader's machine, the file has to speak for itself."""
        try:
            return verify(content, with_register=not alone)
        except DatabaseError:
            return verify(content, with_register=False)

    def _flaws(self, content: bytes) -> tuple[str, ...]:
        try:
            return structure_flaws(content)
        except FileUnreadable as error:
            return (str(error),)

    def _report(self, found: Verification, flaws: tuple[str, ...], *, asked: bool) -> None:
        if self.as_json:
            self.say(
                "",
                verdict=found.verdict.name.lower(),
                explanation=found.message,
                sha256=found.sha256,
                differences=list(found.differences),
                structure=list(flaws),
            )
            return
        self.say(f"{found.verdict.value}：{found.message}")
        self.say(f"本文件的 SHA-256：{found.sha256}")
        for line in found.differences:
            self.say(f"  不同：{line}")
        for flaw in flaws:
            self.say(f"  结构：{flaw}")
        if asked and not flaws:
            self.say("结构检查没有发现问题（按 PDF/A-3a 和 PDF/UA-1 书写，未经认证）。")
