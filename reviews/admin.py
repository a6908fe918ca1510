"""The pages of the workflow in the staff site."""

from __future__ import annotations

from departments.site import site
from reviews.views import desk, extract, filing, preview, publication, review, steps, units, years

FILING = "filings/<uuid:filing>/"

site.set_desk(desk.desk)
site.add_page("filings/", desk.filing_list, "filing_list")
site.add_page("filings/open/", desk.open_page, "filing_open")
site.add_page("years/", years.years_page, "years")
site.add_page("deadlines/", years.deadlines_page, "deadlines")
site.add_page("units/", units.units_page, "units")
site.add_page("units/<str:unit>/", units.unit_page, "unit")
site.add_page("units/<str:unit>/rename/", units.rename_page, "unit_rename")
site.add_page("units/<str:unit>/merge/", units.merge_page, "unit_merge")
site.add_page("units/<str:unit>/split/", units.split_page, "unit_split")
site.add_page("waivers/", review.waivers, "waivers")
site.add_page(FILING, filing.overview, "filing_overview")
site.add_page(f"{FILING}preview/", preview.preview_page, "filing_preview")
site.add_page(f"{FILING}preview/sections/", preview.preview_sections, "filing_preview_sections")
site.add_page(f"{FILING}preview/changes/", preview.preview_changes, "filing_preview_changes")
site.add_page(f"{FILING}findings/", filing.findings, "filing_findings")
site.add_page(f"{FILING}files/", filing.files, "filing_files")
site.add_page(f"{FILING}uploads/<int:upload>/", filing.upload, "filing_upload")
site.add_page(f"{FILING}history/", filing.history, "filing_history")
site.add_page(f"{FILING}extract/", extract.extract_page, "filing_extract")
site.add_page(f"{FILING}extract/template/", extract.template_file, "filing_extract_template")
site.add_page(f"{FILING}correct/", filing.correct, "filing_correct")
site.add_page(f"{FILING}carry/", filing.carry, "filing_carry")
site.add_page(f"{FILING}submit/", steps.submit_page, "filing_submit")
site.add_page(f"{FILING}receipt/", steps.receipt, "filing_receipt")
site.add_page(f"{FILING}notice/", steps.notice, "filing_notice")
site.add_page(f"{FILING}steps/<slug:key>/", steps.step, "filing_step")
site.add_page(f"{FILING}review/", review.review, "filing_review")
site.add_page(f"{FILING}review/open/", review.open_review, "filing_open_review")
site.add_page(f"{FILING}review/<slug:tab>/", review.review, "filing_review")
site.add_page(f"{FILING}remarks/", review.remark, "filing_remark")
site.add_page(f"{FILING}remarks/<int:remark>/drop/", review.drop_remark, "filing_drop_remark")
site.add_page(f"{FILING}approve/", review.approve_page, "filing_approve")
site.add_page(f"{FILING}publish/", publication.publish_page, "filing_publish")
site.add_page(f"{FILING}publish/render/", publication.render_again, "filing_render")
