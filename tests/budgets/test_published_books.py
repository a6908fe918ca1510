"""The Jianghan book of the department filed from its published tables: asked, whole, confirmed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from budgets.catalogues import load_catalogue
from budgets.lists import lists_of
from budgets.models import (
    DeclaredTotal,
    ProcurementLine,
    Project,
    ProjectBudgetLine,
    PurchasedServiceLine,
)
from budgets.published_books import (
    OPERATING,
    apply_published,
    declared_of,
    keep_published,
    plan_published,
    question_key,
)
from budgets.replacing import replace_books
from departments.models import StaffMember
from filings.models import Event, Filing
from filings.services import FilingLocked
from filings.states import State
from tests import factories
from tests.budgets.excel.files import with_cell
from tests.budgets.jianghan_books import DEPARTMENT_NAME, LAYOUT, books
from tests.budgets.published_tables import FILE
from tests.conftest import SignIn

TOKEN = re.compile(r'name="token" value="([^"]+)"')
MEANT = {
    ("118001", "监管场所所押人给养、体检、重商治疗等项目"): "42010323118T000000109",
    ("118002", "交警办案经费"): "42010322118T000000116",
    ("118002", "违法违章停车费"): "42010323118T000000103",
}
"""Names which the purchases spell in another way than the table of projects."""


@pytest.fixture(autouse=True)
def uploads_folder(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def jianghan(db: None) -> Filing:
    """A budget of 118 in which both units have filed their tables."""
    load_catalogue("functional_2023")
    load_catalogue("departmental_economic_2023")
    department = factories.make_department(DEPARTMENT_NAME, "118", "420103")
    lin = factories.make_staff("lin118", department=department)
    units = {b.book: factories.make_unit(department, b.name, b.book) for b in books()}
    filing = factories.make_filing(
        department,
        lin,
        kind="departmental_budget",
        layout_edition=LAYOUT,
        outline_edition="departmental_budget/national_2023",
        state="draft",
    )
    replace_books(filing=filing, staff=lin, books=books(), units=units)
    return filing


@pytest.fixture
def preparer(jianghan: Filing) -> StaffMember:
    return StaffMember.objects.get(username="lin118")


def answers_for(filing: Filing) -> dict[str, str]:
    """What a person confirms: the proposals, and the names that are spelled in another way."""
    questions = plan_published(filing=filing, data=FILE.read_bytes()).questions
    meant = {question_key(*place): code for place, code in MEANT.items()}
    return {q.key: meant.get(q.key, q.proposed) for q in questions}


def test_every_name_of_a_project_is_asked_and_none_is_taken(jianghan: Filing) -> None:
    plan = plan_published(filing=jianghan, data=FILE.read_bytes())
    asked = [finding for finding in plan.findings if finding.check_id == "IM-193"]
    assert len(asked) == len(plan.questions) > 10
    assert plan.is_refused
    assert {row.project_code for row in plan.lists.purchases} == {""}
    proposed = {(q.book, q.words): q.proposed for q in plan.questions}
    assert proposed["118001", "办案业务经费项目"] == "42010323118T000000104"
    assert proposed["118001", "在职人员公用"] == OPERATING
    assert {place for place, code in proposed.items() if not code} == set(MEANT)
    likely = next(f for f in asked if f.left == "交警办案经费")
    assert "交管办案经费（42010322118T000000116）" in likely.message


def test_the_lists_are_filed_by_unit_and_the_totals_kept(
    jianghan: Filing, preparer: StaffMember
) -> None:
    upload = keep_published(
        filing=jianghan, staff=preparer, name="公布表.xlsx", data=FILE.read_bytes()
    )
    done = apply_published(
        upload=upload, staff=preparer, answers=answers_for(jianghan), seen_revision=None
    )
    assert not done.is_refused
    filed = lists_of(jianghan)
    assert (len(filed.project_budgets), len(filed.procurement)) == (26, 36)
    assert len(filed.of("118002").project_budgets) == 11
    assert sum(row.general_public or 0 for row in filed.project_budgets) == 291273400
    found = {finding.label for finding in done.findings if finding.check_id == "IM-191"}
    assert found == {"预算11表 合计 其中面向中小企业", "预算11表 合计 其中面向小微企业"}
    kept = declared_of(jianghan)
    assert len(kept) > 200
    assert {each.label for each in kept if not each.agrees} == found
    assert Event.objects.get(action="import_published").detail["declared"] == len(kept) + 1


def test_a_second_time_changes_nothing(jianghan: Filing, preparer: StaffMember) -> None:
    upload = keep_published(filing=jianghan, staff=preparer, name="a", data=FILE.read_bytes())
    for _ in range(2):
        apply_published(
            upload=upload, staff=preparer, answers=answers_for(jianghan), seen_revision=None
        )
        assert Project.objects.count() == ProjectBudgetLine.objects.count() == 26
        assert DeclaredTotal.objects.count() == len(declared_of(jianghan)) + 1


def test_what_the_filing_knows_of_a_project_stays(jianghan: Filing, preparer: StaffMember) -> None:
    upload = keep_published(filing=jianghan, staff=preparer, name="a", data=FILE.read_bytes())
    first = apply_published(
        upload=upload, staff=preparer, answers=answers_for(jianghan), seen_revision=None
    )
    assert "IM-194" in {finding.check_id for finding in first.findings}
    ProjectBudgetLine.objects.update(functional_code="2040202", frequency="multi_year")
    again = apply_published(
        upload=upload, staff=preparer, answers=answers_for(jianghan), seen_revision=None
    )
    assert "IM-194" not in {finding.check_id for finding in again.findings}
    assert set(ProjectBudgetLine.objects.values_list("functional_code", "frequency")) == {
        ("2040202", "multi_year")
    }


def test_a_file_with_an_error_writes_nothing(jianghan: Filing, preparer: StaffMember) -> None:
    data = with_cell(FILE.read_bytes(), "政府采购表", "L7", "六百")
    upload = keep_published(filing=jianghan, staff=preparer, name="a", data=data)
    plan = apply_published(
        upload=upload, staff=preparer, answers=answers_for(jianghan), seen_revision=None
    )
    assert plan.is_refused
    assert not ProjectBudgetLine.objects.exists()
    assert not DeclaredTotal.objects.exists()


def test_a_project_of_another_unit_is_refused_by_name(
    jianghan: Filing, preparer: StaffMember
) -> None:
    other = jianghan.department.units.get(code="118002")
    factories.make_project(other, "旧", "42010323118T000000104")
    plan = plan_published(filing=jianghan, data=FILE.read_bytes(), answers=answers_for(jianghan))
    (finding,) = [f for f in plan.findings if f.check_id == "IM-197"]
    assert "42010323118T000000104" in finding.message
    assert plan.is_refused


def preview_of(client: Client, filing: Filing, data: bytes) -> str:
    address = reverse("work:filing_published", args=[filing.public_id])
    answer = client.post(address, {"file": SimpleUploadedFile("公布.xlsx", data)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_person_uploads_looks_answers_and_confirms(
    jianghan: Filing, preparer: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(preparer)
    preview = preview_of(client, jianghan, FILE.read_bytes())
    page = client.get(preview).content.decode()
    assert "采购金额—其中面向中小企业" in page
    assert "交警办案经费" in page
    assert not ProjectBudgetLine.objects.exists()
    token = TOKEN.search(page)
    assert token
    some = {f"q:{key}": code for key, code in answers_for(jianghan).items()}
    lacking = dict.fromkeys(some, "") | {"token": token[1]}
    assert "没有回答的问题" in client.post(preview, lacking, follow=True).content.decode()
    assert not ProjectBudgetLine.objects.exists()
    done = client.post(preview, some | {"token": token[1]}, follow=True).content.decode()
    assert "列表 70 行" in done
    assert "2 个与各单位汇总不符" in done
    assert ProcurementLine.objects.count() == 36
    assert PurchasedServiceLine.objects.filter(project__isnull=False).count() == 5
    stale = client.post(preview, some | {"token": token[1]}, follow=True).content.decode()
    assert "又有修改" in stale


def test_others_see_nothing_and_closed_filings_take_nothing(
    jianghan: Filing, preparer: StaffMember, wai: StaffMember, sign_in: SignIn
) -> None:
    preview = preview_of(sign_in(preparer), jianghan, FILE.read_bytes())
    for address in (reverse("work:filing_published", args=[jianghan.public_id]), preview):
        assert sign_in(wai).get(address).status_code == 404
        assert sign_in(wai).post(address, {}).status_code == 404
    Filing.objects.filter(pk=jianghan.pk).update(state=State.SUBMITTED.value)
    assert sign_in(preparer).post(preview, {}).status_code == 403
    jianghan.refresh_from_db()
    with pytest.raises(FilingLocked):
        keep_published(filing=jianghan, staff=preparer, name="a", data=b"x")
