"""The published Jianghan budget as an extract: everything transcribed in tests/cases/jianghan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from disclosures.printed_extract.values import (
    DeclaredMoney,
    DeclaredProject,
    Extract,
    Heading,
    HeadingSide,
    MoneySide,
    NamedUse,
    NameKind,
    PrintedFigure,
    PrintedName,
    StatedIndicator,
    Term,
)
from tests.budgets import jianghan
from tests.budgets.jianghan import DEPARTMENT, UNITS, amount, coded, filled, read, read_table
from tests.budgets.jianghan_declarations import declared_projects

WAN = "万元"
ROWS = {"合计": "total", "": "total"}
COLUMNS = {
    "expenditure_summary": ("expenditure_sheet", {
        "合计": "total", "基本支出": "basic", "项目支出": "project"}),
    "by_function": ("general_public_expenditure", {
        "合计": "total", "基本支出·小计": "basic", "基本支出·人员经费": "personnel",
        "基本支出·公用经费": "operating", "项目支出": "project"}),
    "basic_by_economic": ("general_public_basic_expenditure", {
        "合计": "total", "人员经费": "personnel", "公用经费": "operating"}),
}  # fmt: skip
THREE_PUBLIC = {
    "“三公”经费合计": "total",
    "公务用车购置及运行费·小计": "vehicles",
    "公务用车购置及运行费·公务用车购置费": "vehicle_purchase",
    "公务用车购置及运行费·公务用车运行费": "vehicle_operation",
    "公务接待费": "official_hospitality",
}
PROCUREMENT_TOTALS = {
    "采购金额合计(万元)": "amount",
    "其中面向中小企业": "sme_amount",
    "其中面向小微企业": "micro_amount",
}
HEADS = {"118001": "42010323118T", "118002": "42010322118T"}
USE_PLACES = {"301": "第二部分 六(一)", "302": "第二部分 六(三)", "303": "第二部分 六(二)"}

Raw = tuple[str, str, Decimal, str]
"""Place, wording, value, what it states."""


def _headings() -> Iterator[Heading]:
    number, contents = count(1), read("contents")
    for side, key in ((HeadingSide.CONTENTS, "contents"), (HeadingSide.BODY, "headings")):
        for part, mark, title in contents[key]:
            yield Heading(next(number), side, part, mark, title)


def _table_figures() -> Iterator[Raw]:
    """Every amount printed in the tables, with the cell or row it states."""
    for name, (sheet, columns) in COLUMNS.items():
        for (code, column), value in jianghan.cells(name).items():
            row = ROWS.get(code, code)
            yield (
                read_table(name).source,
                f"{code} {column}",
                value,
                (f"cell/{DEPARTMENT}/{sheet}/{row}/{columns[column]}"),
            )
    columns = COLUMNS["by_function"][1]
    for (unit, column), value in jianghan.cells("by_unit").items():
        sheet = "general_public_expenditure_by_unit"
        book = DEPARTMENT if unit == "合计" else unit
        yield (
            "第五部分 六",
            f"{unit} {column}",
            value,
            f"cell/{book}/{sheet}/total/{columns[column]}",
        )
    public = read_table("three_public")
    for column, printed in zip(public.columns, public.rows[0], strict=True):
        if printed:
            key = f"cell/{DEPARTMENT}/three_public_expenses/original_budget/{THREE_PUBLIC[column]}"
            yield "第五部分 八", column, filled(printed), key


def _list_figures() -> Iterator[Raw]:
    """The totals and rows of the three lists."""
    for project in jianghan.projects():
        yield "第五部分 十", project.name, project.amount, f"project_budget/{project.code}/total"
    book = DEPARTMENT
    for row in read_table("projects").rows:
        if "T" not in row[0]:
            book = row[0] if row[0] in UNITS else book
            key = f"list_total/{book}/project_budgets/total"
            yield "第五部分 十", row[1] or "合计", filled(row[3]), key
    table = read_table("procurement")
    printed = dict(zip(table.columns, table.rows[0], strict=True))
    for column, field in PROCUREMENT_TOTALS.items():
        key = f"list_total/{DEPARTMENT}/procurement/{field}"
        yield "第五部分 十一 合计行", column, filled(printed[column]), key
    services = read_table("purchased_services").rows[0]
    key = f"list_total/{DEPARTMENT}/purchased_services/amount"
    yield "第五部分 十二 合计行", "购买金额", filled(services[6]), key
    for unit in UNITS:
        bought = (row for row in jianghan.procurement() if row.unit == unit)
        for number, row in enumerate(bought, 1):
            key = f"procurement/{unit}/{number}/amount"
            yield "第五部分 十一", f"{unit} 第 {number} 行", row.amount, key


def _figures() -> tuple[PrintedFigure, ...]:
    extract, number = read("extract"), count(1)
    texts = read("texts")["texts"]
    lines = {name: next(number) for name, *_ in texts}

    def refs(names: Iterable[str]) -> tuple[int, ...]:
        return tuple(-lines[n[1:]] if n.startswith("-") else lines[n] for n in names)

    found = []
    for name, place, wording, value, unit in texts:
        rate: dict[str, Any] = extract["rates"].get(name, {})
        found.append(
            PrintedFigure(
                line=lines[name],
                place=place,
                wording=wording,
                value=filled(value),
                unit=unit or ("%" if value.endswith("%") else ""),
                states=extract["states"].get(name, ""),
                parts=refs(rate.get("parts") or extract["parts"].get(name, ())),
                base=refs(rate.get("base", ())),
            )
        )
    for place, wording, figure, states in (*_table_figures(), *_list_figures()):
        found.append(PrintedFigure(next(number), place, wording, figure, WAN, states))
    return tuple(found)


def _coded_names() -> Iterator[tuple[str, NameKind, str, str]]:
    kinds = (
        ("procurement", (3, 4, 5), "第五部分 十一"),
        ("purchased_services", (9, 10), "第五部分 十二"),
    )
    order = {3: NameKind.PROCUREMENT_ITEM, 4: NameKind.FUNCTIONAL, 5: NameKind.ECONOMIC,
             9: NameKind.FUNCTIONAL, 10: NameKind.ECONOMIC}  # fmt: skip
    for table, columns, place in kinds:
        for row in read_table(table).rows:
            for at in columns:
                if row[at].startswith("["):
                    found = coded(row[at])
                    yield place, order[at], found.code, found.name
    for table, place in (("by_function", "第五部分 五"), ("expenditure_summary", "第五部分 三")):
        for row in read_table(table).rows:
            if row[0]:
                yield place, NameKind.FUNCTIONAL, row[0], row[1]
    for row in read_table("basic_by_economic").rows:
        if row[0]:
            yield "第五部分 七", NameKind.ECONOMIC, row[0], row[1]


def _unit_names() -> Iterator[tuple[str, NameKind, str, str]]:
    for table, place in (("by_unit", "第五部分 六"), ("projects", "第五部分 十"),
                         ("procurement", "第五部分 十一"),
                         ("purchased_services", "第五部分 十二")):  # fmt: skip
        for row in read_table(table).rows:
            if row[0] in (DEPARTMENT, *UNITS):
                yield place, NameKind.UNIT, row[0], row[1]
    for row in read("project_declarations")["rows"]:
        for unit, head in HEADS.items():
            if row[3] and row[0].startswith(head):
                yield "第五部分 十四", NameKind.UNIT, unit, row[3]


def _names() -> Iterator[PrintedName]:
    number = count(1)
    for place, kind, code, name in (*_coded_names(), *_unit_names()):
        yield PrintedName(next(number), place, kind, code, name)
    for table in ("procurement", "purchased_services"):
        name = read_table(table).rows[0][1]
        code = f"list_total/{DEPARTMENT}/{table}/amount"
        yield PrintedName(
            next(number), f"{read_table(table).source} 合计行", NameKind.ROW_LABEL, code, name
        )
    for table in ("summary", "by_unit", "projects", "procurement", "purchased_services"):
        found = read_table(table)
        yield PrintedName(next(number), found.source, NameKind.MONEY_UNIT, "", found.unit_printed)


def _uses() -> Iterator[NamedUse]:
    for line, (within, name) in enumerate(read("texts")["uses"], 1):
        sheet = "general_public_basic_expenditure"
        yield NamedUse(line, USE_PLACES[within], sheet, within, name)


def _money() -> Iterator[DeclaredMoney]:
    data = read("declaration_money")
    names = {unit: name for unit, _, name in data["units"]}
    for line, (unit, side, item, current, share, earlier, last) in enumerate(data["rows"], 1):
        yield DeclaredMoney(
            line=line,
            declaration=unit,
            name=names[unit],
            side=MoneySide.REVENUE if side == "收入" else MoneySide.EXPENDITURE,
            item=item,
            second_prior=amount(earlier),
            prior=amount(last),
            current=amount(current),
            share=amount(share),
        )


def _projects() -> Iterator[DeclaredProject]:
    number = count(1)
    for unit in UNITS:
        codes = {p.amount: p.code for p in jianghan.projects() if p.unit == unit}
        for row in declared_projects(unit):
            current = filled(row[4])
            yield DeclaredProject(
                next(number), f"第五部分 十三（{unit}）", codes[current.quantize(Decimal("0.01"))],
                row[1], row[2], filled(row[3]), current,
            )  # fmt: skip
    for code, _, name, _, _, kind, _, whole, current in read("project_declarations")["rows"]:
        yield DeclaredProject(
            next(number), "第五部分 十四", code, name, kind, amount(whole), filled(current)
        )


def _indicators() -> Iterator[StatedIndicator]:
    number = count(1)
    for declaration, goal, name, _, _, value in read("indicators")["rows"]:
        term = Term.LONG if goal.startswith("长期") else Term.ANNUAL
        place = f"{declaration} {goal}"
        yield StatedIndicator(next(number), place, declaration, term, name, value)
    for goal in read("extract")["goal"]:
        place = f"{goal['declaration']} 文字"
        yield StatedIndicator(
            next(number), place, goal["declaration"], Term.ANNUAL, goal["indicator"],
            goal["says"], in_text=True,
        )  # fmt: skip


@cache
def jianghan_extract() -> Extract:
    return Extract(
        title="武汉市公安局江汉区分局2023年部门预算",
        money_unit=WAN,
        headings=tuple(_headings()),
        figures=_figures(),
        names=tuple(_names()),
        uses=tuple(_uses()),
        declared_money=tuple(_money()),
        declared_projects=tuple(_projects()),
        indicators=tuple(_indicators()),
    )
