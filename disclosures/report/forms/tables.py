"""PURE: a filed form → one table with all its blocks in order, and the derivation of its score."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from disclosures.facts import EvaluationFacts, Fact, ReportFacts
from disclosures.narrative.performance import budget_and_spent, evaluation_name
from disclosures.narrative.phrases import points, text_of
from disclosures.report.blocks import Cell, HeaderCell, Table
from disclosures.report.fitting import as_shares
from disclosures.report.forms.form import (
    FiledForm,
    declared_form,
    evaluated_form,
    money,
    plain,
    rules_of,
    scored_points,
    shown,
    weighted,
)
from disclosures.report.forms.grid import Line, assemble, divided, head, label, line
from disclosures.report.forms.indicators import indicator_lines
from disclosures.report.forms.parts import (
    MARGIN,
    ROOM,
    asset_lines,
    column_heads,
    detail_lines,
    field_lines,
    money_lines,
    objective_lines,
    project_lines,
    source_lines,
)
from performance.composing import accepted_notes
from performance.evaluation import DEPARTMENT, DeclarationSnapshot, is_overall
from performance.form_figures import SCORE_TOTAL
from performance.scoring import ScoreLine, load_parameters
from performance.scoring.parameters import Component
from rulebook.addresses import declaration_address, evaluation_address
from rulebook.amounts import half_up, rate
from rulebook.forms import BlockKind, FieldKind, FormBlock, FormRow, Place

EXECUTION_NAME = 26
EXECUTION = {"budget": 25, "spent": 14, "rate": 14, "points": 10, "weight": 8}
OBJECTIVE = {"set": 40, "achieved": 39, "points": 10}


def declaration_name(facts: ReportFacts, declaration: DeclarationSnapshot) -> str:
    """What the targets are of: 某某局部门整体, 某单位整体, or 某某项目."""
    name = facts.records.name_of(declaration.subject)
    if declaration.subject == DEPARTMENT:
        return f"{name}部门整体"
    return f"{name}{'整体' if is_overall(declaration.subject) else ''}"


def declaration_table(facts: ReportFacts, declaration: DeclarationSnapshot) -> Table:
    """A target declaration as its edition prints it."""
    return _table(declared_form(facts, declaration), "declaration", ())


def evaluation_table(facts: ReportFacts, each: EvaluationFacts) -> Table:
    """A self-evaluation as its edition prints it, the scoring rules below where it has them."""
    form = evaluated_form(facts, each)
    rules = _rules(facts, each) if form.edition.has_rules else ()
    return _table(form, "form", (*accepted_notes(each.evaluation), *rules))


def _rules(facts: ReportFacts, each: EvaluationFacts) -> tuple[str, ...]:
    parameters = load_parameters(facts.head.editions.scoring)
    scored = parameters.scheme_for(each.evaluation.subject).objective is not None
    return rules_of(parameters, with_objective=scored)


def _table(form: FiledForm, kind: str, notes: tuple[str, ...]) -> Table:
    body, widths = assemble(list(_lines(form)))
    return Table(
        key=f"{form.subject}_{kind}",
        number="",
        title=form.printed(form.edition.title),
        unit_label=form.edition.unit_label,
        header=(),
        body=body,
        widths=as_shares(list(widths)),
        style="form",
        head_lines=tuple(filter(None, (_head_line(form),))),
        notes=notes,
    )


def _head_line(form: FiledForm) -> str:
    """The fields that stand in the line above the table; the total of a score is one of them."""
    parts, has_total = [], False
    for field in form.edition.fields():
        if field.place is Place.LINE and not field.is_private:
            is_record = field.kind is FieldKind.RECORD
            typed = form.typed.get(field.key, "")
            text = form.recorded(field) if is_record else shown(field, typed)
            parts.append(f"{field.label}：{text}")
            has_total = has_total or field.source == SCORE_TOTAL
    if form.scored and not has_total:
        parts.append(f"总分：{text_of(points(form.total))}")
    return "　".join(parts)


def _lines(form: FiledForm) -> Iterator[Line]:
    before: FormBlock | None = None
    for block in form.edition.blocks:
        alike = before is not None and before.kind is block.kind and before.columns == block.columns
        yield from _block_lines(form, block, headed=not alike)
        before = block


def _block_lines(form: FiledForm, block: FormBlock, *, headed: bool) -> Iterator[Line]:
    match block.kind:
        case BlockKind.FIELDS:
            return field_lines(form, block)
        case BlockKind.MONEY:
            return money_lines(form, block, headed=headed)
        case BlockKind.SOURCES:
            return source_lines(form, block)
        case BlockKind.PROJECTS:
            return project_lines(form, block)
        case BlockKind.DETAILS:
            return detail_lines(form, block)
        case BlockKind.ASSETS:
            return asset_lines(form, block)
        case BlockKind.OBJECTIVES:
            return objective_lines(form, block)
        case BlockKind.INDICATORS:
            return indicator_lines(form, block, merged=_merges(form))
        case BlockKind.EXECUTION:
            return _execution_lines(form, block)
        case BlockKind.OBJECTIVE:
            return _objective_lines(form, block)


def _merges(form: FiledForm) -> bool:
    """A second tier with points of its own is one cell only where the edition says so."""
    if not form.edition.is_weighted or form.block_line is not None:
        return True
    return load_parameters(form.facts.head.editions.scoring).tier_two_merged


def _execution_lines(form: FiledForm, block: FormBlock) -> Iterator[Line]:
    """Budget, spending, rate and points, with the levels of money where the form has them."""
    scored = form.line(Component.EXECUTION.value)
    most = plain(scored.max_points) if scored else ""
    room = ROOM - EXECUTION_NAME
    widths = divided(room, [EXECUTION[column.key] for column in block.columns])
    heads = [head(form.printed(column.label, points=most)) for column in block.columns]
    title = weighted(block.title, scored.max_points if scored else None)
    yield line(
        0, (MARGIN, label(title, len(block.rows) + 1)), (EXECUTION_NAME, head("")),
        *zip(widths, heads, strict=True),
    )  # fmt: skip
    edges = [MARGIN + EXECUTION_NAME + sum(widths[:n]) for n in range(len(widths))]
    for number, row in enumerate(block.rows):
        pieces = line(MARGIN, (EXECUTION_NAME, label(row.label)))
        cells = _execution_cells(form, block, row)
        for at, column in enumerate(block.columns):
            if column.key in ("points", "weight"):
                if not number:  # once, beside all levels
                    pieces += line(edges[at], (widths[at], _once(form, block, scored, column.key)))
            else:
                pieces += line(edges[at], (widths[at], cells[column.key]))
        yield pieces


def _once(form: FiledForm, block: FormBlock, scored: ScoreLine | None, column: str) -> Cell:
    rows = len(block.rows)
    if column == "points":
        return scored_points(form, scored, rows)
    return Cell(plain(scored.max_points) if scored else "", "center", rowspan=rows)


def _execution_cells(form: FiledForm, block: FormBlock, row: FormRow) -> dict[str, Cell]:
    budget, spent = (
        budget_and_spent(form.facts, form.scored)
        if row.is_total and form.scored
        else (form.typed_amount(block.key, row.key, column) for column in ("budget", "spent"))
    )
    decimals = load_parameters(form.facts.head.editions.scoring).rate_decimals
    done = rate(spent.value, budget.value)
    text = "" if done is None else f"{half_up(done, decimals)}%"
    return {"budget": money(budget), "spent": money(spent), "rate": Cell(text, "right")}


def _objective_lines(form: FiledForm, block: FormBlock) -> Iterator[Line]:
    """年初设定目标 and 全年实际完成情况, with the points where the scheme gives any."""
    scored, found = form.line(Component.OBJECTIVE.value), form.scored
    cells = {
        "set": Cell(
            form.declaration.objective,
            address=declaration_address(form.subject, "objective", "text"),
        ),
        "achieved": Cell(
            found.evaluation.objective_achieved if found else "",
            address=evaluation_address(form.subject, "objective", "achieved"),
        ),
        "points": scored_points(form, scored),
    }
    widths = divided(ROOM, [OBJECTIVE[column.key] for column in block.columns])
    heads = column_heads(form, block.columns, widths, MARGIN)[0]
    title = weighted(block.title, scored.max_points if scored else None)
    yield (*line(0, (MARGIN, label(title, 2))), *heads)
    row = [cells[column.key] for column in block.columns]
    yield line(MARGIN, *zip(widths, row, strict=True))


def derivation_table(facts: ReportFacts, each: EvaluationFacts) -> Table:
    """Every scored line with weight, steps and points: the derivation that replays the score.

    The rules stand below it where they do not stand below the form."""
    form = evaluated_form(facts, each)
    lines = each.scorecard.lines if each.scorecard else ()
    steps = each.scorecard.steps if each.scorecard else ()
    names = ("序号", "评分项目", "分值", "计算过程", "得分")
    body = tuple(
        (
            Cell(str(number), "center"),
            Cell(found.label),
            Cell(plain(found.max_points), "center"),
            Cell("；".join(_explained(found))),
            scored_points(form, found),
        )
        for number, found in enumerate(lines, start=1)
    )
    total = Cell(text_of(points(_total(each))), "right", style="total")
    summed = Cell("合计", "center", colspan=2, style="label")
    foot = (summed, Cell(_full(each), "center"), Cell("；".join(steps)), total)
    return Table(
        key=f"{each.evaluation.subject}_derivation",
        number="",
        title=f"{facts.year}年度{evaluation_name(each)}得分计算过程",
        unit_label="",
        header=(tuple(HeaderCell(name) for name in names),),
        body=(*body, foot),
        widths=as_shares([Decimal(width) for width in (6, 21, 7, 57, 9)]),
        style="form",
        notes=() if form.edition.has_rules else _rules(facts, each),
    )


def _total(each: EvaluationFacts) -> Fact:
    total = each.scorecard.total if each.scorecard else None
    return Fact(total, (evaluation_address(each.evaluation.subject, "total", "points"),))


def _full(each: EvaluationFacts) -> str:
    return plain(each.scorecard.out_of) if each.scorecard else ""


def _explained(found: ScoreLine) -> tuple[str, ...]:
    return found.steps if found.question is None else (*found.steps, found.question.text)
