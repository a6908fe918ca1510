"""Forms for what people write in a report: texts, reasons, key tasks, the bureau's approval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict

from disclosures.filing_package import KeyTask, Reason
from disclosures.ledger import Account, Standing
from disclosures.outline import DeclaredText
from disclosures.reason_kinds import ReasonKind
from disclosures.reasons import RequiredReason
from rulebook.amounts import WAN_IN_YUAN, AmountError, MoneyUnit, in_wan, parse_amount

SPARE_TASKS = 2
PLACEHOLDERS = {"amount": "金额（万元）", "text": "主要原因"}
MAX_DIGITS = 4  # of the number of rows a browser sends


class AmountField(forms.CharField):
    """An amount written in 万元 → yuan; empty stays empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=40, **options)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        try:
            return parse_amount(text, MoneyUnit.WAN)
        except AmountError as error:
            raise forms.ValidationError(f"{error}：{text}") from None

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        exact = value / WAN_IN_YUAN
        return f"{in_wan(value) if exact == in_wan(value) else exact:f}"


class TextsForm(forms.Form):
    """One box for every declared text of the outline."""

    def __init__(self, texts: Iterable[DeclaredText], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for text in texts:
            self.fields[text.key] = forms.CharField(
                label=text.label,
                help_text=text.hint,
                required=False,
                max_length=20000,
                widget=forms.Textarea(attrs={"rows": 6}),
            )


class ReasonForm(forms.Form):
    """One reason of one change; ``amount`` is the signed part it explains."""

    subject = forms.CharField(widget=forms.HiddenInput, max_length=120)
    kind = forms.ChoiceField(label="类别", required=False)
    amount = AmountField(label="金额（万元，增加为正、减少为负，可不填）")
    text = forms.CharField(label="主要原因", required=False, max_length=500)

    def __init__(self, *args: Any, kinds: Sequence[ReasonKind] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [(kind.key, kind.name) for kind in kinds]
        stored = self.initial.get("kind", "")
        if stored and stored not in dict(offered):
            offered.append((stored, f"{stored}（本年度没有）"))
        choice = self.fields["kind"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "类别"), *offered]
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = field.label or ""
            field.widget.attrs["placeholder"] = PLACEHOLDERS.get(name, "")

    def clean(self) -> dict[str, Any]:
        row = super().clean() or {}
        if row.get("amount") is not None and not (row.get("text") or "").strip():
            self.add_error("text", "请写明原因，或者清空金额。")
        return row


class KeyTaskForm(forms.Form):
    """One row of 重点工作完成情况表; a row without an item is left out."""

    item = forms.CharField(label="重要事项", required=False, max_length=120)
    target = forms.CharField(label="工作内容及目标", required=False, max_length=500)
    outcome = forms.CharField(label="完成情况", required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        row = super().clean() or {}
        if any(row.values()) and not all(row.get(name) for name in self.fields):
            raise forms.ValidationError("请填完这一行的三项，或全部清空。")
        return row


class ApprovalForm(forms.Form):
    """批复 as the department received it."""

    document_no = forms.CharField(label="批复文号", required=False, max_length=60)
    issued_on = forms.DateField(
        label="批复日期",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class PackageForm(forms.Form):
    """A data package that replaces everything in the filing."""

    file = forms.FileField(label="数据包（JSON）", max_length=200)
    replace_all = forms.BooleanField(label="我知道：申报件现有的全部内容将被数据包替换")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            most = settings.UPLOAD_MAX_BYTES // 1024 // 1024
            raise forms.ValidationError(f"文件过大，最大 {most} MB。")
        return file


ReasonFormSet = forms.formset_factory(ReasonForm, extra=0)
KeyTaskFormSet = forms.formset_factory(KeyTaskForm, extra=SPARE_TASKS)


def reason_rows(
    required: Sequence[RequiredReason], given: Sequence[Reason]
) -> list[dict[str, Any]]:
    """The rows of the reasons form: what was written, and a blank row where more is wanted.

    A change wants another row while its signed reasons leave a part open.
    """
    rows: list[dict[str, Any]] = []
    for change in required:
        mine = [reason for reason in given if reason.subject == change.subject]
        rows += [_row(reason) for reason in mine]
        if not mine or Account(change, tuple(mine)).standing in {Standing.UNDER, Standing.OVER}:
            rows.append(_row(Reason(change.subject, "")))
    known = {change.subject for change in required}
    stale = [reason for reason in given if reason.subject not in known]
    return rows + [_row(reason) for reason in stale]


def _row(reason: Reason) -> dict[str, Any]:
    return {
        "subject": reason.subject,
        "kind": reason.kind,
        "amount": reason.amount,
        "text": reason.text,
    }


def with_row(data: QueryDict, prefix: str, reason: Reason) -> QueryDict:
    """What was posted, with one more reason at its end; the same where the count is damaged."""
    count = f"{prefix}-TOTAL_FORMS"
    number = data.get(count, "")
    if not number.isdecimal() or len(number) > MAX_DIGITS:
        return data
    more = data.copy()
    more[count] = str(int(number) + 1)
    shown = ReasonForm(initial=_row(reason))
    for name, value in _row(reason).items():
        more[f"{prefix}-{number}-{name}"] = shown.fields[name].prepare_value(value) or ""
    return more


def reasons_from(rows: Iterable[dict[str, Any]]) -> dict[str, list[Reason]]:
    """Cleaned rows → reasons by subject; a subject whose rows are blank loses its reasons."""
    found: dict[str, list[Reason]] = {}
    for row in rows:
        given = found.setdefault(row["subject"], [])
        if row["text"].strip():
            given.append(Reason(row["subject"], row["text"].strip(), row["amount"], row["kind"]))
    return found


def typed_reasons(rows: Iterable[forms.Form]) -> list[Reason]:
    """The reasons on the screen that can be read, those without words yet included."""
    read = [row.cleaned_data for row in rows if row.is_valid() or "amount" in row.cleaned_data]
    return [
        Reason(row["subject"], row.get("text", ""), row["amount"], row.get("kind", ""))
        for row in read
        if "subject" in row and (row.get("text") or row["amount"] is not None)
    ]


def tasks_from(rows: Iterable[dict[str, Any]]) -> list[KeyTask]:
    """Cleaned rows → key tasks, blank rows left out."""
    return [KeyTask(r["item"], r["target"], r["outcome"]) for r in rows if r.get("item")]
