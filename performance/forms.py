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
from performance.evaluation import Direction, IndicatorKind
from performance.models import Indicator
from performance.snapshots import trimmed
from rulebook.amounts import HUNDRED, AmountError, decimals_of, parse_number

KINDS = [(kind.value, kind.label) for kind in IndicatorKind]
DIRECTIONS = [("", "不适用"), *((direction.value, direction.label) for direction in Direction)]
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


class DeductionForm(forms.Form):
    points = PointsField(label="扣减分值", minimum=Decimal("0.01"), required=True)
    reason = forms.CharField(
        label="扣分原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
