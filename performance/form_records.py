"""What a filing is for: whether targets are declared in it or taken into its evaluation."""

from __future__ import annotations

from filings.models import Filing, FilingKind


def declares(filing: Filing) -> bool:
    """A budget declares targets; final accounts take them into their evaluation."""
    return filing.kind == FilingKind.DEPARTMENTAL_BUDGET
