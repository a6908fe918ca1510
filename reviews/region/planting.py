"""PURE: the filings of the region, a stated share of them with one contradiction, and answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from disclosures.filing_package import FilingPackage
from reviews.region.completion import completed
from reviews.region.contradictions import CONTRADICTIONS, Contradiction, Planted, Scene
from reviews.region.department import Department, Region, department_of, packages_of
from reviews.region.dice import Dice
from rulebook.findings import Figure, Finding

WHOLE_SHARE = 10_000
TRIES = 40
"""How many contradictions are tried on a filing that has nothing to plant the first ones in."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One finding that must come, with the contradiction that was planted for it.

    Values are as findings hold them; ``in_words`` answers state none.
    """

    department: str
    fiscal_year: int
    kind: str
    contradiction: str
    check_id: str
    address: str
    left: Figure
    right: Figure
    severity: str
    in_words: bool


@dataclass(frozen=True, slots=True)
class SampleFiling:
    """One filing of the region as handed out, with its answers."""

    package: FilingPackage
    answers: tuple[Answer, ...]


def filings_of(region: Region, number: int, share: Decimal) -> Iterator[SampleFiling]:
    """All filings of one department in order. ``share`` of the filings bear a contradiction."""
    department = department_of(region, number)
    for package in packages_of(region, department):
        yield _filing(region, department, package, share)


def _filing(
    region: Region, department: Department, package: FilingPackage, share: Decimal
) -> SampleFiling:
    key = (region.seed, department.number, package.head.fiscal_year, package.head.kind)
    dice = Dice(*key, "planting")
    if dice.below(WHOLE_SHARE) >= share * WHOLE_SHARE:
        return SampleFiling(completed(package, Dice(*key)), ())
    fitting = [each for each in CONTRADICTIONS if each.kind == package.head.kind]
    for contradiction in dice.some_of(fitting, TRIES):
        planted = planted_in(package, contradiction, Dice(*key), dice)
        if planted is not None:
            return SampleFiling(planted.package, _answers(planted, contradiction))
    return SampleFiling(completed(package, Dice(*key)), ())


def planted_in(
    package: FilingPackage, contradiction: Contradiction, words: Dice, dice: Dice
) -> Planted | None:
    """The completed filing with the contradiction in one of its units; ``None`` where none fits."""
    base = completed(package, words) if contradiction.in_words else package
    for book in dice.some_of(base.books, len(base.books)):
        planted = contradiction.plant(Scene(base, book), dice)
        if planted is not None and planted.expected:
            if contradiction.in_words:
                return planted
            return Planted(completed(planted.package, words), planted.expected)
    return None


def _answers(planted: Planted, contradiction: Contradiction) -> tuple[Answer, ...]:
    head = planted.package.head
    return tuple(
        Answer(
            head.department_code,
            head.fiscal_year,
            head.kind,
            contradiction.key,
            each.check_id,
            each.address,
            each.left,
            each.right,
            each.severity,
            each.in_words,
        )
        for each in planted.expected
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """Findings held against the answer list."""

    found: int
    missed: tuple[Answer, ...]
    false_alarms: tuple[Finding, ...]

    @property
    def is_perfect(self) -> bool:
        return not self.missed and not self.false_alarms


def compared(findings: Iterable[Finding], answers: Sequence[Answer]) -> Outcome:
    """Each answer takes one finding of its check, place, values and severity."""
    left = list(findings)
    missed = []
    for answer in answers:
        match = next((finding for finding in left if _meets(finding, answer)), None)
        if match is None:
            missed.append(answer)
        else:
            left.remove(match)
    return Outcome(len(answers) - len(missed), tuple(missed), tuple(left))


def _meets(finding: Finding, answer: Answer) -> bool:
    same = finding.check_id == answer.check_id and answer.address in finding.places
    severity = answer.severity in {"", finding.severity.value}
    values = answer.in_words or (finding.left, finding.right) == (answer.left, answer.right)
    return same and severity and values


def counted(answers: Iterable[Answer]) -> Counter[str]:
    """How often each check is in the answers."""
    return Counter(answer.check_id for answer in answers)
