"""The invented region: consistent books raise nothing, planted contradictions are all found."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from budgets.checks import ALL_CHECKS
from disclosures.checks import TEXT_CHECKS
from disclosures.evaluate import findings_of
from disclosures.package import document, dump, read
from disclosures.snapshots import build_package
from filings.models import Filing
from performance.checks import CATALOGUE
from reviews.region.contradictions import CONTRADICTIONS
from reviews.region.department import Region, department_of, packages_of
from reviews.region.dice import Dice
from reviews.region.planting import compared, counted, filings_of, planted_in
from reviews.region.running import Order, department_done

SMALL = 6
REGION = Region(seed=5, first_year=2023, years=3)


def small(region: Region, count: int) -> list[int]:
    """The first departments that are quickly checked."""
    found = (n for n in range(1, 1000) if department_of(region, n).units[0].items <= 10)
    return [next(found) for _ in range(count)]


def test_all_contradictions_are_found_and_nothing_else() -> None:
    order = Order(REGION, Decimal("0.5"), check=True)
    results = [department_done(order, number) for number in small(REGION, SMALL)]
    assert [a for r in results for a in r.missed] == []
    assert [a for r in results for a in r.false_alarms] == []
    assert sum(r.contradictions for r in results) > SMALL
    assert len(counted(a for r in results for a in r.answers)) > SMALL


def test_a_region_without_contradictions_has_no_answers() -> None:
    for filing in filings_of(REGION, small(REGION, 1)[0], Decimal(0)):
        assert filing.answers == ()
        assert findings_of(filing.package) == ()


def test_the_same_seed_gives_the_same_bytes() -> None:
    number = small(REGION, 1)[0]
    first, second = (
        [dump(document(f.package)) for f in filings_of(REGION, number, Decimal(1))]
        for _ in range(2)
    )
    assert first == second


def test_a_written_filing_is_read_back_equal() -> None:
    for filing in filings_of(REGION, small(REGION, 1)[0], Decimal(1)):
        content = dump(document(filing.package))
        package = read(content).package
        assert package is not None
        assert dump(document(package)) == content


def test_every_contradiction_names_checks_of_the_product() -> None:
    known = {check.id for check in ALL_CHECKS} | {text.rule.id for text in TEXT_CHECKS}
    known |= {entry.id for entry in CATALOGUE}
    assert {check for each in CONTRADICTIONS for check in each.checks} <= known
    assert len({each.key for each in CONTRADICTIONS}) == len(CONTRADICTIONS)


def test_a_missed_answer_and_a_false_alarm_are_told_apart() -> None:
    planted = next(f for f in filings_of(REGION, 1, Decimal(1)) if f.answers)
    found = findings_of(planted.package)
    assert compared(found, planted.answers).is_perfect
    assert compared((), planted.answers).missed == planted.answers
    assert compared(found, ()).false_alarms == found


@pytest.mark.slow
@pytest.mark.parametrize("contradiction", CONTRADICTIONS, ids=lambda each: each.key)
def test_each_contradiction_fires_its_checks_exactly(contradiction) -> None:  # type: ignore[no-untyped-def]
    for number in small(REGION, 60):
        for package in packages_of(REGION, department_of(REGION, number)):
            if package.head.kind != contradiction.kind:
                continue
            planted = planted_in(package, contradiction, Dice(number), Dice(number, "plant"))
            if planted is not None:
                expected = {each.check_id for each in planted.expected}
                assert expected <= set(contradiction.checks)
                assert {f.check_id for f in findings_of(planted.package)} == expected
                return
    pytest.skip("no department of this region has what it needs")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 26))
def test_other_seeds_are_consistent_too(seed: int) -> None:
    order = Order(Region(seed, 2023, 3), Decimal("0.3"), check=True)
    assert all(department_done(order, number).is_perfect for number in range(1, 9))


def test_the_command_writes_packages_and_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command(
        "sample_region", departments=2, years=1, share="1", out=tmp_path, check=True, processes=1
    )
    said = capsys.readouterr().out
    assert "漏报 0 个，误报 0 个" in said
    assert len(list(tmp_path.glob("88*/*.json"))) == 4
    answers = json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))
    with (tmp_path / "answers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["check_id"] for row in rows] == [answer["check_id"] for answer in answers]
    assert answers


@pytest.mark.parametrize(
    "wrong",
    [
        {"share": "2"},
        {"share": "viele"},
        {"departments": 0},
        {"region": "999999"},
        {"first_year": 1990},
    ],
)
def test_the_command_refuses_what_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(CommandError):
        call_command("sample_region", **{"departments": 1, "years": 1, **wrong})


@pytest.mark.django_db
def test_a_loaded_region_has_the_planted_findings_and_loads_once() -> None:
    call_command("load_rulebook", verbosity=0)
    asked = {"departments": 2, "years": 1, "share": "1", "load": True}
    call_command("sample_region", **asked)
    assert Filing.objects.count() == 4
    answers = {
        (a.department, a.kind): counted(f.answers)
        for n in (1, 2)
        for f in filings_of(Region(1, 2023, 1), n, Decimal(1))
        for a in f.answers
    }
    for filing in Filing.objects.select_related("department__region"):
        found = counted_findings(filing)
        assert found == answers.get((filing.department.code, filing.kind), {})
    call_command("sample_region", **asked)
    assert Filing.objects.count() == 4


def counted_findings(filing: Filing) -> dict[str, int]:
    """Check → how often it is found. The catalogue in the database has definitions of its own."""
    found: dict[str, int] = {}
    for finding in findings_of(build_package(filing)):
        if finding.check_id != "TX-210":
            found[finding.check_id] = found.get(finding.check_id, 0) + 1
    return found
