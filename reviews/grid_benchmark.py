"""What the grid costs: a sheet opened, checked and saved through its views, on a new database.

The sample's book is measured as it is, and once more with many items; both must meet the goals.
"""

from __future__ import annotations

import gc
import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.catalogues import load_rulebook
from budgets.entry import CellEdit
from budgets.models import Workbook
from budgets.services import open_workbooks, save_cells
from budgets.snapshots import code_names
from departments.models import Department, FiscalYear, StaffMember
from departments.roles import Role
from disclosures.filing import file_package
from disclosures.filing_package import FilingPackage
from filings.services import open_filing
from rulebook.addresses import CellRef
from rulebook.layouts import load_layout

Answer = Any  # what the test client makes of a response has more than its type says
RUNS = 9
ITEMS = 120
OPEN_WITHIN, ANSWER_WITHIN, PREVIEW_WITHIN = 1.0, 0.2, 1.0
SHEET, COLUMN = "expenditure_sheet", "project"
ENTERED_BY_CODE = (
    ("revenue_sheet", "appropriation"),
    (SHEET, "basic"),
    (SHEET, COLUMN),
    ("general_public_expenditure", "basic"),
    ("general_public_expenditure", "project"),
)


@dataclass(frozen=True, slots=True)
class PageSpeed:
    """Median CPU seconds of one request and their spread; ``goal`` in seconds."""

    title: str
    seconds: float
    spread: float
    queries: int
    goal: float


@contextmanager
def new_database() -> Iterator[None]:
    """A database of its own, as the tests get one, with the rulebook loaded."""
    name = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        load_rulebook()
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def file_sample(package: FilingPackage) -> tuple[StaffMember, Workbook]:
    """The package filed as a draft by a preparer of its department."""
    head, (book,) = package.head, package.books
    FiscalYear.objects.get_or_create(year=head.fiscal_year)
    department = Department.objects.create(
        region_id=head.region_code, code=head.department_code, name=head.department_name
    )
    department.units.create(code=book.book, name=book.name, kind=book.unit_kind.value)
    staff = get_user_model().objects.create_user(
        username="bench", role=Role.PREPARER.value, department=department, is_staff=True
    )
    filing = open_filing(
        staff=staff, department=department, fiscal_year=head.fiscal_year, kind=head.kind
    )
    open_workbooks(filing=filing, staff=staff)
    refused = file_package(filing=filing, staff=staff, package=package)
    assert not refused, refused
    return staff, Workbook.objects.get(filing=filing)


def unused_items(workbook: Workbook) -> list[str]:
    """Codes of the catalogue that may be entered on the sheet and are not yet."""
    sheet = load_layout(workbook.filing.layout_edition).sheet(SHEET)
    assert sheet.codes is not None
    used = set(workbook.cells.values_list("row", flat=True))
    names = code_names(workbook.filing.fiscal_year_id)
    free = [code for code in sorted(names) if sheet.is_code_row(code) and code not in used]
    return [code for code in free if len(code) == sheet.codes.entry_length]


def enlarge(staff: StaffMember, workbook: Workbook, items: int = ITEMS) -> None:
    """Fill every column of so many further items."""
    layout = load_layout(workbook.filing.layout_edition)
    rows = unused_items(workbook)[:items]
    assert len(rows) == items
    places = [
        CellRef(sheet, row, column)
        for row in rows
        for sheet, column in ENTERED_BY_CODE
        if layout.sheet(sheet).has_cell(row, column)
    ]
    edits = [CellEdit(ref, Decimal("12345.67")) for ref in places]
    result = save_cells(workbook=workbook, staff=staff, edits=edits)
    assert len(result.saved) == len(edits)


