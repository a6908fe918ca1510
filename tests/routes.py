"""Every address the URL resolver knows, with its converters filled in by a test.

A route with a converter nobody filled raises :class:`UnfilledRoute`, so that a new route cannot
slip past the tests that walk all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

CONVERTER = re.compile(r"<((?:\w+:)?\w+)>")
ALTERNATIVES = re.compile(r"\(\?P<(\w+)>([\w|]+)\)")
ANYTHING = re.compile(r"\(\?P<\w+>\.\*\)")
Values = Mapping[str, Iterable[object]]


class UnfilledRoute(Exception):
    """A route holds a converter for which the test gives no value."""


@dataclass(frozen=True, slots=True)
class Route:
    """One pattern as the resolver spells it; ``model`` is "app/model" for the admin's pages."""

    pattern: str
    name: str

    @property
    def is_staff(self) -> bool:
        return self.pattern.startswith(settings.STAFF_PATH)

    @property
    def wants(self) -> list[str]:
        """The names of its converters."""
        return [found.rpartition(":")[2] for found in self._converters()]

    @property
    def model(self) -> str:
        parts = self.pattern.removeprefix(settings.STAFF_PATH).split("/")
        return "/".join(parts[:2]) if {"object_id", "id"} & set(self.wants) else ""

    def addresses(self, values: Values) -> list[str]:
        """The route with every combination of the values of its converters."""
        return list(self._filled(values))

    def _filled(self, values: Values) -> Iterator[str]:
        choices = [list(self._values_of(found, values)) for found in self._converters()]
        for chosen in product(*choices):
            rest = map(str, chosen)
            yield "/" + CONVERTER.sub(lambda _, rest=rest: next(rest), self.pattern)

    def _converters(self) -> list[str]:
        return CONVERTER.findall(self.pattern)

    def _values_of(self, found: str, values: Values) -> Iterable[object]:
        """The values of a converter, the closest first: of its model, its kind, its name."""
        name = found.rpartition(":")[2]
        own = self.model if name in {"object_id", "id"} else ""
        for key in (f"{own} {name}", own, found, name):
            if key in values:
                return values[key]
        raise UnfilledRoute(f"{self.pattern}: no value for {found}")


def all_routes() -> list[Route]:
    """Every route of the project, the admin's own included."""
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, before: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield from (Route(plain, entry.name or "") for plain in _plain(pattern))
        else:
            yield from _walk(entry, pattern)


def _plain(pattern: str) -> Iterator[str]:
    """A pattern written as a regular expression, spelled out; others as they are."""
    if "(?P<" not in pattern:
        yield pattern
        return
    pattern = ANYTHING.sub("no-such-page/", pattern.replace("^", "").replace("$", ""))
    found = ALTERNATIVES.search(pattern)
    words = found[2].split("|") if found else [""]
    yield from (ALTERNATIVES.sub(word, pattern) for word in words)
