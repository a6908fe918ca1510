"""``bench_lists``: long lists imported by us and by django-import-export, in one run."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reviews.list_benchmark import compare_lists, words
from reviews.procurement_benchmark import (
    WAYS,
    compare_procurement,
    measure_here,
    section,
    with_section,
)


class Command(BaseCommand):
    help = "比较长列表的导入速度；在当前数据库的一个事务里进行，结束后撤销。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rows", type=int, default=50_000, help="采购行数")
        parser.add_argument("--codes", action="store_true", help="比较科目目录，不写入文档")
        parser.add_argument("--default-rows", type=int, default=5_000, help="目录默认路径的行数")
        parser.add_argument("--only", choices=WAYS, help="只在本进程测量一种并输出数字")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["only"]:
            found = measure_here(options["only"], options["rows"])
            self.stdout.write(" ".join(str(number) for number in found))
        elif options["codes"]:
            for line in words(compare_lists(options["rows"], options["default_rows"])):
                self.stdout.write(line)
        else:
            text = section(compare_procurement(options["rows"]))
            self.stdout.write(text)
            target = Path(settings.BASE_DIR) / "docs" / "benchmarks.md"
            page = target.read_text(encoding="utf-8")
            target.write_text(with_section(page, text), encoding="utf-8")
            self.stdout.write("已写入 docs/benchmarks.md。")
