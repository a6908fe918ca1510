"""A form and its scoring are added with data alone: the files of ``tests/cases/toy_edition``, put
where ``docs/adding-a-year.md`` says, are declared, scored, shown and printed. No code knows them.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from budgets.catalogues import load_regions
from departments.models import FiscalYear, Role, StaffMember
from disclosures.evaluate import facts_of, scorecards_of
from disclosures.report.forms import derivation_table, evaluation_table
from disclosures.snapshots import build_package
from filings.models import Filing
from filings.services import open_filing
from performance.declaring import open_declaration
from performance.evaluation import (
    Band,
    DeclarationSnapshot,
    Direction,
    EvaluationSnapshot,
    GoalSnapshot,
    IndicatorKind,
    IndicatorSnapshot,
    Judgement,
    ResultSnapshot,
)
from performance.excel.comparison import FormsPlan, plan_forms
from performance.excel.reading import read_forms
from performance.form_imports import export_forms, mark_of
from performance.form_saving import save_forms
from performance.intake import replace_performance
from performance.models import SelfEvaluation
from performance.scoring import load_parameters, replay, score
from performance.scoring.weights import weight_conflicts
from performance.services import open_self_evaluation
from performance.workbook_pages import form_pages
from rulebook import editions
from rulebook.amounts import MoneyUnit
from rulebook.citations import cite
from rulebook.editions import edition_for
from rulebook.forms import (
    PROJECT_EVALUATION,
    BlockKind,
    FormEdition,
    forms_in_force,
    load_form,
)
from tests import factories
from tests.budgets.excel.files import edited
from tests.performance.values import CASES, PROJECT_CODE

SignIn = Callable[[StaffMember], Client]
TOY = CASES / "toy_edition"
REGION, YEAR = "420199", 2025
KIND = "departmental_final_accounts"
OURS = ("rulebook", "performance", "disclosures", "budgets", "reviews", "departments", "filings")


def forget_rules() -> None:
    """Empty every cache of the product: rules are read once and kept."""
    for name, module in list(sys.modules.items()):
        if module is not None and name.partition(".")[0] in OURS:
            for kept in list(vars(module).values()):
                if callable(getattr(kept, "cache_clear", None)):
                    kept.cache_clear()


def add_to(rules: Path) -> None:
    """What an administrator does: new files beside the old, lines at the end of two lists."""
    for family in ("forms", "scoring"):
        shutil.copytree(TOY / family, rules / family, dirs_exist_ok=True)
    for name in ("regions.toml", "documents.toml"):
        with (rules / name).open("a", encoding="utf-8") as known:
            known.write("\n" + (TOY / name).read_text("utf-8"))


@pytest.fixture
def toy_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The rule data with the toy edition added, in force for one test."""
    shipped, rules = editions.DATA, tmp_path / "data"
    shutil.copytree(shipped, rules)
    add_to(rules)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in OURS and getattr(module, "DATA", None) == shipped:
            monkeypatch.setattr(module, "DATA", rules)
    forget_rules()
    yield rules
    monkeypatch.undo()
    forget_rules()


def row(
    number: int, tier_one: str, tier_two: str, target: str, points: str, direction: Direction
) -> IndicatorSnapshot:
    return IndicatorSnapshot(
        f"0.{number}", tier_one, tier_two, f"{tier_two}{number}", IndicatorKind.QUANTITATIVE,
        direction, target, Decimal(points),
    )  # fmt: skip


