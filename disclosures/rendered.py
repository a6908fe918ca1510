"""Finished files of a filing: their bytes on disk, their row in the database."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from disclosures import storage
from disclosures.models import RenderedFile
from filings.models import Filing, Snapshot

PDF = "application/pdf"
TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """Bytes to keep. ``pages`` is 0 where the reader's program decides; ``title`` is that of
    what is not the whole report, empty otherwise."""

    content: bytes
    pages: int = 0
    suffix: str = "pdf"
    media_type: str = PDF
    title: str = ""


@transaction.atomic
def keep_file(
    *, filing: Filing, file: FinishedFile, source: str, is_draft: bool, snapshot: Snapshot | None
) -> RenderedFile:
    """Store the file under the hash of what it was made from; a second one changes nothing."""
    path, sha256 = storage.keep(file.content, official=not is_draft, suffix=file.suffix)
    rendered, _ = RenderedFile.objects.get_or_create(
        filing=filing,
        source_sha256=source,
        is_draft=is_draft,
        defaults={
            "snapshot": snapshot,
            "path": path,
            "sha256": sha256,
            "size": len(file.content),
            "pages": file.pages,
            "title": file.title[:TITLE_LENGTH],
            "media_type": file.media_type,
        },
    )
    return rendered
