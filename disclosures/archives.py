"""PURE: office files, which are zip archives, without the moment they were saved at."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip archive can state."""


def settled(content: bytes, replaced: Mapping[str, bytes] | None = None) -> bytes:
    """The archive with the time of no clock inside, so that the same content gives the same
    bytes; ``replaced`` are parts to put in the place of what was saved."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as saved, zipfile.ZipFile(stream, "w") as target:
        for name in saved.namelist():
            part = (replaced or {}).get(name)
            data = saved.read(name) if part is None else part
            target.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
