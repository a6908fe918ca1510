"""PURE: an extract beside its filing, and how a check of it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from disclosures.printed_extract.facts import FilingFacts
from disclosures.printed_extract.values import Extract
from rulebook.checks import Check, Verdict
from rulebook.findings import Scope, Severity

SOURCE = "mof_local_disclosure_rules_2016"
_FONT = re.compile(r"[\s()“”\"'‘’]")


@dataclass(frozen=True, slots=True)
class Subject:
    """What every judge looks at."""

    extract: Extract
    facts: FilingFacts


Judge = Callable[[Subject], Iterable[Verdict]]
Judged = tuple[Check, Judge]


def rule(
    id: str,
    title: str,
    hint: str,
    severity: Severity = Severity.ERROR,
    scope: Scope = Scope.TABLE_TO_TEXT,
) -> Check:
    """A check of an extract."""
    return Check(id, title, severity, scope, hint, citation=SOURCE)


def bare(text: str) -> str:
    """A title or name without what differs between fonts: width, blanks, brackets, quotes."""
    return _FONT.sub("", unicodedata.normalize("NFKC", text))
