"""Lists of filings that can be sorted and paged."""

from __future__ import annotations

import django_tables2 as tables

from filings.models import Filing


class FilingTable(tables.Table):
    """Every filing a bureau may see."""

    department = tables.LinkColumn(
        "work:filing_review", args=[tables.A("public_id")], verbose_name="部门"
    )
    state = tables.TemplateColumn(
        '{% include "components/state_tag.html" with state=record.status only %}'
        '{% include "reviews/errors_tag.html" with errors=record.errors only %}',
        verbose_name="状态",
    )
    rounds = tables.Column(verbose_name="提交次数", attrs={"td": {"class": "right"}})
    submitted_at = tables.DateTimeColumn(format="Y年n月j日 H:i", verbose_name="提交时间")

    class Meta:
        model = Filing
        fields = (
            "department",
            "fiscal_year",
            "kind",
            "version",
            "state",
            "rounds",
            "submitted_at",
            "approval_document_no",
        )
        attrs = {"class": "list"}
        template_name = "reviews/table.html"
        empty_text = "还没有部门报送。"
        order_by = "-submitted_at"
