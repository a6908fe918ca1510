"""The data package: one canonical JSON; a mistake in it is a finding."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from budgets.checks import check_book, resolve
from budgets.workbook import WithheldRow
from disclosures.evaluate import evaluate
from disclosures.package import canonical, code_names, document, dump, public, read
from disclosures.publication import public_document
from disclosures.schema import package_schema
from rulebook.addresses import CellRef
from tests.budgets.checks.books import sample

SAMPLES = ("hongshan_2023", "shili_review_2023", "shili_draft_2023")


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_written_reads_back_and_writes_the_same_bytes(name: str) -> None:
    package = sample(name)
    written = dump(document(package, evaluate(package)))
    found = read(written)
    assert found.findings == ()
    assert found.package == package
    assert dump(document(found.package, evaluate(found.package))) == written


@pytest.mark.parametrize("name", SAMPLES)
def test_the_document_follows_its_schema(name: str) -> None:
    package = sample(name)
    content = json.loads(dump(document(package, evaluate(package))))
    jsonschema.Draft202012Validator(package_schema()).validate(content)


def test_order_of_entry_does_not_matter() -> None:
    package = sample()
    turned = replace(
        package, books=tuple(replace(b, cells=b.cells[::-1]) for b in package.books[::-1])
    )
    assert canonical(turned) == package


def test_there_is_no_float_and_no_time_in_a_package() -> None:
    written = dump(document(sample(), evaluate(sample()))).decode()
    json.loads(written, parse_float=lambda text: pytest.fail(f"float {text}"))
    assert "T00:" not in written


def _changed(change: Callable[[dict[str, Any]], None]) -> bytes:
    content = document(sample())
    change(content)
    return dump(content)


def _derived_total(content: dict[str, Any]) -> None:
    cell = dict(content["package"]["books"][0]["cells"][0])
    cell |= {"sheet": "revenue_sheet", "row": "total", "column": "total", "value": "1.00"}
    content["package"]["books"][0]["cells"].append(cell)


def _unknown_cell(content: dict[str, Any]) -> None:
    content["package"]["books"][0]["cells"][0]["column"] = "nowhere"


def _twice(content: dict[str, Any]) -> None:
    cells = content["package"]["books"][0]["cells"]
    cells.append(dict(cells[0]))


def _unknown_layout(content: dict[str, Any]) -> None:
    content["package"]["books"][0]["layout"] = "../../etc/passwd"


def _float_amount(content: dict[str, Any]) -> None:
    content["package"]["books"][0]["cells"][0]["value"] = 1


def _missing_field(content: dict[str, Any]) -> None:
    del content["package"]["head"]["department_code"]


def _newer(content: dict[str, Any]) -> None:
    content["format_version"] = 99


BROKEN = [
    ("PK-102", _newer),
    ("PK-103", _float_amount),
    ("PK-103", _missing_field),
    ("PK-104", _unknown_cell),
    ("PK-105", _twice),
    ("PK-106", _unknown_layout),
    ("PK-107", _derived_total),
]


@pytest.mark.parametrize(
    ("check_id", "change"), BROKEN, ids=lambda value: getattr(value, "__name__", str(value))
)
def test_a_broken_package_is_a_finding(
    check_id: str, change: Callable[[dict[str, Any]], None]
) -> None:
    found = read(_changed(change))
    assert found.package is None
    assert {finding.check_id for finding in found.findings} == {check_id}


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"\xff\xfe", b"[]", b"{}", b'{"a":1}', b"[" * 9999]
)
def test_something_else_is_not_a_package(data: bytes) -> None:
    found = read(data)
    assert found.package is None
    assert [finding.check_id for finding in found.findings] == ["PK-101"]


def test_totals_that_were_changed_in_the_file_are_named() -> None:
    content = json.loads(dump(document(sample(), evaluate(sample()))))
    content["results"]["derived"][0]["value"] = "123.00"
    found = read(dump(content))
    assert found.package is not None
    assert [finding.check_id for finding in found.findings] == ["PK-108"]


def _withheld() -> Any:
    package = sample()
    (book,) = package.books
    rows = tuple(
        WithheldRow(sheet, "2040219", "示例依据")
        for sheet in ("revenue_sheet", "expenditure_sheet", "general_public_expenditure")
    )
    return replace(package, books=(replace(book, withheld=rows),))


def test_the_public_profile_leaves_withheld_rows_out_while_totals_stay() -> None:
    package = _withheld()
    shown = public(package)
    assert "2040219" not in {
        cell.row for cell in shown.books[0].cells if cell.sheet != "budget_comparison"
    }
    before, after = resolve(package.books[0]), resolve(shown.books[0])
    for place in (
        ("expenditure_sheet", "total", "project"),
        ("expenditure_sheet", "20402", "project"),
        ("expenditure_sheet", "20402", "total"),
        ("revenue_expenditure_summary", "204", "actual"),
        ("appropriation_summary", "expenditure_grand_total", "general_public"),
    ):
        assert after[CellRef(*place)].value == before[CellRef(*place)].value, place


def test_checks_hold_on_the_public_profile_of_a_withheld_row() -> None:
    shown = public(_withheld())
    found = check_book(shown.books[0], shown.projects, code_names(shown), fiscal_year=2023)
    assert {finding.check_id for finding in found} == {"FA-220", "YY-302", "FA-231"}


def test_the_public_document_holds_no_withheld_figure_and_no_answers() -> None:
    package = _withheld()
    text = public_document(package, evaluate(package)).decode()
    content = json.loads(text)
    assert content["profile"] == "public"
    assert content["package"]["explanations"] == []
    assert content["results"]["findings"] == []
    hidden = [
        cell
        for cell in content["results"]["derived"]
        if cell["row"] == "2040219" and cell["sheet"] != "budget_comparison"
    ]
    assert hidden == []


def test_the_sample_scores_what_was_published() -> None:
    totals = {card.subject: card.total for card in evaluate(sample()).scorecards}
    assert totals == {
        "department": Decimal("99.73"),
        "42011123999T000000001": Decimal("91.98"),
        "42011123999T000000002": Decimal("97.77"),
        "42011123999T000000003": Decimal("97.00"),
    }


def test_the_sample_raises_no_other_finding_than_the_expected() -> None:
    found = {finding.check_id for finding in evaluate(sample()).findings}
    assert found == {"YY-302", "FA-220", "FA-231", "PT-107", "SE-108", "SE-115"}
