"""PT-…: what a target declaration must satisfy before it can be scored, and what looks odd."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations, takewhile

from performance.checks.catalogue import BY_ID
from performance.evaluation import (
    DEPARTMENT,
    NUMERIC,
    DeclarationSnapshot,
    IndicatorKind,
    IndicatorSnapshot,
    unit_of_subject,
)
from performance.reading import QuestionCode, read, target_question
from performance.scoring.directions import direction_question, sign_contradicts
from performance.scoring.parameters import ScoringParameters
from performance.scoring.steps import plain
from performance.scoring.weights import (
    FORM_ROW,
    WeightConflict,
    WeightLevel,
    weight_conflicts,
)
from rulebook.addresses import declaration_address
from rulebook.findings import Finding
from rulebook.forms import DEPARTMENT_TARGETS, PROJECT_TARGETS, load_form

_LEVEL_CHECKS = {
    WeightLevel.SCHEME: "PT-101",
    WeightLevel.SPLIT: "PT-116",
    WeightLevel.GOAL: "PT-102",
    WeightLevel.TIER_ONE: "PT-103",
    WeightLevel.TIER_TWO: "PT-104",
    WeightLevel.INDICATOR: "PT-105",
}
_TARGET_CHECKS = {
    QuestionCode.TARGET_UNREADABLE: "PT-108",
    QuestionCode.TARGET_NEGATIVE: "PT-109",
    QuestionCode.TARGET_ZERO_FORWARD: "PT-110",
    QuestionCode.DIRECTION_MISSING: "PT-111",
}


def check_declaration(
    declaration: DeclarationSnapshot, parameters: ScoringParameters, name: str = ""
) -> list[Finding]:
    """All findings of one declaration, from its head to its last row; ``name`` is what its
    subject is called."""
    found = [
        *_objective(declaration, parameters),
        *(_weight(declaration, c) for c in _weights(declaration, parameters)),
        *_tier_ones(declaration, parameters),
        *_goals(declaration),
        *(f for row in declaration.indicators for f in _indicator(declaration, row, parameters)),
        *_repeated(declaration, parameters),
    ]
    return said_of(subject_label(declaration.subject, name), found)


def _weights(
    declaration: DeclarationSnapshot, parameters: ScoringParameters
) -> tuple[WeightConflict, ...]:
    """Nothing to add up in a form that prints no points."""
    if declaration.form and not load_form(declaration.form).is_weighted:
        return ()
    return weight_conflicts(declaration, parameters)


def is_on_target_form(declaration: DeclarationSnapshot) -> bool:
    """Whether the targets stand on a form of their own, which says what it requires
    (:mod:`performance.checks.lints`), and not only in the form that evaluates them."""
    return declaration.form.partition("/")[0] in (DEPARTMENT_TARGETS, PROJECT_TARGETS)


def subject_label(subject: str, name: str = "") -> str:
    """What people call a subject; by its code where nothing names it."""
    if subject == DEPARTMENT:
        return "部门整体"
    unit = unit_of_subject(subject)
    return f"{name or f'单位{unit}'}整体" if unit else name or f"项目{subject}"


def said_of(label: str, findings: Iterable[Finding]) -> list[Finding]:
    """The findings, the label of each saying first what they are about."""
    return [replace(each, label=f"{label} {each.label}") for each in findings]


def _objective(
    declaration: DeclarationSnapshot, parameters: ScoringParameters
) -> Iterator[Finding]:
    scored = parameters.scheme_for(declaration.subject).objective is not None
    if scored and not is_on_target_form(declaration) and not declaration.objective.strip():
        yield BY_ID["PT-114"].finding(
            "没有填写绩效总目标。",
            declaration_address(declaration.subject, FORM_ROW, "objective"),
            label="总目标",
        )


def _weight(declaration: DeclarationSnapshot, conflict: WeightConflict) -> Finding:
    message = f"{conflict.text}。"
    if conflict.header is not None and conflict.parts is not None:
        message = f"{conflict.text}，相差{plain(conflict.header - conflict.parts)}分。"
    return BY_ID[_LEVEL_CHECKS[conflict.level]].finding(
        message,
        declaration_address(declaration.subject, conflict.row, conflict.field),
        label=conflict.label,
        left=conflict.header,
        right=conflict.parts,
    )


def _tier_ones(
    declaration: DeclarationSnapshot, parameters: ScoringParameters
) -> Iterator[Finding]:
    if is_on_target_form(declaration):
        return
    present = {row.tier_one for row in declaration.indicators}
    required = _required_tier_ones(declaration, parameters)
    missing = [name for name in required if name not in present]
    if missing:
        yield BY_ID["PT-115"].finding(
            f"没有设置{'、'.join(missing)}。",
            declaration_address(declaration.subject, FORM_ROW, "goals"),
            label="一级指标",
            left="、".join(missing),
        )


def _required_tier_ones(
    declaration: DeclarationSnapshot, parameters: ScoringParameters
) -> tuple[str, ...]:
    """Of a form of targets its own tree's, of an evaluation form the scheme's that scores it."""
    form = load_form(declaration.form) if declaration.form else None
    if form is not None and form.kind in (DEPARTMENT_TARGETS, PROJECT_TARGETS):
        return tuple(tier.name for tier in form.tree if tier.is_required)
    return parameters.scheme_for(declaration.subject).required_tier_ones


def _goals(declaration: DeclarationSnapshot) -> Iterator[Finding]:
    for goal in declaration.goals:
        if not goal.indicators:
            yield BY_ID["PT-106"].finding(
                f"年度目标{goal.key}下没有指标。",
                declaration_address(declaration.subject, goal.key, "indicators"),
                label=f"年度目标{goal.key}",
            )


def _indicator(
    declaration: DeclarationSnapshot, row: IndicatorSnapshot, parameters: ScoringParameters
) -> Iterator[Finding]:
    label = f"指标“{row.name}”"
    place = declaration_address(declaration.subject, row.key, "target")
    if row.kind in NUMERIC:
        yield from _numeric(declaration, row, parameters)
    elif row.target.strip() in parameters.placeholders or not row.target.strip():
        written = row.target.strip() or "空"
        message = f"指标“{row.name}”的目标值为“{written}”，没有写明要达到的程度。"
        yield BY_ID["PT-113"].finding(message, place, label=label, left=row.target)


def _numeric(
    declaration: DeclarationSnapshot, row: IndicatorSnapshot, parameters: ScoringParameters
) -> Iterator[Finding]:
    label = f"指标“{row.name}”"
    target = read(row.target)
    question = target_question(target, is_range=row.kind is IndicatorKind.RANGE)
    if question is None and row.kind is IndicatorKind.QUANTITATIVE:
        question = direction_question(row, target, parameters)
    place = declaration_address(declaration.subject, row.key, "target")
    if question is not None:
        asks_direction = question.code is QuestionCode.DIRECTION_MISSING
        field = "direction" if asks_direction else "target"
        yield BY_ID[_TARGET_CHECKS[question.code]].finding(
            f"指标“{row.name}”：{question.text}。",
            declaration_address(declaration.subject, row.key, field),
            label=label,
            left=row.target,
        )
    elif sign_contradicts(row) and row.direction is not None:
        message = f"指标“{row.name}”的目标值“{row.target}”与方向“{row.direction.label}”不一致。"
        yield BY_ID["PT-112"].finding(
            message, place, label=label, left=row.target, right=row.direction.label
        )


def _repeated(declaration: DeclarationSnapshot, parameters: ScoringParameters) -> Iterator[Finding]:
    for goal in declaration.goals:
        for first, second in combinations(goal.indicators, 2):
            if same_measure(first, second, parameters):
                yield BY_ID["PT-107"].finding(
                    f"“{first.name}”与“{second.name}”目标值相同、名称相近，可能是同一指标重复计分。",
                    declaration_address(declaration.subject, second.key, "name"),
                    declaration_address(declaration.subject, first.key, "name"),
                    label=f"指标“{second.name}”",
                    left=first.name,
                    right=second.name,
                )


def same_measure(
    first: IndicatorSnapshot, second: IndicatorSnapshot, parameters: ScoringParameters
) -> bool:
    """Whether two rows of a goal look like one measure: the same target, and names that end alike
    (a Chinese name ends in what is measured) over the edition's share of the longer one. Many
    measures are to be 健全 or 达标: words for a target are alike by chance, so the names must be
    the same."""
    if first.target.strip() != second.target.strip():
        return False
    if first.kind not in NUMERIC:
        return first.name.strip() == second.name.strip()
    endings = zip(reversed(first.name), reversed(second.name), strict=False)
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], endings))
    longer = max(len(first.name), len(second.name))
    return longer > 0 and alike >= parameters.same_measure_share * longer
