"""PURE: PD-23x: one indicator has one target, in every declaration and in the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from disclosures.printed_extract.subject import Judged, Subject, bare, rule
from disclosures.printed_extract.values import StatedIndicator, Term
from performance.reading import Comparator, Reading, ReadingKind, read
from rulebook.addresses import extract_address
from rulebook.checks import Verdict
from rulebook.findings import Scope, Severity

Groups = dict[tuple[str, Term, str], list[StatedIndicator]]


def _groups(subject: Subject) -> Groups:
    """Indicators of a unit and its projects by term and name."""
    found: Groups = defaultdict(list)
    for line in subject.extract.indicators:
        unit = subject.facts.unit_of(line.declaration)
        found[unit, line.term, bare(line.name)].append(line)
    return found


def agree(first: str, second: str) -> bool | None:
    """Whether two targets of one name can both hold; ``None`` where nothing proves either.

    What is no number proves nothing, nor do two units of measure (a rate is no count); a missing
    sign says nothing about the sign.
    """
    one, other = read(first), read(second)
    if not (_is_number(one) and _is_number(other)) or one.unit != other.unit:
        return None
    signs = {one.comparator, other.comparator} - {Comparator.NONE}
    return _size(one) == _size(other) and len(signs) < 2


def _is_number(reading: Reading) -> bool:
    return reading.kind is ReadingKind.NUMBER and not reading.question


def _size(reading: Reading) -> object:
    return None if reading.low is None else reading.low * reading.multiple


def _place(line: StatedIndicator) -> str:
    return extract_address("indicators", line.line)


def _contradicted(line: StatedIndicator, others: list[StatedIndicator]) -> StatedIndicator | None:
    """The first other line that cannot hold together with this one."""
    return next((each for each in others if agree(each.value, line.value) is False), None)


def _pairs(
    lines: list[StatedIndicator], *, in_text: bool
) -> Iterator[tuple[StatedIndicator, StatedIndicator]]:
    """Each line that contradicts one before it, once for each value; a text that contradicts the
    declarations and agrees with none of them."""
    stated = [line for line in lines if not line.in_text]
    seen: set[str] = set()
    for number, line in enumerate(lines if in_text else stated):
        others = stated if in_text else stated[:number]
        held = in_text and any(agree(each.value, line.value) for each in others)
        if line.in_text is not in_text or bare(line.value) in seen or held:
            continue
        wrong = _contradicted(line, others)
        if wrong is not None:
            seen.add(bare(line.value))
            yield wrong, line


def _differing(subject: Subject, *, in_text: bool) -> Iterator[Verdict]:
    for (_, _, name), lines in _groups(subject).items():
        for first, other in _pairs(lines, in_text=in_text):
            message = (
                f"指标“{first.name}”在{first.place}为“{first.value}”，"
                f"在{other.place}为“{other.value}”。"
            )
            places = (_place(first), _place(other))
            yield Verdict(places, f"指标 {name}", first.value, other.value, message)


def _declarations(subject: Subject) -> Iterator[Verdict]:
    return _differing(subject, in_text=False)


def _texts(subject: Subject) -> Iterator[Verdict]:
    return _differing(subject, in_text=True)


INDICATOR_CHECKS: tuple[Judged, ...] = (
    (
        rule(
            "PD-231",
            "同一指标在各份申报表里只有一个指标值",
            "请统一单位和项目申报表里的指标值；口径不同的改用不同的名称。",
            Severity.WARNING,
            Scope.CROSS_SHEET,
        ),
        _declarations,
    ),
    (
        rule(
            "PD-232",
            "文字里的目标与指标值一致",
            "请按指标值改写文字，注意不要沿用上年的数。",
            Severity.WARNING,
        ),
        _texts,
    ),
)
