"""A clean budget book with its lists, as values, and the package that holds it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from budgets.workbook import (
    BudgetLists,
    CellSnapshot,
    ProcurementRow,
    ProjectBudget,
    ProjectFrequency,
    ProjectKind,
    PurchasedServiceRow,
    UnitKind,
    WorkbookSnapshot,
)
from disclosures.filing_package import CodeLabel, Editions, FilingHead, FilingPackage, Text

CASES = Path(__file__).parents[2] / "cases" / "checks" / "budget.toml"
RAW: dict[str, Any] = tomllib.loads(CASES.read_text("utf-8"))
UNIT = "118001"
KINDS: dict[str, type] = {
    "project_budgets": ProjectBudget,
    "procurement": ProcurementRow,
    "purchased_services": PurchasedServiceRow,
}
TYPED = {"kind": ProjectKind, "frequency": ProjectFrequency}


def typed(kind: type, key: str, value: Any) -> Any:
    annotation = next(str(field.type) for field in fields(kind) if field.name == key)
    if "Decimal" in annotation:
        return Decimal(value) if value else None
    return TYPED[key](value) if key in TYPED else value


@cache
def clean_budget() -> WorkbookSnapshot:
    cells = [CellSnapshot(*key.split("/"), Decimal(value)) for key, value in RAW["cells"].items()]
    layout = "departmental_budget/jianghan_2023"
    return WorkbookSnapshot(UNIT, "甲单位", UnitKind.ADMINISTRATIVE, layout, tuple(cells))


def _rows(key: str) -> Iterable[Any]:
    kind = KINDS[key]
    for number, raw in enumerate(RAW[key], 1):
        row = {name: typed(kind, name, value) for name, value in raw.items()}
        more = {} if kind is ProjectBudget else {"number": number}
        if kind is not ProjectBudget:
            more |= {"funding_source": "年初安排", "fund_nature": "经费拨款补助"}
        yield kind(book=UNIT, **row, **more)


@cache
def clean_lists() -> BudgetLists:
    return BudgetLists(**{key: tuple(_rows(key)) for key in KINDS})


@cache
def budget_package() -> FilingPackage:
    """The clean book of one unit as a data package."""
    lists = clean_lists()
    head = FilingHead(
        kind="departmental_budget",
        fiscal_year=2023,
        version=1,
        region_code="420103",
        region_name="武汉市江汉区",
        department_code="118",
        department_name="某部门",
        editions=Editions(
            "departmental_budget/jianghan_2023",
            "self_evaluation/wuhan_2023",
            "departmental_budget/national_2023",
        ),
        approval=None,
        sample=False,
    )
    labels = tuple(CodeLabel(_tree(code), code, name) for code, name in RAW["names"].items())
    texts = (Text("duties", "维护秩序。"), Text("organisation", "本级一个单位。"))
    empty: dict[str, Any] = dict.fromkeys(
        ("projects", "declarations", "evaluations", "reasons", "key_tasks", "explanations"), ()
    )
    return FilingPackage(
        head=head,
        books=(clean_budget(),),
        texts=texts,
        codes=labels,
        project_budgets=tuple(lists.project_budgets),
        procurement=tuple(lists.procurement),
        purchased_services=tuple(lists.purchased_services),
        **empty,
    )


def _tree(code: str) -> str:
    return "functional" if code.startswith("2") else "departmental_economic"
