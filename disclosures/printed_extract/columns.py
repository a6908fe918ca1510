"""PURE: the sheets of the extract's workbook: the field of each column, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from disclosures.printed_extract.readings import MONEY_UNITS, PER_CENT
from disclosures.printed_extract.values import (
    DeclaredMoney,
    DeclaredProject,
    Heading,
    HeadingSide,
    MoneySide,
    NamedUse,
    NameKind,
    PrintedFigure,
    PrintedName,
    StatedIndicator,
    Term,
)

FORMAT = "mingzhang-extract"
FORMAT_VERSION = 1
COVER, CHOICES, SHEETS_LISTED = "说明", "可选的数", "可选的表"
TITLE_LABEL, MONEY_LABEL, MARK_LABEL = "公开件名称", "申报表金额单位", "模板标识"
MARK = f"{FORMAT}/{FORMAT_VERSION}"
HEADER_ROW, FIRST_ROW = 2, 3
DECLARED_UNITS = ("万元", "元")


class Reader(StrEnum):
    """How a column is read."""

    TEXT = "text"
    NUMBER = "number"
    LINES = "lines"
    WHOLE = "whole"
    CHOICE = "choice"
    FLAG = "flag"
    SHEET = "sheet"


@dataclass(frozen=True, slots=True)
class ExtractColumn:
    """``choices`` are the words offered; ``meaning`` maps a word to its enum's value."""

    field: str
    label: str
    reader: Reader = Reader.TEXT
    required: bool = False
    width: int = 18
    choices: tuple[str, ...] = ()
    meaning: Mapping[str, StrEnum] | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ExtractSheet:
    """``field`` is the extract's, ``kind`` the class of its lines."""

    field: str
    title: str
    explains: str
    kind: type
    columns: tuple[ExtractColumn, ...]


def _enum(field: str, label: str, kind: type[StrEnum]) -> ExtractColumn:
    words = {str(getattr(member, "label", member)): member for member in kind}
    return ExtractColumn(field, label, Reader.CHOICE, True, 12, tuple(words), words)


LINE = ExtractColumn("line", "行号", Reader.WHOLE, True, 7)
PLACE = ExtractColumn("place", "位置", required=True, width=22, hint="如：第二部分 三")
UNITS_OFFERED = (
    *(unit for unit in MONEY_UNITS if unit != "万"),
    PER_CENT,
    "人",
    "辆",
    "平方米",
    "年",
)

EXTRACT_SHEETS: tuple[ExtractSheet, ...] = (
    ExtractSheet(
        "headings",
        "标题",
        "目录和正文的标题，各按印出的次序抄写；正文没有编号的，编号留空。",
        Heading,
        (
            LINE,
            _enum("side", "目录或正文", HeadingSide),
            ExtractColumn("part", "部分", required=True, width=12),
            ExtractColumn("number", "编号", width=10),
            ExtractColumn("title", "标题", required=True, width=48),
        ),
    ),
    ExtractSheet(
        "figures",
        "数",
        "公开件里的数。所指的数从“可选的数”选地址；只在公开件内部核对的，自取一个名称。",
        PrintedFigure,
        (
            LINE,
            PLACE,
            ExtractColumn("wording", "原文", width=32),
            ExtractColumn("value", "印出的数", Reader.NUMBER, True, 16),
            ExtractColumn("unit", "单位", width=9, choices=UNITS_OFFERED),
            ExtractColumn("states", "所指的数", width=50),
            ExtractColumn(
                "parts", "等于明细之和", Reader.LINES, width=20, hint="行号，如 12+13-14"
            ),
            ExtractColumn("base", "除以", Reader.LINES, width=16, hint="比率的分母，行号"),
            ExtractColumn("decimals", "小数位", Reader.WHOLE, width=12, hint="末位的零省去时填写"),
        ),
    ),
    ExtractSheet(
        "names",
        "名称和编码",
        "单位、项目、科目、品目的名称与旁边的编码；行名的编码写“可选的数”中的地址；金额单位没有编码。",
        PrintedName,
        (
            LINE,
            PLACE,
            _enum("kind", "种类", NameKind),
            ExtractColumn("code", "编码", width=34),
            ExtractColumn("name", "名称", required=True, width=40),
        ),
    ),
    ExtractSheet(
        "uses",
        "用途",
        "文字说资金用于哪些经济科目；科目写上一级编码，如 301。",
        NamedUse,
        (
            LINE,
            PLACE,
            ExtractColumn("sheet", "表", Reader.SHEET, True, 36),
            ExtractColumn("within", "上级科目", width=10),
            ExtractColumn("name", "用途", required=True, width=36),
        ),
    ),
    ExtractSheet(
        "declared_money",
        "整体申报表资金",
        "各份整体绩效目标申报表的资金栏；申报表写部门或单位编码，合计行的项目写“合计”。",
        DeclaredMoney,
        (
            LINE,
            ExtractColumn("declaration", "申报表", required=True, width=14, hint="单位编码"),
            ExtractColumn("name", "印出的单位名称", width=28),
            _enum("side", "收入或支出", MoneySide),
            ExtractColumn("item", "项目", required=True, width=24),
            ExtractColumn("second_prior", "前年金额", Reader.NUMBER),
            ExtractColumn("prior", "上年金额", Reader.NUMBER),
            ExtractColumn("current", "当年金额", Reader.NUMBER),
            ExtractColumn("share", "占比（%）", Reader.NUMBER, width=10),
        ),
    ),
    ExtractSheet(
        "declared_projects",
        "项目申报",
        "项目申报表和整体申报表里的项目；编码按项目支出预算填写。",
        DeclaredProject,
        (
            LINE,
            PLACE,
            ExtractColumn("code", "项目编码", required=True, width=26),
            ExtractColumn("name", "项目名称", width=36),
            ExtractColumn("kind", "项目类别", width=16),
            ExtractColumn("total", "项目总预算", Reader.NUMBER),
            ExtractColumn("current", "当年预算", Reader.NUMBER),
        ),
    ),
    ExtractSheet(
        "indicators",
        "指标",
        "申报表的指标值；文字（目标、测算）里说到同一指标的，也抄一行并在末栏写“是”。",
        StatedIndicator,
        (
            LINE,
            PLACE,
            ExtractColumn("declaration", "申报表", required=True, width=26, hint="单位或项目编码"),
            _enum("term", "长期或年度", Term),
            ExtractColumn("name", "指标名称", required=True, width=36),
            ExtractColumn("value", "指标值", required=True, width=18),
            ExtractColumn("in_text", "文字里的说法", Reader.FLAG, width=12, choices=("是",)),
        ),
    ),
)
