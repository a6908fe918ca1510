"""The comparisons of the Jianghan budget that are not sums of a table.

Contents against headings, names and codes, the declarations of the department, its units and
six projects, and their indicators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from difflib import get_close_matches
from itertools import groupby

from tests.budgets.jianghan import (
    DEPARTMENT,
    UNITS,
    Project,
    amount,
    cells,
    coded,
    filled,
    projects,
    read,
    read_table,
    text_figures,
)
from tests.budgets.jianghan_comparisons import (
    CENT,
    Comparison,
    at_most,
    plain,
    same,
    share,
    total,
    words,
)

# Item codes of the procurement catalogue are a letter and eight digits.
ITEM_CODE = re.compile(r"[ABC]\d{8}")
TITLE_TAIL = 9

Money = dict[tuple[str, str, str], dict[str, Decimal]]


def bare(text: str) -> str:
    """Drop blanks and brackets, which differ between fonts and not between titles."""
    return re.sub(r"[\s()（）“”\"]", "", text)


def contents() -> Iterator[Comparison]:
    listed, printed = read("contents")["contents"], read("contents")["headings"]

    def chapter(row: list[str]) -> str:
        return row[0] + row[1].split("(")[0] + ("(" if "(" in row[1] else "")

    chapters = {key: list(rows) for key, rows in groupby(printed, chapter)}
    for key, rows in groupby(listed, chapter):
        first, second = [r[2] for r in rows], [r[2] for r in chapters.get(key, [])]
        if not key.startswith("第五部分") or key == "第五部分":
            second = second[: len(first)] if key == "第五部分" else second
            place = key.replace("(", "各项")
            yield words("contents", place, "、".join(first), "、".join(second))


def tables_of_contents() -> Iterator[Comparison]:
    """Each table listed in the contents against the titles printed over the tables."""
    printed = sorted({r[2] for r in read("contents")["headings"] if r[2].startswith("2023年")})
    for part, number, title in read("contents")["contents"]:
        if part == "第五部分" and number:
            tail = bare(title)[-TITLE_TAIL:]
            found = [t for t in printed if bare(t).endswith(tail)]
            agrees = {bare(t) for t in found} == {bare(title)}
            yield Comparison("contents", part + number, title, "；".join(found) or "无", agrees)


def labels() -> Iterator[Comparison]:
    for name in ("procurement", "purchased_services"):
        yield words("label", f"{name}:合计", read_table(name).rows[0][1], "合计")
    for name in ("summary", "by_unit", "projects", "procurement", "purchased_services"):
        yield words("unit_of_measure", name, read_table(name).unit_printed, "万元")
    year = text_figures()["unit2_reference_year"]
    yield words("year", "118002:指标值", str(year), "2023")


def codes() -> Iterator[Comparison]:
    """Codes printed with a name against the tables that define that name."""
    functions = {r[1]: r[0] for r in read_table("expenditure_summary").rows}
    economic = {bare(r[1]): r[0] for r in read_table("basic_by_economic").rows}
    printed = {
        (name, coded(row[at]), kind)
        for name, first in (("procurement", 4), ("purchased_services", 9))
        for row in read_table(name).rows
        for at, kind in ((first, "功能"), (first + 1, "经济"))
        if row[at].startswith("[")
    }
    for name, value, kind in sorted(printed, key=str):
        known = functions[value.name] if kind == "功能" else economic[bare(value.name)]
        yield words("code_of_name", f"{name}:{value.name}", value.code, known)
    for code in sorted({coded(r[3]).code for r in read_table("procurement").rows if r[2]}):
        shape = code if ITEM_CODE.fullmatch(code) else "字母加8位数字"
        yield words("item_code", code, code, shape)


def declared_projects(unit: str) -> list[list[str]]:
    rows = read("declaration_money")["projects"]
    return [row for row in rows if row[0] == unit and row[1] != "合计"]


def names_of(project: Project) -> list[str]:
    """Return every name the document gives a project, the one in the project table first.

    The declarations are matched by amount and code, procurement and services by likeness.
    """
    every = [p.name for p in projects() if p.unit == project.unit]
    found = [project.name]
    found += [r[1] for r in declared_projects(project.unit) if filled(r[4]) == project.amount]
    found += [r[2] for r in read("project_declarations")["rows"] if r[0] == project.code]
    for table, at in (("procurement", 2), ("purchased_services", 3)):
        for row in read_table(table).rows:
            likely = get_close_matches(row[at], every, n=1) if row[0] == project.unit else []
            found += [row[at]] if likely == [project.name] else []
    spellings: dict[str, str] = {}
    for name in found:
        spellings.setdefault(bare(name), name)
    return list(spellings.values())


def project_names() -> Iterator[Comparison]:
    for project in projects():
        first, *others = names_of(project)
        second = "；".join(others) or first
        yield words("project_name", project.code, first, second)


def unit_names() -> Iterator[Comparison]:
    heads = {"118001": "0323118", "118002": "0322118"}
    for unit, first in {row[0]: row[1] for row in read_table("by_unit").rows[1:]}.items():
        found = [r[1] for t in ("procurement", "purchased_services") for r in read_table(t).rows
                 if r[0] == unit]  # fmt: skip
        found += [r[2] for r in read_table("projects").rows if "T" in r[0] and r[2] == first]
        found += [r[1] for r in read_table("projects").rows if r[0] == unit]
        found += [r[2] for r in read("declaration_money")["units"] if r[0] == unit]
        found += [r[3] for r in read("project_declarations")["rows"]
                  if r[3] and heads.get(unit, "-") in r[0]]  # fmt: skip
        others = [name for name in dict.fromkeys(found) if name != first]
        yield words("unit_name", unit, first, "；".join(others) or first)


def declared() -> Money:
    columns = ("当年金额", "占比", "2021年", "2022年")
    return {
        (unit, of, item): {c: filled(v) for c, v in zip(columns, values, strict=True) if v}
        for unit, of, item, *values in read("declaration_money")["rows"]
    }


def declared_sums(money: Money) -> Iterator[Comparison]:
    """Within each declaration: rows to 合计, both sides, and shares that are computed."""
    for unit in (DEPARTMENT, *UNITS):
        for of in ("收入", "支出"):
            whole = money[unit, of, "合计"]
            parts = [v for (u, o, i), v in money.items() if (u, o) == (unit, of) and i != "合计"]
            for column in whole.keys() - {"占比"}:
                summed = total(part.get(column) for part in parts)
                place = f"declaration:{unit}:{of}:{column}"
                yield same("total_of_rows", place, whole[column], summed)
            for part in (p for p in parts if "占比" in p):
                rate = share(part["当年金额"], whole["当年金额"])
                yield same("share", f"{unit}:{of}:{rate}", part["占比"], rate)
        for column in money[unit, "支出", "合计"].keys() - {"占比"}:
            first, second = (money[unit, of, "合计"][column] for of in ("收入", "支出"))
            yield same("both_sides", f"declaration:{unit}:{column}", first, second)


def declared_units(money: Money) -> Iterator[Comparison]:
    """The department's declaration against its units', and all of them against the tables."""
    for column in ("当年金额", "2022年"):
        units = total(money[unit, "收入", "合计"][column] for unit in UNITS)
        whole = money[DEPARTMENT, "收入", "合计"][column]
        yield same("units_add_up", f"declaration:{column}", whole, units)
    kinds = ("人员类项目支出", "运转类项目支出", "特定目标类项目支出", "合计")
    for item in kinds:
        for column in ("当年金额", "2021年", "2022年"):
            first, second = (money[u, "支出", item][column] for u in (UNITS[0], DEPARTMENT))
            yield at_most("unit_within_department", f"118001:{item}:{column}", first, second)
    printed = cells("by_unit")
    columns = ("基本支出·人员经费", "基本支出·公用经费", "项目支出", "合计")
    for unit in (DEPARTMENT, UNITS[0]):
        for item, column in zip(kinds, columns, strict=True):
            first = money[unit, "支出", item]["当年金额"]
            yield same("declaration_to_table", f"{unit}:{item}", first, printed[unit, column])
    for item, column in (("基本支出", "基本支出·小计"), ("项目支出", "项目支出"), ("合计", "合计")):
        first = money[UNITS[1], "支出", item]["当年金额"]
        yield same("declaration_to_table", f"118002:{item}", first, printed[UNITS[1], column])
    first, second = (money[u, "收入", "合计"]["当年金额"] for u in (DEPARTMENT, UNITS[0]))
    names = {unit: name for unit, _, name in read("declaration_money")["units"]}
    one_name = names[DEPARTMENT] == names[UNITS[0]]
    place = f"declaration:{names[UNITS[0]]}"
    yield Comparison("two_values", place, plain(first), plain(second), not one_name)
    text = text_figures()
    before = text["total"] + text["change"]
    last = money[DEPARTMENT, "收入", "合计"]["2022年"]
    yield same("text_to_table", "declaration:118:2022年", before, last)


def declared_kinds(money: Money) -> Iterator[Comparison]:
    """运转类 is at least the operating funds and the projects that call themselves 运转类."""
    kinds = {r[0]: r[5] for r in read("project_declarations")["rows"]}
    printed = cells("by_unit")
    running = total(p.amount for p in projects() if kinds.get(p.code) == "运转类")
    for unit in (DEPARTMENT, UNITS[0]):
        least = printed[unit, "基本支出·公用经费"] + running
        first = money[unit, "支出", "运转类项目支出"]["当年金额"]
        yield Comparison("project_kind", unit, plain(first), plain(least), first >= least)


def declared_lists() -> Iterator[Comparison]:
    """The lists of projects in the units' declarations against the project table."""
    for unit in UNITS:
        mine = sorted(p.amount for p in projects() if p.unit == unit)
        listed = sorted(filled(r[4]).quantize(CENT) for r in declared_projects(unit))
        first, second = ("、".join(map(plain, some)) for some in (listed, mine))
        yield words("project_list", unit, first, second)
        for row in declared_projects(unit):
            yield at_most("year_within_total", f"{unit}:{row[1]}", filled(row[4]), filled(row[3]))
    amounts = {p.code: p.amount for p in projects()}
    totals = {filled(r[4]): filled(r[3]) for u in UNITS for r in declared_projects(u)}
    for code, *_, whole, current in read("project_declarations")["rows"]:
        yield same("declaration_to_table", code, filled(current), amounts[code])
        if amount(whole):
            yield same("declaration_to_list", code, filled(whole), totals[filled(current)])


def declarations() -> Iterator[Comparison]:
    """Return every comparison of this module."""
    money = declared()
    yield from contents()
    yield from tables_of_contents()
    yield from labels()
    yield from codes()
    yield from project_names()
    yield from unit_names()
    yield from declared_sums(money)
    yield from declared_units(money)
    yield from declared_kinds(money)
    yield from declared_lists()
