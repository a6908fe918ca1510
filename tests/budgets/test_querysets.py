"""Who sees which workbook."""

from budgets.models import Workbook
from departments.models import StaffMember
from filings.models import Filing
from filings.states import State


def test_a_department_sees_its_own_workbooks_and_nobody_elses(
    workbook: Workbook, lin: StaffMember, wai: StaffMember, system_admin: StaffMember
) -> None:
    assert list(Workbook.objects.visible_to(lin)) == [workbook]
    assert not Workbook.objects.visible_to(wai).exists()
    assert not Workbook.objects.visible_to(system_admin).exists()


def test_the_bureau_sees_a_workbook_once_it_is_submitted(
    workbook: Workbook, filing: Filing, wang: StaffMember
) -> None:
    assert not Workbook.objects.visible_to(wang).exists()
    Filing.objects.update(state=State.SUBMITTED)
    assert list(Workbook.objects.visible_to(wang)) == [workbook]
