"""The bureau's list of monitoring reports with their lights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import django_tables2 as tables

from performance.models import MonitoringReport
from performance.monitored import stored_board
from performance.monitoring.board import Board
from performance.monitoring.values import Light

RIGHT = {"th": {"class": "right"}, "td": {"class": "right"}}
LIGHT = '{% include "performance/light.html" with light=value only %}'


@dataclass(frozen=True, slots=True)
class MonitoredDepartment:
    """A report as handed in, with its counts of lights."""

    report: MonitoringReport
    board: Board

    @property
    def light(self) -> Light | None:
        return self.board.light

    @property
    def red(self) -> int:
        return self.board.count(Light.RED)

    @property
    def yellow(self) -> int:
        return self.board.count(Light.YELLOW)

    @property
    def green(self) -> int:
        return self.board.count(Light.GREEN)

    @property
    def blue(self) -> int:
        return self.board.count(Light.BLUE)

    @property
    def measures(self) -> int:
        return sum(len(line.measures) for line in self.board.subjects)


def rows_of(reports: Iterable[MonitoringReport]) -> list[MonitoredDepartment]:
    """The reports that were handed in, as rows."""
    boards = ((report, stored_board(report)) for report in reports)
    return [MonitoredDepartment(report, board) for report, board in boards if board]


class MonitoringTable(tables.Table):
    """One row per report; the department links to it."""

    department = tables.LinkColumn(
        "work:monitoring-report",
        args=[tables.A("report__filing__public_id"), tables.A("report__month")],
        accessor="report__filing__department__name",
        verbose_name="部门",
    )
    month = tables.TemplateColumn("{{ value }} 月", accessor="report__month", verbose_name="月份")
    state = tables.TemplateColumn(
        '{% include "components/state_tag.html" with state=record.report.status only %}',
        accessor="report__state",
        verbose_name="状态",
    )
    light = tables.TemplateColumn(LIGHT, verbose_name="最差", orderable=False)
    red = tables.Column("红灯", attrs=RIGHT)
    yellow = tables.Column("黄灯", attrs=RIGHT)
    green = tables.Column("绿灯", attrs=RIGHT)
    blue = tables.Column("蓝灯", attrs=RIGHT)
    measures = tables.Column("措施", attrs=RIGHT)
    submitted_at = tables.DateTimeColumn(
        accessor="report__submitted_at", format="Y年n月j日 H:i", verbose_name="报送时间"
    )

    class Meta:
        attrs: ClassVar = {"class": "list"}
        template_name = "reviews/table.html"
        empty_text = "还没有部门报送绩效运行监控。"
        order_by = "-red"
