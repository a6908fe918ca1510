"""Writes on filings: open, record, freeze, explain. All history goes through :func:`record`."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from departments.models import Department, FiscalYear, StaffMember
from departments.roles import Role
from filings.models import (
    Event,
    Explanation,
    Filing,
    FilingDeadline,
    FindingRecord,
    Receipt,
    Snapshot,
    event_detail,
)
from rulebook.editions import edition_for
from rulebook.findings import Figure, Finding
from rulebook.layouts import FAMILY as LAYOUTS

SCORING = "scoring"
OUTLINES = "outlines"
SELF_EVALUATION = "self_evaluation"


class FilingLocked(Exception):
    """A write on a filing this person may not change now; ``str`` says why, in Chinese."""


class FilingExists(Exception):
    """A version of this filing is already being prepared."""


def require_editable(filing: Filing, staff: StaffMember) -> None:
    """Raise FilingLocked unless the filing is open and the person files for its department.

    The row is read again and locked, so that a submission and a late save cannot cross.
    """
    state = Filing.objects.select_for_update().values_list("state", flat=True).get(pk=filing.pk)
    filing.state = state
    if not filing.is_editable:
        raise FilingLocked(f"这份申报件{filing.status.label}，不能修改。")
    if staff.role != Role.PREPARER or staff.department_id != filing.department_id:
        raise FilingLocked("只有本部门填报岗位可以修改。")


@transaction.atomic
def open_filing(
    *,
    staff: StaffMember,
    department: Department,
    fiscal_year: int,
    kind: str,
    is_sample: bool = False,
    supersedes: Filing | None = None,
) -> Filing:
    """Open the next version of a filing under the rules in force for its region and year.

    Raises FilingLocked for someone else's department, a closed year or a department without
    units, FilingExists while an earlier version is still in preparation, EditionMissing where no
    rules are in force.
    """
    if staff.role != Role.PREPARER or staff.department_id != department.pk:
        raise FilingLocked("只有本部门填报岗位可以建立申报件。")
    if not FiscalYear.objects.open().filter(year=fiscal_year).exists():
        raise FilingLocked(f"{fiscal_year} 年没有开放填报。")
    if not department.units.existing_in(fiscal_year).exists():
        raise FilingLocked(f"本部门 {fiscal_year} 年没有预算单位，请系统管理员先建立单位。")
    versions = Filing.objects.filter(department=department, fiscal_year=fiscal_year, kind=kind)
    if Filing.objects.in_preparation(department, fiscal_year, kind) is not None:
        raise FilingExists(f"{department.name} {fiscal_year} 年已有正在办理的申报件。")
    region = department.region_id
    filing = Filing.objects.create(
        department=department,
        fiscal_year_id=fiscal_year,
        kind=kind,
        version=(versions.aggregate(last=Max("version"))["last"] or 0) + 1,
        layout_edition=edition_for(LAYOUTS, kind, region=region, fiscal_year=fiscal_year).id,
        scoring_edition=edition_for(
            SCORING, SELF_EVALUATION, region=region, fiscal_year=fiscal_year
        ).id,
        outline_edition=edition_for(OUTLINES, kind, region=region, fiscal_year=fiscal_year).id,
        is_sample=is_sample,
        due_on=FilingDeadline.objects.known_in(region).get((fiscal_year, kind)),
        supersedes=supersedes,
        opened_by=staff,
    )
    record(filing=filing, staff=staff, action="open", detail={"version": filing.version})
    return filing


def touch(*, filing: Filing) -> None:
    """Note that what is filed has changed."""
    Filing.objects.filter(pk=filing.pk).update(revision=F("revision") + 1)


def event_hash(event: Event) -> str:
    """SHA-256 over what an event says and the hash of the one before it."""
    said = [
        event.filing_id,
        event.sequence,
        event.action,
        event.actor_id,
        event.happened_at.astimezone(timezone.get_default_timezone()).isoformat(),
        event.detail,
        event.previous_hash,
    ]
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@transaction.atomic
def record(
    *,
    filing: Filing,
    staff: StaffMember | None,
    action: str,
    detail: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """Append an event to a filing's history, chained to the one before."""
    Filing.objects.select_for_update().get(pk=filing.pk)
    last = Event.objects.filter(filing=filing).order_by("-sequence").first()
    event = Event(
        filing=filing,
        sequence=last.sequence + 1 if last else 1,
        action=action,
        actor=staff,
        happened_at=(at or timezone.now()).replace(microsecond=0),
        detail=event_detail(**(detail or {})),
        previous_hash=last.hash if last else "",
    )
    event.hash = event_hash(event)
    event.save()
    return event


