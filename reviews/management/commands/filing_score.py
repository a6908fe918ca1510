"""``filing_score``: the self-evaluations of a filing with their derivations."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from disclosures.evaluate import scorecards_of
from reviews.command_line import FOUND_ERRORS, FilingCommand
from rulebook.codec import to_json


class Command(FilingCommand):
    help = "计算一份数据包或申报件的绩效自评得分。有得分算不出来时退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", nargs="?", help="数据包文件")
        self.add_filing_arguments(parser, required=False)
        parser.add_argument("--steps", action="store_true", help="列出每一行的推导过程")

    def handle(self, *args: Any, **options: Any) -> None:
        package = self.package_of(options)
        titles = {evaluation.subject: evaluation.title for evaluation in package.evaluations}
        scorecards = scorecards_of(package)
        if self.as_json:
            self.stdout.write(json.dumps(to_json(scorecards), ensure_ascii=False))
        for card in scorecards if not self.as_json else ():
            total = "未能评分" if card.total is None else f"{card.total} 分"
            self.stdout.write(f"{titles[card.subject]}　{total}　{card.grade or ''}".rstrip())
            for line in card.lines if options["steps"] else ():
                self.stdout.write(f"    {line.label}：{'；'.join(line.steps)}")
        if any(card.total is None for card in scorecards):
            sys.exit(FOUND_ERRORS)
