"""What a change since last year is made of, where last year's approved filing is known.

Last year's filing is the sample itself; this year's is the sample with some cells changed, and
with last year's figures as its comparatives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from budgets.carrying import CARRIAGES
from budgets.checks import resolve
from budgets.checks.keys import APPROPRIATION, COMPARATIVES, EXPENDITURE, GENERAL_PUBLIC, REVENUE
from budgets.workbook import CellSnapshot, WorkbookSnapshot
from disclosures.evaluate import total_book
from disclosures.filing_package import FilingPackage
from disclosures.movements import MovementFinder
from disclosures.reasons import compared
from rulebook.addresses import CellRef
from rulebook.layouts import load_layout
from tests.disclosures.values import facts, package

ACCOUNTS, BUDGET = "hongshan_2023", "jianghan_2023"
Changes = Mapping[CellRef, int]
"""Cell → by how many yuan more than last year."""
RUNNING, ENDED = "2040201", "2040219"
RISEN: Mapping[str, Changes] = {
    ACCOUNTS: {
        CellRef(GENERAL_PUBLIC, RUNNING, "basic"): 1_000_000,
        CellRef(EXPENDITURE, RUNNING, "basic"): 1_000_000,
        CellRef(REVENUE, RUNNING, "appropriation"): 1_000_000,
        CellRef(APPROPRIATION, "appropriation_general_public", "actual"): 1_000_000,
    },
    BUDGET: {
        CellRef(GENERAL_PUBLIC, RUNNING, "personnel"): 1_000_000,
        CellRef(EXPENDITURE, RUNNING, "basic"): 1_000_000,
        CellRef(REVENUE, "total", "appropriation_general_public"): 1_000_000,
    },
}


def this_year(name: str, changes: Changes, restated: Decimal = Decimal(0)) -> FilingPackage:
    """The filing of the year after the sample; ``restated`` is added to last year's figures."""
    before = package(name)
    known = resolve(total_book(before))
    kind = load_layout(before.head.editions.layout).edition.kind
    first, *others = before.books
    stated = tuple(
        CellSnapshot(COMPARATIVES, row, "prior_year", known[source].value + restated)
        for row, source in CARRIAGES[kind].headlines.items()
        if source in known
    )
    cells = (*_without_comparatives(_changed(first, changes)), *stated)
    rest = (replace(book, cells=_without_comparatives(book)) for book in others)
    return replace(before, books=(replace(first, cells=cells), *rest))


def _changed(book: WorkbookSnapshot, changes: Changes) -> WorkbookSnapshot:
    cells = (
        replace(cell, value=(cell.value or Decimal(0)) + changes.get(cell.ref, 0), evidence=None)
        for cell in book.cells
    )
    return replace(book, cells=tuple(cells))


def _without_comparatives(book: WorkbookSnapshot) -> tuple[CellSnapshot, ...]:
    return tuple(cell for cell in book.cells if cell.sheet != COMPARATIVES)


def items(subject: str, filed: FilingPackage, before: FilingPackage) -> list[tuple[str, Decimal]]:
    known = facts(filed)
    found = MovementFinder(known, before).of(compared(known)[subject])
    return [(each.label, each.amount) for each in found.items]


@pytest.mark.parametrize("name", [ACCOUNTS, BUDGET])
def test_expenditure_moved_by_the_code_that_rose(name: str) -> None:
    filed = this_year(name, RISEN[name])
    assert items("general_public_expenditure.prior_year", filed, package(name)) == [
        ("行政运行（2040201）", Decimal(1_000_000)),
    ]


def test_a_total_of_which_one_source_moved_is_told_by_what_it_is_spent_on() -> None:
    filed = this_year(BUDGET, RISEN[BUDGET])
    found = items("grand_total.prior_year", filed, package(BUDGET))
    assert found == [("公共安全支出（204）", Decimal(1_000_000))]


def test_a_code_of_last_year_that_ended_is_named_and_moved_down_by_all_of_it() -> None:
    before = package(ACCOUNTS)
    filed = this_year(ACCOUNTS, {})
    (book,) = filed.books
    gone = resolve(total_book(before))[CellRef(GENERAL_PUBLIC, ENDED, "total")].value
    kept = tuple(cell for cell in book.cells if (cell.sheet, cell.row) != (GENERAL_PUBLIC, ENDED))
    filed = replace(
        filed,
        books=(replace(book, cells=kept),),
        codes=tuple(label for label in filed.codes if label.code != ENDED),
    )
    found = items("general_public_expenditure.prior_year", filed, before)
    assert found == [("信息化建设（2040219）", -gone)]


@pytest.mark.parametrize("name", [ACCOUNTS, BUDGET])
def test_a_base_restated_since_has_no_known_parts(name: str) -> None:
    filed = this_year(name, RISEN[name], restated=Decimal(500_000))
    found = items("general_public_expenditure.prior_year", filed, package(name))
    assert ("行政运行（2040201）", Decimal(1_000_000)) not in found


@pytest.mark.parametrize("name", [ACCOUNTS, BUDGET])
def test_the_parts_of_every_split_change_make_up_all_of_it(name: str) -> None:
    filed = this_year(name, RISEN[name])
    known = facts(filed)
    finder = MovementFinder(known, package(name))
    split = {
        subject: sum(each.amount for each in found)
        for subject, change in compared(known).items()
        if subject.endswith(".prior_year") and (found := finder.of(change).items)
    }
    assert split == {subject: Decimal(1_000_000) for subject in split}
    assert {"grand_total.prior_year", "general_public_expenditure.prior_year"} <= split.keys()
