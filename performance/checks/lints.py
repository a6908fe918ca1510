"""PT-2xx: what looks wrong in a declaration on a form of its own, said while it is typed.

:func:`lint_declaration` takes one declaration, its form and what is known around it; the same
findings stand at submission. A declaration in an evaluation form is judged by
:mod:`performance.checks.declarations` alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from budgets.workbook import ProjectBudget
from performance.checks.catalogue import BY_ID
from performance.checks.declarations import is_on_target_form, said_of, subject_label
from performance.checks.lints_across import check_across
from performance.checks.lints_money import MoneyFacts, check_money
from performance.evaluation import (
    NUMERIC,
    DeclarationSnapshot,
    Direction,
    GoalSnapshot,
    IndicatorKind,
    IndicatorSnapshot,
    is_overall,
    unit_subject,
)
from performance.form_figures import FilingRecords, FormFigures, form_figures
from performance.reading import RATE, Comparator, Comparison, Reading, ReadingKind, compare, read
from performance.scoring.weights import FORM_ROW
from rulebook.addresses import declaration_address
from rulebook.amounts import normalize
from rulebook.findings import Finding
from rulebook.forms import BlockKind, FieldKind, FormEdition, Horizon, load_form

_COUNTED = "数量"
"""In the name of a second tier: it counts things, so that a rate is out of place."""
_NAMES_SHOWN = 3
_FITTING = {
    IndicatorKind.TREND: ReadingKind.TREND,
    IndicatorKind.RANK: ReadingKind.RANK,
}
_FULL_RATE = Decimal(1)


@dataclass(frozen=True, slots=True)
class LintContext:
    """What is known around a declaration.

    ``overall`` are the declarations of the unit and the department a project belongs to.
    ``achieved`` is indicator name → what was achieved last year, where the system knows it; what
    the form itself says of last year is used where it does not. ``placeholders`` are the words
    that stand for no value, from the scoring edition. ``names`` is subject → what it is called.
    """

    figures: FormFigures = field(default_factory=FormFigures)
    project: ProjectBudget | None = None
    overall: tuple[DeclarationSnapshot, ...] = ()
    achieved: Mapping[str, str] = field(default_factory=dict)
    placeholders: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)

    def label(self, subject: str) -> str:
        return subject_label(subject, self.names.get(subject, ""))


def lint_declaration(
    declaration: DeclarationSnapshot, form: FormEdition, context: LintContext
) -> list[Finding]:
    """All findings of one declaration, from its head to its last row; never raises."""
    facts = MoneyFacts(declaration, form, context.figures, context.project)
    found = [
        *_required(declaration, form),
        *check_money(facts),
        *_tier_ones(declaration, form),
        *_without_indicators(declaration, form),
        *_repeated(declaration),
        *(f for row in declaration.indicators for f in _indicator(declaration, row, context)),
        *_long_term(declaration, context),
        *_same_in_both_horizons(declaration),
    ]
    return said_of(context.label(declaration.subject), found)


def lint_filing(
    declarations: Iterable[DeclarationSnapshot],
    records: FilingRecords,
    placeholders: frozenset[str] = frozenset(),
) -> list[Finding]:
    """The findings of all declarations of a filing, each by itself and with one another."""
    linted = [each for each in declarations if is_on_target_form(each)]
    figures = {
        each.subject: form_figures(load_form(each.form), each.subject, records) for each in linted
    }
    found: list[Finding] = []
    for each in linted:
        context = context_of(each, linted, records, figures[each.subject], placeholders)
        found += lint_declaration(each, load_form(each.form), context)
    units = {unit_subject(book.book): book.name for book in records.books}
    return found + list(check_across(linted, figures, units))


def context_of(
    declaration: DeclarationSnapshot,
    declarations: Iterable[DeclarationSnapshot],
    records: FilingRecords,
    figures: FormFigures,
    placeholders: frozenset[str] = frozenset(),
) -> LintContext:
    """What a filing knows around one of its declarations."""
    project = records.project(declaration.subject)
    own_unit = unit_subject(project.book) if project else ""
    overall = tuple(
        each
        for each in declarations
        if is_overall(each.subject)
        and not is_overall(declaration.subject)
        and (each.subject == own_unit or not each.subject.startswith(unit_subject("")))
    )
    names = {each.subject: records.name_of(each.subject) for each in (declaration, *overall)}
    return LintContext(figures, project, overall, placeholders=placeholders, names=names)


def _required(declaration: DeclarationSnapshot, form: FormEdition) -> Iterator[Finding]:
    wanted = [
        (each.key, each.label, declaration.text(each.key))
        for each in form.fields()
        if each.is_required and each.kind is not FieldKind.RECORD
    ]
    columns = {column.key for b in form.blocks_of(BlockKind.OBJECTIVES) for column in b.columns}
    if Horizon.ANNUAL in columns:
        wanted.append(("objective", "年度总目标", declaration.objective))
    for key, label, text in wanted:
        if not text.strip():
            yield BY_ID["PT-209"].finding(
                f"没有填写“{label}”。",
                declaration_address(declaration.subject, FORM_ROW, key),
                label=label,
            )


def _tier_ones(declaration: DeclarationSnapshot, form: FormEdition) -> Iterator[Finding]:
    present = {row.tier_one for row in declaration.indicators}
    missing = [tier.name for tier in form.tree if tier.is_required and tier.name not in present]
    if missing and present:
        names = "、".join(missing)
        yield BY_ID["PT-208"].finding(
            f"《{form.name}》要求设置{names}，现在没有。",
            declaration_address(declaration.subject, FORM_ROW, "goals"),
            label="一级指标",
            left=names,
        )


def _without_indicators(declaration: DeclarationSnapshot, form: FormEdition) -> Iterator[Finding]:
    """A long-term goal, or a horizon of the form, without indicators; PT-106 has annual goals."""
    for goal in declaration.long_term:
        if not goal.indicators:
            yield _bare(declaration, goal.key, f"长期目标{goal.key}下没有指标。")
    for horizon, goals in _horizons(declaration):
        if form.indicators(horizon) is not None and not goals:
            yield _bare(declaration, FORM_ROW, f"没有设置{horizon.label}的指标。")


def _horizons(
    declaration: DeclarationSnapshot,
) -> tuple[tuple[Horizon, tuple[GoalSnapshot, ...]], ...]:
    return (Horizon.ANNUAL, declaration.goals), (Horizon.LONG_TERM, declaration.long_term)


def _bare(declaration: DeclarationSnapshot, row: str, message: str) -> Finding:
    return BY_ID["PT-201"].finding(
        message,
        declaration_address(declaration.subject, row, "indicators"),
        label="绩效指标",
    )


def _named(name: str) -> str:
    return re.sub(r"\s", "", normalize(name))


def _repeated(declaration: DeclarationSnapshot) -> Iterator[Finding]:
    """One name twice within a horizon, beside what PT-107 says of one goal."""
    for _, goals in _horizons(declaration):
        rows = [(goal.key, row) for goal in goals for row in goal.indicators]
        times = Counter(_named(row.name) for _, row in rows)
        first: dict[str, tuple[str, IndicatorSnapshot]] = {}
        for goal, row in rows:
            name = _named(row.name)
            if times[name] < 2 or not name:
                continue
            before = first.setdefault(name, (goal, row))
            is_annual_twin = before[0] == goal and before[1].target.strip() == row.target.strip()
            if before[1] is not row and not is_annual_twin:
                yield _twice(declaration, before[1], row)


def _twice(
    declaration: DeclarationSnapshot, first: IndicatorSnapshot, second: IndicatorSnapshot
) -> Finding:
    return BY_ID["PT-202"].finding(
        f"指标“{second.name}”出现了不止一次，目标值先为“{first.target}”，后为“{second.target}”。",
        declaration_address(declaration.subject, second.key, "name"),
        declaration_address(declaration.subject, first.key, "name"),
        label=_label(second),
        left=second.target,
        right=first.target,
    )


def _label(row: IndicatorSnapshot) -> str:
    return f"指标“{row.name}”"


def _indicator(
    declaration: DeclarationSnapshot, row: IndicatorSnapshot, context: LintContext
) -> Iterator[Finding]:
    yield from _misfit(declaration, row)
    yield from _easier(declaration, row, context.achieved)
    yield from _contradicted(declaration, row, context)


def _misfit(declaration: DeclarationSnapshot, row: IndicatorSnapshot) -> Iterator[Finding]:
    reading = read(row.target)
    why = _why_unfit(row, reading)
    if why:
        yield BY_ID["PT-204"].finding(
            f"指标“{row.name}”的目标值为“{row.target}”，{why}。",
            declaration_address(declaration.subject, row.key, "kind"),
            label=_label(row),
            left=row.target,
            right=row.kind.label,
        )


def _why_unfit(row: IndicatorSnapshot, reading: Reading) -> str:
    if row.kind is IndicatorKind.QUALITATIVE:
        is_number = reading.kind in (ReadingKind.NUMBER, ReadingKind.RANGE) and not reading.question
        return "是数字，性质却是定性" if is_number else ""
    if row.kind in _FITTING:
        fits = reading.kind is _FITTING[row.kind]
        return "" if fits or not row.target.strip() else f"看不出是{row.kind.label}"
    if row.kind in NUMERIC and _COUNTED in row.tier_two and reading.unit == RATE:
        return f"是比率，却列在“{row.tier_two}”"
    return ""


def _bare_number(text: str) -> Reading:
    """A value of another year or form without its sign, so that two targets compare as values."""
    return replace(read(text), comparator=Comparator.NONE)


def _compared(target: str, other: str) -> Comparison | None:
    """Two written values on one scale; None where they cannot be compared."""
    found = compare(read(target), _bare_number(other))
    return None if found.question else found


def _easier(
    declaration: DeclarationSnapshot, row: IndicatorSnapshot, achieved: Mapping[str, str]
) -> Iterator[Finding]:
    last = achieved.get(row.name) or row.last_year
    if row.kind is not IndicatorKind.QUANTITATIVE or row.direction is None or not last.strip():
        return
    found = _compared(row.target, last)
    if found is None:
        return
    lower = found.target < found.achieved
    higher = found.target > found.achieved
    if (
        lower
        if row.direction is Direction.HIGHER_IS_BETTER
        else (higher and row.direction is Direction.LOWER_IS_BETTER)
    ):
        words = "低于" if lower else "宽于"
        yield BY_ID["PT-206"].finding(
            f"指标“{row.name}”的目标值“{row.target}”{words}上年的“{last}”（{row.direction.label}指标）。",
            declaration_address(declaration.subject, row.key, "target"),
            label=_label(row),
            left=row.target,
            right=last,
        )


def _contradicted(
    declaration: DeclarationSnapshot,
    row: IndicatorSnapshot,
    context: LintContext,
) -> Iterator[Finding]:
    """A rate differs, or a part is larger than the whole; a part that is declared as one
    (``feeds``) adds up by its own rule."""
    if row.feeds or row.kind not in NUMERIC:
        return
    for whole in context.overall:
        for other in whole.indicators:
            if _named(other.name) == _named(row.name) and _disagree(row, other):
                yield _conflict(declaration, row, whole, other, context.label(whole.subject))


def _disagree(row: IndicatorSnapshot, whole: IndicatorSnapshot) -> bool:
    if row.kind is not IndicatorKind.QUANTITATIVE or whole.kind is not row.kind:
        return False
    found = _compared(row.target, whole.target)
    if found is None:
        return False
    if read(row.target).unit == RATE:
        return found.target != found.achieved
    return found.target > found.achieved


def _conflict(
    declaration: DeclarationSnapshot,
    row: IndicatorSnapshot,
    whole: DeclarationSnapshot,
    other: IndicatorSnapshot,
    of: str,
) -> Finding:
    return BY_ID["PT-203"].finding(
        f"指标“{row.name}”在本项目为“{row.target}”，在{of}的申报表为“{other.target}”。",
        declaration_address(declaration.subject, row.key, "target"),
        declaration_address(whole.subject, other.key, "target"),
        label=_label(row),
        left=row.target,
        right=other.target,
    )


def _long_term(declaration: DeclarationSnapshot, context: LintContext) -> Iterator[Finding]:
    for row in declaration.long_term_indicators:
        written = row.target.strip()
        if row.kind in NUMERIC and written:
            why = read(row.target).question
        else:
            why = "没有写明要达到的程度" if written in {"", *context.placeholders} else ""
        if why:
            yield BY_ID["PT-205"].finding(
                f"长期指标“{row.name}”的目标值为“{written or '空'}”：{why}。",
                declaration_address(declaration.subject, row.key, "target"),
                label=_label(row),
                left=row.target,
            )


def _same_in_both_horizons(declaration: DeclarationSnapshot) -> Iterator[Finding]:
    annual, long_term = declaration.objective.strip(), declaration.long_term_objective.strip()
    if annual and _named(annual) == _named(long_term):
        yield _copied(declaration, FORM_ROW, "长期总目标与年度总目标的文字相同。")
    known = {(_named(row.name), _named(row.target)) for row in declaration.indicators}
    copies = [
        row
        for row in declaration.long_term_indicators
        if (_named(row.name), _named(row.target)) in known and not _is_at_its_end(row)
    ]
    names = "、".join(dict.fromkeys(f"“{row.name}”{row.target}" for row in copies[:_NAMES_SHOWN]))
    if copies:
        more = f"等 {len(copies)} 个" if len(copies) > _NAMES_SHOWN else ""
        message = f"长期指标与年度指标的目标值相同：{names}{more}。"
        yield _copied(declaration, copies[0].key, message)


def _is_at_its_end(row: IndicatorSnapshot) -> bool:
    """A target nothing can go beyond, or one in words: all of something, or none of it."""
    reading = read(row.target)
    if reading.low is None or reading.question:
        return True
    return not reading.low or (
        reading.unit == RATE and reading.low * reading.multiple == _FULL_RATE
    )


def _copied(declaration: DeclarationSnapshot, row: str, message: str) -> Finding:
    return BY_ID["PT-207"].finding(
        message,
        declaration_address(declaration.subject, row, "long_term"),
        label="长期目标",
    )
