"""Declarations and self-evaluations of any form edition, made up by Hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from performance.evaluation import (
    DEPARTMENT,
    AssetPlan,
    Band,
    DeclarationSnapshot,
    Deduction,
    Direction,
    EvaluationSnapshot,
    ExpenditureDetail,
    FieldText,
    FormAmount,
    GoalSnapshot,
    IndicatorKind,
    IndicatorSnapshot,
    Judgement,
    ResultSnapshot,
)
from performance.excel.pages import FormPage
from performance.snapshots import PASSAGES
from rulebook.forms import BlockKind, FieldKind, FormBlock, FormEdition, Horizon
from tests.performance.values import PROJECT_CODE

OBJECTIVES = {BlockKind.OBJECTIVE, BlockKind.OBJECTIVES}
OWN = ("filled_on", "deviation_reason", "improvement_measure")
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))
words = st.one_of(
    st.sampled_from(
        ["≥90%", "95%", "=1+1", "-3次", "0012", "３项", "+好", "@甲", "2023-05-01", "#N/A"]
    ),
    st.text(LETTERS, min_size=1, max_size=30).map(str.strip).filter(bool),
)
texts = st.one_of(st.just(""), words)
paragraphs = st.lists(words, max_size=3).map("\n".join).map(str.strip)
amounts = st.integers(-(10**13), 10**13).map(lambda fen: Decimal(fen) / 100)
points = st.integers(1, 10000).map(lambda n: Decimal(f"{(Decimal(n) / 100).normalize():f}"))
shares = st.integers(0, 10000).map(lambda n: Decimal(f"{(Decimal(n) / 100).normalize():f}"))
judgements = st.none() | st.builds(Judgement, st.sampled_from(list(Band)), shares)
declared_in = st.sampled_from([("yuan", 2), ("wan", 2), ("wan", 6)])


@st.composite
def form_pages(draw: st.DrawFn, form: FormEdition) -> FormPage:
    """A form with anything filed on it, or with targets alone, or with nothing yet."""
    subject = DEPARTMENT if form.is_of_department else PROJECT_CODE
    page = FormPage(subject, draw(words), form.id, title="自评")
    if draw(st.integers(0, 9)) == 0:
        return page
    evaluates = form.kind.endswith("evaluation")
    declaration = draw(_declarations(form, subject, evaluates))
    if not evaluates or draw(st.booleans()):
        return replace(page, declaration=declaration)
    evaluation = draw(_evaluations(form, declaration))
    return replace(page, declaration=declaration, evaluation=evaluation)


@st.composite
def _declarations(
    draw: st.DrawFn, form: FormEdition, subject: str, evaluates: bool
) -> DeclarationSnapshot:
    kinds = {block.kind for block in form.blocks}
    horizons = {block.horizon for block in form.blocks_of(BlockKind.INDICATORS)}
    has_long = Horizon.LONG_TERM in horizons
    return DeclarationSnapshot(
        subject,
        draw(paragraphs) if kinds & OBJECTIVES else "",
        draw(_goals(form, Horizon.ANNUAL)),
        form.id,
        draw(paragraphs) if has_long else "",
        draw(st.none() | st.integers(2020, 2040)) if has_long else None,
        draw(_goals(form, Horizon.LONG_TERM)) if has_long else (),
        () if evaluates else draw(_fields(form)),
        () if evaluates else draw(_amounts(form)),
        tuple(draw(st.lists(_details(), max_size=3))) if BlockKind.DETAILS in kinds else (),
        tuple(draw(st.lists(_assets(), max_size=3))) if BlockKind.ASSETS in kinds else (),
    )


@st.composite
def _fields(draw: st.DrawFn, form: FormEdition) -> tuple[FieldText, ...]:
    found = {}
    for field in form.fields():
        if field.kind is FieldKind.RECORD or field.key in (
            OWN if "evaluation" in form.kind else ()
        ):
            continue
        if field.kind is FieldKind.DATE:
            found[field.key] = draw(st.dates(date(2000, 1, 1), date(2040, 1, 1))).isoformat()
        elif field.kind is FieldKind.CHOICE:
            found[field.key] = draw(st.sampled_from([choice.key for choice in field.choices]))
        else:
            found[field.key] = draw(paragraphs)
    return tuple(FieldText(key, text) for key, text in sorted(found.items()) if text)


@st.composite
def _amounts(draw: st.DrawFn, form: FormEdition) -> tuple[FormAmount, ...]:
    """Some of the cells of money that people type."""
    found = []
    for block in form.blocks:
        for row in block.rows:
            for column in _columns(block):
                typed = not row.is_total and not (row.source and column in ("this_year", "amount"))
                if typed and draw(st.booleans()):
                    unit, decimals = draw(declared_in)
                    amount = draw(amounts)
                    found.append(FormAmount(block.key, row.key, column, amount, unit, decimals))
    return tuple(sorted(found, key=lambda each: (each.block, each.row, each.column)))


def _columns(block: FormBlock) -> list[str]:
    if block.kind is BlockKind.SOURCES:
        return ["amount"]
    if block.kind is BlockKind.EXECUTION:
        return ["budget", "spent"]
    return [column.key for column in block.columns if column.key != "share"]


@st.composite
def _details(draw: st.DrawFn) -> ExpenditureDetail:
    money = [draw(st.none() | amounts) for _ in range(3)]
    return ExpenditureDetail(draw(words), draw(paragraphs), *money, *draw(declared_in))


@st.composite
def _assets(draw: st.DrawFn) -> AssetPlan:
    return AssetPlan(draw(words), draw(texts), draw(st.none() | amounts), *draw(declared_in))


@st.composite
def _goals(draw: st.DrawFn, form: FormEdition, horizon: Horizon) -> tuple[GoalSnapshot, ...]:
    block = form.indicators(horizon)
    assert block is not None
    count = draw(st.integers(0, 3)) if block.has_column("goal") else 1
    letter = "L" if horizon is Horizon.LONG_TERM else ""
    numbers = range(1, count + 1) if block.has_column("goal") else [0]
    return tuple(
        GoalSnapshot(
            f"{letter}{number}",
            draw(words) if number else "",
            draw(st.none() | points if form.is_weighted else st.none()),
            tuple(
                draw(_indicators(form, block, f"{letter}{number}.{at}"))
                for at in range(1, draw(st.integers(0, 4)) + 1)
            ),
        )
        for number in numbers
    )


@st.composite
def _indicators(
    draw: st.DrawFn, form: FormEdition, block: FormBlock, key: str
) -> IndicatorSnapshot:
    def column(name: str, values: st.SearchStrategy[str]) -> str:
        return draw(values) if block.has_column(name) else ""

    tier = draw(st.sampled_from(form.tree))
    weight = st.none() | points if form.is_weighted else st.none()
    return IndicatorSnapshot(
        key=key,
        tier_one=tier.name,
        tier_two=draw(st.sampled_from(tier.tier_twos) | words),
        name=draw(words),
        kind=draw(st.sampled_from(list(IndicatorKind))),
        direction=draw(st.none() | st.sampled_from(list(Direction))),
        target=draw(texts),
        weight=draw(weight),
        tier_one_weight=draw(weight),
        tier_two_weight=draw(weight),
        basis=column("basis", st.sampled_from(["", *(c.key for c in form.bases)])),
        basis_note=column("basis_note", texts),
        classification=column(
            "classification", st.sampled_from(["", *(c.key for c in form.classifications)])
        ),
        note=column("note", texts),
        last_year=column("last_year", texts),
        two_years_before=column("two_years_before", texts),
    )


@st.composite
def _evaluations(
    draw: st.DrawFn, form: FormEdition, declaration: DeclarationSnapshot
) -> EvaluationSnapshot:
    scores_objective = bool(form.blocks_of(BlockKind.OBJECTIVE))
    return EvaluationSnapshot(
        subject=declaration.subject,
        title="自评",
        form=form.id,
        declaration=declaration,
        budget=None,
        spent=None,
        execution_reason=draw(paragraphs),
        objective_achieved=draw(paragraphs) if scores_objective else "",
        objective_judgement=draw(judgements) if scores_objective else None,
        objective_reason=draw(paragraphs) if scores_objective else "",
        results=tuple(draw(_results(row.key)) for row in declaration.indicators),
        deviation_reason=draw(paragraphs),
        improvement_measure=draw(paragraphs),
        filled_on=draw(st.none() | st.dates(date(2000, 1, 1), date(2040, 1, 1))),
        report=tuple((key, text) for key in PASSAGES if (text := draw(paragraphs))),
        fields=draw(_fields(form)),
        amounts=draw(_amounts(form)),
        deductions=(Deduction(Decimal(2), "扣分", "部门复核"),),
    )


@st.composite
def _results(draw: st.DrawFn, key: str) -> ResultSnapshot:
    return ResultSnapshot(
        key, draw(words), draw(judgements), draw(paragraphs), draw(paragraphs),
        (Deduction(Decimal(1), "资料不全", "部门复核"),) if draw(st.booleans()) else (),
    )  # fmt: skip
