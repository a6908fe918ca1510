"""Every comparison of figures the published Jianghan budget allows: what agrees and what does not.

Pure arithmetic over tests/cases/jianghan, independent of the product's own relations, so that
the list of contradictions is proved by something else than what it later tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tests.budgets.jianghan import (
    DEPARTMENT,
    UNITS,
    Cells,
    amount,
    cells,
    filled,
    procurement,
    projects,
    read,
    read_table,
    services,
    side,
    text_figures,
)

ZERO = Decimal(0)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Comparison:
    """Two values of the document that should be one (or ordered), and whether they are."""

    relation: str
    place: str
    first: str
    second: str
    agrees: bool

    @property
    def name(self) -> str:
        return f"{self.relation}:{self.place}"

    @property
    def difference(self) -> Decimal:
        return filled(self.first) - filled(self.second)


def plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,}"


def same(relation: str, place: str, first: Decimal, second: Decimal) -> Comparison:
    return Comparison(relation, place, plain(first), plain(second), first == second)


def at_most(relation: str, place: str, first: Decimal, second: Decimal) -> Comparison:
    return Comparison(relation, place, plain(first), plain(second), first <= second)


def words(relation: str, place: str, first: str, second: str) -> Comparison:
    return Comparison(relation, place, first, second, first == second)


def total(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), ZERO)


def share(part: Decimal, whole: Decimal) -> Decimal:
    return (part * 100 / whole).quantize(CENT, ROUND_HALF_UP)


def children(code: str, codes: Iterable[str]) -> list[str]:
    """Return the codes one level below: 类 under 合计, 款 under 类, 项 under 款."""
    if code == "合计":
        return [other for other in codes if len(other) == 3 and other.isdigit()]
    return [other for other in codes if len(other) == len(code) + 2 and other.startswith(code)]


def downward_sums(name: str) -> Iterator[Comparison]:
    found = cells(name)
    for (code, column), value in found.items():
        below = children(code, {other for other, _ in found})
        if below:
            parts = total(found.get((child, column)) for child in below)
            yield same("total_of_rows", f"{name}:{code}:{column}", value, parts)


def row_sums(name: str, whole: str, parts: tuple[str, ...]) -> Iterator[Comparison]:
    found = cells(name)
    for code in {code for code, column in found if column == whole}:
        summed = total(found.get((code, part)) for part in parts)
        yield same("total_of_columns", f"{name}:{code}:{whole}", found[code, whole], summed)


def table_totals() -> Iterator[Comparison]:
    for name in ("expenditure_summary", "by_function", "basic_by_economic"):
        yield from downward_sums(name)
    yield from row_sums("expenditure_summary", "合计", ("基本支出", "项目支出"))
    for name in ("by_function", "by_unit"):
        yield from row_sums(name, "合计", ("基本支出·小计", "项目支出"))
        yield from row_sums(name, "基本支出·小计", ("基本支出·人员经费", "基本支出·公用经费"))
    yield from row_sums("basic_by_economic", "合计", ("人员经费", "公用经费"))
    found = cells("by_unit")
    for column in {column for _, column in found}:
        units = total(found.get((unit, column)) for unit in UNITS)
        for code in ("合计", DEPARTMENT):
            yield same("units_add_up", f"by_unit:{code}:{column}", found[code, column], units)


def two_sided(name: str, headings: tuple[str, str], grand: tuple[str, str]) -> Iterator[Comparison]:
    """The two sides of a summary: classes to their heading, both grand totals to each other."""
    for of, heading, last in zip(("收入", "支出"), headings, grand, strict=True):
        rows = side(name, of)
        values = dict(rows)
        leaves = total(v for item, v in rows if "、" in item or item.startswith("（"))
        leaves -= total([values[heading]]) if "、" in heading else ZERO
        yield same("total_of_rows", f"{name}:{of}:{heading}", total([values[heading]]), leaves)
        yield same("total_of_rows", f"{name}:{of}:{last}", total([values[last]]), leaves)


def summaries() -> Iterator[Comparison]:
    grand = ("收 入 总 计", "支 出 总 计")
    yield from two_sided("summary", ("本年收入合计", "本年支出合计"), grand)
    yield from two_sided("appropriation_summary", ("一、本年收入", "一、本年支出"), grand)
    classes = cells("expenditure_summary")
    by_function = cells("by_function")
    for code, name in {row[0]: row[1] for row in read_table("by_function").rows}.items():
        key = code or "合计"
        for column, other in (("合计", "合计"), ("基本支出", "基本支出·小计"), ("项目支出",) * 2):
            first = classes.get((key, column), ZERO)
            second = by_function.get((key, other), ZERO)
            yield same("table_to_table", f"by_function:{key}:{column}", first, second)
        for table in ("summary", "appropriation_summary"):
            items = {k.split("、")[-1].split("）")[-1]: v for k, v in side(table, "支出")}
            if len(code) == 3:
                value = classes[code, "合计"]
                yield same("table_to_table", f"{table}:{code}", total([items[name]]), value)


def tables_to_tables() -> Iterator[Comparison]:
    units, economic = cells("by_unit"), cells("basic_by_economic")
    functions = cells("by_function")
    for column in {column for _, column in units}:
        place = f"by_unit:{column}"
        yield same("table_to_table", place, units["合计", column], functions["合计", column])
    for column, other in (
        ("合计", "基本支出·小计"), ("人员经费", "基本支出·人员经费"),
        ("公用经费", "基本支出·公用经费"),
    ):  # fmt: skip
        first, second = economic["合计", column], functions["合计", other]
        yield same("table_to_table", f"basic_by_economic:{column}", first, second)
    for code, parts in {
        "2080505": ("30108",), "2101101": ("30110",), "2210201": ("30113",),
        "2101103": ("30111", "30307"),
    }.items():  # fmt: skip
        second = total(economic[part, "合计"] for part in parts)
        yield same("table_to_table", f"economic:{code}", functions[code, "合计"], second)


def project_totals() -> Iterator[Comparison]:
    """Each row of 项目支出预算表 that is no project, in both columns that hold amounts."""
    unit = ""
    for row in read_table("projects").rows:
        unit = row[0] if row[0] in UNITS else unit
        if "T" not in row[0]:
            place = f"projects:{unit}:{row[0] or '合计'}"
            mine = total(p.amount for p in projects() if unit in ("", p.unit))
            for column, printed in (("合计", row[3]), ("一般公共预算", row[4])):
                yield same("total_of_rows", f"{place}:{column}", filled(printed), mine)
        else:
            yield same("total_of_columns", f"projects:{row[0]}", filled(row[3]), filled(row[4]))


def project_tables() -> Iterator[Comparison]:
    units, expenditure = cells("by_unit"), cells("expenditure_summary")
    for unit in UNITS:
        mine = total(p.amount for p in projects() if p.unit == unit)
        yield same("table_to_table", f"projects:{unit}", units[unit, "项目支出"], mine)
    for code in sorted({p.function for p in projects()}):
        mine = total(p.amount for p in projects() if p.function == code)
        yield same("project_function", code, expenditure[code, "项目支出"], mine)


def three_public() -> Iterator[Comparison]:
    table = read_table("three_public")
    whole, trips, vehicles, bought, run, guests = map(amount, table.rows[0])
    parts = total([trips, vehicles, guests])
    yield same("total_of_columns", "three_public:合计", total([whole]), parts)
    yield same("total_of_columns", "three_public:小计", total([vehicles]), total([bought, run]))
    economic = cells("basic_by_economic")
    yield same("table_to_table", "three_public:运行", total([run]), economic["30231", "合计"])
    yield same("table_to_table", "three_public:接待", total([guests]), economic["30217", "合计"])
    cars = total(r.amount for r in procurement() if r.economic.code == "31013")
    yield same("table_to_table", "three_public:购置", total([bought]), cars)


def procurement_totals() -> Iterator[Comparison]:
    table = read_table("procurement")
    printed = dict(zip(table.columns, table.rows[0], strict=True))
    sums = {
        "采购金额合计(万元)": total(r.amount for r in procurement()),
        "其中面向中小企业": total(r.for_medium_and_small for r in procurement()),
        "其中面向小微企业": total(r.for_micro for r in procurement()),
    }
    for column, value in sums.items():
        yield same("total_of_rows", f"procurement:{column}", filled(printed[column]), value)
    for number, row in enumerate(procurement(), 1):
        # Unit prices are printed in whole cents, so an amount may differ by half a cent each.
        slack = row.quantity * CENT / 2
        off = abs(row.quantity * row.unit_price - row.amount)
        yield at_most("quantity_times_price", f"procurement:{number}", off, slack)
        small = row.for_medium_and_small or ZERO
        yield at_most("small_within_amount", f"procurement:{number}", small, row.amount)
        yield at_most("micro_within_small", f"procurement:{number}", row.for_micro or ZERO, small)


def procurement_within() -> Iterator[Comparison]:
    """Rows within what pays for them: the project, or the operating cell of the economic code."""
    amounts = {p.name: p.amount for p in projects()}
    for name, limit in amounts.items():
        bought = total(r.amount for r in procurement() if r.project == name)
        yield at_most("within_project", f"procurement:{name}", bought, limit)
        served = total(r.amount for r in services() if r.project == name)
        yield at_most("within_project", f"purchased_services:{name}", served, limit)
    economic = cells("basic_by_economic")
    assumed: Cells = cells("basic_by_economic_unit", labels=1)
    basic = [r for r in procurement() if r.project == "在职人员公用"]
    for code in sorted({r.economic.code for r in basic}):
        mine = {u: total(r.amount for r in basic if r.economic.code == code and r.unit == u)
                for u in UNITS}  # fmt: skip
        yield at_most("within_basic", code, total(mine.values()), economic[code, "公用经费"])
        for unit, value in mine.items():
            yield at_most("within_basic", f"{unit}:{code}", value, assumed[code, unit])


def service_rows() -> Iterator[Comparison]:
    table = read_table("purchased_services")
    printed = filled(table.rows[0][table.columns.index("购买金额")])
    summed = total(r.amount for r in services())
    yield same("total_of_rows", "purchased_services:购买金额", printed, summed)
    for row in services():
        if row.in_procurement:
            place = f"{row.project}:{row.content}"
            bought = total(
                r.amount
                for r in procurement()
                if (r.unit, r.project, r.economic) == (row.unit, row.project, row.economic)
                and r.item.code.startswith("C")
            )
            yield at_most("service_in_procurement", place, row.amount, bought)


def text_to_tables() -> Iterator[Comparison]:
    """Each figure of the text against the table that shows it."""
    text = text_figures()
    found, economic = cells("expenditure_summary"), cells("basic_by_economic")
    basic, project, whole = (found["合计", c] for c in ("基本支出", "项目支出", "合计"))
    by_letter = {
        letter: total(r.amount for r in procurement() if r.item.code[0] == letter)
        for letter in "ABC"
    }
    public = dict(zip(read_table("three_public").columns, read_table("three_public").rows[0],
                      strict=True))  # fmt: skip
    shown: dict[str, Decimal] = {
        **dict.fromkeys(("total", "revenue", "revenue_general_public", "expenditure",
                         "appropriation_total", "appropriation_revenue", "general_public",
                         "performance_scope"), whole),
        "basic": basic, "economic_total": basic, "project": project,
        "basic_share": share(basic, whole), "project_share": share(project, whole),
        "revenue_share": share(whole, whole),
        "personnel": economic["合计", "人员经费"],
        **dict.fromkeys(("operating", "operating_funds"), economic["合计", "公用经费"]),
        **{f"economic_{code}": economic[code, "合计"] for code in ("301", "302", "303")},
        **{f"{kind}_{code}": found[code, "合计"]
           for kind in ("class", "use") for code in ("204", "208", "210", "221")},
        "procurement": total(by_letter.values()), "procurement_goods": by_letter["A"],
        "procurement_works": by_letter["B"], "procurement_services": by_letter["C"],
        "purchased_services": total(r.amount for r in services()),
        "three_public": filled(public["“三公”经费合计"]),
        "hospitality": filled(public["公务接待费"]),
        "vehicle_purchase": filled(public["公务用车购置及运行费·公务用车购置费"]),
        "vehicle_operation": filled(public["公务用车购置及运行费·公务用车运行费"]),
        "trips": total([amount(public["因公出国(境)费"])]),
    }  # fmt: skip
    for name, value in shown.items():
        yield same("text_to_table", name, text[name], value)


def text_alone() -> Iterator[Comparison]:
    """Figures of the text that follow from other figures of the text."""
    text = text_figures()
    before = text["total"] + text["change"]
    yield same("text", "change_rate", text["change_rate"], share(text["change"], before))
    yield same("text", "general_public_change", text["general_public_change"], text["change"])
    rate = text["general_public_change_rate"]
    yield same("text", "general_public_change_rate", rate, text["change_rate"])
    reasons = text["construction_change"] + text["salary_change"]
    yield same("text", "reasons", text["general_public_change"], reasons)
    retired = text["staff_retired_with_honours"] + text["staff_retired"]
    yield same("text", "retired", text["staff_retired_all"], retired)
    yield same("text", "in_post", text["staff_in_post"], text["staff_in_post_administrative"])
    positions = text["staff_administrative_positions"]
    yield same("text", "positions", text["staff_positions"], positions)
    derived = dict(read("derived")["class_2022"])
    yield same("text", "2022", before, filled(derived["合计"]))


def uses_named() -> Iterator[Comparison]:
    """What the text says money is used for must have an amount in the table."""
    paid = {row[1]: amount(row[2]) for row in read_table("basic_by_economic").rows}
    for _, use in read("texts")["uses"]:
        name = use.removeprefix("在职人员").replace("(", "（").replace(")", "）")
        spent = next((v for item, v in paid.items() if v and is_same_use(name, item)), None)
        shown = plain(spent) or "无金额"
        yield Comparison("use_without_amount", use, use, shown, spent is not None)


def is_same_use(use: str, item: str) -> bool:
    bare = item.replace("的", "")
    return use in (bare, bare.removesuffix("缴费"), f"{bare}支出")


def figures() -> Iterator[Comparison]:
    """Return every comparison between tables and text."""
    yield from table_totals()
    yield from summaries()
    yield from tables_to_tables()
    yield from project_totals()
    yield from project_tables()
    yield from three_public()
    yield from procurement_totals()
    yield from procurement_within()
    yield from service_rows()
    yield from text_to_tables()
    yield from text_alone()
    yield from uses_named()
