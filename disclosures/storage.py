"""Rendered files on disk: named by content, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

OFFICIAL, DRAFTS = "reports", "drafts"


def folder(name: str) -> Path:
    found = Path(settings.PUBLISHED_ROOT) / name
    found.mkdir(parents=True, exist_ok=True)
    return found


def fingerprint(content: bytes) -> str:
    """SHA-256, under which a file is stored and published."""
    return hashlib.sha256(content).hexdigest()


def keep(content: bytes, *, official: bool, suffix: str = "pdf") -> tuple[str, str]:
    """Store bytes under their SHA-256; returns (path relative to the root, SHA-256).

    The file appears under its name only when it is complete, so a killed worker or a full disk
    leaves nothing half written.
    """
    sha256 = fingerprint(content)
    place = folder(OFFICIAL if official else DRAFTS)
    target = place / f"{sha256}.{suffix}"
    if not target.exists():
        handle, temporary = tempfile.mkstemp(dir=place, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    return target.relative_to(settings.PUBLISHED_ROOT).as_posix(), sha256


class FileDamaged(Exception):
    """A stored file is missing or no longer has its fingerprint."""


def path_of(relative: str) -> Path:
    """The file of a stored path. Raises FileDamaged when it is missing or outside the root."""
    root = Path(settings.PUBLISHED_ROOT).resolve()
    found = (root / relative).resolve()
    if not found.is_relative_to(root) or not found.is_file():
        raise FileDamaged(relative)
    return found


def is_kept(relative: str) -> bool:
    """Whether the file of a stored path is there."""
    try:
        return path_of(relative).is_file()
    except FileDamaged:
        return False
