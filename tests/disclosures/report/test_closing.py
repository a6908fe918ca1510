"""The last page: what the official file is and its fingerprints; that a draft is a draft."""

from __future__ import annotations

import hashlib

from disclosures.paper import bare
from disclosures.report.closing import DRAFT_TITLE, SEAL_TITLE, marked_as_draft
from tests.disclosures.papers import (
    SHORT,
    SNAPSHOT,
    official,
    official_contents,
    sample_paper_report,
)
from tests.disclosures.pdf_facts import page_texts
from tests.disclosures.values import blocks_of


def last_page() -> str:
    return bare(page_texts(official(SHORT))[-1])


def test_it_prints_the_snapshot_the_day_and_the_hash_of_every_attachment() -> None:
    attached = official_contents(SHORT).attached()
    assert len(attached) == 2
    hashes = [hashlib.sha256(content).hexdigest() for content in attached.values()]
    for text in (SEAL_TITLE, SNAPSHOT, "2024年9月20日", *hashes, *attached):
        assert bare(text) in last_page()


def test_it_says_how_to_verify_and_that_nobody_certified_the_file() -> None:
    assert "report_verify" in last_page()
    assert "未经认证" in last_page()


def test_the_file_names_its_snapshot_as_its_identifier() -> None:
    assert official_contents(SHORT).identifier == SNAPSHOT


def test_a_draft_says_so_and_has_no_fingerprint() -> None:
    draft = marked_as_draft(sample_paper_report())
    assert draft.sections[-1].title == DRAFT_TITLE
    said = [block for section in draft.sections[-1:] for block in section.blocks]
    assert "没有指纹" in str(said)
    assert len(list(blocks_of(draft))) == len(list(blocks_of(sample_paper_report()))) + 1
