"""One form of every edition with a value in every place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from performance.evaluation import (
    AssetPlan,
    Band,
    DeclarationSnapshot,
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
from performance.excel.layout import Holds, Slot, is_evaluation, sections_of
from performance.excel.pages import OWN_FIELDS, FormPage
from performance.snapshots import PASSAGES
from rulebook import forms
from rulebook.editions import DATA
from rulebook.forms import BlockKind, FormEdition, Horizon, load_form
from tests.performance.excel.files import YEAR

EDITIONS = sorted(
    f"{path.parent.name}/{path.stem}" for path in (DATA / forms.FAMILY).glob("*/*.toml")
)
TARGETS = ("≥90%", "=1", "-3次", "0012", "１２０件", "3-5次", "95%", "较上年下降", "#N/A", "1e3")


def full_pages() -> list[FormPage]:
    """Each as a subject of its own, so that all fit into one workbook."""
    return [_page(load_form(edition), f"P{at}") for at, edition in enumerate(EDITIONS)]


def _slots(form: FormEdition) -> list[Slot]:
    lines = [line for section in sections_of(form.id, YEAR) for line in section.lines]
    return [cell for line in lines for cell in line.cells if isinstance(cell, Slot)]


def _page(form: FormEdition, subject: str) -> FormPage:
    evaluates = is_evaluation(form)
    fields, amounts = _fields(form), _amounts(form)
    kinds = {block.kind for block in form.blocks}
    has_long = form.indicators(Horizon.LONG_TERM) is not None
    declaration = DeclarationSnapshot(
        subject,
        "全年目标。\n第二段，=1+1。" if kinds & {BlockKind.OBJECTIVE, BlockKind.OBJECTIVES} else "",
        _goals(form, Horizon.ANNUAL, ""),
        form.id,
        "长期目标" if has_long else "",
        YEAR + 2 if has_long else None,
        _goals(form, Horizon.LONG_TERM, "L") if has_long else (),
        () if evaluates else fields,
        () if evaluates else amounts,
        (
            ExpenditureDetail("房租", "12月×1万元", Decimal("120000.01"), None, Decimal(3)),
            ExpenditureDetail("@维护", "=2*3", None, Decimal("0.10"), None, "wan", 6),
        )
        if BlockKind.DETAILS in kinds
        else (),
        (AssetPlan("摄像机", "3台", Decimal("99999.99")),) if BlockKind.ASSETS in kinds else (),
    )
    if not evaluates:
        return FormPage(subject, f"对象{subject}", form.id, declaration)
    evaluation = _evaluation(form, declaration, fields, amounts)
    return FormPage(subject, f"对象{subject}", form.id, declaration, evaluation)


def _fields(form: FormEdition) -> tuple[FieldText, ...]:
    found = {}
    for slot in _slots(form):
        kind, _, key = slot.key.partition("/")
        if kind != "field" or (is_evaluation(form) and key in OWN_FIELDS):
            continue
        if slot.holds is Holds.CHOICE:
            found[key] = slot.choices[0].key
        else:
            found[key] = "2023-01-09" if slot.holds is Holds.DATE else f"{slot.label}\n第二行"
    return tuple(FieldText(key, text) for key, text in sorted(found.items()))


def _amounts(form: FormEdition) -> tuple[FormAmount, ...]:
    places = sorted(slot.key.split("/")[1:] for slot in _slots(form) if slot.holds is Holds.AMOUNT)
    return tuple(
        FormAmount(block, row, column, Decimal("1234567.89") + at, "wan", 6)
        for at, (block, row, column) in enumerate(places)
    )


def _goals(form: FormEdition, horizon: Horizon, letter: str) -> tuple[GoalSnapshot, ...]:
    block = form.indicators(horizon)
    assert block is not None
    numbers = (1, 2) if block.has_column("goal") else (0,)
    weight = Decimal("12.5") if form.is_weighted else None
    names = [(one.name, two) for one in form.tree for two in one.tier_twos]
    return tuple(
        GoalSnapshot(
            f"{letter}{number}",
            f"目标{number}" if number else "",
            weight,
            tuple(
                IndicatorSnapshot(
                    f"{letter}{number}.{at}", *pair, f"指标{at}",
                    list(IndicatorKind)[at % 6], [*Direction, None][at % 4],
                    TARGETS[at % len(TARGETS)], weight, weight, weight,
                    basis=form.bases[0].key if block.has_column("basis") else "",
                    basis_note="计划" if block.has_column("basis_note") else "",
                    classification=form.classifications[0].key
                    if block.has_column("classification") else "",
                    note="说明" if block.has_column("note") else "",
                    last_year="80%" if block.has_column("last_year") else "",
                    two_years_before="1-2" if block.has_column("two_years_before") else "",
                )
                for at, pair in enumerate(names, 1)
            ),
        )
        for number in numbers
    )  # fmt: skip


def _evaluation(
    form: FormEdition,
    declaration: DeclarationSnapshot,
    fields: tuple[FieldText, ...],
    amounts: tuple[FormAmount, ...],
) -> EvaluationSnapshot:
    judged = Judgement(Band.PARTLY_REACHED, Decimal("66.5"))
    has_objective = bool(form.blocks_of(BlockKind.OBJECTIVE))
    return EvaluationSnapshot(
        declaration.subject,
        "自评",
        form.id,
        declaration,
        None,
        None,
        "执行说明",
        "完成情况" if has_objective else "",
        judged if has_objective else None,
        "原因" if has_objective else "",
        tuple(
            ResultSnapshot(row.key, TARGETS[at % len(TARGETS)], judged, "偏差", "改进")
            for at, row in enumerate(declaration.indicators)
        ),
        "偏差原因\n第二段",
        "改进措施",
        date(2024, 1, 22),
        tuple((key, f"段落{key}") for key in PASSAGES),
        fields,
        amounts,
    )
