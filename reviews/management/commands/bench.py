"""``bench``: CPU seconds and memory on the sample, into docs/benchmarks.md."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reviews.benchmarks import THINGS, measure, measure_here, page, sample_package
from reviews.grid_benchmark import grid_section, grid_speeds
from reviews.print_benchmark import HEADING
from reviews.procurement_benchmark import HEADING as LISTS
from reviews.scoring_benchmark import scoring_section, scoring_speeds


class Command(BaseCommand):
    help = "测量示例决算的填报、校验、评分、导入、导出和生成 PDF 所用的 CPU 时间和内存。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", choices=THINGS, help="只在本进程测量一项并输出数字")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["only"]:
            self.stdout.write(" ".join(str(number) for number in measure_here(options["only"])))
            return
        measured = []
        for key in THINGS:
            found = measure(key)
            measured.append(found)
            self.stdout.write(f"{found.title}　{found.seconds:.4f} 秒　{found.peak_megabytes} MB")
        more = grid_section(grid_speeds(sample_package()))
        more += scoring_section(scoring_speeds(sample_package()))
        self.stdout.write("\n".join(more))
        target = Path(settings.BASE_DIR) / "docs" / "benchmarks.md"
        known = target.read_text(encoding="utf-8") if target.is_file() else ""
        first = HEADING if HEADING in known else LISTS
        _, heading, others = known.partition(first)  # what bench_print, bench_lists wrote stays
        text = page(measured, more) + heading.replace("##", "\n##") + others
        target.write_text(text, encoding="utf-8")
        self.stdout.write("已写入 docs/benchmarks.md。")
