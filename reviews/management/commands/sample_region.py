"""``sample_region``: an invented region of many departments and years, with planted
contradictions and their answer list. See ``docs/sample-region.md``."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from departments.models import Region as RegionRow
from reviews.command_line import FOUND_ERRORS, REFUSED
from reviews.region.department import Region
from reviews.region.loading import RegionRefused, load_department, prepare
from reviews.region.running import (
    ANSWERS,
    Order,
    Result,
    answers_as_csv,
    answers_as_json,
    results_of,
)
from rulebook.editions import EditionMissing, region_parents

EVERY = 10
"""Departments between two lines of progress."""
SHOWN = 20


class Command(BaseCommand):
    help = (
        "生成虚构区域：若干部门、若干年度的部门预算和决算，账目自洽，按比例埋入矛盾并给出答案。"
        "--check 用全部校验规则核对答案，漏报或误报时退出码为 1。"
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--departments", type=int, default=500, help="部门数，默认 500")
        parser.add_argument("--years", type=int, default=3, help="年度数，默认 3")
        parser.add_argument("--first-year", type=int, default=2023, help="第一个年度，默认 2023")
        parser.add_argument("--seed", type=int, default=1, help="种子，相同种子得到相同内容")
        parser.add_argument(
            "--share", default="0.02", help="埋入矛盾的申报件比例，0 至 1，默认 0.02"
        )
        parser.add_argument("--region", default="420100", help="适用哪个行政区划的规则")
        parser.add_argument("--out", type=Path, help="写出数据包和答案的文件夹")
        parser.add_argument("--check", action="store_true", help="校验并与答案核对")
        parser.add_argument("--load", action="store_true", help="存入数据库，可以中断后再运行")
        parser.add_argument(
            "--processes", type=int, default=os.cpu_count() or 1, help="并行的进程数"
        )
        parser.add_argument(
            "--even-in-production", action="store_true", help="允许存入生产环境（不建议）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        order = _order(options)
        numbers = range(1, options["departments"] + 1)
        if options["load"]:
            if settings.PRODUCTION and not options["even_in_production"]:
                raise CommandError("生产环境不建立虚构数据。", returncode=REFUSED)
            self._load(order, numbers)
        if options["out"] or options["check"] or not options["load"]:
            result = self._generate(order, numbers, options["processes"])
            if options["check"]:
                self._judge(result)

    def _generate(self, order: Order, numbers: range, processes: int) -> Result:
        whole = Result()
        for done, result in enumerate(results_of(order, numbers, processes), 1):
            whole.add(result)
            if done % EVERY == 0 or done == len(numbers):
                self.stdout.write(f"{done}/{len(numbers)} 个部门，{whole.filings} 份申报件")
        self.stdout.write(
            f"共 {whole.filings} 份申报件，{whole.contradictions} 份埋有矛盾，"
            f"应发现 {len(whole.answers)} 个问题。"
        )
        if order.out is not None:
            for suffix, text in (
                ("json", answers_as_json(whole.answers)),
                ("csv", answers_as_csv(whole.answers)),
            ):
                (order.out / f"{ANSWERS}.{suffix}").write_text(text, encoding="utf-8")
        return whole

    def _judge(self, result: Result) -> None:
        for answer in result.missed[:SHOWN]:
            self.stdout.write(
                f"漏报 {answer.check_id} {answer.fiscal_year} {answer.address}"
                f"（{answer.contradiction}）{answer.left} / {answer.right}"
            )
        for name, finding in result.false_alarms[:SHOWN]:
            self.stdout.write(f"误报 {finding.check_id} {name}：{finding.message}")
        self.stdout.write(
            f"发现 {result.found} 个，漏报 {len(result.missed)} 个，"
            f"误报 {len(result.false_alarms)} 个。"
        )
        if not result.is_perfect:
            sys.exit(FOUND_ERRORS)

    def _load(self, order: Order, numbers: range) -> None:
        if not RegionRow.objects.filter(code=order.region.code).exists():
            raise CommandError("请先运行 load_rulebook 载入行政区划。", returncode=REFUSED)
        prepare(order.region)
        new = there = 0
        for done, number in enumerate(numbers, 1):
            try:
                for is_new in load_department(order.region, number, order.share):
                    new, there = new + is_new, there + (not is_new)
            except RegionRefused as refusal:
                raise CommandError(str(refusal), returncode=REFUSED) from None
            if done % EVERY == 0 or done == len(numbers):
                self.stdout.write(
                    f"{done}/{len(numbers)} 个部门，新存入 {new} 份申报件，已有 {there} 份"
                )


def _order(options: dict[str, Any]) -> Order:
    """What was asked for. Raises CommandError for what cannot be."""
    try:
        share = Decimal(options["share"])
    except InvalidOperation:
        share = Decimal(-1)
    if not 0 <= share <= 1:
        raise CommandError("--share 应为 0 至 1 之间的小数。", returncode=REFUSED)
    if not 1 <= options["departments"] <= 999 or options["years"] < 1 or options["processes"] < 1:
        raise CommandError("部门数应为 1 至 999，年度数和进程数至少为 1。", returncode=REFUSED)
    if options["region"] not in region_parents():
        raise CommandError(f"规则库中没有行政区划 {options['region']}。", returncode=REFUSED)
    region = Region(options["seed"], options["first_year"], options["years"], options["region"])
    try:
        region.require_rules()
    except EditionMissing as missing:
        raise CommandError(f"没有适用的规则：{missing}", returncode=REFUSED) from None
    out = options["out"]
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    return Order(region, share, out, options["check"])
