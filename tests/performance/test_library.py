"""The library of indicators: imported by a bureau, read below it, suggested with its source."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.models import Project, ProjectBudgetLine
from departments.models import Department, Role, StaffMember
from filings.models import Filing
from filings.states import State
from performance.declaring import open_declaration
from performance.form_edits import Edits, PlaceEdit
from performance.models import (
    Goal,
    Indicator,
    IndicatorResult,
    LibraryIndicator,
    SelfEvaluation,
    TargetDeclaration,
)
from performance.new_rows import with_suggestion
from performance.suggestions import Origin, Suggestion, suggestions_for
from rulebook.forms import Horizon, load_form
from tests import factories
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
HEAD = "适用,一级指标,二级指标,指标名称,性质,方向,计量单位,参考值,常用依据,来源,行业和主题词"
CAMERAS = "项目,产出指标,质量指标,视频设备在线率,定量,正向,%,≥95%,行业标准,公安指标库,公安 视频"
ROADS = "通用,产出指标,数量指标,治理路段数,定量,正向,处,≥2处,计划数据,交通指标库,交通"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
IMPORT = "work:performance_libraryindicator_import"
OTHER_REGION = "420106"


def upload(client: Client, *rows: str, head: str = HEAD) -> str:
    data = "\n".join((head, *rows)).encode()
    page = client.post(reverse(IMPORT), {"file": SimpleUploadedFile("库.csv", data)})
    return page.content.decode()


def confirm(client: Client, page: str) -> None:
    found = TOKEN.search(page)
    assert found, page
    client.post(reverse(IMPORT), {"token": found.group(1)})


def imported(client: Client, *rows: str) -> None:
    confirm(client, upload(client, *rows))


@pytest.fixture
def bureau(wang: StaffMember, sign_in: SignIn) -> Client:
    return sign_in(wang)


def budget_of(
    department: Department, staff: StaffMember, year: int = 2023, **fields: Any
) -> Filing:
    kind = {
        "kind": "departmental_budget",
        "layout_edition": "departmental_budget/national_2023",
        "outline_edition": "departmental_budget/national_2023",
    }
    return factories.make_filing(department, staff, year=year, **(kind | fields))


def declare(filing: Filing, project: Project | None, name: str, target: str) -> Indicator:
    declaration = TargetDeclaration.objects.create(filing=filing, project=project)
    goal = Goal.objects.create(declaration=declaration, number=0)
    return Indicator.objects.create(
        goal=goal, number=1, tier_one="产出指标", tier_two="质量指标", name=name,
        kind="quantitative", direction="higher_is_better", target=target,
    )  # fmt: skip


@pytest.fixture
def budget(department: Department, lin: StaffMember) -> Filing:
    factories.make_unit(department)
    return budget_of(department, lin)


@pytest.fixture
def cameras(budget: Filing) -> Project:
    return line_of(budget, "视频监控运维费").project


def line_of(filing: Filing, name: str, code: str = "2040220") -> ProjectBudgetLine:
    unit = filing.department.units.first() or factories.make_unit(filing.department)
    project = factories.make_project(unit, name, year=filing.fiscal_year_id)
    return ProjectBudgetLine.objects.create(
        filing=filing, project=project, kind="operating", frequency="recurrent",
        functional_code=code,
    )  # fmt: skip


@pytest.fixture
def stranger() -> StaffMember:
    """外, of another department of the region."""
    other = factories.make_department("示例部门乙")
    factories.make_unit(other)
    return factories.make_staff("wai", Role.PREPARER, department=other)


def theirs(stranger: StaffMember, name: str = "视频监控运维经费", **fields: Any) -> Filing:
    """A budget of 外's department with a project much like ours."""
    assert stranger.department is not None
    filing = budget_of(stranger.department, stranger, **fields)
    declare(filing, line_of(filing, name).project, "外单位的在线率", "≥88%")
    return filing


def of(found: list[Suggestion], origin: Origin) -> list[Suggestion]:
    return [each for each in found if each.origin is origin]


