"""The comparisons inside the six project declarations, and of the indicators everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from tests.budgets.jianghan import projects, read, text_figures
from tests.budgets.jianghan_comparisons import (
    Comparison,
    at_most,
    plain,
    procurement,
    same,
    share,
    total,
)

WAN = Decimal(10000)
LAST_COLUMN = "指标值"
Figures = dict[str, Decimal]


class Target(NamedTuple):
    """A target as printed: `≥220 台` is a comparator, a figure and a unit of measure."""

    comparator: str
    figure: str
    measure: str


def budgets_stated(text: Figures) -> Iterator[Comparison]:
    """The budget of a declaration is stated four times."""
    for name in ("rent", "equipment", "community", "video", "roads", "network"):
        for other in ("requested", "appropriated"):
            first, second = text[f"{name}_{other}"], text[f"{name}_current"]
            yield same("two_values", f"{name}_{other}", first, second)
    for name in ("video", "roads", "network"):
        # "无变动情况": the budget of last year is this year's.
        for other in ("total", "2022_opening"):
            first, second = text[f"{name}_{other}"], text[f"{name}_current"]
            yield same("two_values", f"{name}_{other}", first, second)


def sums_stated(text: Figures) -> Iterator[Comparison]:
    """Totals of a declaration and the parts it names."""
    for whole, *parts in (
        ("rent_current", "rent_amount_rent", "rent_amount_repair"),
        ("rent_detail_rent", *(name for name in text if name.startswith("rent_detail_rent_"))),
        ("rent_detail_rent_tangjia", "rent_tangjia_rent", "rent_tangjia_property"),
        ("rent_detail_rent_wansong", "rent_wansong_rent", "rent_wansong_property"),
        ("rent_detail_repair", "rent_detail_repair_custody", "rent_detail_repair_rooms"),
        ("rent_2022_adjusted", "rent_2022_opening", "rent_2022_added"),
        ("equipment_current", "equipment_amount_network", "equipment_amount_equipment"),
        ("equipment_amount_network", "equipment_detail_network", "equipment_detail_monitoring",
         "equipment_detail_lines", "equipment_detail_phones", "equipment_detail_fence"),
        ("equipment_amount_equipment", "equipment_detail_protection",
         "equipment_detail_clothing"),
        ("equipment_2022_adjusted", "equipment_2022_opening", "equipment_2022_added",
         "equipment_2022_transferred"),
        ("video_current", "video_amount_operation", "video_amount_power", "video_amount_new",
         "video_amount_second"),
        ("video_amount_second", "video_supervision", "video_consulting", "video_audit"),
        ("unit2_hired", "unit2_hired_temporary", "unit2_hired_auxiliary"),
    ):  # fmt: skip
        yield same("total_of_details", whole, text[whole], total(text[part] for part in parts))


def products_stated(text: Figures) -> Iterator[Comparison]:
    rooms = text["rent_detail_repair_count"] * text["rent_detail_repair_each"]
    yield same("quantity_times_price", "rent_repair_rooms", text["rent_detail_repair_rooms"], rooms)
    clothing = text["equipment_clothing_count"] * text["equipment_clothing_each"] / WAN
    yield same("quantity_times_price", "clothing", text["equipment_detail_clothing"], clothing)
    years = 2026 - 2022 + 1
    paid = text["community_detail_2020"] + text["community_detail_2021"]
    paid += years * text["community_detail_yearly"]
    yield same("total_of_details", "community_total", text["community_total"], paid)
    yield same("two_values", "community_total", text["community_total"],
               text["community_detail_total"])  # fmt: skip
    yield at_most("within", "community_estimate", paid, text["community_detail_estimate"])
    for name in ("rent", "equipment"):
        rate = share(text[f"{name}_2021_executed"], text[f"{name}_2021_opening"])
        yield same("share", f"{name}_2021_rate", text[f"{name}_2021_rate"], rate)
        spent, budget = text[f"{name}_2022_executed_july"], text[f"{name}_2022_adjusted"]
        yield at_most("within", f"{name}_2022", spent, budget)


def figures_stated_twice(text: Figures) -> Iterator[Comparison]:
    first, second = text["community_2021_executed"], text["community_detail_2021"]
    yield same("two_values", "community_2021_executed", first, second)
    for first_name, second_name in (
        ("community_2022_opening", "community_detail_yearly"), ("community_amount",) * 2,
        ("roads_amount", "roads_needed"), ("rent_amount_rent", "rent_detail_rent"),
        ("rent_amount_repair", "rent_detail_repair"), ("unit2_hired", "unit2_hired_indicator"),
        ("unit1_communities", "community_detail_count"),
    ):  # fmt: skip
        yield same("two_values", first_name, text[first_name], text[second_name])
    bought = total(r.amount for r in procurement() if r.project == "视频监控设施运维费")
    parts = ("video_amount_operation", "video_amount_new", "video_amount_second")
    second = total(text[part] for part in parts)
    yield same("declaration_to_procurement", "video", bought, second)


def yuan_for_wan(text: Figures) -> Iterator[Comparison]:
    """An amount in 元 that completes its total only when read as 万元."""
    needed = text["roads_needed"] - text["roads_second"]
    first = text["roads_first"] / WAN
    yield same("yuan_for_wan", "roads_first", first.normalize(), needed)


def parse_target(printed: str) -> Target:
    tight = printed.replace(" ", "")
    found = re.fullmatch(r"([≥≤=<>]?)([\d.]+)(.*)", tight)
    return Target(found[1], found[2], found[3]) if found else Target("", tight, "")


def disagree(first: str, second: str) -> bool:
    """Say whether two targets of one name and one measure cannot both hold.

    A missing comparator says nothing, and a rate is no count of the same name.
    """
    one, other = parse_target(first), parse_target(second)
    if one.measure != other.measure:
        return False
    signs = {one.comparator, other.comparator} - {""}
    return one.figure != other.figure or len(signs) > 1


def indicators() -> Iterator[Comparison]:
    """One indicator has one target in all declarations of a unit and its projects."""
    unit_of = {p.code: p.unit for p in projects()}
    found: dict[tuple[str, str], list[str]] = {}
    for place, _, name, *_, target in read("indicators")["rows"]:
        key = unit_of.get(place, place), re.sub(r"\s", "", name)
        found.setdefault(key, []).append(target)
    for (unit, name), targets in found.items():
        wrong = [pair for pair in combinations(dict.fromkeys(targets), 2) if disagree(*pair)]
        for first, second in wrong or ([(targets[0], targets[0])] if len(targets) > 1 else []):
            yield Comparison("indicator", f"{unit}:{name}", first, second, not wrong)


def indicators_to_text(text: Figures) -> Iterator[Comparison]:
    """Targets named in a goal or a calculation against the indicator itself."""
    shown = {(r[0], r[1], re.sub(r"\s", "", r[2])): r[5] for r in read("indicators")["rows"]}
    rent, equipment = "42010323118T000000106", "42010323118T000000108"
    for figure, key, sign in (
        ("rent_goal_area", (rent, "年度目标", "办公房屋租赁面积"), ""),
        ("rent_goal_satisfaction", (rent, "年度目标", "工作人员满意度"), ""),
        ("equipment_clothing_count", (equipment, "年度目标", "服装配置人数"), ""),
        ("equipment_detail_lines_count", (equipment, "年度目标", "互联网租赁数"), ""),
        ("unit2_hired", ("118002", "年度目标1", "聘用人数"), ""),
        ("unit2_old_buildings", ("118002", "年度目标3", "危房加固以及营房"), ""),
        ("unit1_communities", ("118001", "年度目标3", "智慧平安小区数量"), ""),
        # The goal says 达80%以上.
        ("equipment_goal_video", ("118001", "年度目标3", "大要案通过视频调取完成破案率"), "≥"),
    ):
        measure = parse_target(shown[key]).measure
        second = f"{sign}{plain(text[figure]).replace(',', '')}{measure}"
        agrees = not disagree(shown[key], second)
        yield Comparison("indicator_to_text", figure, shown[key], second, agrees)


def project_declarations() -> Iterator[Comparison]:
    """Return every comparison of this module."""
    text = text_figures()
    yield from budgets_stated(text)
    yield from sums_stated(text)
    yield from products_stated(text)
    yield from figures_stated_twice(text)
    yield from yuan_for_wan(text)
    yield from indicators()
    yield from indicators_to_text(text)
