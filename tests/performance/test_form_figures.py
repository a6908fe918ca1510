"""What forms print from records: Jianghan's printed money is in the cells, and nowhere else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgets.workbook import CellSnapshot, ProjectFrequency
from performance.evaluation import DEPARTMENT, unit_subject
from performance.form_figures import FilingRecords, FormFigures, form_figures
from performance.form_money import FormMoney
from rulebook.amounts import in_wan
from rulebook.editions import DATA, read_toml
from rulebook.forms import BlockKind, FieldKind, forms_in_force, load_form
from tests.budgets import jianghan
from tests.budgets.jianghan_books import books, project_budget
from tests.performance.test_lints import PROJECT_CODE, SOURCE, UNITS, records

BUREAU = "department_targets/jianghan_2023"
TRAFFIC = "department_targets/jianghan_2023_traffic"
PROJECT = "project_targets/jianghan_2023"
KINDS = ("department_targets", "project_targets", "department_evaluation", "project_evaluation")
OWN = {"project.budget", "score.total", "score.grade"}


def of(form: str, subject: str) -> FormFigures:
    return form_figures(load_form(form), subject, records(SOURCE))


def jianghan_records() -> FilingRecords:
    rows = tuple(map(project_budget, jianghan.projects()))
    return FilingRecords(2023, "118", "江汉区公安分局", books(), rows)


def wan(figures: FormFigures, block: str, row: str, column: str = "this_year") -> Decimal | None:
    found = figures.amount(block, row, column)
    return None if found is None else in_wan(found.value)


def share(figures: FormFigures, block: str, row: str) -> str:
    found = next(each for each in load_form(BUREAU).blocks if each.key == block)
    line = next(each for each in found.rows if each.key == row)
    return FormMoney(figures, {}).share(found, line)


def test_the_departments_money_is_the_sum_of_its_units_with_both_years_before() -> None:
    figures = of(BUREAU, DEPARTMENT)
    columns = ("this_year", "last_year", "two_years_before")
    assert [wan(figures, "revenue", "appropriation", c) for c in columns] == [900, 830, 760]
    assert [wan(figures, "expenditure", "personnel", c) for c in columns] == [600, 540, 480]
    assert wan(figures, "expenditure", "total") == 900
    assert share(figures, "expenditure", "personnel") == "66.67%"


def test_every_figure_says_which_cell_it_came_from() -> None:
    figures = of(BUREAU, unit_subject(UNITS["甲"]))
    place = figures.amounts["revenue", "appropriation", "this_year"].places
    assert place == ("cell/999001/overall_performance_funds/appropriation/original_budget",)
    total = figures.amounts["expenditure", "total", "this_year"].places
    assert [each.split("/")[3] for each in total] == ["personnel", "operating", "specific_target"]


def test_what_nobody_filled_is_left_out_and_not_zero() -> None:
    figures = of(BUREAU, DEPARTMENT)
    assert wan(figures, "revenue", "own_source_funds") is None
    assert share(figures, "revenue", "own_source_funds") == ""


@pytest.mark.parametrize(
    ("unit", "form", "rows"),
    [
        ("118001", BUREAU, {"personnel": "43495.06", "operating": "6038.15", "total": "73380.06"}),
        ("118002", TRAFFIC, {"basic": "10392.00", "project": "5280.49", "total": "15672.49"}),
    ],
)
def test_the_published_forms_of_jianghan(unit: str, form: str, rows: dict[str, str]) -> None:
    figures = form_figures(load_form(form), unit_subject(unit), jianghan_records())
    for row, printed in rows.items():
        assert wan(figures, "expenditure", row) == Decimal(printed), row


def test_the_traffic_form_has_basic_and_project_expenditure_of_the_expenditure_sheet() -> None:
    source = records(SOURCE)
    cells = (
        CellSnapshot("expenditure_sheet", "2040201", "basic", Decimal(300)),
        CellSnapshot("expenditure_sheet", "2040202", "project", Decimal(70)),
    )
    with_them = source.books[1].with_cells(cells)
    filing = FilingRecords(2023, "999", "示例部门", (source.books[0], with_them))
    figures = form_figures(load_form(TRAFFIC), unit_subject(UNITS["乙"]), filing)
    amounts = [figures.amount("expenditure", row, "this_year") for row in ("basic", "total")]
    assert [each and each.value for each in amounts] == [300, 370]
    assert figures.amount("expenditure", "basic", "last_year") is None


def test_a_projects_budget_over_all_sources_and_its_total() -> None:
    figures = of(PROJECT, PROJECT_CODE)
    assert wan(figures, "budget", "current", "amount") == 80
    assert wan(figures, "budget", "total_budget", "amount") == 200
    assert figures.amounts["budget", "current", "amount"].places == (
        f"project_budget/{PROJECT_CODE}/total",
    )


def test_names_come_from_the_registers() -> None:
    texts = of(PROJECT, PROJECT_CODE).texts
    assert {key: text.text for key, text in texts.items()} == {
        "project_name": "示例项目",
        "project_code": PROJECT_CODE,
        "supervisor": "示例部门",
        "year": "2023",
    }
    assert of(BUREAU, DEPARTMENT).texts["name"].text == "示例部门"
    assert of(BUREAU, unit_subject(UNITS["甲"])).texts["name"].text == "甲"


def test_the_block_of_projects_lists_each_subjects_own() -> None:
    assert [line.code for line in of(BUREAU, DEPARTMENT).projects] == [PROJECT_CODE]
    (line,) = of(BUREAU, unit_subject(UNITS["甲"])).projects
    assert (line.frequency, line.budget and line.budget.value) == (
        ProjectFrequency.MULTI_YEAR, 800_000,
    )  # fmt: skip
    assert of(TRAFFIC, unit_subject(UNITS["乙"])).projects == ()
    assert of(PROJECT, PROJECT_CODE).projects == ()


def test_every_source_of_every_edition_is_known() -> None:
    known = {*read_toml(DATA / "forms" / "sources.toml")["cells"], *OWN}
    names = {"subject.name", "project.name", "project.code", "department.name", "unit.name"}
    known |= names | {"filing.fiscal_year"}
    for kind in KINDS:
        for region in ("000000", "420103", "420111", "420700"):
            for form in forms_in_force(kind, region=region, fiscal_year=2024):
                fields = {f.source for f in form.fields() if f.kind is FieldKind.RECORD}
                rows = {r.source for b in form.blocks for r in b.rows if r.source}
                assert fields | rows <= known, form.id


def test_a_filing_without_books_has_names_only() -> None:
    figures = form_figures(load_form(BUREAU), DEPARTMENT, FilingRecords(2023, "999", "示例部门"))
    assert figures.amounts == {}
    assert figures.texts["name"].text == "示例部门"
    assert load_form(BUREAU).blocks_of(BlockKind.PROJECTS)
