"""A clean book with every sheet filled: the published sample declared exactly in yuan, plus the
funds it does not have."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from budgets.checks import check_book
from budgets.workbook import CellSnapshot, ProjectSnapshot, WorkbookSnapshot
from disclosures.filing_package import FilingPackage
from disclosures.package import code_names, read
from rulebook.addresses import CellRef
from rulebook.findings import Finding

SAMPLES = Path(__file__).parents[3] / "disclosures" / "samples"
ADDED = {
    # a government fund with a balance, a state capital item, and every other source and use
    ("government_fund_sheet", "2120803", "opening"): "100000",
    ("government_fund_sheet", "2120803", "revenue"): "1000000",
    ("government_fund_sheet", "2120803", "basic"): "100000",
    ("government_fund_sheet", "2120803", "project"): "800000",
    ("government_fund_sheet", "2120803", "closing"): "200000",
    ("state_capital_expenditure", "2230105", "basic"): "50000",
    ("state_capital_expenditure", "2230105", "project"): "450000",
    ("revenue_sheet", "2120803", "appropriation"): "1000000",
    ("revenue_sheet", "2230105", "appropriation"): "500000",
    ("revenue_sheet", "2040202", "subsidy_from_superior"): "10000",
    ("revenue_sheet", "2040202", "institutional_revenue"): "20000",
    ("revenue_sheet", "2040202", "commercial_revenue"): "30000",
    ("revenue_sheet", "2040202", "remittance_from_affiliates"): "40000",
    ("expenditure_sheet", "2120803", "basic"): "100000",
    ("expenditure_sheet", "2120803", "project"): "800000",
    ("expenditure_sheet", "2230105", "basic"): "50000",
    ("expenditure_sheet", "2230105", "project"): "450000",
    ("expenditure_sheet", "2040202", "remittance_to_superior"): "1000",
    ("expenditure_sheet", "2040202", "commercial_expenditure"): "2000",
    ("expenditure_sheet", "2040202", "subsidy_to_affiliates"): "3000",
    ("appropriation_summary", "appropriation_government_fund", "actual"): "1000000",
    ("appropriation_summary", "appropriation_state_capital", "actual"): "500000",
    ("appropriation_summary", "opening_government_fund", "actual"): "100000",
    ("appropriation_summary", "opening_state_capital", "actual"): "0",
    ("appropriation_summary", "closing_carryover", "government_fund"): "200000",
    ("appropriation_summary", "closing_carryover", "state_capital"): "0",
    ("revenue_expenditure_summary", "use_of_own_source_surplus", "actual"): "5000",
    ("revenue_expenditure_summary", "surplus_distribution", "actual"): "4000",
    ("revenue_expenditure_summary", "closing_carryover", "actual"): "6588900",
    ("revenue_expenditure_summary", "opening_carryover", "actual"): "6232100",
    ("comparatives", "closing_carryover", "prior_year"): "6232100",
    ("comparatives", "closing_carryover", "adjustment"): None,
    ("comparatives", "closing_government_fund", "prior_year"): "100000",
    ("three_public_expenses", "actual", "overseas_travel"): "60000",
    ("three_public_expenses", "actual", "official_hospitality"): "70000",
    ("general_public_basic_expenditure", "30212", "actual"): "50000",
    ("general_public_basic_expenditure", "30217", "actual"): "60000",
    ("general_public_basic_expenditure", "30299", "actual"): "23196300",
    ("institution_information", "procurement_sme", "actual"): "20000000",
    ("institution_information", "procurement_micro", "actual"): "10000000",
    ("budget_comparison", "total", "revised_budget"): "721000000",
    ("budget_comparison", "basic", "revised_budget"): "628314800",
}
NAMES = {
    "212": "城乡社区支出",
    "21208": "国有土地使用权出让收入安排的支出",
    "2120803": "城市建设支出",
    "223": "国有资本经营预算支出",
    "22301": "解决历史遗留问题及改革成本支出",
    "2230105": "国有企业退休人员社会化管理补助支出",
    "30212": "因公出国（境）费用",
    "30217": "公务接待费",
}


@cache
def sample(name: str = "hongshan_2023") -> FilingPackage:
    """A shipped data package."""
    package = read((SAMPLES / f"{name}.json").read_bytes()).package
    assert package is not None
    return package


@cache
def clean_book() -> WorkbookSnapshot:
    """No check fires on it with :func:`clean_projects`."""
    book = sample().books[0]
    exact = [replace(cell, unit=cell.unit and "yuan") for cell in book.cells]
    added = [
        CellSnapshot(*place, Decimal(value)) for place, value in ADDED.items() if value is not None
    ]
    gone = {CellRef(*place) for place, value in ADDED.items() if value is None}
    whole = book.with_cells([*exact, *added])
    return replace(whole, cells=tuple(cell for cell in whole.cells if cell.ref not in gone))


@cache
def clean_projects() -> tuple[ProjectSnapshot, ...]:
    """Projects that add up to the book's project expenditure, to the yuan."""
    first, *others = (replace(p, unit="yuan") for p in sample().projects)
    assert first.actual is not None
    return (replace(first, actual=first.actual + Decimal("1249900.00")), *others)


def findings_of(
    book: WorkbookSnapshot, projects: tuple[ProjectSnapshot, ...] | None = None
) -> list[Finding]:
    names = code_names(sample()) | NAMES
    projects = clean_projects() if projects is None else projects
    return check_book(book, projects, names, fiscal_year=2023)


def changed(
    book: WorkbookSnapshot, place: CellRef, *, by: Decimal | None = None, **fields: object
) -> WorkbookSnapshot:
    """The book with one cell moved ``by`` an amount, or some of its fields replaced."""
    cell = book.by_ref().get(place, CellSnapshot(*place, None))
    if by is not None:
        fields["value"] = (cell.value or Decimal(0)) + by
    return book.with_cells([replace(cell, **fields)])  # type: ignore[arg-type]