def evaluation() -> EvaluationSnapshot:
    """用款 100 万元中的 90 万元；10 次做了 9 次，100 元花了 125 元，4 次做了 5 次。"""
    rows = (
        row(1, "效能成效", "办件成效", "≥10次", "20", Direction.HIGHER_IS_BETTER),
        row(2, "效能成效", "费用成效", "≤100元", "25", Direction.LOWER_IS_BETTER),
        row(3, "服务成效", "便民成效", "=4次", "15", Direction.EXACT),
    )
    goal = GoalSnapshot("0", "", Decimal(60), rows)
    return EvaluationSnapshot(
        subject=PROJECT_CODE,
        title="示例事项",
        form="project_evaluation/toy_2025",
        declaration=DeclarationSnapshot(
            PROJECT_CODE, "全年办件更快。", (goal,), form="project_evaluation/toy_2025"
        ),
        budget=Decimal(1_000_000),
        spent=Decimal(900_000),
        execution_reason="有一笔尾款没有支付。",
        objective_achieved="办件时间缩短。",
        objective_judgement=Judgement(Band.REACHED, Decimal(90)),
        objective_reason="还有两类事项没有提速。",
        results=(
            ResultSnapshot("0.1", "9次", None, "有一次停办。", "补办。"),
            ResultSnapshot("0.2", "125元", None, "用品涨价。", "集中采购。"),
            ResultSnapshot("0.3", "5次", None, "多办一次。", "按计划办。"),
        ),
        deviation_reason="",
        improvement_measure="",
        filled_on=date(2026, 1, 20),
    )


POINTS = {"execution": "27", "objective": "9", "0.1": "18", "0.2": "18.8", "0.3": "11.3"}
"""30×0.9；10×90%；20×9÷10；25×(1−25÷100)＝18.75；15×(1−1÷4)＝11.25，保留一位小数。"""


def test_the_new_rules_are_found_by_region_and_year_and_the_old_ones_stay(toy_rules: Path) -> None:
    (form,) = forms_in_force(PROJECT_EVALUATION, region=REGION, fiscal_year=YEAR)
    assert form.id == "project_evaluation/toy_2025"
    assert [tier.name for tier in form.tree] == ["效能成效", "服务成效"]
    assert form.blocks_of(BlockKind.EXECUTION)[0].title == "用款"
    assert cite(form.issued_under).title == "示例县预算绩效自评办法"
    scoring = edition_for("scoring", "self_evaluation", region=REGION, fiscal_year=YEAR)
    assert scoring.id == "self_evaluation/toy_2025"
    (before,) = forms_in_force(PROJECT_EVALUATION, region=REGION, fiscal_year=2024)
    (beside,) = forms_in_force(PROJECT_EVALUATION, region="420111", fiscal_year=YEAR)
    assert before.id == beside.id == "project_evaluation/wuhan_2023"


def test_its_own_numbers_decide_the_score(toy_rules: Path) -> None:
    parameters = load_parameters("self_evaluation/toy_2025")
    assert weight_conflicts(evaluation().declaration, parameters) == ()
    card = score(evaluation(), parameters)
    assert {line.key: line.points for line in card.lines} == {
        key: Decimal(points) for key, points in POINTS.items()
    }
    assert (card.total, card.grade, card.execution_rate) == (
        Decimal("84.1"), "乙", Decimal("90.0"),
    )  # fmt: skip
    assert replay(card) == card.total


@pytest.fixture
def filing(db: None, toy_rules: Path, sign_in: SignIn) -> Filing:
    """林 of a department of the new county files its final accounts of the year."""
    load_regions()
    FiscalYear.objects.get_or_create(year=YEAR)
    department = factories.make_department("示例县办事处", region=REGION)
    factories.make_unit(department)
    lin = factories.make_staff("lin", Role.PREPARER, department=department)
    return open_filing(staff=lin, department=department, fiscal_year=YEAR, kind=KIND)


def file_project(filing: Filing) -> None:
    unit = filing.department.units.get()
    project = factories.make_project(unit, name="示例事项", code=PROJECT_CODE, year=YEAR)
    factories.make_project_year(filing, project, revised_budget="1000000", actual="900000")


def file_evaluation(filing: Filing) -> SelfEvaluation:
    file_project(filing)
    replace_performance(
        filing=filing,
        staff=filing.opened_by,
        declarations=[evaluation().declaration],
        evaluations=[evaluation()],
    )
    return SelfEvaluation.objects.get()


