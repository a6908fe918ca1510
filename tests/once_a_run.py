"""Bytes that take seconds to make, made by the first worker of a run that asks for them."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from functools import wraps
from pathlib import Path

_folder: Path | None = None


def share_in(folder: Path) -> None:
    """Name the folder that the workers of this run have in common.

    It stays in this process: one that a test starts makes its own bytes to compare.
    """
    global _folder
    _folder = folder


def once_a_run(make: Callable[[str], bytes]) -> Callable[[str], bytes]:
    """``make`` is called once for each name; a worker that asks meanwhile waits."""

    @wraps(make)
    def made(name: str) -> bytes:
        if _folder is None:
            return make(name)
        kept = _folder / f"{make.__name__} {name}"
        with Path(f"{kept}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                kept.write_bytes(make(name))
            return kept.read_bytes()

    return made
