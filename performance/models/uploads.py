"""Uploaded workbooks of forms."""

from __future__ import annotations

from django.db import models

from budgets.models import KeptFile
from filings.models import Filing
from performance.querysets import FormUploadQuerySet


class FormUpload(KeptFile):
    """An uploaded workbook of a filing's forms, kept as it came."""

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="form_uploads"
    )

    objects = FormUploadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上传的绩效表格"
        ordering = ("-uploaded_at",)
        constraints = (
            models.UniqueConstraint("filing", "sha256", name="one_form_upload_per_file"),
        )
