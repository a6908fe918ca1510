"""PURE: what must be clean before a filing may be handed in.

An error stops it unless the bureau waived its check; a warning wants a written explanation of
exactly this finding; every remark of the last return wants an answer. Before the approval every
request to change a target wants a decision.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from rulebook.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Explained:
    """A warning with the words that answer it."""

    finding: Finding
    text: str


@dataclass(frozen=True, slots=True)
class Gate:
    """The findings of a filing by what they still ask for. ``unanswered`` counts remarks,
    ``undecided`` requests to change targets."""

    blocking: tuple[Finding, ...] = ()
    unexplained: tuple[Finding, ...] = ()
    explained: tuple[Explained, ...] = ()
    waived: tuple[Finding, ...] = ()
    notices: tuple[Finding, ...] = ()
    unanswered: int = 0
    undecided: int = 0

    @property
    def is_open(self) -> bool:
        return not (self.blocking or self.unexplained or self.unanswered or self.undecided)

    @property
    def warnings(self) -> tuple[Explained, ...]:
        """Every warning that wants words, written or not, those without first."""
        return (*(Explained(finding, "") for finding in self.unexplained), *self.explained)


class GateClosed(Exception):
    """A filing that may not be handed in yet; ``str`` says in Chinese how much is missing."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        super().__init__(closed_because(gate))


def closed_because(gate: Gate) -> str:
    """One sentence; empty when the gate is open."""
    counts = (
        (len(gate.blocking), "{} 个错误没有改正"),
        (len(gate.unexplained), "{} 条预警没有说明"),
        (gate.unanswered, "{} 条审核意见没有答复"),
        (gate.undecided, "{} 项目标调整申请没有决定"),
    )
    missing = [words.format(count) for count, words in counts if count]
    step = "通过" if gate.undecided else "提交"
    return f"还不能{step}：{'，'.join(missing)}。" if missing else ""


def gate_of(
    findings: Iterable[Finding],
    explanations: Mapping[str, str],
    waived: Collection[str] = (),
    unanswered: int = 0,
    undecided: int = 0,
) -> Gate:
    """``explanations`` maps a finding's identity to words, ``waived`` holds check ids."""
    found = list(findings)
    lifted = [f for f in found if f.check_id in waived and f.severity is not Severity.NOTICE]
    acting = [f for f in found if f.check_id not in waived]
    warnings = [f for f in acting if f.severity is Severity.WARNING]
    written = {identity: text for identity, text in explanations.items() if text.strip()}
    return Gate(
        blocking=tuple(f for f in acting if f.severity is Severity.ERROR),
        unexplained=tuple(f for f in warnings if f.identity not in written),
        explained=tuple(
            Explained(f, written[f.identity]) for f in warnings if f.identity in written
        ),
        waived=tuple(lifted),
        notices=tuple(f for f in found if f.severity is Severity.NOTICE),
        unanswered=unanswered,
        undecided=undecided,
    )
