"""The sample filings as values, and small changes to them, for the pure tests of the report."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from budgets.workbook import CellSnapshot
from disclosures.evaluate import facts_of, scorecards_of
from disclosures.facts import Fact, ReportFacts
from disclosures.filing_package import FilingPackage
from disclosures.package import read
from disclosures.report.blocks import Block, Report, Section
from rulebook.addresses import CellRef
from rulebook.amounts import from_wan

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "phrases"
SAMPLES = ROOT / "disclosures" / "samples"
SAMPLE = "hongshan_2023"
ALL_SAMPLES = tuple(sorted(path.stem for path in SAMPLES.glob("*.json")))


def phrase_cases(name: str) -> list[dict[str, Any]]:
    with (CASES / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)["case"]


def wan_fact(written: str | None, address: str = "cell/1/s/r/c") -> Fact:
    """万元 as written in a case; None is empty."""
    return Fact(None if written is None else Decimal(written) * 10_000, (address,))


@cache
def package(name: str = SAMPLE) -> FilingPackage:
    found = read((SAMPLES / f"{name}.json").read_bytes()).package
    assert found is not None
    return found


ACCOUNTS_SAMPLES = tuple(
    name for name in ALL_SAMPLES if package(name).head.kind == "departmental_final_accounts"
)
"""The samples that print the nine tables of final accounts."""


def facts(of: FilingPackage | None = None) -> ReportFacts:
    filed = of or package()
    return facts_of(filed, scorecards_of(filed))


def with_figures(changes: dict[CellRef, str | None]) -> ReportFacts:
    """The facts of the sample with some figures (万元) replaced, or emptied."""
    known = facts()
    kept = {ref: value for ref, value in known.figures.items() if ref not in changes}
    added = {ref: from_wan(Decimal(wan)) for ref, wan in changes.items() if wan is not None}
    return replace(known, figures=kept | added)


def with_cell(cell: CellSnapshot) -> FilingPackage:
    """The sample with one cell of its only book replaced or added."""
    filed = package()
    return replace(filed, books=(filed.books[0].with_cells([cell]),))


def sections_of(report: Report) -> Iterator[Section]:
    def walk(sections: tuple[Section, ...]) -> Iterator[Section]:
        for section in sections:
            yield section
            yield from walk(section.sections)

    return walk(report.sections)


def blocks_of(report: Report) -> Iterator[Block]:
    for section in sections_of(report):
        yield from section.blocks
