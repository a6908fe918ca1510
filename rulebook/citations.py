"""Citations: which document a rule comes from, as it is printed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from rulebook.editions import DATA, read_toml


@dataclass(frozen=True, slots=True)
class Citation:
    """A document, or an article of it, that a rule rests on.

    ``document_no`` and ``issued_on`` are empty where they are not known. ``verified`` is false
    where they come from general knowledge, which every print of the citation says.
    """

    document_no: str
    title: str
    article: str = ""
    issued_on: date | None = None
    verified: bool = False

    @property
    def text(self) -> str:
        """《地方预决算公开操作规程》（财预〔2016〕143号）第十条, with 未核实 where it applies."""
        number = f"（{self.document_no}）" if self.document_no else ""
        doubt = "" if self.verified else "（未核实）"
        return f"《{self.title}》{number}{self.article}{doubt}"


@cache
def documents() -> dict[str, Citation]:
    """All documents of ``rulebook/data/documents.toml`` by key."""
    return {
        raw["key"]: Citation(
            document_no=raw["document_no"],
            title=raw["title"],
            issued_on=raw.get("issued_on"),
            verified=raw["verified"],
        )
        for raw in read_toml(DATA / "documents.toml")["document"]
    }


def cite(key: str, article: str = "") -> Citation:
    """The document of a key, or one article of it. Raises KeyError for an unknown key."""
    return replace(documents()[key], article=article)
