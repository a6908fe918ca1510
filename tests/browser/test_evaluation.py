"""A self-evaluation in the browser: generated, filled in with the score following, lowered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from departments.models import Role, StaffMember
from filings.models import Filing
from performance.models import BlockDeduction, SelfEvaluation, StoredScorecard, TargetChange
from tests import factories
from tests.browser.conftest import Visit
from tests.performance.approved import approve_budget
from tests.performance.rows import file_project
from tests.performance.values import PROJECT_CODE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ACHIEVED = {
    "每件办理成本": "380元/件", "巡查次数": "40次", "培训人次": "620人次", "验收合格率": "98%",
    "警情": "下降5%", "群众满意程度": "满意",
}  # fmt: skip


@pytest.fixture
def filing(transactional_db: None) -> Filing:
    """林's final accounts with a project, and the targets approved with the budget."""
    department = factories.make_department("示例部门甲")
    factories.make_unit(department)
    lin = factories.make_staff("lin", Role.PREPARER, department=department, display_name="林")
    found = factories.make_filing(department, lin)
    file_project(found)
    approve_budget(found, lin, PROJECT_CODE)
    return found


def go(page: Page, name: str, filing: Filing, *args: object) -> None:
    home = page.url.split("/work/")[0]
    page.goto(home + reverse(f"work:{name}", args=[filing.public_id, *args]))


def generated(page: Page, filing: Filing) -> None:
    go(page, "performance", filing)
    page.get_by_role("button", name="从绩效目标全部生成").click()
    page.get_by_role("link", name="绩效自评", exact=True).first.click()


def test_generate_fill_in_and_give_reasons(
    filing: Filing, visit: Visit, picture: Callable[[Page, str], None]
) -> None:
    page = visit("lin")
    generated(page, filing)
    for name, text in ACHIEVED.items():
        page.get_by_label(f"{name}：分值").fill("10")
        page.get_by_label(f"{name}：实际完成值").fill(text)
    page.get_by_label("群众满意程度：完成档次").select_option("reached")
    page.get_by_label("群众满意程度：占分值的百分比").fill("100")
    page.locator("[name=objective_achieved]").fill("全年工作按计划完成。")
    page.locator("[name=objective_band]").select_option("reached")
    page.locator("[name=objective_percentage]").fill("100")
    expect(page.locator('[data-part="score"] strong')).to_have_text("98.00")
    expect(page.locator("[data-unsaved-mark]")).to_be_visible()
    assert StoredScorecard.objects.get().total is None
    expect(page.locator('[data-part="notes-1.2"]')).to_contain_text("须写明原因和改进措施")
    page.get_by_label("巡查次数：偏差原因").fill("汛期停止外巡")
    page.get_by_label("巡查次数：改进措施").fill("提前安排备勤")
    box = page.locator('[data-part="box-deviation_reason"]')
    expect(box).to_contain_text("“巡查次数”（未完成）：汛期停止外巡。")
    picture(page, "evaluation-1366")
    page.set_viewport_size({"width": 1920, "height": 1080})
    picture(page, "evaluation-1920")
    page.get_by_role("button", name="保存").first.click()
    expect(page.get_by_text("已保存，总分 98.00")).to_be_visible()
    assert StoredScorecard.objects.get().total == 98


def test_a_changed_target_is_asked_for_and_decided(
    filing: Filing, visit: Visit, picture: Callable[[Page, str], None]
) -> None:
    page = visit("lin")
    generated(page, filing)
    page.get_by_role("link", name="批复的绩效目标和调整申请").click()
    page.get_by_role("row", name="巡查次数").get_by_role("link", name="申请调整").click()
    page.locator("[name=target]").fill("≥40次")
    page.locator("[name=reason]").fill("汛期停止外巡")
    picture(page, "change-form")
    page.get_by_role("button", name="提出申请").click()
    expect(page.locator("#requests")).to_contain_text("由“≥50次”调整为“≥40次”")
    Filing.objects.filter(pk=filing.pk).update(state="submitted")
    factories.make_staff("wang", Role.BUREAU_REVIEWER, display_name="王")
    reviewer = visit("wang")
    go(reviewer, "performance-approved-targets", filing, PROJECT_CODE)
    picture(reviewer, "change-decide")
    reviewer.get_by_label("审核意见").fill("情况属实")
    reviewer.get_by_role("button", name="同意", exact=True).click()
    expect(reviewer.get_by_role("row", name="巡查次数")).to_contain_text("≥40次")
    assert TargetChange.objects.get().state == "accepted"


def test_points_of_a_block_are_lowered_with_a_reason(
    filing: Filing, visit: Visit, picture: Callable[[Page, str], None]
) -> None:
    Filing.objects.filter(pk=filing.pk).update(scoring_edition="self_evaluation/wuhan_2019")
    page = visit("lin")
    generated(page, filing)
    SelfEvaluation.objects.update(form="project_evaluation/wuhan_2019")
    page.reload()
    page.locator("[name=level-city_budget]").fill("60")
    page.locator("[name=level-city_spent]").fill("30")
    expect(page.locator('[data-part="rate-city"]')).to_have_text("50.0%")
    page.locator("[name=text-inspection_findings]").fill("无")
    page.get_by_role("button", name="保存").first.click()
    picture(page, "evaluation-2019")
    page.get_by_role("link", name="在块得分中扣分").click()
    page.locator("[name=points]").fill("2")
    page.locator("[name=reason]").fill("一项培训没有完成")
    page.get_by_role("button", name="扣分", exact=True).click()
    expect(page.locator('[data-part="points-shared"]')).to_have_text("58.00")
    expect(page.locator(".block-deductions")).to_contain_text("一项培训没有完成")
    assert (
        BlockDeduction.objects.get().role
        == StaffMember.objects.get(username="lin").get_role_display()
    )
