"""PURE: the gate before any parser: what an upload is, by its content and never by its name."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from budgets.problems import problem
from rulebook.findings import Finding

MEGABYTE = 1024 * 1024
MOST_PARTS = 400
MOST_EXPANDED = 24 * MEGABYTE
MOST_CELLS = 120_000

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
CHUNK = 64 * 1024

MACRO = re.compile(r"vbaproject|macrosheets/|/activex/|\.bin$", re.IGNORECASE)
HARMLESS_BINARY = re.compile(r"printersettings\d*\.bin$", re.IGNORECASE)
OUTSIDE = re.compile(
    r"externallinks/|/connections\.xml|/querytables/|/embeddings/|/webextensions/", re.IGNORECASE
)
DECLARES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
HIDDEN = re.compile(rb"<(?:\w+:)?sheet\b[^>]*\bstate\s*=\s*[\"'](?:hidden|veryHidden)[\"']")
EXTERNAL = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")
A_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")


def _kind_of(data: bytes) -> str:
    """What the bytes look like, in words; empty for a zip archive."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(b"PK\x03\x04"):
        return ""
    if data.startswith(OLE):
        return "旧版 Excel 文件（.xls）"
    if start.startswith(b"%pdf"):
        return "PDF 文件"
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        return "网页或 XML 文件"
    if start.startswith((b"\x89png", b"\xff\xd8", b"gif8")):
        return "图片"
    return "其他格式或文本（CSV）文件"


def inspect(data: bytes, *, most_bytes: int, most_cells: int = MOST_CELLS) -> list[Finding]:
    """Every reason to refuse an upload before it is parsed; none means it may be read."""
    if not data:
        return [problem("IM-101", "上传的文件没有内容。")]
    if len(data) > most_bytes:
        message = f"文件 {len(data) / MEGABYTE:.1f} MB，超过 {most_bytes // MEGABYTE} MB。"
        return [problem("IM-102", message)]
    if data.startswith(OLE) and ENCRYPTED in data:
        return [problem("IM-104", "文件设置了打开密码。")]
    if kind := _kind_of(data):
        return [problem("IM-103", f"文件内容是{kind}，不是 XLSX。", left=kind, right="XLSX")]
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _inspect_archive(archive, most_cells)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        return [problem("IM-106", "文件不完整或已损坏，无法打开。")]


def _inspect_archive(archive: zipfile.ZipFile, most_cells: int) -> list[Finding]:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if any(part.flag_bits & 0x1 for part in parts):
        return [problem("IM-104", "压缩内容设置了密码。")]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_EXPANDED:
        return [_too_large()]
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        return [problem("IM-103", "压缩包里没有工作簿，不是 XLSX。", left="压缩包", right="XLSX")]
    if len(names) != len(set(names)) or any(".." in n or n.startswith("/") for n in names):
        return [problem("IM-110", "压缩包里有重名或越界的路径。")]
    found = list(_by_name(names))
    return found or list(_by_content(archive, parts, most_cells))


def _too_large() -> Finding:
    return problem("IM-107", f"文件展开后超过 {MOST_EXPANDED // MEGABYTE} MB 或内容过多。")


def _by_name(names: list[str]) -> Iterator[Finding]:
    if any(MACRO.search(name) and not HARMLESS_BINARY.search(name) for name in names):
        yield problem("IM-105", "文件里有宏或控件。")
    if any(OUTSIDE.search(name) for name in names):
        yield problem("IM-108", "文件里有外部链接、数据连接或嵌入对象。")


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo, budget: int) -> bytes:
    """A part, read by chunks so that a lying header cannot fill the memory."""
    found = bytearray()
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            found += chunk
            if len(found) > budget:
                raise _TooLarge
    return bytes(found)


class _TooLarge(Exception):
    """More came out of the archive than its headers may say."""


def _by_content(
    archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], most_cells: int
) -> Iterator[Finding]:
    budget, cells = MOST_EXPANDED, 0
    try:
        for part in parts:
            content = _read(archive, part, budget)
            budget -= len(content)
            if part.filename.lower().endswith((".xml", ".rels")):
                yield from _by_part(part.filename, content)
                cells += sum(1 for _ in A_CELL.finditer(content))
    except _TooLarge:
        yield _too_large()
        return
    if cells > most_cells:
        yield _too_large()


def _by_part(name: str, content: bytes) -> Iterator[Finding]:
    unreadable = content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:200]
    if unreadable or DECLARES.search(content):
        yield problem("IM-110", "文件含有文档类型声明或不允许的编码。")
    elif name == "xl/workbook.xml" and HIDDEN.search(content):
        yield problem("IM-109", "文件里有隐藏的工作表。")
    elif name == "[Content_Types].xml" and b"macroenabled" in content.lower():
        yield problem("IM-105", "文件类型是启用宏的工作簿。")
    elif name.endswith(".rels"):
        outside = [r for r in EXTERNAL.findall(content) if b"/hyperlink" not in r]
        if outside:
            yield problem("IM-108", "文件引用了外部内容。")
