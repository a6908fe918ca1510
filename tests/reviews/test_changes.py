"""What a reviewer is shown of the differences between two submissions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from disclosures.evaluate import evaluate
from disclosures.filing_package import FilingPackage
from disclosures.publication import FrozenFiling
from disclosures.reason_kinds import reason_kinds
from reviews.changes import Change, changes_between
from reviews.places import label_of, passages_of
from tests.reviews.conftest import package_of

PACKAGE = package_of("shili_review_2023")
RESULTS = evaluate(PACKAGE)
KINDS = reason_kinds(PACKAGE.head.region_code, PACKAGE.head.fiscal_year)


def changed(package: FilingPackage) -> list[Change]:
    return changes_between(FrozenFiling(PACKAGE, RESULTS, ""), FrozenFiling(package, RESULTS, ""))


def test_nothing_changed() -> None:
    assert changed(PACKAGE) == []


def test_one_cell_is_shown_with_both_values_in_yuan() -> None:
    book = PACKAGE.books[0]
    index, cell = next((n, c) for n, c in enumerate(book.cells) if c.value)
    assert cell.value is not None
    cells = list(book.cells)
    cells[index] = replace(cell, value=cell.value + Decimal("0.01"))
    (change,) = changed(replace(PACKAGE, books=(replace(book, cells=tuple(cells)),)))
    assert (change.before, change.after) == (
        f"{cell.value:,.2f}",
        f"{cell.value + Decimal('0.01'):,.2f}",
    )
    assert change.place == f"cell/{book.book}/{cell.sheet}/{cell.row}/{cell.column}"
    assert change.label


def test_a_cell_that_was_emptied_is_shown() -> None:
    book = PACKAGE.books[0]
    gone = next(c for c in book.cells if c.value)
    left = tuple(c for c in book.cells if c is not gone)
    (change,) = changed(replace(PACKAGE, books=(replace(book, cells=left),)))
    assert change.before
    assert change.after == ""


def test_a_text_and_a_reason_are_named_by_their_section() -> None:
    first, *rest = PACKAGE.texts
    (change,) = changed(replace(PACKAGE, texts=(replace(first, body="改写"), *rest)))
    assert (change.before, change.after) == (first.body, "改写")
    reason, *others = PACKAGE.reasons
    (change,) = changed(replace(PACKAGE, reasons=(replace(reason, text="另有原因"), *others)))
    assert (change.before, change.after) == (reason.text, "另有原因")
    assert change.label != "文字"


def test_the_amount_and_the_kind_of_a_reason_are_part_of_it() -> None:
    reason, *others = PACKAGE.reasons
    signed = replace(reason, amount=Decimal("-12000"), kind=KINDS[0].key)
    (change,) = changed(replace(PACKAGE, reasons=(signed, *others)))
    assert change.before == reason.text
    assert change.after == f"{reason.text}（-12,000.00，{KINDS[0].name}）"


def test_one_reason_more_changes_no_other() -> None:
    first = replace(PACKAGE.reasons[0], text="又一条")
    (change,) = changed(replace(PACKAGE, reasons=(PACKAGE.reasons[0], first, *PACKAGE.reasons[1:])))
    assert (change.before, change.after) == ("", "又一条")


def test_every_sentence_of_the_report_can_be_named_and_has_one_anchor() -> None:
    sentences = [s for passage in passages_of(RESULTS.report) for s in passage.sentences]
    assert len(sentences) > 50
    assert all(label_of(s.place, PACKAGE, RESULTS) for s in sentences)
    anchors = [s.anchor for s in sentences if s.anchor]
    assert len(anchors) == len(set(anchors))


def test_the_places_of_all_findings_can_be_named() -> None:
    places = [place for finding in RESULTS.findings for place in finding.places[:1]]
    assert places
    assert all(label_of(place, PACKAGE, RESULTS) for place in places)


@pytest.mark.parametrize("place", ["", "cell", "cell/1/2/3", "evaluation/none/1/x", "a/b"])
def test_a_place_that_is_not_there_has_no_name(place: str) -> None:
    assert label_of(place, PACKAGE, RESULTS) == ""