def broken_event(filing: Filing) -> Event | None:
    """The first event whose hash no longer fits, ``None`` when the chain is whole."""
    previous, expected = "", 1
    for event in Event.objects.filter(filing=filing).order_by("sequence"):
        fits = event.previous_hash == previous and event.sequence == expected
        if not fits or event.hash != event_hash(event):
            return event
        previous, expected = event.hash, expected + 1
    return None


@transaction.atomic
def freeze(
    *, filing: Filing, staff: StaffMember, purpose: str, content: bytes, rules: str
) -> Snapshot:
    """Keep the canonical bytes of a filing with their fingerprint."""
    return Snapshot.objects.create(
        filing=filing,
        purpose=purpose,
        content=zlib.compress(content, 9),
        sha256=hashlib.sha256(content).hexdigest(),
        rules_sha256=rules,
        taken_by=staff,
    )


class SnapshotDamaged(Exception):
    """Stored bytes no longer have the fingerprint they were stored under."""


def content_of(snapshot: Snapshot) -> bytes:
    """The frozen bytes. Raises SnapshotDamaged when they do not fit their fingerprint."""
    try:
        content = zlib.decompress(bytes(snapshot.content))
    except zlib.error as error:
        raise SnapshotDamaged(snapshot.sha256) from error
    if hashlib.sha256(content).hexdigest() != snapshot.sha256:
        raise SnapshotDamaged(snapshot.sha256)
    return content


@transaction.atomic
def issue_receipt(*, snapshot: Snapshot) -> Receipt:
    """回执: a number that says what was handed in, and cannot be given twice."""
    filing = snapshot.filing
    rounds = Receipt.objects.filter(filing=filing).count() + 1
    number = (
        f"{filing.fiscal_year_id}-{filing.department.code}-"
        f"{filing.pk:06d}-{filing.version:02d}-{rounds:02d}"
    )
    return Receipt.objects.create(filing=filing, snapshot=snapshot, number=number)


def _words(value: Figure) -> str:
    return "" if value is None else str(value)


@transaction.atomic
def record_findings(
    *, filing: Filing, findings: Iterable[Finding], snapshot: Snapshot | None = None
) -> list[FindingRecord]:
    """Store findings with a snapshot, or replace those known of a draft."""
    if snapshot is None:
        FindingRecord.objects.filter(filing=filing, snapshot=None).delete()
    return FindingRecord.objects.bulk_create(
        FindingRecord(
            filing=filing,
            snapshot=snapshot,
            sequence=sequence,
            check_id=finding.check_id,
            severity=finding.severity.value,
            identity=finding.identity,
            title=finding.title,
            label=finding.label[:300],
            message=finding.message,
            hint=finding.hint,
            places=list(finding.places),
            left=_words(finding.left)[:300],
            right=_words(finding.right)[:300],
            difference=_words(finding.difference)[:60],
        )
        for sequence, finding in enumerate(findings, 1)
    )


@transaction.atomic
def explain(
    *, filing: Filing, staff: StaffMember, check_id: str, identity: str, text: str
) -> Explanation | None:
    """Write, change or (with an empty text) take back the answer to a warning."""
    require_editable(filing, staff)
    known = Explanation.objects.filter(filing=filing, identity=identity)
    if not text.strip():
        known.delete()
        touch(filing=filing)
        return None
    explanation, _ = Explanation.objects.update_or_create(
        filing=filing,
        identity=identity,
        defaults={"check_id": check_id, "text": text.strip(), "written_by": staff},
    )
    touch(filing=filing)
    return explanation
