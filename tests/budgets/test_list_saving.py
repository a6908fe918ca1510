"""Rows of a list saved one by one: numbers, projects, versions, history, and who may."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pytest

from budgets.list_saving import RowEdit, RowsResult, save_rows
from budgets.lists import lists_of
from budgets.models import ListChange, ProcurementLine, Project, ProjectBudgetLine
from departments.models import Role, StaffMember, Unit
from filings.models import Filing
from filings.services import FilingLocked
from filings.states import State
from tests import factories
from tests.budgets.budget_filings import file_clean_budget

pytestmark = pytest.mark.django_db
PEN = {"item": {"item_code": "A05040101", "item_name": "复印纸"}, "amount": {"amount": Decimal(7)}}
NEW_CODE = "42010323118T000000009"
PROJECT = {
    "code": {"code": NEW_CODE},
    "name": {"name": "新设备购置"},
    "kind": {"kind": "specific_target"},
    "frequency": {"frequency": "one_off"},
    "general_public": {"general_public": Decimal(12)},
}


@pytest.fixture
def filed(db: None) -> tuple[Filing, StaffMember]:
    return file_clean_budget()


@pytest.fixture
def budget(filed: tuple[Filing, StaffMember]) -> Filing:
    return filed[0]


@pytest.fixture
def lin(filed: tuple[Filing, StaffMember]) -> StaffMember:
    return filed[1]


@pytest.fixture
def unit(budget: Filing) -> Unit:
    return Unit.objects.get(department=budget.department)


@pytest.fixture
def mei(budget: Filing) -> StaffMember:
    """林's colleague."""
    return factories.make_staff(
        "mei", Role.PREPARER, department=budget.department, display_name="梅"
    )


def save(
    budget: Filing,
    staff: StaffMember,
    *edits: RowEdit,
    list_key: str = "procurement",
    **more: object,
) -> RowsResult:
    unit = Unit.objects.get(department=budget.department)
    return save_rows(
        filing=budget,
        unit=unit,
        list_key=list_key,
        staff=staff,
        edits=edits,
        **more,  # type: ignore[arg-type]
    )


def rows() -> list[ProcurementLine]:
    return list(ProcurementLine.objects.order_by("number"))


def ids(result: RowsResult) -> set[str]:
    return {finding.check_id for _, _, finding in result.refused}


def names(lines: Iterable[ProcurementLine]) -> list[tuple[int, str]]:
    return [(line.number, line.item_name) for line in lines]


def test_a_row_is_added_at_the_end_and_others_after_it(budget: Filing, lin: StaffMember) -> None:
    before = Filing.objects.get(pk=budget.pk).revision
    second = {"item": {"item_code": "A1", "item_name": "其后"}}
    result = save(budget, lin, RowEdit("n1", PEN), RowEdit("n2", second, after="n1"))
    assert set(result.saved) == {"n1", "n2"}
    assert names(rows())[-2:] == [(5, "复印纸"), (6, "其后")]
    assert Filing.objects.get(pk=budget.pk).revision == before + 1


def test_a_row_is_inserted_and_the_rest_numbered_anew(budget: Filing, lin: StaffMember) -> None:
    first = rows()[0]
    save(budget, lin, RowEdit("n1", PEN, after=str(first.pk)), RowEdit("n2", PEN, after="first"))
    found = [line.item_name for line in rows()]
    assert found == ["复印纸", "打印机", "复印纸", "房屋修缮", "车辆维修和保养服务", "其他印刷服务"]
    assert [line.number for line in rows()] == [1, 2, 3, 4, 5, 6]


def test_a_removed_row_leaves_no_gap_and_stays_in_the_history(
    budget: Filing, lin: StaffMember
) -> None:
    second = rows()[1]
    result = save(budget, lin, removals={str(second.pk): second.version})
    assert result.removed == (str(second.pk),)
    assert [line.number for line in rows()] == [1, 2, 3]
    change = ListChange.objects.get()
    assert (change.row, change.column, change.after) == (second.pk, "", "")
    assert "B08010000 房屋修缮" in change.before
    assert change.changed_by == lin


def test_a_change_says_who_what_and_both_values(budget: Filing, lin: StaffMember) -> None:
    line = rows()[0]
    edit = RowEdit(str(line.pk), {"amount": {"amount": Decimal("61.5")}}, version=1)
    save(budget, lin, edit)
    save(budget, lin, edit)
    line.refresh_from_db()
    change = ListChange.objects.get()
    assert (line.amount, line.version) == (Decimal("61.50"), 2)
    assert (change.column, change.before, change.after) == ("amount", "50.00", "61.50")


def test_two_people_in_one_column_and_nothing_of_either_is_lost(
    budget: Filing, lin: StaffMember, mei: StaffMember
) -> None:
    key = str(rows()[0].pk)
    save(budget, mei, RowEdit(key, {"amount": {"amount": Decimal(60)}}, version=1))
    mine = {"amount": {"amount": Decimal(70)}, "measure": {"measure": "套"}}
    result = save(budget, lin, RowEdit(key, mine, version=1))
    (conflict,) = result.conflicts
    assert (conflict.column, conflict.version, conflict.changed_by) == ("amount", 2, "梅")
    assert (conflict.mine, conflict.theirs) == ({"amount": 70}, {"amount": 60})
    assert (rows()[0].amount, rows()[0].measure) == (60, "套")
    save(budget, lin, RowEdit(key, {"amount": {"amount": Decimal(70)}}, version=conflict.version))
    assert rows()[0].amount == 70


