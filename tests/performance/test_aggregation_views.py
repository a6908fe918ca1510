"""The pages of adding up: linking, what the parts give, adopting it; wrong person, state, input."""

from __future__ import annotations

from decimal import Decimal

import pytest

from departments.models import StaffMember
from disclosures.evaluate import findings_of
from disclosures.snapshots import build_package
from filings.models import Event, Filing
from filings.states import State
from performance.evaluation import DEPARTMENT, Aggregation
from performance.intake import replace_performance
from performance.models import Indicator, IndicatorResult
from performance.overview import find, overview_of
from tests.conftest import SignIn
from tests.performance.monitoring.rows import address
from tests.performance.rows import department_evaluation, file_project
from tests.performance.values import PROJECT_CODE, TRAINING, clean_evaluation, with_result

pytestmark = pytest.mark.django_db
PAGES = ("aggregation", "aggregation-links")


@pytest.fixture
def filed(filing: Filing, lin: StaffMember) -> Filing:
    """The department with the rows of its one project, nothing linked; it states other people."""
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


def rows(filing: Filing, name: str = "培训人次") -> tuple[Indicator, Indicator]:
    """The department's indicator of a name and the project's."""
    found = Indicator.objects.filter(goal__declaration__filing=filing, name=name)
    return (
        found.get(goal__declaration__project=None),
        found.get(goal__declaration__project__code=PROJECT_CODE),
    )


def link(sign_in: SignIn, lin: StaffMember, filing: Filing, **changes: str) -> int:
    """Link the people trained to the department's and add them up; everything else stays alone."""
    client, place = sign_in(lin), address("aggregation-links", filing)
    form = client.get(place).context["form"]
    own, part = rows(filing)
    sent = {"seal": client.get(place).context["seal"]}
    sent |= {f"own-{row.pk}-method": "" for row, _ in form.methods}
    sent |= {f"part-{row.pk}-feeds": "" for row, _, _ in form.parts}
    sent |= {f"own-{own.pk}-method": "sum", f"part-{part.pk}-feeds": str(own.pk)}
    return client.post(place, sent | changes).status_code


def test_the_same_name_is_suggested_and_only_saving_keeps_it(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    page = sign_in(lin).get(address("aggregation-links", filed))
    assert page.content.decode().count("建议：名称相同") == 6
    assert not Indicator.objects.exclude(feeds=None).exists()


def test_parts_are_linked_and_added_up(filed: Filing, lin: StaffMember, sign_in: SignIn) -> None:
    assert link(sign_in, lin, filed) == 302
    own, part = rows(filed)
    assert (part.feeds_id, own.aggregation) == (own.pk, Aggregation.SUM.value)
    assert Indicator.objects.exclude(feeds=None).count() == 1
    text = sign_in(lin).get(address("aggregation", filed)).content.decode()
    assert "采用“620人次”" in text
    assert "700人次" in text
    page = sign_in(lin).get(address("performance-evaluation", filed, DEPARTMENT)).content.decode()
    assert "汇总值：620人次" in page
    assert "SE-142" in page
    assert "link_parts" in set(Event.objects.values_list("action", flat=True))


def test_the_difference_stands_in_the_findings_of_the_filing(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    assert link(sign_in, lin, filed) == 302
    filed.refresh_from_db()
    found = [each for each in findings_of(build_package(filed)) if each.check_id == "SE-142"]
    assert [(each.left, each.right) for each in found] == [("700人次", "620人次")]


def test_adopting_takes_the_value_and_scores_again(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    assert link(sign_in, lin, filed) == 302
    client, place = sign_in(lin), address("aggregation", filed)
    own, _ = rows(filed)
    client.post(place, {"key": "1.3", "text": "620人次"})
    assert IndicatorResult.objects.get(indicator=own).achieved == "620人次"
    whole = find(overview_of(filed), DEPARTMENT)
    assert whole is not None
    assert "SE-142" not in {finding.check_id for finding in whole.findings}
    event = Event.objects.get(action="adopt_aggregated")
    assert (event.detail["old_value"], event.detail["new_value"]) == ("700人次", "620人次")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"key": "1.3", "text": "1人次"}, "汇总值已变为"),
        ({"key": "9.9", "text": "620人次"}, "没有这个汇总的指标"),
        ({}, "没有这个汇总的指标"),
    ],
)
def test_a_value_nobody_saw_is_not_adopted(
    filed: Filing, lin: StaffMember, sign_in: SignIn, sent: dict[str, str], said: str
) -> None:
    assert link(sign_in, lin, filed) == 302
    page = sign_in(lin).post(address("aggregation", filed), sent, follow=True)
    assert said in page.content.decode()
    assert not Event.objects.filter(action="adopt_aggregated").exists()


