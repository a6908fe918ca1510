"""A department's book: the sum of its units' without what they pay each other."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from budgets.aggregate import department_book, outward_book
from budgets.checks import check_book, check_units_of, resolve
from budgets.workbook import CellSnapshot, UnitKind, WorkbookSnapshot
from rulebook.addresses import CellRef
from rulebook.findings import Severity
from tests.budgets.departments import department_books
from tests.budgets.values import catalogue_names

SUMMARY, REVENUE, EXPENDITURE = (
    "revenue_expenditure_summary",
    "revenue_sheet",
    "expenditure_sheet",
)


def whole(books: list[WorkbookSnapshot]) -> dict[CellRef, Decimal]:
    found = resolve(department_book(books, "900008", "示例局"))
    return {ref: figure.value for ref, figure in found.items()}


def with_cell(book: WorkbookSnapshot, *place: str, value: str) -> WorkbookSnapshot:
    return book.with_cells([CellSnapshot(*place, Decimal(value))])


def test_internal_transfers_are_in_no_total_and_both_sides_still_balance() -> None:
    figures = whole(department_books())
    assert figures[CellRef(REVENUE, "total", "total")] == Decimal("622000.00")
    assert figures[CellRef(EXPENDITURE, "total", "total")] == Decimal("610000.00")
    assert figures[CellRef(SUMMARY, "remittance_from_affiliates", "actual")] == Decimal("2000.00")
    assert CellRef(EXPENDITURE, "2040202", "subsidy_to_affiliates") not in figures
    assert CellRef(REVENUE, "2040202", "subsidy_from_superior") not in figures
    sides = [
        figures[CellRef(SUMMARY, f"{side}_grand_total", "actual")]
        for side in ("revenue", "expenditure")
    ]
    assert sides == [Decimal("622000.00"), Decimal("622000.00")]


def test_the_sample_department_is_without_a_finding() -> None:
    books = department_books()
    assert check_units_of(books) == []
    for book in (*books, department_book(books, "900008", "示例局")):
        assert check_book(book, (), catalogue_names(), fiscal_year=2023) == []


def test_the_sheet_of_transfers_is_no_part_of_the_departments_book() -> None:
    sheets = {cell.sheet for cell in department_book(department_books(), "", "").cells}
    assert "internal_transfers" not in sheets


def test_a_department_with_an_institution_counts_as_one_with_an_institution() -> None:
    assert department_book(department_books(), "", "").unit_kind is UnitKind.PUBLIC_INSTITUTION


def test_transfers_that_differ_are_named_with_both_sums_and_their_cells() -> None:
    bureau, *others = department_books()
    less = with_cell(
        bureau, "internal_transfers", "2040202", "subsidy_to_affiliates", value="59000.00"
    )
    (finding,) = check_units_of([less, *others])
    assert (finding.check_id, finding.severity) == ("BK-102", Severity.ERROR)
    assert (finding.left, finding.right) == (Decimal("60000.00"), Decimal("59000.00"))
    assert finding.places == (
        "cell/900008003/internal_transfers/total/subsidy_from_superior",
        "cell/900008001/internal_transfers/total/subsidy_to_affiliates",
    )
    assert "上级补助收入合计 6.00 万元" in finding.message


def test_a_unit_that_filed_nothing_is_named() -> None:
    bureau, station, institution = department_books()
    found = check_units_of([bureau, replace(station, cells=()), institution])
    assert [f.check_id for f in found] == ["BK-101"]
    assert "示例管理站（900008002）" in found[0].message
    assert found[0].places == ("unit/900008002",)


def test_a_unit_larger_than_its_department_is_named() -> None:
    bureau, station, institution = department_books()
    less = with_cell(station, REVENUE, "2040201", "appropriation", value="-1.00")
    found = [f for f in check_units_of([bureau, less, institution]) if f.check_id == "BK-103"]
    assert found
    assert {f.places[0].split("/")[1] for f in found} == {"900008001"}
    assert found[0].severity is Severity.WARNING
    assert "大于部门的" in found[0].message


def test_what_stays_inside_makes_no_unit_larger_than_its_department() -> None:
    """Money that goes round inside is more than the department has; no unit is too large."""
    bureau, station, institution = department_books()
    place = ("2040202", "subsidy_to_affiliates")
    round_trip = with_cell(bureau, EXPENDITURE, *place, value="960000.00")
    round_trip = with_cell(round_trip, "internal_transfers", *place, value="960000.00")
    place = ("2040202", "subsidy_from_superior")
    back = with_cell(institution, REVENUE, *place, value="960000.00")
    back = with_cell(back, "internal_transfers", *place, value="960000.00")
    found = {f.check_id for f in check_units_of([round_trip, station, back])}
    assert found == set()


def test_an_imported_total_of_one_unit_is_not_held_against_the_sum() -> None:
    bureau, *others = department_books()
    kept = CellSnapshot(SUMMARY, "revenue_total", "actual", None, evidence=Decimal("507000.00"))
    assert department_book([bureau.with_cells([kept])], "", "").by_ref()[kept.ref].evidence
    added = department_book([bureau.with_cells([kept]), *others], "", "")
    assert added.by_ref()[kept.ref].evidence is None


def test_one_unit_without_its_inside_is_what_it_adds_to_the_department() -> None:
    books = department_books()
    parts = [resolve(outward_book(book)) for book in books]
    for ref, value in whole(books).items():
        assert sum(part[ref].value for part in parts if ref in part) == value, ref
