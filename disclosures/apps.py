from typing import Any

from celery.signals import worker_process_shutdown
from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    name = "disclosures"
    verbose_name = "公开报告"

    def ready(self) -> None:
        worker_process_shutdown.connect(_forget_fonts)


def _forget_fonts(**_: Any) -> None:
    """A worker's process ends without the interpreter's own clearing up."""
    from disclosures.pdf import forget_fonts  # WeasyPrint is loaded by those who print

    forget_fonts()
