"""Reports as they lie in the database once published, without filing or rendering one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

import pikepdf

from departments.models import Department, Role, StaffMember
from disclosures import storage
from disclosures.filing_package import Editions, FilingHead, FilingPackage
from disclosures.models import RenderedFile
from disclosures.official import TABLES_FILE
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
from disclosures.report.spreadsheet import tables_workbook
from disclosures.results import FilingResults
from disclosures.services import frozen_bytes
from filings.models import Filing, SnapshotPurpose
from filings.services import freeze
from filings.states import State
from tests import factories

PUBLISHED_AT = datetime(2024, 10, 14, 1, 30, tzinfo=UTC)
ADDRESS = "cell/900001/expenditure/2040201/actual"

_numbers = count(1)


def small_report(title: str = "示例部门2023年度部门决算", text: str = "支出决算为") -> Report:
    """A sentence whose figure comes from a cell, the table with that cell, and a chart of it."""
    figure = BoundFigure("71,252.58", Decimal("712525800"), "万元", (ADDRESS,))
    table = Table(
        key="expenditure",
        number="公开05表",
        title="一般公共预算财政拨款支出决算表",
        unit_label="单位：万元",
        header=(
            (HeaderCell("项目", colspan=2), HeaderCell("决算数", rowspan=2)),
            (HeaderCell("科目编码"), HeaderCell("科目名称")),
        ),
        body=((Cell("2040201"), Cell("行政运行"), Cell("71,252.58", "right", ADDRESS)),),
        widths=(Decimal(20), Decimal(50), Decimal(30)),
        notes=("本表无附注。",),
    )
    chart = Chart("totals", "bars", "收支总计", "两年收支总计", (ChartPoint("2023年", figure),))
    body = Section("spending", 2, "一、", "支出情况", (Paragraph((text, figure, "万元。")), chart))
    tables = Section("tables", 2, "二、", "决算表", (table,))
    part = Section("part", 1, "第一部分 ", "决算情况", (), (body, tables))
    return Report(title, "示例部门", 2023, factories.KIND, (part,))


TABLES = tables_workbook(small_report(), dated=date(2024, 9, 28))


def _pdf() -> bytes:
    """An empty page for the text of the report, and the workbook it carries."""
    stream = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments[TABLES_FILE] = pikepdf.AttachedFileSpec(pdf, TABLES)
        pdf.save(stream, static_id=True)
    return stream.getvalue()


PDF = _pdf()


def small_package(filing: Filing) -> FilingPackage:
    department = filing.department
    head = FilingHead(
        kind=filing.kind,
        fiscal_year=filing.fiscal_year_id,
        version=filing.version,
        region_code=department.region_id,
        region_name="示例区",
        department_code=department.code,
        department_name=department.name,
        editions=Editions(factories.LAYOUT, factories.SCORING, factories.OUTLINE),
        approval=None,
        sample=True,
    )
    return FilingPackage(head, (), (), (), (), (), (), (), (), ())


def make_published(
    department: Department | str = "示例部门",
    *,
    state: State = State.PUBLISHED,
    report: Report | None = None,
    published_at: datetime | None = PUBLISHED_AT,
    **fields: Any,
) -> Filing:
    """A filing with everything publication leaves behind, put into ``state``."""
    if isinstance(department, str):
        department = factories.make_department(department)
    staff = someone(department)
    defaults = {"approval_issued_on": date(2024, 9, 28), "approved_at": PUBLISHED_AT}
    filing = factories.make_filing(
        department, staff, state=state, published_at=published_at, **(defaults | fields)
    )
    approve(filing, staff, report or small_report())
    return filing


def someone(department: Department) -> StaffMember:
    name = f"lin{next(_numbers)}"
    return factories.make_staff(name, Role.PREPARER, department=department)


def approve(filing: Filing, staff: StaffMember, report: Report) -> RenderedFile:
    """The approval snapshot and the official file of a filing."""
    results = FilingResults("0" * 64, (), (), (), report)
    snapshot = freeze(
        filing=filing,
        staff=staff,
        purpose=SnapshotPurpose.APPROVAL,
        content=frozen_bytes(small_package(filing), results),
        rules=results.rules,
    )
    path, sha256 = storage.keep(PDF, official=True)
    return RenderedFile.objects.create(
        filing=filing,
        snapshot=snapshot,
        is_draft=False,
        path=path,
        sha256=sha256,
        source_sha256=snapshot.sha256,
        size=len(PDF),
        pages=3,
    )
