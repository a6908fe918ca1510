"""The portal at the root, staff under the path the settings name."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path(settings.STAFF_PATH, admin.site.urls),
    path("", include("portal.urls")),
]
