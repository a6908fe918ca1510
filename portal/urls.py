"""Addresses of the public site; they are permanent."""

from django.urls import path, register_converter

from portal import addresses, views

register_converter(addresses.CodeConverter, "department")
register_converter(addresses.YearConverter, "fiscal_year")
register_converter(addresses.KindConverter, "kind")
register_converter(addresses.VersionConverter, "version")

app_name = "portal"
_report = "reports/<department:code>/<fiscal_year:year>/<kind:kind>/"
_version = f"{_report}v<version:version>/"
urlpatterns = [
    path("", views.home, name="home"),
    path("reports/", views.reports, name="reports"),
    path("reports/<department:code>/", views.department_reports, name="department"),
    path(_report, views.report, name="report"),
    path(f"{_report}report.pdf", views.pdf, name="pdf"),
    path(f"{_report}data.json", views.data, name="data"),
    path(f"{_report}tables.xlsx", views.tables, name="tables"),
    path(_version, views.report, name="version"),
    path(f"{_version}report.pdf", views.pdf, name="version_pdf"),
    path(f"{_version}data.json", views.data, name="version_data"),
    path(f"{_version}tables.xlsx", views.tables, name="version_tables"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
]
