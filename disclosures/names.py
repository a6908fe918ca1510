"""File names of reports, as a person would name them."""

from __future__ import annotations

import re

from filings.models import Filing

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def file_name(filing: Filing, *, draft: bool = False, suffix: str = "pdf", title: str = "") -> str:
    """2023年度某某部门决算公开.pdf, or of one form its title after the department's name; a later
    version and a draft say so."""
    version = f"（第{filing.version}版）" if filing.version > 1 else ""
    mark = "（草稿）" if draft else ""
    name = filing.department.name_in(filing.fiscal_year_id)
    whole = f"{filing.fiscal_year_id}年度{name}{filing.kind_label}公开"
    words = f"{name} {title}" if title else whole
    return _UNSAFE.sub("_", f"{words}{version}{mark}.{suffix}")
