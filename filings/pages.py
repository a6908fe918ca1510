"""Pages about one filing: every one goes through :func:`filing_page`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from departments.permissions import is_bureau
from departments.site import View, staff_of, staff_page
from filings.models import Filing


def filing_page(
    roles: Iterable[str] = (), *, editable: bool = False, frozen: bool = False
) -> Callable[[View], View]:
    """A staff page whose route holds ``<uuid:filing>``: the view gets the Filing itself.

    Someone else's filing answers 404. With ``editable`` the filing must be open for entry;
    otherwise a write is refused and a read goes on. A ``frozen`` page shows what was handed in;
    any other is closed to a bureau while the department is at work on a return.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, filing: UUID, **kwargs: Any) -> HttpResponseBase:
            staff = staff_of(request)
            found = get_object_or_404(
                Filing.objects.visible_to(staff).with_names(), public_id=filing
            )
            if found.is_editable and is_bureau(staff) and not frozen:
                raise Http404
            if editable and request.method != "GET" and not found.is_editable:
                raise PermissionDenied("这份申报件当前不能修改。")
            return view(request, found, **kwargs)

        return staff_page(roles)(page)

    return decorate
