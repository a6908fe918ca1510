"""The performance forms of the four published documents as the product holds them.

Figures, codes, names and indicators are those of the documents (tests/cases); kind and direction
of an indicator, which no form prints, are set here as a person would set them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from budgets.workbook import (
    CellSnapshot,
    ProjectBudget,
    ProjectFrequency,
    ProjectKind,
    ProjectSnapshot,
    UnitKind,
    WorkbookSnapshot,
)
from disclosures.filing_package import CodeLabel, Editions, FilingPackage
from disclosures.package import canonical
from performance.evaluation import (
    DEPARTMENT,
    DeclarationSnapshot,
    Direction,
    EvaluationSnapshot,
    ExpenditureDetail,
    FieldText,
    FormAmount,
    GoalSnapshot,
    IndicatorKind,
    IndicatorSnapshot,
    unit_subject,
)
from rulebook.amounts import from_wan
from rulebook.forms import load_form
from tests.budgets import jianghan
from tests.budgets.checks.books import sample
from tests.budgets.checks.budget_books import budget_package
from tests.disclosures.jianghan_filing import jianghan_filing
from tests.performance.scoring.test_politics_law_2019 import evaluation_of, forms

CASES = Path(__file__).parents[1] / "cases" / "forms"
RANK = re.compile(r"前\s*\d+\s*名")
RANGE = re.compile(r"\d+%[-—–]\d+%")
TREND = ("下降", "上升", "减少", "增强")
BELOW = ("≤", "<", "0次", "0起", "0 起")
AMOUNT_SHEET = "overall_performance_funds"
MONEY_COLUMNS = ("original_budget", "prior_year", "second_prior_year")
PREVIOUS_YEARS = {
    "财政拨款": "appropriation",
    "人员类项目支出": "personnel",
    "运转类项目支出": "operating",
    "特定目标类项目支出": "specific_target",
}
FREQUENCIES = {
    "常年性项目": ProjectFrequency.RECURRENT,
    "经常性": ProjectFrequency.RECURRENT,
    "一次性": ProjectFrequency.ONE_OFF,
    "延续性项目": ProjectFrequency.MULTI_YEAR,
    "递延性": ProjectFrequency.MULTI_YEAR,
}
TEXTS = (
    "duties", "tasks", "filled_on", "executor", "category", "frequency", "starts_on", "ends_on",
    "policy_basis", "relation_to_duties", "significance", "plan", "last_evaluation", "correction",
    "result_use", "budget_change",
)  # fmt: skip
EMPTY: dict[str, Any] = dict.fromkeys(
    ("books", "projects", "declarations", "evaluations", "texts", "reasons", "key_tasks",
     "explanations", "codes", "project_budgets", "procurement", "purchased_services"), ()
)  # fmt: skip


def read(name: str) -> dict[str, Any]:
    with (CASES / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def kind_of(target: str) -> IndicatorKind:
    if RANK.search(target):
        return IndicatorKind.RANK
    if RANGE.search(target):
        return IndicatorKind.RANGE
    if any(word in target for word in TREND):
        return IndicatorKind.TREND
    is_number = any(character.isdigit() for character in target)
    return IndicatorKind.QUANTITATIVE if is_number else IndicatorKind.QUALITATIVE


def direction_of(target: str, kind: IndicatorKind) -> Direction | None:
    if kind not in (IndicatorKind.QUANTITATIVE, IndicatorKind.RANGE):
        return None
    if target.startswith("=0") or target.startswith(BELOW):
        return Direction.LOWER_IS_BETTER
    return Direction.HIGHER_IS_BETTER


def indicator(key: str, tiers: Sequence[str], name: str, target: str, **more: str) -> Any:
    kind = kind_of(target)
    return IndicatorSnapshot(
        key, tiers[0], tiers[1], name, kind, direction_of(target, kind), target, None, **more
    )


def wan(text: str) -> Decimal:
    return from_wan(Decimal(text))


# ── Ezhou 2024 ─────────────────────────────────────────────────────────────────────────────────


def _ezhou_rows(prefix: str, rows: Iterable[list[str]]) -> Iterator[IndicatorSnapshot]:
    for number, (one, two, name, *values) in enumerate(rows, 1):
        years = dict(zip(("two_years_before", "last_year"), values[:-1], strict=False))
        yield indicator(
            f"{prefix}1.{number}", (one, two), name, values[-1],
            basis="plan", classification="basic", **years,
        )  # fmt: skip


def ezhou_declaration() -> DeclarationSnapshot:
    data = read("ezhou_2024")
    long_term = tuple(_ezhou_rows("L", data["long_term"]))
    annual = tuple(_ezhou_rows("", data["annual"]))
    fields = tuple(FieldText(key, data[key]) for key in TEXTS if data.get(key))
    return DeclarationSnapshot(
        DEPARTMENT,
        data["objective"],
        (GoalSnapshot("1", data["annual_goal"], None, annual),),
        form=data["form"],
        long_term_objective=data["long_term_objective"],
        long_term_until=data["until"],
        long_term=(GoalSnapshot("L1", data["long_term_goal"], None, long_term),),
        fields=fields,
    )


@cache
def ezhou_package() -> FilingPackage:
    """The one form of Ezhou with the records it prints: the money of the book, the projects."""
    data = read("ezhou_2024")
    code, name = data["department"]
    unit = f"{code}001"
    cells = tuple(
        CellSnapshot(AMOUNT_SHEET, key, column, wan(value), unit="wan")
        for key, _, now, _, *before in (*data["revenue"], *data["expenditure"])
        for column, value in zip(MONEY_COLUMNS, (now, *before), strict=True)
    )
    layout = "departmental_budget/national_2023"
    book = WorkbookSnapshot(unit, f"{name}本级", UnitKind.ADMINISTRATIVE, layout, cells)
    head = replace(
        budget_package().head,
        fiscal_year=data["fiscal_year"],
        region_code=data["region"],
        region_name="鄂州市",
        department_code=code,
        department_name=name,
        editions=Editions(
            layout, "self_evaluation/hubei_2020", "departmental_budget/national_2023"
        ),
    )
    return canonical(
        FilingPackage(
            head=head,
            **EMPTY
            | {
                "books": (book,),
                "declarations": (ezhou_declaration(),),
                "project_budgets": tuple(_ezhou_projects(unit, data["projects"])),
                "codes": (CodeLabel("functional", "2040202", "一般行政管理事务"),),
            },
        )
    )


def _ezhou_projects(unit: str, rows: Iterable[list[str]]) -> Iterator[ProjectBudget]:
    for number, (name, frequency, whole, budget, use) in enumerate(rows, 1):
        yield ProjectBudget(
            code=f"42070024118T0000001{number:02}",
            name=name,
            book=unit,
            functional_code="2040202",
            kind=ProjectKind.SPECIFIC_TARGET,
            frequency=FREQUENCIES[frequency],
            general_public=wan(budget),
            total_budget=wan(whole),
            main_use=use,
            unit="wan",
        )


# ── Jianghan 2023 ──────────────────────────────────────────────────────────────────────────────


def _spread(runs: Iterable[list[Any]]) -> list[list[Any]]:
    """[value …, times] → each value as often as it is to be printed."""
    return [list(values) for *values, times in runs for _ in range(times)]


def _jianghan_goals(form: dict[str, Any], *, long_term: bool) -> Iterator[GoalSnapshot]:
    """The goals of a horizon, with the rows of indicators.toml under them in order."""
    rows = [r for r in jianghan.read("indicators")["rows"] if r[0] == form["subject"]]
    word, prefix = ("长期目标", "L") if long_term else ("年度目标", "")
    for goal in dict.fromkeys(row[1] for row in rows if row[1].startswith(word)):
        number = goal.removeprefix(word) or "0"
        own = [row for row in rows if row[1] == goal]
        tiers = _spread(form["tiers"][goal])
        more = [_more(form, goal, at) for at in range(len(own))]
        found = tuple(
            indicator(
                f"{prefix}{number}.{at}", tier, name, target,
                two_years_before=before, last_year=last, **words,
            )
            for at, ((_, _, name, before, last, target), tier, words) in enumerate(
                zip(own, tiers, more, strict=True), 1
            )
        )  # fmt: skip
        yield GoalSnapshot(f"{prefix}{number}", form.get("goals", {}).get(goal, ""), None, found)


def _more(form: dict[str, Any], goal: str, at: int) -> dict[str, str]:
    """Basis and notes of a row, of those its form has."""
    if "bases" in form:
        basis, note = _spread(form["bases"][goal])[at]
        return {"basis": basis, "basis_note": note}
    if "basis_notes" in form:
        return {"basis_note": _spread(form["basis_notes"][goal])[at][0]}
    return {"note": _spread(form["notes"][goal])[at][0]} if "notes" in form else {}


def _jianghan_declaration(form: dict[str, Any], filled_on: str) -> DeclarationSnapshot:
    subject = form["subject"]
    edition = load_form(form["edition"])
    texts = form if edition.field("filled_on") is None else form | {"filled_on": filled_on}
    previous = [
        ("previous_years", row, column, v) for row, column, v in form.get("previous_years", [])
    ]
    sources = [("sources", row, "amount", v) for row, v in form.get("sources", [])]
    whole = [("budget", "total_budget", "amount", form[k]) for k in ("total_budget",) if k in form]
    stated = tuple(_stated_years()) if subject == "118" else ()
    return DeclarationSnapshot(
        {"118": DEPARTMENT}.get(subject, unit_subject(subject) if len(subject) == 6 else subject),
        form.get("objective", ""),
        tuple(_jianghan_goals(form, long_term=False)),
        form=form["edition"],
        long_term_objective=form.get("long_term_objective", ""),
        long_term_until=form.get("until"),
        long_term=tuple(_jianghan_goals(form, long_term=True)),
        fields=tuple(FieldText(key, texts[key]) for key in TEXTS if texts.get(key)),
        amounts=(
            *stated,
            *(
                FormAmount(block, row, column, wan(value), "wan")
                for block, row, column, value in (*previous, *whole, *sources)
            ),
        ),
        details=tuple(
            ExpenditureDetail(content, calculation, wan(value), unit="wan")
            for content, calculation, value in form.get("details", [])
        ),
    )


def jianghan_declarations() -> tuple[DeclarationSnapshot, ...]:
    data = read("jianghan_2023")
    return tuple(_jianghan_declaration(form, data["filled_on"]) for form in data["form"])


def _declared_project(project: ProjectBudget) -> ProjectBudget:
    """With kind of frequency, total and use as the unit's overall declaration prints them."""
    rows = jianghan.read("declaration_money")["projects"]
    row = next(
        r for r in rows if (r[0], wan(r[4])) == (project.book, project.general_public) and r[2]
    )
    frequency = next(each for word, each in FREQUENCIES.items() if row[2].startswith(word))
    use = next(
        text
        for unit, budget, text in read("jianghan_2023")["uses"]
        if (unit, wan(budget)) == (project.book, project.general_public)
    )
    return replace(project, frequency=frequency, total_budget=wan(row[3]), main_use=use)


