"""Two budgets: what was approved in one year is the start of the next, lists too."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from budgets.carrying import carried_edits
from budgets.entry import CellEdit
from budgets.lists import lists_of
from budgets.models import Cell, CellChange, Project, ProjectBudgetLine, Workbook
from budgets.services import save_cells
from budgets.workbook import FUND_AMOUNTS, ProjectFrequency, Provenance
from departments.models import FiscalYear, StaffMember
from disclosures.evaluate import facts_of, findings_of
from disclosures.filing import file_package
from disclosures.movements import MovementFinder
from disclosures.reasons import compared
from disclosures.snapshots import build_package
from disclosures.submissions import last_years_package
from filings.models import Filing
from reviews import services
from rulebook.addresses import CellRef
from rulebook.layouts import load_layout
from tests import factories
from tests.budgets.checks.budget_books import UNIT, budget_package, clean_lists
from tests.budgets.jianghan_books import LAYOUT, books, code_names
from tests.conftest import SignIn
from tests.reviews.conftest import department_of

NEXT = 2024
OPENING = CellRef("revenue_sheet", "total", "opening_general_public")
CLOSING = CellRef("comparatives", "closing_general_public", "prior_year")
ITEM = CellRef("general_public_expenditure", "2040201", "personnel")
CHANGE = "general_public_expenditure.prior_year"


@pytest.fixture
def last_year(db: None) -> Filing:
    """An approved budget of 2023."""
    package = budget_package()
    department = department_of(package)
    lin = factories.make_staff("lin118", department=department)
    filing = factories.make_filing(
        department,
        lin,
        kind=package.head.kind,
        layout_edition=LAYOUT,
        outline_edition=package.head.editions.outline,
        state="draft",
    )
    refused = file_package(filing=filing, staff=lin, package=package)
    assert not refused, refused
    return filing


@pytest.fixture
def preparer(last_year: Filing) -> StaffMember:
    return StaffMember.objects.get(username="lin118")


def approve(filing: Filing, preparer: StaffMember) -> None:
    checker = factories.make_staff("shen118", "internal_reviewer", department=filing.department)
    wang = factories.make_staff("wang118", "bureau_reviewer", region=filing.department.region)
    services.hand_over(filing=filing, staff=preparer)
    services.submit(filing=filing, staff=checker)
    services.open_review(filing=filing, staff=wang)
    services.approve(
        filing=filing, staff=wang, document_no="示例〔2023〕8号", issued_on=date(2023, 2, 1)
    )


@pytest.fixture
def this_year(last_year: Filing, preparer: StaffMember) -> Filing:
    approve(last_year, preparer)
    return open_next(last_year, preparer)


def open_next(filing: Filing, preparer: StaffMember) -> Filing:
    FiscalYear.objects.get_or_create(year=NEXT)
    return services.begin_filing(
        staff=preparer, department=filing.department, fiscal_year=NEXT, kind=filing.kind
    )


def cells_of(filing: Filing) -> dict[CellRef, Cell]:
    found = Cell.objects.filter(workbook__filing=filing, value__isnull=False)
    return {CellRef(c.sheet, c.row, c.column): c for c in found}


def year_on_year(filing: Filing) -> list[str]:
    found = findings_of(build_package(filing))
    return [f.check_id for f in found if f.check_id.startswith("BG-4")]


def test_last_years_budget_is_compared_and_its_closing_is_the_opening(this_year: Filing) -> None:
    values = {ref: cell.value for ref, cell in cells_of(this_year).items()}
    assert values[OPENING] == values[CLOSING] == Decimal("20.00")
    assert values[OPENING._replace(column="opening_government_fund")] == Decimal("10.00")
    assert values[CLOSING._replace(row="closing_carryover")] == Decimal("37.00")
    assert values[CellRef("comparatives", "grand_total", "prior_year")] == Decimal("1813.00")
    assert values[CellRef("comparatives", "204", "prior_year")] == Decimal("1450.00")
    assert values[CellRef("comparatives", "vehicle_operation", "prior_year")] == Decimal("60.00")
    assert {c.provenance for c in cells_of(this_year).values()} == {
        Provenance.CARRIED_FORWARD.value
    }
    reasons = set(CellChange.objects.filter(workbook__filing=this_year).values_list("reason"))
    assert reasons == {("从上年已通过的预算带入",)}


def test_the_overall_declaration_moves_on_by_a_year(this_year: Filing) -> None:
    values = {ref: cell.value for ref, cell in cells_of(this_year).items()}
    funds = {ref: value for ref, value in values.items() if ref.sheet.startswith("overall")}
    row = CellRef("overall_performance_funds", "personnel", "prior_year")
    assert (funds[row], funds[row._replace(column="second_prior_year")]) == (900, 4)
    assert not [ref for ref in funds if ref.column == "original_budget"]
    assert not [ref for ref in funds if ref.row.endswith("total")]


def test_projects_that_go_on_are_rows_without_amounts_and_purchases_are_not_carried(
    this_year: Filing,
) -> None:
    before = {row.code: row for row in clean_lists().project_budgets}
    carried = lists_of(this_year)
    going_on = {c for c, row in before.items() if row.frequency is not ProjectFrequency.ONE_OFF}
    assert {row.code for row in carried.project_budgets} == going_on
    assert going_on
    for row in carried.project_budgets:
        assert row.sum_of() is None
        assert (row.functional_code, row.kind, row.frequency) == (
            before[row.code].functional_code, before[row.code].kind, before[row.code].frequency,
        )  # fmt: skip
    assert carried.purchases == ()


@pytest.mark.parametrize(
    ("frequency", "last", "goes_on"),
    [("recurrent", None, True), ("multi_year", 2024, True), ("multi_year", 2023, False),
     ("recurrent", 2023, False), ("one_off", None, False)],
)  # fmt: skip
def test_a_project_goes_on_unless_it_is_one_off_or_ended(
    last_year: Filing, preparer: StaffMember, frequency: str, last: int | None, goes_on: bool
) -> None:
    code = clean_lists().project_budgets[0].code
    ProjectBudgetLine.objects.filter(project__code=code).update(frequency=frequency)
    Project.objects.filter(code=code).update(last_fiscal_year=last)
    approve(last_year, preparer)
    opened = open_next(last_year, preparer)
    assert ProjectBudgetLine.objects.filter(filing=opened, project__code=code).exists() is goes_on


@pytest.mark.parametrize(
    ("frequency", "total"), [("recurrent", None), ("multi_year", Decimal("300.00"))]
)
def test_a_use_is_carried_and_the_total_only_of_several_years(
    last_year: Filing, preparer: StaffMember, frequency: str, total: Decimal | None
) -> None:
    code = clean_lists().project_budgets[0].code
    ProjectBudgetLine.objects.filter(project__code=code).update(
        frequency=frequency, total_budget="300.00", main_use="设备维护"
    )
    approve(last_year, preparer)
    opened = open_next(last_year, preparer)
    carried = ProjectBudgetLine.objects.get(filing=opened, project__code=code)
    assert (carried.main_use, carried.total_budget) == ("设备维护", total)


def test_the_button_keeps_what_people_entered_and_changes_nothing_twice(
    last_year: Filing, preparer: StaffMember, sign_in: SignIn
) -> None:
    opened = open_next(last_year, preparer)
    approve(last_year, preparer)
    client = sign_in(preparer)
    overview = reverse("work:filing_overview", args=[opened.public_id])
    assert "从上年带入" in client.get(overview).content.decode()
    book = Workbook.objects.get(filing=opened)
    save_cells(workbook=book, staff=preparer, edits=[CellEdit(OPENING, Decimal("21.00"))])
    carry = reverse("work:filing_carry", args=[opened.public_id])
    said = client.post(carry, follow=True).content.decode()
    assert "个延续项目" in said
    assert "1 格已有您填报的不同数据" in said
    line = ProjectBudgetLine.objects.filter(filing=opened).first()
    assert line is not None
    ProjectBudgetLine.objects.filter(pk=line.pk).update(**{FUND_AMOUNTS[0]: "5.00"})
    counts = CellChange.objects.count(), ProjectBudgetLine.objects.count()
    assert "已经带入过" in client.post(carry, follow=True).content.decode()
    assert (CellChange.objects.count(), ProjectBudgetLine.objects.count()) == counts
    line.refresh_from_db()
    assert line.general_public == Decimal("5.00")


def test_an_opening_that_differs_needs_an_adjustment_and_the_adjustment_a_reason(
    this_year: Filing, preparer: StaffMember
) -> None:
    assert "BG-402" not in year_on_year(this_year)
    book = Workbook.objects.get(filing=this_year)
    rest = OPENING._replace(column="opening_own_source_funds")
    save_cells(workbook=book, staff=preparer, edits=[CellEdit(rest, Decimal("7.00"))])
    assert year_on_year(this_year) == []
    save_cells(workbook=book, staff=preparer, edits=[CellEdit(OPENING, Decimal("25.00"))])
    assert set(year_on_year(this_year)) == {"BG-401"}
    adjusted = [
        CellEdit(CLOSING._replace(row=row, column="adjustment"), Decimal("5.00"))
        for row in ("closing_general_public", "closing_carryover")
    ]
    save_cells(workbook=book, staff=preparer, edits=adjusted)
    assert set(year_on_year(this_year)) == {"BG-402"}


def test_the_rows_of_last_year_are_there_and_no_part_of_what_is_filed(
    this_year: Filing, preparer: StaffMember, sign_in: SignIn
) -> None:
    address = reverse("work:filing_sheet", args=[this_year.public_id, UNIT, "expenditure_sheet"])
    page = sign_in(preparer).get(address).content.decode()
    assert 'name="c:2040201:basic" value=""' in page
    assert not [ref for ref in cells_of(this_year) if ref.sheet == "expenditure_sheet"]


def test_the_budget_of_jianghan_hands_on_89052_55() -> None:
    edits = carried_edits(books(), load_layout(LAYOUT), code_names())
    values = {edit.ref: edit.value for edit in edits}
    compared = {ref.row: value for ref, value in values.items() if ref.sheet == "comparatives"}
    assert compared["grand_total"] == compared["general_public_expenditure"] == 890525500
    assert compared["204"] == 726430000
    assert sum(compared[code] or 0 for code in ("204", "208", "210", "221")) == 890525500


def test_the_ledger_proposes_by_item_what_moved_since_the_approved_budget(
    this_year: Filing, preparer: StaffMember, sign_in: SignIn
) -> None:
    book = Workbook.objects.get(filing=this_year, unit__code=UNIT)
    save_cells(workbook=book, staff=preparer, edits=[CellEdit(ITEM, Decimal("5000.00"))])
    page = reverse("work:filing_texts", args=[this_year.public_id])
    text = sign_in(preparer).get(page).content.decode()
    assert f'value="{CHANGE}|0"' in text
    assert "（2040201）" in text


def test_a_proposal_since_the_approved_budget_becomes_a_reason_with_its_amount(
    this_year: Filing, preparer: StaffMember, sign_in: SignIn
) -> None:
    known = facts_of(build_package(this_year), ())
    finder = MovementFinder(known, last_years_package(this_year))
    first = finder.of(compared(known)[CHANGE]).items[0]
    posted = {
        "add": f"{CHANGE}|0",
        "reason-TOTAL_FORMS": "0",
        "reason-INITIAL_FORMS": "0",
        "task-TOTAL_FORMS": "0",
        "task-INITIAL_FORMS": "0",
    }
    page = reverse("work:filing_texts", args=[this_year.public_id])
    text = sign_in(preparer).post(page, posted).content.decode()
    verb = "增加" if first.amount > 0 else "减少"
    assert f'value="{first.label}{verb}"' in text


def test_without_an_approved_budget_nothing_is_known_of_its_items(
    last_year: Filing, preparer: StaffMember
) -> None:
    opened = open_next(last_year, preparer)
    assert last_years_package(opened) is None
