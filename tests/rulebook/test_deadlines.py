from __future__ import annotations

from datetime import date

from rulebook.deadlines import DISCLOSURE, deadlines, disclosure_due


def test_what_is_approved_is_due_twenty_days_later() -> None:
    assert disclosure_due(date(2024, 9, 28)) == date(2024, 10, 18)
    assert disclosure_due(date(2023, 12, 20)) == date(2024, 1, 9)


def test_every_deadline_names_its_article() -> None:
    assert "预算法" in deadlines()[DISCLOSURE].citation.text
    assert "第十四条" in deadlines()[DISCLOSURE].citation.text
