"""Which changes want a reason, and what the sentences do with them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from disclosures.filing_package import Reason
from disclosures.narrative.accounts import totals
from disclosures.narrative.passages import reason_spans
from disclosures.narrative.phrases import text_of
from disclosures.reasons import compared, reason_key, required_reasons
from disclosures.report.blocks import BoundFigure
from rulebook.addresses import CellRef
from tests.disclosures.values import facts, package, with_figures


def test_the_sample_has_a_reason_for_every_change_and_no_other():
    required = required_reasons(facts())
    assert all(reason.given for reason in required)
    assert {reason.subject for reason in required} == set(facts().reasons)
    assert len(required) == 28


def test_an_unknown_last_year_asks_for_no_reason():
    subjects = {reason.subject for reason in required_reasons(facts())}
    assert "three_public_total.prior_year" not in subjects
    assert "operating_funds.prior_year" not in subjects
    ref = CellRef("comparatives", "operating_funds", "prior_year")
    known = with_figures({ref: "20000.00"})
    added = next(r for r in required_reasons(known) if r.subject == "operating_funds.prior_year")
    assert added.change == Decimal("10927800.00")
    assert not added.given


def test_an_equal_figure_asks_for_no_reason():
    ref = CellRef("comparatives", "grand_total", "prior_year")
    subjects = {r.subject for r in required_reasons(with_figures({ref: "72114.75"}))}
    assert "grand_total.prior_year" not in subjects


def test_the_change_names_the_cells_it_was_made_of():
    required = next(r for r in required_reasons(facts()) if r.subject == "grand_total.prior_year")
    assert required.addresses == (
        "cell/999001/revenue_expenditure_summary/revenue_grand_total/actual",
        "cell/999001/comparatives/grand_total/prior_year",
    )
    assert required.label == "收、支总计与上年相比"
    assert required.unexplained is None


def test_subjects_cover_every_comparison_of_the_report():
    figures = {subject.rpartition(".")[0] for subject in compared(facts())}
    assert {"grand_total", "operating_funds", "official_hospitality", "item.2040201"} <= figures


def test_a_sentence_and_its_finding_name_the_reason_alike():
    (paragraph,) = totals(facts())
    assert (
        paragraph.subject == reason_key("grand_total.prior_year") == "reason.grand_total.prior_year"
    )


def test_reasons_lose_the_words_the_sentence_brings_itself():
    filed = package()
    reasons = (
        Reason("x", "主要原因是：人员增加。"),
        Reason("x", "项目\n增多；"),
    )
    known = facts(replace(filed, reasons=reasons))
    assert text_of(reason_spans(known, "x")) == "人员增加；项目 增多"


def test_a_reason_with_an_amount_states_it_once():
    reasons = (
        Reason("x", "新增编制", Decimal(30000)),
        Reason("x", "会议减少1.00万元", Decimal(-10000)),
        Reason("x", "压减出差", Decimal(-5000)),
    )
    known = facts(replace(package(), reasons=reasons))
    written = reason_spans(known, "x")
    assert text_of(written) == "新增编制（增3.00万元）；会议减少1.00万元；压减出差（减0.50万元）"
    figures = [span for span in written if isinstance(span, BoundFigure)]
    assert [figure.addresses for figure in figures] == [("text/reason.x",)] * 2
