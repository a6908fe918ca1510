"""What stops a submission: errors unless waived, warnings without words, unanswered remarks."""

from __future__ import annotations

import pytest

from reviews.gates import GateClosed, closed_because, gate_of
from rulebook.findings import Finding, Severity


def finding(check_id: str, severity: Severity, left: str = "1") -> Finding:
    return Finding(check_id, severity, "标题", "说明", "提示", ("cell/1/a/b/c",), left=left)


ERROR = finding("FA-101", Severity.ERROR)
WARNING = finding("YY-302", Severity.WARNING)
NOTICE = finding("FA-231", Severity.NOTICE)


def test_nothing_found_opens_the_gate() -> None:
    gate = gate_of([], {})
    assert gate.is_open
    assert closed_because(gate) == ""


def test_a_notice_stops_nothing() -> None:
    gate = gate_of([NOTICE], {})
    assert gate.is_open
    assert gate.notices == (NOTICE,)


def test_an_error_closes_the_gate_and_no_words_open_it() -> None:
    gate = gate_of([ERROR], {ERROR.identity: "已说明"})
    assert gate.blocking == (ERROR,)
    assert not gate.is_open


def test_a_waiver_lifts_its_check_only() -> None:
    other = finding("FA-105", Severity.ERROR)
    gate = gate_of([ERROR, other], {}, waived={"FA-101"})
    assert gate.waived == (ERROR,)
    assert gate.blocking == (other,)


def test_a_warning_wants_words() -> None:
    assert not gate_of([WARNING], {}).is_open
    assert not gate_of([WARNING], {WARNING.identity: "  \n"}).is_open
    gate = gate_of([WARNING], {WARNING.identity: "上年差错更正"})
    assert gate.is_open
    assert [each.text for each in gate.explained] == ["上年差错更正"]


def test_a_changed_value_reopens_the_warning() -> None:
    changed = finding("YY-302", Severity.WARNING, left="2")
    gate = gate_of([changed], {WARNING.identity: "上年差错更正"})
    assert gate.unexplained == (changed,)


def test_unanswered_remarks_close_the_gate() -> None:
    assert not gate_of([], {}, unanswered=1).is_open


def test_the_refusal_counts_what_is_missing() -> None:
    closed = GateClosed(gate_of([ERROR, WARNING], {}, unanswered=2))
    assert str(closed) == "还不能提交：1 个错误没有改正，1 条预警没有说明，2 条审核意见没有答复。"
    assert closed.gate.blocking == (ERROR,)


def test_every_finding_has_one_place_in_the_gate() -> None:
    gate = gate_of([ERROR, WARNING, NOTICE], {}, waived={"YY-302"})
    sorted_in = [*gate.blocking, *gate.unexplained, *gate.waived, *gate.notices]
    assert sorted(f.check_id for f in sorted_in) == ["FA-101", "FA-231", "YY-302"]


@pytest.mark.parametrize("waived", [set(), {"FA-231"}])
def test_a_notice_is_never_waived(waived: set[str]) -> None:
    assert gate_of([NOTICE], {}, waived=waived).notices == (NOTICE,)
