"""Two years: what was approved in one is the start of the next."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from budgets.carrying import carried_edits, carry_forward
from budgets.entry import CellEdit
from budgets.models import Cell, CellChange, Project, ProjectYear, Workbook
from budgets.services import save_cells
from budgets.snapshots import books_of
from budgets.workbook import Provenance, WorkbookSnapshot
from departments.models import FiscalYear, StaffMember
from departments.services import merge_units
from disclosures.evaluate import findings_of, total_book
from disclosures.snapshots import build_package
from disclosures.submissions import last_year_of
from filings.models import Event, Filing
from filings.services import FilingLocked
from filings.states import State
from reviews.services import begin_filing
from rulebook.addresses import CellRef
from rulebook.layouts import load_layout
from tests import factories
from tests.conftest import SignIn
from tests.reviews.conftest import package_of

NEXT = 2024
OPENING = CellRef("revenue_expenditure_summary", "opening_carryover", "actual")
PRIOR = CellRef("comparatives", "closing_carryover", "prior_year")
SHILI = "shili_review_2023"


def open_next(filing: Filing, lin: StaffMember) -> Filing:
    FiscalYear.objects.get_or_create(year=NEXT)
    return begin_filing(staff=lin, department=filing.department, fiscal_year=NEXT, kind=filing.kind)


def cells_of(filing: Filing) -> dict[CellRef, Cell]:
    found = Cell.objects.filter(workbook__filing=filing, value__isnull=False)
    return {CellRef(c.sheet, c.row, c.column): c for c in found}


def year_on_year(filing: Filing) -> list[str]:
    found = findings_of(build_package(filing))
    return [f.check_id for f in found if f.check_id.startswith("YY")]


def closing_of(book: WorkbookSnapshot) -> Decimal:
    value = book.by_ref()[CellRef(OPENING.sheet, "closing_carryover", "actual")].value
    assert value is not None
    return value


def test_closing_balances_become_openings_and_last_years_figures_comparatives(
    approved: Filing, lin: StaffMember
) -> None:
    opened = open_next(approved, lin)
    cells = cells_of(opened)
    closing = closing_of(package_of(SHILI).books[0])
    assert (cells[OPENING].value, cells[PRIOR].value) == (closing, closing)
    assert {c.provenance for c in cells.values()} == {Provenance.CARRIED_FORWARD.value}
    assert cells[CellRef("comparatives", "expenditure_total", "prior_year")].value
    assert "YY-301" not in year_on_year(opened)
    assert Event.objects.filter(filing=opened, action="carry_forward").count() == 1


def test_the_rows_of_last_year_are_suggested_and_no_part_of_what_is_filed(
    approved: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    opened = open_next(approved, lin)
    (book,) = books_of(opened)
    assert not [cell for cell in book.cells if cell.sheet == "expenditure_sheet"]
    rows = {c.row for c in package_of(SHILI).books[0].cells if c.sheet == "expenditure_sheet"}
    row = min(code for code in rows if len(code) == 7)
    address = reverse("work:filing_sheet", args=[opened.public_id, book.book, "expenditure_sheet"])
    page = sign_in(lin).get(address).content.decode()
    assert f'name="c:{row}:basic" value=""' in page


def test_continuing_projects_go_on_without_figures_and_ended_ones_do_not(
    approved: Filing, lin: StaffMember
) -> None:
    codes = {project.code for project in package_of(SHILI).projects}
    ended = min(codes)
    Project.objects.filter(code=ended).update(last_fiscal_year=2023)
    opened = open_next(approved, lin)
    found = ProjectYear.objects.filter(filing=opened)
    assert {year.project.code for year in found} == codes - {ended}
    assert {year.actual for year in found} <= {None}


def test_only_what_was_approved_is_carried(submitted: Filing, lin: StaffMember) -> None:
    opened = open_next(submitted, lin)
    assert last_year_of(opened) is None
    assert cells_of(opened) == {}


def test_the_button_carries_once_keeps_what_people_entered_and_says_so(
    submitted: Filing, lin: StaffMember, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    opened = open_next(submitted, lin)
    overview = reverse("work:filing_overview", args=[opened.public_id])
    client = sign_in(lin)
    assert "从上年带入" not in client.get(overview).content.decode()
    request.getfixturevalue("approved")
    assert "从上年带入" in client.get(overview).content.decode()
    book = Workbook.objects.get(filing=opened)
    save_cells(workbook=book, staff=lin, edits=[CellEdit(OPENING, Decimal("1.00"))])
    carry = reverse("work:filing_carry", args=[opened.public_id])
    said = client.post(carry, follow=True).content.decode()
    assert "1 格已有您填报的不同数据" in said
    assert cells_of(opened)[OPENING].value == Decimal("1.00")
    assert "YY-301" in year_on_year(opened)
    changes = CellChange.objects.count()
    assert "已经带入过" in client.post(carry, follow=True).content.decode()
    assert CellChange.objects.count() == changes
    assert Event.objects.filter(filing=opened, action="carry_forward").count() == 1


def test_an_adjustment_with_its_reason_closes_the_gap(approved: Filing, lin: StaffMember) -> None:
    opened = open_next(approved, lin)
    value = cells_of(opened)[OPENING].value
    assert value is not None
    adjusted = [
        CellEdit(OPENING, value + 100),
        CellEdit(PRIOR._replace(column="adjustment"), Decimal("100.00")),
    ]
    book = Workbook.objects.get(filing=opened)
    save_cells(workbook=book, staff=lin, edits=adjusted[:1])
    assert "YY-301" in year_on_year(opened)
    save_cells(workbook=book, staff=lin, edits=adjusted[1:])
    assert year_on_year(opened) == ["YY-302"]


def test_a_corrected_last_year_is_carried_again_where_nobody_changed_it(
    approved: Filing, lin: StaffMember
) -> None:
    opened = open_next(approved, lin)
    book = package_of(SHILI).books[0]
    place = CellRef(OPENING.sheet, "closing_carryover", "actual")
    corrected = book.with_cells([replace(book.by_ref()[place], value=Decimal("7.00"))])
    carry_forward(filing=opened, staff=lin, books=[corrected], projects=[])
    assert cells_of(opened)[OPENING].value == Decimal("7.00")


def test_last_years_figures_of_merged_units_add_up(
    approved: Filing, lin: StaffMember, wang: StaffMember
) -> None:
    department = approved.department
    into = department.units.get()
    other = factories.make_unit(department, "示例并入站", "900997")
    new = factories.make_unit(department, "示例新设站", "900998")
    merge_units(units=[other], into=into, staff=wang, fiscal_year=NEXT)
    opened = open_next(approved, lin)
    book = package_of(SHILI).books[0]
    twice = [book, replace(book, book=other.code)]
    carry_forward(filing=opened, staff=lin, books=twice, projects=[])
    assert cells_of(opened)[OPENING].value == 2 * closing_of(book)
    assert cells_of(opened)[PRIOR].value == 2 * closing_of(book)
    assert not Cell.objects.filter(workbook__unit=new).exists()
    assert year_on_year(opened) == []
    assert total_book(build_package(opened)).by_ref()[PRIOR].value == 2 * closing_of(book)


def test_a_unit_without_a_last_year_has_nothing_to_compare(
    approved: Filing, lin: StaffMember
) -> None:
    opened = open_next(approved, lin)
    new = factories.make_unit(approved.department, "示例新设站", "900998")
    book = factories.make_workbook(opened, new, {tuple(OPENING): "0.00"})
    assert book.unit.sources_in(NEXT) == [new.code]
    new.first_fiscal_year = NEXT
    new.save()
    assert new.sources_in(NEXT) == []
    assert year_on_year(opened) == []


def test_what_the_new_layout_does_not_have_is_not_carried() -> None:
    book = package_of(SHILI).books[0]
    layout = load_layout(book.layout)
    edits = carried_edits([book], layout, ())
    assert all(layout.has_cell(edit.ref) for edit in edits)
    assert {edit.ref.sheet for edit in edits} == {
        "comparatives", "revenue_expenditure_summary", "appropriation_summary"
    }  # fmt: skip


def test_others_and_closed_filings_are_refused(
    approved: Filing, lin: StaffMember, wai: StaffMember, internal_reviewer: StaffMember,
    sign_in: SignIn,
) -> None:  # fmt: skip
    opened = open_next(approved, lin)
    carry = reverse("work:filing_carry", args=[opened.public_id])
    assert sign_in(wai).post(carry).status_code == 404
    assert sign_in(internal_reviewer).post(carry).status_code == 403
    assert sign_in(lin).get(carry).status_code == 405
    Filing.objects.filter(pk=opened.pk).update(state=State.SUBMITTED.value)
    with pytest.raises(FilingLocked):
        carry_forward(filing=opened, staff=lin, books=[], projects=[])
