"""PURE: the blocks of a form as lines: fields, money, sources, projects, details, assets, goals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby

from disclosures.facts import Fact, share
from disclosures.narrative.phrases import percent, text_of
from disclosures.report.blocks import Cell
from disclosures.report.characters import MAX_CELL_CHARACTERS
from disclosures.report.forms.form import FiledForm, money
from disclosures.report.forms.grid import WHOLE, Line, divided, head, label, line
from performance.evaluation import AssetPlan, ExpenditureDetail, GoalSnapshot
from performance.form_figures import ProjectLine, frequency_word
from rulebook.addresses import declaration_address, project_budget_address
from rulebook.amounts import Interval
from rulebook.forms import FormBlock, FormColumn, FormField, FormRow, Place

MARGIN = 11
"""Width of the column of labels at the left, in per cent."""
ROOM = WHOLE - MARGIN
SUBLABEL = 14
ROW_NAME = 26
ROW_LENGTH = 400
"""Characters of a text in one row of the table; a row is never longer than a page."""
MORE = "more"
"""Style of a cell that goes on with the text of the one above."""
GROUP = "："
"""Between the two labels of a field in a group (立项依据：项目的政策依据)."""
WEIGHTS = {
    "name": 24, "frequency": 12, "total_budget": 11, "budget": 11, "main_use": 31,
    "content": 20, "calculation": 36, "own_level": 12, "transfer": 11, "other": 10,
    "quantity": 26, "amount": 37, "source": 50, "long_term": 44, "annual": 45,
}  # fmt: skip
Columns = Sequence[FormColumn]


def field_lines(form: FiledForm, block: FormBlock) -> Iterator[Line]:
    """Fields in rows of their own or two in a row; those of one group under one label. Private
    fields are nobody's business outside and never printed."""
    shown = [f for f in block.fields if not f.is_private and f.place is not Place.LINE]
    for (place, group), members in groupby(shown, key=lambda f: (f.place, _group(f))):
        fields = list(members)
        if place is Place.HALF:
            for at in range(0, len(fields), 2):
                yield _halves(form, block, fields[at : at + 2])
        elif group:
            yield from _grouped(form, block, group, fields)
        else:
            for field in fields:
                yield from beside(label(field.label), form.value(block, field))


def beside(name: Cell, text: Cell) -> Iterator[Line]:
    """A label and its text; a text longer than a page takes several rows, which print as one."""
    pieces = list(in_pieces(text.text))
    yield line(
        0, (MARGIN, replace(name, rowspan=len(pieces))), (ROOM, replace(text, text=pieces[0]))
    )
    for piece in pieces[1:]:
        yield line(MARGIN, (ROOM, replace(text, text=piece, style=MORE)))


def in_pieces(text: str) -> Iterator[str]:
    """Whole paragraphs together up to the length of a row; at least one piece. One that no cell
    could hold is cut."""
    piece = ""
    for paragraph in chain.from_iterable(map(_cut, text.split("\n"))):
        if piece and len(piece) + len(paragraph) > ROW_LENGTH:
            yield piece
            piece = paragraph
        else:
            piece = f"{piece}\n{paragraph}" if piece else paragraph
    yield piece


def _group(field: FormField) -> str:
    first, found, _ = field.label.partition(GROUP)
    return first if found else ""


def _halves(form: FiledForm, block: FormBlock, pair: Sequence[FormField]) -> Line:
    one, two, three, four = form.halves
    if len(pair) == 1:
        return line(0, (one, label(pair[0].label)), (WHOLE - one, form.value(block, pair[0])))
    (left, right) = pair
    return line(
        0, (one, label(left.label)), (two, form.value(block, left)),
        (three, label(right.label)), (four, form.value(block, right)),
    )  # fmt: skip


def _grouped(
    form: FiledForm, block: FormBlock, group: str, fields: Sequence[FormField]
) -> Iterator[Line]:
    for number, field in enumerate(fields):
        name = field.label.partition(GROUP)[2]
        parts = ((SUBLABEL, label(name)), (ROOM - SUBLABEL, form.value(block, field)))
        if number:
            yield line(MARGIN, *parts)
        else:
            yield line(0, (MARGIN, label(group, len(fields))), *parts)


def _cut(paragraph: str) -> Iterator[str]:
    for at in range(0, max(len(paragraph), 1), MAX_CELL_CHARACTERS):
        yield paragraph[at : at + MAX_CELL_CHARACTERS]


def money_lines(form: FiledForm, block: FormBlock, *, headed: bool) -> Iterator[Line]:
    """Rows of amounts by year with shares of the total; ``headed`` prints the columns' heads."""
    widths = divided(ROOM - ROW_NAME, [1] * len(block.columns))
    if headed:
        first, *second = column_heads(form, block.columns, widths, MARGIN + ROW_NAME)
        yield (*line(0, (MARGIN + ROW_NAME, head("", 1 + len(second)))), *first)
        yield from second
    for number, row in enumerate(block.rows):
        cells = [_money_cell(form, block, row, column.key) for column in block.columns]
        parts = ((ROW_NAME, label(row.label)), *zip(widths, cells, strict=True))
        if number:
            yield line(MARGIN, *parts)
        else:
            yield line(0, (MARGIN, label(form.printed(block.title), len(block.rows))), *parts)


def _money_cell(form: FiledForm, block: FormBlock, row: FormRow, column: str) -> Cell:
    if column != "share":
        return money(form.amount(block, row, column))
    whole = next((each for each in block.rows if each.is_total), row)
    part = share(form.amount(block, row, "this_year"), form.amount(block, whole, "this_year"))
    return Cell("" if part.value is None else text_of(percent(part)), "right")


