"""Printed tables as three other programmes export them, made anew for each test.

The figures are those of :data:`tests.budgets.values.CLEAN`, in the unit of each layout.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook as Xlsx

BASIC, OTHER = Decimal("100000.00"), Decimal("2345.67")
TOTAL = BASIC + OTHER


def _saved(xlsx: Any) -> bytes:
    stream = BytesIO()
    xlsx.save(stream)
    return stream.getvalue()


def _put(sheet: Any, rows: list[list[object]], merges: list[str]) -> None:
    for row in rows:
        sheet.append([float(v) if isinstance(v, Decimal) else v for v in row])
    for area in merges:
        sheet.merge_cells(area)


def ledger_yuan() -> bytes:
    """One sheet per table, 类/款/项 under 科目编码, a row of column numbers, figures in yuan."""
    xlsx = Xlsx()
    sheet = xlsx.active
    sheet.title = "Z03 支出决算表(财决03表)"
    rows: list[list[object]] = [
        ["支出决算表"],
        [None] * 9 + ["公开03表"],
        ["部门：示例部门甲"] + [None] * 8 + ["金额单位：元"],
        ["项目", None, None, None, "本年支出合计", "基本支出", "项目支出", "上缴上级支出",
         "经营支出", "对附属单位补助支出"],
        ["科目编码", None, None, "科目名称"],
        ["类", "款", "项"],
        ["栏次", None, None, None, 1, 2, 3, 4, 5, 6],
        ["合计", None, None, None, TOTAL, BASIC, OTHER],
        ["204", None, None, "公共安全支出", TOTAL, BASIC, OTHER],
        ["20402", None, None, "公安", TOTAL, BASIC, OTHER],
        ["2040201", None, None, "  行政运行", BASIC, BASIC],
        ["2040202", None, None, "  一般行政管理事务", OTHER, None, OTHER],
        ["注：本表反映部门本年度各项支出情况。"],
    ]  # fmt: skip
    merges = ["A1:J1", "A4:D4", "A5:C5", "D5:D6", "A7:D7", "A8:D8", "A13:J13"]
    merges += [f"{c}4:{c}6" for c in "EFGHIJ"] + [f"A{r}:C{r}" for r in range(9, 13)]
    _put(sheet, rows, merges)
    basic = xlsx.create_sheet("Z06 基本支出")
    rows = [
        ["一般公共预算财政拨款基本支出决算明细表"],
        ["编制单位：示例", None, None, None, None, "单位：元"],
        ["人员经费", None, None, "公用经费"],
        ["科目编码", "科目名称", "决算数", "科目编码", "科目名称", "决算数"],
        ["301", "工资福利支出", 80000, "302", "商品和服务支出", 20000],
        ["30101", "基本工资", 80000, "30201", "办公费", 20000],
        ["人员经费合计", None, 80000, "公用经费合计", None, 20000],
    ]
    _put(basic, rows, ["A1:F1", "A3:C3", "D3:F3", "A7:B7", "D7:E7"])
    return _saved(xlsx)


def portal_wan() -> bytes:
    """Figures as text in 万元, names before codes, codes with blanks, other order, sum last."""
    xlsx = Xlsx()
    sheet = xlsx.active
    sheet.title = "支出"
    rows: list[list[object]] = [
        ["示例部门甲 2023 年度"],
        ["部门支出决算表（公开03表）"],
        ["单位：万元"],
        ["科目名称", "科目代码", "项目支出", "基本支出", "对附属单位补助", "经营支出", "上缴上级",
         "合计", "备注"],
        ["公共安全支出", "204", "0.234567", "10.00", "", "", "-", "10.234567", ""],
        ["　公安", "204 02", "0.234567", "10.00", "", "", "", "10.234567", ""],
        ["　　行政运行", "204 02 01", "", "10.00", "", "", "", "１０.００", "按编制"],
        ["　　一般行政管理事务", "204 02 02", "0.234567", "", "", "", "", "0.234567", ""],
        ["总计", "", "0.234567", "10.00", "", "", "", "10.234567", ""],
    ]  # fmt: skip
    _put(sheet, rows, ["A1:I1", "A2:I2", "A3:I3"])
    summary = xlsx.create_sheet("总表")
    rows = [
        ["收入支出决算总表"],
        ["单位：万元"],
        ["收入", None, None, "支出"],
        ["项目", "行次", "金额", "项目", "行次", "金额"],
        ["一、一般公共预算财政拨款收入", 1, "10.00", "四、公共安全支出", 30, "10.234567"],
        ["八、其他收入", 8, "0.234567", "五、教育支出", 31, ""],
        ["本年收入合计", 9, "10.234567", "本年支出合计", 57, "10.234567"],
        ["年初结转和结余", 10, "", "年末结转和结余", 60, ""],
        ["总计", 11, "10.234567", "总计", 62, "10.234567"],
    ]
    _put(summary, rows, ["A1:F1", "A3:C3", "D3:F3"])
    return _saved(xlsx)


def inhouse_parts() -> bytes:
    """类, 款 and 项 in columns of their own as numbers, the unit in the headers, no title rows."""
    xlsx = Xlsx()
    sheet = xlsx.active
    sheet.title = "收入决算表"
    names = ["财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"]
    rows: list[list[object]] = [
        ["导出时间 2024-01-01"],
        ["科目编码", None, None, "科目名称", *[f"{n}(元)" for n in names], "本年收入\n合计(元)"],
        ["类", "款", "项"],
        [None, None, None, "合计", BASIC, 0, None, None, None, OTHER, TOTAL],
        [204, None, None, "公共安全支出", BASIC, 0, None, None, None, OTHER, TOTAL],
        [204, 2, None, "公安", BASIC, 0, None, None, None, OTHER, TOTAL],
        [204, 2, 1, "行政运行", BASIC, 0, None, None, None, None, BASIC],
        [204, 2, 2, "一般行政管理事务", None, None, None, None, None, OTHER, OTHER],
    ]
    _put(sheet, rows, ["A2:C2", *[f"{c}2:{c}3" for c in "DEFGHIJK"]])
    three = xlsx.create_sheet("三公")
    rows = [
        ["财政拨款“三公”经费支出决算表"],
        [
            "项目",
            "合计(元)",
            "因公出国（境）费",
            "公务用车购置及运行维护费",
            None,
            None,
            "公务接待费",
        ],
        [None, None, None, "小计", "公务用车购置费", "公务用车运行维护费"],
        ["预算数"],
        ["决算数", 500.5, None, 500.5, None, 500.5],
    ]
    _put(three, rows, ["A1:G1", "A2:A3", "B2:B3", "C2:C3", "D2:F2", "G2:G3"])
    cover = xlsx.create_sheet("封面")
    cover["A1"] = "示例部门甲"
    return _saved(xlsx)


LAYOUTS: dict[str, Callable[[], bytes]] = {
    "ledger": ledger_yuan,
    "portal": portal_wan,
    "inhouse": inhouse_parts,
}
