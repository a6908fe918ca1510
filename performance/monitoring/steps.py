"""PURE: the states of a monitoring report and who may move it, as a table.

It goes the way of a filing: one person enters, a colleague checks and hands in, the bureau decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from departments.roles import Role


class ReportState(StrEnum):
    DRAFT = "draft"
    INTERNAL_REVIEW = "internal_review"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"

    @property
    def label(self) -> str:
        return {
            "draft": "填报中",
            "internal_review": "待复核",
            "submitted": "待审核",
            "returned": "已退回",
            "accepted": "已认可",
        }[self.value]

    @property
    def is_editable(self) -> bool:
        return self in {ReportState.DRAFT, ReportState.RETURNED}

    @property
    def is_handed_in(self) -> bool:
        """Whether the bureau has it, and everyone reads what was handed in."""
        return self in {ReportState.SUBMITTED, ReportState.ACCEPTED}


@dataclass(frozen=True, slots=True)
class ReportStep:
    """One step; ``verb`` is the button, ``wants_reason`` asks for words that are recorded."""

    key: str
    verb: str
    sources: tuple[ReportState, ...]
    target: ReportState
    role: Role
    wants_reason: bool = False


STEPS: tuple[ReportStep, ...] = (
    ReportStep(
        "hand_over",
        "送部门复核",
        (ReportState.DRAFT, ReportState.RETURNED),
        ReportState.INTERNAL_REVIEW,
        Role.PREPARER,
    ),
    ReportStep(
        "take_back", "取回修改", (ReportState.INTERNAL_REVIEW,), ReportState.DRAFT, Role.PREPARER
    ),
    ReportStep(
        "submit",
        "报送监控",
        (ReportState.INTERNAL_REVIEW,),
        ReportState.SUBMITTED,
        Role.INTERNAL_REVIEWER,
    ),
    ReportStep(
        "hand_back",
        "退回填报",
        (ReportState.INTERNAL_REVIEW,),
        ReportState.DRAFT,
        Role.INTERNAL_REVIEWER,
        wants_reason=True,
    ),
    ReportStep(
        "recall", "收回", (ReportState.SUBMITTED,), ReportState.DRAFT, Role.INTERNAL_REVIEWER
    ),
    ReportStep(
        "accept", "认可", (ReportState.SUBMITTED,), ReportState.ACCEPTED, Role.BUREAU_REVIEWER
    ),
    ReportStep(
        "send_back",
        "退回修改",
        (ReportState.SUBMITTED,),
        ReportState.RETURNED,
        Role.BUREAU_REVIEWER,
        wants_reason=True,
    ),
)


def steps_for(state: ReportState, role: str) -> tuple[ReportStep, ...]:
    """The steps a role may take from a state."""
    return tuple(step for step in STEPS if state in step.sources and step.role == role)


def step_named(key: str, state: ReportState, role: str) -> ReportStep | None:
    """The step, None where there is no such step for this role and state."""
    return next((step for step in steps_for(state, role) if step.key == key), None)
