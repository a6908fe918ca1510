"""PURE: what follows from an evaluation: proposals by grade, measures still open, words for the
next declaration. Which grade proposes what is data of the scoring edition (``[result_use]``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from performance.checks.catalogue import BY_ID
from performance.evaluation import EvaluationSnapshot
from performance.scoring.parameters import FAMILY, Clause
from performance.scoring.weights import FORM_ROW
from rulebook.addresses import result_use_address
from rulebook.editions import edition_path, read_toml
from rulebook.findings import Finding


class Use(StrEnum):
    """What is done with a project in the next budget."""

    KEEP = "keep"
    ADJUST = "adjust"
    CUT = "cut"
    CANCEL = "cancel"

    @property
    def label(self) -> str:
        return {"keep": "保留", "adjust": "调整", "cut": "压减", "cancel": "取消"}[self.value]


TAKES_AWAY = frozenset({Use.CUT, Use.CANCEL})


@dataclass(frozen=True, slots=True)
class ResultRules:
    """Grade → proposal of an edition, and the clause it rests on."""

    proposals: Mapping[str, Use]
    clause: Clause

    def propose(self, grade: str) -> Use | None:
        """The proposal for a grade, None where there is no grade yet."""
        return self.proposals.get(grade)


@cache
def load_result_rules(edition_id: str) -> ResultRules:
    """The rules of an edition. Raises KeyError for an unknown one or one without the table."""
    return result_rules_from(read_toml(edition_path(FAMILY, edition_id)))


def result_rules_from(data: Mapping[str, Any]) -> ResultRules:
    """An edition's TOML as typed rules."""
    table = data["result_use"]
    return ResultRules(
        {grade: Use(value) for grade, value in table["proposals"].items()},
        Clause(table["text"], table["citation"], table["verified"]),
    )


@dataclass(frozen=True, slots=True)
class ProjectResult:
    """A project's last evaluation with what was decided; ``grade`` is empty while withheld."""

    subject: str
    name: str
    total: str
    grade: str
    proposed: Use | None
    decided: Use | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ImprovementMeasure:
    """A measure written into an evaluation; ``key`` is the indicator's, or that of the form.
    ``done`` says how it was carried out and is empty while it is open."""

    key: str
    name: str
    text: str
    done: str = ""


def measures_of(
    evaluation: EvaluationSnapshot, closed: Mapping[str, str]
) -> tuple[ImprovementMeasure, ...]:
    """The measures of an evaluation, the form's own first; ``closed`` is key → what was done."""
    names = {row.key: row.name for row in evaluation.declaration.indicators}
    texts = {FORM_ROW: evaluation.improvement_measure}
    texts |= {row.indicator: row.improvement_measure for row in evaluation.results}
    return tuple(
        ImprovementMeasure(key, names.get(key, evaluation.title), text, closed.get(key, ""))
        for key, text in texts.items()
        if text.strip()
    )


def check_result(result: ProjectResult) -> list[Finding]:
    """What a decision about a project still lacks."""
    return list(_lacking(result))


def _lacking(result: ProjectResult) -> Iterator[Finding]:
    place = result_use_address(result.subject, FORM_ROW, "reason")
    proposed = result.proposed.label if result.proposed else ""
    if result.decided is None:
        if result.grade:
            yield BY_ID["RU-103"].finding(
                f"自评{result.total}分，等级{result.grade}，建议{proposed}，还没有意见。",
                place, label=result.name, left=result.grade, right=proposed,
            )  # fmt: skip
        return
    if result.reason.strip():
        return
    decided = result.decided.label
    if result.decided in TAKES_AWAY:
        yield BY_ID["RU-101"].finding(
            f"决定{decided}，没有写明理由。",
            place, label=result.name, left=result.grade, right=decided,
        )  # fmt: skip
    elif result.decided is not result.proposed:
        yield BY_ID["RU-102"].finding(
            f"建议{proposed or '待定'}，决定{decided}，没有写明理由。",
            place, label=result.name, left=proposed, right=decided,
        )  # fmt: skip


def words_for_declaration(
    year: int, result: ProjectResult, measures: Iterable[ImprovementMeasure]
) -> dict[str, str]:
    """Key of a field of the declaration → what the record says about last year; a field about
    which it says nothing is left out."""
    total = f"{result.total}分" if result.total else "未计总分"
    grade = f"，等级{result.grade}" if result.grade else ""
    done = [f"{each.text.strip()}（{each.done}）" for each in measures if each.done]
    still = [each.text.strip() for each in measures if not each.done]
    correction = [f"已落实：{'；'.join(done)}。"] if done else []
    correction += [f"尚未落实：{'；'.join(still)}。"] if still else []
    words = {"last_evaluation": f"{year}年绩效自评{total}{grade}。"}
    if correction:
        words["correction"] = "".join(correction)
    if result.decided is not None:
        reason = f"，理由：{result.reason}" if result.reason else ""
        words["result_use"] = f"财政部门意见：{result.decided.label}{reason}。"
    return words


def check_continued(
    result: ProjectResult, measures: Iterable[ImprovementMeasure]
) -> Iterator[Finding]:
    """What last year's result means for a project that is declared again."""
    still = [each for each in measures if not each.done]
    if still:
        yield BY_ID["RU-104"].finding(
            f"上年{len(still)}项改进措施还没有登记落实：{still[0].text.strip()}",
            result_use_address(result.subject, still[0].key, "done"),
            label=result.name,
            left="；".join(each.text.strip() for each in still),
        )
    if result.decided is Use.CANCEL:
        yield BY_ID["RU-105"].finding(
            f"财政部门上年决定取消该项目（{result.reason}），本年又申报。",
            result_use_address(result.subject, FORM_ROW, "decided"),
            label=result.name,
            left=result.decided.label,
        )
