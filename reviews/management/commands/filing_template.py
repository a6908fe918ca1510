"""``filing_template``: the year's workbook template of a unit, prefilled, as XLSX."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from budgets.services import export_workbook
from reviews.command_line import FilingCommand, write_file


class Command(FilingCommand):
    help = "生成某个单位的填报模板（XLSX，已预填部门、科目和已有数据，带版本号）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        self.add_filing_arguments(parser)
        parser.add_argument("--unit", help="单位编码（只有一个单位时可以不填）")
        parser.add_argument("--out", required=True, help="写到这个文件")

    def handle(self, *args: Any, **options: Any) -> None:
        workbook = self.workbook_of(self.filing_of(options), options["unit"])
        write_file(Path(options["out"]), export_workbook(workbook=workbook))
        self.say(f"模板已写到 {options['out']}。", file=options["out"])
