"""PURE: the workflow as a table: who moves a filing from which state to which.

A bureau adds steps, not states. What must be clean before a step is in ``gates.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

from departments.roles import Role
from filings.states import State


@dataclass(frozen=True, slots=True)
class Transition:
    """One step. ``wants_reason`` asks for words that are recorded; ``verb`` is the button."""

    key: str
    verb: str
    sources: tuple[State, ...]
    target: State
    role: Role
    wants_reason: bool = False
    before_opening_only: bool = False
    warning: str = ""


TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        "hand_over",
        "送部门复核",
        (State.DRAFT, State.RETURNED),
        State.INTERNAL_REVIEW,
        Role.PREPARER,
    ),
    Transition("take_back", "取回修改", (State.INTERNAL_REVIEW,), State.DRAFT, Role.PREPARER),
    Transition(
        "hand_back",
        "退回填报",
        (State.INTERNAL_REVIEW,),
        State.DRAFT,
        Role.INTERNAL_REVIEWER,
        wants_reason=True,
    ),
    Transition(
        "submit", "提交审核", (State.INTERNAL_REVIEW,), State.SUBMITTED, Role.INTERNAL_REVIEWER
    ),
    Transition(
        "recall",
        "收回",
        (State.SUBMITTED,),
        State.DRAFT,
        Role.INTERNAL_REVIEWER,
        before_opening_only=True,
    ),
    Transition(
        "send_back",
        "退回修改",
        (State.SUBMITTED,),
        State.RETURNED,
        Role.BUREAU_REVIEWER,
        warning="部门会收到全部审核意见，并可以修改申报内容。",
    ),
    Transition("approve", "通过", (State.SUBMITTED,), State.APPROVED, Role.BUREAU_REVIEWER),
    Transition(
        "revoke",
        "撤销通过",
        (State.APPROVED,),
        State.RETURNED,
        Role.BUREAU_REVIEWER,
        wants_reason=True,
        warning="已通过的版本将退回部门修改，已生成的报告不会公开。",
    ),
    Transition(
        "publish",
        "公开",
        (State.APPROVED,),
        State.PUBLISHED,
        Role.PUBLISHER,
        warning="公开后任何人都可以查看和下载。",
    ),
    Transition(
        "withdraw",
        "撤回公开",
        (State.PUBLISHED,),
        State.WITHDRAWN,
        Role.PUBLISHER,
        wants_reason=True,
        warning="公开页面将停止提供，并注明已撤回。",
    ),
)

_BY_KEY = {transition.key: transition for transition in TRANSITIONS}


class TransitionNotAllowed(Exception):
    """A step that this person, or this state, does not allow; ``str`` says why in Chinese."""


def transition(key: str) -> Transition:
    """Raises TransitionNotAllowed for an unknown step."""
    if key not in _BY_KEY:
        raise TransitionNotAllowed("没有这个操作。")
    return _BY_KEY[key]


def allowed(state: State, role: str, *, opened: bool = False) -> tuple[Transition, ...]:
    """The steps a role may take from a state; ``opened`` says the reviewer has looked."""
    return tuple(
        step
        for step in TRANSITIONS
        if state in step.sources and step.role == role and not (step.before_opening_only and opened)
    )


def require(key: str, state: State, role: str, *, opened: bool = False) -> Transition:
    """The step, or TransitionNotAllowed with the reason."""
    step = transition(key)
    if step.role != role:
        raise TransitionNotAllowed(f"“{step.verb}”由{Role(step.role).label}岗位办理。")
    if state not in step.sources:
        raise TransitionNotAllowed(f"申报件当前{state.label}，不能{step.verb}。")
    if step.before_opening_only and opened:
        raise TransitionNotAllowed("审核人已经打开这份申报件，不能再收回，请联系财政审核。")
    return step
