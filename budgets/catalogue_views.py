"""Import and export of a catalogue in the admin: preview, then the whole file or nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header

from budgets.catalogue_years import CodeChangeKind
from budgets.code_lists import LARGE, request_list, rows_in
from budgets.forms import CatalogueForm, ListFileForm
from budgets.resources import CodeResource, StrictResource, read_table, read_year
from budgets.views import XLSX
from departments.site import site, staff_of
from filings.models import Job, JobKind

SALT = "budgets.catalogue"
PREVIEW_HOLDS = 60 * 60  # seconds
MOST_LINES = 300
OUTCOMES = {"new": "新增", "update": "更新", "skip": "不变", "invalid": "有误", "error": "有误"}


def catalogue_page(request: HttpRequest, resource: StrictResource, done: str) -> HttpResponse:
    """Upload → preview → confirm. The rows travel signed, bound to the person and the model."""
    context = site.each_context(request) | {
        "opts": resource._meta.model._meta,
        "columns": resource.columns(),
        "form": _form_of(resource)(),
        "hint": resource.hint,
    }
    if "job" in request.GET and request.method == "GET":
        return _followed(request, context, resource)
    if "token" in request.POST:
        rows = _rows_in(request.POST["token"], request, resource)
        if rows is not None and _is_clean(resource.read(rows, dry_run=False)):
            messages.success(request, f"已导入，共 {len(rows)} 行。")
            return redirect(done)
        messages.error(request, "确认已失效，没有写入任何内容。请重新上传。")
    elif request.method == "POST":
        context |= _preview(request, resource)
        if job := context.get("job"):
            return redirect(f"{request.path}?job={job.pk}")
    return render(request, "budgets/catalogue.html", context)


def _followed(
    request: HttpRequest, context: dict[str, Any], resource: StrictResource
) -> HttpResponse:
    """How far the import of one's own large list has come, and what is wrong with it."""
    number = request.GET["job"]
    mine = Job.objects.filter(requested_by=staff_of(request), kind=JobKind.IMPORT_WORKBOOK)
    job = get_object_or_404(mine, pk=int(number) if number.isdecimal() else 0)
    context |= {"job": job, "findings": job.result.get("findings", [])}
    return render(request, "budgets/list_job.html", context)


def _preview(request: HttpRequest, resource: StrictResource) -> dict[str, Any]:
    form = _form_of(resource)(request.POST, request.FILES)
    if not form.is_valid():
        return {"form": form}
    data, year = form.cleaned_data["file"].read(), form.cleaned_data.get("year")
    most = settings.UPLOAD_MAX_BYTES
    if not year and resource.is_long and rows_in(data) > LARGE and len(data) <= most:
        job, findings = request_list(name=resource.name, staff=staff_of(request), data=data)
        return {"job": job, "findings": findings}
    table = (
        read_year(data, most_bytes=most)
        if year
        else read_table(data, resource.columns(), most_bytes=most)
    )
    if table.findings:
        return {"findings": table.findings, "form": form}
    if not year:
        return _previewed(table.rows, request, resource)
    assert isinstance(resource, CodeResource)  # no other form has a year
    plan = resource.plan_year(table.rows, year)
    report = [(kind.label, found) for kind in CodeChangeKind if (found := plan.of(kind))]
    shown = _previewed(resource.rows_of(plan), request, resource)
    return shown | {"report": report, "report_year": year, "listed": len(table.rows)}


def _form_of(resource: StrictResource) -> type[ListFileForm]:
    return CatalogueForm if resource.has_years else ListFileForm


def _previewed(
    rows: list[list[str]], request: HttpRequest, resource: StrictResource
) -> dict[str, Any]:
    result = resource.read(rows, dry_run=True)
    lines = [_line(number, row) for number, row in enumerate(result.rows, 2)]
    context: dict[str, Any] = {
        "lines": sorted(lines, key=lambda line: not line["errors"])[:MOST_LINES],
        "more": max(0, len(lines) - MOST_LINES),
        "totals": [
            (label, count)
            for key, label in list(OUTCOMES.items())[:4]
            if (count := result.totals.get(key, 0))
        ],
    }
    if _is_clean(result):
        context["token"] = _token(rows, request, resource)
    return context


def _line(number: int, row: Any) -> dict[str, Any]:
    errors: list[str] = []
    if row.validation_error is not None:
        errors = row.validation_error.messages
    elif row.errors:
        errors = ["这一行无法读取。"]
    return {
        "number": number,
        "outcome": OUTCOMES.get(row.import_type, ""),
        "values": list(row.row_values.values()),
        "errors": errors,
    }


def _is_clean(result: Any) -> bool:
    return not result.has_errors() and not result.has_validation_errors()


def _token(rows: list[list[str]], request: HttpRequest, resource: StrictResource) -> str:
    sealed = {"staff": staff_of(request).pk, "of": resource._meta.model.__name__, "rows": rows}
    return signing.dumps(sealed, salt=SALT, compress=True)


def _rows_in(token: str, request: HttpRequest, resource: StrictResource) -> list[list[str]] | None:
    """The previewed rows; ``None`` for a token that is broken, old or someone else's."""
    try:
        sealed = signing.loads(token, salt=SALT, max_age=PREVIEW_HOLDS)
    except signing.BadSignature:
        return None
    mine = sealed["staff"] == staff_of(request).pk
    rows: list[list[str]] = sealed["rows"]
    return rows if mine and sealed["of"] == resource._meta.model.__name__ else None


def catalogue_file(resource: StrictResource) -> HttpResponse:
    """The catalogue as XLSX, in the form in which it is imported."""
    name = f"{resource._meta.model._meta.verbose_name}.xlsx"
    response = HttpResponse(resource.to_xlsx(), content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
