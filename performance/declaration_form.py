"""What was posted of a declaration, as edits of places.

Names are those of the sheets: ``c:<place>`` with ``o:<place>``, the version and text the person
was shown, ``k:<place>``, the choice in a conflict, ``a:<row>``, the row a new one follows, and
``d:<row>``, a row to remove. A place is ``<block>:<row>:<column>``; the grid leaves its block out.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict

from performance.form_columns import GOALS, Place
from performance.form_edits import NEW, Edits, PlaceEdit, columns_at
from rulebook.forms import FormEdition

MOST_PLACES = 3000


def edits_from(data: QueryDict, form: FormEdition, block: str = "") -> Edits:
    """The touched places; ``block`` is that of the grid, empty where a whole form was posted."""
    return Edits(
        places=tuple(_touched(data, form, block)),
        removed=frozenset(_removed(data, block)),
        after={
            (block, name[2:]): str(data[name])
            for name in data
            if name.startswith("a:") and NEW.fullmatch(name[2:])
        },
    )


def _touched(data: QueryDict, form: FormEdition, block: str) -> Iterator[PlaceEdit]:
    known = {key: columns_at(form, key) for key in _blocks(form)}
    for name in list(data)[: 3 * MOST_PLACES]:
        kind, _, sent = name.partition(":")
        place = _place(sent, block)
        if kind != "c" or place is None or place[2] not in known.get(place[0], {}):
            continue
        text = _plain(str(data[name]))
        original = _plain(str(data.get(f"o:{sent}", ""))).partition("|")[2]
        chosen, _, seen = _plain(str(data.get(f"k:{sent}", ""))).partition("|")
        if chosen != "theirs" and text != original.strip():
            yield PlaceEdit(place, text, seen.partition("|")[2] if seen else original.strip())


def _blocks(form: FormEdition) -> list[str]:
    return [*(block.key for block in form.blocks), *GOALS]


def _place(sent: str, block: str) -> Place | None:
    parts = sent.split(":")
    if block:
        parts = [block, *parts]
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None


def _plain(text: str) -> str:
    """A browser sends line ends of its own, and blanks around."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _removed(data: QueryDict, block: str) -> Iterator[tuple[str, str]]:
    return ((block, name[2:]) for name in data if name.startswith("d:") and name[2:].isdecimal())
