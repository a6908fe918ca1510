"""WeasyPrint with fewer steps to the same page: what our reports pay most for, done directly.

Each replacement stands for one function of the versions named in ``TRIED`` and hands everything it
was not made for back to that function. With any other version nothing is replaced: the file is as
right, only slower to make. Why, and what was measured: docs/decisions/0020-render-speed.md.
"""

from __future__ import annotations

import hashlib
import inspect
import logging
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

from disclosures.press import cells, styles, writing

log = logging.getLogger(__name__)

TRIED = {"weasyprint": "70.0", "pydyf": "0.13.0"}


@dataclass(frozen=True, slots=True)
class Replaced:
    """A function of a module, or a method or property of a class, and what stands for it.

    ``fingerprint`` is of the source of the original: a test compares it, so that no other version
    is taken for the one this was written against.
    """

    owner: Any
    name: str
    original: Any
    ours: Any
    fingerprint: str

    def put(self) -> None:
        """Also where a module imported the function by its name."""
        setattr(self.owner, self.name, self.ours)
        if inspect.isclass(self.owner):
            return
        for module in [m for name, m in sys.modules.items() if name.startswith("weasyprint.")]:
            if vars(module).get(self.name) is self.original:
                setattr(module, self.name, self.ours)


REPLACED: tuple[Replaced, ...] = tuple(
    Replaced(owner, name, vars(owner)[name], ours, known)
    for owner, name, ours, known in (*styles.REPLACED, *cells.REPLACED, *writing.REPLACED)
)


def fingerprint(original: Any) -> str:
    """Of the source a replacement was written against."""
    function: Any = original.fget if isinstance(original, property) else original
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:16]


def is_tried() -> bool:
    """Whether the installed versions are those the replacements were written against."""
    return all(version(package) == wanted for package, wanted in TRIED.items())


@cache
def install() -> bool:
    """Put the replacements in place, once in a process; False where the versions are others."""
    if not is_tried():
        log.warning("WeasyPrint is not the version the press was tried with: printing is slower")
        return False
    for each in REPLACED:
        each.put()
    return True
