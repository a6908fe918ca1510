"""Files for download: their names, and what lets a browser keep them."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from filings.models import Filing

UNFIT = dict.fromkeys([*range(32), 127, *map(ord, '\\/:*?"<>|')])


def file_name(filing: Filing, extension: str) -> str:
    """示例部门2023年部门决算公开.pdf, with the version from the second on."""
    year = filing.fiscal_year_id
    department = filing.department.name_in(year)
    version = f"（第{filing.version}版）" if filing.version > 1 else ""
    return f"{department}{year}年{filing.kind_label}公开{version}".translate(UNFIT) + (
        f".{extension}"
    )


def unchanged(request: HttpRequest, filing: Filing, sha256: str) -> HttpResponseBase | None:
    """304 where the browser holds these very bytes, else nothing."""
    return get_conditional_response(request, etag=f'"{sha256}"', last_modified=_seconds(filing))


def with_validators(response: HttpResponseBase, filing: Filing, sha256: str) -> HttpResponseBase:
    response["ETag"] = f'"{sha256}"'
    response["Last-Modified"] = http_date(_seconds(filing))
    return response


def _seconds(filing: Filing) -> int:
    assert filing.published_at is not None
    return int(filing.published_at.timestamp())