@dataclass(slots=True)
class Desk:
    """A preparer at one sheet of a workbook, changing one cell again and again."""

    client: Client
    workbook: Workbook
    row: str
    original: str
    unused: list[str]
    seen: dict[str, str]

    @classmethod
    def of(cls, staff: StaffMember, workbook: Workbook) -> Desk:
        client = Client(SERVER_NAME="localhost")
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        cell = workbook.cells.filter(sheet=SHEET, column=COLUMN, value__isnull=False).first()
        assert cell is not None
        unused = unused_items(workbook)
        return cls(client, workbook, cell.row, f"{cell.version}|", unused, {})

    def _address(self, page: str) -> str:
        place = [self.workbook.filing.public_id, self.workbook.unit.code, SHEET]
        return reverse(f"work:{page}", args=place)

    def _typed(self, number: int) -> dict[str, str]:
        place = f"{self.row}:{COLUMN}"
        return {f"c:{place}": f"{number}.00", f"o:{place}": self.original}

    def open(self, number: int) -> Answer:
        return self.client.get(self._address("filing_sheet"))

    def check(self, number: int) -> Answer:
        return self.client.post(self._address("filing_sheet_check"), self._typed(number))

    def check_new(self, number: int) -> Answer:
        """The first cell of an item that was in no sheet before, each time another one."""
        typed = {f"c:{self.unused.pop()}:{COLUMN}": f"{number}.00"}
        return self.client.post(self._address("filing_sheet_check"), typed)

    def save(self, number: int) -> Answer:
        answer = self.client.post(self._address("filing_sheet_save"), self._typed(number))
        assert answer.json()["saved"] == 1
        self.original = answer.json()["cells"][f"{self.row}:{COLUMN}"]["original"]
        return answer

    def see_all(self) -> None:
        """Every section of the preview, as after reading it to its end."""
        order = self._look().json()["order"]
        self._keep(self.client.get(self._of_filing("sections"), {"section": order}))

    def preview(self, number: int) -> Answer:
        """A cell saved, and the sections that now say something else."""
        self.save(number)
        answer = self._look()
        assert answer.json()["sections"]
        self._keep(answer)
        return answer

    def _look(self) -> Answer:
        return self.client.post(self._of_filing("changes"), {"seen": json.dumps(self.seen)})

    def _keep(self, answer: Answer) -> None:
        self.seen |= {each["anchor"]: each["fingerprint"] for each in answer.json()["sections"]}

    def _of_filing(self, part: str) -> str:
        return reverse(f"work:filing_preview_{part}", args=[self.workbook.filing.public_id])


def _measured(
    title: str, goal: float, ask: Callable[[int], Answer], runs: int, numbers: Iterator[int]
) -> PageSpeed:
    assert ask(next(numbers)).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        ask(next(numbers))
    asked = len(queries)  # counted here: the next request empties the log
    times = []
    for number, _ in zip(numbers, range(runs), strict=False):
        begun = time.process_time()
        ask(number)
        times.append(time.process_time() - begun)
    return PageSpeed(title, statistics.median(times), max(times) - min(times), asked, goal)


def measure_grid(
    staff: StaffMember, workbook: Workbook, name: str, runs: int = RUNS
) -> list[PageSpeed]:
    """Open a sheet of the whole book, hold edited cells against it, save one."""
    desk, numbers = Desk.of(staff, workbook), count(1000)
    things = (
        ("打开一张表", OPEN_WITHIN, desk.open),
        ("改一格后校验", ANSWER_WITHIN, desk.check),
        ("在新科目填第一格后校验", ANSWER_WITHIN, desk.check_new),
        ("保存一格", ANSWER_WITHIN, desk.save),
        ("保存一格并重画预览中变了的各节", PREVIEW_WITHIN, desk.preview),
    )
    desk.see_all()
    return [_measured(f"{name}：{title}", goal, ask, runs, numbers) for title, goal, ask in things]


def grid_speeds(package: FilingPackage) -> list[PageSpeed]:
    """The sample's book, then the same with many items, on a database of their own."""
    with new_database():
        gc.freeze()  # as deploy/gunicorn.conf.py does
        staff, workbook = file_sample(package)
        small = measure_grid(staff, workbook, "示例工作簿")
        enlarge(staff, workbook)
        return small + measure_grid(staff, workbook, f"另加 {ITEMS} 个项级科目")


def grid_section(speeds: list[PageSpeed]) -> list[str]:
    """Lines of docs/benchmarks.md."""
    lines = [
        "",
        "## 填报表格",
        "",
        f"用测试客户端请求网页，每项热身后运行 {RUNS} 次。"
        "目标：整本工作簿一秒内打开，改动的一格 200 毫秒内带着校验结果回来，预览一秒内跟上。",
        "",
        "| 项目 | CPU 秒（中位数） | 最大与最小之差 | 查询次数 | 目标（秒） | |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    return lines + [
        f"| {s.title} | {s.seconds:.4f} | {s.spread:.4f} | {s.queries} | {s.goal:.1f} "
        f"| {'达到' if s.seconds <= s.goal else '未达到'} |"
        for s in speeds
    ]