def _stated_years() -> Iterator[FormAmount]:
    """The two previous years as the department's own form states them; its units' differ."""
    for subject, side, item, _, _, *years in jianghan.read("declaration_money")["rows"]:
        if subject == "118" and item in PREVIOUS_YEARS:
            block = {"收入": "revenue", "支出": "expenditure"}[side]
            for column, value in zip(("two_years_before", "last_year"), years, strict=True):
                yield FormAmount(block, PREVIOUS_YEARS[item], column, wan(value), "wan")


def _with_previous_years(book: WorkbookSnapshot) -> WorkbookSnapshot:
    """The two previous years of the money block, as the unit's declaration prints them."""
    found = [
        CellSnapshot(AMOUNT_SHEET, PREVIOUS_YEARS[item], column, wan(value), unit="wan")
        for form, _, item, _, _, *years in jianghan.read("declaration_money")["rows"]
        if form == book.book and item in PREVIOUS_YEARS
        for column, value in zip(("second_prior_year", "prior_year"), years, strict=True)
        if value
    ]
    return book.with_cells(found)


@cache
def jianghan_package() -> FilingPackage:
    filed = jianghan_filing()
    return canonical(
        replace(
            filed,
            books=tuple(map(_with_previous_years, filed.books)),
            declarations=jianghan_declarations(),
            project_budgets=tuple(map(_declared_project, filed.project_budgets)),
        )
    )


