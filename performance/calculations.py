"""PURE: the arithmetic people write as 测算依据, computed exactly; nothing is evaluated as code.

A text such as “1260人×2350元” or “办案区维修146.5万元：零星维修95万元，枪库21个*2.46万元=51.66万元”
gives an :class:`Estimate`: what it comes to, and each place where a written result differs from
what its parts make. Products, sums with “+” and lists of parts are read. Whatever can be meant in
two ways (“约”, a dash, a division, two totals in one part) makes that part unknown: it is neither
offered nor reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation, Overflow
from itertools import pairwise

from rulebook.amounts import MAX_SIGNIFICANT_DIGITS, Interval, MoneyUnit, decimals_of, normalize

MOST_CHARACTERS = 4_000
_EXACT = Context(prec=100, traps=[Inexact, InvalidOperation, Overflow])
_OPERATORS = str.maketrans(dict.fromkeys("×✕✖╳＊", "*"))
_TIMES = re.compile(r"(?<=[^A-Za-z\s])\s*[xX]\s*(?=[\d(])")
_NOTE = re.compile(r"\((?!\d{1,2}\))(?![^()]*[*+][^()]*\d)[^()]*\)")
_COUNTED_BRACKET = re.compile(r"\)[^\d\s*+=÷~,;:、。()元万亿-]{1,4}(?=\s*[*+=])")
"""A bracket with its measure, “(1260+40)人×…”; the measure counts for nothing."""
_TOKEN = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<unit>[^\d\s*+=÷~,;:、。()-]*)|(?P<mark>[*+=()])"
)
_MULTIPLES = (
    ("亿", Decimal(100_000_000)), ("千万", Decimal(10_000_000)), ("百万", Decimal(1_000_000)),
    ("十万", Decimal(100_000)), ("万", Decimal(10_000)), ("千", Decimal(1_000)),
    ("百", Decimal(100)),
)  # fmt: skip
_COLLOQUIAL = ("万", "亿")
"""A bare 万 at the end of a figure is money, as people write “78.8万”."""
_RATES = {"%": Decimal("0.01"), "‰": Decimal("0.001")}
_VAGUE = re.compile(r"余|多|几|左右|上下|以[上下内]|至|到|或|/\d")
_DOUBT_BEFORE = re.compile(r"(约[^\d,;:、。]*|近|超|第|[-~÷/])\s*$")
_DOUBT_AFTER = re.compile(r"\s*[-~÷]\s*\d")
_PRICE_BEFORE = re.compile(r"(每|单价|均价|标准|按)[^,;:、。]*$")
_CALENDAR = range(1900, 2101)
_NUMBERED = re.compile(r"(?:^|(?<=[:;。,\s]))\s*\(?(\d{1,2})(?:\)|、|\.(?!\d))")
_WITHIN = re.compile(r"[,;]?\s*其中[:,]?")
_HEADED = re.compile(r"([^:;。]*\d[^:;。]*):(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Calculated:
    """A stretch of text with the amount it writes or makes, in yuan. A written amount stands for
    whatever rounds to it; a computed one is exact."""

    text: str
    amount: Interval


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A written amount beside what its own parts make."""

    written: Calculated
    computed: Calculated


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a text comes to (None where that cannot be said), the parts that were computed in the
    order of the text, and where the text contradicts itself."""

    total: Calculated | None = None
    steps: tuple[Calculated, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def offered(self) -> Decimal | None:
        """What to offer as the amount, in yuan: only where something was computed."""
        return self.steps[-1].amount.value if self.total and self.steps else None


class _Unread(ValueError):
    """An expression that is not read."""


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as written and its unit: ``scale`` is what one of it is worth."""

    number: Decimal
    scale: Decimal
    is_money: bool
    is_price: bool = False

    @property
    def value(self) -> Decimal:
        return _EXACT.multiply(self.number, self.scale)

    @property
    def written(self) -> Interval:
        """A figure in 万元 has two decimals at least, however many zeros were left out."""
        if self.scale < MoneyUnit.WAN.value:
            return Interval(self.value)
        half_step = self.scale.scaleb(-max(2, decimals_of(self.number))) / 2
        return Interval(self.value, half_step, half_step)


