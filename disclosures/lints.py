"""PURE: what a text may hold that a check asks about: residues, years, figures, personal data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from disclosures.facts import ReportFacts
from disclosures.outline import Lints
from disclosures.reasons import reason_key
from rulebook.addresses import (
    declaration_address,
    evaluation_address,
    text_address,
)
from rulebook.amounts import decimals_of, half_up

_NUMBER = r"(?<![\d.])(\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_AMOUNT = re.compile(_NUMBER + r"\s*(亿元|万元|元)(?![/／])")
_RATE = re.compile(_NUMBER + r"\s*[%％]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年")
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")
_BANK = re.compile(r"(?<![0-9A-Za-z])[2-9]\d{15,18}(?![0-9A-Za-z])")
_NONE = r"(没有|未发生|不涉及|(?<![\u4e00-\u9fff])无|[年门位]无)"
YUAN_PER = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Written:
    """A text people typed; ``linted`` ones stand in the narrative, so their figures are held
    against the tables."""

    address: str
    label: str
    body: str
    linted: bool = True


def written_texts(facts: ReportFacts) -> Iterator[Written]:
    """Everything typed that the report prints: texts, reasons, tasks, evaluations."""
    for key, body in facts.texts.items():
        declared = facts.outline.text(key)
        yield Written(text_address(key), declared.label if declared else key, body)
    for subject, reasons in facts.reasons.items():
        for reason in reasons:
            yield Written(text_address(reason_key(subject)), "增减变动原因", reason.text)
    for number, task in enumerate(facts.key_tasks, start=1):
        body = "\n".join((task.item, task.target, task.outcome))
        yield Written(f"filing/key_tasks/{number}", f"重点工作第{number}项", body, False)
    yield from _evaluation_texts(facts)


def _evaluation_texts(facts: ReportFacts) -> Iterator[Written]:
    for each in facts.evaluations:
        evaluation = each.evaluation
        subject, title = evaluation.subject, evaluation.title
        for key, body in evaluation.report:
            yield Written(evaluation_address(subject, "report", key), f"{title}自评报告", body)
        for key in ("objective_achieved", "deviation_reason", "improvement_measure"):
            address = evaluation_address(subject, "closing", key)
            yield Written(address, f"{title}自评表", getattr(evaluation, key), False)
        for goal in evaluation.declaration.goals:
            address = declaration_address(subject, goal.key, "text")
            yield Written(address, f"{title}年度目标", goal.text, False)


def residues(body: str, lints: Lints) -> list[str]:
    """Words of a template that nobody replaced."""
    return [residue for residue in lints.residues if residue in body]


def doubled(body: str, lints: Lints) -> list[str]:
    """Words of the edition's list that stand twice in a row (目的的 is right as it is)."""
    return [
        word * 2
        for word in lints.doubled
        if word * 2 in body.replace("目的的", "") and word * 3 not in body
    ]


def other_years(body: str, allowed: set[int]) -> list[str]:
    """Years named that are not the report's, each once."""
    found = [match for match in _YEAR.findall(body) if int(match) not in allowed]
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class TypedFigure:
    """An amount (in yuan) or rate (in per cent) as typed, with the size of its last digit."""

    text: str
    value: Decimal
    step: Decimal

    def agrees_with(self, known: Decimal) -> bool:
        """Whether the known value, rounded as this one was typed, reads the same."""
        places = -int(self.step.log10())
        return half_up(abs(known), places) == half_up(self.value, places)


def typed_amounts(body: str) -> list[TypedFigure]:
    """Amounts with a unit of money; unit prices (元/件) are left alone."""
    return [
        TypedFigure(match.group(0), number * YUAN_PER[match.group(2)], step)
        for match in _AMOUNT.finditer(body)
        for number in [_number(match.group(1))]
        for step in [YUAN_PER[match.group(2)].scaleb(-decimals_of(number))]
    ]


def typed_rates(body: str) -> list[TypedFigure]:
    return [
        TypedFigure(match.group(0), number, Decimal(1).scaleb(-decimals_of(number)))
        for match in _RATE.finditer(body)
        for number in [_number(match.group(1))]
    ]


def _number(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "").replace("，", ""))


def denials(body: str, words: str) -> bool:
    """Whether a sentence says that there was none of it: 没有…政府性基金."""
    return re.search(rf"{_NONE}[^。；！？\n]{{0,12}}{re.escape(words)}", body) is not None


def personal_numbers(body: str) -> list[str]:
    """Identity-card, mobile and bank-card numbers, masked; check digits keep false alarms few."""
    found = [("身份证号", n) for n in _IDENTITY.findall(body) if is_identity_number(n)]
    found += [("手机号", n) for n in _MOBILE.findall(body)]
    found += [
        ("银行卡号", n) for n in _BANK.findall(body) if passes_luhn(n) and not is_identity_number(n)
    ]
    return [f"{kind} {number[:3]}****{number[-2:]}" for kind, number in found]


def is_identity_number(number: str) -> bool:
    """GB 11643: the last of 18 characters checks the seventeen before it."""
    if len(number) != 18:
        return False
    products = (int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECK_DIGITS[sum(products) % 11] == number[-1].upper()


def passes_luhn(number: str) -> bool:
    """The check digit of bank cards."""
    digits = [int(digit) for digit in reversed(number)]
    doubled_digits = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled_digits)) % 10 == 0
