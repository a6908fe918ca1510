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

CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
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
        return CONVERTER.findall(self.pattern)

    @property
    def model(self) -> str:
        parts = self.pattern.removeprefix(settings.STAFF_PATH).split("/")
        return "/".join(parts[:2]) if {"object_id", "id"} & set(self.wants) else ""

    def addresses(self, values: Values) -> list[str]:
        """The route with every combination of the values of its converters."""
        return list(self._filled(values))

    def _filled(self, values: Values) -> Iterator[str]:
        known: dict[str, Iterable[object]] = dict(values)
        for name in {"object_id", "id"} & set(self.wants):
            known[name] = values.get(f"{self.model} {name}", values.get(self.model, ()))
        lacking = [name for name in self.wants if not list(known.get(name, ()))]
        if lacking:
            raise UnfilledRoute(f"{self.pattern}: no value for {lacking}")
        for chosen in product(*(list(known[name]) for name in self.wants)):
            rest = iter(chosen)
            yield "/" + CONVERTER.sub(lambda _: str(next(rest)), self.pattern)  # noqa: B023


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
