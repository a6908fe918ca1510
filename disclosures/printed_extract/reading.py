"""PURE: a filled workbook or a JSON document back into an extract, or what is wrong by cell.

Whole or nothing: with any finding there is no extract.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter

from disclosures.printed_extract.columns import (
    COVER,
    DECLARED_UNITS,
    EXTRACT_SHEETS,
    FIRST_ROW,
    FORMAT,
    FORMAT_VERSION,
    HEADER_ROW,
    MARK,
    MARK_LABEL,
    MONEY_LABEL,
    TITLE_LABEL,
    ExtractColumn,
    ExtractSheet,
    Reader,
)
from disclosures.printed_extract.readings import PER_CENT
from disclosures.printed_extract.subject import rule
from disclosures.printed_extract.values import Extract
from rulebook.amounts import AmountError, normalize, parse_number
from rulebook.checks import Check, Verdict, finding_of
from rulebook.codec import JSON, CodecError, from_json, to_json
from rulebook.findings import Finding, Scope

Rows = Sequence[Sequence[str]]
LONGEST = 500
MOST_LINES = 5000
LARGEST_LINE = 1_000_000
_LINES = re.compile(r"[+-]?\d{1,7}([+-]\d{1,7})*", re.ASCII)
_WHOLE = re.compile(r"\d{1,7}", re.ASCII)

UNREADABLE: Check = rule(
    "PD-101", "摘录的单元格可以读", "请改正这一格后重新上传。", scope=Scope.WITHIN_SHEET
)
NO_EXTRACT: Check = rule(
    "PD-102",
    "文件是公开件摘录",
    "请从“核对公开件”页下载模板，填好后上传；不要改动表名和表头。",
    scope=Scope.WITHIN_SHEET,
)
READING_CHECKS: tuple[Check, ...] = (UNREADABLE, NO_EXTRACT)


@dataclass(slots=True)
class ReadExtract:
    """What reading gave: the extract, or the findings that say why there is none."""

    extract: Extract | None = None
    findings: list[Finding] = field(default_factory=list)


class _Unread(ValueError):
    """A cell that does not hold what its column is for; the reason in Chinese."""


def _refused(message: str) -> ReadExtract:
    return ReadExtract(None, [finding_of(NO_EXTRACT, Verdict((), "", None, None, message))])


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────


def dump(extract: Extract) -> bytes:
    """The JSON document of an extract."""
    content: JSON = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "extract": to_json(extract),
    }
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def read_json(data: bytes) -> ReadExtract:
    """Read a JSON document; a mistake in it is a finding, nothing is raised for bad data."""
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        return _refused("文件不是 UTF-8 编码的 JSON。")
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return _refused("文件不是公开件摘录。")
    if content.get("format_version") != FORMAT_VERSION:
        return _refused(f"摘录的版本应为 {FORMAT_VERSION}。")
    try:
        extract = from_json(Extract, content.get("extract"))
    except CodecError as error:
        return _refused(str(error))
    found = [finding for sheet in EXTRACT_SHEETS for finding in _repeated(extract, sheet)]
    return ReadExtract(None, found) if found else ReadExtract(extract)


def _repeated(extract: Extract, sheet: ExtractSheet) -> Iterator[Finding]:
    seen: set[int] = set()
    for line in getattr(extract, sheet.field):
        if line.line in seen:
            message = f"“{sheet.title}”的行号 {line.line} 出现了不止一次。"
            yield finding_of(
                UNREADABLE, Verdict((), sheet.title, Decimal(line.line), None, message)
            )
        seen.add(line.line)


# ── XLSX ────────────────────────────────────────────────────────────────────────────────────────


def read_rows(sheets: Mapping[str, Rows], titles: Mapping[str, str]) -> ReadExtract:
    """Read the sheets of a workbook as text; ``titles`` are the filing's sheets, key → title."""
    cover = {row[0]: row[1] for row in sheets.get(COVER, ()) if len(row) > 1}
    if cover.get(MARK_LABEL) != MARK:
        return _refused("文件里没有公开件摘录模板的标识。")
    missing = [sheet.title for sheet in EXTRACT_SHEETS if not _has_header(sheet, sheets)]
    if missing:
        return _refused(f"缺少表，或表头被改动：{'、'.join(missing)}。")
    read = ReadExtract()
    keys = {title: key for key, title in titles.items()}
    found: dict[str, Any] = {
        sheet.field: tuple(_lines(sheet, sheets[sheet.title], keys, read.findings))
        for sheet in EXTRACT_SHEETS
    }
    unit = cover.get(MONEY_LABEL, "") or DECLARED_UNITS[0]
    if unit not in DECLARED_UNITS:
        words = f"“{unit}”不是{'或'.join(DECLARED_UNITS)}"
        read.findings.append(_finding(COVER, "B2", words))
    if not read.findings:
        read.extract = Extract(cover.get(TITLE_LABEL, "")[:LONGEST], unit, **found)
    return read


