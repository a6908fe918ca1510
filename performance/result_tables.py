"""The bureau's table of projects by grade, on the screen and as a file."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any, ClassVar

import django_tables2 as tables
from openpyxl import Workbook as Xlsx

from budgets.excel.writing import write_text
from performance.results import EvaluatedProject

RIGHT = {"th": {"class": "right"}, "td": {"class": "right"}}
HEADS = ("年度", "部门", "项目编码", "项目", "总分", "等级", "建议", "决定", "理由", "未落实措施")


class ResultTable(tables.Table):
    """One row per project; the name links to its page."""

    year = tables.Column("年度", accessor="filing__fiscal_year_id")
    department = tables.Column("部门", accessor="filing__department__name")
    project = tables.LinkColumn(
        "work:result",
        args=[tables.A("filing__public_id"), tables.A("result__subject")],
        accessor="result__name",
        verbose_name="项目",
    )
    total = tables.Column("总分", accessor="row__scorecard__total", attrs=RIGHT, default="待答")
    grade = tables.Column("等级", accessor="result__grade", empty_values=())
    proposed = tables.Column("建议", accessor="result__proposed__label", orderable=False)
    decided = tables.Column("决定", accessor="result__decided__label", orderable=False)
    measures = tables.Column("未落实措施", accessor="still_open", attrs=RIGHT)

    class Meta:
        attrs: ClassVar = {"class": "list"}
        template_name = "reviews/table.html"
        empty_text = "没有符合条件的项目自评。"
        order_by = "total"

    def render_grade(self, value: Any) -> str:
        return value or "待定"


def results_file(rows: Iterable[EvaluatedProject]) -> bytes:
    """The table as an XLSX file; every text is a text, never a formula."""
    book = Xlsx()
    sheet: Any = book.active
    sheet.title = "评价结果应用"
    sheet.append(HEADS)
    for number, each in enumerate(rows, 2):
        for column, value in enumerate(_cells(each), 1):
            if isinstance(value, str):
                write_text(sheet.cell(number, column), value)
            else:
                sheet.cell(number, column, value)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cells(each: EvaluatedProject) -> list[Any]:
    result = each.result
    card = getattr(each.row, "scorecard", None)
    return [
        each.filing.fiscal_year_id,
        each.filing.department.name,
        result.subject,
        result.name,
        card.total if card else None,
        result.grade or "待定",
        result.proposed.label if result.proposed else "",
        result.decided.label if result.decided else "",
        result.reason,
        each.still_open,
    ]
