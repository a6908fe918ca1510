"""The ledger of reasons: what signed reasons explain of a change, and what they leave open."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from disclosures.filing_package import Reason
from disclosures.ledger import Account, Standing, ledger_of
from disclosures.narrative.passages import reason_spans
from disclosures.narrative.phrases import text_of
from disclosures.package import canonical, document, dump, read
from disclosures.reason_kinds import reason_kinds
from disclosures.reasons import RequiredReason
from rulebook.amounts import from_wan
from tests.disclosures.values import facts, package

SUBJECT = "grand_total.prior_year"


def account(change: str, *amounts: str | None) -> Account:
    """A change and the amounts of its reasons, in 万元; None is a reason in words only."""
    wanted = RequiredReason(SUBJECT, "总计", from_wan(Decimal(change)), (), True, True, None)
    given = [None if amount is None else from_wan(Decimal(amount)) for amount in amounts]
    return Account(wanted, tuple(Reason(SUBJECT, "原因", amount) for amount in given))


@pytest.mark.parametrize(
    ("change", "amounts", "expected"),
    [
        ("100", (), Standing.UNSIGNED),
        ("100", (None,), Standing.UNSIGNED),
        ("100", ("100",), Standing.WHOLE),
        ("-100", ("-60", "-40"), Standing.WHOLE),
        ("100", ("130", "-30"), Standing.WHOLE),
        ("100", ("60",), Standing.UNDER),
        ("-100", ("-60",), Standing.UNDER),
        ("100", ("-60",), Standing.UNDER),
        ("100", ("60", None), Standing.PARTLY),
        ("100", ("130",), Standing.OVER),
        ("-100", ("-130",), Standing.OVER),
        ("100", ("130", None), Standing.OVER),
    ],
)
def test_how_far_reasons_carry(
    change: str, amounts: tuple[str | None, ...], expected: Standing
) -> None:
    assert account(change, *amounts).standing is expected


def test_a_reason_against_the_change_counts_with_its_sign() -> None:
    found = account("100", "130", "-10")
    assert (found.explained, found.remainder) == (Decimal(1_200_000), Decimal(-200_000))


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (("48.22",), Standing.WHOLE),
        (("48.21",), Standing.UNDER),
        (("48.23",), Standing.OVER),
        (("20.01", "28.22"), Standing.WHOLE),  # two roundings of 0.005 each
        (("48.224899",), Standing.UNDER),  # written to the fen, so meant to the fen
    ],
)
def test_amounts_of_two_decimals_stand_for_what_rounds_to_them(
    amounts: tuple[str, ...], expected: Standing
) -> None:
    assert account("48.2249", *amounts).standing is expected


def test_the_ledger_has_every_change_in_the_order_of_the_report() -> None:
    ledger = ledger_of(facts())
    assert [each.change.subject for each in ledger][:2] == [SUBJECT, "revenue_total.prior_year"]
    assert len(ledger) == 28


def test_sentences_name_the_largest_reason_first_and_words_alone_last() -> None:
    given = (
        Reason("x", "只有文字"),
        Reason("x", "小", Decimal(1_0000)),
        Reason("x", "压减", Decimal(-300_0000)),
        Reason("x", "大", Decimal(200_0000)),
    )
    said = text_of(reason_spans(facts(replace(package(), reasons=given)), "x"))
    assert said == "压减（减300.00万元）；大（增200.00万元）；小（增1.00万元）；只有文字"


def test_kinds_are_offered_by_region_and_year() -> None:
    names = [kind.name for kind in reason_kinds("420111", 2023)]
    assert names == ["人员增支", "政策性调整", "项目增减", "一次性因素", "结转变化", "其他"]
    assert reason_kinds("420111", 1999) == ()


def test_the_kind_of_a_reason_travels_in_the_package_and_only_where_there_is_one() -> None:
    filed = package()
    first, *rest = filed.reasons
    chosen = replace(filed, reasons=(replace(first, kind="policy"), *rest))
    content = dump(document(chosen))
    assert content.count(b'"kind": "policy"') == 1
    assert read(content).package == canonical(chosen)
    assert dump(document(filed)) == dump(document(read(dump(document(filed))).package or chosen))
