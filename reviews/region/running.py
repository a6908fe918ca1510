"""PURE: departments of the region worked through one by one, over as many processes as asked.

Each department is generated, written and checked alone, so memory stays flat whatever their
number is.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, fields
from decimal import Decimal
from io import StringIO
from pathlib import Path

from disclosures.evaluate import findings_of
from disclosures.filing_package import FilingPackage
from disclosures.package import document, dump, read
from reviews.region.department import Region
from reviews.region.planting import Answer, SampleFiling, compared, filings_of
from rulebook.codec import to_json
from rulebook.findings import Finding

ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Order:
    """What to do with each department. ``out`` is a folder to write to, ``None`` for nowhere."""

    region: Region
    share: Decimal
    out: Path | None = None
    check: bool = False


@dataclass
class Result:
    """What came of one department, or of all of them together."""

    filings: int = 0
    contradictions: int = 0
    found: int = 0
    answers: list[Answer] = field(default_factory=list)
    missed: list[Answer] = field(default_factory=list)
    false_alarms: list[tuple[str, Finding]] = field(default_factory=list)

    def add(self, other: Result) -> None:
        self.filings += other.filings
        self.contradictions += other.contradictions
        self.found += other.found
        self.answers += other.answers
        self.missed += other.missed
        self.false_alarms += other.false_alarms

    @property
    def is_perfect(self) -> bool:
        return not self.missed and not self.false_alarms


def file_name(package: FilingPackage) -> str:
    """Where a filing lies below the folder: 880001/2023_departmental_budget.json."""
    head = package.head
    return f"{head.department_code}/{head.fiscal_year}_{head.kind}.json"


def department_done(order: Order, number: int) -> Result:
    """One department generated, written and checked as ordered."""
    result = Result()
    for filing in filings_of(order.region, number, order.share):
        result.filings += 1
        result.contradictions += bool(filing.answers)
        result.answers += filing.answers
        package = filing.package if order.out is None else _written(order.out, filing.package)
        if order.check:
            _check(result, package, filing)
    return result


def _written(out: Path, package: FilingPackage) -> FilingPackage:
    """The package as it is read back from the file it was written to."""
    path = out / file_name(package)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = dump(document(package))
    path.write_bytes(content)
    found = read(content)
    if found.package is None:
        raise ValueError(f"{path.name}: {'；'.join(f.message for f in found.findings)}")
    return found.package


def _check(result: Result, package: FilingPackage, filing: SampleFiling) -> None:
    outcome = compared(findings_of(package), filing.answers)
    result.found += outcome.found
    result.missed += outcome.missed
    result.false_alarms += [(file_name(package), finding) for finding in outcome.false_alarms]


def results_of(order: Order, numbers: Sequence[int], processes: int) -> Iterator[Result]:
    """The departments' results in order, as they are done."""
    if processes == 1:
        yield from (department_done(order, number) for number in numbers)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(department_done, [order] * len(numbers), numbers)


def answers_as_json(answers: Iterable[Answer]) -> str:
    """The answer list as JSON, one object an answer."""
    return json.dumps([to_json(a) for a in answers], ensure_ascii=False, indent=1) + "\n"


def answers_as_csv(answers: Iterable[Answer]) -> str:
    """The answer list as a table, amounts in yuan."""
    names = [each.name for each in fields(Answer)]
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(names)
    table.writerows([getattr(answer, name) for name in names] for answer in answers)
    return text.getvalue()
