"""A report with every kind of block, long names, rare characters, spans and a long table."""

from __future__ import annotations

from decimal import Decimal

from disclosures.report.blocks import (
    BoundFigure,
    Cell,
    Chart,
    ChartPoint,
    HeaderCell,
    Paragraph,
    Report,
    Section,
    Table,
)

LONG_NAME = (
    "硚口区堃珺祎昇玥街道社会治安综合治理与公共视频监控一体化运行维护服务（2021—2023年）项目"
)
PROSE = (
    "本部门全面贯彻落实上级决策部署，严格执行预算，办公用房面积1,286.40㎡。"
    "年初预算为63,622.02万元，支出决算为71,252.58万元，完成年初预算的111.99%。"
)


def figure(text: str, unit: str = "万元") -> BoundFigure:
    value = Decimal(text.replace(",", ""))
    return BoundFigure(text, value, unit, ("FA01/revenue_total/actual",))


def prose(times: int = 1) -> Paragraph:
    return Paragraph((PROSE * times,))


def percents(*widths: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(width) for width in widths)


def two_sided() -> Table:
    """As long as 公开01表, the longest statutory table that is seen whole on a page."""
    header = tuple(HeaderCell(t) for t in ("项目", "行次", "决算数", "项目", "行次", "决算数"))
    body = tuple(
        (
            Cell("二、政府性基金预算财政拨款收入" if line % 3 else ""),
            Cell(str(line), "center"),
            Cell("71,252.58" if line % 2 else "", "right", mark="①" if line == 5 else ""),
            Cell("十四、资源勘探工业信息等支出"),
            Cell(str(line + 31), "center"),
            Cell("-3.10", "right"),
        )
        for line in range(1, 32)
    )
    top = (HeaderCell("收入", colspan=3), HeaderCell("支出", colspan=3))
    widths = percents("31", "6", "13", "31", "6", "13")
    return Table(
        key="revenue_expenditure_summary",
        number="公开01表",
        title="收入支出决算总表",
        unit_label="单位：万元",
        header=(top, header),
        body=body,
        widths=widths,
        notes=("①示例拆分，非公开数据。",),
        head_lines=("部门：武汉市某某局",),
    )


def wide(rows: int) -> Table:
    names = ("编码", "名称", "本年收入合计", "财政拨款", "上级补助", "事业", "经营", "上缴", "其他")
    body = tuple(
        (
            Cell(f"20402{row:02}"),
            Cell(LONG_NAME if row % 40 == 7 else "一般行政管理事务"),
            *(Cell("71,252.58" if (row + c) % 3 else "", "right") for c in range(7)),
        )
        for row in range(rows)
    )
    return Table(
        key="revenue_sheet",
        number="公开02表",
        title="收入决算表",
        unit_label="单位：万元",
        header=(tuple(HeaderCell(name) for name in names),),
        body=body,
        widths=percents("9", "21", "10", *["10"] * 6),
        orientation="landscape",
    )


def form(goals: int = 2, indicators: int = 24) -> Table:
    """An evaluation form: goals span all their indicators, tiers span a few."""
    rows: list[tuple[Cell, ...]] = [
        (Cell("项目名称"), Cell(LONG_NAME, colspan=6)),
        (
            Cell("预算数A"),
            Cell("4,183.25", "right", colspan=3),
            Cell("执行数B", colspan=2),
            Cell("3,552.26", "right"),
        ),
    ]
    for goal in range(1, goals + 1):
        for row in range(indicators):
            cells: list[Cell] = []
            if row == 0:
                cells.append(Cell(f"年度绩效目标{goal}（20分）", "center", rowspan=indicators))
            if row % 12 == 0:
                cells.append(Cell("产出指标", "center", rowspan=12))
            if row % 4 == 0:
                cells.append(Cell("数量指标（6分）", "center", rowspan=4))
            cells += [
                Cell(f"指标{row + 1} {LONG_NAME}"),
                Cell("≥95%", "center"),
                Cell("97.00%", "center"),
                Cell("2.00", "right"),
            ]
            rows.append(tuple(cells))
    header = (
        "年度目标",
        "一级指标",
        "二级指标",
        "三级指标",
        "年初目标值(A)",
        "实际完成值(B)",
        "得分",
    )
    return Table(
        key="project_self_evaluation",
        number="",
        title="2023年度项目自评表",
        unit_label="单位：万元",
        header=(tuple(HeaderCell(text) for text in header),),
        body=tuple(rows),
        widths=percents("11", "10", "12", "35", "12", "12", "8"),
        style="form",
    )


def chart(kind: str = "bars", points: int = 4) -> Chart:
    labels = (
        "2023年度收入总计",
        "2022年度收入总计",
        "2023年度支出总计",
        "社会保障和就业支出（含离退休）",
    )
    values = ("72,114.75", "67,289.86", "-3.10", "0.30")
    return Chart(
        key="totals",
        kind=kind,
        title="收入、支出决算总计变动情况",
        alternative_text="2023年度收入总计72,114.75万元，上年67,289.86万元。",
        points=tuple(
            ChartPoint(label, figure(value))
            for label, value in list(zip(labels, values, strict=True))[:points]
        ),
        note="上年数据未填报，只列本年。" if points == 1 else "",
    )


def inline_table() -> Table:
    return Table(
        key="tasks",
        number="",
        title="",
        unit_label="",
        header=((HeaderCell("序号"), HeaderCell("重点工作"), HeaderCell("完成情况")),),
        body=tuple((Cell(str(n), "center"), Cell(LONG_NAME), Cell("已完成")) for n in range(1, 5)),
        widths=percents("10", "50", "40"),
        style="plain",
    )


def sample_report(rows: int = 300) -> Report:
    tables = Section(
        "tables",
        1,
        "第二部分　",
        "2023年度部门决算表",
        (),
        (
            Section("FA01", 2, "一、", "收入支出决算总表", (two_sided(),)),
            Section("FA02", 2, "二、", "收入决算表", (wide(rows),)),
        ),
    )
    narrative = Section(
        "narrative",
        1,
        "第三部分　",
        "2023年度部门决算情况说明",
        (),
        tuple(
            Section(
                f"n{n}",
                2,
                f"{'一二三四五六'[n]}、",
                "收入支出决算总体情况说明",
                (prose(2), chart("bars" if n % 2 else "shares", 4 - n % 4)),
                (
                    Section("a", 3, "（一）", "总体情况", (prose(3), inline_table())),
                    Section(
                        "b",
                        3,
                        "（二）",
                        "具体情况",
                        (prose(2),),
                        (Section("c", 4, "1.", LONG_NAME, (prose(),)),),
                    ),
                ),
            )
            for n in range(6)
        ),
    )
    return Report(
        title="武汉市公安局洪山区分局2023年度部门决算",
        department="武汉市公安局洪山区分局",
        fiscal_year=2023,
        kind="departmental_final_accounts",
        sections=(
            Section("overview", 1, "第一部分　", "部门概况", (prose(4),)),
            tables,
            narrative,
            Section(
                "annex",
                1,
                "附件　",
                "绩效自评表",
                (),
                (Section("form", 2, "一、", "项目自评表", (form(),)),),
            ),
        ),
        cover_lines=("武汉市公安局洪山区分局", "2024年9月"),
        banner="演示样本：部分金额为示例拆分，非公开数据",
    )
