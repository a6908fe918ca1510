"""``data_dictionary``: docs/data-dictionary.md from the code."""

from __future__ import annotations

from reviews.command_line import PageCommand
from reviews.documentation import data_dictionary


class Command(PageCommand):
    help = "由代码生成 docs/data-dictionary.md。"
    page = staticmethod(data_dictionary)
    file = "data-dictionary.md"
