"""What people type: targets row by row, what was achieved, deductions.

An odd value of an indicator is not a form error: it is kept as typed and answered by a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from performance.declaration_entry import GoalEntry, IndicatorEntry
from performance.evaluation import Band, Direction, IndicatorKind
from performance.models import Indicator, IndicatorResult, SelfEvaluation
from performance.services import EVALUATION_FIELDS, RESULT_FIELDS
from performance.snapshots import goals_of, trimmed
from rulebook.amounts import HUNDRED, AmountError, decimals_of, parse_number
from rulebook.forms import Horizon

BANDS = [("", "请选择档次"), *((band.value, band.label) for band in Band)]
KINDS = [(kind.value, kind.label) for kind in IndicatorKind]
DIRECTIONS = [("", "不适用"), *((direction.value, direction.label) for direction in Direction)]
JUDGED = frozenset(IndicatorKind) - {IndicatorKind.QUANTITATIVE, IndicatorKind.RANGE}
"""Kinds a person judges; a trend only where the directions differ."""
WEIGHTED_FIELDS = (
    "tier_one", "tier_one_weight", "tier_two", "tier_two_weight",
    "name", "kind", "direction", "target", "weight",
)  # fmt: skip
"""What is typed of an indicator where the targets stand on the form of an evaluation."""
MAX_DECIMALS = 2
MAX_ROWS = 300
BLANK_ROWS = 3


class PointsField(forms.Field):
    """Points or a percentage between 0 and 100 with at most two decimals; empty is None."""

    widget = forms.TextInput

    def __init__(self, *, minimum: Decimal = Decimal(0), **kwargs: Any) -> None:
        self.minimum = minimum
        super().__init__(required=kwargs.pop("required", False), **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "class": "points-input", "maxlength": 12}

    def prepare_value(self, value: Any) -> Any:
        return trimmed(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        try:
            number = parse_number(str(value or ""))
        except AmountError as error:
            raise ValidationError(f"“{value}”{error}。") from error
        if number is None:
            return None
        if not self.minimum <= number <= HUNDRED or decimals_of(number) > MAX_DECIMALS:
            raise ValidationError(
                f"请填写 {self.minimum} 至 100 之间的数，小数不超过两位，现为“{value}”。"
            )
        return number

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class ParagraphsField(forms.CharField):
    """Plain paragraphs, separated by single line feeds however the browser sends them."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        area = forms.Textarea(attrs={"rows": rows})
        super().__init__(required=False, max_length=4000, widget=area, **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


def line_field(model: Any, name: str, *, options: str = "", required: bool = True) -> Any:
    """One line of text with the length and label of a model's field; ``options`` is a datalist."""
    field = model._meta.get_field(name)
    attrs = {"list": options} if options else {}
    return forms.CharField(
        label=field.verbose_name,
        max_length=field.max_length,
        required=required,
        widget=forms.TextInput(attrs=attrs),
    )


class Mistake(NamedTuple):
    """A refused input: its place in words, the field, and what is wrong with it."""

    label: str
    field: forms.BoundField
    message: str


def mistakes_of(place: str, form: forms.Form) -> list[Mistake]:
    """The form's errors, each with its field."""
    return [
        Mistake(f"{place}{form[name].label}", form[name], str(message))
        for name, messages in form.errors.items()
        for message in messages
    ]


class RowForm(forms.Form):
    """A row of a list; ``row`` is the id of the stored row it changes."""

    row = forms.IntegerField(required=False, widget=forms.HiddenInput)


class GoalForm(RowForm):
    text = ParagraphsField(label="年度目标内容", rows=2)
    weight = PointsField(label="分值", minimum=Decimal("0.01"))


class IndicatorForm(RowForm):
    goal = forms.TypedChoiceField(label="年度目标", coerce=int)
    tier_one = line_field(Indicator, "tier_one", options="tier-ones")
    tier_one_weight = PointsField(label="一级分值", minimum=Decimal("0.01"))
    tier_two = line_field(Indicator, "tier_two", options="tier-twos")
    tier_two_weight = PointsField(label="二级分值", minimum=Decimal("0.01"))
    name = line_field(Indicator, "name")
    kind = forms.ChoiceField(label="性质", choices=KINDS)
    direction = forms.ChoiceField(label="方向", choices=DIRECTIONS, required=False)
    target = line_field(Indicator, "target", required=False)
    weight = PointsField(label="分值", minimum=Decimal("0.01"))

    def __init__(self, *args: Any, goals: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(number, f"目标 {number}") for number in range(1, goals + 1)]
        self.fields["goal"].choices = choices  # type: ignore[attr-defined]
        self.fields["goal"].initial = 1
        self.fields["kind"].initial = IndicatorKind.QUANTITATIVE.value


def _formset(form: type[RowForm]) -> Any:
    return forms.formset_factory(
        form, extra=BLANK_ROWS, can_delete=True, max_num=MAX_ROWS, absolute_max=MAX_ROWS
    )


GoalFormSet = _formset(GoalForm)
IndicatorFormSet = _formset(IndicatorForm)


class TargetsForm:
    """The declaration as one form: the objective, goals, and a flat list of indicators."""

    def __init__(self, initial: Mapping[str, Any], data: Mapping[str, Any] | None = None) -> None:
        self.head = ObjectiveForm(data, initial={"objective": initial["objective"]})
        self.goals = GoalFormSet(data, prefix="goals", initial=initial["goals"])
        self.goals.extra = 1 if initial["goals"] else 2
        self.indicators = IndicatorFormSet(
            data,
            prefix="rows",
            initial=initial["indicators"],
            form_kwargs={"goals": self.goals.total_form_count()},
        )

    def is_valid(self) -> bool:
        parts = [self.head.is_valid(), self.goals.is_valid(), self.indicators.is_valid()]
        return all(parts) and self._goals_stand()

    @property
    def mistakes(self) -> list[Mistake]:
        """What was sent and is refused; a row is named by its number."""
        if not self.head.is_bound:
            return []
        found = mistakes_of("总体目标", self.head)
        for name, part in (("年度目标", self.goals), ("指标", self.indicators)):
            for number, form in enumerate(part.forms, 1):
                found += mistakes_of(f"{name} {number}", form)
        return found

    def _goals_stand(self) -> bool:
        """Every row belongs to a goal that is not being removed."""
        removed = {n for n, form in enumerate(self.goals.forms, 1) if _is_removed(form)}
        for form in self._rows():
            if form.cleaned_data["goal"] in removed:
                form.add_error("goal", "所选年度目标已标为删去，请改选。")
        return not any(form.errors for form in self.indicators.forms)

    def _rows(self) -> list[IndicatorForm]:
        """The rows that are filled in and stay."""
        forms = self.indicators.forms
        return [f for f in forms if f.cleaned_data.get("name") and not _is_removed(f)]

    def entries(self) -> list[GoalEntry]:
        """The goals in order with their rows; a goal counts when it is filled in or has rows."""
        rows: dict[int, list[IndicatorEntry]] = {}
        for form in self._rows():
            values = {field: form.cleaned_data[field] for field in WEIGHTED_FIELDS}
            entry = IndicatorEntry(form.cleaned_data["row"], values)
            rows.setdefault(form.cleaned_data["goal"], []).append(entry)
        return [
            GoalEntry(
                form.cleaned_data.get("row"), form.cleaned_data.get("text", ""),
                form.cleaned_data.get("weight"), tuple(rows.get(number, ())),
            )
            for number, form in enumerate(self.goals.forms, 1)
            if not _is_removed(form) and (_is_filled(form) or number in rows)
        ]  # fmt: skip


class ObjectiveForm(forms.Form):
    objective = ParagraphsField(label="总体目标", rows=4)


def _is_removed(form: forms.Form) -> bool:
    return bool(form.cleaned_data.get("DELETE"))


def _is_filled(form: forms.Form) -> bool:
    data = form.cleaned_data
    return bool(data.get("row") or data.get("text") or data.get("weight") is not None)


class ResultForm(forms.Form):
    """What was achieved for one indicator; the judgement only where a person judges."""

    achieved = line_field(IndicatorResult, "achieved", required=False)
    band = forms.ChoiceField(label="完成档次", choices=BANDS, required=False)
    percentage = PointsField(label="占分值的百分比")
    deviation_reason = ParagraphsField(label="偏差原因", rows=2)
    improvement_measure = ParagraphsField(label="改进措施", rows=2)

    def __init__(self, *args: Any, judged: bool, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label = label
        if not judged:
            del self.fields["band"], self.fields["percentage"]
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{label}：{field.label}"


class EvaluationForm(forms.Form):
    """The head and the passages of a self-evaluation."""

    filled_on = forms.DateField(
        label="填报日期",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "请按“2024-01-22”的样式填写日期。"},
    )
    execution_reason = ParagraphsField(label="预算执行说明", rows=2)
    objective_achieved = ParagraphsField(label="全年实际完成情况", rows=4)
    objective_band = forms.ChoiceField(label="总目标完成档次", choices=BANDS, required=False)
    objective_percentage = PointsField(label="总目标占分值的百分比")
    objective_reason = ParagraphsField(label="未评满分的原因", rows=2)
    deviation_reason = ParagraphsField(label="偏差大或目标未完成原因分析")
    improvement_measure = ParagraphsField(label="改进措施及结果应用方案")
    goals_achieved = ParagraphsField(label="完成的绩效目标")
    last_year_use = ParagraphsField(label="上年度结果应用情况")
    problems = ParagraphsField(label="本年度绩效问题和原因")
    next_steps = ParagraphsField(label="下一步拟改进措施")
    budget_link = ParagraphsField(label="拟与预算安排相结合情况")


class EvaluationForms:
    """The self-evaluation as one form: its head, and a result for every declared indicator."""

    def __init__(self, row: SelfEvaluation, data: Mapping[str, Any] | None = None) -> None:
        initial = {field: getattr(row, field) for field in EVALUATION_FIELDS}
        self.head = EvaluationForm(data, initial=initial)
        self.results = {
            indicator.pk: _result_form(row, indicator, data)
            for goal in goals_of(row.declaration, Horizon.ANNUAL)
            for indicator in goal.indicators.all()
        }

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in (self.head, *self.results.values())]
        return all(valid)

    @property
    def mistakes(self) -> list[Mistake]:
        found = mistakes_of("", self.head)
        for form in self.results.values():
            found += mistakes_of(f"{form.label}：", form)
        return found

    @property
    def fields(self) -> dict[str, Any]:
        return self.head.cleaned_data

    @property
    def entered(self) -> dict[int, dict[str, Any]]:
        return {pk: form.cleaned_data for pk, form in self.results.items()}

    def differences(self) -> list[tuple[str, str, str]]:
        """(field, as typed here, as stored) of everything that differs from the stored rows."""
        found = []
        for form in (self.head, *self.results.values()):
            for name in form.changed_data:
                bound = form[name]
                label = form.fields[name].widget.attrs.get("aria-label", bound.label)
                stored = form.fields[name].prepare_value(bound.initial)
                found.append((label, str(bound.value() or "空"), str(stored or "空")))
        return found


def _result_form(
    row: SelfEvaluation, indicator: Indicator, data: Mapping[str, Any] | None
) -> ResultForm:
    stored = next((r for r in row.results.all() if r.indicator_id == indicator.pk), None)
    initial = {field: getattr(stored, field) for field in RESULT_FIELDS} if stored else {}
    judged = IndicatorKind(indicator.kind) in JUDGED
    return ResultForm(
        data, prefix=f"r{indicator.pk}", initial=initial, judged=judged, label=indicator.name
    )


class DeductionForm(forms.Form):
    points = PointsField(label="扣减分值", minimum=Decimal("0.01"), required=True)
    reason = forms.CharField(
        label="扣分原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
