"""django-import-export: catalogues of codes, read strictly and applied whole or not at all."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db import models
from import_export import fields, resources, widgets
from import_export.instance_loaders import ModelInstanceLoader
from openpyxl import Workbook as Xlsx

from budgets.catalogue_years import KnownCode, YearPlan, plan_year
from budgets.catalogues import BUREAU
from budgets.excel.confined import Stopped, list_rows_confined
from budgets.excel.gate import MEGABYTE, inspect
from budgets.excel.writing import write_text
from budgets.models import (
    EconomicCode,
    FunctionalCode,
    ProcurementItem,
    ServiceDirectoryEntry,
)
from budgets.problems import problem
from budgets.words import clean_words
from rulebook.amounts import normalize
from rulebook.findings import Finding

MOST_ROWS = 20_000
STOPPED = "文件无法解析，或读取时超出了内存或时间限制，已中止。"
GROUPS = {"personnel": "人员经费", "operating": "公用经费", "": ""}
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(slots=True)
class ReadTable:
    """A table as text; with findings nothing of it is used."""

    headers: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def encoding_of(data: bytes) -> str:
    """UTF-16 by its mark, UTF-8 where the text is that, otherwise GB 18030 (GBK within)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        data.decode(ENCODINGS[0])
    except UnicodeDecodeError:
        return ENCODINGS[1]
    return ENCODINGS[0]


def _csv_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode(encoding_of(data)), newline="")))


def read_table(data: bytes, wanted: list[str], *, most_bytes: int) -> ReadTable:
    """Rows of a CSV or XLSX under the wanted headers; never raises for what is in the file."""
    if not data:
        return ReadTable(findings=[problem("IM-101", "上传的文件没有内容。")])
    if len(data) > most_bytes:
        return ReadTable(findings=[problem("IM-102", f"文件超过 {most_bytes // MEGABYTE} MB。")])
    is_archive = data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    if is_archive and (findings := inspect(data, most_bytes=most_bytes)):
        return ReadTable(findings=findings)
    try:
        rows = _csv_rows(list_rows_confined(data) if is_archive else data)
    except Stopped:
        return ReadTable(findings=[problem("IM-111", STOPPED)])
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"第 {line} 行的文字编码无法识别，请另存为 UTF-8 的 CSV 或 XLSX。"
        return ReadTable(findings=[problem("IM-103", message)])
    except Exception as error:  # a parser on foreign bytes fails in more ways than can be listed
        return ReadTable(findings=[problem("IM-106", f"无法读取（{type(error).__name__}）。")])
    return _under_headers(rows, wanted)


def _under_headers(rows: list[list[str]], wanted: list[str]) -> ReadTable:
    headers = [normalize(text) for text in rows[0]] if rows else []
    missing = [name for name in wanted if name not in headers]
    if missing:
        message = f"第一行缺少列：{'、'.join(missing)}。"
        return ReadTable(findings=[problem("IM-127", message, left="、".join(headers)[:100])])
    if len(rows) > MOST_ROWS + 1:
        return ReadTable(findings=[problem("IM-107", f"超过 {MOST_ROWS} 行。")])
    at = [headers.index(name) for name in wanted]
    found = [[clean_words(row[i]) if i < len(row) else "" for i in at] for row in rows[1:]]
    return ReadTable(headers=wanted, rows=[row for row in found if any(row)])


class LoadedOnce(ModelInstanceLoader):
    """All rows of the model in one query, looked up by the resource's id fields."""

    def __init__(self, resource: Any, dataset: Any = None) -> None:
        super().__init__(resource, dataset)
        keys = resource.get_import_id_fields()
        self.known = {tuple(getattr(o, k) for k in keys): o for o in self.get_queryset()}

    def get_instance(self, row: Any) -> models.Model | None:
        fields = [self.resource.fields[key] for key in self.resource.get_import_id_fields()]
        try:
            return self.known.get(tuple(field.clean(row) for field in fields))
        except ValueError:  # an unreadable key is said with the row's other errors
            return None


