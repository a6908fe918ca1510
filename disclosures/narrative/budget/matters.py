"""预算情况说明九: operating funds, procurement, services, state assets, performance targets."""

from __future__ import annotations

from budgets.checks.keys import BASIC_DETAIL, EXPENDITURE, INSTITUTION
from budgets.workbook import PurchasedServiceRow
from disclosures.comparisons.compared import ORIGINAL_BUDGET
from disclosures.facts import Fact, ReportFacts, added, codes_of
from disclosures.narrative.budget.projects import project_money
from disclosures.narrative.funds import names_within
from disclosures.narrative.passages import counts_filed, declared, figure_of, paragraph
from disclosures.narrative.phrases import (
    NOT_FILED,
    Spans,
    amount,
    clauses,
    composition,
    count,
    joined,
    share_phrase,
    spans,
)
from disclosures.report.blocks import Paragraph
from performance.evaluation import DEPARTMENT, is_overall, unit_of_subject
from rulebook.amounts import ZERO

PROCURED = (
    ("货物类采购", "procurement_goods"),
    ("工程类采购", "procurement_works"),
    ("服务类采购", "procurement_services"),
)
VEHICLES = ("vehicles_law_enforcement", "vehicles_special", "vehicles_other")
EQUIPMENT = ("equipment_over_one_million",)
NAMED_SERVICES = 6
"""How many contents a sentence names, largest first; the table lists all of them."""


def _filed(facts: ReportFacts, key: str) -> Fact:
    return facts.cell(INSTITUTION, key, ORIGINAL_BUDGET)


def operating_funds(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """机关运行经费, and what operating costs are spent on."""
    total = _filed(facts, "operating_funds")
    if total.is_nothing:
        return (paragraph(f"本部门{facts.year}年没有安排机关运行经费。"),)
    sheet = facts.layout.sheet(BASIC_DETAIL)
    sides = dict(codes_of(sheet).sides)
    names = names_within(facts, sheet, "operating", sides["operating"])
    made_of = spans("，主要包括：", "、".join(names)) if names else ()
    return (paragraph(f"{facts.year}年机关运行经费预算", amount(total), made_of, "。"),)


def procurement(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Goods, works, services; what is reserved for small and medium and for micro enterprises."""
    total = _filed(facts, "procurement_total")
    note = declared(facts, "procurement_note")
    if total.is_nothing:
        return (paragraph(f"本部门{facts.year}年没有安排政府采购。"), *note)
    name = "政府采购预算"
    kinds = composition([(label, _filed(facts, key)) for label, key in PROCURED], total, name)
    lead = paragraph(f"{facts.year}年{name}", amount(total), "。", kinds)
    smaller = _smaller(facts, total, name)
    return (lead, *((paragraph(smaller, "。"),) if smaller else ()), *note)


def _smaller(facts: ReportFacts, total: Fact, name: str) -> Spans:
    """面向中小企业…，其中：面向小微企业…; nothing for what is not filed."""
    medium, micro = _filed(facts, "procurement_sme"), _filed(facts, "procurement_micro")
    shares = [
        clauses(spans(label, amount(part)), share_phrase(part, total, name) if part.value else ())
        for label, part in (
            ("面向中小企业的采购", medium),
            ("面向小微企业的采购", micro),
        )
        if part.value is not None
    ]
    return joined(shares, "，其中：")


def purchased_services(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """The sum, and the contents of the list, largest first."""
    total = _filed(facts, "purchased_services")
    if total.is_nothing:
        return (paragraph(f"本部门{facts.year}年没有安排政府购买服务。"),)
    rows: list[PurchasedServiceRow] = sorted(
        facts.lists.purchased_services, key=lambda row: (-(row.amount or ZERO), row.number)
    )
    contents = list(dict.fromkeys(row.content for row in rows if row.content and row.amount))
    more = "等" if len(contents) > NAMED_SERVICES else ""
    bought = spans("，购买的服务有：", "、".join(contents[:NAMED_SERVICES]), more)
    name = f"{facts.year}年政府购买服务预算"
    return (paragraph(name, amount(total), bought if contents else (), "。"),)


def state_assets(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Vehicles by use and large equipment at the end of last year, as filed."""
    note = declared(facts, "state_assets_note")
    vehicles = counts_filed(facts, VEHICLES)
    equipment = counts_filed(facts, EQUIPMENT)
    if not vehicles and not equipment:
        return note or (paragraph("本部门没有填报车辆和大型设备的数量。"),)
    date = f"截至{facts.prior_year}年12月31日，本部门"
    held = joined([_vehicles(facts, vehicles), clauses(*equipment)], "；")
    return (paragraph(date, held, "。"), *note)


def _vehicles(facts: ReportFacts, uses: list[Spans]) -> Spans:
    if not uses:
        return ()
    whole = added([_filed(facts, key) for key in VEHICLES], "各用途车辆之和")
    return spans("共有车辆", count(whole, "辆"), "，其中：", clauses(*uses))


def performance(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """How many targets were set for how much money, then the declared text."""
    return (
        *_project_targets(facts),
        *_overall_targets(facts),
        *declared(facts, "performance_overview"),
    )


def _project_targets(facts: ReportFacts) -> tuple[Paragraph, ...]:
    planned = facts.cell(EXPENDITURE, "total", "project")
    subjects = {each.subject for each in facts.declarations if not is_overall(each.subject)}
    if not subjects:
        empty = planned.is_nothing and not facts.lists.project_budgets
        words = "没有需要编报绩效目标的项目支出" if empty else f"项目支出绩效目标{NOT_FILED}"
        return (paragraph(f"本部门{facts.year}年{words}。"),)
    money = [project_money(p) for p in facts.lists.project_budgets if p.code in subjects]
    covered = added(money, "各项目资金之和")
    number = count(figure_of(len(subjects), "filing/declarations"), "个")
    return (
        paragraph(
            f"{facts.year}年编报绩效目标的项目",
            clauses(
                number,
                spans("涉及项目支出", amount(covered)),
                share_phrase(covered, planned, "项目支出预算"),
            ),
            "。",
        ),
    )


def _overall_targets(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """The department as a whole, and its units where they declare their own."""
    subjects = [each.subject for each in facts.declarations]
    units = [subject for subject in subjects if unit_of_subject(subject)]
    own = figure_of(len(units), "filing/declarations")
    by_units = spans(count(own, "个"), "单位编报了本单位的整体绩效目标") if units else ()
    if DEPARTMENT not in subjects:
        return (paragraph(by_units, "。"),) if units else ()
    whole = amount(facts.cell(EXPENDITURE, "total", "total"))
    words = spans("部门整体支出编报了整体绩效目标，涉及支出预算", whole)
    return (paragraph(words, spans("；所属", by_units) if units else (), "。"),)
