"""The database → the data package of a filing, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from budgets.lists import lists_of
from budgets.models import EconomicCode, FunctionalCode
from budgets.workbook import BudgetLists, WorkbookSnapshot
from disclosures.filing_package import (
    BudgetApproval,
    CodeLabel,
    Editions,
    FilingHead,
    FilingPackage,
    KeyTask,
    Reason,
    Text,
    WrittenExplanation,
)
from disclosures.package import canonical
from filings.models import Filing
from performance.records import records_of
from performance.snapshots import filed_forms
from performance.spending import spending_from
from rulebook.layouts import load_layout

CATALOGUES = {"functional": FunctionalCode, "departmental_economic": EconomicCode}


def build_package(filing: Filing) -> FilingPackage:
    """The whole filing as one value, internal profile, in canonical order."""
    lists = lists_of(filing)
    records = records_of(filing, lists)
    forms = filed_forms(filing, spending_from(records, filing.scoring_edition))
    return canonical(
        FilingPackage(
            head=_head(filing),
            books=records.books,
            projects=records.projects,
            declarations=forms.declarations,
            evaluations=forms.evaluations,
            texts=tuple(Text(t.key, t.body) for t in filing.report_texts.all()),
            reasons=tuple(
                Reason(r.subject, r.text, r.amount, r.kind)
                for r in filing.variance_explanations.all()
            ),
            key_tasks=tuple(KeyTask(k.item, k.target, k.outcome) for k in filing.key_tasks.all()),
            explanations=tuple(
                WrittenExplanation(e.check_id, e.identity, e.text)
                for e in filing.explanations.all()
            ),
            codes=labels_of(records.books, lists, filing.fiscal_year_id),
            project_budgets=tuple(lists.project_budgets),
            procurement=tuple(lists.procurement),
            purchased_services=tuple(lists.purchased_services),
        )
    )


def _head(filing: Filing) -> FilingHead:
    department = filing.department
    approval = None
    if filing.approval_issued_on:
        approval = BudgetApproval(
            filing.approval_document_no, filing.approval_issued_on, filing.approval_is_assumed
        )
    return FilingHead(
        kind=filing.kind,
        fiscal_year=filing.fiscal_year_id,
        version=filing.version,
        region_code=department.region_id,
        region_name=department.region.name,
        department_code=department.code,
        department_name=department.name_in(filing.fiscal_year_id),
        editions=Editions(filing.layout_edition, filing.scoring_edition, filing.outline_edition),
        approval=approval,
        sample=filing.is_sample,
    )


def _codes_used(books: Iterable[WorkbookSnapshot], lists: BudgetLists) -> dict[str, set[str]]:
    """Classification → the codes the books use, with their parents, and those of the lists."""
    used: dict[str, set[str]] = defaultdict(set)
    used["functional"] |= {row.functional_code for row in lists.project_budgets}
    used["functional"] |= {row.functional_code for row in lists.purchases}
    used["departmental_economic"] |= {row.economic_code for row in lists.purchases}
    for book in books:
        layout = load_layout(book.layout)
        for sheet_key, row in {(cell.sheet, cell.row) for cell in book.cells}:
            sheet = layout.sheet(sheet_key)
            if sheet.codes and sheet.is_code_row(row):
                used[sheet.codes.classification].update(sheet.codes.with_ancestors([row]))
    return used


def labels_of(
    books: Iterable[WorkbookSnapshot], lists: BudgetLists, fiscal_year: int
) -> tuple[CodeLabel, ...]:
    """The codes used, as the catalogue of the year names them; unknown codes are left out."""
    labels: list[CodeLabel] = []
    for classification, codes in _codes_used(books, lists).items():
        rows = CATALOGUES[classification].objects.in_force_in(fiscal_year)
        labels.extend(
            CodeLabel(classification, row.code, row.name, row.definition, row.is_verified)
            for row in rows.filter(code__in=codes)
        )
    return tuple(labels)
