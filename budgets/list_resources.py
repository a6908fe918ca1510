"""django-import-export: the lists of projects and purchases, row by row as files hold them.

A row is read by the same rules as a long list (:mod:`budgets.bulk_lists`); what a person may
export or import is scoped to what that person may see and change.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from import_export import fields
from import_export.instance_loaders import ModelInstanceLoader

from budgets.bulk_lists import TABLES, YEAR, ListImporting, TakenRow, columns_of_list, headers_of
from budgets.checks.keys import PROCUREMENT, PROJECT_BUDGETS, PURCHASED_SERVICES
from budgets.excel.writing import FORMULA_STARTS
from budgets.list_fields import Holds, ListField, text_of
from budgets.lists import row_of
from budgets.models import ProcurementLine, ProjectBudgetLine, PurchasedServiceLine
from budgets.resources import StrictResource
from budgets.snapshots import code_names
from departments.models import StaffMember

WRITTEN = {Holds.AMOUNT, Holds.QUANTITY, Holds.NUMBER}
BATCH = 1000


class ListColumn(fields.Field):
    """One column of a list, as text; the whole row is read at once, so it saves nothing itself."""

    def __init__(self, header: str, spec: ListField | None) -> None:
        super().__init__(column_name=header)
        self.spec = spec
        self.names: dict[int, dict[str, str]] = {}

    def get_value(self, instance: Any) -> str:
        if instance.pk is None and not instance.filing_id:
            return ""
        year = instance.filing.fiscal_year_id
        if self.spec is None:
            return str(year)
        if year not in self.names:
            self.names[year] = code_names(year)
        value = text_of(row_of(instance), self.spec, self.names[year])
        return "" if value is None else str(value)

    def export(self, instance: Any, **kwargs: Any) -> str:
        return self.get_value(instance)

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """Nothing: :meth:`ListResource.import_instance` fills the row."""


def _columns(key: str) -> dict[str, ListColumn]:
    specs = [(spec.key, ListColumn(header, spec)) for header, spec in headers_of(key).items()]
    return {"year": ListColumn(YEAR, None), **dict(specs)}


class ListResource(StrictResource):
    """One list; made by :meth:`of` for the person who imports or exports."""

    hint = (
        "金额以元计；行号在一个单位内不重复；由公用经费开支的，“项目编码”写“公用经费”。"
        "文件中没有的行保持不变。"
    )
    staff: StaffMember

    class Meta(StrictResource.Meta):
        instance_loader_class = ModelInstanceLoader
        import_id_fields: tuple[str, ...] = ("book", "number")

    @classmethod
    def of(cls, key: str, staff: StaffMember) -> ListResource:
        """The resource of a list, limited to what this person may see."""
        found = RESOURCES[key]()
        found.staff = staff
        found.fields = _columns(key)
        return found

    def columns(self) -> list[str]:
        return columns_of_list(self.name)

    def get_import_order(self) -> list[str]:
        return list(self.fields)

    get_export_order = get_import_order

    def get_queryset(self) -> Any:
        rows = TABLES[self.name].model.objects.visible_to(self.staff)
        related: tuple[str, ...] = ("filing", "project__unit")
        if self.name != PROJECT_BUDGETS:
            related = (*related, "unit")
        return rows.select_related(*related)

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.importing = ListImporting(self.name, self.staff)
        self.lines = 1
        self.places: set[tuple[int, int]] = set()

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        self.lines += 1
        texts = [row[column] or "" for column in self.columns()]
        taken, errors = self.importing.read(self.lines, texts)
        if taken is not None and not errors and self.name == PROJECT_BUDGETS:
            self.importing.with_projects([taken])
            errors = [found.message for found in self.importing.result.findings]
        if taken is None or errors:
            raise ValidationError(errors)
        self.taken: TakenRow = taken

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[Any, bool]:
        key = dict(zip(TABLES[self.name].key, self.importing.key_of(self.taken), strict=True))
        found = self.get_queryset().filter(**key).first()
        return (found, False) if found else (TABLES[self.name].model(), True)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        line = self.importing.line(self.taken)
        for name in dict.fromkeys((*TABLES[self.name].key, *TABLES[self.name].says)):
            setattr(instance, name, getattr(line, name))

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        self.places.add((self.taken.filing, self.taken.unit))

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """What the history says; a dry run takes it back with everything else."""
        totals = self.importing.result
        totals.created, totals.changed = result.totals["new"], result.totals["update"]
        self.importing.note(self.places)
        self.importing.finish()


class ProjectBudgetResource(ListResource):
    name = PROJECT_BUDGETS

    class Meta(ListResource.Meta):
        model = ProjectBudgetLine
        import_id_fields = ("code",)
        fields: tuple[str, ...] = ()


class ProcurementResource(ListResource):
    name = PROCUREMENT

    class Meta(ListResource.Meta):
        model = ProcurementLine
        fields: tuple[str, ...] = ()


class PurchasedServiceResource(ListResource):
    name = PURCHASED_SERVICES

    class Meta(ListResource.Meta):
        model = PurchasedServiceLine
        fields: tuple[str, ...] = ()


RESOURCES: dict[str, type[ListResource]] = {
    resource.name: resource
    for resource in (ProjectBudgetResource, ProcurementResource, PurchasedServiceResource)
}


class _Echo:
    """A file that gives back what is written to it, a row at a time."""

    def write(self, text: str) -> str:
        return text


def _guarded(text: str, column: ListColumn) -> str:
    """Words a spreadsheet must not take for a formula; figures stay figures."""
    is_figure = column.spec is None or column.spec.holds in WRITTEN
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not is_figure else text


def _lines(resource: ListResource) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(resource.columns())
    columns = list(resource.fields.values())
    for line in resource.get_queryset().iterator(BATCH):
        yield writer.writerow([_guarded(column.export(line), column) for column in columns])


def csv_of(resource: ListResource) -> StreamingHttpResponse:
    """All rows the person may see, in the form in which they are imported, row by row."""
    response = StreamingHttpResponse(_lines(resource), content_type="text/csv; charset=utf-8")
    name = f"{resource._meta.model._meta.verbose_name}.csv"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
