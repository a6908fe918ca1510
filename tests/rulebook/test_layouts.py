"""Editions and layouts: found by region and year, refused when they contradict themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from budgets.checks import ALL_CHECKS, relation_checks_of
from rulebook.addresses import CellRef
from rulebook.amounts import MoneyUnit
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
from rulebook.layouts import LayoutError, WorkbookLayout, layout_for, load_layout
from rulebook.network import build, code_rows_of
from rulebook.relations import Each, cell, equal
from rulebook.table_styles import TableStyle

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
        if not layout.sheets:
            continue
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


# A region's file states differences only.

NATION = """
[edition]
region = "000000"
first_fiscal_year = 2023

[[sheet]]
key = "summary"
code = "T01"
number = "公开01表"
title = "总表"
[[sheet.column]]
key = "actual"
label = "决算数"
[[sheet.row]]
key = "revenue"
label = "收入"
[[sheet.row]]
key = "other"
label = "其他"
[[sheet.row]]
key = "total"
label = "合计"

[[sheet]]
key = "annex"
code = "T02"
number = "公开02表"
title = "附表"
[[sheet.column]]
key = "actual"
label = "决算数"
"""
CITY = """
[edition]
region = "420100"
first_fiscal_year = 2023
extends = "tested/nation"
"""


@pytest.fixture
def extended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., WorkbookLayout]]:
    """``extended(city, district)``: the layout of the last file of a chain below the nation's."""
    folder = tmp_path / "layouts" / "tested"
    folder.mkdir(parents=True)
    (folder / "nation.toml").write_text(NATION)
    monkeypatch.setattr("rulebook.editions.DATA", tmp_path)
    caches = (editions_of, load_layout)

    def load(**files: str) -> WorkbookLayout:
        for name, text in files.items():
            (folder / f"{name}.toml").write_text(text)
        for each in caches:
            each.cache_clear()
        return load_layout(f"tested/{list(files)[-1]}")

    yield load
    monkeypatch.undo()
    for each in caches:
        each.cache_clear()


Extended = Callable[..., WorkbookLayout]


def rows_of(layout: WorkbookLayout) -> list[tuple[str, str]]:
    return [(row.key, row.label) for row in layout.sheet("summary").rows]


def test_a_file_that_states_no_difference_prints_the_same(extended: Extended) -> None:
    layout = extended(city=CITY)
    assert rows_of(layout) == [("revenue", "收入"), ("other", "其他"), ("total", "合计")]
    assert [sheet.key for sheet in layout.sheets] == ["summary", "annex"]


def test_a_dropped_row_is_gone_and_the_others_stay(extended: Extended) -> None:
    layout = extended(city=CITY + '[[sheet]]\nkey = "summary"\ndrop = ["other"]\n')
    assert rows_of(layout) == [("revenue", "收入"), ("total", "合计")]
    assert not layout.has_cell(CellRef("summary", "other", "actual"))


def test_a_relabelled_row_keeps_its_key_and_place(extended: Extended) -> None:
    change = '[[sheet]]\nkey = "summary"\nrelabel = {other = "其他收入"}\n'
    assert rows_of(extended(city=CITY + change))[1] == ("other", "其他收入")


ADDED = """
[[sheet]]
key = "summary"
[[sheet.row]]
key = "grant"
label = "补助"
after = "revenue"
[[sheet.row]]
key = "of_which"
label = "其中"
after = "grant"
"""


def test_added_rows_stand_after_the_rows_they_name(extended: Extended) -> None:
    layout = extended(city=CITY + ADDED)
    assert [key for key, _ in rows_of(layout)] == ["revenue", "grant", "of_which", "other", "total"]
    assert layout.has_cell(CellRef("summary", "grant", "actual"))


def test_a_row_after_one_that_was_dropped_or_never_was_is_refused(extended: Extended) -> None:
    with pytest.raises(LayoutError, match="revenue"):
        extended(city=CITY + ADDED.replace("[[sheet.row]]", 'drop = ["revenue"]\n[[sheet.row]]', 1))


def test_a_difference_about_a_row_there_is_not_is_refused(extended: Extended) -> None:
    for change in ('drop = ["nothing"]', 'relabel = {nothing = "无"}'):
        with pytest.raises(LayoutError, match="nothing"):
            extended(city=f'{CITY}[[sheet]]\nkey = "summary"\n{change}\n')


def test_plain_fields_are_replaced_and_sheets_dropped_and_added(extended: Extended) -> None:
    city = CITY + 'drop_sheets = ["annex"]\n[[sheet]]\nkey = "summary"\ntitle = "收支总表"\n'
    city += '[[sheet]]\nkey = "own"\ncode = "T09"\nnumber = "公开09表"\ntitle = "本市附表"\n'
    city += '[[sheet.column]]\nkey = "actual"\nlabel = "决算数"\n'
    layout = extended(city=city)
    assert [(sheet.key, sheet.title) for sheet in layout.sheets] == [
        ("summary", "收支总表"),
        ("own", "本市附表"),
    ]


def test_a_district_changes_what_its_city_changed(extended: Extended) -> None:
    district = CITY.replace("420100", "420111").replace("tested/nation", "tested/city")
    district += '[[sheet]]\nkey = "summary"\nrelabel = {grant = "上级补助"}\ndrop = ["of_which"]\n'
    layout = extended(city=CITY + ADDED, district=district)
    assert [label for _, label in rows_of(layout)] == ["收入", "上级补助", "其他", "合计"]


def test_a_chain_of_three_extensions_is_refused(extended: Extended) -> None:
    district = CITY.replace("420100", "420111").replace("tested/nation", "tested/city")
    street = CITY.replace("420100", "420112").replace("tested/nation", "tested/district")
    with pytest.raises(LayoutError, match="two extensions"):
        extended(city=CITY, district=district, street=street)


def test_how_tables_are_printed_is_taken_over_and_changed_one_by_one(extended: Extended) -> None:
    assert extended(city=CITY).tables == TableStyle()
    city = CITY + '[tables]\nunit = "yuan"\ncode_heading = "功能科目"\n'
    district = CITY.replace("420100", "420111").replace("tested/nation", "tested/city")
    layout = extended(city=city, district=district + "[tables]\ncolumn_numbers = true\n")
    assert layout.tables == TableStyle(MoneyUnit.YUAN, "功能科目", column_numbers=True)


def test_a_sum_of_a_column_there_is_not_is_refused(extended: Extended) -> None:
    listed = '[[list]]\nkey = "buys"\ncode = "T03"\nnumber = ""\ntitle = "清单"\nsums = ["price"]\n'
    with pytest.raises(LayoutError, match="price"):
        extended(city=CITY + listed + '[[list.column]]\nkey = "amount"\nlabel = "金额"\n')
