"""PURE: package → results: derived values, findings, scores, report.

The one path everything takes: the entry screens, the gates, the snapshots and the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from budgets.aggregate import department_book
from budgets.checks import check_book, check_lists, check_units_of, network_of, resolve
from budgets.workbook import WorkbookSnapshot
from disclosures.checks import check_texts
from disclosures.collect import collect, records_of
from disclosures.facts import ReportFacts
from disclosures.filing_package import FilingPackage
from disclosures.package import code_names
from disclosures.report.compose import compose
from disclosures.results import DerivedCell, FilingResults
from performance.aggregation import Aggregated, aggregated_indicators
from performance.checks import (
    check_aggregation,
    check_declaration,
    check_evaluation,
    lint_filing,
)
from performance.evaluation import DEPARTMENT, EvaluationSnapshot
from performance.scoring import Scorecard, load_parameters, score
from rulebook.editions import rules_hash
from rulebook.findings import Finding, Severity
from rulebook.layouts import load_layout

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2}


def books_of(package: FilingPackage) -> tuple[WorkbookSnapshot, ...]:
    """The units' books and, where there are several, the department's as their sum."""
    return package.books if len(package.books) == 1 else (*package.books, total_book(package))


def total_book(package: FilingPackage) -> WorkbookSnapshot:
    """The department's book: the sum of its units', even of one."""
    head = package.head
    return department_book(package.books, head.department_code, head.department_name)


def scorecards_of(package: FilingPackage) -> tuple[Scorecard, ...]:
    """The score of every self-evaluation, with its derivation."""
    parameters = load_parameters(package.head.editions.scoring)
    return tuple(score(evaluation, parameters) for evaluation in package.evaluations)


def facts_of(package: FilingPackage, scorecards: tuple[Scorecard, ...]) -> ReportFacts:
    """What the report may state."""
    return collect(package, resolve(total_book(package)), scorecards)


def _book_findings(package: FilingPackage, names: Mapping[str, str]) -> Iterable[Finding]:
    """None in a year of which only the self-evaluations are filed: its layout has no sheets."""
    if not load_layout(package.head.editions.layout).sheets:
        return
    for book in package.books:
        projects = [project for project in package.projects if project.book == book.book]
        yield from check_book(book, projects, names, fiscal_year=package.head.fiscal_year)
        yield from check_lists(book, package.lists, names)
    yield from check_units_of(package.books)
    if len(package.books) > 1:
        whole = total_book(package)
        yield from check_book(whole, package.projects, names, fiscal_year=package.head.fiscal_year)


def _performance_findings(
    package: FilingPackage, scorecards: tuple[Scorecard, ...]
) -> Iterable[Finding]:
    parameters = load_parameters(package.head.editions.scoring)
    records = records_of(package)
    for declaration in package.declarations:
        name = records.name_of(declaration.subject)
        yield from check_declaration(declaration, parameters, name)
    yield from lint_filing(package.declarations, records, parameters.placeholders)
    for evaluation, scorecard in zip(package.evaluations, scorecards, strict=True):
        yield from check_evaluation(evaluation, scorecard, parameters)
    for evaluation in package.evaluations:
        if evaluation.subject == DEPARTMENT:
            yield from check_aggregation(evaluation, _aggregated(evaluation, package, scorecards))


def _aggregated(
    evaluation: EvaluationSnapshot, package: FilingPackage, scorecards: tuple[Scorecard, ...]
) -> tuple[Aggregated, ...]:
    """What the department's indicators add up to from the other forms of the package."""
    subjects = (each.subject for each in package.evaluations)
    budgets = {project.code: project.revised_budget for project in package.projects}
    return aggregated_indicators(
        evaluation.declaration,
        package.evaluations,
        dict(zip(subjects, scorecards, strict=True)),
        budgets,
        package.declarations,
    )


def findings_of(package: FilingPackage, more: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """All findings, errors first, without composing the report; ``more`` are those that follow
    from other filings, of which a package knows nothing."""
    scorecards = scorecards_of(package)
    return _findings(package, scorecards, facts_of(package, scorecards), more)


def _findings(
    package: FilingPackage,
    scorecards: tuple[Scorecard, ...],
    facts: ReportFacts,
    more: Iterable[Finding],
) -> tuple[Finding, ...]:
    found = [
        *_book_findings(package, code_names(package)),
        *_performance_findings(package, scorecards),
        *check_texts(facts),
        *more,
    ]
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.severity]))


def _derived(package: FilingPackage) -> Iterable[DerivedCell]:
    for book in (*package.books, total_book(package)):
        network = network_of(book)
        for ref, figure in sorted(resolve(book).items()):
            if network.is_derived(ref):
                yield DerivedCell(book.book, ref.sheet, ref.row, ref.column, figure.value)


def evaluate(package: FilingPackage, more: Iterable[Finding] = ()) -> FilingResults:
    """Everything that follows from a package under the rule data of today, with the findings that
    follow from other filings."""
    scorecards = scorecards_of(package)
    facts = facts_of(package, scorecards)
    return FilingResults(
        rules=rules_hash(),
        derived=tuple(_derived(package)),
        findings=_findings(package, scorecards, facts, more),
        scorecards=scorecards,
        report=compose(facts),
    )
