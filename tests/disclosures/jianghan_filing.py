"""The Jianghan budget as a filing of department 118, and as the sample which `make run` shows.

python -m tests.disclosures.jianghan_filing    # writes disclosures/samples/jianghan_2023.json
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from budgets.workbook import ProcurementRow, ProjectBudget, PurchasedServiceRow
from disclosures.filing_package import CodeLabel, Editions, FilingHead, FilingPackage, Reason, Text
from disclosures.package import document, dump
from tests.budgets import jianghan
from tests.budgets.jianghan import filled
from tests.budgets.jianghan_books import LAYOUT, books, labels, lists, yuan

SAMPLE = Path(__file__).parents[2] / "disclosures" / "samples" / "jianghan_2023.json"
NAME = "武汉市公安局江汉区分局"
SAMPLE_CODE = "999004"
Row = TypeVar("Row", ProjectBudget, ProcurementRow, PurchasedServiceRow)


def head() -> FilingHead:
    return FilingHead(
        kind="departmental_budget",
        fiscal_year=2023,
        version=1,
        region_code="420103",
        region_name="武汉市江汉区",
        department_code=jianghan.DEPARTMENT,
        department_name=NAME,
        editions=Editions(
            LAYOUT, "self_evaluation/wuhan_2023", "departmental_budget/national_2023"
        ),
        approval=None,
        sample=False,
    )


def texts() -> tuple[Text, ...]:
    return tuple(Text(key, body) for key, body in jianghan.read("texts")["written"].items())


def reasons() -> tuple[Reason, ...]:
    """Why this year's budget differs from last year's, in yuan."""
    return tuple(
        Reason(subject, text, yuan(filled(amount)))
        for subject, text, amount in jianghan.read("reasons")["rows"]
    )


def codes() -> tuple[CodeLabel, ...]:
    """The codes of the books and lists, with those they belong to."""
    used = {cell.row for book in books() for cell in book.cells}
    used |= {project.functional_code for project in lists().project_budgets}
    for row in lists().purchases:
        used |= {row.functional_code, row.economic_code}
    return tuple(each for each in labels() if any(code.startswith(each.code) for code in used))


@cache
def jianghan_filing() -> FilingPackage:
    """The filing of 118, whose lists are as the document prints them."""
    found = lists()
    return FilingPackage(
        head=head(),
        books=books(),
        projects=(),
        declarations=(),
        evaluations=(),
        texts=texts(),
        reasons=reasons(),
        key_tasks=(),
        codes=codes(),
        explanations=(),
        project_budgets=tuple(found.project_budgets),
        procurement=tuple(found.procurement),
        purchased_services=tuple(found.purchased_services),
    )


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


def jianghan_sample() -> FilingPackage:
    """The same filing under the codes kept for samples, marked as one."""
    filed = jianghan_filing()
    return replace(
        filed,
        head=replace(filed.head, department_code=SAMPLE_CODE, sample=True),
        books=tuple(replace(book, book=reserved_unit(book.book)) for book in filed.books),
        project_budgets=tuple(map(reserved, filed.project_budgets)),
        procurement=tuple(map(reserved, filed.procurement)),
        purchased_services=tuple(map(reserved, filed.purchased_services)),
    )


def sample_bytes() -> bytes:
    return dump(document(jianghan_sample()))


if __name__ == "__main__":
    SAMPLE.write_bytes(sample_bytes())
