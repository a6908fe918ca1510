"""The official file of a report: sealed, and with its data attached."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

from disclosures.pdf import AttachedFile, PrintedFile, Progress
from disclosures.printing import print_report
from disclosures.report.blocks import Report
from disclosures.report.closing import Seal, sealed
from disclosures.report.spreadsheet import tables_workbook

DATA_FILE, TABLES_FILE = "data-package.json", "tables.xlsx"
DESCRIPTIONS = {DATA_FILE: "本报告的数据包（公开）", TABLES_FILE: "本报告的全部表格"}


def print_official(
    report: Report,
    *,
    snapshot: str,
    dated: date,
    data: bytes,
    progress: Progress | None = None,
) -> PrintedFile:
    """The official file of a snapshot (its SHA-256), frozen on the day ``dated``; ``data`` is the
    public data package."""
    attached = {DATA_FILE: data, TABLES_FILE: tables_workbook(report, dated=dated)}
    return print_sealed(
        report, snapshot=snapshot, dated=dated, attached=attached, progress=progress
    )


def print_sealed(
    report: Report,
    *,
    snapshot: str,
    dated: date,
    attached: Mapping[str, bytes],
    progress: Progress | None = None,
) -> PrintedFile:
    """The official file with attachments already made."""
    return print_report(
        sealed(report, seal_of(snapshot, dated, attached)),
        identifier=snapshot,
        dated=dated,
        attachments=[
            AttachedFile(name, DESCRIPTIONS[name], content) for name, content in attached.items()
        ],
        progress=progress,
    )


def seal_of(snapshot: str, dated: date, attached: Mapping[str, bytes]) -> Seal:
    """What the official file with these attachments says of itself."""
    hashes = ((name, hashlib.sha256(content).hexdigest()) for name, content in attached.items())
    return Seal(snapshot, dated, tuple(hashes))
