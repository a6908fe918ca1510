"""PURE: texts as WordprocessingML: lines, and changes as Word's own revision marks."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from disclosures.report.characters import MAX_CELL_CHARACTERS, printable
from disclosures.report.marks import DELETED, INSERTED, KEPT, pieces

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_REVISION = {INSERTED: "ins", DELETED: "del"}


def runs(
    text: str,
    *,
    dated: str,
    properties: str = "",
    most: int = MAX_CELL_CHARACTERS,
    stacked: bool = False,
) -> str:
    """The runs of a text. ``dated`` is the day its changes bear, ``properties`` those of a run;
    ``stacked`` ends the line after what was taken out, so that two amounts stay apart."""
    found = pieces(text)
    written = []
    for at, piece in enumerate(found, start=1):
        ends = stacked and piece.kind == DELETED and at < len(found)
        shown = printable(piece.text, most) + "\n" * ends
        written.append(_piece(piece.kind, shown, dated, properties))
    return "".join(written)


def _piece(kind: str, text: str, dated: str, properties: str) -> str:
    tag = "delText" if kind == DELETED else "t"
    lines = (f'<w:{tag} xml:space="preserve">{escape(line)}</w:{tag}>' for line in text.split("\n"))
    run = f"<w:r>{properties}{'<w:br/>'.join(lines)}</w:r>"
    if kind == KEPT:
        return run
    name = _REVISION[kind]
    return f"<w:{name}{_revised(dated)}>{run}</w:{name}>"


def _revised(dated: str) -> str:
    return f' w:id="0" w:author="明账" w:date="{dated}T00:00:00Z"'


def row_revision(texts: Iterable[str], dated: str) -> str:
    """The mark of a row of which every text was put in, or taken out: with it Word adds or
    removes the row and not only its words. Empty for any other row."""
    kinds = {piece.kind for text in texts for piece in pieces(text)}
    name = _REVISION.get(kinds.pop(), "") if len(kinds) == 1 else ""
    return f"<w:{name}{_revised(dated)}/>" if name else ""


def field(instruction: str, shown: str = "") -> str:
    """A field that Word works out itself when it opens the file, such as a page number."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"<w:r><w:t>{escape(shown)}</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def paragraph(style: str, content: str, properties: str = "") -> str:
    """A paragraph of a named style around ready runs."""
    return (
        f'<w:p xmlns:w="{W}"><w:pPr><w:pStyle w:val={quoteattr(style)}/>{properties}</w:pPr>'
        f"{content}</w:p>"
    )
