"""What people type in the middle of a year: money, progress row by row, measures.

An odd value of an indicator is not a form error: it is kept as typed and answered by a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from performance.evaluation import NUMERIC, Band, IndicatorSnapshot
from performance.forms import Mistake, mistakes_of
from performance.models import MonitoredIndicator
from performance.monitoring.values import (
    IndicatorProgress,
    Likelihood,
    Measure,
    MeasureKind,
    MonitoredSubject,
    Obstacle,
)
from performance.scoring.steps import plain
from rulebook.amounts import AmountError, MoneyUnit, in_wan, parse_amount

UNASKED = ("", "请选择")
OBSTACLES = [UNASKED, *((each.value, each.label) for each in Obstacle)]
LIKELIHOODS = [UNASKED, *((each.value, each.label) for each in Likelihood)]
BANDS = [UNASKED, *((band.value, band.label) for band in Band)]
MEASURES = [UNASKED, *((each.value, each.label) for each in MeasureKind)]
SPARE_MEASURES = 2
MOST_MEASURES = 30


class WanField(forms.Field):
    """An amount written in 万元, kept in yuan; empty is None."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "class": "points-input", "maxlength": 30}

    def prepare_value(self, value: Any) -> Any:
        return plain(in_wan(value)) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        try:
            return parse_amount(str(value or ""), MoneyUnit.WAN)
        except AmountError as error:
            raise ValidationError(f"“{value}”{error}。") from error


class MoneyForm(forms.Form):
    spent = WanField(label="截至本月末执行数（万元）")
    expected = WanField(label="预计全年支出（万元）")


def _typed(name: str, label: str) -> forms.CharField:
    field: Any = MonitoredIndicator._meta.get_field(name)
    length = field.max_length
    return forms.CharField(label=label, max_length=length, required=False)


class ProgressForm(forms.Form):
    """One indicator; a qualitative one is judged by band."""

    achieved = _typed("achieved", "截至本月末完成值")
    expected = _typed("expected", "预计全年完成值")
    band = forms.ChoiceField(label="完成程度", choices=BANDS, required=False)
    likelihood = forms.ChoiceField(label="完成可能性", choices=LIKELIHOODS, required=False)
    obstacle = forms.ChoiceField(label="原因类别", choices=OBSTACLES, required=False)
    note = _typed("note", "备注")

    def __init__(self, *args: Any, row: IndicatorSnapshot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        if row.kind in NUMERIC:
            del self.fields["band"]


class MeasureForm(forms.Form):
    """A measure; one without a kind is none, unless words were written."""

    kind = forms.ChoiceField(label="措施", choices=MEASURES, required=False)
    indicator = forms.ChoiceField(label="针对的指标", required=False)
    new_target = _typed("target", "新目标值（只在调整目标时填写）")
    text = _typed("note", "内容和理由")

    def __init__(self, *args: Any, rows: Iterable[IndicatorSnapshot] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "整个对象"), *((row.key, f"{row.key} {row.name}") for row in rows)]
        self.fields["indicator"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        written = cleaned.get("new_target") or cleaned.get("text")
        if written and not cleaned.get("kind") and "kind" not in self.errors:
            self.add_error("kind", "请选择措施。")
        return cleaned


MeasureFormSet = forms.formset_factory(
    MeasureForm, extra=SPARE_MEASURES, max_num=MOST_MEASURES, absolute_max=MOST_MEASURES
)


class SubjectForms:
    """The page of one subject as one form."""

    def __init__(self, value: MonitoredSubject, data: Mapping[str, Any] | None = None) -> None:
        self.money = MoneyForm(data, initial={"spent": value.spent, "expected": value.expected})
        self.rows = {
            row.key: ProgressForm(
                data, prefix=f"row-{row.key}", row=row, initial=_initial(value.progress_of(row.key))
            )
            for row in value.indicators
        }
        self.measures = MeasureFormSet(
            data,
            prefix="measures",
            initial=[_measure(each) for each in value.measures],
            form_kwargs={"rows": value.indicators},
        )

    def is_valid(self) -> bool:
        parts = [self.money.is_valid(), self.measures.is_valid()]
        return all([*parts, *(form.is_valid() for form in self.rows.values())])

    @property
    def mistakes(self) -> list[Mistake]:
        """What was sent and is refused, with its place."""
        if not self.money.is_bound:
            return []
        found = mistakes_of("", self.money)
        for key, form in self.rows.items():
            found += mistakes_of(f"指标 {key} ", form)
        for number, measure in enumerate(self.measures.forms, 1):
            found += mistakes_of(f"措施 {number} ", measure)
        return found

    @property
    def progress(self) -> dict[str, dict[str, Any]]:
        """Key → what was entered, of rows in which something was."""
        rows = {key: form.cleaned_data for key, form in self.rows.items()}
        return {key: given for key, given in rows.items() if any(given.values())}

    @property
    def taken(self) -> list[dict[str, Any]]:
        """The measures that were written, in order."""
        given = [form.cleaned_data for form in self.measures.forms]
        return [each for each in given if each.get("kind")]


def _initial(progress: IndicatorProgress | None) -> dict[str, Any]:
    if progress is None:
        return {}
    return {
        "achieved": progress.achieved,
        "expected": progress.expected,
        "obstacle": progress.obstacle.value if progress.obstacle else "",
        "likelihood": progress.likelihood.value if progress.likelihood else "",
        "band": progress.band.value if progress.band else "",
        "note": progress.note,
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "kind": measure.kind.value,
        "indicator": measure.indicator,
        "new_target": measure.new_target,
        "text": measure.text,
    }
