"""The benchmark of the grid walks the real pages, and they do not ask more for a large book."""

from __future__ import annotations

import pytest

from budgets.catalogues import load_rulebook
from reviews.benchmarks import sample_package
from reviews.grid_benchmark import ITEMS, enlarge, file_sample, grid_section, measure_grid


@pytest.mark.django_db
def test_the_grid_asks_as_little_for_a_large_book_as_for_the_sample() -> None:
    load_rulebook()
    staff, workbook = file_sample(sample_package())
    small = measure_grid(staff, workbook, "示例", runs=1)
    filled = workbook.cells.count()
    enlarge(staff, workbook)
    assert workbook.cells.count() >= filled + 3 * ITEMS
    large = measure_grid(staff, workbook, "大", runs=1)
    assert [speed.queries for speed in large] == [speed.queries for speed in small]
    assert all(s.queries <= most for s, most in zip(small, (15, 14, 14, 32, 80), strict=True))
    page = "\n".join(grid_section([*small, *large]))
    assert "| 大：打开一张表 |" in page
    assert f"| {large[0].queries} | 1.0 |" in page
