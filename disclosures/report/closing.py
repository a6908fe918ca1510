"""PURE: the last page of a file: what it is, its fingerprints and how to verify it; or that it is
a draft.

A file cannot print its own fingerprint. It prints those of the snapshot it was made from and of
the files attached to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from disclosures.report.blocks import Cell, HeaderCell, Paragraph, Report, Section, Table

SEAL, DRAFT = "fingerprint", "draft"
SEAL_TITLE, DRAFT_TITLE = "文件指纹与核验", "草稿说明"
SNAPSHOT_LABEL = "底稿指纹"
_WIDTHS = (Decimal(23), Decimal(77))
_HOW = (
    "从阅读器的附件栏取出附件，各自的 SHA-256 应与上表相同。",
    "整份文件的 SHA-256 公布在公开门户本报告的页面上，与之相同即是原件。",
    "底稿指纹由冻结的全部内容算出，供部门和财政部门核对；装有本系统的单位还可以运行"
    " manage.py report_verify 逐项核对。",
    "本文件按 PDF/A-3a 和 PDF/UA-1 的要求书写，未经认证。",
)


@dataclass(frozen=True, slots=True)
class Seal:
    """What the official file says of itself: the hash of its snapshot, the day the snapshot was
    frozen, and name and SHA-256 of each attachment."""

    snapshot: str
    dated: date
    attachments: tuple[tuple[str, str], ...]


def sealed(report: Report, seal: Seal) -> Report:
    """The report with the page that says what the official file is."""
    intro = (
        f"本文件是《{report.title}》的正式文件，由审核通过的底稿生成，文件中的数字都出自这份底稿。"
        "公开数据包和全部表格作为附件随附。"
    )
    blocks = (Paragraph((intro,)), _fingerprints(seal))
    verifying = Section("verifying", 2, "", "怎样核验", tuple(Paragraph((text,)) for text in _HOW))
    return _with(report, Section(SEAL, 1, "", SEAL_TITLE, blocks, (verifying,)))


def marked_as_draft(report: Report) -> Report:
    """The report with the page that says it is a draft, which has no fingerprint."""
    text = (
        f"本文件是草稿，按{report.department}目前填报的内容排印，尚未审核通过，"
        "不附数据，没有指纹，不能作为公开的依据。"
    )
    return _with(report, Section(DRAFT, 1, "", DRAFT_TITLE, (Paragraph((text,)),)))


def _with(report: Report, section: Section) -> Report:
    return replace(report, sections=(*report.sections, section))


def _fingerprints(seal: Seal) -> Table:
    day = seal.dated
    lines = (
        ("底稿日期", f"{day.year}年{day.month}月{day.day}日"),
        (SNAPSHOT_LABEL, seal.snapshot),
        *seal.attachments,
    )
    return Table(
        key=SEAL,
        number="",
        title="",
        unit_label="",
        header=((HeaderCell("项目"), HeaderCell("内容（指纹和附件为 SHA-256）")),),
        body=tuple(_rows(lines)),
        widths=_WIDTHS,
        style="plain",
    )


def _rows(lines: Iterable[tuple[str, str]]) -> Iterable[tuple[Cell, ...]]:
    for label, text in lines:
        yield Cell(label), Cell(text)
