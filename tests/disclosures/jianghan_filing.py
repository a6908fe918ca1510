"""The Jianghan budget as a filing of department 118, without the declarations of targets."""

from __future__ import annotations

from functools import cache

from disclosures.filing_package import CodeLabel, Editions, FilingHead, FilingPackage, Reason, Text
from tests.budgets import jianghan
from tests.budgets.jianghan import filled
from tests.budgets.jianghan_books import LAYOUT, books, labels, lists, yuan

NAME = "武汉市公安局江汉区分局"


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