def test_a_row_that_a_colleague_changed_or_removed(
    budget: Filing, lin: StaffMember, mei: StaffMember
) -> None:
    key = str(rows()[0].pk)
    save(budget, mei, RowEdit(key, {"measure": {"measure": "套"}}, version=1))
    assert ids(save(budget, lin, removals={key: 1})) == {"IM-186"}
    assert save(budget, mei, removals={key: 2}).removed == (key,)
    assert ids(save(budget, lin, RowEdit(key, PEN, version=2))) == {"IM-185"}
    assert save(budget, lin, removals={key: 2}).removed == (key,)


def test_a_row_is_declared_as_coarsely_as_its_coarsest_figure(
    budget: Filing, lin: StaffMember
) -> None:
    line = rows()[0]
    amount = {"amount": {"amount": Decimal(500000)}}
    save(budget, lin, RowEdit(str(line.pk), amount, unit="wan", decimals=2))
    save(budget, lin, RowEdit(str(line.pk), {"sme_amount": {"sme_amount": Decimal(9)}}))
    line.refresh_from_db()
    assert (line.declared_unit, line.declared_decimals) == ("wan", 2)


def test_an_unknown_code_becomes_a_project_of_the_unit(
    budget: Filing, lin: StaffMember, unit: Unit
) -> None:
    result = save(budget, lin, RowEdit("n1", PROJECT), list_key="project_budgets")
    project = Project.objects.get(code=NEW_CODE)
    assert (project.unit, project.name, project.first_fiscal_year) == (unit, "新设备购置", 2023)
    assert ProjectBudgetLine.objects.get(pk=result.saved["n1"]).project == project
    assert [row.code for row in lists_of(budget).project_budgets][-1] == NEW_CODE


def test_a_known_project_needs_no_name(budget: Filing, lin: StaffMember, unit: Unit) -> None:
    factories.make_project(unit, "旧项目", NEW_CODE, 2022)
    values = {key: value for key, value in PROJECT.items() if key != "name"}
    save(budget, lin, RowEdit("n1", values), list_key="project_budgets")
    assert ProjectBudgetLine.objects.get(project__code=NEW_CODE).project.name == "旧项目"


@pytest.mark.parametrize(
    ("column", "value", "id"),
    [
        ("kind", "", "IM-181"),
        ("name", "", "IM-181"),
        ("code", "12", "IM-183"),
        ("code", "42010323118T000000001", "IM-183"),
        ("code", "42010323118T000000077", "IM-182"),
    ],
)
def test_a_row_whose_project_is_not_sure_is_not_stored(
    budget: Filing, lin: StaffMember, column: str, value: str, id: str
) -> None:
    other = factories.make_unit(factories.make_department("别的部门", "900009"))
    factories.make_project(other, "别家项目", "42010323118T000000077")
    count = Project.objects.count()
    edit = RowEdit("n1", PROJECT | {column: {column: value}})
    result = save(budget, lin, edit, list_key="project_budgets")
    assert ids(result) == {id}
    assert not result.saved
    assert "别家" not in str(result)
    assert (Project.objects.count(), ListChange.objects.count()) == (count, 0)


def test_a_project_has_one_row_and_keeps_its_name(budget: Filing, lin: StaffMember) -> None:
    line = ProjectBudgetLine.objects.order_by("project__code")[0]
    values = PROJECT | {"code": {"code": line.project.code}, "name": {"name": line.project.name}}
    assert ids(save(budget, lin, RowEdit("n1", values), list_key="project_budgets")) == {"IM-184"}
    renamed = RowEdit(str(line.pk), {"name": {"name": "改名"}}, version=1)
    assert ids(save(budget, lin, renamed, list_key="project_budgets")) == {"IM-183"}
    line.project.refresh_from_db()
    assert line.project.name != "改名"


def test_a_purchase_stands_under_no_project_of_others(budget: Filing, lin: StaffMember) -> None:
    foreign = factories.make_project(factories.make_unit(factories.make_department("别的部门")))
    values = {"project_name": {"project_code": foreign.code, "project_name": "x"}}
    with pytest.raises(KeyError):
        save(budget, lin, RowEdit("n1", values))
    with pytest.raises(KeyError):
        save_rows(
            filing=budget,
            unit=foreign.unit,
            list_key="procurement",
            staff=lin,
            edits=[RowEdit("n1", PEN)],
        )


def test_others_and_a_closed_filing_change_nothing(
    budget: Filing, lin: StaffMember, wai: StaffMember
) -> None:
    count = ProcurementLine.objects.count()
    reviewer = factories.make_staff("shen", Role.INTERNAL_REVIEWER, department=budget.department)
    for person in (wai, reviewer):
        with pytest.raises(FilingLocked):
            save(budget, person, RowEdit("n1", PEN))
    Filing.objects.filter(pk=budget.pk).update(state=State.SUBMITTED)
    with pytest.raises(FilingLocked):
        save(budget, lin, RowEdit("n1", PEN))
    with pytest.raises(FilingLocked):
        save(budget, lin, removals={str(rows()[0].pk): 1})
    assert ProcurementLine.objects.count() == count


def test_the_history_is_not_seen_by_others(
    budget: Filing, lin: StaffMember, wai: StaffMember
) -> None:
    save(budget, lin, RowEdit("n1", PEN))
    assert ListChange.objects.visible_to(lin).exists()
    assert not ListChange.objects.visible_to(wai).exists()
