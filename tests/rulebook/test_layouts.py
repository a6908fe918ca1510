"""Editions and layouts: found by region and year, refused when they contradict themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from budgets.checks import ALL_CHECKS, relation_checks_of
from rulebook.addresses import CellRef
from rulebook.checks import Check
from rulebook.editions import (
    EditionConflict,
    EditionMissing,
    edition_for,
    edition_path,
    editions_of,
    refuse_conflicts,
)
from rulebook.findings import Scope, Severity
from rulebook.layouts import LayoutError, layout_for, load_layout
from rulebook.network import build, code_rows_of
from rulebook.relations import Each, cell, equal

KIND = "departmental_final_accounts"
WUHAN = f"{KIND}/wuhan_2023"


def test_a_district_uses_its_citys_edition() -> None:
    edition = edition_for("layouts", KIND, region="420111", fiscal_year=2023)
    assert edition.id == WUHAN


def test_a_region_without_its_own_uses_the_nations() -> None:
    edition = edition_for("layouts", KIND, region="420000", fiscal_year=2023)
    assert edition.id == f"{KIND}/national_2023"


def test_a_year_without_rules_is_said_so() -> None:
    with pytest.raises(EditionMissing):
        edition_for("layouts", KIND, region="420111", fiscal_year=1999)


def test_an_edition_id_never_becomes_a_path() -> None:
    with pytest.raises(KeyError):
        edition_path("layouts", "../../secret")


def test_overlapping_editions_are_refused() -> None:
    (edition,) = [e for e in editions_of("layouts") if e.id == WUHAN]
    later = replace(edition, id="x", first_fiscal_year=2024)
    with pytest.raises(EditionConflict):
        refuse_conflicts([edition, later])


def test_following_editions_are_accepted() -> None:
    (edition,) = [e for e in editions_of("layouts") if e.id == WUHAN]
    earlier = replace(edition, id="x", first_fiscal_year=2019, last_fiscal_year=2022)
    refuse_conflicts([edition, earlier])


def test_every_layout_loads_and_its_checks_find_their_cells() -> None:
    for edition in editions_of("layouts"):
        layout = load_layout(edition.id)
        checks = relation_checks_of(layout)
        network = build(layout, checks, code_rows_of(layout, _one_code_each(edition.id)))
        missing = [ref for i in network.instances for ref in i.cells if not layout.has_cell(ref)]
        assert missing == []
        assert {i.check_id for i in network.instances} == {
            check.id for check in checks if check.relations
        }


def _one_code_each(edition_id: str) -> list[tuple[str, str]]:
    codes = {"functional": "2040201", "departmental_economic": "30231"}
    sheets = load_layout(edition_id).sheets
    used = [(s.key, codes[s.codes.classification]) for s in sheets if s.codes]
    economic = [(s.key, c) for s in sheets if s.codes and s.codes.sides for c in ("30212", "30217")]
    return used + economic


def test_every_code_row_has_its_parents() -> None:
    layout = layout_for(KIND, region="420111", fiscal_year=2023)
    rows = dict(code_rows_of(layout, [("expenditure_sheet", "2040201")]))
    assert rows["expenditure_sheet"] == ("204", "20402", "2040201")


def _check(id: str, left: CellRef, right: CellRef) -> Check:
    relation = equal(cell(*left), cell(*right), derives=True)
    return Check(id, "", Severity.ERROR, Scope.WITHIN_SHEET, "", (relation,))


A = CellRef("revenue_expenditure_summary", "revenue_total", "actual")
B = CellRef("revenue_expenditure_summary", "opening_carryover", "actual")
C = CellRef("revenue_expenditure_summary", "closing_carryover", "actual")


def test_a_cell_derived_twice_is_refused() -> None:
    with pytest.raises(LayoutError, match="twice"):
        build(load_layout(WUHAN), [_check("X-1", A, B), _check("X-2", A, C)], ())


def test_a_derivation_in_a_circle_is_refused() -> None:
    with pytest.raises(LayoutError, match="cycle"):
        build(load_layout(WUHAN), [_check("X-1", A, B), _check("X-2", B, A)], ())


def test_a_relation_over_items_holds_for_every_code_used() -> None:
    layout = load_layout(WUHAN)
    relation = equal(
        cell("revenue_sheet", Each.ITEM, "total"), cell("expenditure_sheet", Each.ITEM, "total")
    )
    check = Check("X-3", "", Severity.ERROR, Scope.CROSS_SHEET, "", (relation,))
    used = [("revenue_sheet", "2040201"), ("expenditure_sheet", "2080505")]
    instances = build(layout, [check], code_rows_of(layout, used)).instances
    assert {i.left[0][0].row for i in instances} == {"2040201", "2080505"}


def test_every_check_cites_a_document() -> None:
    from rulebook.citations import documents

    known = set(documents())
    assert {check.citation for check in ALL_CHECKS} <= known