def source_lines(form: FiledForm, block: FormBlock) -> Iterator[Line]:
    """Amounts without a year: two in a row, or a list of sources under heads."""
    amounts = [(row, money(form.amount(block, row, "amount"))) for row in block.rows]
    if not block.columns:
        for at in range(0, len(amounts), 2):
            cells = [c for row, cell in amounts[at : at + 2] for c in (label(row.label), cell)]
            widths = form.halves if len(cells) > 2 else (form.halves[0], WHOLE - form.halves[0])
            yield line(0, *zip(widths, cells, strict=True))
        return
    rows = [(Cell(row.label), cell) for row, cell in amounts]
    yield from listed(form, block, rows)


def listed(form: FiledForm, block: FormBlock, rows: Sequence[Sequence[Cell]]) -> Iterator[Line]:
    """The block's label over heads and rows; a list with no rows keeps a blank one."""
    widths = divided(ROOM, [WEIGHTS[column.key] for column in block.columns])
    filled = rows or [[Cell("")] * len(widths)]
    first, *more = column_heads(form, block.columns, widths, MARGIN)
    title = label(form.printed(block.title), len(filled) + 1 + len(more))
    yield (*line(0, (MARGIN, title)), *first)
    yield from more
    for cells in filled:
        yield line(MARGIN, *zip(widths, cells, strict=True))


def column_heads(
    form: FiledForm, columns: Columns, widths: Sequence[int], start: int
) -> list[Line]:
    """The heads in one line, or in two where neighbours share the first line of their heads."""
    texts = [form.printed(column.label) for column in columns]
    groups = [
        (name, list(members))
        for name, members in groupby(range(len(texts)), key=lambda at: _shared(texts, at))
    ]
    deep = 2 if any(name for name, _ in groups) else 1
    edges = [start + sum(widths[:at]) for at in range(len(widths) + 1)]
    above: Line = ()
    below: Line = ()
    for name, members in groups:
        first, last = members[0], members[-1]
        if name:
            above += line(edges[first], (edges[last + 1] - edges[first], head(name)))
            for at in members:
                below += line(edges[at], (widths[at], head(texts[at].partition("\n")[2])))
        else:
            for at in members:
                above += line(edges[at], (widths[at], head(texts[at], deep)))
    return [above, below] if below else [above]


def _shared(texts: Sequence[str], at: int) -> str:
    """The first line of a head where a neighbour's begins with the same, else nothing."""
    first, found, _ = texts[at].partition("\n")
    beside = (texts[n] for n in (at - 1, at + 1) if 0 <= n < len(texts))
    return first if found and any(text.startswith(f"{first}\n") for text in beside) else ""


def project_lines(form: FiledForm, block: FormBlock) -> Iterator[Line]:
    """The subject's projects from their records."""
    rows = []
    for project in form.figures.projects:
        cells = {
            "name": Cell(project.name),
            "frequency": Cell(frequency_word(form.edition, project.frequency), "center"),
            "total_budget": money(_of_project(project, project.total_budget, "total_budget")),
            "budget": money(_of_project(project, project.budget, "total")),
            "main_use": Cell(project.main_use),
        }
        rows.append([cells[column.key] for column in block.columns])
    yield from listed(form, block, rows)


def _of_project(project: ProjectLine, amount: Interval | None, field: str) -> Fact:
    address = project_budget_address(project.code, field)
    return Fact(amount.value if amount else None, (address,))


def detail_lines(form: FiledForm, block: FormBlock) -> Iterator[Line]:
    """Details of expenditure: what for, how calculated, how much from which source."""
    rows = [
        [_detail(form, str(number), row, column.key) for column in block.columns]
        for number, row in enumerate(form.declaration.details, 1)
    ]
    yield from listed(form, block, rows)


def _detail(form: FiledForm, number: str, row: ExpenditureDetail, column: str) -> Cell:
    address = declaration_address(form.subject, number, column)
    match column:
        case "content":
            return Cell(row.content, address=address)
        case "calculation":
            return Cell(row.calculation, address=address)
    amounts = {"own_level": row.own_level, "transfer": row.transfer, "other": row.other}
    return money(Fact(amounts[column], (address,)))


def asset_lines(form: FiledForm, block: FormBlock) -> Iterator[Line]:
    """Assets to be bought."""
    rows = [
        [_asset(form, str(number), row, column.key) for column in block.columns]
        for number, row in enumerate(form.declaration.assets, 1)
    ]
    yield from listed(form, block, rows)


def _asset(form: FiledForm, number: str, row: AssetPlan, column: str) -> Cell:
    address = declaration_address(form.subject, number, column)
    if column == "amount":
        return money(Fact(row.amount, (address,)))
    return Cell(row.name if column == "name" else row.quantity, address=address)


def objective_lines(form: FiledForm, block: FormBlock) -> Iterator[Line]:
    """The overall objectives side by side; a single one beside the block's label."""
    found = form.declaration
    texts = {
        "long_term": (found.long_term_objective, found.long_term, "long_term_objective"),
        "annual": (found.objective, found.goals, "objective"),
    }
    cells = []
    for column in block.columns:
        text, goals, field = texts[column.key]
        written = text.strip() or "\n".join(goal_list(goals))
        cells.append(Cell(written, address=declaration_address(form.subject, "form", field)))
    if len(cells) == 1:
        yield from beside(label(block.title), cells[0])
    else:
        yield from listed(form, block, [cells])


def goal_list(goals: Sequence[GoalSnapshot]) -> Iterator[str]:
    """目标1：…; a goal without a text is none."""
    for goal in goals:
        if goal.text.strip():
            yield f"目标{goal.key.lstrip('L')}：{goal.text.strip()}"
