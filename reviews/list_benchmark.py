"""A long list of codes, imported by us and by django-import-export as it comes, in one run.

Both work in a transaction that is rolled back, on the database of the settings in force.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass

import tablib
from django.db import connection, transaction
from import_export import resources

from budgets.bulk import columns_of, import_codes
from budgets.models import FunctionalCode

FIRST_CODE, YEAR = 1_000_000, "2099"


class DefaultResource(resources.ModelResource):
    """What django-import-export does unless told otherwise: no validation, a query per row."""

    class Meta:
        model = FunctionalCode
        import_id_fields = ("code", "first_fiscal_year")
        fields = tuple(columns_of(FunctionalCode))


@dataclass(frozen=True, slots=True)
class Speed:
    """``megabytes`` is by how much the peak memory of the process grew."""

    title: str
    rows: int
    seconds: float
    megabytes: int

    @property
    def per_second(self) -> int:
        return round(self.rows / self.seconds)


def rows_of_list(count: int) -> Iterator[list[str]]:
    for number in range(count):
        yield [str(FIRST_CODE + number), f"基准科目{number}", YEAR, "", "按年度目录"]


class _TakenBack(Exception):
    """Leaves the transaction without writing."""


def _ours(count: int) -> None:
    found = import_codes(model=FunctionalCode, rows=rows_of_list(count))
    assert (found.created, found.wrong) == (count, 0)


def _default(count: int) -> None:
    dataset = tablib.Dataset(*rows_of_list(count), headers=list(columns_of(FunctionalCode)))
    result = DefaultResource().import_data(dataset, use_transactions=True)
    assert result.totals["new"] == count


def _measured(title: str, work: object, count: int) -> Speed:
    assert callable(work)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    try:
        with transaction.atomic():
            work(count)
            seconds = time.perf_counter() - begun
            raise _TakenBack
    except _TakenBack:
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return Speed(title, count, seconds, grown // 1024)


def compare_lists(rows: int, default_rows: int) -> list[Speed]:
    """Ours on few and on all rows, then the default path on its first ``default_rows``."""
    _measured("", _ours, default_rows // 10)
    return [
        _measured("本系统，逐行完整校验", _ours, default_rows),
        _measured("本系统，逐行完整校验", _ours, rows),
        _measured("django-import-export 默认路径，不校验", _default, default_rows),
    ]


def words(speeds: list[Speed]) -> list[str]:
    """Lines for the console: each speed, and by how much the default path is slower."""
    lines = [
        f"{s.title}：{s.rows} 行 {s.seconds:.2f} 秒，每秒 {s.per_second} 行，"
        f"内存峰值增加 {s.megabytes} MB"
        for s in speeds
    ]
    times = speeds[1].per_second / speeds[-1].per_second
    return [f"数据库：{connection.vendor}", *lines, f"快 {times:.1f} 倍"]
