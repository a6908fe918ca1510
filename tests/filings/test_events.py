"""The history of a filing: appended, chained, and verified by a command."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from departments.models import StaffMember
from filings.models import Event, Filing
from filings.services import broken_event, record


@pytest.fixture
def history(filing: Filing, lin: StaffMember) -> list[Event]:
    return [
        record(filing=filing, staff=lin, action="open", detail={"version": 1}),
        record(filing=filing, staff=lin, action="hand_over"),
        record(filing=filing, staff=None, action="recall", detail={"reason": "更正", "empty": ""}),
    ]


def verify(*options: str) -> str:
    out = StringIO()
    call_command("events_verify", *options, stdout=out)
    return out.getvalue()


def test_each_event_covers_the_one_before(history: list[Event], filing: Filing) -> None:
    assert [event.sequence for event in history] == [1, 2, 3]
    assert [event.previous_hash for event in history] == ["", history[0].hash, history[1].hash]
    assert history[2].detail == {"reason": "更正"}
    assert broken_event(filing) is None
    assert "操作记录完整" in verify()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("action", "publish"),
        ("detail", {"version": 2}),
        ("actor", None),
        ("happened_at", timezone.now()),
        ("previous_hash", "0" * 64),
        ("hash", "0" * 64),
        ("sequence", 9),
    ],
)
def test_a_changed_record_is_found_with_its_row(
    field: str, value: object, history: list[Event], filing: Filing
) -> None:
    Event.objects.filter(pk=history[0].pk).update(**{field: value})
    found = broken_event(filing)
    assert found is not None
    with pytest.raises(CommandError, match="1 份申报件的操作记录被改动") as refused:
        verify()
    assert refused.value.returncode == 1


def test_the_command_names_the_row(history: list[Event]) -> None:
    Event.objects.filter(pk=history[1].pk).update(detail={"reason": "后来加的"})
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("events_verify", "--json", stdout=out)
    (broken,) = json.loads(out.getvalue())["broken"]
    assert (broken["sequence"], broken["row"]) == (2, history[1].pk)


def test_a_removed_record_is_found(history: list[Event]) -> None:
    Event.objects.filter(pk=history[1].pk).delete()
    with pytest.raises(CommandError):
        verify()


def test_a_whole_history_as_json(history: list[Event]) -> None:
    assert json.loads(verify("--json")) == {"filings": 1, "broken": []}


def test_what_is_referenced_cannot_be_deleted(history: list[Event], filing: Filing) -> None:
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        filing.delete()
