"""All forms of the four published documents: what they print, and what is found in them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from disclosures.evaluate import facts_of, scorecards_of
from disclosures.facts import ReportFacts
from disclosures.filing_package import FilingPackage
from disclosures.report.blocks import Table
from disclosures.report.compose import SubjectUnknown, compose, compose_form
from disclosures.report.spans import placed_cells
from performance.checks import check_declaration, check_evaluation
from performance.evaluation import ClaimedPoints, FieldText
from performance.scoring import load_parameters, replay, score
from rulebook.findings import Finding, Severity
from tests.budgets import jianghan
from tests.disclosures.published_forms import (
    PACKAGES,
    ezhou_package,
    hongshan_package,
    jianghan_package,
    read,
)
from tests.disclosures.values import sections_of

CASES = read("findings")
ALL = [(name, d.subject) for name, make in PACKAGES.items() for d in make().declarations]


def facts(package: FilingPackage) -> ReportFacts:
    return facts_of(package, scorecards_of(package))


@cache
def published(name: str) -> ReportFacts:
    return facts(PACKAGES[name]())


def table(package: FilingPackage | str, subject: str) -> Table:
    known = published(package) if isinstance(package, str) else facts(package)
    (section,) = compose_form(known, subject).sections
    (found,) = section.blocks
    assert isinstance(found, Table)
    return found


def texts(found: Table) -> list[str]:
    return [cell.text for row in found.body for cell in row]


def row_after(found: Table, label: str) -> list[str]:
    """The cells behind a label, in its row."""
    row = next(row for row in found.body if any(cell.text == label for cell in row))
    words = [cell.text for cell in row]
    return words[words.index(label) + 1 :]


def found_in(package: FilingPackage) -> list[tuple[str, Finding]]:
    rules = load_parameters(package.head.editions.scoring)
    found = [(d.subject, f) for d in package.declarations for f in check_declaration(d, rules)]
    for evaluation in package.evaluations:
        card = score(evaluation, rules)
        found += [(card.subject, f) for f in check_evaluation(evaluation, card, rules)]
    return found


@pytest.mark.parametrize(("name", "subject"), ALL)
def test_the_cells_of_a_form_tile_it(name: str, subject: str) -> None:
    found = table(name, subject)
    places = [
        (row + down, column + right)
        for row, column, cell in placed_cells(found)
        for down in range(cell.rowspan)
        for right in range(cell.colspan)
    ]
    assert len(places) == len(set(places)) == len(found.body) * len(found.widths)


@pytest.mark.parametrize(("name", "subject"), ALL)
def test_every_indicator_and_result_is_printed(name: str, subject: str) -> None:
    package = PACKAGES[name]()
    shown = texts(table(name, subject))
    declaration = next(d for d in package.declarations if d.subject == subject)
    for row in (*declaration.indicators, *declaration.long_term_indicators):
        words = [row.name, row.target, row.last_year, row.two_years_before]
        assert [word for word in words if word and word not in shown] == []
    for each in (e for e in package.evaluations if e.subject == subject):
        assert [r.achieved for r in each.results if r.achieved not in shown] == []


@pytest.mark.parametrize("name", PACKAGES)
def test_exactly_the_real_problems_are_found(name: str) -> None:
    found = [(subject, f.check_id, f.message) for subject, f in found_in(PACKAGES[name]())]
    for subject, check, words, _ in CASES["findings"][name]:
        match = [f for f in found if f[:2] == (subject, check) and words in f[2]]
        assert match, f"{subject} {check} {words}"
        found.remove(match[0])
    assert found == []


def test_what_the_form_explains_is_only_a_notice() -> None:
    explained = {
        (s, c, w) for s, c, w, why in CASES["findings"]["hongshan_2023"] if why == "已说明"
    }
    for subject, finding in found_in(hongshan_package()):
        if any(
            s == subject and c == finding.check_id and w in finding.message for s, c, w in explained
        ):
            assert finding.severity is Severity.NOTICE  # fmt: skip


@pytest.mark.parametrize(("name", "subject", "total", "grade"), CASES["totals"])
def test_the_rule_gives_the_published_score(
    name: str, subject: str, total: str, grade: str
) -> None:
    package = PACKAGES[name]()
    card = next(card for card in scorecards_of(package) if card.subject == subject)
    assert card.total == replay(card) == Decimal(total)
    assert card.grade == grade
    head = table(name, subject).head_lines[0]
    assert f"{Decimal(total):.2f}分" in head


@pytest.mark.parametrize(("name", "subject", "total", "_grade"), CASES["totals"][2:])
def test_a_published_score_off_by_a_hundredth_is_named_with_both_values(
    name: str, subject: str, total: str, _grade: str
) -> None:
    package = PACKAGES[name]()
    rules = load_parameters(package.head.editions.scoring)
    evaluation = next(e for e in package.evaluations if e.subject == subject)

    def claimed(points: Decimal) -> list[Finding]:
        typed = replace(evaluation, claimed=(ClaimedPoints("total", points),))
        found = check_evaluation(typed, score(typed, rules), rules)
        return [finding for finding in found if finding.check_id == "SE-119"]

    off = Decimal(total) + Decimal("0.01")
    (finding,) = claimed(off)
    assert (finding.left, finding.right) == (off, Decimal(total))
    assert claimed(Decimal(total)) == []


def test_weights_that_do_not_add_up_are_found() -> None:
    package = hongshan_package()
    declaration = next(d for d in package.declarations if d.subject == "department")
    first, *others = declaration.goals
    heavier = replace(first, weight=(first.weight or Decimal(0)) + 1)
    changed = replace(declaration, goals=(heavier, *others))
    rules = load_parameters(package.head.editions.scoring)
    found = {f.check_id: f for f in check_declaration(changed, rules)}
    assert (found["PT-101"].left, found["PT-101"].right) == (Decimal(80), Decimal(81))


def test_the_money_of_ezhou_is_printed_as_published() -> None:
    data, found = read("ezhou_2024"), table("ezhou_2024", "department")
    for key, label, now, share, *before in (*data["revenue"], *data["expenditure"]):
        current, part, *years = row_after(found, label)
        assert (current, years) == (f"{Decimal(now):,.2f}", [f"{Decimal(v):,.2f}" for v in before])
        assert part.rstrip("%").rstrip("0").rstrip(".") == share.rstrip("%"), key
    assert row_after(found, "合计") == ["49,824.92", "100.00%", "45,025.23", "31,844.95"]


@pytest.mark.parametrize(("printed", "of"), [("department", "118"), ("unit-118001", "118001")])
def test_the_money_of_a_department_and_of_a_unit_is_printed_as_published(
    printed: str, of: str
) -> None:
    """The years before are those the department states, not what its units add up to."""
    found = table("jianghan_2023", printed)
    rows = jianghan.read("declaration_money")["rows"]
    for subject, _, label, now, share, *years in rows:
        if subject == of and now and label != "合计":
            shown = row_after(found, label)
            assert shown[0] == f"{Decimal(now):,.2f}"
            assert shown[2:] == [f"{Decimal(v):,.2f}" for v in years]
            assert shown[1] == (share or "100.00%")


def test_the_projects_of_a_unit_are_printed_from_their_records() -> None:
    shown = texts(table("jianghan_2023", "unit-118001"))
    for subject, _, frequency, whole, budget in jianghan.read("declaration_money")["projects"]:
        if subject == "118001":
            assert f"{Decimal(whole):,.2f}" in shown
            assert f"{Decimal(budget):,.2f}" in shown
            assert frequency in shown
    assert "交管办案经费" not in shown


def test_projects_are_called_what_their_form_calls_them() -> None:
    words = {"ezhou_2024": "常年性项目", "jianghan_2023": "经常性项目"}
    for name, word in words.items():
        shown = texts(table(name, "department"))
        assert word in shown
        assert (set(words.values()) - {word}).isdisjoint(shown)


def test_a_project_prints_sources_details_and_its_chosen_kind() -> None:
    found = table("jianghan_2023", "42010323118T000000106")
    assert row_after(found, "当年预算合计") == ["1,532.52"]
    assert "■运转类　□特定目标类本级支出　□特定目标类上级转移支出" in texts(found)
    assert row_after(found, "派出所出租")[1] == "1,386.02"
    assert row_after(found, "调整后预算") == ["", "1,518.08"]


def test_previous_years_stand_in_the_order_of_the_edition() -> None:
    ezhou, unit = table("ezhou_2024", "department"), table("jianghan_2023", "unit-118001")
    assert texts(ezhou).index("2023年") < texts(ezhou).index("2022年")
    assert texts(unit).index("2021年") < texts(unit).index("2022年")


def test_basis_and_classification_are_printed_as_words() -> None:
    assert "绩效基本型" in texts(table("ezhou_2024", "department"))
    assert "政策标准：区级目标" in texts(table("jianghan_2023", "unit-118001"))


def test_people_and_telephones_are_never_printed() -> None:
    package = ezhou_package()
    (declaration,) = package.declarations
    typed = (*declaration.fields, FieldText("filler", "某人"), FieldText("telephone", "12345"))
    private = replace(package, declarations=(replace(declaration, fields=typed),))
    shown = "".join(texts(table(private, "department")))
    assert "某人" not in shown
    assert "12345" not in shown
    assert "联系电话" not in shown


def test_the_points_of_a_block_stand_once_beside_its_rows() -> None:
    found = table("politics_law_2019", "42011119999T000000001")
    (cell,) = [cell for row in found.body for cell in row if cell.text == "58.00"]
    assert cell.rowspan == 6


def test_a_budget_report_prints_every_declaration() -> None:
    report = compose(facts(jianghan_package()))
    headings = [s.heading for s in sections_of(report) if s.key.startswith("declaration_form/")]
    assert len(headings) == len(jianghan_package().declarations)
    assert headings[0] == "一、武汉市公安局江汉区分局部门整体绩效目标申报表"


def test_a_budget_without_declarations_says_so() -> None:
    report = compose(facts(replace(jianghan_package(), declarations=())))
    part = next(s for s in sections_of(report) if s.key == "targets")
    assert [block.text for block in part.blocks] == ["（未填报）"]


def test_a_subject_without_a_form_is_refused() -> None:
    with pytest.raises(SubjectUnknown):
        compose_form(facts(ezhou_package()), "unit-1")
