"""Writes on adding up: which parts make which indicator of the department, and adopting a value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.db.models import F

from departments.models import StaffMember
from filings.models import Filing
from filings.services import record, require_editable, touch
from performance.aggregation import Aggregated
from performance.evaluation import DEPARTMENT
from performance.models import Indicator, IndicatorResult, SelfEvaluation
from performance.overview import find, overview_of
from performance.scoring import load_parameters
from performance.services import EditConflict, rescore
from performance.snapshots import indicator_keys
from rulebook.forms import Horizon


class AdoptionRefused(Exception):
    """A value that cannot be adopted; ``str`` says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class PartLink:
    """What was chosen for a part: the id of the department's indicator and its own weight."""

    feeds: int | None
    money_weight: Decimal | None


def annual_indicators(filing: Filing) -> models.QuerySet[Indicator]:
    """The year's indicators of all declarations of a filing."""
    rows = Indicator.objects.filter(
        goal__declaration__filing=filing, goal__horizon=Horizon.ANNUAL.value
    ).select_related("goal__declaration__project", "goal__declaration__unit")
    return rows.order_by("goal__declaration_id", "goal__number", "number")


def is_whole() -> models.Q:
    """The condition that an indicator is the department's own."""
    of = "goal__declaration__"
    return models.Q(**{f"{of}project__isnull": True, f"{of}unit__isnull": True})


def department_indicators(filing: Filing) -> models.QuerySet[Indicator]:
    return annual_indicators(filing).filter(is_whole())


def part_indicators(filing: Filing) -> models.QuerySet[Indicator]:
    """The indicators of projects and units."""
    return annual_indicators(filing).exclude(is_whole())


def links_seal(filing: Filing) -> str:
    """The fingerprint of the links as they stand: what a page showed and may save over."""
    fields = ("pk", "aggregation", "feeds", "money_weight")
    rows = [list(map(str, row)) for row in annual_indicators(filing).values_list(*fields)]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


@transaction.atomic
def save_links(
    *,
    filing: Filing,
    staff: StaffMember,
    seal: str,
    methods: Mapping[int, str],
    links: Mapping[int, PartLink],
) -> None:
    """Keep how the department's indicators add up (by id) and what feeds them (by id of the part).

    Raises FilingLocked, and EditConflict when ``seal`` is no longer that of the links.
    """
    require_editable(filing, staff)
    if seal != links_seal(filing):
        raise EditConflict
    own = {row.pk: row for row in department_indicators(filing)}
    for pk, method in methods.items():
        if pk in own:
            own[pk].aggregation = method
    Indicator.objects.bulk_update(own.values(), ["aggregation"])
    parts = {row.pk: row for row in part_indicators(filing)}
    for pk, link in links.items():
        if pk in parts:
            parts[pk].feeds = own.get(link.feeds or 0)
            parts[pk].money_weight = link.money_weight
    Indicator.objects.bulk_update(parts.values(), ["feeds", "money_weight"])
    touch(filing=filing)
    record(filing=filing, staff=staff, action="link_parts")
    for evaluation in SelfEvaluation.objects.filter(filing=filing):
        rescore(evaluation=evaluation)


@transaction.atomic
def adopt_aggregated(*, filing: Filing, staff: StaffMember, key: str, text: str) -> Aggregated:
    """Take what the parts add up to as what the department achieved for an indicator.

    ``text`` is the value the person saw. Raises FilingLocked, AdoptionRefused.
    """
    require_editable(filing, staff)
    whole = find(overview_of(filing), DEPARTMENT)
    evaluated = whole.evaluated if whole else None
    known = {each.key: each for each in evaluated.aggregated} if evaluated else {}
    found = known.get(key)
    if evaluated is None or found is None:
        raise AdoptionRefused("没有这个汇总的指标。")
    if not found.is_ready:
        raise AdoptionRefused(f"还不能汇总：{found.question}。")
    if found.text != text:
        raise AdoptionRefused(f"汇总值已变为“{found.text}”，请核对后再采用。")
    row = evaluated.row
    keys = {known: pk for pk, known in indicator_keys(row.declaration).items()}
    result, _ = IndicatorResult.objects.get_or_create(evaluation=row, indicator_id=keys[key])
    before = result.achieved
    for field, value in _values(found, before, filing.scoring_edition).items():
        setattr(result, field, value)
    result.save()
    SelfEvaluation.objects.filter(pk=row.pk).update(version=F("version") + 1)
    touch(filing=filing)
    detail = {"indicator": found.name, "old_value": before, "new_value": text}
    record(filing=filing, staff=staff, action="adopt_aggregated", detail=detail)
    rescore(evaluation=row)
    return found


def _values(found: Aggregated, achieved: str, edition: str) -> dict[str, Any]:
    """The fields of a result that take the value: the judgement where scores were averaged."""
    if found.percentage is None:
        return {"achieved": found.text}
    band = load_parameters(edition).propose_band(found.percentage)
    return {
        "achieved": achieved or found.text,
        "band": band.value if band else "",
        "percentage": found.percentage,
    }
