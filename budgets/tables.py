"""django-tables2: the workbooks of a filing."""

from __future__ import annotations

import django_tables2 as tables


class WorkbookTable(tables.Table):
    """Rows are dicts of a unit, its progress and the address of its first sheet."""

    code = tables.Column(verbose_name="单位编码", orderable=False)
    name = tables.Column(
        verbose_name="单位", orderable=False, linkify=lambda record: record["link"]
    )
    kind = tables.Column(verbose_name="单位性质", orderable=False)
    progress = tables.Column(verbose_name="进度", orderable=False)

    class Meta:
        template_name = "budgets/table.html"
        attrs = {"class": "list"}
        empty_text = "本申报件还没有单位工作簿。"
