"""``bench_lists``: a long list imported by us and by django-import-export, in one run."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from reviews.list_benchmark import compare_lists, words


class Command(BaseCommand):
    help = "比较长列表的导入速度；在当前数据库的一个事务里进行，结束后撤销。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rows", type=int, default=50_000, help="本系统导入的行数")
        parser.add_argument("--default-rows", type=int, default=5_000, help="默认路径的行数")

    def handle(self, *args: Any, **options: Any) -> None:
        for line in words(compare_lists(options["rows"], options["default_rows"])):
            self.stdout.write(line)