def test_a_bureau_imports_its_library_and_again_changes_nothing(bureau: Client) -> None:
    imported(bureau, CAMERAS, ROADS)
    row = LibraryIndicator.objects.get(name="视频设备在线率")
    assert (row.region_id, row.scope, row.kind, row.reference) == (
        factories.REGION, "project", "quantitative", "≥95%",
    )  # fmt: skip
    assert "不变 <strong>2</strong> 行" in upload(bureau, CAMERAS, ROADS)
    imported(bureau, CAMERAS.replace("≥95%", "≥96%"))
    row.refresh_from_db()
    assert row.reference == "≥96%"
    assert LibraryIndicator.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (CAMERAS.replace("定量", "数量"), "应为定量、定性"),
        (CAMERAS.replace("项目,", "单位,"), "应为整体、项目、通用"),
        (CAMERAS.replace("视频设备在线率", ""), "指标名称"),
        (CAMERAS.replace("公安指标库", ""), "来源"),
    ],
)
def test_one_wrong_row_and_nothing_is_written(bureau: Client, row: str, said: str) -> None:
    page = upload(bureau, ROADS, row)
    assert not TOKEN.search(page)
    assert said in page
    assert not LibraryIndicator.objects.exists()


def test_a_long_library_is_previewed_like_a_short_one(bureau: Client) -> None:
    rows = [ROADS.replace("治理路段数", f"治理路段数{n}") for n in range(2_001)]
    assert "新增 <strong>2001</strong> 行" in upload(bureau, *rows)


def test_a_department_reads_the_library_and_does_not_import_it(
    bureau: Client, lin: StaffMember, sign_in: SignIn
) -> None:
    imported(bureau, CAMERAS)
    client = sign_in(lin)
    changelist = reverse("work:performance_libraryindicator_changelist")
    assert "视频设备在线率" in client.get(changelist, {"q": "公安"}).content.decode()
    assert "视频设备在线率" not in client.get(changelist, {"q": "教育"}).content.decode()
    assert client.get(reverse(IMPORT)).status_code == 403


def test_a_bureau_changes_only_what_is_its_own(bureau: Client, wang: StaffMember) -> None:
    imported(bureau, CAMERAS)
    city = LibraryIndicator.objects.get()
    LibraryIndicator.objects.filter(pk=city.pk).update(region=factories.make_region("420100"))
    address = reverse("work:performance_libraryindicator_change", args=[city.pk])
    assert bureau.get(address).status_code == 200
    assert bureau.post(address, {"name": "改"}).status_code == 403
    imported(bureau, CAMERAS)
    assert set(LibraryIndicator.objects.values_list("region", flat=True)) == {
        "420100", factories.REGION,
    }  # fmt: skip


def test_another_region_has_its_own_library(
    bureau: Client, sign_in: SignIn, lin: StaffMember
) -> None:
    imported(bureau, CAMERAS)
    far = factories.make_department("外地部门", region=OTHER_REGION)
    staff = factories.make_staff("far", Role.PREPARER, department=far)
    assert LibraryIndicator.objects.visible_to(lin).exists()
    assert not LibraryIndicator.objects.visible_to(staff).exists()
    changelist = reverse("work:performance_libraryindicator_changelist")
    assert "视频设备在线率" not in sign_in(staff).get(changelist).content.decode()


def test_last_years_indicator_comes_with_what_was_achieved(
    budget: Filing, cameras: Project, lin: StaffMember
) -> None:
    before = budget_of(budget.department, lin, 2022, state=State.PUBLISHED.value)
    declare(before, cameras, "设备在线率", "≥90%")
    accounts = factories.make_filing(budget.department, lin, year=2022)
    row = declare(accounts, cameras, "设备在线率", "≥90%")
    evaluation = SelfEvaluation.objects.create(
        filing=accounts, declaration=row.goal.declaration, title="示例", form=""
    )
    IndicatorResult.objects.create(evaluation=evaluation, indicator=row, achieved="93%")
    (found,) = of(suggestions_for(budget, cameras.code, lin), Origin.LAST_YEAR)
    assert (found.name, found.target, found.last_year) == ("设备在线率", "≥90%", "93%")
    assert found.source == "2022 年本表"


