"""``events_verify``: find records of the history that were changed after they were written."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from filings.models import Filing
from filings.services import broken_event

BROKEN = 1


class Command(BaseCommand):
    help = "逐份核对申报件的操作记录（指纹链）；发现改动时指出是哪一条，并以非零状态结束。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        filings = list(Filing.objects.with_names())
        found = [(filing, broken_event(filing)) for filing in filings]
        broken = [(filing, event) for filing, event in found if event is not None]
        if options["json"]:
            rows = [
                {"filing": str(f.public_id), "sequence": e.sequence, "row": e.pk} for f, e in broken
            ]
            self.stdout.write(json.dumps({"filings": len(filings), "broken": rows}))
        else:
            for filing, event in broken:
                self.stdout.write(
                    f"{filing}（第 {filing.version} 版）：第 {event.sequence} 条操作记录"
                    f"（记录号 {event.pk}，{event.action}）与指纹不符。"
                )
        if broken:
            raise CommandError(f"{len(broken)} 份申报件的操作记录被改动。", returncode=BROKEN)
        if not options["json"]:
            self.stdout.write(f"已核对 {len(filings)} 份申报件，操作记录完整。")
