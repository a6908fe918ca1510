"""Who is calling: the address that sign-in locks and logs go by."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the caller's address; behind our own nginx, the last hop that it recorded.

    Earlier entries of `X-Forwarded-For` are written by the caller and prove nothing.
    """
    if settings.BEHIND_PROXY:
        forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if last := forwarded.rpartition(",")[2].strip():
            return last
    return str(request.META.get("REMOTE_ADDR", ""))
