"""``report_publish``: publish an approved filing, as the publisher's screen does."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from disclosures.services import ensure_official
from reviews.command_line import REFUSED, FilingCommand
from reviews.services import publish
from reviews.workflow import TransitionNotAllowed


class Command(FilingCommand):
    help = "公开一份已通过的申报件（经办人须为财政发布岗位）；正式文件尚未生成时先生成。"
    writes = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        self.add_filing_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        filing, staff = self.filing_of(options), self.staff_of(options)
        try:
            rendered = ensure_official(filing=filing, staff=staff)
            publish(filing=filing, staff=staff)
        except (TransitionNotAllowed, LookupError) as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from None
        self.say(f"已公开：{filing}。PDF 指纹 {rendered.sha256}。", sha256=rendered.sha256)