# ── Hongshan 2019 and 2023 ─────────────────────────────────────────────────────────────────────


POLITICS_LAW = "中国共产党武汉市洪山区委政法委员会"


def politics_law_code(number: int) -> str:
    return f"42011119999T00000000{number}"


def politics_law_evaluations() -> Iterator[EvaluationSnapshot]:
    """The three forms of 2019, each under a project code of its own (none is published)."""
    for number, form in enumerate(forms(), 1):
        each, code = evaluation_of(form), politics_law_code(number)
        yield replace(each, subject=code, declaration=replace(each.declaration, subject=code))


@cache
def politics_law_package() -> FilingPackage:
    """The three forms of 2019 in a final account; no table was published with them."""
    evaluations = tuple(politics_law_evaluations())
    head = sample().head
    unit = "205001"
    rules = "departmental_final_accounts/wuhan_2019"
    return canonical(
        FilingPackage(
            head=replace(
                head,
                fiscal_year=2019,
                department_code="205",
                department_name=POLITICS_LAW,
                editions=Editions(rules, "self_evaluation/wuhan_2019", rules),
                sample=False,
                approval=None,
            ),
            **EMPTY
            | {
                "books": (
                    WorkbookSnapshot(unit, POLITICS_LAW, UnitKind.ADMINISTRATIVE, rules, ()),
                ),
                "projects": tuple(
                    ProjectSnapshot(e.subject, e.title, unit, None, e.budget, e.spent, "wan")
                    for e in evaluations
                ),
                "declarations": tuple(e.declaration for e in evaluations),
                "evaluations": evaluations,
            },
        )
    )


def hongshan_package() -> FilingPackage:
    return sample()


PACKAGES = {
    "ezhou_2024": ezhou_package,
    "jianghan_2023": jianghan_package,
    "politics_law_2019": politics_law_package,
    "hongshan_2023": hongshan_package,
}
