"""The portal at the root, staff under the path the settings name."""

from django.conf import settings
from django.urls import include, path

from config.health import healthz
from departments.site import site

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path(settings.STAFF_PATH, site.urls),
    path("", include("portal.urls")),
]
