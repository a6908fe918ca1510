"""What people write into a list, and what is asked back; nothing is guessed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.list_columns import ListColumn, columns_of, text_of
from budgets.list_reading import AS_WRITTEN, Choices, Unclear, read_text
from rulebook.amounts import AmountError, MoneyUnit
from rulebook.layouts import load_layout

LAYOUT = load_layout("departmental_budget/jianghan_2023")
FIRST, SECOND, THIRD = (f"42010323118T00000000{number}" for number in (1, 2, 3))
CHOICES = Choices(
    codes={"2040201": "行政运行", "2040202": "一般行政管理事务", "30201": "办公费", "302": "商品"},
    projects={FIRST: "办案业务经费", SECOND: "信息化运维费", THIRD: "信息化运维费"},
    items={"A02021001": "打印机"},
    written=frozenset({"在职人员公用"}),
)


def column(list_key: str, key: str) -> ListColumn:
    return next(c for c in columns_of(LAYOUT.list_named(list_key)) if c.key == key)


def read(key: str, text: str, answer: str = "", list_key: str = "procurement") -> dict[str, object]:
    found = read_text(column(list_key, key), text, MoneyUnit.WAN, CHOICES, answer)
    return dict(found.values)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2040201", "2040201"),
        ("[2040201]行政运行", "2040201"),
        ("［2040201］ 行政运行", "2040201"),
        ("2040201 行政运行", "2040201"),
        ("行政运行", "2040201"),
        ("2049999", "2049999"),
        ("", ""),
    ],
)
def test_a_code_is_read_as_it_is_written_and_a_name_looked_up(text: str, code: str) -> None:
    assert read("functional_code", text) == {"functional_code": code}


def test_a_name_in_no_catalogue_is_asked_about() -> None:
    with pytest.raises(Unclear) as asked:
        read("functional_code", "一般行政事务")
    assert asked.value.question.candidates[0] == ("2040202", "一般行政管理事务")
    assert not asked.value.question.may_stand


def test_an_outer_code_is_no_choice_for_its_name() -> None:
    with pytest.raises(Unclear):
        read("economic_code", "商品")


def test_one_project_of_that_name_is_meant() -> None:
    found = read("project_name", "办案业务经费")
    assert found == {"project_code": FIRST, "project_name": "办案业务经费"}
    assert read("project_name", f"办案业务经费 {FIRST}") == found
    assert read("project_name", FIRST) == found


def test_a_name_that_several_projects_bear_is_asked_about() -> None:
    with pytest.raises(Unclear) as asked:
        read("project_name", "信息化运维费")
    assert "有 2 个项目叫“信息化运维费”" in asked.value.question.message
    assert [code for code, _ in asked.value.question.candidates] == [SECOND, THIRD]
    assert read("project_name", SECOND)["project_code"] == SECOND


def test_a_name_that_no_project_bears_is_asked_about() -> None:
    with pytest.raises(Unclear) as asked:
        read("project_name", "办案经费")
    assert asked.value.question.candidates == ((FIRST, "办案业务经费"),)
    found = read("project_name", "办案经费", AS_WRITTEN)
    assert found == {"project_code": "", "project_name": "办案经费"}


def test_words_once_said_to_be_no_project_are_not_asked_about_again() -> None:
    assert read("project_name", "在职人员公用")["project_code"] == ""


def test_a_code_of_no_project_of_the_unit_is_asked_about() -> None:
    with pytest.raises(Unclear, match="不是本单位的项目"):
        read("project_name", "42010323118T000000099 别的")


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("[C2120301]车辆维修和保养服务", "C2120301", "车辆维修和保养服务"),
        ("A02021001", "A02021001", "打印机"),
        ("打印机", "A02021001", "打印机"),
        ("没有编码的品目", "", "没有编码的品目"),
    ],
)
def test_an_item_is_a_code_and_a_name(text: str, code: str, name: str) -> None:
    assert read("item", text) == {"item_code": code, "item_name": name}


@pytest.mark.parametrize(
    ("list_key", "key", "text"),
    [
        ("procurement", "amount", "约三"),
        ("procurement", "quantity", "-1"),
        ("procurement", "measure", "长" * 21),
        ("project_budgets", "kind", "其他类"),
        ("project_budgets", "code", "12345"),
        ("purchased_services", "includes_procurement", "大概"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(list_key: str, key: str, text: str) -> None:
    with pytest.raises(AmountError):
        read(key, text, list_key=list_key)


def test_amounts_are_read_in_the_unit_shown_and_counts_are_not() -> None:
    assert read("amount", "1,234.5") == {"amount": 12345000}
    assert read("quantity", "14100") == {"quantity": 14100}
    assert read("kind", "运转类", list_key="project_budgets") == {"kind": "operating"}
    assert read("includes_procurement", "是", list_key="purchased_services") == {
        "includes_procurement": True
    }


@given(st.decimals(min_value=0, max_value=10**11, places=2), st.sampled_from(list(MoneyUnit)))
def test_what_is_shown_reads_back_as_it_is_stored(value: object, unit: MoneyUnit) -> None:
    for key in ("amount", "quantity"):
        of = column("procurement", key)
        shown = text_of(of, {key: value}, {}, unit)  # type: ignore[dict-item]
        assert read_text(of, shown, unit, CHOICES).values == {key: value}


@given(st.text(max_size=80))
def test_any_text_is_read_refused_or_asked_about(text: str) -> None:
    for layout in LAYOUT.lists:
        for of in columns_of(layout):
            if not of.is_computed:
                with suppress(AmountError, Unclear):
                    found = read_text(of, text, MoneyUnit.YUAN, CHOICES)
                    assert set(found.values) == set(of.fields)
