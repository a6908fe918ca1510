"""Long procurement lists: ours with every check against django-import-export as it comes.

One invented department of many units and projects, one CSV file, imported by both in a transaction
that is rolled back. Each measurement is a process of its own, so that peak memory is its own.
"""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tablib
from django.db import connection, transaction
from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from budgets.bulk_lists import columns_of_list, import_list_rows
from budgets.catalogues import load_rulebook
from budgets.checks.keys import PROCUREMENT
from budgets.code_lists import rows_of_file
from budgets.models import ProcurementLine, Project
from departments.models import Department, FiscalYear, Region, Role, StaffMember, Unit
from filings.models import Filing, FilingKind
from filings.services import open_filing

YEAR, REGION, DEPARTMENT = 2099, "420103", "998"
UNITS, PROJECTS_EACH = 500, 4
ITEMS = ("[A02010105]台式计算机", "[A02021003]复印机", "[C16070300]运维服务", "[B08010000]修缮工程")
CODES = ("[2040202]一般行政管理事务", "2040201")
FEW = 5_000


class _TakenBack(Exception):
    """Leaves the transaction without writing."""


@dataclass(frozen=True, slots=True)
class Measured:
    """CPU seconds of one import, and the peak memory of its process before and after, in MB."""

    title: str
    rows: int
    seconds: float
    before: int
    peak: int

    @property
    def per_second(self) -> int:
        return round(self.rows / self.seconds)


def unit_code(number: int) -> str:
    return f"{DEPARTMENT}{number:03d}"


def project_code(unit: int, number: int) -> str:
    return f"{REGION}{YEAR % 100}{DEPARTMENT}T{unit * PROJECTS_EACH + number:09d}"


