"""The lists in a unit's template: what is written reads back, what is wrong is said by cell."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgets.checks.keys import PROCUREMENT, PROJECT_BUDGETS, PURCHASED_SERVICES
from budgets.excel.confined import read_template_confined
from budgets.excel.redpen import with_findings
from budgets.list_comparison import KnownProject, RowChange, compare_lists
from budgets.workbook import (
    FUND_AMOUNTS,
    BudgetLists,
    ListRow,
    ProcurementRow,
    ProjectBudget,
    ProjectFrequency,
    ProjectKind,
    PurchasedServiceRow,
)
from rulebook.amounts import MoneyUnit
from rulebook.layouts import load_layout
from tests.budgets.checks.budget_books import UNIT, clean_lists
from tests.budgets.excel.list_files import (
    KNOWN,
    LAYOUT,
    NAMES,
    PROJECTS,
    cell_of,
    list_template,
    mark,
    plan_of,
    read_lists_of,
    whole_plan_of,
    with_list_cells,
    without_row,
)

CASES = Path(__file__).parents[2] / "cases" / "readings" / "list_rows.toml"
YUAN = list_template()


def cases() -> list[Any]:
    with CASES.open("rb") as file:
        found = tomllib.load(file)["case"]
    return [pytest.param(case, id=case["says"]) for case in found]


def ids(findings: Any) -> list[str]:
    return sorted(finding.check_id for finding in findings)


def shown(value: Any) -> str:
    return "" if value is None else str(value)


@pytest.mark.parametrize("case", cases())
def test_a_row_is_read_as_the_case_says(case: dict[str, Any]) -> None:
    data = with_list_cells(YUAN, case["list"], case["line"], case["cells"])
    found = plan_of(data)
    assert ids(found.findings) == case.get("finds", [])
    assert case.get("words", "") in " ".join(f.message for f in found.findings)
    kinds = [case["kind"]] if "kind" in case else []
    assert [change.kind.value for change in found.changes] == kinds
    if "gives" in case:
        row = getattr(found.after, case["list"])[case["line"] - 1]
        assert {name: shown(getattr(row, name)) for name in case["gives"]} == case["gives"]


@pytest.mark.parametrize("unit", list(MoneyUnit))
def test_an_untouched_template_changes_nothing(unit: MoneyUnit) -> None:
    found = whole_plan_of(list_template(unit=unit))
    assert (found.findings, found.is_idle) == ((), True)
    rows = (*clean_lists().project_budgets, *clean_lists().purchases)
    assert found.lists.unchanged == len(rows)
    for key in (PROJECT_BUDGETS, PROCUREMENT, PURCHASED_SERVICES):
        assert list(getattr(found.lists.after, key)) == list(getattr(clean_lists(), key))


def test_a_finding_names_the_sheet_and_the_cell_and_is_marked_there() -> None:
    data = with_list_cells(YUAN, PROCUREMENT, 1, {"单价": "约三千"})
    (finding,) = plan_of(data).findings
    assert finding.label == "“BG12 政府采购预算表”L5"
    marked = with_findings(data, [finding])
    cell = cell_of(marked, PROCUREMENT, 1, "单价")
    assert cell.fill.fgColor.rgb == "00FFC7CE"
    assert "IM-131" in cell.comment.text


def test_a_new_row_a_changed_row_and_a_removed_row_are_shown_with_their_content() -> None:
    count = len(clean_lists().procurement)
    data = with_list_cells(YUAN, PROCUREMENT, count + 1, {
        "项目编码": "42010323118T000000001",
        "项目": "办案业务经费",
        "政府采购品目": "[A02021003]复印机",
        "功能科目": "2040202",
        "采购金额/采购金额合计": 7,
    })  # fmt: skip
    data = with_list_cells(data, PROCUREMENT, 1, {"采购金额/采购金额合计": 51})
    data = without_row(data, PROCUREMENT, 2)
    found = plan_of(data)
    assert found.findings == ()
    changes = {change.kind: change for change in found.changes}
    assert len(found.changes) == 3
    before, after = changes[RowChange.CHANGED].differences[0].before, "51.00"
    assert (before, changes[RowChange.CHANGED].differences[0].after) == ("50.00", after)
    assert "复印机" in changes[RowChange.ADDED].label
    assert clean_lists().procurement[1].item_name in changes[RowChange.REMOVED].label
    numbers = [row.number for row in found.after.procurement]
    assert numbers[-1] == max(row.number for row in clean_lists().procurement) + 1
    assert len(set(numbers)) == len(numbers)


def test_the_same_file_again_finds_its_own_new_rows() -> None:
    count = len(clean_lists().procurement)
    new = {"项目编码": "公用经费", "项目": "日常办公", "采购金额/采购金额合计": 7}
    data = with_list_cells(YUAN, PROCUREMENT, count + 1, new)
    once = plan_of(data)
    again = plan_of(data, once.after)
    assert (len(once.changes), again.changes) == (1, ())


def test_sorting_rows_changes_nothing() -> None:
    turned = replace(clean_lists(), procurement=tuple(reversed(clean_lists().procurement)))
    assert plan_of(list_template(turned)).changes == ()


def test_a_new_project_of_the_file_may_have_purchases() -> None:
    code, count = "42010323118T000000055", len(clean_lists().project_budgets)
    data = with_list_cells(YUAN, PROJECT_BUDGETS, count + 1, {
        "项目编码": code, "项目名称": "新项目", "项目类别": "特定目标类项目",
        "项目类型": "一次性项目", "单位资金": 3,
    })  # fmt: skip
    data = with_list_cells(data, PROCUREMENT, 1, {"项目编码": "", "项目": "新项目"})
    found = plan_of(data)
    assert ids(found.findings) == ["IM-176"]
    assert found.after.procurement[0].project_code == code


def test_a_name_of_two_projects_is_asked_about() -> None:
    twin = KnownProject("42010323118T000000088", "视频监控", UNIT)
    data = with_list_cells(YUAN, PROCUREMENT, 1, {"项目编码": "", "项目": "视频监控"})
    read = read_lists_of(data)
    layout = load_layout(LAYOUT)
    found = compare_lists(read, clean_lists(), KNOWN | {twin.code: twin}, NAMES, layout, UNIT)
    (finding,) = found.findings
    assert finding.check_id == "IM-171"
    assert twin.code in finding.message
    assert "42010323118T000000002" in finding.message
    assert found.changes == ()


def test_lists_changed_after_the_download_are_warned_about() -> None:
    first, *others = clean_lists().procurement
    now = replace(clean_lists(), procurement=(replace(first, amount=Decimal(99)), *others))
    found = plan_of(YUAN, now)
    assert ids(found.findings) == ["IM-177"]
    assert [change.kind for change in found.changes] == [RowChange.CHANGED]


def test_a_suggested_project_stands_in_the_template_and_is_no_row_until_filled() -> None:
    code = "42010323118T000000004"
    fewer = replace(clean_lists(), project_budgets=clean_lists().project_budgets[:3])
    data = list_template(fewer, suggested=(code,))
    assert cell_of(data, PROJECT_BUDGETS, 4, "项目名称").value == PROJECTS[code]
    assert plan_of(data, fewer).changes == ()
    filled = {"项目类别": "特定目标类项目", "项目类型": "一次性项目", "单位资金": 3}
    found = plan_of(with_list_cells(data, PROJECT_BUDGETS, 4, filled), fewer)
    assert [change.kind for change in found.changes] == [RowChange.ADDED]
    assert found.after.project_budgets[3].code == code


@pytest.mark.parametrize(
    ("key", "label", "id"),
    [(PROCUREMENT, "单价", "IM-127"), (PROJECT_BUDGETS, "单位资金", "IM-127")],
)
def test_a_changed_header_is_refused(key: str, label: str, id: str) -> None:
    assert ids(plan_of(with_list_cells(YUAN, key, 0, {label: "别的"})).findings) == [id]


def test_the_child_says_the_same() -> None:
    found = read_template_confined(YUAN, load_layout(LAYOUT), mark(clean_lists()))
    assert found.lists == read_lists_of(YUAN).lists
    assert found.findings == []


WORDS = st.text("甲乙丙丁戊（）—、第一批：A1 ", max_size=20).map(str.strip)
AMOUNTS = st.none() | st.decimals(-(10**10), 10**10, places=2)
OWN = st.sampled_from(sorted(PROJECTS))
FUNCTIONAL = st.sampled_from(["", "2040202", "2040201"])
ECONOMIC = st.sampled_from(["", "30201", "31002"])
BOTH: dict[str, Any] = {
    "book": st.just(UNIT),
    "number": st.just(0),
    "project_code": OWN | st.just(""),
    "project_name": WORDS,
    "functional_code": FUNCTIONAL,
    "economic_code": ECONOMIC,
    "funding_source": WORDS,
    "fund_nature": WORDS,
    "quantity": AMOUNTS,
    "amount": AMOUNTS,
    "unit": st.just("yuan"),
    "decimals": st.just(2),
}
ITEM_NAMES = WORDS.filter(lambda word: not word.startswith("A"))
PROCUREMENTS = st.builds(
    ProcurementRow,
    **BOTH,
    item_code=st.sampled_from(["", "A02021001", "C0301"]),
    item_name=ITEM_NAMES,
    unit_price=AMOUNTS,
    measure=WORDS,
    sme_amount=AMOUNTS,
    micro_amount=AMOUNTS,
)
SERVICES = st.builds(
    PurchasedServiceRow,
    **BOTH,
    includes_procurement=st.booleans(),
    content=WORDS,
    **{f"directory_tier_{tier}": WORDS for tier in ("one", "two", "three")},
)
BUDGETS = st.fixed_dictionaries(
    {
        "functional_code": FUNCTIONAL,
        "kind": st.sampled_from(ProjectKind),
        "frequency": st.sampled_from(ProjectFrequency),
        **dict.fromkeys(FUND_AMOUNTS, AMOUNTS),
    }
)


def numbered(rows: list[Any]) -> tuple[Any, ...]:
    return tuple(replace(row, number=at) for at, row in enumerate(rows, 1))


@st.composite
def generated(draw: Any) -> BudgetLists:
    codes = draw(st.lists(OWN, unique=True))
    budgets = [ProjectBudget(c, PROJECTS[c], UNIT, **draw(BUDGETS)) for c in sorted(codes)]
    return BudgetLists(
        tuple(budgets),
        numbered(draw(st.lists(PROCUREMENTS, max_size=4))),
        numbered(draw(st.lists(SERVICES, max_size=4))),
    )


def without_unit(rows: Any) -> list[ListRow]:
    return [replace(row, unit="yuan", decimals=2) for row in rows]


@settings(max_examples=5, deadline=None)
@given(lists=generated(), unit=st.sampled_from(MoneyUnit))
def test_whatever_lists_are_written_read_back_the_same(lists: BudgetLists, unit: MoneyUnit) -> None:
    found = plan_of(list_template(lists, unit), BudgetLists())
    assert [f for f in found.findings if f.check_id != "IM-177"] == []
    for key in (PROJECT_BUDGETS, PROCUREMENT, PURCHASED_SERVICES):
        assert without_unit(getattr(found.after, key)) == list(getattr(lists, key))
