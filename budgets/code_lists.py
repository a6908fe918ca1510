"""Large lists as jobs: kept as files, read row by row, imported whole or not at all."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from budgets.bulk import BulkResult, columns_of, import_codes
from budgets.bulk_lists import columns_of_list, import_list_rows
from budgets.catalogues import MODELS
from budgets.excel.confined import Stopped, list_rows_confined
from budgets.excel.gate import inspect
from budgets.problems import problem
from budgets.resources import encoding_of
from budgets.uploads import write_once
from budgets.words import clean_words
from departments.models import StaffMember
from filings.jobs import JobRefused, Report, register, request_job
from filings.models import Job, JobKind, JobState
from rulebook.amounts import normalize
from rulebook.codec import to_json
from rulebook.findings import Finding

FOLDER = "lists"
LARGE = 2_000  # rows; a longer list is not previewed in the page but imported as a job
MOST_ROWS = 200_000
MOST_LIST_CELLS = 1_500_000
ARCHIVE = b"PK\x03\x04"


def rows_in(data: bytes) -> int:
    """How many lines a list has; 0 for a file that the gate refuses."""
    if not data.startswith(ARCHIVE):
        return data.count(b"\n")
    if inspect(data, most_bytes=settings.UPLOAD_MAX_BYTES, most_cells=MOST_LIST_CELLS):
        return 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return max((archive.read(name).count(b"<row") for name in sheets), default=0)


def as_csv(data: bytes) -> tuple[bytes, list[Finding]]:
    """A list as UTF-8 CSV whatever it came as, or why it is refused."""
    if not data.startswith(ARCHIVE):
        try:
            return data.decode(encoding_of(data)).encode(), []
        except UnicodeDecodeError:
            return b"", [problem("IM-103", "文字编码无法识别，请另存为 UTF-8 的 CSV 或 XLSX。")]
    most = settings.UPLOAD_MAX_BYTES
    if findings := inspect(data, most_bytes=most, most_cells=MOST_LIST_CELLS):
        return b"", findings
    try:
        return list_rows_confined(data), []
    except Stopped:
        return b"", [problem("IM-111", "读取文件时超出了内存或时间限制，已中止。")]


def request_list(*, name: str, staff: StaffMember, data: bytes) -> tuple[Job | None, list[Finding]]:
    """Keep a large list and ask for its import; without a job there are findings.

    ``name`` is a catalogue's or a list's key.
    """
    text, findings = as_csv(data)
    wanted = headers_wanted(name)
    if not findings:
        findings = _header_findings(text, wanted)
    if findings:
        return None, findings
    digest = hashlib.sha256(text).hexdigest()
    path = f"{FOLDER}/{digest[:2]}/{digest}.csv"
    write_once(path, text)
    arguments = {"catalogue": name, "path": path, "sha256": digest}
    kind = JobKind.IMPORT_WORKBOOK
    before = Job.objects.filter(kind=kind, arguments=arguments, state=JobState.DONE).count()
    key = f"{digest[:32]}-{name[:8]}-{staff.pk}-{before}"[:64]  # once done it may be done again
    return request_job(kind=kind, key=key, filing=None, staff=staff, arguments=arguments), []


def headers_wanted(name: str) -> list[str]:
    """The headers of the file of a catalogue or a list."""
    return list(columns_of(MODELS[name]).values()) if name in MODELS else columns_of_list(name)


def _header_findings(text: bytes, wanted: list[str]) -> list[Finding]:
    headers = next(csv.reader(io.StringIO(text[:10_000].decode(errors="ignore"))), [])
    known = {normalize(header) for header in headers}
    missing = [name for name in wanted if name not in known]
    if missing:
        return [problem("IM-127", f"第一行缺少列：{'、'.join(missing)}。")]
    if rows_in(text) > MOST_ROWS:
        return [problem("IM-107", f"超过 {MOST_ROWS} 行。")]
    return []


def rows_of_file(path: Path, wanted: list[str]) -> Iterator[list[str]]:
    """The rows of a kept list, one at a time."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        headers = [normalize(header) for header in next(reader, [])]
        at = [headers.index(name) for name in wanted]
        for row in reader:
            cells = [clean_words(row[i]) if i < len(row) else "" for i in at]
            if any(cells):
                yield cells


@register(JobKind.IMPORT_WORKBOOK)
def import_list(job: Job, report: Report) -> Mapping[str, Any]:
    """Import the list of a job; running it again changes nothing."""
    name = job.arguments["catalogue"]
    path: Path = settings.MEDIA_ROOT / job.arguments["path"]
    data_hash = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    if data_hash != job.arguments["sha256"]:
        raise JobRefused("保存的文件已不可用，请重新上传。")
    with path.open("rb") as file:
        lines = max(1, sum(1 for _ in file) - 1)

    def progress(done: int) -> None:
        report(min(99, done * 100 // lines), f"已检查 {done} 行，共约 {lines} 行")

    rows = rows_of_file(path, headers_wanted(name))
    if name in MODELS:
        return _words(import_codes(model=MODELS[name], rows=rows, report=progress))
    staff = job.requested_by
    return _words(import_list_rows(key=name, staff=staff, rows=rows, report=progress))


def _words(found: BulkResult) -> Mapping[str, Any]:
    return {
        "created": found.created,
        "changed": found.changed,
        "same": found.same,
        "wrong": found.wrong,
        "findings": [to_json(finding) for finding in found.findings],
    }
