"""PURE: facts of a budget → paragraphs. What both books say alike stands beside this package."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from disclosures.facts import ReportFacts
from disclosures.narrative.budget import (
    accounts,
    funds,
    general_public,
    matters,
    overview,
    three_public,
)
from disclosures.report.blocks import Paragraph

SECTIONS: Mapping[str, Callable[[ReportFacts], tuple[Paragraph, ...]]] = {
    "budget_units": overview.units,
    "budget_staffing": overview.staffing,
    "budget_totals": accounts.totals,
    "budget_revenue": accounts.revenue,
    "budget_expenditure": accounts.expenditure,
    "budget_appropriations": accounts.appropriations,
    "budget_general_public_size": general_public.size,
    "budget_general_public_structure": general_public.structure,
    "budget_general_public_use": general_public.use,
    "budget_basic": general_public.basic,
    "budget_government_fund": funds.government_fund,
    "budget_state_capital": funds.state_capital,
    "budget_operating_funds": matters.operating_funds,
    "budget_procurement": matters.procurement,
    "budget_purchased_services": matters.purchased_services,
    "budget_state_assets": matters.state_assets,
    "budget_performance": matters.performance,
    "budget_three_public_scope": three_public.scope,
    "budget_three_public_overall": three_public.overall,
    "budget_overseas_travel": three_public.overseas_travel,
    "budget_official_hospitality": three_public.official_hospitality,
    "budget_vehicles": three_public.vehicles,
}
"""Section of the outline of a budget → the function that writes it."""