@dataclass(frozen=True, slots=True)
class _Token:
    mark: str
    number: _Number | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of an equation: its value, whether in yuan, and its numbers; ``written`` where it
    is one number and nothing is computed."""

    text: str
    value: Decimal
    is_money: bool
    numbers: tuple[_Number, ...]

    @property
    def written(self) -> _Number | None:
        return self.numbers[0] if len(self.numbers) == 1 else None


def estimate(text: str) -> Estimate:
    """What a calculation comes to; never raises."""
    plain = _plain(text)
    if not plain or len(plain) > MOST_CHARACTERS:
        return Estimate()
    reader = _Reader()
    total = reader.whole(plain)
    return Estimate(total, tuple(reader.steps), tuple(reader.disagreements))


def _plain(text: str) -> str:
    found = normalize(text).translate(_OPERATORS).replace("乘以", "*").replace("\n", ";")
    return _COUNTED_BRACKET.sub(")", _NOTE.sub("", _TIMES.sub("*", found)))


class _Reader:
    """One text under way."""

    def __init__(self) -> None:
        self.steps: list[Calculated] = []
        self.disagreements: list[Disagreement] = []

    def whole(self, text: str) -> Calculated | None:
        head, parts = _numbered(text)
        if not parts and (found := _HEADED.fullmatch(text)) and _amounts(found[1]):
            head, parts = found[1], _clauses(found[2])
        if not parts and all("*" in clause for clause in _sentences(text)):
            parts = _sentences(text)
        if len(parts) < 2:
            return self.part(text)
        return self._listed(head, parts)

    def _listed(self, head: str, parts: Sequence[str]) -> Calculated | None:
        """A list of parts, under a head that may state their sum."""
        found = [self.part(part) for part in parts]
        stated = self.part(head) if head else None
        summed = _sum(found)
        if summed is not None:
            self.steps.append(summed)
            if stated is not None:
                self._compare(stated, summed)
        return stated or (None if _amounts(head) else summed)

    def part(self, text: str) -> Calculated | None:
        """The amount of one part: the one it states, or the one its product makes."""
        within = _WITHIN.search(text)
        if within and _amounts(text[: within.start()]):
            return self._divided(text[: within.start()], text[within.end() :])
        try:
            equations = list(_equations(text))
        except (_Unread, DecimalException):
            return None
        products = [sides for sides in equations if sides[0].written is None]
        made = [found for sides in products if (found := self._made(sides)) is not None]
        factors = {n.value for sides in products for n in sides[0].numbers}
        stated = [
            number
            for sides in equations
            if (number := sides[0].written) and number.is_money and not number.is_price
            and number.value not in factors
        ]  # fmt: skip
        if len(stated) > 1 or len(products) > 1 or len(made) < len(products):
            return None
        if not stated:
            return made[0] if made else None
        total = Calculated(text.strip(" ,;。"), stated[0].written)
        if made:
            self._compare(total, made[0])
        return total

    def _divided(self, head: str, rest: str) -> Calculated | None:
        """“156.62万元，其中：房租143.08万元、物业费13.54万元”: a part with parts."""
        whole = self.part(head)
        summed = _sum([self.part(clause) for clause in _clauses(rest)])
        if whole is not None and summed is not None and "、" in summed.text:
            self.steps.append(summed)
            self._compare(whole, summed)
        return whole

    def _made(self, sides: Sequence[_Side]) -> Calculated | None:
        """What a product or sum makes, held against the results written after it; the last of
        those is what the writer goes on with."""
        first, *results = sides
        written = [s for s in results if s.is_money and s.written is not None]
        if not first.is_money and not written:
            return None
        scale = Decimal(1) if first.is_money else written[0].numbers[0].scale
        computed = Calculated(first.text, Interval(_EXACT.multiply(first.value, scale)))
        self.steps.append(computed)
        for side in written:
            self._compare(Calculated(side.text, side.numbers[0].written), computed)
        return Calculated(written[-1].text, written[-1].numbers[0].written) if written else computed

    def _compare(self, written: Calculated, computed: Calculated) -> None:
        if not written.amount.can_equal(computed.amount):
            self.disagreements.append(Disagreement(written, computed))


def _sum(parts: Sequence[Calculated | None]) -> Calculated | None:
    """Σ of the parts; None where one of them is unknown."""
    known = [part for part in parts if part is not None]
    if not known or len(known) < len(parts):
        return None
    amount = known[0].amount
    for part in known[1:]:
        amount = amount.plus(part.amount)
    return Calculated("、".join(part.text for part in known), amount)


def _numbered(text: str) -> tuple[str, list[str]]:
    """The head and the parts of a list numbered 1, 2, 3; no parts where it is not one."""
    marks = list(_NUMBERED.finditer(text))
    if [int(mark[1]) for mark in marks] != list(range(1, len(marks) + 1)) or len(marks) < 2:
        return "", []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    parts = [text[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    return text[: marks[0].start()].rstrip(" :,"), parts


def _sentences(text: str) -> list[str]:
    return [piece for piece in re.split("[;。]", text) if piece.strip()]


def _clauses(text: str) -> list[str]:
    """The clauses of a list without numbers; words before a figure belong to it."""
    clauses: list[str] = []
    words = ""
    for piece in re.split(r"([;。、]|,(?!\d{3}(?!\d)))", text):
        words += piece
        if any(character.isdigit() for character in piece):
            if words.lstrip(" ,;").startswith("其中") and clauses:
                clauses[-1] += words
            else:
                clauses.append(words.strip(" ,;。、"))
            words = ""
    return clauses


def _amounts(text: str) -> bool:
    """Whether a text writes an amount of money."""
    tokens = (_TOKEN.match(text, at.start()) for at in re.finditer(r"(?<![\d.,])\d", text))
    return any(_unit(token["unit"])[1] for token in tokens if token and token["number"])


def _equations(text: str) -> Iterator[tuple[_Side, ...]]:
    """The equations and single numbers of a text. Raises _Unread where one is in doubt."""
    for run in _runs(text):
        yield _Parser(text, run).equation()


def _runs(text: str) -> Iterator[list[_Token]]:
    """Stretches of tokens that stand together and hold a number."""
    tokens = [_token(text, match) for match in _TOKEN.finditer(text)]
    runs: list[list[_Token]] = [[]]
    for before, token in pairwise([None, *tokens]):
        assert token is not None
        apart = before is None or text[before.end : token.start].strip()
        if apart or (before is not None and before.number and token.number):
            runs.append([])
        runs[-1].append(token)
    for run in runs:
        while run and run[0].mark in {"=", "*", "+", ")"}:
            run = run[1:]
        while run and run[-1].mark in {"=", "*", "+", "("}:
            run = run[:-1]
        if any(token.number for token in run) and not _is_date(run):
            yield run


def _is_date(run: Sequence[_Token]) -> bool:
    """Whether a run is one calendar year, which says nothing about money."""
    return len(run) == 1 and run[0].mark == "年"


def _token(text: str, match: re.Match[str]) -> _Token:
    if match["mark"]:
        return _Token(match["mark"], None, match.start(), match.end())
    number = _number(text, match)
    year = match["unit"].startswith("年") and number.number in _CALENDAR
    return _Token("年" if year else "", number, match.start(), match.end())


def _number(text: str, match: re.Match[str]) -> _Number:
    digits = Decimal(match["number"].replace(",", ""))
    scale, is_money, is_price = _unit(match["unit"])
    price = is_price or _PRICE_BEFORE.search(text[: match.start()]) is not None
    return _Number(digits, scale, is_money, price)


def _unit(written: str) -> tuple[Decimal, bool, bool]:
    """(what one is worth, whether it is money, whether it is a price of one thing)."""
    multiple, rest = Decimal(1), written
    for word, worth in _MULTIPLES:
        if written.startswith(word):
            multiple, rest = worth, written.removeprefix(word)
            break
    if rest[:1] in _RATES:
        return _RATES[rest[:1]], False, False
    is_money = rest.startswith("元") or written in _COLLOQUIAL
    return multiple, is_money, is_money and ("/" in rest or "每" in rest)


class _Parser:
    """One run of tokens: sides joined by =, sums of products of numbers and brackets."""

    def __init__(self, text: str, tokens: Sequence[_Token]) -> None:
        self.text, self.tokens, self.at = text, tokens, 0
        self.numbers: list[_Number] = []
        self._refuse_doubts()

    def _refuse_doubts(self) -> None:
        is_alone = len(self.tokens) == 1
        for token in self.tokens:
            if token.number is None:
                continue
            written = self.text[token.start : token.end]
            unit = written.lstrip("0123456789.,")
            doubtful = (
                _VAGUE.search(unit.split("元")[0]) if token.number.is_money else _VAGUE.match(unit)
            )
            before = _DOUBT_BEFORE.search(self.text[: token.start])
            after = _DOUBT_AFTER.match(self.text, token.end)
            too_long = len(token.number.number.as_tuple().digits) > MAX_SIGNIFICANT_DIGITS
            matters = token.number.is_money or not is_alone
            if matters and (doubtful or before or after or too_long or token.mark == "年"):
                raise _Unread

    def equation(self) -> tuple[_Side, ...]:
        sides = [self._side()]
        while self._takes("="):
            sides.append(self._side())
        if self.at < len(self.tokens):
            raise _Unread
        return tuple(sides)

    def _side(self) -> _Side:
        self.numbers, start = [], self.at
        value, is_money = self._sum()
        text = self.text[self.tokens[start].start : self.tokens[self.at - 1].end]
        return _Side(text, value, is_money, tuple(self.numbers))

    def _sum(self) -> tuple[Decimal, bool]:
        value, is_money = self._product()
        while self._takes("+"):
            more, also = self._product()
            if also != is_money:
                raise _Unread
            value = _EXACT.add(value, more)
        return value, is_money

    def _product(self) -> tuple[Decimal, bool]:
        value, is_money = self._factor()
        while self._takes("*"):
            more, also = self._factor()
            if also and is_money:
                raise _Unread
            value, is_money = _EXACT.multiply(value, more), is_money or also
        return value, is_money

    def _factor(self) -> tuple[Decimal, bool]:
        if self._takes("("):
            found = self._sum()
            if not self._takes(")"):
                raise _Unread
            return found
        if self.at == len(self.tokens) or (number := self.tokens[self.at].number) is None:
            raise _Unread
        self.at += 1
        self.numbers.append(number)
        return number.value, number.is_money

    def _takes(self, mark: str) -> bool:
        found = self.at < len(self.tokens) and self.tokens[self.at].mark == mark
        self.at += found
        return found
