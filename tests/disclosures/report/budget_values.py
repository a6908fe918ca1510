"""Budgets larger and odder than the published one, as values and on paper.

To look at them on paper, `manage.py shell` and print_all(Path(folder)) writes each as PDF.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from budgets.workbook import ProcurementRow, ProjectBudget, PurchasedServiceRow
from disclosures.filing_package import FilingPackage
from disclosures.printing import print_report
from disclosures.report.compose import compose
from tests.disclosures.values import facts, package

SAMPLE = "jianghan_2023"
LONG_NAME = (
    "硚口区堃珺祎昇玥街道社会治安综合治理与公共视频监控一体化运行维护服务"
    "及业务技术大楼附属设施86.50㎡改造（二期）项目经费"
)
CODE = "42010323999T{:09}"


def budget() -> FilingPackage:
    return package(SAMPLE)


def with_projects(count: int, *, name: str = "", units: int = 2) -> FilingPackage:
    """The sample with so many projects, spread over its first units."""
    filed = budget()
    books = filed.books[:units]
    first = filed.project_budgets[0]
    rows = (
        replace(
            first,
            code=CODE.format(number),
            name=name or f"第{number}个项目",
            book=books[number % len(books)].book,
            general_public=Decimal(number) * 10000,
        )
        for number in range(1, count + 1)
    )
    kept = {book.book for book in books}
    return replace(
        filed,
        books=books,
        project_budgets=tuple(rows),
        procurement=tuple(row for row in filed.procurement if row.book in kept),
        purchased_services=tuple(row for row in filed.purchased_services if row.book in kept),
    )


def with_purchases(count: int, *, name: str = "") -> FilingPackage:
    """The sample with so many rows of procurement and of services, all of one unit."""
    filed = budget()
    bought, served = filed.procurement[0], filed.purchased_services[0]
    numbers = range(1, count + 1)
    goods: tuple[ProcurementRow, ...] = tuple(
        replace(bought, number=n, item_name=name or bought.item_name) for n in numbers
    )
    services: tuple[PurchasedServiceRow, ...] = tuple(
        replace(served, number=n, content=name or served.content) for n in numbers
    )
    return replace(filed, procurement=goods, purchased_services=services)


def of_one_unit() -> FilingPackage:
    """A department without units below it: its only book is its own."""
    return with_projects(1, units=1)


def every_source() -> FilingPackage:
    """Projects paid from every source, with the largest amounts a district has."""
    filed = budget()
    most = Decimal("1234567890.12")
    sources = (
        "general_public", "government_fund", "state_capital", "carryover_general_public",
        "carryover_government_fund", "carryover_state_capital", "special_account_funds",
        "own_source_funds",
    )  # fmt: skip
    rows: tuple[ProjectBudget, ...] = tuple(
        replace(row, **dict.fromkeys(sources, most)) for row in filed.project_budgets
    )
    return replace(filed, project_budgets=rows)


CASES: Mapping[str, Callable[[], FilingPackage]] = {
    "projects300": lambda: with_projects(300),
    "projects1": of_one_unit,
    "projects120long": lambda: with_projects(120, name=LONG_NAME),
    "purchases300": lambda: with_purchases(300),
    "purchases40long": lambda: with_purchases(40, name=LONG_NAME),
    "every_source": every_source,
}


def print_all(folder: Path) -> None:
    for name, made in CASES.items():
        printed = print_report(compose(facts(made())), identifier="ab" * 32, dated=date(2023, 2, 1))
        (folder / f"{name}.pdf").write_bytes(printed.content)
