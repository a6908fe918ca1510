"""Forms of the bureau for units renamed, merged and split."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone

from budgets.unit_changes import Basis, Outcome, merge, rename, split
from departments.models import CODE, FiscalYear, StaffMember, Unit, UnitKindChoices
from departments.services import NewUnit
from reviews.forms import NOT_YET, day_input

MOST_PARTS = 5
UNASKED = ("", "请选择")


class UnitChangeForm(forms.Form):
    """From which year a change holds and on what it rests."""

    fiscal_year = forms.IntegerField(
        label="自哪一预算年度起适用",
        min_value=2000,
        max_value=2099,
        help_text="这一年度及以后的报表按变更后填报；以前年度的报告不变。",
    )
    decided_on = forms.DateField(label="批准日期", widget=day_input())
    reason = forms.CharField(
        label="原因和依据", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"fiscal_year": _newest_year()})
        super().__init__(*args, **kwargs)
        self.unit = unit

    def clean_decided_on(self) -> date:
        day: date = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(NOT_YET)
        return day

    def own_fields(self) -> list[BoundField]:
        """What this change asks besides its basis."""
        return [field for field in self if field.name not in UnitChangeForm.base_fields]

    def basis_fields(self) -> list[BoundField]:
        return [self[name] for name in UnitChangeForm.base_fields]

    @property
    def basis(self) -> Basis:
        given = self.cleaned_data
        return Basis(given["fiscal_year"], given["decided_on"], given["reason"])

    def make(self, staff: StaffMember) -> Outcome:
        """Register the change. Raises RegisterRefused, UnitChangeRefused."""
        raise NotImplementedError


def _newest_year() -> int | None:
    return FiscalYear.objects.order_by("-year").values_list("year", flat=True).first()


class RenameForm(UnitChangeForm):
    name = forms.CharField(label="新名称", max_length=120)

    def make(self, staff: StaffMember) -> Outcome:
        name = self.cleaned_data["name"]
        return rename(unit=self.unit, staff=staff, name=name, basis=self.basis)


class MergeForm(UnitChangeForm):
    """Which units the unit takes over; all are of its department."""

    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label="并入的单位",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择并入的单位。"},
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, **kwargs)
        units = self.fields["units"]
        assert isinstance(units, forms.ModelMultipleChoiceField)
        others = Unit.objects.filter(department=unit.department_id, last_fiscal_year=None)
        units.queryset = others.exclude(pk=unit.pk)

    @property
    def nothing(self) -> str:
        """Why there is nothing to choose; empty where there is."""
        units = self.fields["units"]
        assert isinstance(units, forms.ModelMultipleChoiceField)
        there = units.queryset is not None and units.queryset.exists()
        return "" if there else "本部门没有其他存续的单位可以并入。"

    def make(self, staff: StaffMember) -> Outcome:
        units = list(self.cleaned_data["units"])
        return merge(into=self.unit, units=units, staff=staff, basis=self.basis)


class SplitForm(UnitChangeForm):
    """The units that come out of a split, a row each; rows left empty are none."""

    continues = forms.BooleanField(
        label="原单位继续填报",
        required=False,
        help_text="不继续的，上年数和填报中的报表由第一个新单位接续。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_PARTS + 1):
            self.fields[f"code_{number}"] = forms.CharField(
                label=f"单位编码 {number}", max_length=20, required=False, validators=[CODE]
            )
            self.fields[f"name_{number}"] = forms.CharField(
                label=f"单位名称 {number}", max_length=120, required=False
            )
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=f"单位性质 {number}",
                choices=[UNASKED, *UnitKindChoices.choices],
                required=False,
            )

    def rows(self) -> list[tuple[BoundField, BoundField, BoundField]]:
        """The fields of each new unit."""
        numbers = range(1, MOST_PARTS + 1)
        return [(self[f"code_{n}"], self[f"name_{n}"], self[f"kind_{n}"]) for n in numbers]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for number, row in enumerate(self.rows(), 1):
            values = [cleaned.get(field.name) for field in row]
            if any(values) and not all(values) and not any(field.errors for field in row):
                self.add_error(f"code_{number}", "编码、名称和性质须一并填写。")
        if not self.errors and not self.parts():
            self.add_error("code_1", "请写明分设的单位。")
        return cleaned

    def parts(self) -> list[NewUnit]:
        rows = [[self.cleaned_data.get(f.name, "") for f in row] for row in self.rows()]
        return [NewUnit(code, name, kind) for code, name, kind in rows if code]

    def make(self, staff: StaffMember) -> Outcome:
        return split(
            unit=self.unit,
            parts=self.parts(),
            continues=self.cleaned_data["continues"],
            staff=staff,
            basis=self.basis,
        )
