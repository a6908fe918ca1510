"""`manage.py sample`: what `make run` shows, filed through the services, safe to run again."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from departments.models import StaffMember
from filings.models import Event, Filing, FilingKind
from filings.states import State


@pytest.mark.slow
def test_the_samples_are_filed_once(db: None, settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = settings.MEDIA_ROOT = settings.PUBLISHED_ROOT = tmp_path
    call_command("load_rulebook", verbosity=0, stdout=StringIO())
    said = StringIO()
    call_command("sample", stdout=said)
    states = Filing.objects.order_by("department__code").values_list("kind", "state")
    accounts = FilingKind.DEPARTMENTAL_FINAL_ACCOUNTS
    assert list(states) == [
        (accounts, State.PUBLISHED),
        (accounts, State.SUBMITTED),
        (accounts, State.DRAFT),
        (FilingKind.DEPARTMENTAL_BUDGET, State.DRAFT),
    ]
    assert all(filing.is_sample for filing in Filing.objects.all())
    assert "2 个单位　收入总计 89,052.55 万元\n  8 个错误、46 个预警" in said.getvalue()
    before = Event.objects.count(), StaffMember.objects.count()
    call_command("sample", stdout=StringIO())
    assert (Event.objects.count(), StaffMember.objects.count()) == before