def test_a_filing_takes_the_new_edition_and_opens_its_form(filing: Filing) -> None:
    assert filing.scoring_edition == "self_evaluation/toy_2025"
    file_project(filing)
    project = filing.project_years.get().project
    declared = open_declaration(filing=filing, staff=filing.opened_by, project=project)
    assert declared.form == "project_evaluation/toy_2025"
    opened = open_self_evaluation(declaration=declared, staff=filing.opened_by)
    assert opened.form == "project_evaluation/toy_2025"


def test_the_pages_offer_its_tree_and_show_its_score(filing: Filing, sign_in: SignIn) -> None:
    file_evaluation(filing)
    client = sign_in(filing.opened_by)
    place = [filing.public_id, PROJECT_CODE]
    targets = client.get(reverse("work:performance-targets", args=place)).content.decode()
    assert all(name in targets for name in ("效能成效", "费用成效", "便民成效"))
    page = client.get(reverse("work:performance-evaluation", args=place)).content.decode()
    assert "84.1" in page
    assert "示例县 2025 年度自评计分规则" in page
    overview = client.get(reverse("work:performance", args=place[:1])).content.decode()
    assert "乙" in overview


def test_it_is_printed_with_its_derivation(filing: Filing) -> None:
    file_evaluation(filing)
    package = build_package(filing)
    facts = facts_of(package, scorecards_of(package))
    (each,) = facts.evaluations
    printed = [cell.text for line in evaluation_table(facts, each).body for cell in line]
    assert {"费用成效2", "≤100元", "125元"} <= set(printed)
    derivation = derivation_table(facts, each)
    words = "".join(cell.text for line in derivation.body for cell in line)
    assert "反向指标（线性递减）" in words
    assert "84.1" in words


def words_of(form: FormEdition) -> set[str]:
    """Every word the data of a form has printed: blocks, heads of columns, fields, rows."""
    fields = {field.label for field in form.fields() if not field.is_private}
    blocks = {block.title for block in form.blocks if block.title}
    heads = {column.label for block in form.blocks for column in block.columns}
    return fields | blocks | heads | {row.label for block in form.blocks for row in block.rows}


def test_its_own_words_are_printed_and_no_others(filing: Filing) -> None:
    file_evaluation(filing)
    package = build_package(filing)
    facts = facts_of(package, scorecards_of(package))
    table = evaluation_table(facts, facts.evaluations[0])
    assert table.title == "2025年度示例事项项目成效自查表"
    assert table.head_lines == ("总分：84.10分",)
    labels = {c.text.partition("\n")[0] for line in table.body for c in line if c.style}
    tree = {"效能成效", "服务成效", "办件成效", "费用成效", "便民成效"}
    assert labels - {""} == words_of(load_form("project_evaluation/toy_2025")) | tree


def sheet_of(data: bytes) -> Any:
    return load_workbook(BytesIO(data))["01 示例事项"]


def planned(filing: Filing, data: bytes) -> FormsPlan:
    """What a file would change, read in this process: the rules of another are the shipped ones."""
    pages = {page.subject: page for page in form_pages(filing)}
    forms = {subject: [page.form] for subject, page in pages.items()}
    return plan_forms(read_forms(data, mark_of(filing), forms), pages, YEAR)


def test_its_workbook_goes_out_and_comes_back(filing: Filing) -> None:
    file_evaluation(filing)
    data = export_forms(filing=filing, unit=MoneyUnit.WAN, subject=PROJECT_CODE)
    assert data is not None
    sheet = sheet_of(data)
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert words_of(load_form("project_evaluation/toy_2025")) <= cells
    assert {"联系电话（不公开）", "84.10", "90.0%", "18.80"} <= cells
    assert planned(filing, data).is_idle

    def achieve(xlsx: Any) -> None:
        (cell,) = (c for row in xlsx["01 示例事项"].iter_rows() for c in row if c.value == "9次")
        cell.value = "10次"

    plan = planned(filing, edited(data, achieve))
    assert [change.label for change in plan.changes] == ["指标 0.1 办件成效1"]
    save_forms(filing=filing, staff=filing.opened_by, forms=plan.changed, pages=form_pages(filing))
    assert SelfEvaluation.objects.get().scorecard.total == Decimal("86.1")
