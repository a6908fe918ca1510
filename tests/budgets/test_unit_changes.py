"""What becomes of filings when the bureau renames, merges or splits a unit from their year on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from budgets.models import Cell, CellChange, Upload, Workbook
from budgets.snapshots import books_of
from budgets.unit_changes import (
    Basis,
    Outcome,
    UnitChangeRefused,
    merge,
    rehearse,
    rename,
    split,
)
from departments.models import Department, StaffMember, Unit, UnitChange
from departments.services import NewUnit, RegisterRefused
from filings.models import Event, Filing
from filings.states import State
from tests import factories

BASIS = Basis(2023, date(2023, 3, 1), "机构改革")
PLACE = ("revenue_expenditure_summary", "appropriation_general_public", "actual")
PART = NewUnit("900991", "示例一站", "administrative")
Change = Callable[[], Outcome]


@pytest.fixture
def station(department: Department, unit: Unit) -> Unit:
    return factories.make_unit(department, "示例管理站")


@pytest.fixture
def books(filing: Filing, unit: Unit, station: Unit) -> tuple[Workbook, Workbook]:
    """The open filing of 2023 with a book of each unit, both empty."""
    return factories.make_workbook(filing, unit), factories.make_workbook(filing, station)


@pytest.fixture
def changes(unit: Unit, station: Unit, wang: StaffMember) -> dict[str, Change]:
    return {
        "rename": lambda: rename(unit=station, staff=wang, name="示例新站", basis=BASIS),
        "merge": lambda: merge(into=unit, units=[station], staff=wang, basis=BASIS),
        "split": lambda: split(
            unit=station, parts=[PART], continues=False, staff=wang, basis=BASIS
        ),
    }


def put(filing: Filing, state: State) -> None:
    Filing.objects.filter(pk=filing.pk).update(state=state)


def refused(change: Change) -> list[str]:
    with pytest.raises(UnitChangeRefused) as caught:
        change()
    assert not UnitChange.objects.exists()
    return [finding.check_id for finding in caught.value.findings]


@pytest.mark.parametrize("kind", ["rename", "merge", "split"])
@pytest.mark.parametrize("state", [State.SUBMITTED, State.APPROVED])
def test_a_filing_on_its_way_stands_against_a_change(
    kind: str, state: State, filing: Filing, books: object, changes: dict[str, Change]
) -> None:
    put(filing, state)
    assert refused(changes[kind]) == ["UN-101"]


@pytest.mark.parametrize("kind", ["merge", "split"])
def test_a_published_report_keeps_its_units(
    kind: str, filing: Filing, books: object, changes: dict[str, Change]
) -> None:
    put(filing, State.PUBLISHED)
    assert refused(changes[kind]) == ["UN-102"]


def test_a_published_report_does_not_hinder_a_renaming_which_says_that_it_keeps_the_name(
    filing: Filing, books: object, changes: dict[str, Change]
) -> None:
    put(filing, State.PUBLISHED)
    outcome = changes["rename"]()
    assert [notice.check_id for notice in outcome.notices] == ["UN-111"]
    assert "示例管理站" in outcome.notices[0].message


@pytest.mark.parametrize("kind", ["rename", "merge", "split"])
def test_a_filing_of_the_year_before_is_not_touched(
    kind: str,
    department: Department,
    lin: StaffMember,
    unit: Unit,
    station: Unit,
    changes: dict[str, Change],
) -> None:
    earlier = factories.make_filing(department, lin, year=2022, state=State.PUBLISHED)
    for each in (unit, station):
        factories.make_workbook(earlier, each, {PLACE: "1.00"})
    before = books_of(earlier)
    changes[kind]()
    assert books_of(earlier) == before
    assert not Event.objects.filter(filing=earlier).exists()


def test_a_draft_shows_the_new_name_at_once(
    filing: Filing, books: object, changes: dict[str, Change]
) -> None:
    outcome = changes["rename"]()
    assert "示例新站" in {book.name for book in books_of(filing)}
    assert "2023 年部门决算（填报中）" in {what for what, _, _ in outcome.lines}
    assert Event.objects.get(filing=filing).action == "unit_change"


def test_a_merged_unit_without_entries_leaves_the_draft(
    filing: Filing, unit: Unit, books: tuple[Workbook, Workbook], changes: dict[str, Change]
) -> None:
    factories.make_workbook(filing, unit, {PLACE: "5.00"})
    changes["merge"]()
    (book,) = books_of(filing)
    assert (book.book, [cell.value for cell in book.cells]) == (unit.code, [5])


def test_a_merged_units_figures_move_whole_when_the_other_entered_nothing(
    filing: Filing,
    unit: Unit,
    station: Unit,
    lin: StaffMember,
    books: tuple[Workbook, Workbook],
    changes: dict[str, Change],
) -> None:
    own, theirs = books
    factories.make_workbook(filing, station, {PLACE: "7.00"})
    place = dict(zip(("sheet", "row", "column"), PLACE, strict=True))
    CellChange.objects.create(
        workbook=own, **place, provenance="entered", reason="填错", changed_by=lin
    )
    Upload.objects.create(
        filing=filing, workbook=own, name="a.xlsx", sha256="0" * 64, size=1, uploaded_by=lin
    )
    outcome = changes["merge"]()
    (book,) = books_of(filing)
    assert (book.book, [cell.value for cell in book.cells]) == (unit.code, [7])
    assert CellChange.objects.get().reason == f"（原{unit.name}）填错"
    assert CellChange.objects.get().workbook_id == Upload.objects.get().workbook_id == theirs.pk
    assert ("2023 年部门决算（填报中）：示例管理站的报表", "示例管理站") in {
        line[:2] for line in outcome.lines
    }


def test_figures_of_both_are_not_added_up_behind_the_departments_back(
    filing: Filing, unit: Unit, station: Unit, books: object, changes: dict[str, Change]
) -> None:
    for each in (unit, station):
        factories.make_workbook(filing, each, {PLACE: "7.00"})
    assert refused(changes["merge"]) == ["UN-103"]
    assert Workbook.objects.filter(filing=filing).count() == 2


def test_what_was_carried_from_last_year_is_no_entry(
    filing: Filing, unit: Unit, station: Unit, books: object, changes: dict[str, Change]
) -> None:
    for each in (unit, station):
        factories.make_workbook(filing, each, {PLACE: "7.00"})
    Cell.objects.filter(workbook__unit=unit).update(provenance="carried_forward")
    changes["merge"]()
    (book,) = books_of(filing)
    assert book.book == unit.code


def test_a_unit_that_ends_by_a_split_hands_its_draft_to_the_first_part(
    filing: Filing, station: Unit, books: object, wang: StaffMember
) -> None:
    factories.make_workbook(filing, station, {PLACE: "7.00"})
    parts = [PART, NewUnit("900992", "示例二站", "administrative")]
    split(unit=station, parts=parts, continues=False, staff=wang, basis=BASIS)
    found = {book.book: len(book.cells) for book in books_of(filing)}
    assert found.pop("900991") == 1
    assert found.pop("900992") == 0
    assert station.code not in found


def test_a_unit_that_goes_on_after_a_split_keeps_its_draft(
    filing: Filing, station: Unit, books: object, wang: StaffMember
) -> None:
    factories.make_workbook(filing, station, {PLACE: "7.00"})
    split(unit=station, parts=[PART], continues=True, staff=wang, basis=BASIS)
    found = {book.book: len(book.cells) for book in books_of(filing)}
    assert (found[station.code], found["900991"]) == (1, 0)
    assert filing.workbooks.filter(unit__code="900991").exists()


def test_a_rehearsal_says_what_would_happen_and_changes_nothing(
    filing: Filing, station: Unit, books: object, changes: dict[str, Change]
) -> None:
    for make in changes.values():
        outcome = rehearse(make)
        assert outcome.lines
        assert not UnitChange.objects.exists()
    station.refresh_from_db()
    assert (station.name, station.last_fiscal_year) == ("示例管理站", None)
    assert not Unit.objects.filter(code="900991").exists()
    assert not Event.objects.exists()


def test_nobody_but_the_bureau_changes_a_unit(
    unit: Unit, station: Unit, lin: StaffMember, wai: StaffMember, system_admin: StaffMember
) -> None:
    for person in (lin, wai, system_admin):
        with pytest.raises(RegisterRefused, match="本级财政审核"):
            rename(unit=station, staff=person, name="示例新站", basis=BASIS)
        with pytest.raises(RegisterRefused, match="本级财政审核"):
            merge(into=unit, units=[station], staff=person, basis=BASIS)
        with pytest.raises(RegisterRefused, match="本级财政审核"):
            split(unit=station, parts=[PART], continues=True, staff=person, basis=BASIS)
    assert not UnitChange.objects.exists()


def test_the_receipt_names_the_year_and_every_unit(
    unit: Unit, station: Unit, changes: dict[str, Change]
) -> None:
    change = changes["merge"]().change
    assert change.number.startswith("DW-2023-")
    assert set(change.units.all()) == {unit, station}
