"""PURE: the states of a filing (申报件)."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    INTERNAL_REVIEW = "internal_review"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {
            "draft": "填报中",
            "internal_review": "待复核",
            "submitted": "待审核",
            "returned": "已退回",
            "approved": "已通过",
            "published": "已公开",
            "withdrawn": "已撤回",
        }[self.value]

    @property
    def is_editable(self) -> bool:
        """Whether the department may still change what is filed."""
        return self in {State.DRAFT, State.RETURNED}
