"""Pages of the report in the staff site."""

from __future__ import annotations

from departments.site import site
from disclosures import views

PAGES = "filings/<uuid:filing>/"

site.add_page(f"{PAGES}texts/", views.texts_page, "filing_texts")
site.add_page(f"{PAGES}texts/ledger/", views.ledger_check, "filing_ledger")
site.add_page(f"{PAGES}draft/", views.draft, "filing_draft")
site.add_page(f"{PAGES}redline/", views.redline_draft, "filing_redline")
site.add_page(f"{PAGES}forms/<slug:subject>/print/", views.form_draft, "filing_form_draft")
site.add_page(f"{PAGES}jobs/<int:job>/", views.job_page, "filing_job")
site.add_page("files/<uuid:file>/", views.rendered_file, "rendered_file")
site.add_page(f"{PAGES}package/", views.package_page, "filing_package")
site.add_page(f"{PAGES}package/file/", views.package_file, "filing_package_file")
