"""HTML → PDF: the only import of WeasyPrint in the project.

The file is written to PDF/A-3a and tagged for PDF/UA-1, carries what is attached, and is the same
byte for byte whenever it is made from the same input. No validator has certified it.
"""

from __future__ import annotations

import atexit
import gc
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pydyf
from django.conf import settings
from weasyprint import Attachment, Document
from weasyprint.formatting_structure.boxes import Box, TableRowBox
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from disclosures import press
from disclosures.press.source import page_of
from disclosures.tags import tie_tables

MEDIA_TYPES = {".css": "text/css", ".otf": "font/otf", ".ttf": "font/ttf"}
STAGES = ("排版", "写成文件", "完成")

# It tells of every page at INFO; what a person needs is told through ``progress``.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

Progress = Callable[[str], None]

# ISO 14289-1, told in the metadata of a PDF/A file, whose schema has to be described in place.
UA_DECLARATION = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


class AssetRefused(Exception):
    """The HTML asked for something that is not ours; nothing was fetched, nothing was made."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file inside the PDF; the media type follows from the suffix of ``name``."""

    name: str
    description: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PrintedFile:
    """A finished PDF, how many pages it has, and where its tables run over pages."""

    content: bytes
    pages: int
    breaks: Mapping[str, frozenset[int]]


class AssetFetcher(URLFetcher):
    """Gives out decoded faces and style sheets under ``asset:///``, refuses everything else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"asset"}, allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        path = asset_path(url)
        return URLFetcherResponse(
            url, path.read_bytes(), {"Content-Type": MEDIA_TYPES[path.suffix]}
        )


def asset_path(url: str) -> Path:
    """``asset:///fonts/…`` or ``asset:///static/…`` → its file; raises AssetRefused."""
    roots = {"fonts": settings.FONT_ROOT, "static": settings.BASE_DIR / "static"}
    parts = urlsplit(url)
    folder, _, name = unquote(parts.path).lstrip("/").partition("/")
    if parts.scheme != "asset" or parts.netloc or folder not in roots:
        raise AssetRefused(url[:200])
    root = Path(roots[folder]).resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or path.suffix not in MEDIA_TYPES or not path.is_file():
        raise AssetRefused(url[:200])
    return path


def render_pdf(
    html: str,
    *,
    identifier: str,
    title: str,
    author: str,
    dated: date,
    language: str = "zh-CN",
    attachments: Sequence[AttachedFile] = (),
    progress: Progress | None = None,
) -> PrintedFile:
    """The printed file. ``identifier`` (the snapshot's hash) and ``dated`` stand in for chance
    and clock; ``progress`` is called with each of STAGES as it begins."""
    tell = progress or (lambda stage: None)

    def print_file() -> PrintedFile:
        tell(STAGES[0])
        document = _layout(html)
        _describe(document, title=title, author=author, dated=dated, language=language)
        tell(STAGES[1])
        content: bytes = document.write_pdf(
            pdf_variant="pdf/a-3a",
            pdf_identifier=identifier.encode(),
            attachments=[_attachment(file, dated) for file in attachments],
            finisher=_finish,
        )
        return PrintedFile(content, len(document.pages), _breaks(document))

    with _one_document():
        printed = print_file()
    tell(STAGES[2])
    return printed


def page_breaks(html: str) -> dict[str, frozenset[int]]:
    """For each table with a data-anchor that runs over pages: the body rows that begin a page."""
    with _one_document():
        return _breaks(_layout(html))


def _breaks(document: Document) -> dict[str, frozenset[int]]:
    rows: dict[str, list[Any]] = {}
    breaks: dict[str, set[int]] = {}
    for page in document.pages:
        _follow_page(page._page_box, rows, breaks)
    return {anchor: frozenset(found) for anchor, found in breaks.items()}


def _follow_page(page: Box, rows: dict[str, list[Any]], breaks: dict[str, set[int]]) -> None:
    continued = set(rows)
    for anchor, row in _body_rows(page):
        seen = rows.setdefault(anchor, [])
        if row in seen[-1:]:  # it broke inside: the page begins with the rest of it
            continued.discard(anchor)
            continue
        if anchor in continued:
            breaks.setdefault(anchor, set()).add(len(seen))
            continued.discard(anchor)
        seen.append(row)


def _body_rows(box: Box, anchor: str = "", body: bool = False) -> Iterator[tuple[str, Any]]:
    if box.element_tag == "table" and box.element is not None:
        anchor = box.element.get("data-anchor", "")
    if isinstance(box, TableRowBox) and body:
        yield anchor, box.element
        return
    for child in getattr(box, "children", ()):
        yield from _body_rows(child, anchor, body or box.element_tag == "tbody")


def _layout(html: str) -> Document:
    press.install()
    return page_of(html, "asset:///", AssetFetcher()).render(font_config=_fonts(os.getpid()))


@cache
def _fonts(process: int) -> FontConfiguration:
    """The faces as this process has loaded them. Loaded anew for each document they cost time and
    half a megabyte that the C libraries never give back."""
    atexit.register(forget_fonts)
    return FontConfiguration()


def forget_fonts() -> None:
    """Delete the copies of the faces a process made for itself; the next document loads them.

    They go with the configuration, and that with the last document that was set with it.
    """
    _fonts.cache_clear()
    gc.collect()


@contextmanager
def _one_document() -> Iterator[None]:
    """The collector finds nothing during a layout and costs a quarter of its time; afterwards
    it has to run, or the next document comes on top of this one. It looks only at what is new, so
    nothing may hold the document any more when the block ends."""
    enabled, frozen = gc.isenabled(), gc.get_freeze_count()
    gc.disable()
    if not frozen:  # a web server's parent froze what its workers share
        gc.freeze()
    try:
        yield
    except FatalURLFetchingError as error:
        raise AssetRefused(str(error)) from error
    finally:
        gc.collect()
        if not frozen:
            gc.unfreeze()
        if enabled:
            gc.enable()


def _describe(document: Document, *, title: str, author: str, dated: date, language: str) -> None:
    metadata = document.metadata
    metadata.title, metadata.authors, metadata.lang = title, [author], language
    metadata.created = metadata.modified = dated.isoformat()


def _attachment(file: AttachedFile, dated: date) -> Attachment:
    moment = datetime.combine(dated, time())
    return Attachment(
        file_obj=BytesIO(file.content),
        base_url="asset:///",
        url_fetcher=AssetFetcher(),
        name=file.name,
        description=file.description,
        created=moment,
        modified=moment,
        relationship="Data",
    )


def _finish(document: Document, pdf: pydyf.PDF) -> None:
    """What the two standards want and WeasyPrint leaves out."""
    metadata = _object(pdf, pdf.catalog["Metadata"])
    end = b"</rdf:RDF>"
    metadata.stream = [part.replace(end, UA_DECLARATION + end) for part in metadata.stream]
    boxes = (page._page_box for page in document.pages)
    tie_tables(boxes, _object(pdf, pdf.catalog["StructTreeRoot"]))
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
        _name_attachments(pdf)


def _name_attachments(pdf: pydyf.PDF) -> None:
    """Each file under its Chinese name everywhere; older fields get it in bytes of no encoding."""
    named = []
    for reference in pdf.catalog["AF"]:
        file = _object(pdf, reference)
        file["F"] = file["UF"]
        named.append((file["UF"], reference))
    named.sort(key=lambda pair: pair[0].data)
    files = _object(pdf, pdf.catalog["Names"]["EmbeddedFiles"])
    files["Names"] = pydyf.Array(chain.from_iterable(named))


def _object(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
