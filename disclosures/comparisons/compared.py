"""PURE: one figure of a book beside the figure it is compared with."""

from __future__ import annotations

from dataclasses import dataclass

from disclosures.facts import Fact, difference

PRIOR_YEAR = "prior_year"
ORIGINAL_BUDGET = "original_budget"
REVISED_BUDGET = "revised_budget"
BASE_NAMES = {PRIOR_YEAR: "上年", ORIGINAL_BUDGET: "年初预算", REVISED_BUDGET: "全年预算"}
ITEM_PREFIX = "item."
"""How the subject of a classification code begins."""
OUTTURN, PLAN = "决算数", "预算数"
"""What the current figure of a book is called."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure with what it is compared with; ``headline`` changes must have a reason.

    ``asks`` is False for a part whose change the reasons of its whole explain: a reason may be
    given and is printed, none is asked for.
    """

    subject: str
    label: str
    current: Fact
    base: Fact
    headline: bool
    measure: str = OUTTURN
    asks: bool = True

    @property
    def base_kind(self) -> str:
        return self.subject.rpartition(".")[2]

    @property
    def change(self) -> Fact:
        formula = f"{self.measure} − {BASE_NAMES[self.base_kind]}"
        return difference(self.current, self.base, formula)
