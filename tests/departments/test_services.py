"""Units renamed, merged and split keep their history."""

from __future__ import annotations

import pytest

from budgets.snapshots import books_of, projects_of
from departments.models import Department, Role, StaffMember, Unit
from departments.services import NewUnit, RegisterRefused, merge_units, rename_unit, split_unit
from tests import factories


@pytest.fixture
def station(department: Department, unit: Unit) -> Unit:
    return factories.make_unit(department, "示例管理站")


def codes_in(department: Department, year: int) -> set[str]:
    return {unit.code for unit in department.units.existing_in(year)}


def test_a_renamed_unit_bears_the_name_of_each_year(unit: Unit, wang: StaffMember) -> None:
    old = unit.name
    rename_unit(unit=unit, staff=wang, name="示例新局", fiscal_year=2024)
    rename_unit(unit=unit, staff=wang, name="示例再改局", fiscal_year=2026)
    names = [unit.name_in(year) for year in (2023, 2024, 2025, 2026)]
    assert names == [old, "示例新局", "示例新局", "示例再改局"]


def test_a_renaming_corrected_in_the_same_year_keeps_the_old_name(
    unit: Unit, wang: StaffMember
) -> None:
    old = unit.name
    rename_unit(unit=unit, staff=wang, name="示例错名", fiscal_year=2024)
    rename_unit(unit=unit, staff=wang, name="示例新局", fiscal_year=2024)
    assert (unit.name_in(2023), unit.name_in(2024)) == (old, "示例新局")


def test_a_unit_renamed_from_its_first_year_never_had_the_wrong_name(
    department: Department, wang: StaffMember
) -> None:
    unit = factories.make_unit(department, "示例错名")
    Unit.objects.update(first_fiscal_year=2024)
    unit.refresh_from_db()
    rename_unit(unit=unit, staff=wang, name="示例新局", fiscal_year=2024)
    assert unit.names_by_year() == [(2024, None, "示例新局")]


def test_a_renaming_before_a_known_one_is_refused(unit: Unit, wang: StaffMember) -> None:
    rename_unit(unit=unit, staff=wang, name="示例新局", fiscal_year=2025)
    with pytest.raises(RegisterRefused, match="已经改过名称"):
        rename_unit(unit=unit, staff=wang, name="示例旧局", fiscal_year=2024)


def test_an_old_filing_shows_the_unit_under_the_name_of_its_year(
    unit: Unit, department: Department, lin: StaffMember, wang: StaffMember
) -> None:
    old = unit.name
    filings = [factories.make_filing(department, lin, year=year) for year in (2023, 2024)]
    rename_unit(unit=unit, staff=wang, name="示例新局", fiscal_year=2024)
    assert [books_of(filing)[0].name for filing in filings] == [old, "示例新局"]


def test_a_merged_unit_files_for_the_years_before_and_its_projects_go_on_in_the_other(
    unit: Unit,
    station: Unit,
    department: Department,
    lin: StaffMember,
    wang: StaffMember,
) -> None:
    merge_units(units=[station], into=unit, staff=wang, fiscal_year=2024)
    assert codes_in(department, 2023) == {unit.code, station.code}
    assert codes_in(department, 2024) == {unit.code}
    assert unit.sources_in(2024) == [unit.code, station.code]
    assert unit.sources_in(2025) == [unit.code]
    project = factories.make_project(station)
    for year, holder in ((2023, station), (2024, unit)):
        filing = factories.make_filing(department, lin, year=year)
        factories.make_project_year(filing, project, actual="1.00")
        assert [p.book for p in projects_of(filing)] == [holder.code]


def test_merging_twice_in_one_year_adds_up_along_the_chain(
    unit: Unit, station: Unit, department: Department, wang: StaffMember
) -> None:
    third = factories.make_unit(department, "示例服务中心")
    merge_units(units=[third], into=station, staff=wang, fiscal_year=2024)
    station.refresh_from_db()
    merge_units(units=[station], into=unit, staff=wang, fiscal_year=2025)
    assert third.holder_in(2025) == unit
    assert unit.sources_in(2025) == [unit.code, station.code]
    assert station.sources_in(2024) == [station.code, third.code]


def test_a_split_unit_that_ends_is_taken_over_by_its_first_part(
    unit: Unit, department: Department, wang: StaffMember
) -> None:
    parts = [
        NewUnit("900991", "示例一站", "administrative"),
        NewUnit("900992", "示例二站", "public_institution"),
    ]
    first, second = split_unit(
        unit=unit, parts=parts, staff=wang, fiscal_year=2024, continues=False
    )
    assert codes_in(department, 2024) == {"900991", "900992"}
    assert (first.sources_in(2024), second.sources_in(2024)) == ([unit.code], [])
    assert second.split_from == unit


def test_a_split_unit_that_continues_keeps_its_last_year(
    unit: Unit, department: Department, wang: StaffMember
) -> None:
    part = NewUnit("900991", "示例一站", "administrative")
    (made,) = split_unit(unit=unit, parts=[part], staff=wang, fiscal_year=2024, continues=True)
    assert codes_in(department, 2024) == {unit.code, "900991"}
    assert (unit.sources_in(2024), made.sources_in(2024)) == ([unit.code], [])


def test_what_contradicts_the_register_is_refused(
    unit: Unit, station: Unit, wai: StaffMember, lin: StaffMember, wang: StaffMember
) -> None:
    assert wai.department is not None
    foreign = wai.department.units.get()
    with pytest.raises(RegisterRefused, match="同一部门"):
        merge_units(units=[foreign], into=unit, staff=wang, fiscal_year=2024)
    elsewhere = factories.make_staff(
        "elsewhere", Role.BUREAU_REVIEWER, region=factories.make_region("420106")
    )
    publisher = factories.make_staff("fabu", Role.PUBLISHER)
    for stranger in (lin, elsewhere, publisher):
        with pytest.raises(RegisterRefused, match="本级财政审核"):
            merge_units(units=[station], into=unit, staff=stranger, fiscal_year=2024)
    taken = NewUnit(station.code, "示例", "administrative")
    with pytest.raises(RegisterRefused, match="单位编码"):
        split_unit(unit=unit, parts=[taken], staff=wang, fiscal_year=2024, continues=True)
    merge_units(units=[station], into=unit, staff=wang, fiscal_year=2024)
    station.refresh_from_db()
    with pytest.raises(RegisterRefused, match="2025 年不存在"):
        rename_unit(unit=station, staff=wang, name="示例", fiscal_year=2025)