def file_rows(count: int) -> Iterator[list[str]]:
    """``count`` rows spread over all units and projects, as a procurement office would export."""
    each = max(1, -(-count // UNITS))
    for at in range(count):
        unit, number = divmod(at, each)
        project = number % (PROJECTS_EACH + 1)
        is_operating = project == PROJECTS_EACH
        amount = 100 + at % 9973
        yield [
            str(YEAR),
            str(number + 1),
            "公用经费" if is_operating else project_code(unit, project),
            unit_code(unit),
            "日常办公" if is_operating else f"项目{unit}-{project}",
            ITEMS[at % len(ITEMS)],
            CODES[at % len(CODES)],
            "[30201]办公费",
            "年初安排",
            "经费拨款补助",
            str(at % 7 + 1),
            f"{amount}.50",
            "台",
            f"{amount * (at % 7 + 1):,}.50",
            f"{amount}.50",
            f"{amount // 2}.00",
        ]


def write_file(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns_of_list(PROCUREMENT))
        writer.writerows(file_rows(count))


def make_department() -> StaffMember:
    """The department with its units, projects and the budget in preparation."""
    load_rulebook()
    region = Region.objects.get(code=REGION)
    department = Department.objects.create(region=region, code=DEPARTMENT, name="基准部门")
    units = Unit.objects.bulk_create(
        Unit(department=department, code=unit_code(n), name=f"基准单位{n}", kind="administrative")
        for n in range(UNITS)
    )
    Project.objects.bulk_create(
        Project(
            unit=unit,
            code=project_code(at, number),
            name=f"项目{at}-{number}",
            first_fiscal_year=YEAR,
        )
        for at, unit in enumerate(units)
        for number in range(PROJECTS_EACH)
    )
    staff = StaffMember.objects.create_user(
        username="bench_lists", role=Role.PREPARER, department=department
    )
    FiscalYear.objects.get_or_create(year=YEAR)
    kind = FilingKind.DEPARTMENTAL_BUDGET
    open_filing(staff=staff, department=department, fiscal_year=YEAR, kind=kind)
    return staff


def _ours(path: Path, count: int, staff: StaffMember) -> None:
    rows = rows_of_file(path, columns_of_list(PROCUREMENT))
    found = import_list_rows(key=PROCUREMENT, staff=staff, rows=rows)
    assert (found.created, found.wrong) == (count, 0), found.findings[:3]


def _column(name: str, at: int, **more: Any) -> Any:
    return fields.Field(name, columns_of_list(PROCUREMENT)[at], **more)


class DefaultResource(resources.ModelResource):
    """What django-import-export does unless told otherwise: look-ups and a save for each row, no
    validation. Amounts without separators, as its widgets want them; an item as one text."""

    filing = _column("filing", 0, widget=ForeignKeyWidget(Filing, "fiscal_year"))
    number = _column("number", 1)
    project = _column("project", 2, widget=ForeignKeyWidget(Project, "code"))
    unit = _column("unit", 3, widget=ForeignKeyWidget(Unit, "code"))
    project_name = _column("project_name", 4)
    item_name = _column("item_name", 5)
    functional_code = _column("functional_code", 6)
    economic_code = _column("economic_code", 7)
    funding_source = _column("funding_source", 8)
    fund_nature = _column("fund_nature", 9)
    quantity = _column("quantity", 10)
    unit_price = _column("unit_price", 11)
    measure = _column("measure", 12)
    amount = _column("amount", 13)
    sme_amount = _column("sme_amount", 14)
    micro_amount = _column("micro_amount", 15)

    class Meta:
        model = ProcurementLine
        import_id_fields = ("filing", "unit", "number")
        fields = (
            "filing",
            "number",
            "project",
            "unit",
            "project_name",
            "item_name",
            "functional_code",
            "economic_code",
            "funding_source",
            "fund_nature",
            "quantity",
            "unit_price",
            "measure",
            "amount",
            "sme_amount",
            "micro_amount",
        )


def _as_default_wants(row: list[str]) -> list[str]:
    """The same row with bare codes, no separators and an empty project for operating costs."""
    codes = {6: row[6][1:8] if row[6].startswith("[") else row[6], 7: row[7][1:6]}
    plain = {2: "" if row[2] == "公用经费" else row[2], 13: row[13].replace(",", "")}
    return [(codes | plain).get(at, text) for at, text in enumerate(row)]


def _default(path: Path, count: int, staff: StaffMember) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    dataset = tablib.Dataset(*map(_as_default_wants, rows), headers=header)
    result = DefaultResource().import_data(dataset)
    assert result.totals["new"] == count, result.totals


WAYS: dict[str, tuple[str, Callable[[Path, int, StaffMember], None]]] = {
    "ours": ("本系统，逐行完整校验", _ours),
    "default": ("django-import-export 默认路径，不校验", _default),
}


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure_here(way: str, count: int) -> tuple[float, int, int]:
    """CPU seconds of one import, peak memory before and after it; nothing stays."""
    seconds, before = 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "procurement.csv"
        write_file(path, count)
        try:
            with transaction.atomic():
                staff = make_department()
                before, begun = _peak(), time.process_time()
                WAYS[way][1](path, count, staff)
                seconds = time.process_time() - begun
                raise _TakenBack
        except _TakenBack:
            return seconds, before, _peak()


def measure(way: str, count: int) -> Measured:
    """:func:`measure_here` in a new process."""
    command = [sys.executable, "manage.py", "bench_lists", "--only", way, "--rows", str(count)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"MINGZHANG_LOG_LEVEL": "ERROR"},
    )
    seconds, before, peak = done.stdout.split()[-3:]
    return Measured(WAYS[way][0], count, float(seconds), int(before), int(peak))


def compare_procurement(rows: int) -> list[Measured]:
    """Ours on few and on all rows, then the default path on all of them."""
    return [measure("ours", min(FEW, rows)), measure("ours", rows), measure("default", rows)]


HEADING = "## 长列表"
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def section(measured: list[Measured]) -> str:
    """What docs/benchmarks.md says of the database in force."""
    few, ours, default = measured
    times = default.seconds / ours.seconds
    lines = [
        f"### {DATABASES[connection.vendor]}",
        "",
        "| 导入 | 行数 | CPU 秒 | 每秒行数 | 内存峰值（MB） | 其中导入增加 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {m.title} | {m.rows:,} | {m.seconds:.2f} | {m.per_second:,} |"
        f" {m.peak} | {m.peak - m.before} |"
        for m in measured
    ]
    growth = ours.peak - few.peak
    words = f"快 {times:.1f} 倍；{few.rows:,} 行到 {ours.rows:,} 行，内存峰值增加 {growth} MB。"
    return "\n".join([*lines, "", words, ""])


INTRODUCTION = f"""{HEADING}

`manage.py bench_lists`：一个虚构部门，{UNITS} 个单位、{UNITS * PROJECTS_EACH} 个项目，政府采购，
同一份 CSV，同一次运行，各在自己的进程里导入一次，事务结束后撤销。CPU 秒是导入进程的用户和系统时间，
不计等待；PostgreSQL 服务器自己的时间不在内。本系统一侧包括读 CSV、逐格校验、科目目录、单位、
项目归属、重复行和批量写入，不含申报件的表间校验（保存后照常进行）；默认一侧是 django-import-export
不加设置的样子，没有任何校验，金额和科目已替它去掉千位分隔符和名称。
"""


def with_section(page: str, text: str) -> str:
    """The page of benchmarks with one database's section put in or replaced."""
    rest, _, lists = page.partition(HEADING)
    title = text.splitlines()[0]
    known = [f"### {part}" for part in lists.split("### ")[1:]]
    kept = [part for part in known if part.splitlines()[0] != title]
    sections = sorted([*kept, text], reverse=True)
    body = "\n".join(f"{part.rstrip()}\n" for part in sections)
    return f"{rest.rstrip()}\n\n{INTRODUCTION}\n{body}"
