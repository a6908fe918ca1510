"""``load_rulebook``: regions, fiscal years and catalogues from the rulebook."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from budgets.catalogues import load_rulebook


class Command(BaseCommand):
    help = "把规则库中的行政区划、预算年度和科目目录载入数据库；可以反复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        for name, count in load_rulebook().items():
            self.stdout.write(f"{name}：{count} 行")
