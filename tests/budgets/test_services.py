"""Writes: versions, evidence, history, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgets.entry import CellEdit
from budgets.models import Cell, CellChange, ProjectYear, WithheldRow, Workbook
from budgets.services import (
    ProjectEdit,
    open_workbooks,
    resolve_evidence,
    save_cells,
    save_project_years,
    withhold_rows,
)
from budgets.workbook import Provenance
from departments.models import Department, StaffMember, Unit
from filings.models import Event, Filing
from filings.services import FilingLocked
from filings.states import State
from rulebook.addresses import CellRef
from tests import factories

BASIC = CellRef("expenditure_sheet", "2040201", "basic")
TOTAL = CellRef("expenditure_sheet", "total", "basic")


def edit(ref: CellRef, value: str | None, version: int | None = None, **fields: object) -> CellEdit:
    return CellEdit(ref, None if value is None else Decimal(value), version, **fields)


def stored(ref: CellRef) -> Cell:
    return Cell.objects.get(**ref._asdict())


def test_a_workbook_is_opened_for_each_unit_of_the_year_once(
    filing: Filing, department: Department, unit: Unit, lin: StaffMember
) -> None:
    gone = factories.make_unit(department, "已撤销")
    Unit.objects.filter(pk=gone.pk).update(last_fiscal_year=2022)
    assert [book.unit for book in open_workbooks(filing=filing, staff=lin)] == [unit]
    open_workbooks(filing=filing, staff=lin)
    assert Workbook.objects.count() == 1


def test_a_change_leaves_both_values_the_person_and_a_higher_version(
    clean_book: Workbook, lin: StaffMember
) -> None:
    result = save_cells(workbook=clean_book, staff=lin, edits=[edit(BASIC, "5.00", 1)])
    assert result.saved == (BASIC,)
    assert (stored(BASIC).value, stored(BASIC).version) == (Decimal("5.00"), 2)
    change = CellChange.objects.get()
    assert (change.before, change.after, change.changed_by) == (100000, 5, lin)
    clean_book.refresh_from_db()
    assert (clean_book.revision, Filing.objects.get().revision) == (1, 1)


def test_an_emptied_cell_is_empty_and_not_zero_and_keeps_its_version(
    clean_book: Workbook, lin: StaffMember
) -> None:
    save_cells(workbook=clean_book, staff=lin, edits=[edit(BASIC, None, 1)])
    assert (stored(BASIC).value, stored(BASIC).version) == (None, 2)
    conflict = save_cells(workbook=clean_book, staff=lin, edits=[edit(BASIC, "7", 1)]).conflicts
    assert (conflict[0].mine, conflict[0].theirs) == (7, None)


def test_a_stale_version_gives_both_values_and_stores_neither_wrongly(
    clean_book: Workbook, lin: StaffMember
) -> None:
    save_cells(workbook=clean_book, staff=lin, edits=[edit(BASIC, "5", 1)])
    result = save_cells(workbook=clean_book, staff=lin, edits=[edit(BASIC, "6", 1)])
    (conflict,) = result.conflicts
    assert (conflict.mine, conflict.theirs, conflict.version) == (6, 5, 2)
    assert conflict.changed_by == "林"
    assert stored(BASIC).value == 5


def test_the_same_value_from_two_people_is_no_conflict(
    clean_book: Workbook, lin: StaffMember
) -> None:
    save_cells(workbook=clean_book, staff=lin, edits=[edit(BASIC, "5", 1)])
    assert not save_cells(workbook=clean_book, staff=lin, edits=[edit(BASIC, "5", 1)]).conflicts


@pytest.mark.parametrize(
    ("ref", "value", "id"),
    [
        (CellRef("nothing", "x", "y"), "1", "IM-140"),
        (CellRef("expenditure_sheet", "x", "basic"), "1", "IM-140"),
        (TOTAL, "1", "IM-140"),
        (CellRef("expenditure_sheet", "20402", "basic"), "1", "IM-140"),
        (CellRef("expenditure_sheet", "2049901", "basic"), "1", "IM-132"),
    ],
)
def test_what_is_no_place_for_a_figure_is_refused_with_a_finding(
    clean_book: Workbook, lin: StaffMember, ref: CellRef, value: str, id: str
) -> None:
    result = save_cells(workbook=clean_book, staff=lin, edits=[edit(ref, value)])
    assert [finding.check_id for _, finding in result.refused] == [id]
    assert not CellChange.objects.exists()


def test_a_count_is_a_whole_number(clean_book: Workbook, lin: StaffMember) -> None:
    trips = CellRef("institution_information", "trips", "actual")
    result = save_cells(workbook=clean_book, staff=lin, edits=[edit(trips, "1.5", unit="")])
    assert result.refused[0][1].check_id == "IM-138"


def test_an_imported_total_that_disagrees_is_kept_as_evidence_until_resolved(
    clean_book: Workbook, lin: StaffMember
) -> None:
    edits = [edit(TOTAL, "99.00"), edit(TOTAL._replace(column="project"), "2345.67")]
    save_cells(workbook=clean_book, staff=lin, edits=edits, provenance=Provenance.IMPORTED)
    assert (stored(TOTAL).value, stored(TOTAL).evidence) == (None, Decimal(99))
    assert not Cell.objects.filter(row="total", column="project").exists()
    resolve_evidence(workbook=clean_book, staff=lin, ref=TOTAL, reason="原表合计漏加")
    assert stored(TOTAL).evidence is None
    change = CellChange.objects.last()
    assert change is not None
    assert (change.is_evidence, change.before, change.reason) == (True, 99, "原表合计漏加")


def test_a_locked_filing_or_a_stranger_writes_nothing(
    clean_book: Workbook, lin: StaffMember, wai: StaffMember, internal_reviewer: StaffMember
) -> None:
    for person in (wai, internal_reviewer):
        with pytest.raises(FilingLocked):
            save_cells(workbook=clean_book, staff=person, edits=[edit(BASIC, "1")])
    Filing.objects.update(state=State.SUBMITTED)
    with pytest.raises(FilingLocked, match="待审核"):
        save_cells(workbook=clean_book, staff=lin, edits=[edit(BASIC, "1")])
    assert stored(BASIC).value == 100000


def test_rows_are_withheld_with_their_basis_and_released(
    clean_book: Workbook, lin: StaffMember
) -> None:
    place = ("expenditure_sheet", "2040202")
    withhold_rows(workbook=clean_book, staff=lin, bases={place: "保守国家秘密法"})
    assert WithheldRow.objects.get().legal_basis == "保守国家秘密法"
    withhold_rows(workbook=clean_book, staff=lin, bases={place: ""})
    assert not WithheldRow.objects.exists()
    assert Event.objects.filter(action="withhold_rows").count() == 2


def test_a_projects_figures_are_kept_and_a_colleagues_change_is_not_lost(
    filing: Filing, unit: Unit, lin: StaffMember
) -> None:
    project = factories.make_project(unit)
    five, six = Decimal("5.00"), Decimal("6.00")
    first = [ProjectEdit(project, "actual", five, None)]
    assert not save_project_years(filing=filing, staff=lin, edits=first)
    late = [
        ProjectEdit(project, "actual", six, None),
        ProjectEdit(project, "revised_budget", six, None),
    ]
    (conflict,) = save_project_years(filing=filing, staff=lin, edits=late)
    assert (conflict.mine, conflict.theirs) == (six, five)
    year = ProjectYear.objects.get()
    assert (year.actual, year.revised_budget, year.original_budget) == (five, six, None)
    changes = Event.objects.filter(action="save_project_years").first().detail["changes"]
    assert changes == [[project.code, "actual", "", "5.00"]]


def test_a_project_of_another_department_is_not_written(
    filing: Filing, wai: StaffMember, lin: StaffMember
) -> None:
    theirs = factories.make_project(wai.department.units.get())
    edits = [ProjectEdit(theirs, "actual", Decimal(1), None)]
    with pytest.raises(KeyError):
        save_project_years(filing=filing, staff=lin, edits=edits)
    assert not ProjectYear.objects.exists()
