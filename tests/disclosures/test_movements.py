"""What a change is made of: movements by code, item and unit, from cells that are known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from budgets.workbook import CellSnapshot
from disclosures.filing_package import FilingPackage
from disclosures.movements import LARGEST, MovementFinder, Movements
from disclosures.reasons import compared
from rulebook.addresses import cell_of
from tests.disclosures.values import facts, package


def movements(subject: str, filed: FilingPackage | None = None) -> Movements:
    known = facts(filed)
    return MovementFinder(known).of(compared(known)[subject])


def test_a_total_is_split_down_to_the_codes_it_is_declared_a_sum_of() -> None:
    found = movements("general_public_expenditure.original_budget").items
    assert [(each.label, each.amount) for each in found[:2]] == [
        ("行政运行（2040201）", Decimal("28603100.00")),
        ("机关事业单位基本养老保险缴费支出（2080505）", Decimal("12585200.00")),
    ]
    assert len(found) == LARGEST
    sizes = [abs(each.amount) for each in found]
    assert sizes == sorted(sizes, reverse=True)


def test_a_movement_names_the_cells_on_both_sides() -> None:
    first = movements("general_public_expenditure.original_budget").items[0]
    assert first.addresses == (
        "cell/999001/general_public_expenditure/2040201/total",
        "cell/999001/budget_comparison/2040201/original_budget",
    )


@pytest.mark.parametrize("subject", ["three_public_total.revised_budget"])
def test_movements_of_a_declared_sum_make_up_the_change(subject: str) -> None:
    known = facts()
    found = movements(subject).items
    assert sum(each.amount for each in found) == compared(known)[subject].change.value
    assert [each.label for each in found] == ["公务用车运行维护费", "公务用车购置费"]


def test_against_last_year_only_what_the_report_compares_is_known() -> None:
    labels = [each.label for each in movements("appropriation_grand_total.prior_year").items]
    assert labels == ["一般公共预算财政拨款收入"]
    assert movements("general_public_expenditure.prior_year").items == ()


def test_a_budget_is_split_into_the_classes_it_gives_last_years_figures_of() -> None:
    found = movements("general_public_expenditure.prior_year", package("jianghan_2023")).items
    assert [(each.label, each.amount) for each in found] == [
        ("公共安全支出（204）", Decimal("-131192500.00")),
        ("住房保障支出（221）", Decimal("-6662400.00")),
        ("卫生健康支出（210）", Decimal("-5552000.00")),
        ("社会保障和就业支出（208）", Decimal("459500.00")),
    ]


def test_a_code_with_a_budget_alone_moved_down_by_all_of_it() -> None:
    filed = package()
    (book,) = filed.books
    budgeted = CellSnapshot("budget_comparison", "2040299", "original_budget", Decimal("5000000"))
    kept = tuple(
        cell
        for cell in book.cells
        if (cell.sheet, cell.row) != ("general_public_expenditure", "2040299")
        and cell.ref != budgeted.ref
    )
    changed = replace(filed, books=(replace(book, cells=(*kept, budgeted)),))
    found = movements("general_public_expenditure.original_budget", changed).items
    assert ("其他公安支出（2040299）", Decimal("-5000000.00")) in [
        (each.label, each.amount) for each in found
    ]


def test_several_units_each_have_their_movement() -> None:
    filed = package()
    (book,) = filed.books
    second = replace(book, book="999001002", name="示例二所")
    found = movements("three_public_total.revised_budget", replace(filed, books=(book, second)))
    assert [(each.label, each.amount) for each in found.units] == [
        (book.name, Decimal("-1328900.00")),
        ("示例二所", Decimal("-1328900.00")),
    ]
    places = [cell_of(address) for address in found.units[1].addresses]
    assert {place[0] for place in places if place} == {"999001002"}
