"""One winner, one receipt, one event, one job: on the embedded database and on PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from reviews import services
from tests.reviews.races import (
    TWENTY,
    approve_against_return,
    cast,
    recall_against_opening,
    submit_twenty_times,
)

REFUSED = "TransitionNotAllowed"


def one_submission(result: dict[str, Any]) -> None:
    assert result["outcomes"] == {"done": 1, REFUSED: TWENTY - 1}
    assert (result["receipts"], result["snapshots"]) == (1, 1)
    assert result["actions"].count("submit") == 1
    assert (result["state"], result["whole"]) == ("submitted", True)


def one_decision(result: dict[str, Any]) -> None:
    assert result["outcomes"] == {"done": 1, REFUSED: 9}
    assert result["state"] in {"approved", "returned"}
    decided = [action for action in result["actions"] if action in {"approve", "send_back"}]
    assert decided == [{"approved": "approve", "returned": "send_back"}[result["state"]]]
    assert result["jobs"] == (1 if result["state"] == "approved" else 0)
    assert result["whole"]


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_twenty_submissions_and_a_decision_on_postgresql() -> None:
    people = cast()
    one_submission(submit_twenty_times(people))
    one_decision(approve_against_return(people))


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_a_recall_and_an_opening_on_postgresql() -> None:
    people = cast()
    filing = people["lin"].department.filings.get()
    services.submit(filing=filing, staff=people["shen"])
    result = recall_against_opening(people)
    assert result["whole"]
    assert result["state"] in {"draft", "submitted"}
    assert ("recall" in result["actions"]) == (result["state"] == "draft")
    assert ("recall" in result["actions"]) != ("open_review" in result["actions"])


@pytest.mark.slow
def test_twenty_submissions_and_a_decision_on_the_embedded_database(tmp_path: Path) -> None:
    hidden = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        [sys.executable, "-m", "tests.reviews.races"],
        env=environment
        | {"DJANGO_SETTINGS_MODULE": "config.settings", "MINGZHANG_VAR": str(tmp_path)},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    submitted, decided = json.loads(done.stdout.splitlines()[-1])
    one_submission(submitted)
    one_decision(decided)
