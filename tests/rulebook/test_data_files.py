"""Every data file of the rulebook loads and agrees with itself and with what cites it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from budgets.checks import ALL_CHECKS
from performance.checks import CATALOGUE
from rulebook.citations import cite, documents
from rulebook.classifications import CatalogueRow, catalogue_names, read_catalogue
from rulebook.editions import DATA, editions_of, read_toml, region_parents
from rulebook.layouts import load_layout

LEVELS = {3: "类", 5: "款", 7: "项"}
TOML_FILES = sorted(DATA.rglob("*.toml"))
TERM_FILES = sorted((DATA / "terms").glob("*/*.toml"))


def names_and_rows() -> Iterator[tuple[str, CatalogueRow]]:
    for name in catalogue_names():
        for row in read_catalogue(name):
            yield name, row


def values_of(raw: Any, keys: set[str]) -> Iterator[str]:
    """The values of these keys anywhere in a TOML document."""
    if isinstance(raw, list):
        for part in raw:
            yield from values_of(part, keys)
    elif isinstance(raw, dict):
        for key, value in raw.items():
            if key in keys and isinstance(value, str):
                yield value
            else:
                yield from values_of(value, keys)


def test_both_catalogues_of_2023_are_there() -> None:
    assert set(catalogue_names()) >= {"departmental_economic_2023", "functional_2023"}


@pytest.mark.parametrize("name", catalogue_names())
def test_codes_are_unique_and_in_order(name: str) -> None:
    codes = [row.code for row in read_catalogue(name)]
    assert codes == sorted(set(codes))


@pytest.mark.parametrize("name", catalogue_names())
def test_every_code_has_its_parent_and_the_level_of_its_length(name: str) -> None:
    codes = {row.code for row in read_catalogue(name)}
    for row in read_catalogue(name):
        assert row.level == LEVELS[len(row.code)]
        assert len(row.code) == 3 or row.code[:-2] in codes, row.code


def test_a_row_known_from_general_knowledge_only_is_unverified() -> None:
    for name, row in names_and_rows():
        published = [s for s in row.source.split(";") if not s.startswith("knowledge")]
        assert row.verified == bool(published), (name, row.code)


def test_economic_codes_stand_on_the_side_the_layout_prints() -> None:
    sheet = load_layout("departmental_final_accounts/national_2023").sheet(
        "general_public_basic_expenditure"
    )
    assert sheet.codes is not None
    printed = {prefix: side for side, prefixes in sheet.codes.sides for prefix in prefixes}
    for row in read_catalogue("departmental_economic_2023"):
        assert row.basic_group == printed.get(row.code[:3], ""), row.code


def test_an_unknown_catalogue_is_refused() -> None:
    with pytest.raises(KeyError):
        read_catalogue("../documents")


def test_documents_have_one_key_each() -> None:
    keys = [raw["key"] for raw in read_toml(DATA / "documents.toml")["document"]]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_a_verified_document_has_number_and_date() -> None:
    for key, document in documents().items():
        complete = bool(document.document_no and document.issued_on)
        assert complete or not document.verified, key


def test_a_citation_says_article_and_doubt() -> None:
    sure = cite("mof_local_disclosure_rules_2016", "第十条")
    assert sure.text == "《地方预决算公开操作规程》（财预〔2016〕143号）第十条"
    assert sure.issued_on == date(2016, 10, 27)
    assert cite("budget_law").text == "《中华人民共和国预算法》（未核实）"


@pytest.mark.parametrize("path", TOML_FILES, ids=lambda path: path.stem)
def test_documents_cited_by_data_exist(path: Any) -> None:
    cited = set(values_of(read_toml(path), {"issued_under", "citation"}))
    assert cited - {""} <= set(documents())


def test_documents_cited_by_checks_exist() -> None:
    cited = {check.citation for check in ALL_CHECKS} | {entry.citation for entry in CATALOGUE}
    assert cited - {""} <= set(documents())


def test_every_region_has_its_parent() -> None:
    parents = region_parents()
    assert set(parents.values()) - {""} <= set(parents)


@pytest.mark.parametrize("family", ["layouts", "scoring", "terms"])
def test_every_family_has_editions_of_known_regions(family: str) -> None:
    editions = editions_of(family)
    assert editions
    assert {edition.region for edition in editions} <= set(region_parents())


EVALUATIONS_ONLY = {"departmental_final_accounts/wuhan_2019"}
"""Layouts of years of which only the self-evaluations are known."""


@pytest.mark.parametrize("edition", editions_of("layouts"), ids=lambda edition: edition.id)
def test_every_layout_loads(edition: Any) -> None:
    assert bool(load_layout(edition.id).sheets) != (edition.id in EVALUATIONS_ONLY)


@pytest.mark.parametrize("path", TERM_FILES, ids=lambda path: path.stem)
def test_terms_are_defined_once_or_list_a_classification(path: Any) -> None:
    terms = read_toml(path)["term"]
    assert len({term["key"] for term in terms}) == len({term["term"] for term in terms})
    assert len({term["key"] for term in terms}) == len(terms)
    for term in terms:
        assert ("lists" in term) != ("definition" in term), term["key"]
        assert term.get("definition", "。").endswith("。")
    assert {term["lists"] for term in terms if "lists" in term} <= {"functional"}
