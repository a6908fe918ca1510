"""The search of the public site."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet

from filings.models import Filing, FilingKind
from portal.querysets import named_like, years_with_reports

LONGEST_SEARCH = 40


class SearchForm(forms.Form):
    """Department, year and kind; all may be left out. Sent by GET, holds nothing private."""

    q = forms.CharField(label="部门名称", max_length=LONGEST_SEARCH, required=False)
    year = forms.TypedChoiceField(label="年度", coerce=int, empty_value=None, required=False)
    kind = forms.ChoiceField(label="类型", required=False)

    use_required_attribute = False

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        years = [(year, f"{year} 年") for year in years_with_reports()]
        self._choices("year", [("", "全部年度"), *years])
        self._choices("kind", [("", "全部类型"), *FilingKind.choices])

    def matching(self, reports: QuerySet[Filing]) -> QuerySet[Filing]:
        """The reports asked for; none when the question cannot be understood."""
        if not self.is_valid():
            return reports.none()
        reports = reports.filter(named_like(self.cleaned_data["q"]))
        if self.cleaned_data["year"]:
            reports = reports.filter(fiscal_year=self.cleaned_data["year"])
        if self.cleaned_data["kind"]:
            reports = reports.filter(kind=self.cleaned_data["kind"])
        return reports

    def _choices(self, name: str, choices: list[tuple[object, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
