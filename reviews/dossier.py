"""What a filing says right now, or said when it was handed in, with the gate it stands before."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from disclosures.evaluate import findings_of
from disclosures.filing_package import FilingPackage
from disclosures.snapshots import build_package
from filings.models import Filing
from filings.states import State
from performance.changing import undecided
from performance.elsewhere import findings_from_elsewhere
from reviews.gates import Gate, gate_of
from reviews.models import Remark
from rulebook.findings import Finding


@dataclass(frozen=True, slots=True)
class Dossier:
    """A package with its findings and the gate they make."""

    package: FilingPackage
    findings: tuple[Finding, ...]
    gate: Gate


def dossier_of(filing: Filing) -> Dossier:
    """The filing as it stands in the database."""
    package = build_package(filing)
    findings = findings_of(package, elsewhere(filing))
    return Dossier(package, findings, gate_for(filing, package, findings))


def elsewhere(filing: Filing) -> list[Finding]:
    """What other filings say about this one."""
    return [each for found in findings_from_elsewhere(filing).values() for each in found]


def gate_for(filing: Filing, package: FilingPackage, findings: tuple[Finding, ...]) -> Gate:
    """The gate of today: waivers in force, remarks without an answer, and requests to change
    targets, which the bureau decides once the filing is handed in."""
    waivers = filing.waivers.in_force_on(timezone.localdate())
    return gate_of(
        findings,
        {answer.identity: answer.text for answer in package.explanations},
        set(waivers.values_list("check_id", flat=True)),
        Remark.objects.filter(filing=filing).unanswered().count(),
        len(undecided(filing)) if filing.status is State.SUBMITTED else 0,
    )
