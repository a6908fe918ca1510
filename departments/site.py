"""The admin site where staff work, and the base of every admin class in it.

Everything is scoped: a row, a choice of a foreign key, an autocomplete answer or a look-up that a
person may not see does not exist for them. Apps add their own pages with ``site.add_page``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, path
from django.utils.cache import add_never_cache_headers

from departments.models import StaffMember
from departments.permissions import has_role

View = Callable[..., HttpResponseBase]
FILTER_ENDINGS = ("", "__exact", "__id__exact", "__isnull")


class StaffSite(admin.AdminSite):
    """The one admin site, in Chinese; its index is the desk (工作台)."""

    site_title = "明账"
    site_header = "明账 · 部门预决算公开与绩效自评"
    index_title = "工作台"
    enable_nav_sidebar = False
    login_form = AuthenticationForm  # the admin's own wants is_staff, which no form here sets

    def __init__(self) -> None:
        super().__init__(name="work")
        self._pages: list[tuple[str, View, str]] = []
        self._desk: View | None = None

    def add_page(self, route: str, view: View, name: str) -> None:
        """Add a page of our own under the site; ``reverse("work:<name>")`` finds it."""
        self._pages.append((route, view, name))

    def set_desk(self, view: View) -> None:
        """The page shown at the root of the site."""
        self._desk = view

    def get_urls(self) -> list[URLResolver | URLPattern]:
        own: list[URLResolver | URLPattern] = [
            path(route, view, name=name) for route, view, name in self._pages
        ]
        if self._desk is not None:
            own.append(path("", self._desk, name="index"))
        return own + list(super().get_urls())

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_active and user.is_authenticated)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """No page of the site is kept by a browser: each shows who is signed in."""
        return super().admin_view(view)


site = StaffSite()


def staff_page(roles: Iterable[str] = ()) -> Callable[[View], View]:
    """A page of the staff site: signed in, of one of ``roles`` (any when empty), never cached."""
    allowed = set(roles)

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if allowed and not has_role(staff_of(request), allowed):
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)
            return response

        return _signed_in(page)

    return decorate


def _signed_in(view: View) -> View:
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return site.admin_view(view)(request, *args, **kwargs)

    return inner


def staff_of(request: HttpRequest) -> StaffMember:
    """The signed-in person. Raises PermissionDenied for anyone else."""
    if not isinstance(request.user, StaffMember):
        raise PermissionDenied
    return request.user


class ScopedAdmin(admin.ModelAdmin):
    """Rows, foreign keys, autocompletes and look-ups limited to what the person may see.

    A model's manager must have ``visible_to(staff)``. Roles that may read and write are stated by
    ``readers`` and ``writers``; a superuser is not exempt.
    """

    readers: Iterable[str] = ()
    writers: Iterable[str] = ()
    actions = None
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return visible(self.model, staff_of(request))

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        related: type[models.Model] = db_field.remote_field.model
        if hasattr(related._default_manager, "visible_to"):
            kwargs["queryset"] = visible(related, staff_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only the model's own declared filters: no look-up may walk to another table."""
        own = {entry for entry in self.get_list_filter(request) if isinstance(entry, str)}
        return lookup in {f"{name}{ending}" for name in own for ending in FILTER_ENDINGS}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is(request, {*self.readers, *self.writers})

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is(request, {*self.readers, *self.writers})

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is(request, self.writers)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is(request, self.writers)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is(request, self.writers)

    def _is(self, request: HttpRequest, roles: Iterable[str]) -> bool:
        user = request.user
        return isinstance(user, StaffMember) and has_role(user, roles)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if self.get_object(request, object_id) is None:
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


def visible(model: type[models.Model], staff: StaffMember) -> models.QuerySet[Any]:
    """The rows of a model this person may see; nothing for a model without a scope."""
    manager: Any = model._default_manager
    if model is LogEntry or not hasattr(manager, "visible_to"):
        return manager.none()
    return manager.visible_to(staff)
