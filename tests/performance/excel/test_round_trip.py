"""Every form edition: what is filed, written and read back is equal, into a full or empty form."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from performance.evaluation import DeclarationSnapshot
from performance.excel.pages import FormPage
from rulebook import forms
from rulebook.amounts import MoneyUnit
from rulebook.editions import DATA
from rulebook.forms import load_form
from tests.performance.excel.files import plan, written
from tests.performance.excel.generated import form_pages

EDITIONS = sorted(
    f"{path.parent.name}/{path.stem}" for path in (DATA / forms.FAMILY).glob("*/*.toml")
)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("unit", list(MoneyUnit))
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_file_nobody_touched_changes_nothing(
    edition: str, unit: MoneyUnit, data: st.DataObject
) -> None:
    page = data.draw(form_pages(load_form(edition)))
    found = plan(written([page], unit), [page])
    assert found.findings == ()
    assert found.changes == ()
    (form,) = found.forms
    assert form.after == page


@pytest.mark.parametrize("edition", EDITIONS)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_an_empty_form_is_filled_by_the_file_of_a_full_one(
    edition: str, data: st.DataObject
) -> None:
    page = data.draw(form_pages(load_form(edition)))
    assume(page.evaluation or holds_something(page.declaration))
    empty = FormPage(page.subject, page.name, page.form, title="自评")
    found = plan(written([page], MoneyUnit.YUAN), [empty])
    assert not found.is_refused
    assert comparable(found.forms[0].after) == comparable(page)


def holds_something(declaration: DeclarationSnapshot | None) -> bool:
    """Whether a declaration says anything: a file without a word declares nothing."""
    blank = DeclarationSnapshot("", "", ())
    return declaration is not None and blank != replace(declaration, subject="", form="")


def comparable(page: FormPage) -> object:
    """What a file carries: all but deductions, how amounts were declared, the weight of a goal
    its form has no place for, and what is empty anyway."""
    declaration, evaluation = page.declaration, page.evaluation
    if declaration is None:
        return page
    is_weighted = load_form(page.form).is_weighted
    return (
        declaration.objective,
        declaration.long_term_objective,
        declaration.long_term_until,
        [
            (
                goal.key,
                goal.text,
                goal.weight if is_weighted or goal.text else None,
                goal.indicators,
            )
            for goal in (*declaration.goals, *declaration.long_term)
            if goal.indicators or goal.text or (is_weighted and goal.weight)
        ],
        declaration.fields,
        [(a.block, a.row, a.column, a.amount) for a in declaration.amounts],
        [(d.content, d.calculation, d.own_level, d.transfer, d.other) for d in declaration.details],
        [(a.name, a.quantity, a.amount) for a in declaration.assets],
        evaluation
        and replace(
            evaluation,
            declaration=replace(declaration, goals=(), long_term=()),
            results=tuple(replace(row, deductions=()) for row in evaluation.results),
            amounts=tuple(replace(a, unit="", decimals=0) for a in evaluation.amounts),
            deductions=(),
        ),
    )


def test_every_published_form_is_among_the_editions() -> None:
    assert {
        "department_targets/jianghan_2023",
        "department_targets/jianghan_2023_traffic",
        "department_targets/ezhou_2024",
        "project_targets/jianghan_2023",
        "project_targets/jianghan_2023_traffic",
        "project_evaluation/wuhan_2019",
        "project_evaluation/wuhan_2023",
        "department_evaluation/wuhan_2023",
    } <= set(EDITIONS)
