"""Two people, or twenty, at the same moment. Run as a program it races on the database that the
environment names and prints what came of it; the tests read that.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

APPROVAL = {"document_no": "示例〔2024〕8号", "issued_on": date(2024, 9, 1)}
TWENTY = 20


def at_once(calls: Sequence[Callable[[], Any]]) -> list[str]:
    """Start all calls together; the name of what each came to: "done" or its exception."""
    from django.db import connection

    gate, outcomes = threading.Barrier(len(calls)), ["" for _ in calls]

    def run(number: int) -> None:
        try:
            gate.wait()
            calls[number]()
            outcomes[number] = "done"
        except Exception as error:
            outcomes[number] = type(error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def cast() -> dict[str, Any]:
    """A filing handed over for internal review, and the people around it."""
    from departments.models import Role
    from disclosures.filing import file_package
    from reviews import services
    from tests import factories
    from tests.reviews.conftest import department_of, package_of

    package = package_of("shili_review_2023")
    department = department_of(package)
    lin = factories.make_staff("lin", Role.PREPARER, department=department)
    shen = factories.make_staff("shen", Role.INTERNAL_REVIEWER, department=department)
    wang = factories.make_staff("wang", Role.BUREAU_REVIEWER, region=department.region)
    filing = factories.make_filing(department, lin)
    assert not file_package(filing=filing, staff=lin, package=package)
    services.hand_over(filing=filing, staff=lin)
    return {"filing": filing.pk, "lin": lin, "shen": shen, "wang": wang}


def _filing(pk: int) -> Any:
    from filings.models import Filing

    return Filing.objects.get(pk=pk)


def _tally(pk: int, outcomes: list[str]) -> dict[str, Any]:
    from filings.models import Job, Receipt, Snapshot
    from filings.services import broken_event

    filing = _filing(pk)
    return {
        "outcomes": Counter(outcomes),
        "state": filing.state,
        "receipts": Receipt.objects.filter(filing=filing).count(),
        "snapshots": Snapshot.objects.filter(filing=filing).count(),
        "jobs": Job.objects.filter(filing=filing).count(),
        "actions": list(filing.events.order_by("sequence").values_list("action", flat=True)),
        "whole": broken_event(filing) is None,
    }


def submit_twenty_times(people: dict[str, Any]) -> dict[str, Any]:
    from reviews import services

    pk, shen = people["filing"], people["shen"]
    call = lambda: services.submit(filing=_filing(pk), staff=shen)  # noqa: E731
    return _tally(pk, at_once([call] * TWENTY))


def approve_against_return(people: dict[str, Any]) -> dict[str, Any]:
    """The filing must be submitted; five approvals and five returns at once."""
    from reviews import services

    pk, wang = people["filing"], people["wang"]
    services.open_review(filing=_filing(pk), staff=wang)

    def approve() -> None:
        services.approve(filing=_filing(pk), staff=wang, **APPROVAL)

    def send_back() -> None:
        from django.db import transaction

        with transaction.atomic():
            filing = _filing(pk)
            services.remark(filing=filing, staff=wang, text="请核对")
            services.send_back(filing=filing, staff=wang)

    return _tally(pk, at_once([approve, send_back] * 5))


def recall_against_opening(people: dict[str, Any]) -> dict[str, Any]:
    """The filing must be submitted and unopened."""
    from reviews import services

    pk = people["filing"]
    return _tally(
        pk,
        at_once(
            [
                lambda: services.recall(filing=_filing(pk), staff=people["shen"]),
                lambda: services.open_review(filing=_filing(pk), staff=people["wang"]),
            ]
        ),
    )


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    people = cast()
    results = [submit_twenty_times(people), approve_against_return(people)]
    print(json.dumps(results))


if __name__ == "__main__":
    sys.exit(main())