def test_a_part_that_asks_is_not_adopted(filed: Filing, lin: StaffMember, sign_in: SignIn) -> None:
    assert link(sign_in, lin, filed) == 302
    _, part = rows(filed)
    IndicatorResult.objects.filter(indicator=part).update(achieved="六百多")
    page = sign_in(lin).get(address("aggregation", filed)).content.decode()
    assert "采用“" not in page
    assert "六百多" in page
    sent = {"key": "1.3", "text": "620人次"}
    page = sign_in(lin).post(address("aggregation", filed), sent, follow=True).content.decode()
    assert "还不能汇总" in page


def test_averaged_scores_become_the_departments_judgement(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    own, part = rows(filed, "群众满意程度")
    link(sign_in, lin, filed)
    Indicator.objects.filter(pk=own.pk).update(aggregation=Aggregation.SCORE_AVERAGE.value)
    Indicator.objects.filter(pk=part.pk).update(feeds=own)
    IndicatorResult.objects.filter(indicator=part).update(band="partly_reached", percentage=60)
    text = "按资金加权平均得分率60%"
    sign_in(lin).post(address("aggregation", filed), {"key": "1.6", "text": text})
    result = IndicatorResult.objects.get(indicator=own)
    assert (result.achieved, result.band, result.percentage) == ("满意", "partly_reached", 60)


def test_links_saved_by_someone_else_stand(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    client, place = sign_in(lin), address("aggregation-links", filed)
    seal = client.get(place).context["seal"]
    assert link(sign_in, lin, filed) == 302
    assert link(sign_in, lin, filed, seal=seal) == 200
    _, part = rows(filed)
    assert part.feeds is not None


def test_a_weight_is_kept_and_a_wrong_one_is_an_error(
    filed: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    _, part = rows(filed)
    weight = f"part-{part.pk}-money_weight"
    assert link(sign_in, lin, filed, **{weight: "十万"}) == 200
    assert link(sign_in, lin, filed, **{weight: "12.5"}) == 302
    part.refresh_from_db()
    assert part.money_weight == Decimal("125000.00")


def test_an_indicator_of_another_filing_is_no_choice(
    filed: Filing, lin: StaffMember, wai: StaffMember, sign_in: SignIn
) -> None:
    _, part = rows(filed)
    assert link(sign_in, lin, filed, **{f"part-{part.pk}-feeds": "999999"}) == 200
    assert sign_in(wai).get(address("aggregation-links", filed)).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_others_find_nothing_or_only_read(
    filed: Filing,
    wai: StaffMember,
    wang: StaffMember,
    internal_reviewer: StaffMember,
    lin: StaffMember,
    sign_in: SignIn,
    page: str,
) -> None:
    place = address(page, filed)
    for staff in (wai, wang):
        assert sign_in(staff).get(place).status_code == 404
        assert sign_in(staff).post(place).status_code == 404
    assert sign_in(internal_reviewer).get(place).status_code == 200
    assert sign_in(internal_reviewer).post(place).status_code == 403
    Filing.objects.filter(pk=filed.pk).update(state=State.SUBMITTED)
    assert sign_in(lin).post(place).status_code == 403
    assert sign_in(wang).get(place).status_code == 200


def test_a_filing_without_evaluations_says_so(
    filing: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    assert "还没有开始自评" in sign_in(lin).get(address("aggregation", filing)).content.decode()
    text = sign_in(lin).get(address("aggregation-links", filing)).content.decode()
    assert "还没有申报绩效指标" in text


def test_feeds_survive_the_package(filed: Filing, lin: StaffMember, sign_in: SignIn) -> None:
    assert link(sign_in, lin, filed) == 302
    filed.refresh_from_db()
    package = build_package(filed)
    parts = [row for d in package.declarations for row in d.indicators if row.feeds]
    assert [row.feeds for row in parts] == ["1.3"]
