"""T15, T16: refused by content, before any parser, with advice."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO

import pytest

from budgets.excel.gate import ENCRYPTED, MOST_EXPANDED, OLE, inspect
from budgets.excel.template import write_template
from rulebook.amounts import MoneyUnit
from tests.budgets.excel.files import edited, part_of, with_part
from tests.budgets.values import catalogue_names, make_book, make_mark

MOST = 20 * 1024 * 1024


@pytest.fixture(scope="module")
def template() -> bytes:
    return write_template(make_book(), catalogue_names(), make_mark(), MoneyUnit.YUAN)


def ids(data: bytes, most: int = MOST) -> list[str]:
    return [finding.check_id for finding in inspect(data, most_bytes=most)]


def test_our_own_template_passes(template: bytes) -> None:
    assert ids(template) == []


@pytest.mark.parametrize(
    ("data", "id"),
    [
        (b"", "IM-101"),
        (b"%PDF-1.7 renamed", "IM-103"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "IM-103"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "IM-103"),
        ("科目,金额\n1,2".encode("gbk"), "IM-103"),
        (OLE + b"\0" * 2000, "IM-103"),
        (OLE + b"\0" * 500 + ENCRYPTED, "IM-104"),
        (b"PK\x03\x04 cut off", "IM-106"),
    ],
)
def test_files_that_are_no_workbook(data: bytes, id: str) -> None:
    (finding,) = inspect(data, most_bytes=MOST)
    assert finding.check_id == id
    assert finding.hint


def test_a_file_over_the_limit(template: bytes) -> None:
    assert ids(template, most=1000) == ["IM-102"]


@pytest.mark.parametrize(
    ("name", "content", "id"),
    [
        ("xl/vbaProject.bin", b"x", "IM-105"),
        ("xl/activeX/activeX1.xml", b"<a/>", "IM-105"),
        ("xl/externalLinks/externalLink1.xml", b"<a/>", "IM-108"),
        ("xl/embeddings/oleObject1.xlsx", b"x", "IM-108"),
        ("xl/connections.xml", b"<a/>", "IM-108"),
        ("../../etc/cron.d/x", b"x", "IM-110"),
        ("xl/custom.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "IM-110"),
        ("xl/custom.xml", "<a/>".encode("utf-16"), "IM-110"),
        (
            "xl/worksheets/_rels/sheet1.xml.rels",
            b'<Relationships><Relationship Type="http://x/image" Target="http://127.0.0.1/"'
            b' TargetMode="External"/></Relationships>',
            "IM-108",
        ),
        ("xl/bomb.xml", b" " * (MOST_EXPANDED + 1), "IM-107"),
        ("xl/worksheets/sheet99.xml", b"<c/>" * 130_000, "IM-107"),
    ],
)
def test_hostile_parts(template: bytes, name: str, content: bytes, id: str) -> None:
    assert ids(with_part(template, name, content)) == [id]


def test_a_hidden_sheet(template: bytes) -> None:
    for state in ("hidden", "veryHidden"):

        def hide(xlsx: object, state: str = state) -> None:
            xlsx.worksheets[3].sheet_state = state  # type: ignore[attr-defined]

        assert ids(edited(template, hide)) == ["IM-109"]


def test_a_workbook_of_macros_by_its_declared_type(template: bytes) -> None:
    types = part_of(template, "[Content_Types].xml")
    macro = types.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")
    assert ids(with_part(template, "[Content_Types].xml", macro)) == ["IM-105"]


def test_a_plain_archive_is_no_workbook() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "x")
    assert ids(stream.getvalue()) == ["IM-103"]


def test_too_many_parts() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(500):
            archive.writestr(f"{number}.xml", "<a/>")
    assert ids(stream.getvalue()) == ["IM-107"]


def test_a_wrong_checksum_and_a_header_that_lies_about_the_size(template: bytes) -> None:
    broken = bytearray(with_part(template, "xl/last.xml", b"<a>some words to check</a>"))
    at = broken.rfind(b"PK\x01\x02")
    broken[at + 16 : at + 20] = struct.pack("<I", 1)
    assert ids(bytes(broken)) == ["IM-106"]
    lying = bytearray(with_part(template, "xl/last.xml", b" " * (MOST_EXPANDED + 1)))
    at = lying.rfind(b"PK\x01\x02")
    lying[at + 24 : at + 28] = struct.pack("<I", 10)
    assert ids(bytes(lying)) in (["IM-107"], ["IM-106"])
