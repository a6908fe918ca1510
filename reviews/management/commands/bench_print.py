"""``bench_print``: a large report by us and by WeasyPrint alone, into docs/benchmarks.md."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reviews.print_benchmark import (
    FORMS,
    ITEMS,
    ROUNDS,
    WAYS,
    as_json,
    curve,
    peaks,
    peaks_here,
    print_here,
    print_section,
    turns,
    with_section,
)
from reviews.procurement_benchmark import HEADING as LISTS


class Command(BaseCommand):
    help = "测量一份大报告的排印：CPU 时间、内存、页数，与 WeasyPrint 原样比较。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rounds", type=int, default=ROUNDS, help="轮数")
        parser.add_argument("--only", choices=WAYS, help="只在本进程排印一次并输出数字")
        parser.add_argument("--memory", action="store_true", help="只在本进程连续排印并输出内存")
        parser.add_argument("--items", type=int, default=ITEMS, help="项级科目数")
        parser.add_argument("--forms", type=int, default=FORMS, help="自评表份数")
        parser.add_argument(
            "--out", type=Path, default=Path("var/bench.pdf"), help="排印到这个文件"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["only"]:
            found = print_here(options["only"], options["items"], options["forms"], options["out"])
            self.stdout.write(as_json(found))
        elif options["memory"]:
            self.stdout.write(" ".join(str(number) for number in peaks_here()))
        else:
            text = print_section(turns(options["rounds"]), curve(), peaks())
            self.stdout.write(text)
            target = Path(settings.BASE_DIR) / "docs" / "benchmarks.md"
            page = target.read_text(encoding="utf-8")
            target.write_text(with_section(page, text, LISTS), encoding="utf-8")
            self.stdout.write("已写入 docs/benchmarks.md。")
