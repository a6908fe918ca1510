"""PURE: the filing as one value, which is the data package.

Everything a filing holds: head, a workbook per unit, projects, performance, reasons and texts.
Checks, scores, facts, report and export are made from this and from nothing else. The JSON form
is in :mod:`disclosures.package`, documented in ``docs/data-package.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgets.workbook import (
    BudgetLists,
    ProcurementRow,
    ProjectBudget,
    ProjectSnapshot,
    PurchasedServiceRow,
    WorkbookSnapshot,
)
from performance.evaluation import DeclarationSnapshot, EvaluationSnapshot
from rulebook.codec import added_later


@dataclass(frozen=True, slots=True)
class Editions:
    """The rule data a filing was opened under; fixed for its life."""

    layout: str
    scoring: str
    outline: str


@dataclass(frozen=True, slots=True)
class BudgetApproval:
    """批复 of the finance bureau; ``assumed`` marks invented dates of a sample."""

    document_no: str
    issued_on: date
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class FilingHead:
    """Whose filing, of which year and kind, under which rules."""

    kind: str
    fiscal_year: int
    version: int
    region_code: str
    region_name: str
    department_code: str
    department_name: str
    editions: Editions
    approval: BudgetApproval | None
    sample: bool


@dataclass(frozen=True, slots=True)
class CodeLabel:
    """A classification code as named in the year's catalogue (labels of the day)."""

    classification: str
    code: str
    name: str
    definition: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A declared text or free passage; ``body`` is paragraphs separated by newlines, no markup."""

    key: str
    body: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a figure changed. ``subject`` names the change (see ``disclosures/reasons.py``);
    ``amount`` is the signed part of the change it explains, in yuan, where it can be given;
    ``kind`` is a key of the year's kinds of reasons, empty where none was chosen."""

    subject: str
    text: str
    amount: Decimal | None = None
    kind: str = added_later("")


@dataclass(frozen=True, slots=True)
class KeyTask:
    """One row of 重点工作完成情况表."""

    item: str
    target: str
    outcome: str


@dataclass(frozen=True, slots=True)
class WrittenExplanation:
    """A written answer to a warning, bound to the finding's identity."""

    check_id: str
    identity: str
    text: str


@dataclass(frozen=True, slots=True)
class FilingPackage:
    """A whole filing. All tuples are in canonical order (see ``disclosures/package.py``)."""

    head: FilingHead
    books: tuple[WorkbookSnapshot, ...]
    projects: tuple[ProjectSnapshot, ...]
    declarations: tuple[DeclarationSnapshot, ...]
    evaluations: tuple[EvaluationSnapshot, ...]
    texts: tuple[Text, ...]
    reasons: tuple[Reason, ...]
    key_tasks: tuple[KeyTask, ...]
    explanations: tuple[WrittenExplanation, ...]
    codes: tuple[CodeLabel, ...]
    project_budgets: tuple[ProjectBudget, ...] = ()
    procurement: tuple[ProcurementRow, ...] = ()
    purchased_services: tuple[PurchasedServiceRow, ...] = ()

    @property
    def lists(self) -> BudgetLists:
        """The lists of a budget book; final accounts have none."""
        return BudgetLists(self.project_budgets, self.procurement, self.purchased_services)
