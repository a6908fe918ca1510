"""Rows added to the grid of a declaration: blank ones, or an indicator somebody suggests.

Nothing is saved: they stand beside everything else that was typed and not saved yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from performance.form_columns import Column, Kind, columns_of
from performance.form_edits import NEW, Edits, PlaceEdit
from performance.form_shown import Attempt
from performance.suggestions import Suggestion
from rulebook.forms import FormBlock, FormEdition

MORE_ROWS = 5
TAKEN = (
    "tier_one", "tier_two", "name", "target", "kind", "direction", "basis", "basis_note",
    "last_year", "two_years_before",
)  # fmt: skip
NOTED_IN = ("basis_note", "note")
"""Where the source of an indicator is noted: in the first of these that the grid has."""


def with_blank_rows(edits: Edits, block: FormBlock, after: str) -> Attempt:
    """What was typed, with rows to fill after the row named, or last."""
    first = _next(edits)
    keys = tuple(f"n{number}" for number in range(first, first + MORE_ROWS))
    places = {**edits.after, **{(block.key, key): after for key in keys}}
    return Attempt(replace(edits, after=places), None, keys)


def with_suggestion(
    edits: Edits, form: FormEdition, block: FormBlock, suggestion: Suggestion, after: str
) -> Attempt:
    """What was typed, with the suggestion as a row after the row named, or last."""
    key = f"n{_next(edits)}"
    typed = tuple(
        PlaceEdit((block.key, key, column), text, "")
        for column, text in _texts(suggestion, columns_of(form, block))
    )
    places = {**edits.after, (block.key, key): after}
    return Attempt(replace(edits, places=(*edits.places, *typed), after=places), None, (key,))


def _next(edits: Edits) -> int:
    """The number of a new row that nothing was typed into."""
    used = (int(e.place[1][1:]) for e in edits.places if NEW.fullmatch(e.place[1]))
    return max(used, default=0) + 1


def _texts(suggestion: Suggestion, columns: Sequence[Column]) -> Iterator[tuple[str, str]]:
    """Column → the text to type there; a word that the form does not offer is left out."""
    known = {column.key: column for column in columns}
    noted = next((key for key in NOTED_IN if key in known), "")
    for key, column in known.items():
        text = getattr(suggestion, key) if key in TAKEN else ""
        if column.kind is Kind.CHOICE:
            text = next((choice.label for choice in column.choices if choice.key == text), "")
        if key == noted:
            text = "；".join(filter(None, (text, f"来源：{suggestion.source}")))
        if text:
            yield key, text[: column.max_length]
