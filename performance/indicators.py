"""PURE: the indicator tree of a form (一级 → 二级), proposed when targets are declared."""

from __future__ import annotations

from rulebook.forms import TierOne, load_form


def tree_of(form: str) -> tuple[TierOne, ...]:
    """The tree of a form edition; empty where the targets name no form."""
    return load_form(form).tree if form else ()
