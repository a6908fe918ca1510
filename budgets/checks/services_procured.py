"""BG-318: services bought by way of procurement stand in the procurement list."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.checks.budget import CITATION
from budgets.checks.keys import PURCHASED_SERVICES
from budgets.workbook import (
    BudgetLists,
    ProcurementRow,
    PurchasedServiceRow,
    interval_sum,
    total_interval,
)
from rulebook.addresses import procurement_address, purchased_service_address
from rulebook.amounts import Interval
from rulebook.checks import Check, Context, Verdict, amount_text, finding_of
from rulebook.findings import Finding, Scope, Severity

SERVICES = "C"
"""The letter with which item codes of services begin."""
SERVICE_PROCURED = Check(
    "BG-318",
    "列入政府采购的购买服务在服务类采购之内",
    Severity.ERROR,
    Scope.CROSS_SHEET,
    "请核对“是否包含政府采购”，或在采购预算表同一项目、同一经济科目之下补列服务类采购。",
    citation=CITATION,
)


def _stands_with(service: PurchasedServiceRow, row: ProcurementRow) -> bool:
    """Same project (or the same operating costs by name), same economic code, a service."""
    same = row.project_code == service.project_code and row.economic_code == service.economic_code
    named = bool(row.project_code) or row.project_name == service.project_name
    return same and named and row.item_code.startswith(SERVICES)


def _not_procured(lists: BudgetLists, context: Context) -> Iterator[Verdict]:
    name = context.layout.list_named(PURCHASED_SERVICES).name
    for service in lists.purchased_services:
        amount = interval_sum(service, (service.amount,))
        if not service.includes_procurement or amount is None:
            continue
        rows = [row for row in lists.procurement if _stands_with(service, row)]
        bought = total_interval(interval_sum(row, (row.amount,)) for row in rows)
        bought = bought or Interval(Decimal(0))
        if not amount.can_be_at_most(bought):
            label = f"{name}第 {service.number} 行"
            values = (amount.value, bought.value)
            shown = [amount_text(value, beside=values) for value in values]
            message = (
                f"{label}“{service.content}”标明包含政府采购，金额 {shown[0]}，"
                f"采购预算表同一项目、同一经济科目的服务只有 {shown[1]}。"
            )
            places = (
                purchased_service_address(service.book, service.number, "amount"),
                *(procurement_address(row.book, row.number, "amount") for row in rows),
            )
            yield Verdict(places, label, *values, message)


def judge_services(lists: BudgetLists, context: Context) -> list[Finding]:
    """The findings of one unit's purchased services against its procurement."""
    if not context.layout.lists:
        return []
    return [finding_of(SERVICE_PROCURED, verdict) for verdict in _not_procured(lists, context)]
