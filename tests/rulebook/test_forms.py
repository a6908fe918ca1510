"""The forms of every edition: readable, without gaps, with what the pages rely on."""

from __future__ import annotations

from collections import Counter

import pytest

from rulebook.citations import cite
from rulebook.editions import EditionMissing, editions_of
from rulebook.forms import (
    FAMILY,
    KINDS,
    PROJECT_TARGETS,
    BlockKind,
    FieldKind,
    FormEdition,
    Horizon,
    forms_in_force,
    load_form,
)

FORMS = [load_form(edition.id) for edition in editions_of(FAMILY)]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
class TestEveryForm:
    def test_names_each_thing_once(self, form: FormEdition) -> None:
        keys = Counter(block.key for block in form.blocks)
        keys.update(field.key for field in form.fields())
        assert [key for key, times in keys.items() if times > 1] == []

    def test_has_a_row_per_third_tier_indicator(self, form: FormEdition) -> None:
        annual = form.indicators(Horizon.ANNUAL)
        assert annual is not None
        assert all(annual.has_column(key) for key in ("tier_one", "tier_two", "name", "target"))

    def test_prints_points_where_it_is_scored(self, form: FormEdition) -> None:
        annual = form.indicators(Horizon.ANNUAL)
        assert annual is not None
        assert annual.has_column("points") == form.is_weighted

    def test_offers_choices_and_names_records(self, form: FormEdition) -> None:
        for field in form.fields():
            assert bool(field.choices) == (field.kind is FieldKind.CHOICE), field.key
            assert bool(field.source) == (field.kind is FieldKind.RECORD), field.key

    def test_totals_come_from_rows(self, form: FormEdition) -> None:
        for block in form.blocks_of(BlockKind.MONEY):
            assert not any(row.is_total and row.source for row in block.rows)

    def test_cites_a_known_document(self, form: FormEdition) -> None:
        assert cite(form.issued_under).title


def test_people_and_telephones_are_private() -> None:
    people = {"filler", "person_in_charge", "telephone"}
    found = {field.key for form in FORMS for field in form.fields() if field.is_private}
    assert found == people


def test_a_district_may_print_two_layouts_at_a_time() -> None:
    forms = forms_in_force(PROJECT_TARGETS, region="420103", fiscal_year=2023)
    assert [form.variant for form in forms] == ["", "traffic"]


def test_an_old_year_keeps_its_form() -> None:
    (old,) = forms_in_force("project_evaluation", region="420111", fiscal_year=2019)
    (new,) = forms_in_force("project_evaluation", region="420111", fiscal_year=2023)
    assert (old.id, new.id) == ("project_evaluation/wuhan_2019", "project_evaluation/wuhan_2023")


@pytest.mark.parametrize("kind", KINDS)
def test_every_region_of_the_country_has_a_form(kind: str) -> None:
    assert forms_in_force(kind, region="000000", fiscal_year=2024)


def test_a_year_before_the_first_form_has_none() -> None:
    with pytest.raises(EditionMissing):
        forms_in_force(PROJECT_TARGETS, region="000000", fiscal_year=2010)
