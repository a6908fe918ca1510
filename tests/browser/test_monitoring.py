"""Monitoring and adding up in the browser: 林 reports, 王 decides; parts make the department's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from departments.models import StaffMember
from filings.models import Filing
from performance.evaluation import DEPARTMENT
from performance.intake import replace_performance
from performance.models import IndicatorResult, MonitoringReport, TargetChange
from tests import factories
from tests.browser.conftest import Visit
from tests.performance.monitoring.rows import address, entered, file_budget
from tests.performance.rows import department_evaluation, file_project
from tests.performance.values import (
    PATROLS,
    PROJECT_CODE,
    TRAINING,
    clean_evaluation,
    with_result,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Picture = Callable[[Page, str], None]


@pytest.fixture
def lin(transactional_db: None) -> StaffMember:
    department = factories.make_department("示例部门甲")
    factories.make_unit(department)
    factories.make_staff("shen", "internal_reviewer", department=department, display_name="申")
    factories.make_staff("wang", "bureau_reviewer", display_name="王")
    return factories.make_staff("lin", "preparer", department=department, display_name="林")


def fill_in(page: Page, sent: dict[str, str]) -> None:
    """Write into the fields of a form by name; choose where a field is a list."""
    for name, value in sent.items():
        field = page.locator(f'[name="{name}"]')
        if field.get_attribute("type") == "hidden":
            continue
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def go(page: Page, address: str) -> None:
    page.goto(f"{page.url.split('/work/')[0]}{address}")


def test_a_month_is_reported_and_a_target_adjusted(
    lin: StaffMember, visit: Visit, picture: Picture
) -> None:
    budget = file_budget(lin)
    cells = {("expenditure_sheet", "2040201", "basic"): "1000000.00"}
    factories.make_workbook(budget, cells=cells)
    page = visit("lin")
    go(page, address("performance", budget))
    page.get_by_role("link", name="绩效运行监控").click()
    page.get_by_label("截至").select_option("6")
    page.get_by_role("button", name="建立监控").click()
    page.get_by_role("main").get_by_role("link", name="部门整体").click()
    fill_in(page, {"spent": "50", "expected": "100"})
    page.get_by_role("button", name="保存").first.click()
    expect(page.get_by_text("部门整体的监控已保存")).to_be_visible()
    page.get_by_label("目录").get_by_role("link", name="示例项目").click()
    project = {
        f"row-{PATROLS}-achieved": "10次",
        f"row-{PATROLS}-expected": "20次",
        f"row-{PATROLS}-likelihood": "impossible",
    }
    fill_in(page, entered(**project))
    page.get_by_role("button", name="保存").first.click()
    expect(page.get_by_text("MO-107")).to_be_visible()
    picture(page, "monitoring-entry")
    fill_in(page, {
        f"row-{PATROLS}-obstacle": "staff",
        "measures-0-kind": "adjust_target",
        "measures-0-indicator": PATROLS,
        "measures-0-new_target": "≥20次",
        "measures-0-text": "人员调整，下半年减少巡查",
    })  # fmt: skip
    page.get_by_role("button", name="保存").first.click()
    expect(page.get_by_text("MO-107")).to_have_count(0)
    page.get_by_role("link", name="返回本月监控").click()
    picture(page, "monitoring-report")
    page.get_by_role("button", name="送部门复核").click()
    expect(page.get_by_role("main").get_by_text("待复核")).to_be_visible()
    _hand_in(visit, budget, picture)
    _decide(visit, picture)
    _evaluate(lin, visit, picture)
    assert {change.state for change in TargetChange.objects.all()} == {"accepted"}
    assert MonitoringReport.objects.get().state == "accepted"


def _hand_in(visit: Visit, budget: Filing, picture: Picture) -> None:
    page = visit("shen")
    go(page, address("monitoring-report", budget, 6))
    picture(page, "monitoring-checked")
    page.get_by_role("button", name="报送监控").click()
    expect(page.get_by_role("main").get_by_text("待审核")).to_be_visible()


def _evaluate(lin: StaffMember, visit: Visit, picture: Picture) -> None:
    """The final accounts of the year take the target as it was changed."""
    assert lin.department is not None
    filing = factories.make_filing(lin.department, lin)
    page = visit("lin")
    go(page, address("performance", filing))
    page.get_by_role("button", name="全部生成").click()
    go(page, address("performance-evaluation", filing, PROJECT_CODE))
    expect(page.get_by_text("在2023年6月绩效运行监控中申请")).to_be_visible()
    expect(page.locator("#row-1\\.2")).to_contain_text("≥20次")
    picture(page, "evaluation-changed-target")


def _decide(visit: Visit, picture: Picture) -> None:
    page = visit("wang")
    page.get_by_role("link", name="绩效运行监控").click()
    picture(page, "monitoring-bureau")
    page.get_by_role("link", name="示例部门甲").click()
    page.get_by_role("button", name="认可").click()
    page.get_by_label("审核意见").fill("人员确有变动")
    picture(page, "monitoring-change")
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.get_by_text("已同意：人员确有变动")).to_be_visible()


@pytest.fixture
def filed(lin: StaffMember) -> Filing:
    """The department states 700 people where its project has 620."""
    assert lin.department is not None
    filing = factories.make_filing(lin.department, lin)
    file_project(filing)
    project = clean_evaluation()
    whole = with_result(department_evaluation(), TRAINING, achieved="700人次")
    replace_performance(
        filing=filing,
        staff=lin,
        declarations=[project.declaration, whole.declaration],
        evaluations=[project, whole],
    )
    return filing


def test_parts_are_linked_and_their_sum_adopted(
    filed: Filing, visit: Visit, picture: Picture
) -> None:
    page = visit("lin")
    go(page, address("aggregation-links", filed))
    page.get_by_label("培训人次的汇总方式").select_option("sum")
    for name in ("每件办理成本", "巡查次数", "验收合格率", "警情", "群众满意程度"):
        page.get_by_label(f"{name}汇总到").select_option("")
    picture(page, "aggregation-links")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("汇总关系已保存")).to_be_visible()
    go(page, reverse("work:performance-evaluation", args=[filed.public_id, DEPARTMENT]))
    page.get_by_text("汇总值：620人次").click()
    picture(page, "aggregation-evaluation")
    page.get_by_role("link", name="采用汇总值").click()
    picture(page, "aggregation-results")
    page.get_by_role("button", name="采用“620人次”").click()
    expect(page.get_by_text("已采用汇总值")).to_be_visible()
    results = IndicatorResult.objects.filter(indicator__name="培训人次")
    assert {result.achieved for result in results} == {"620人次"}
    assert {result.evaluation.declaration.project_id is None for result in results} == {True, False}
