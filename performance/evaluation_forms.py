"""The self-evaluation as a form, with the blocks of its edition; what was typed as one entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from performance.entries import EvaluationEntry, Place
from performance.evaluation import Band, FormAmount, IndicatorKind
from performance.forms import Mistake, ParagraphsField, PointsField, line_field, mistakes_of
from performance.models import EvaluationAmount, Goal, Indicator, IndicatorResult, SelfEvaluation
from performance.scoring.parameters import Scheme
from performance.services import EVALUATION_FIELDS, RESULT_FIELDS
from performance.snapshots import goal_key, goals_of, indicator_key
from rulebook.amounts import AmountError, MoneyUnit, decimals_of, parse_number, to_yuan
from rulebook.forms import BlockKind, FieldKind, FormEdition, FormField, Horizon

BANDS = [("", "请选择档次"), *((band.value, band.label) for band in Band)]
JUDGED = frozenset(IndicatorKind) - {IndicatorKind.QUANTITATIVE, IndicatorKind.RANGE}
"""Kinds a person judges; a trend only where the directions differ."""
MONEY_COLUMNS = ("budget", "spent")
"""Columns of the execution block that are typed for each level of money."""
LEAST_POINTS = Decimal("0.01")


class AmountField(forms.Field):
    """An amount in the form's unit of money → :class:`~performance.evaluation.FormAmount`."""

    widget = forms.TextInput

    def __init__(self, place: Place, unit: MoneyUnit, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.place, self.unit = place, unit
        self.widget.attrs |= {"inputmode": "decimal", "class": "points-input", "maxlength": 30}

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, EvaluationAmount):
            return value
        unit = MoneyUnit.from_code(value.declared_unit)
        if unit is not self.unit:
            return f"{value.amount / self.unit.value:f}"
        return f"{value.amount / unit.value:.{value.declared_decimals}f}"

    def to_python(self, value: Any) -> FormAmount | None:
        try:
            number = parse_number(str(value or ""))
            if number is None:
                return None
            yuan = to_yuan(number, self.unit)
        except AmountError as error:
            raise ValidationError(f"“{value}”{error}。") from error
        if yuan < 0:
            raise ValidationError("金额不能是负数。")
        return FormAmount(*self.place, yuan, self.unit.code, decimals_of(number))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class ResultForm(forms.Form):
    """What was achieved for one indicator; the judgement only where a person judges, the points
    only where the declaration had none to copy."""

    achieved = line_field(IndicatorResult, "achieved", required=False)
    band = forms.ChoiceField(label="完成档次", choices=BANDS, required=False)
    percentage = PointsField(label="占分值的百分比")
    weight = PointsField(label="分值", minimum=LEAST_POINTS)
    deviation_reason = ParagraphsField(label="偏差原因", rows=2)
    improvement_measure = ParagraphsField(label="改进措施", rows=2)

    def __init__(
        self, *args: Any, judged: bool, weighted: bool, label: str, key: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label, self.key = label, key
        if not judged:
            del self.fields["band"], self.fields["percentage"]
        if not weighted:
            del self.fields["weight"]
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{label}：{field.label}"


class GoalPointsForm(forms.Form):
    """The points of an annual goal, where the declaration had none to copy."""

    weight = PointsField(label="年度目标分值", minimum=LEAST_POINTS)

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key
        self.fields["weight"].widget.attrs["aria-label"] = f"年度目标 {key} 的分值"


class EvaluationForm(forms.Form):
    """The head and the passages of a self-evaluation, under the labels of its form."""

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

    def __init__(self, *args: Any, edition: FormEdition, scheme: Scheme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("deviation_reason", "improvement_measure", "filled_on"):
            printed = edition.field(name)
            if printed is not None:
                self.fields[name].label = printed.label
            elif name != "filled_on":
                del self.fields[name]
        if scheme.objective is None:
            for name in ("objective_band", "objective_percentage", "objective_reason"):
                del self.fields[name]
            if not edition.blocks_of(BlockKind.OBJECTIVE):
                del self.fields["objective_achieved"]


class TextsForm(forms.Form):
    """The fields of an edition that no other form has (合并明细项目, 说明)."""

    def __init__(self, *args: Any, edition: FormEdition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in own_fields(edition):
            self.fields[field.key] = _text_field(field)


def own_fields(edition: FormEdition) -> Iterator[FormField]:
    """The typed fields of an edition that are kept as texts."""
    for field in edition.fields():
        if field.kind is not FieldKind.RECORD and field.key not in EVALUATION_FIELDS:
            yield field


def _text_field(field: FormField) -> forms.Field:
    if field.kind is FieldKind.CHOICE:
        choices = [("", "请选择"), *((choice.key, choice.label) for choice in field.choices)]
        return forms.ChoiceField(label=field.label, choices=choices, required=False)
    if field.kind is FieldKind.PARAGRAPHS:
        return ParagraphsField(label=field.label, rows=2)
    return forms.CharField(label=field.label, required=False, max_length=300)


class LevelsForm(forms.Form):
    """Budget and spending of each level of money of the execution block."""

    def __init__(self, *args: Any, edition: FormEdition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = MoneyUnit.WAN if MoneyUnit.WAN.label in edition.unit_label else MoneyUnit.YUAN
        for block in edition.blocks_of(BlockKind.EXECUTION):
            labels = {column.key: column.label for column in block.columns}
            for row in block.rows:
                for column in MONEY_COLUMNS if not row.is_total else ():
                    label = f"{row.label} {labels[column]}".replace("\n", "")
                    field = AmountField((block.key, row.key, column), unit, label=label)
                    field.widget.attrs["aria-label"] = label
                    self.fields[level_name(row.key, column)] = field


def level_name(row: str, column: str) -> str:
    """The name of the field of a level of money."""
    return f"{row}_{column}"


class EvaluationForms:
    """The self-evaluation as one form: head, blocks of the edition, a result per indicator."""

    def __init__(
        self,
        row: SelfEvaluation,
        edition: FormEdition,
        scheme: Scheme,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.asks_weights = row.declaration.is_generated and not scheme.is_per_block
        initial = {field: getattr(row, field) for field in EVALUATION_FIELDS}
        self.head = EvaluationForm(data, initial=initial, edition=edition, scheme=scheme)
        texts = {text.key: text.text for text in row.texts.all()}
        self.texts = TextsForm(data, prefix="text", initial=texts, edition=edition)
        amounts = {level_name(a.row, a.column): a for a in row.amounts.all()}
        self.levels = LevelsForm(data, prefix="level", initial=amounts, edition=edition)
        goals = goals_of(row.declaration, Horizon.ANNUAL)
        self.goals = {
            goal.pk: GoalPointsForm(
                data, prefix=f"g{goal.pk}", initial={"weight": goal.weight}, key=goal_key(goal)
            )
            for goal in (goals if self.asks_weights else [])
        }
        self.results = {
            indicator.pk: self._result(row, goal, indicator, data)
            for goal in goals
            for indicator in goal.indicators.all()
        }

    def _result(
        self,
        row: SelfEvaluation,
        goal: Goal,
        indicator: Indicator,
        data: Mapping[str, Any] | None,
    ) -> ResultForm:
        stored = next((r for r in row.results.all() if r.indicator_id == indicator.pk), None)
        initial = {field: getattr(stored, field) for field in RESULT_FIELDS} if stored else {}
        judged = IndicatorKind(indicator.kind) in JUDGED
        return ResultForm(
            data,
            prefix=f"r{indicator.pk}",
            initial=initial | {"weight": indicator.weight},
            judged=judged,
            weighted=self.asks_weights,
            label=indicator.name,
            key=indicator_key(goal, indicator),
        )

    @property
    def parts(self) -> tuple[forms.Form, ...]:
        """Every form of the page, in its order."""
        head = (self.head, self.texts, self.levels)
        return (*head, *self.goals.values(), *self.results.values())

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in self.parts]
        return all(valid)

    @property
    def mistakes(self) -> list[Mistake]:
        found = [m for form in (self.head, self.texts, self.levels) for m in mistakes_of("", form)]
        for goal in self.goals.values():
            found += mistakes_of(f"年度目标 {goal.key}：", goal)
        for form in self.results.values():
            found += mistakes_of(f"{form.label}：", form)
        return found

    @property
    def errors(self) -> dict[str, list[str]]:
        """Name of a field in the page → what is wrong with what was typed."""
        return {
            form[name].html_name: [str(message) for message in messages]
            for form in self.parts
            for name, messages in form.errors.items()
        }

    @property
    def entry(self) -> EvaluationEntry:
        """What was typed; a field that was refused keeps what is stored."""
        weights = {form.key: form.cleaned_data["weight"] for form in self._weighted()}
        results = {
            form.key: {k: v for k, v in form.cleaned_data.items() if k in RESULT_FIELDS}
            for form in self.results.values()
        }
        amounts = {
            field.place: self.levels.cleaned_data[name]
            for name, field in self.levels.fields.items()
            if name in self.levels.cleaned_data and isinstance(field, AmountField)
        }
        return EvaluationEntry(
            fields=self.head.cleaned_data,
            results=results,
            texts=self.texts.cleaned_data,
            amounts=amounts,
            weights=weights,
        )

    def _weighted(self) -> Iterator[GoalPointsForm | ResultForm]:
        weighted: list[GoalPointsForm | ResultForm] = [*self.goals.values()]
        weighted += self.results.values()
        yield from (form for form in weighted if "weight" in form.cleaned_data)

    def differences(self) -> list[tuple[str, str, str]]:
        """(field, as typed here, as stored) of everything that differs from the stored rows."""
        found = []
        for form in self.parts:
            for name in form.changed_data:
                bound = form[name]
                label = form.fields[name].widget.attrs.get("aria-label", bound.label)
                stored = form.fields[name].prepare_value(bound.initial)
                found.append((label, str(bound.value() or "空"), str(stored or "空")))
        return found
