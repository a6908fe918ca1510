"""The report of a filing as a web page while people are at work on it.

The page is made of the sections of the report, each with the findings about it beside it. A
section has a fingerprint of what it says, so that after an edit only those that say something
else are drawn again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from django.template.loader import render_to_string

from disclosures.evaluate import evaluate
from disclosures.filing_package import FilingPackage
from disclosures.package import unprinted_names
from disclosures.report.page import Mark, PageParagraph, PageSection, PageTable, ReportPage
from disclosures.results import FilingResults
from filings.models import Filing
from reviews.links import entry_link
from rulebook.addresses import cell_address, cell_of
from rulebook.findings import Finding

KEPT = 4
"""Evaluated filings a process keeps: one page asks for its sections in several requests."""
AT_ONCE = 2500
"""Cells and paragraphs drawn with the page itself; what is below them comes when it is near."""
SUBJECTS = ("evaluation", "declaration")


@lru_cache(maxsize=KEPT)
def results_of(package: FilingPackage) -> FilingResults:
    """What follows from a package; a package is a value, so the same one is computed once."""
    return evaluate(package)


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding with the place it is printed at (empty where none) and where it is mended."""

    finding: Finding
    anchor: str
    link: str


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section of the preview; ``html`` is empty while it was not asked for."""

    anchor: str
    level: int
    heading: str
    fingerprint: str
    html: str = ""


class Preview:
    """One filing's report on the screen, made as far as it is asked for."""

    def __init__(self, filing: Filing, package: FilingPackage) -> None:
        self._filing = filing
        self._head = package.head
        self._books = {book.book for book in package.books}
        self._sole = next(iter(self._books)) if len(self._books) == 1 else ""
        self._owners = {row.code: row.book for row in package.project_budgets}
        self._links: dict[str, str] = {}
        self.results = results_of(package)
        names = unprinted_names(package)
        self.page = ReportPage(self.results.report, self.link_to, names)

    def link_to(self, address: str) -> str:
        """Where this address is entered."""
        if address not in self._links:
            self._links[address] = entry_link(self._filing, address, self._sole, self._owners)
        return self._links[address]

    def place_of(self, address: str) -> str:
        """The anchor of the first place at which an address is printed, empty where none is.

        A unit's cell is printed as the department's; an address of a form leads at least to the
        form's section.
        """
        found = cell_of(address)
        if found is not None and found[0] in self._books:
            address = cell_address(self._head.department_code, found[1])
        kind, _, rest = address.partition("/")
        if kind == "text":
            return self.page.sentences.get(rest, "")
        place = self.page.cells.get(address)
        if place is not None:
            return place.anchor
        return self.page.sentences.get(address) or self._section_of(kind, rest)

    def _section_of(self, kind: str, rest: str) -> str:
        """The section about the subject of a form, or of a sheet."""
        if kind in SUBJECTS:
            return self._by_key.get(rest.partition("/")[0], "")
        return self._by_key.get(rest, "") if kind == "sheet" else ""

    @cached_property
    def _by_key(self) -> Mapping[str, str]:
        """Subject or sheet → its first section."""
        found: dict[str, str] = {}
        for anchor, section in self.page.walked.items():
            found.setdefault(section.key.rpartition("/")[2], anchor)
        return found

    @cached_property
    def findings(self) -> Mapping[str, Sequence[PlacedFinding]]:
        """Anchor of a section → the findings about it; under "" those printed nowhere."""
        found: dict[str, list[PlacedFinding]] = {}
        for finding in self.results.findings:
            anchors = (self.place_of(place) for place in finding.places)
            anchor = next(filter(None, anchors), "")
            link = self.link_to(finding.places[0]) if finding.places else ""
            placed = PlacedFinding(finding, anchor, link)
            found.setdefault(section_at(anchor), []).append(placed)
        return found

    def marks_in(self, section: str) -> Mapping[str, Mark]:
        """Anchor → the gravest of the findings there: those are in order of gravity."""
        found: dict[str, Mark] = {}
        for each in self.findings.get(section, ()):
            own = each.finding
            mark = Mark(own.severity, own.title, f"finding-{own.identity}")
            found.setdefault(each.anchor, mark)
        return found

    def fingerprint(self, anchor: str) -> str:
        """Changes whenever the section or a finding about it says something else."""
        section = replace(self.page.walked[anchor], sections=())
        said = repr((section, self.findings.get(anchor, ())))
        return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()

    def section(self, anchor: str) -> ShownSection:
        """A section drawn. Raises KeyError for an anchor that is none."""
        shown = self.page.section(anchor, self.marks_in(anchor))
        context = {"section": shown, "findings": self.findings.get(anchor, ())}
        html = render_to_string("reviews/preview_section.html", context)
        return ShownSection(anchor, shown.level, shown.heading, self.fingerprint(anchor), html)

    def sections(self, start: str = "") -> list[ShownSection]:
        """All sections in order, drawn from ``start`` on as far as fits the first answer."""
        order = list(self.page.walked)
        first = order.index(start) if start in self.page.walked else 0
        shown, room = [], AT_ONCE
        for index, anchor in enumerate(order):
            drawn = index >= first and room > 0
            if drawn:
                room -= _weight(self.page.section(anchor))
            shown.append(self.section(anchor) if drawn else self._waiting(anchor))
        return shown

    def _waiting(self, anchor: str) -> ShownSection:
        section = self.page.walked[anchor]
        return ShownSection(anchor, section.level, section.heading, self.fingerprint(anchor))

    def drawn(self, anchors: Iterable[str]) -> list[ShownSection]:
        """The sections of these anchors; unknown ones are left out."""
        return [self.section(anchor) for anchor in anchors if anchor in self.page.walked]

    def changed(self, seen: Mapping[str, str]) -> list[ShownSection]:
        """The sections that say something else than the fingerprints seen, drawn again."""
        known = [anchor for anchor in seen if anchor in self.page.walked]
        return self.drawn(each for each in known if seen[each] != self.fingerprint(each))


def section_at(anchor: str) -> str:
    """The section in which an anchor of the page stands."""
    return anchor.partition("b")[0]


def _weight(section: PageSection) -> int:
    """How much there is to draw: cells of tables, and the other blocks."""
    tables = [block for block in section.blocks if isinstance(block, PageTable)]
    cells = sum(len(row) for table in tables for row in table.rows)
    sentences = [block for block in section.blocks if isinstance(block, PageParagraph)]
    return cells + len(sentences) + 1
