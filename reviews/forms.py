"""Forms of the workflow. They hold what a person may say, never what the server decides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from departments.models import Department, FiscalYear, StaffMember
from filings.models import Filing, FilingKind
from reviews.workflow import Transition

NOT_YET = "日期不能晚于今天。"
ALREADY_OVER = "有效期不能早于今天。"


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: also an empty POST is one."""
    return request.POST if request.method == "POST" else None


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ExtractForm(forms.Form):
    """The file of an extract; what it is shows in its content."""

    file = forms.FileField(
        label="填好的摘录（XLSX 或 JSON）",
        allow_empty_file=True,
        max_length=200,
        help_text="上传后替换原有的摘录，不改动申报件。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.json"}),
    )


class OpenFilingForm(forms.Form):
    """Which filing to open: an open year and a kind; the department is one's own."""

    fiscal_year = forms.ModelChoiceField(
        FiscalYear.objects.open(),
        label="年度",
        empty_label=None,
        error_messages={"invalid_choice": "这个年度没有开放填报。"},
    )
    kind = forms.ChoiceField(label="类型", choices=FilingKind.choices)


class StepForm(forms.Form):
    """The words a step asks for, and the declaration before handing in."""

    reason = forms.CharField(
        label="原因", max_length=500, widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    declared = forms.BooleanField(
        label="本部门对所报数据和文字的真实性、完整性负责。", required=False
    )

    def __init__(self, *args: Any, step: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = step.wants_reason
        self.fields["declared"].required = step.key == "submit"
        self.fields["declared"].error_messages["required"] = "提交前请确认这一声明。"


class ApprovalForm(forms.Form):
    """批复: number and date; the publication period counts from the date."""

    document_no = forms.CharField(label="批复文号", max_length=60)
    issued_on = forms.DateField(label="批复日期", widget=day_input())

    def clean_issued_on(self) -> date:
        day: date = self.cleaned_data["issued_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(NOT_YET)
        return day


class RemarkForm(forms.Form):
    """A remark; ``place`` is checked against the filing by the view."""

    place = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label="审核意见", max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class WordsForm(forms.Form):
    """One box per key (a finding's identity, a remark's id); other posted fields are ignored."""

    def __init__(
        self, *args: Any, keys: Iterable[str], label: str, max_length: int = 2000, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for key in keys:
            self.fields[key] = forms.CharField(
                label=label,
                max_length=max_length,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def written(self) -> dict[str, str]:
        """Key → words of the boxes that were changed."""
        return {key: self.cleaned_data[key] for key in self.changed_data}


class WaiverForm(forms.Form):
    """豁免: which check, for whose filing in preparation, why and until when."""

    department = forms.ModelChoiceField(Department.objects.none(), label="部门")
    fiscal_year = forms.ModelChoiceField(FiscalYear.objects.all(), label="年度", empty_label=None)
    kind = forms.ChoiceField(label="类型", choices=FilingKind.choices)
    check_id = forms.CharField(
        label="校验编号", max_length=20, help_text="问题右侧的编号，例如 FA-101。"
    )
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    expires_on = forms.DateField(label="有效期至", widget=day_input())

    def __init__(
        self, *args: Any, staff: StaffMember, checks: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        departments = self.fields["department"]
        assert isinstance(departments, forms.ModelChoiceField)
        departments.queryset = Department.objects.visible_to(staff)
        self.checks = set(checks)

    def clean_check_id(self) -> str:
        check_id = str(self.cleaned_data["check_id"]).strip().upper()
        if check_id not in self.checks:
            raise forms.ValidationError("没有这个校验，或它不是可以豁免的错误或预警。")
        return check_id

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(ALREADY_OVER)
        return day

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("department") and cleaned.get("fiscal_year"):
            self.filing = Filing.objects.in_preparation(
                cleaned["department"], cleaned["fiscal_year"].pk, cleaned.get("kind", "")
            )
            if self.filing is None:
                raise forms.ValidationError("该部门这一年度没有正在办理的申报件。")
        return cleaned
