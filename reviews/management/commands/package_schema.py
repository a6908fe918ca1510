"""``package_schema``: docs/data-package.schema.json from the code."""

from __future__ import annotations

import json

from disclosures.schema import package_schema
from reviews.command_line import PageCommand


def schema_page() -> str:
    return json.dumps(package_schema(), ensure_ascii=False, indent=1) + "\n"


class Command(PageCommand):
    help = "由代码生成 docs/data-package.schema.json。"
    page = staticmethod(schema_page)
    file = "data-package.schema.json"
