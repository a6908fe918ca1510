"""PURE: the places of a filing a remark can be pinned to, and their names for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from disclosures.filing_package import FilingPackage
from disclosures.package import code_names
from disclosures.report.blocks import Paragraph, Report, Section
from disclosures.results import FilingResults
from performance.scoring import Scorecard, ScoreLine
from rulebook.addresses import LIST_KINDS, CellRef, cell_of, evaluation_address, text_address
from rulebook.layouts import load_layout

WHOLE = "整份申报件"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph of the report with its address; ``is_free`` says that a person typed it.

    Paragraphs of one written text share its address, and the first of them has the anchor.
    """

    place: str
    label: str
    text: str
    is_free: bool
    is_first: bool = True

    @property
    def anchor(self) -> str:
        return anchor(self.place) if self.is_first else ""


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of a scorecard with the address of what was achieved."""

    line: ScoreLine
    place: str

    @property
    def anchor(self) -> str:
        return anchor(self.place)


@dataclass(frozen=True, slots=True)
class Passage:
    """A section of the report with its own paragraphs, in order of printing."""

    heading: str
    level: int
    sentences: tuple[Sentence, ...]


def anchor(place: str) -> str:
    """The id of a place on a review page."""
    return place.replace("/", "-")


def placed_lines(card: Scorecard) -> tuple[PlacedLine, ...]:
    """The lines of a scorecard with their addresses."""
    return tuple(
        PlacedLine(line, evaluation_address(card.subject, line.key, "achieved"))
        for line in card.lines
    )


def passages_of(report: Report) -> list[Passage]:
    """All sections that print sentences, and those above them."""
    seen: set[str] = set()
    return [passage for section in report.sections for passage in _walk(section, seen)]


def _walk(section: Section, seen: set[str]) -> Iterator[Passage]:
    paragraphs = [block for block in section.blocks if isinstance(block, Paragraph)]
    sentences = tuple(
        _sentence(section, number, paragraph, seen)
        for number, paragraph in enumerate(paragraphs, 1)
    )
    below = [passage for part in section.sections for passage in _walk(part, seen)]
    if sentences or below:
        yield Passage(section.heading, section.level, sentences)
    yield from below


def _sentence(section: Section, number: int, paragraph: Paragraph, seen: set[str]) -> Sentence:
    """Written words have the address people edit them at, generated ones that of the section."""
    place = text_address(paragraph.subject or f"{section.key}.{number}")
    label = section.heading if paragraph.subject else f"{section.heading} 第 {number} 段"
    is_first = place not in seen
    seen.add(place)
    return Sentence(place, label, paragraph.text, paragraph.origin == "free", is_first)


def label_of(place: str, package: FilingPackage, results: FilingResults) -> str:
    """The place in words, empty for an address this filing does not have."""
    kind, *parts = place.split("/")
    if kind == "cell":
        return _cell_label(place, package)
    if kind == "project" and parts:
        names = {project.code: project.name for project in package.projects}
        return names.get(parts[0], "")
    if kind in LIST_KINDS and parts:
        return _list_label(kind, parts, package)
    if kind == "unit":
        return next((book.name for book in package.books if book.book in parts), "")
    if kind in {"evaluation", "declaration"} and len(parts) >= 2:
        return _performance_label(parts[0], parts[1], package, results)
    if kind == "text":
        sentences = (s for passage in passages_of(results.report) for s in passage.sentences)
        return next((s.label for s in sentences if s.place == place), "")
    return WHOLE if kind == "filing" else ""


def _list_label(kind: str, parts: list[str], package: FilingPackage) -> str:
    """预算10表 the project's name, 预算11表第 3 行; empty where the edition has no such list."""
    lists = {each.key: each for each in load_layout(package.head.editions.layout).lists}
    found = lists.get(LIST_KINDS[kind])
    if found is None:
        return ""
    if kind == "project_budget":
        names = {row.code: row.name for row in package.project_budgets}
        return f"{found.name} {names.get(parts[0], parts[0])}"
    return f"{found.name}第 {parts[1]} 行" if len(parts) > 1 else found.name


def _cell_label(place: str, package: FilingPackage) -> str:
    book, ref = cell_of(place) or ("", CellRef("", "", ""))
    layout = load_layout(package.head.editions.layout)
    names = {each.book: each.name for each in package.books}
    names[package.head.department_code] = names.get(book, package.head.department_name)
    if book not in names or not layout.has_cell(ref):
        return ""
    label = layout.label_of(ref, code_names(package))
    return label if len(package.books) == 1 else f"{names[book]} {label}"


def _performance_label(
    subject: str, row: str, package: FilingPackage, results: FilingResults
) -> str:
    titles = {evaluation.subject: evaluation.title for evaluation in package.evaluations}
    if subject not in titles:
        return ""
    cards = (card for card in results.scorecards if card.subject == subject)
    lines = (line.label for card in cards for line in card.lines if line.key == row)
    return f"{titles[subject]} {next(lines, '')}".strip()
