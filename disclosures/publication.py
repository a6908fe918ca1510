"""What is published: read from the frozen snapshot, never from the rows of today."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from disclosures import storage
from disclosures.file_contents import FileUnreadable, attachments_of
from disclosures.filing_package import FilingPackage
from disclosures.models import RenderedFile
from disclosures.official import TABLES_FILE
from disclosures.package import PUBLIC, document, dump, public
from disclosures.results import FilingResults
from filings.models import Filing, Snapshot, SnapshotPurpose
from filings.services import content_of
from rulebook.codec import from_json


class NotPublished(LookupError):
    """The filing has nothing the public may see; ``str`` says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class FrozenFiling:
    """A frozen filing read back: what was handed in and everything computed from it then."""

    package: FilingPackage
    results: FilingResults
    sha256: str


@dataclass(frozen=True, slots=True)
class PublishedContent:
    """One published version: its public package with results, the data file, the PDF and the
    workbook of its tables, which a PDF of earlier times does not carry."""

    package: FilingPackage
    results: FilingResults
    sha256: str
    pdf: RenderedFile
    json_bytes: bytes
    tables: bytes | None


def thaw(snapshot: Snapshot) -> FrozenFiling:
    """Read a snapshot back. Raises SnapshotDamaged when its bytes were changed."""
    return _thawed(content_of(snapshot), snapshot.sha256)


@lru_cache(maxsize=16)
def _public_bytes(content: bytes, sha256: str) -> bytes:
    """The public data file of frozen bytes; made once, read by every visitor."""
    frozen = _thawed(content, sha256)
    return public_document(frozen.package, frozen.results)


@lru_cache(maxsize=16)
def _thawed(content: bytes, sha256: str) -> FrozenFiling:
    found = json.loads(content)
    package = from_json(FilingPackage, found["package"])
    return FrozenFiling(package, from_json(FilingResults, found["results"]), sha256)


def _tables_of(pdf: RenderedFile) -> bytes | None:
    """The workbook inside the published PDF: the very file its last page prints the hash of."""
    try:
        return _tables_within(pdf.path)
    except (storage.FileDamaged, FileUnreadable):
        return None


@lru_cache(maxsize=16)
def _tables_within(path: str) -> bytes | None:
    """Read once for all visitors; a stored path names its content."""
    return attachments_of(storage.path_of(path).read_bytes()).get(TABLES_FILE)


def approved_snapshot(filing: Filing) -> Snapshot:
    """The snapshot that was approved last. Raises NotPublished without one."""
    found = filing.snapshots.filter(purpose=SnapshotPurpose.APPROVAL).order_by("-id").first()
    if found is None:
        raise NotPublished(f"{filing}还没有审核通过，没有可以公开的底稿。")
    return found


def public_results(package: FilingPackage, results: FilingResults) -> FilingResults:
    """Results without what only reviewers need: findings, and withheld derived rows."""
    hidden = {(row.sheet, row.row) for book in package.books for row in book.withheld}
    return FilingResults(
        rules=results.rules,
        derived=tuple(c for c in results.derived if (c.sheet, c.row) not in hidden),
        findings=(),
        scorecards=results.scorecards,
        report=results.report,
    )


def public_document(package: FilingPackage, results: FilingResults) -> bytes:
    """The public data package, which the portal offers and the PDF carries."""
    shown = public_results(package, results)
    return dump(document(public(package), shown, profile=PUBLIC))


def published_content(filing: Filing) -> PublishedContent:
    """What the public may read of a published version. Raises NotPublished for any other."""
    if filing.published_at is None or filing.state != "published":
        raise NotPublished(f"{filing}没有公开。")
    snapshot = approved_snapshot(filing)
    pdf = RenderedFile.objects.of_snapshot(snapshot).first()
    if pdf is None:
        raise NotPublished(f"{filing}没有公开。")
    content = content_of(snapshot)
    frozen = _thawed(content, snapshot.sha256)
    return PublishedContent(
        package=public(frozen.package),
        results=public_results(frozen.package, frozen.results),
        sha256=snapshot.sha256,
        pdf=pdf,
        json_bytes=_public_bytes(content, snapshot.sha256),
        tables=_tables_of(pdf),
    )
