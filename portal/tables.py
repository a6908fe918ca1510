"""The list of published reports."""

from __future__ import annotations

from datetime import datetime

import django_tables2 as tables
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from filings.models import Filing
from portal.addresses import report_address, version_address

PAGE_SIZE = 20


class ReportTable(tables.Table):
    """One row per report in force, under the department's name of that year."""

    department = tables.Column("报告", accessor="department__name", order_by="department__name")
    fiscal_year = tables.Column("年度", accessor="fiscal_year_id", order_by="fiscal_year")
    kind = tables.Column("类型", accessor="kind_label", order_by="kind")
    published_at = tables.Column("公开日期")
    pdf = tables.Column("文件", empty_values=(), orderable=False)

    class Meta:
        template_name = "portal/table.html"
        attrs = {"class": "list"}
        empty_text = "没有符合条件的报告。请换一个名称，或放宽年度和类型。"

    def render_department(self, record: Filing) -> SafeString:
        name = record.department.name_in(record.fiscal_year_id)
        mark = SafeString(' <span class="sample">示例</span>') if record.is_sample else ""
        return format_html('<a href="{}">{}</a>{}', report_address(record), name, mark)

    def render_published_at(self, value: datetime) -> str:
        return in_words(value)

    def render_pdf(self, record: Filing) -> SafeString:
        return format_html('<a href="{}">PDF</a>', version_address(record, "version_pdf"))

    def turn_to(self, request: HttpRequest) -> None:
        """Sort and page as asked; what cannot be shown gives the nearest page, never an error."""
        self.request = request
        self.order_by = request.GET.getlist(self.order_by_field)[:1] or ["-published_at"]
        self.paginator = Paginator(self.rows, PAGE_SIZE)
        self.page = self.paginator.get_page(request.GET.get("page", "1")[:6])


def in_words(moment: datetime) -> str:
    """A moment as its day in Beijing: "2024年10月14日"."""
    day = timezone.localtime(moment)
    return f"{day.year}年{day.month}月{day.day}日"