def test_an_unpublished_project_of_another_department_is_never_suggested(
    budget: Filing, cameras: Project, lin: StaffMember, stranger: StaffMember
) -> None:
    for state in (State.DRAFT, State.SUBMITTED, State.APPROVED, State.RETURNED):
        filing = theirs(stranger, state=state.value)
        assert of(suggestions_for(budget, cameras.code, lin), Origin.SIMILAR) == []
        TargetDeclaration.objects.filter(filing=filing).delete()
        Filing.objects.filter(pk=filing.pk).delete() if not filing.projectbudgetlines.all() else (
            ProjectBudgetLine.objects.filter(filing=filing).delete(),
            filing.delete(),
        )


@pytest.mark.parametrize(
    ("name", "code"), [("视频监控运维经费", "2010101"), ("道路保洁", "2040220")]
)
def test_a_published_project_with_such_a_name_or_code_is_suggested_with_its_source(
    budget: Filing, cameras: Project, lin: StaffMember, stranger: StaffMember, name: str, code: str
) -> None:
    filing = theirs(stranger, name, state=State.PUBLISHED.value)
    ProjectBudgetLine.objects.filter(filing=filing).update(functional_code=code)
    (found,) = of(suggestions_for(budget, cameras.code, lin), Origin.SIMILAR)
    assert (found.name, found.last_year) == ("外单位的在线率", "")
    assert found.source == f"示例部门乙 2023 年“{name}”"


def test_a_published_project_of_another_kind_is_not_suggested(
    budget: Filing, cameras: Project, lin: StaffMember, stranger: StaffMember
) -> None:
    filing = theirs(stranger, "道路保洁", state=State.PUBLISHED.value)
    ProjectBudgetLine.objects.filter(filing=filing).update(functional_code="2010101")
    assert of(suggestions_for(budget, cameras.code, lin), Origin.SIMILAR) == []


def test_what_speaks_of_the_project_stands_first_in_the_library(
    bureau: Client, budget: Filing, cameras: Project, lin: StaffMember
) -> None:
    imported(bureau, ROADS, CAMERAS.replace("质量指标", "时效指标"))
    found = of(suggestions_for(budget, cameras.code, lin), Origin.LIBRARY)
    assert [each.name for each in found] == ["视频设备在线率", "治理路段数"]
    assert found[0].source.endswith("指标库：公安指标库")
    whole = of(suggestions_for(budget, "department", lin), Origin.LIBRARY)
    assert [each.name for each in whole] == ["治理路段数"]


@pytest.mark.parametrize(
    ("words", "names"),
    [("路段", ["治理路段数"]), ("交通 产出", ["治理路段数"]), ("公安 路段", []), ("%' OR 1", [])],
)
def test_all_the_words_have_to_occur(
    bureau: Client, budget: Filing, cameras: Project, lin: StaffMember,
    words: str, names: list[str],
) -> None:  # fmt: skip
    imported(bureau, CAMERAS, ROADS)
    found = suggestions_for(budget, cameras.code, lin, words)
    assert [each.name for each in found] == names


def address_of(filing: Filing, subject: str) -> str:
    return reverse("work:performance-indicator-library", args=[filing.public_id, subject])


def test_the_page_works_without_a_script_and_the_same_is_json(
    bureau: Client, budget: Filing, cameras: Project, lin: StaffMember, sign_in: SignIn
) -> None:
    imported(bureau, CAMERAS, ROADS)
    client, address = sign_in(lin), address_of(budget, cameras.code)
    page = client.get(address, {"q": "在线"}).content.decode()
    assert "视频设备在线率" in page
    assert "治理路段数" not in page
    answer = client.get(address, {"q": "在线", "format": "json"}).json()
    assert answer["query"] == "在线"
    (row,) = answer["suggestions"]
    assert row == {
        "origin": "library", "origin_label": "指标库", "source": row["source"],
        "tier_one": "产出指标", "tier_two": "质量指标", "name": "视频设备在线率",
        "kind": "quantitative", "kind_label": "定量",
        "direction": "higher_is_better", "direction_label": "正向",
        "target": "≥95%", "measure": "%", "basis": "", "basis_note": "行业标准",
        "last_year": "", "two_years_before": "",
    }  # fmt: skip


