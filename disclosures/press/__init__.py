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
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

from disclosures.press import cells, styles, writing

__all__ = ["REPLACED", "TRIED", "Replaced", "install", "is_tried"]

log = logging.getLogger(__name__)

TRIED = {"weasyprint": "70.0", "pydyf": "0.13.0"}


@dataclass(frozen=True, slots=True)
class Replaced:
    """A function, or a property or method of a class, and what stands for it.

    ``fingerprint`` is of its source: a test compares it, so that no new version is taken for the
    one this was written against.
    """

    owner: Any
    name: str
    ours: Any
    fingerprint: str

    @property
    def original(self) -> Any:
        return vars(self.owner)[self.name]

    def put(self) -> None:
        """Where a module imported the function by its name, there too."""
        original = self.original
        setattr(self.owner, self.name, self.ours)
        if inspect.isclass(self.owner):
            return
        for module in [m for name, m in sys.modules.items() if name.startswith("weasyprint.")]:
            if vars(module).get(self.name) is original:
                setattr(module, self.name, self.ours)


REPLACED: tuple[Replaced, ...] = tuple(
    Replaced(*each) for each in (*styles.REPLACED, *cells.REPLACED, *writing.REPLACED)
)


def fingerprint(replaced: Callable[..., Any] | property) -> str:
    """Of the source a replacement was written against."""
    function = replaced.fget if isinstance(replaced, property) else replaced
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:16]  # type: ignore[arg-type]


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
