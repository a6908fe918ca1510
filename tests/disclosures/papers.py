"""The sample report on paper, printed once for all tests of a process: it takes seconds."""

from __future__ import annotations

from datetime import date
from functools import cache

from disclosures.printing import print_report
from disclosures.report.blocks import Report
from disclosures.report.compose import compose
from tests.disclosures.pdf_facts import PdfFacts, check_pdf
from tests.disclosures.values import facts


@cache
def sample_paper_report() -> Report:
    return compose(facts())


@cache
def sample_paper() -> PdfFacts:
    """What stands in the PDF of the sample's final accounts."""
    report = sample_paper_report()
    return check_pdf(print_report(report, identifier="ab" * 32, dated=date(2024, 9, 20)).content)