class YearWidget(widgets.Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        year = normalize(value or "")
        if not year:
            return None
        if not year.isdecimal() or len(year) != 4:
            raise ValueError(f"年度应为四位数字，现为“{value}”")
        return int(year)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


class StrictResource(resources.ModelResource):
    """Every row cleaned, every key looked up once, nothing stored unless all rows are right."""

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        skip_html_diff = True
        store_row_values = True
        instance_loader_class = LoadedOnce

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.seen: set[tuple[str, ...]] = set()

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        names = [self.fields[key].column_name for key in self.get_import_id_fields()]
        for name in names:
            row[name] = normalize(row[name])
        key = tuple(row[name] for name in names)
        if key in self.seen:
            raise ValidationError("与前面的行重复。")
        self.seen.add(key)

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """As the model says, without a query per row: the loader already knows what is there."""
        errors = dict(import_validation_errors or {})
        try:
            instance.full_clean(
                exclude=errors.keys(), validate_unique=False, validate_constraints=False
            )
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    name = ""
    """The key of what is imported, for jobs."""
    hint = ""
    """What people should know of the file, on the page of the import."""
    has_years = False
    """Whether a whole catalogue of a year may be given instead of rows."""

    def columns(self) -> list[str]:
        """The headers of the file, in order."""
        return [f.column_name for f in self.get_import_fields()]

    def read(self, rows: list[list[str]], *, dry_run: bool) -> Any:
        """Import rows; ``dry_run`` says what would happen and stores nothing."""
        dataset = tablib.Dataset(*rows, headers=self.columns())
        return self.import_data(
            dataset, dry_run=dry_run, raise_errors=False, rollback_on_validation_errors=True
        )

    def to_xlsx(self) -> bytes:
        """All rows as text cells, which stay text whatever they begin with."""
        xlsx = Xlsx()
        sheet: Any = xlsx.active
        exported = self.export()
        for at, row in enumerate([exported.headers, *exported], 1):
            for column, value in enumerate(row, 1):
                write_text(sheet.cell(at, column), "" if value is None else str(value))
        stream = BytesIO()
        xlsx.save(stream)
        return stream.getvalue()


WHOLE_YEAR = (["编码", "名称"], ["科目编码", "科目名称"])
"""The two headers of a whole catalogue of a year, as bureaus write them."""
BLANKS = re.compile(r"\s")


def read_year(data: bytes, *, most_bytes: int) -> ReadTable:
    """Codes and names of a whole catalogue; the codes without blanks."""
    tables = [read_table(data, wanted, most_bytes=most_bytes) for wanted in WHOLE_YEAR]
    table = next((table for table in tables if not table.findings), tables[0])
    table.rows = [[BLANKS.sub("", normalize(code)), name] for code, name in table.rows]
    return table


CODE_FIELDS = ("code", "name", "first_fiscal_year", "last_fiscal_year", "definition")


class CodeResource(StrictResource):
    """One row per code and first year. What a bureau imports is verified by that."""

    hint = "导入的科目标为已核实。整本目录只需“编码”“名称”（或“科目编码”“科目名称”）两列。"
    has_years = True

    code = fields.Field("code", "编码")
    name = fields.Field("name", "名称")
    first_fiscal_year = fields.Field("first_fiscal_year", "启用年度", widget=YearWidget())
    last_fiscal_year = fields.Field("last_fiscal_year", "停用年度", widget=YearWidget())
    definition = fields.Field("definition", "说明")

    class Meta(StrictResource.Meta):
        import_id_fields = ("code", "first_fiscal_year")
        fields: tuple[str, ...] = CODE_FIELDS
        import_order: tuple[str, ...] = CODE_FIELDS
        export_order: tuple[str, ...] = CODE_FIELDS

    def plan_year(self, listed: list[list[str]], year: int) -> YearPlan:
        """What the whole catalogue of a year changes; its rows are read like any others."""
        known = [
            KnownCode(
                code=row.code,
                name=row.name,
                first=row.first_fiscal_year,
                last=row.last_fiscal_year,
                definition=row.definition,
                group=GROUPS[getattr(row, "basic_group", "")],
            )
            for row in self._meta.model.objects.all()
        ]
        return plan_year([(code, name) for code, name in listed], known, year)

    def rows_of(self, plan: YearPlan) -> list[list[str]]:
        """The rows of a plan under :meth:`columns`."""
        return [
            [row.code, row.name, str(row.first), str(row.last or ""), row.definition, row.group][
                : len(self.columns())
            ]
            for row in plan.rows
        ]

    def skip_row(
        self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None
    ) -> bool:
        if not original.is_verified or original.source != BUREAU:
            return False
        skips: bool = super().skip_row(instance, original, row, import_validation_errors)
        return skips

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        instance.is_verified, instance.source = True, BUREAU
        super().validate_instance(instance, import_validation_errors, validate_unique)
        last = instance.last_fiscal_year
        if last is not None and last < instance.first_fiscal_year:
            raise ValidationError({"last_fiscal_year": "停用年度不能早于启用年度。"})


class FunctionalCodeResource(CodeResource):
    name = "functional"

    class Meta(CodeResource.Meta):
        model = FunctionalCode


class ProcurementItemResource(CodeResource):
    name = "procurement_item"

    class Meta(CodeResource.Meta):
        model = ProcurementItem


class ServiceDirectoryResource(CodeResource):
    name = "service_directory"

    class Meta(CodeResource.Meta):
        model = ServiceDirectoryEntry


class GroupWidget(widgets.Widget):
    """人员经费 or 公用经费 in the file, their keys in the database."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        keys = {label: key for key, label in GROUPS.items()}
        if (value or "") not in keys:
            raise ValueError("应为“人员经费”“公用经费”或空")
        return keys[value or ""]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return GROUPS.get(value or "", "")


class EconomicCodeResource(CodeResource):
    name = "departmental_economic"
    basic_group = fields.Field("basic_group", "基本支出类别", widget=GroupWidget())

    class Meta(CodeResource.Meta):
        model = EconomicCode
        fields = (*CODE_FIELDS, "basic_group")
        import_order = fields
        export_order = fields
