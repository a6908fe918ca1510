"""The Jianghan budget with its declarations as the sample which `make run` shows.

python -m tests.disclosures.jianghan_sample    # writes disclosures/samples/jianghan_2023.json
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from budgets.workbook import ProcurementRow, ProjectBudget, PurchasedServiceRow
from disclosures.filing_package import FilingPackage
from disclosures.package import document, dump
from performance.evaluation import DEPARTMENT, UNIT_PREFIX
from tests.budgets import jianghan
from tests.disclosures.published_forms import jianghan_package

SAMPLE = Path(__file__).parents[2] / "disclosures" / "samples" / "jianghan_2023.json"
SAMPLE_CODE = "999004"
Row = TypeVar("Row", ProjectBudget, ProcurementRow, PurchasedServiceRow)


def reserved_unit(unit: str) -> str:
    return unit.replace(jianghan.DEPARTMENT, SAMPLE_CODE, 1)


def reserved_project(code: str) -> str:
    """The code of a project in the department number kept for samples."""
    return code.replace(f"{jianghan.DEPARTMENT}T", "999T", 1)


def reserved(row: Row) -> Row:
    if isinstance(row, ProjectBudget):
        return replace(row, book=reserved_unit(row.book), code=reserved_project(row.code))
    project = reserved_project(row.project_code)
    return replace(row, book=reserved_unit(row.book), project_code=project)


def reserved_subject(subject: str) -> str:
    """Of a declaration: the department, one of its units, or a project."""
    is_project = subject != DEPARTMENT and not subject.startswith(UNIT_PREFIX)
    return reserved_project(subject) if is_project else reserved_unit(subject)


def jianghan_sample() -> FilingPackage:
    """The published budget under the codes kept for samples, marked as one."""
    filed = jianghan_package()
    return replace(
        filed,
        head=replace(filed.head, department_code=SAMPLE_CODE, sample=True),
        books=tuple(replace(book, book=reserved_unit(book.book)) for book in filed.books),
        declarations=tuple(
            replace(each, subject=reserved_subject(each.subject)) for each in filed.declarations
        ),
        project_budgets=tuple(map(reserved, filed.project_budgets)),
        procurement=tuple(map(reserved, filed.procurement)),
        purchased_services=tuple(map(reserved, filed.purchased_services)),
    )


def sample_bytes() -> bytes:
    return dump(document(jianghan_sample()))


if __name__ == "__main__":
    SAMPLE.write_bytes(sample_bytes())
