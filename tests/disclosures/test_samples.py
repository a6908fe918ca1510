"""The packages `make run` shows: readable, canonical, with the findings they should have."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

import disclosures
from budgets.checks import check_book, resolve
from budgets.workbook import CellSnapshot, Provenance
from disclosures.evaluate import findings_of, total_book
from disclosures.filing_package import FilingPackage
from disclosures.package import code_names, document, dump, read
from performance.scoring import load_parameters, score
from rulebook.addresses import CellRef
from rulebook.classifications import read_catalogue
from rulebook.findings import Severity
from tests.disclosures.jianghan_sample import sample_bytes

FOLDER = Path(disclosures.__file__).parent / "samples"
FILES = sorted(FOLDER.glob("*.json"))


def load(name: str) -> FilingPackage:
    package = read((FOLDER / f"{name}.json").read_bytes()).package
    assert package is not None
    return package


def fiscal_findings(package: FilingPackage) -> Counter[tuple[str, Severity]]:
    names = code_names(package)
    year = package.head.fiscal_year
    return Counter(
        (finding.check_id, finding.severity)
        for book in package.books
        for finding in check_book(book, package.projects, names, fiscal_year=year)
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_reads_and_writes_byte_for_byte(path: Path) -> None:
    found = read(path.read_bytes())
    assert found.findings == ()
    assert found.package is not None
    assert dump(document(found.package)) == path.read_bytes()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_is_marked_and_stands_in_the_reserved_range(path: Path) -> None:
    package = load(path.stem)
    assert package.head.sample
    assert package.head.department_code.startswith("999")
    assert all(book.book.startswith(package.head.department_code) for book in package.books)
    projects = (*package.projects, *package.project_budgets)
    assert all(project.code[8:12] == "999T" for project in projects)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_code_labels_are_those_of_the_catalogue(path: Path) -> None:
    package = load(path.stem)
    for label in package.codes:
        rows = {row.code: row for row in read_catalogue(f"{label.classification}_2023")}
        row = rows[label.code]
        assert (label.name, label.definition) == (row.name, row.definition)
        assert label.verified == row.verified
    used = {cell.row for book in package.books for cell in book.cells if cell.row.isdigit()}
    used |= {row.functional_code for row in package.lists.purchases}
    assert used <= {label.code for label in package.codes}


def test_every_functional_item_of_the_published_sample_is_defined() -> None:
    items = [c for c in load("hongshan_2023").codes if len(c.code) == 7]
    assert len(items) == 17
    assert all(item.definition for item in items)


def test_the_published_sample_raises_its_three_fiscal_findings_only() -> None:
    assert fiscal_findings(load("hongshan_2023")) == {
        ("YY-302", Severity.WARNING): 1,
        ("FA-220", Severity.NOTICE): 1,
        ("FA-231", Severity.NOTICE): 1,
    }


def test_the_detail_of_basic_expenditure_is_marked_as_assumed() -> None:
    cells = [
        cell
        for book in load("hongshan_2023").books
        for cell in book.cells
        if cell.sheet == "general_public_basic_expenditure"
    ]
    assert len(cells) == 33
    assert {cell.provenance for cell in cells} == {Provenance.ASSUMED}


def test_the_published_sample_scores_as_published() -> None:
    package = load("hongshan_2023")
    parameters = load_parameters(package.head.editions.scoring)
    totals = {e.subject: score(e, parameters).total for e in package.evaluations}
    assert totals == {
        "department": Decimal("99.73"),
        "42011123999T000000001": Decimal("91.98"),
        "42011123999T000000002": Decimal("97.77"),
        "42011123999T000000003": Decimal("97.00"),
    }


def test_the_sample_under_review_has_no_fiscal_finding() -> None:
    assert fiscal_findings(load("shili_review_2023")) == {}


def test_the_draft_has_the_contradictions_it_is_there_to_show() -> None:
    errors = {id for id, severity in fiscal_findings(load("shili_draft_2023"))}
    assert errors == {
        "FA-105", "FA-113", "FA-121", "FA-122", "FA-132", "FA-214", "FA-219", "FA-231",
    }  # fmt: skip


def test_the_budget_is_what_the_published_tables_make_of_it() -> None:
    """Written by `python -m tests.disclosures.jianghan_sample`."""
    assert (FOLDER / "jianghan_2023.json").read_bytes() == sample_bytes()


def test_the_budget_adds_up_and_has_the_contradictions_of_the_document() -> None:
    package = load("jianghan_2023")
    total = CellRef("revenue_expenditure_summary", "revenue_grand_total", "original_budget")
    assert resolve(total_book(package))[total].value == Decimal("890525500.00")
    assert Counter(finding.check_id for finding in findings_of(package)) == {
        "BG-123": 1, "BG-316": 1, "BG-317": 4, "BG-318": 1, "PT-201": 2, "PT-202": 7, "PT-203": 3,
        "PT-204": 8, "PT-206": 3, "PT-207": 5, "PT-208": 2, "PT-209": 4, "PT-211": 1, "PT-214": 8,
        "PT-216": 2, "PT-217": 1, "PT-218": 3, "PT-220": 2, "PT-221": 2, "PT-222": 1,
    }  # fmt: skip


def _assumable(cell: CellSnapshot) -> tuple[str, str]:
    """Money is assumed by column, a count by row."""
    return cell.sheet, cell.column if cell.unit else cell.row


def test_what_the_budget_did_not_publish_by_unit_is_marked_as_assumed() -> None:
    cells = [cell for book in load("jianghan_2023").books for cell in book.cells]
    assumed = {_assumable(c) for c in cells if c.provenance is Provenance.ASSUMED}
    assert assumed == {
        ("comparatives", "prior_year"),
        ("institution_information", "authorized_headcount"),
        ("institution_information", "actual_headcount"),
        ("institution_information", "retirees"),
        ("institution_information", "vehicles_law_enforcement"),
        ("institution_information", "vehicles_special"),
        ("expenditure_sheet", "basic"),
        ("general_public_expenditure", "personnel"),
        ("general_public_expenditure", "operating"),
        ("general_public_basic_expenditure", "personnel"),
        ("general_public_basic_expenditure", "operating"),
        ("three_public_expenses", "vehicle_operation"),
        ("three_public_expenses", "official_hospitality"),
    }
    certain = {_assumable(c) for c in cells if c.provenance is not Provenance.ASSUMED}
    assert not assumed & certain