def test_only_the_filings_own_subjects_have_a_page(
    budget: Filing, cameras: Project, lin: StaffMember, stranger: StaffMember, sign_in: SignIn
) -> None:
    other = line_of(theirs(stranger), "外项目").project
    unit = budget.department.units.first()
    assert unit is not None
    client = sign_in(lin)
    for subject in (cameras.code, "department", f"unit-{unit.code}"):
        assert client.get(address_of(budget, subject)).status_code == 200
    for subject in (other.code, "unit-999", "nothing"):
        assert client.get(address_of(budget, subject)).status_code == 404
    assert client.post(address_of(budget, cameras.code)).status_code == 405
    assert sign_in(stranger).get(address_of(budget, cameras.code)).status_code == 404


def test_the_number_of_queries_does_not_grow(
    bureau: Client, budget: Filing, cameras: Project, lin: StaffMember,
    stranger: StaffMember, sign_in: SignIn,
) -> None:  # fmt: skip
    imported(bureau, CAMERAS)
    theirs(stranger, state=State.PUBLISHED.value)
    client, address = sign_in(lin), address_of(budget, cameras.code)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    queries()
    before = queries()
    imported(bureau, *(ROADS.replace("治理路段数", f"治理路段数{n}") for n in range(30)))
    for year in (2020, 2021, 2022):
        theirs(stranger, year=year, state=State.PUBLISHED.value)
    assert queries() == before <= 20


@pytest.mark.parametrize(
    ("form", "column", "noted"),
    [
        (
            "department_targets/jianghan_2023",
            "basis_note",
            "行业标准；来源：某区指标库：公安指标库",
        ),
        ("department_targets/jianghan_2023_traffic", "note", "来源：某区指标库：公安指标库"),
    ],
)
def test_an_inserted_indicator_notes_its_source_where_its_form_has_room(
    form: str, column: str, noted: str
) -> None:
    edition = load_form(form)
    block = edition.indicators(Horizon.ANNUAL)
    assert block is not None
    of_library = Suggestion(
        Origin.LIBRARY, "某区指标库：公安指标库", "产出指标", "质量指标", "视频设备在线率",
        "quantitative", "higher_is_better", "", "行业标准", "≥95%",
    )  # fmt: skip
    typed = PlaceEdit((block.key, "n1", "name"), "自己写的一行", "")
    attempt = with_suggestion(Edits((typed,)), edition, block, of_library, "first")
    texts = {place[1:]: text for place, (text, _) in attempt.texts().items()}
    assert texts["n1", "name"] == "自己写的一行"
    assert texts["n2", column] == noted
    assert (texts["n2", "kind"], texts["n2", "direction"]) == ("定量", "正向")
    assert attempt.edits.after == {(block.key, "n2"): "first"}


def test_an_indicator_that_changed_since_the_search_is_not_inserted(
    budget: Filing, cameras: Project, lin: StaffMember, sign_in: SignIn
) -> None:
    declared = open_declaration(filing=budget, staff=lin, project=cameras)
    block = load_form(declared.form).indicators(Horizon.ANNUAL)
    assert block is not None
    place = [budget.public_id, cameras.code, block.key]
    address = reverse("work:performance-target-rows", args=place)
    sent = {
        "insert": "0" * 16,
        "words": "",
        "unit": "wan",
        "c:n1:name": "自己写的",
        "o:n1:name": "0|",
    }
    page = sign_in(lin).post(address, sent).content.decode()
    assert "这条指标已有变动，没有插入" in page
    assert 'value="自己写的"' in page
    assert not Indicator.objects.filter(name="自己写的").exists()
