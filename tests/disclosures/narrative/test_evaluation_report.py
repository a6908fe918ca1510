"""The report in words of one self-evaluation: figures from the scorecard, reasons from people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from disclosures.facts import EvaluationFacts, ReportFacts
from disclosures.narrative.performance import (
    evaluation_goals,
    evaluation_next_steps,
    evaluation_problems,
    evaluation_score,
)
from disclosures.narrative.phrases import NOT_FILED, text_of
from disclosures.report.blocks import BoundFigure, Paragraph
from performance.evaluation import (
    ChangeKind,
    ChangeState,
    EvaluationSnapshot,
    TargetChangeSnapshot,
)
from performance.scoring import score
from reviews.scores import with_decisions
from tests.disclosures.values import facts, package
from tests.performance.values import PATROLS, clean_evaluation, with_result, wuhan_2023

KNOWN = facts(package("shili_review_2023"))


def late(reason: str = "汛期停止外巡。", measure: str = "提前安排备勤") -> EvaluationSnapshot:
    """The clean form with one indicator at four fifths of its target."""
    return with_result(
        clean_evaluation(),
        PATROLS,
        achieved="40次",
        deviation_reason=reason,
        improvement_measure=measure,
    )


def of(evaluation: EvaluationSnapshot) -> EvaluationFacts:
    return EvaluationFacts(evaluation, score(evaluation, wuhan_2023()))


def lines(paragraphs: tuple[Paragraph, ...]) -> list[str]:
    return [text_of(paragraph.spans) for paragraph in paragraphs]


def said(known: ReportFacts = KNOWN, evaluation: EvaluationSnapshot | None = None) -> list[str]:
    each = of(evaluation or late())
    sections = (evaluation_score, evaluation_goals, evaluation_problems, evaluation_next_steps)
    return [line for section in sections for line in lines(section(known, each))]


def test_the_score_is_taken_apart() -> None:
    _, parts = lines(evaluation_score(KNOWN, of(late())))
    assert parts == (
        "其中：预算执行情况得20.00分（满分20.00分），绩效总目标得20.00分（满分20.00分），"
        "年度绩效指标得58.00分（满分60.00分）。"
    )


def test_a_waiting_score_is_not_taken_apart() -> None:
    waiting = with_result(clean_evaluation(), PATROLS, achieved="")
    assert len(evaluation_score(KNOWN, of(waiting))) == 1


def test_indicators_are_counted() -> None:
    assert "（2）完成的绩效目标。共设置绩效指标6个，其中5个达到目标，1个未全部完成。" in said()


def test_the_row_that_fell_short_is_named_with_its_reason_and_measure() -> None:
    found = said()
    assert "“巡查次数”完成目标的80.00%，得8.00分（满分10.00分），原因：汛期停止外巡。" in found
    assert "针对“巡查次数”：提前安排备勤。" in found


def test_nothing_said_is_shown_as_missing() -> None:
    found = lines(evaluation_problems(KNOWN, of(late("", ""))))
    assert found == [
        f"（1）上年度结果应用情况。{NOT_FILED}",
        f"（2）本年度绩效问题和原因。{NOT_FILED}",
    ]


def test_every_figure_has_its_address() -> None:
    each = of(late())
    sections = (*evaluation_score(KNOWN, each), *evaluation_problems(KNOWN, each))
    figures = [s for p in sections for s in p.spans if isinstance(s, BoundFigure)]
    assert figures
    assert all(f.addresses and f.addresses[0].startswith("evaluation/") for f in figures)


def accepted(state: ChangeState) -> EvaluationSnapshot:
    change = TargetChangeSnapshot(
        ChangeKind.CHANGE, PATROLS, "巡查次数", "target", "≥50次", "≥40次", "范围缩小",
        state, date(2024, 1, 5), date(2024, 2, 1), "属实",
    )  # fmt: skip
    clean = clean_evaluation()
    return replace(clean, declaration=replace(clean.declaration, changes=(change,)))


def test_only_an_accepted_change_is_told() -> None:
    assert (
        "目标调整指标：“巡查次数”的目标值由“≥50次”调整为“≥40次”，理由：范围缩小；已同意：属实。"
        in said(evaluation=accepted(ChangeState.ACCEPTED))
    )
    assert not any("范围缩小" in line for line in said(evaluation=accepted(ChangeState.REFUSED)))


def test_what_the_bureau_decided_is_judged_with_what_was_handed_in() -> None:
    frozen = package("shili_review_2023")
    first = frozen.evaluations[0]
    changes = accepted(ChangeState.ACCEPTED).declaration.changes
    declaration = replace(first.declaration, changes=changes, objective="新目标")
    today = replace(first, declaration=declaration, deviation_reason="提交之后改的")
    judged = with_decisions(frozen, [today])
    found = next(e for e in judged.evaluations if e.subject == first.subject)
    assert found.declaration == declaration
    assert found.deviation_reason == first.deviation_reason
    assert declaration in judged.declarations
