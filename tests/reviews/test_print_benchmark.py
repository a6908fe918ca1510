"""The benchmark of printing prints the same report in every way and writes its section."""

from __future__ import annotations

from pathlib import Path

from disclosures.evaluate import evaluate
from reviews.large_report import large_package
from reviews.print_benchmark import (
    HEADING,
    OURS,
    STOCK,
    WAYS,
    Print,
    cells_of,
    lost_characters,
    print_here,
    print_section,
    with_section,
)

ITEMS, FORMS = 5, 2


def test_both_ways_print_every_character_of_the_report(tmp_path: Path) -> None:
    report = evaluate(large_package(ITEMS, FORMS)).report
    for way in (OURS, STOCK):
        out = tmp_path / f"{way}.pdf"
        found = print_here(way, ITEMS, FORMS, out)
        assert found.cells == cells_of(report) > 500
        assert found.size == out.stat().st_size
        assert lost_characters(report, out) == 0


def test_characters_that_are_missing_are_counted(tmp_path: Path) -> None:
    out = tmp_path / "small.pdf"
    print_here(OURS, ITEMS, FORMS, out)
    assert lost_characters(evaluate(large_package(ITEMS + 9, FORMS)).report, out) > 100


def test_the_section_says_whether_the_goals_are_met() -> None:
    prints = {
        way: [Print(way, seconds, 90, 8000, 1024, 250)]
        for way, seconds in zip(WAYS, (5, 16, 12), strict=True)
    }
    text = print_section(prints, [Print(OURS, 5, 90, 8000, 1024, 250)], [100] * 10)
    assert "正式文件快 3.2 倍，目标 3 倍，达到" in text
    assert "目标不超过 300 MB，达到" in text
    prints[OURS] = [Print(OURS, 8, 90, 8000, 1024, 350)]
    assert print_section(prints, [], [100] * 10).count("未达到") == 2


def test_the_section_is_replaced_where_it_stands() -> None:
    page = "# 基准测试\n\n一\n\n## 长列表\n\n二\n"
    once = with_section(page, f"{HEADING}\n\n甲\n", "## 长列表")
    assert with_section(once, f"{HEADING}\n\n甲\n", "## 长列表") == once
    assert once.index("一") < once.index("甲") < once.index("二")
    assert "甲" not in with_section(once, f"{HEADING}\n\n乙\n", "## 长列表")
