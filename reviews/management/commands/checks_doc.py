"""``checks_doc``: docs/checks.md from the code."""

from __future__ import annotations

from reviews.command_line import PageCommand
from reviews.documentation import checks_page


class Command(PageCommand):
    help = "由代码生成 docs/checks.md。"
    page = staticmethod(checks_page)
    file = "checks.md"
