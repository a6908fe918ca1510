"""PURE: printed tables as WordprocessingML: fixed widths, merged cells, repeated head rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import quoteattr

from disclosures.render import PrintedTable
from disclosures.report.blocks import Cell, HeaderCell
from disclosures.report.characters import printable
from disclosures.report.fitting import Setting
from disclosures.word.text import W, row_revision, runs
from rulebook.amounts import half_up

TWENTIETHS = 20  # of a point: Word's unit of length
WIDEST_MARGIN = 2  # points beside the text of a cell
HEADS = frozenset({"label", "head", "tier", "total", "grand_total"})
ALIGNED = {"right": "right", "center": "center", "left": "left"}


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell of a row as Word wants it: a cell that spans rows comes again in each of them."""

    cell: Cell | HeaderCell
    continues: bool


def slots(rows: Sequence[Sequence[Cell | HeaderCell]], columns: int) -> Iterator[tuple[Slot, ...]]:
    """The rows with every place filled; what a row leaves out is an empty cell."""
    spanning: dict[int, tuple[Cell | HeaderCell, int]] = {}
    for row in rows:
        waiting = iter(row)
        line: list[Slot] = []
        column = 0
        while column < columns:
            cell, left = spanning.pop(column, (None, 0))
            slot = Slot(next(waiting, Cell("")), False) if cell is None else Slot(cell, True)
            left = slot.cell.rowspan - 1 if cell is None else left - 1
            if left:
                spanning[column] = (slot.cell, left)
            line.append(slot)
            column += slot.cell.colspan
        yield tuple(line)


def table_xml(printed: PrintedTable, width: Decimal, dated: str) -> str:
    """The table; ``width`` is the room in points."""
    table = printed.table
    widths = [int(half_up(share * width * TWENTIETHS / 100, 0)) for share in table.widths]
    maker = _Maker(widths, printed.setting, dated)
    body = [row.cells for row in printed.rows]
    long = [row.style.endswith("long") for row in printed.rows]
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    header = "".join(maker.row(line, is_head=True) for line in slots(printed.header, len(widths)))
    lines = "".join(
        maker.row(line, may_break=may_break)
        for line, may_break in zip(slots(body, len(widths)), long, strict=True)
    )
    return (
        f'<w:tbl xmlns:w="{W}"><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{_margin('left', printed.setting)}{_margin('right', printed.setting)}"
        f"</w:tblCellMar><w:tblCaption w:val={quoteattr(printable(table.title or table.key))}/>"
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{header}{lines}</w:tbl>"
    )


def _margin(side: str, setting: Setting) -> str:
    """What the paper leaves beside a cell's lines, less its border, on both sides alike."""
    points = min((setting.beside - 1) / 2, Decimal(WIDEST_MARGIN))
    return f'<w:{side} w:w="{int(points * TWENTIETHS)}" w:type="dxa"/>'


@dataclass(frozen=True, slots=True)
class _Maker:
    """Rows and cells of one table."""

    widths: Sequence[int]
    setting: Setting
    dated: str

    def row(self, line: Sequence[Slot], *, is_head: bool = False, may_break: bool = False) -> str:
        whole = "" if may_break else "<w:cantSplit/>"
        repeated = "<w:tblHeader/>" if is_head else ""
        revised = row_revision((slot.cell.text for slot in line if not slot.continues), self.dated)
        column, cells = 0, []
        for slot in line:
            after = column + slot.cell.colspan
            cells.append(self._cell(slot, sum(self.widths[column:after])))
            column = after
        return f"<w:tr><w:trPr>{whole}{repeated}{revised}</w:trPr>{''.join(cells)}</w:tr>"

    def _cell(self, slot: Slot, width: int) -> str:
        cell = slot.cell
        across = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
        down = ""
        if cell.rowspan > 1:
            down = "<w:vMerge/>" if slot.continues else '<w:vMerge w:val="restart"/>'
        more = isinstance(cell, Cell) and "more" in cell.style.split()
        edge = '<w:tcBorders><w:top w:val="nil"/></w:tcBorders>' if more else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}{down}{edge}'
            f'<w:vAlign w:val="center"/></w:tcPr>{self._text(slot)}</w:tc>'
        )

    def _text(self, slot: Slot) -> str:
        cell = slot.cell
        is_head = isinstance(cell, HeaderCell) or not HEADS.isdisjoint(cell.style.split())
        align = "center" if isinstance(cell, HeaderCell) else ALIGNED[cell.align]
        face = '<w:rFonts w:eastAsia="黑体"/>' if is_head else ""
        size = f'<w:sz w:val="{int(self.setting.size * 2)}"/>'  # whole half points
        content = ""
        if not slot.continues:
            content = runs(
                cell.text,
                dated=self.dated,
                properties=f"<w:rPr>{face}{size}</w:rPr>",
                stacked=align == "right",
            )
            content += self._mark(cell.mark) if isinstance(cell, Cell) and cell.mark else ""
        height = int(self.setting.line * TWENTIETHS)
        line = f'<w:spacing w:line="{height}" w:lineRule="atLeast"/>'
        return (
            f'<w:p><w:pPr><w:pStyle w:val="TableText"/>{line}'
            f'<w:jc w:val="{align}"/></w:pPr>{content}</w:p>'
        )

    def _mark(self, mark: str) -> str:
        raised = '<w:rPr><w:sz w:val="15"/><w:vertAlign w:val="superscript"/></w:rPr>'
        return runs(mark, dated=self.dated, properties=raised)