def _has_header(sheet: ExtractSheet, sheets: Mapping[str, Rows]) -> bool:
    rows = sheets.get(sheet.title, ())
    if len(rows) < HEADER_ROW:
        return False
    header = [text.split("\n")[0].strip() for text in rows[HEADER_ROW - 1]]
    return header[: len(sheet.columns)] == [column.label for column in sheet.columns]


def _finding(sheet: str, cell: str, words: str) -> Finding:
    label = f"“{sheet}”{cell}"
    verdict = Verdict((f"upload/{sheet}/{cell}",), label, None, None, f"{label}：{words}。")
    return finding_of(UNREADABLE, verdict)


def _lines(
    sheet: ExtractSheet, rows: Rows, keys: Mapping[str, str], findings: list[Finding]
) -> Iterator[Any]:
    """The filled lines of a sheet; a row with nothing but its number is none."""
    seen: set[int] = set()
    width = len(sheet.columns)
    for number, row in enumerate(rows[FIRST_ROW - 1 :], FIRST_ROW):
        texts = [*(text.strip() for text in row[:width]), *[""] * (width - len(row))]
        if not any(texts[1:]):
            continue
        values: dict[str, Any] = {}
        for at, (column, text) in enumerate(zip(sheet.columns, texts, strict=True), 1):
            try:
                values[column.field] = _value(column, text, keys)
            except _Unread as error:
                cell = f"{get_column_letter(at)}{number}"
                findings.append(_finding(sheet.title, cell, f"{column.label}{error}"))
        if values.get("line") in seen:
            findings.append(_finding(sheet.title, f"A{number}", f"行号 {values['line']} 已经用过"))
        elif len(values) == width:
            seen.add(values["line"])
            yield sheet.kind(**_as_printed(sheet, values, texts))
        if len(seen) > MOST_LINES:
            findings.append(_finding(sheet.title, f"A{number}", f"超过 {MOST_LINES} 行"))
            return


def _as_printed(
    sheet: ExtractSheet, values: dict[str, Any], texts: Sequence[str]
) -> dict[str, Any]:
    """A figure typed with its per-cent sign needs no unit beside it."""
    at = next((n for n, column in enumerate(sheet.columns) if column.field == "unit"), None)
    if at is not None and not values["unit"] and normalize(texts[at - 1]).endswith(PER_CENT):
        values["unit"] = PER_CENT
    return values


def _value(column: ExtractColumn, text: str, keys: Mapping[str, str]) -> Any:
    if column.reader is Reader.NUMBER:
        return _number(column, text)
    if not text and column.required:
        raise _Unread("没有填写")
    if len(text) > LONGEST:
        raise _Unread(f"超过 {LONGEST} 个字")
    return _READERS.get(column.reader, _text)(column, text, keys)


def _number(column: ExtractColumn, text: str) -> Decimal | None:
    try:
        number = parse_number(normalize(text).removesuffix(PER_CENT))
    except AmountError as error:
        raise _Unread(f"“{text[:40]}”{error}") from error
    if number is None and column.required:
        raise _Unread("没有填写")
    if number is not None and abs(number) >= 10**16:
        raise _Unread("数过大")
    return number


def _text(column: ExtractColumn, text: str, keys: Mapping[str, str]) -> str:
    return text


def _whole(column: ExtractColumn, text: str, keys: Mapping[str, str]) -> int | None:
    if not text:
        return None
    if not _WHOLE.fullmatch(text) or int(text) > LARGEST_LINE:
        raise _Unread(f"“{text[:40]}”不是整数")
    return int(text)


def _references(column: ExtractColumn, text: str, keys: Mapping[str, str]) -> tuple[int, ...]:
    plain = normalize(text).replace(" ", "")
    if not plain:
        return ()
    if not _LINES.fullmatch(plain):
        raise _Unread(f"“{text[:40]}”不是行号的加减，如 12+13-14")
    return tuple(int(part) for part in re.findall(r"[+-]?\d+", plain))


def _choice(column: ExtractColumn, text: str, keys: Mapping[str, str]) -> Any:
    meaning = column.meaning or {}
    if text not in meaning:
        raise _Unread(f"“{text[:40]}”不是{'、'.join(meaning)}之一")
    return meaning[text]


def _flag(column: ExtractColumn, text: str, keys: Mapping[str, str]) -> bool:
    if text not in {"", *column.choices}:
        raise _Unread(f"“{text[:40]}”应为“是”或空白")
    return bool(text)


def _sheet(column: ExtractColumn, text: str, keys: Mapping[str, str]) -> str:
    if text not in keys and text not in keys.values():
        raise _Unread(f"“{text[:40]}”不是申报件的表")
    return keys.get(text, text)


_READERS: Mapping[Reader, Any] = {
    Reader.WHOLE: _whole,
    Reader.LINES: _references,
    Reader.CHOICE: _choice,
    Reader.FLAG: _flag,
    Reader.SHEET: _sheet,
}
