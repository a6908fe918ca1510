"""有误: how many errors stand in a filing, for the desk.

What was handed in has its findings stored with the snapshot. A draft is computed; as that takes a
moment and a desk is opened often, the number is kept until something is written or waived, and no
longer than ``KEPT`` because catalogues and last year's books change without the filing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.cache import cache
from django.db.models import Max
from django.utils import timezone

from departments.models import StaffMember
from departments.permissions import is_departmental
from filings.models import Event, Filing
from filings.states import State
from reviews.dossier import dossier_of
from rulebook.editions import rules_hash

IN_PREPARATION = (State.DRAFT, State.RETURNED, State.INTERNAL_REVIEW)
KEPT = 300  # seconds


def errors_in(filings: Iterable[Filing], staff: StaffMember) -> Mapping[int, int]:
    """Filing → its number of errors, of filings read ``with_errors()``.

    A department's own drafts count what stops them now; a bureau counts what was handed in.
    """
    found = list(filings)
    drafts = [each for each in found if each.status in IN_PREPARATION and is_departmental(staff)]
    last = Event.objects.filter(filing__in=drafts).order_by().values_list("filing")
    events = dict(last.annotate(last=Max("sequence")))
    stored = {filing.pk: getattr(filing, "errors", 0) for filing in found}
    return stored | {each.pk: _stopping(each, events.get(each.pk, 0)) for each in drafts}


def _stopping(filing: Filing, event: int) -> int:
    day = timezone.localdate().isoformat()
    key = f"errors-{filing.pk}-{filing.revision}-{event}-{day}-{rules_hash()[:16]}"
    known: int | None = cache.get(key)
    if known is None:
        known = len(dossier_of(filing).gate.blocking)
        cache.set(key, known, KEPT)
    return known
