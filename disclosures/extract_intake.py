"""Extracts of published documents as files: read behind the gate, kept with their filing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import transaction

from budgets.excel.confined import Stopped, sheets_confined
from budgets.problems import problem
from budgets.uploads import refuse
from departments.models import StaffMember
from disclosures.filing_package import FilingPackage
from disclosures.models import PrintedExtract
from disclosures.printed_extract.reading import ReadExtract, dump, read_json, read_rows
from disclosures.printed_extract.template import package_sheets
from disclosures.printed_extract.values import Extract
from filings.models import Filing
from filings.services import record


@dataclass(frozen=True, slots=True)
class KeptExtract:
    """An extract with the row it is kept in."""

    row: PrintedExtract
    extract: Extract


def read_file(data: bytes, package: FilingPackage) -> ReadExtract:
    """A workbook or JSON document as an extract; whatever is wrong with it is a finding."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return read_json(data)
    refused = refuse(data)
    if refused:
        return ReadExtract(None, refused)
    try:
        sheets = sheets_confined(data)
    except Stopped:
        stopped = problem("IM-111", "读取文件时超出了内存或时间限制，已中止，没有写入任何内容。")
        return ReadExtract(None, [stopped])
    return read_rows(sheets, package_sheets(package))


@transaction.atomic
def keep_extract(
    *, filing: Filing, staff: StaffMember, name: str, extract: Extract
) -> PrintedExtract:
    """Keep an extract beside a filing in place of the one before. The filing itself stays as it is,
    so this is possible in every state of it."""
    content = dump(extract)
    kept, _ = PrintedExtract.objects.update_or_create(
        filing=filing,
        defaults={
            "name": name,
            "content": content.decode(),
            "sha256": hashlib.sha256(content).hexdigest(),
            "lines": extract.count,
            "kept_by": staff,
        },
    )
    record(filing=filing, staff=staff, action="keep_extract", detail={"sha256": kept.sha256})
    return kept


def extract_of(filing: Filing, staff: StaffMember) -> KeptExtract | None:
    """The extract kept beside a filing, ``None`` without one this person may see."""
    rows = PrintedExtract.objects.visible_to(staff).select_related("kept_by")
    row = rows.filter(filing=filing).first()
    if row is None:
        return None
    extract = read_json(row.content.encode()).extract
    return None if extract is None else KeptExtract(row, extract)
