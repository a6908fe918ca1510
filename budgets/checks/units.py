"""BK-1xx: the units of a department against each other and against their sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from budgets.checks.records import SOURCE
from budgets.workbook import WorkbookSnapshot
from rulebook.addresses import CellRef, cell_address, unit_address
from rulebook.amounts import Interval
from rulebook.checks import Check, Figures, Verdict, amount_text, finding_of
from rulebook.findings import Finding, Scope, Severity
from rulebook.layouts import SheetLayout, WorkbookLayout

MISSING = Check(
    "BK-101",
    "单位没有填报",
    Severity.ERROR,
    Scope.CROSS_SHEET,
    "部门报表由各单位汇总，缺一个单位合计就不全：请填报该单位；已撤并的请财政部门登记。",
    citation=SOURCE,
)
UNMATCHED = Check(
    "BK-102",
    "部门内部往来收付相等",
    Severity.ERROR,
    Scope.CROSS_SHEET,
    "一个单位收到的内部款项应当等于另一个单位付出的；请核对各单位的“部门内部单位间往来”。",
    citation=SOURCE,
)
LARGER = Check(
    "BK-103",
    "单位数不大于部门数",
    Severity.WARNING,
    Scope.CROSS_SHEET,
    "部门数是各单位之和，单位大于部门说明另有单位为负数；请核对，属实的请说明原因。",
    citation=SOURCE,
)
UNIT_CHECKS: tuple[Check, ...] = (MISSING, UNMATCHED, LARGER)

BookFigures = Sequence[tuple[WorkbookSnapshot, Figures]]
"""Units' books with their resolved figures."""


def check_units(
    units: BookFigures, outward: BookFigures, whole: Figures, layout: WorkbookLayout
) -> list[Finding]:
    """The findings between units. ``outward`` are the books without what stays inside."""
    return [
        *(finding_of(MISSING, verdict) for verdict in _missing(units)),
        *(finding_of(UNMATCHED, verdict) for verdict in _unmatched(units, layout)),
        *(finding_of(LARGER, verdict) for verdict in _larger(outward, whole, layout)),
    ]


def is_filled(book: WorkbookSnapshot) -> bool:
    """Whether anything was filed for the unit; a sheet of nothing but empty cells is not."""
    return any(cell.value is not None or cell.evidence is not None for cell in book.cells)


def _missing(units: BookFigures) -> Iterator[Verdict]:
    for book, _ in units:
        if not is_filled(book):
            yield Verdict(
                places=(unit_address(book.book),),
                label=book.name,
                left=None,
                right=None,
                message=f"{book.name}（{book.book}）本年度没有填报任何数据。",
            )


def _unmatched(units: BookFigures, layout: WorkbookLayout) -> Iterator[Verdict]:
    for sheet in layout.sheets:
        for each in sheet.eliminates:
            if each.paid_as:
                yield from _difference(units, sheet, each.column, each.paid_as)


def _totals(units: BookFigures, ref: CellRef) -> dict[str, Interval]:
    return {cell_address(book.book, ref): f[ref] for book, f in units if ref in f}


def _sum(figures: Iterable[Interval]) -> Interval:
    result = Interval(Decimal(0))
    for figure in figures:
        result = result.plus(figure)
    return result


def _difference(
    units: BookFigures, sheet: SheetLayout, received: str, paid: str
) -> Iterator[Verdict]:
    row = sheet.codes.sum_row if sheet.codes else ""
    ins, outs = (_totals(units, CellRef(sheet.key, row, column)) for column in (received, paid))
    left, right = _sum(ins.values()), _sum(outs.values())
    if left.can_equal(right):
        return
    names = [found.label for key in (received, paid) if (found := sheet.column(key))]
    values = (left.value, right.value)
    shown = [amount_text(value, beside=values) for value in values]
    yield Verdict(
        places=(*ins, *outs),
        label=f"{sheet.title} {names[0]}",
        left=left.value,
        right=right.value,
        message=f"各单位内部{names[0]}合计 {shown[0]}，内部{names[1]}合计 {shown[1]}。",
    )


def _larger(outward: BookFigures, whole: Figures, layout: WorkbookLayout) -> Iterator[Verdict]:
    for book, figures in outward:
        for sheet in layout.sheets:
            for ref in _total_cells(sheet):
                if ref in figures and ref in whole:
                    yield from _exceeding(book, ref, figures[ref], whole[ref], layout)


def _total_cells(sheet: SheetLayout) -> Iterator[CellRef]:
    """The totals that a printed sheet states."""
    for row in sheet.rows if sheet.printed else ():
        if "total" in row.style and row.kind == "money":
            yield from (CellRef(sheet.key, row.key, column) for column in sheet.columns_of(row.key))


def _exceeding(
    book: WorkbookSnapshot, ref: CellRef, own: Interval, all_of_it: Interval, layout: WorkbookLayout
) -> Iterator[Verdict]:
    if own.can_be_at_most(all_of_it):
        return
    label = layout.label_of(ref)
    values = (own.value, all_of_it.value)
    shown = [amount_text(value, beside=values) for value in values]
    yield Verdict(
        places=(cell_address(book.book, ref),),
        label=label,
        left=own.value,
        right=all_of_it.value,
        message=f"{book.name}的{label}为 {shown[0]}，大于部门的 {shown[1]}。",
    )
