"""The sample reports on paper, printed once for all tests: it takes seconds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from disclosures.evaluate import evaluate
from disclosures.file_contents import FileContents, read_contents
from disclosures.filing_package import FilingPackage
from disclosures.official import print_official
from disclosures.printing import print_report
from disclosures.publication import public_document
from disclosures.report.blocks import Report
from disclosures.report.compose import compose
from tests.disclosures.pdf_facts import PdfFacts, check_pdf
from tests.disclosures.values import SAMPLE, facts, package
from tests.once_a_run import once_a_run


@cache
def sample_paper_report() -> Report:
    return compose(facts())


@cache
def sample_paper() -> PdfFacts:
    """What stands in the PDF of the sample's final accounts."""
    report = sample_paper_report()
    return check_pdf(print_report(report, identifier="ab" * 32, dated=date(2024, 9, 20)).content)


SNAPSHOT, DATED = "5e" * 32, date(2024, 9, 20)


SHORT = "the final accounts without forms"
"""As many kinds of blocks as the sample on half its pages, printed in a third of the time."""
BUDGET = "jianghan_2023"


def filed_as(name: str) -> FilingPackage:
    if name == SHORT:
        return replace(package(), declarations=(), evaluations=())
    return package(name)


@cache
def official(name: str = SAMPLE) -> bytes:
    """The official file of a sample, with its data and tables."""
    return _printed(name)


@once_a_run
def _printed(name: str) -> bytes:
    filed = filed_as(name)
    results = evaluate(filed)
    return print_official(
        results.report,
        snapshot=SNAPSHOT,
        dated=DATED,
        data=public_document(filed, results),
    ).content


@cache
def official_contents(name: str = SAMPLE) -> FileContents:
    return read_contents(official(name))
