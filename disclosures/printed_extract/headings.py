"""PURE: PD-11x: the table of contents against the titles over the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from disclosures.printed_extract.subject import Judged, Subject, bare, rule
from disclosures.printed_extract.values import Heading, HeadingSide
from rulebook.addresses import extract_address
from rulebook.checks import Verdict
from rulebook.findings import Scope, Severity

SHEET = "headings"
ALIKE = 0.6
"""How alike two titles of one part must be to be taken for one: most of their characters."""
_BRACKET = re.compile(r"[(（]")


@dataclass(slots=True)
class Pairing:
    """One part: each title of the contents with the titles of the text taken for it."""

    part: str
    listed: Sequence[Heading]
    printed: Sequence[Heading]
    found: dict[int, list[Heading]] = field(default_factory=dict)

    @property
    def unlisted(self) -> list[Heading]:
        taken = {heading.line for some in self.found.values() for heading in some}
        return [heading for heading in self.printed if heading.line not in taken]


def pairings(headings: Iterable[Heading]) -> list[Pairing]:
    """The parts in the order of the contents, titles paired: the same words, else the same number,
    else the most alike."""
    sides: dict[str, dict[HeadingSide, list[Heading]]] = defaultdict(lambda: defaultdict(list))
    for heading in headings:
        sides[bare(heading.part)][heading.side].append(heading)
    found = [
        Pairing(some[0].part, both[HeadingSide.CONTENTS], both[HeadingSide.BODY])
        for both in sides.values()
        if (some := both[HeadingSide.CONTENTS] or both[HeadingSide.BODY])
    ]
    for pairing in found:
        for step in (_same_words, _same_number, _most_alike):
            step(pairing)
    return found


def _take(pairing: Pairing, listed: Heading, printed: Heading) -> None:
    pairing.found.setdefault(listed.line, []).append(printed)


def _open(pairing: Pairing) -> list[Heading]:
    return [heading for heading in pairing.listed if heading.line not in pairing.found]


def _same_words(pairing: Pairing) -> None:
    for printed in pairing.unlisted:
        same = [each for each in pairing.listed if bare(each.title) == bare(printed.title)]
        if same:
            _take(pairing, same[0], printed)


def _numbers(headings: Sequence[Heading]) -> Mapping[int, str]:
    """Line → number; the first title without one is that of the part, others have none."""
    first = next((each.line for each in headings if not each.number), None)
    return {
        each.line: "#" if each.line == first else bare(each.number)
        for each in headings
        if each.number or each.line == first
    }


def _same_number(pairing: Pairing) -> None:
    listed, printed = _numbers(pairing.listed), _numbers(pairing.printed)
    for heading in _open(pairing):
        for other in pairing.unlisted:
            number = listed.get(heading.line)
            if number is not None and printed.get(other.line) == number:
                _take(pairing, heading, other)


def _alike(one: Heading, other: Heading) -> float:
    return SequenceMatcher(None, bare(one.title), bare(other.title), autojunk=False).ratio()


def _most_alike(pairing: Pairing) -> None:
    """Titles without a number may stand for a listed one that has others already: forms are
    printed several times."""
    numbered = _numbers(pairing.printed)
    for other in pairing.unlisted:
        if other.line not in numbered and pairing.listed:
            closest = max(pairing.listed, key=lambda each: _alike(each, other))
            if _alike(closest, other) >= ALIKE:
                _take(pairing, closest, other)


def _place(heading: Heading) -> str:
    return extract_address(SHEET, heading.line)


def _label(heading: Heading) -> str:
    return f"{heading.side.label} {heading.part}{heading.number}"


def _titles(subject: Subject) -> Iterator[Verdict]:
    for pairing in pairings(subject.extract.headings):
        for listed in pairing.listed:
            printed = pairing.found.get(listed.line, [])
            if any(bare(each.title) != bare(listed.title) for each in printed):
                titles = "；".join(dict.fromkeys(each.title for each in printed))
                message = f"{_label(listed)}印作“{listed.title}”，正文标题为“{titles}”。"
                places = (_place(listed), *map(_place, printed))
                yield Verdict(places, _label(listed), listed.title, titles, message)


def _missing(subject: Subject) -> Iterator[Verdict]:
    for pairing in pairings(subject.extract.headings):
        for heading in _open(pairing):
            message = f"{_label(heading)}“{heading.title}”在正文里没有。"
            yield Verdict((_place(heading),), _label(heading), heading.title, None, message)
        for heading in pairing.unlisted:
            message = f"{_label(heading)}“{heading.title}”在目录里没有。"
            yield Verdict((_place(heading),), _label(heading), heading.title, None, message)


def _groups(pairing: Pairing) -> Iterator[tuple[list[Heading], list[Heading]]]:
    """Titles of the contents under one heading, and the same in the order of the text."""
    groups: dict[str, list[Heading]] = defaultdict(list)
    for heading in pairing.listed:
        if heading.line in pairing.found:
            groups["(".join(_BRACKET.split(heading.number)[:-1])].append(heading)
    order = {each.line: number for number, each in enumerate(pairing.printed)}
    for listed in groups.values():
        yield listed, sorted(listed, key=lambda h: order[pairing.found[h.line][0].line])


def _order(subject: Subject) -> Iterator[Verdict]:
    for pairing in pairings(subject.extract.headings):
        for listed, printed in _groups(pairing):
            if listed != printed:
                first, second = ("、".join(h.title for h in some) for some in (listed, printed))
                label = _label(listed[0])
                message = f"{label}起的次序，目录是“{first}”，正文是“{second}”。"
                yield Verdict(tuple(map(_place, listed)), label, first, second, message)


HEADING_CHECKS: tuple[Judged, ...] = (
    (
        rule(
            "PD-111",
            "目录的标题与正文的标题一致",
            "请按规定的标题改为一致。",
            Severity.WARNING,
            Scope.WITHIN_SHEET,
        ),
        _titles,
    ),
    (
        rule(
            "PD-112",
            "目录的次序与正文的次序一致",
            "请按规定的次序重排。",
            Severity.WARNING,
            Scope.WITHIN_SHEET,
        ),
        _order,
    ),
    (
        rule(
            "PD-113",
            "目录和正文的各项互相都有",
            "请补上缺少的一项；没有数字的表应公开空表并说明。",
            scope=Scope.WITHIN_SHEET,
        ),
        _missing,
    ),
)
