"""The permanent address of a report: department code, year, kind and, for one version, number."""

from __future__ import annotations

from django.urls import reverse

from filings.models import Filing, FilingKind

WORDS = {
    FilingKind.DEPARTMENTAL_BUDGET: "budget",
    FilingKind.DEPARTMENTAL_FINAL_ACCOUNTS: "final-accounts",
}
KINDS = {word: kind for kind, word in WORDS.items()}


class KindConverter:
    """The kind of a report in an address."""

    regex = "|".join(KINDS)

    def to_python(self, value: str) -> str:
        return KINDS[value].value

    def to_url(self, value: str) -> str:
        return WORDS[FilingKind(value)]


class CodeConverter:
    """A department's code, as its validator allows."""

    regex = "[0-9A-Za-z]{3,20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class YearConverter:
    regex = "[12][0-9]{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class VersionConverter:
    regex = "[1-9][0-9]{0,3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


def report_address(filing: Filing) -> str:
    """Where the version in force of this report is read."""
    return reverse("portal:report", args=_place(filing))


def version_address(filing: Filing, page: str = "version") -> str:
    """Where this very version is read; ``page`` is version, version_pdf,
    version_data or version_tables."""
    return reverse(f"portal:{page}", args=[*_place(filing), filing.version])


def _place(filing: Filing) -> list[object]:
    return [filing.department.code, filing.fiscal_year_id, filing.kind]
