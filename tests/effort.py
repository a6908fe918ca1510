"""How much a run tries: everything in CI, enough elsewhere."""

from __future__ import annotations

import os

IN_CI = bool(os.environ.get("MINGZHANG_ALL_TESTS"))


def examples(full: int) -> int:
    """How many examples hypothesis draws: ``full`` in CI, a quarter of them elsewhere."""
    return full if IN_CI else full // 4
