"""Labels over page breaks: cut where the page ends, repeated on the next, never lost."""

from dataclasses import replace
from decimal import Decimal

from disclosures.report.blocks import Cell, HeaderCell, Table
from disclosures.report.spans import (
    HEAD,
    LABEL,
    crossed,
    headed_rows,
    kept_rows,
    original_rows,
    placed_cells,
    split_spans,
    with_heads,
)


def table(*rows: tuple[Cell, ...], columns: int = 2) -> Table:
    header = (tuple(HeaderCell(str(n)) for n in range(columns)),)
    width = Decimal(100) / columns
    return Table("k", "", "", "", header, rows, (width,) * columns)


def spanned(rows: int) -> Table:
    first = (Cell("目标", rowspan=rows), Cell("1"))
    return table(first, *((Cell(str(n)),) for n in range(2, rows + 1)))


def test_a_label_is_repeated_after_each_break() -> None:
    cut = split_spans(spanned(6), {2, 5})
    labels = [(row[0].text, row[0].rowspan) for row in cut.body if row[0].text == "目标"]
    assert labels == [("目标", 2), ("目标", 3), ("目标", 1)]


def test_the_repeated_label_stands_in_its_own_column() -> None:
    rows = ((Cell("a"), Cell("右", rowspan=2)), (Cell("b"),))
    cut = split_spans(table(*rows), {1})
    assert [cell.text for cell in cut.body[1]] == ["b", "右"]


def test_a_break_between_spans_changes_nothing() -> None:
    whole = table((Cell("甲", rowspan=2), Cell("1")), (Cell("2"),), (Cell("乙"), Cell("3")))
    assert crossed(whole, {2}) == frozenset()
    assert split_spans(whole, {2}) == whole


def test_breaks_inside_a_span_are_found() -> None:
    assert crossed(spanned(6), {0, 3, 6}) == {3}


def test_a_short_span_stays_on_one_page_and_a_long_one_may_break() -> None:
    assert kept_rows(spanned(3)) == {1, 2}
    assert kept_rows(spanned(9)) == {1, 8}


def test_a_table_of_one_row_may_begin_a_page() -> None:
    assert kept_rows(table((Cell("1"), Cell("2")))) == frozenset()


def test_huge_spans_are_cut_at_the_edge_of_the_table() -> None:
    huge = replace(Cell("x"), colspan=10**9, rowspan=10**9)
    (first, *_) = placed_cells(table((huge,), ()))
    assert (first[2].colspan, first[2].rowspan) == (2, 2)


def headed(rows: int) -> Table:
    """A block with its label at the left, column heads, and rows below them; another follows."""
    label = Cell("指标", rowspan=rows + 1, style=LABEL)
    heads = (label, Cell("名称", style=HEAD), Cell("目标", style=HEAD))
    body = (heads, *((Cell(f"名{n}"), Cell("1")) for n in range(rows)))
    return table(*body, (Cell("原因", style=LABEL), Cell("无", colspan=2)), columns=3)


def test_column_heads_hold_until_the_next_label() -> None:
    assert headed_rows(headed(3)) == dict.fromkeys((1, 2, 3), range(1))


def test_column_heads_are_printed_again_after_a_break() -> None:
    again, origin = with_heads(headed(4), {3})
    assert [[cell.text for cell in row] for row in again.body[3:5]] == [
        ["指标", "名称", "目标"],
        ["名2", "1"],
    ]
    assert again.body[3][0].rowspan == 3
    assert origin == (0, 1, 2, 3, 3, 4, 5)
    assert original_rows(headed(4), {3}, {3, 5}) == {3, 4}


def test_a_break_between_heads_and_a_row_counts_as_crossed() -> None:
    assert crossed(headed(2), {2, 3}) == {2}


def test_heads_never_end_a_page() -> None:
    assert 1 in kept_rows(headed(9))
