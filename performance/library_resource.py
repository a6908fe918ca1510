"""django-import-export: the library of indicators of one bureau, whole or not at all."""

from __future__ import annotations

from typing import Any

from django.db import models
from import_export import fields, widgets

from budgets.resources import StrictResource
from departments.models import Region
from performance.models import LibraryIndicator
from performance.models.fields import DIRECTION_CHOICES, KIND_CHOICES
from performance.models.library import LibraryScope

COLUMNS = (
    "scope", "tier_one", "tier_two", "name", "kind", "direction", "measure", "reference", "basis",
    "source", "words",
)  # fmt: skip


class LabelWidget(widgets.Widget):
    """Words of a vocabulary in the file, their keys in the database; ``blank`` where allowed."""

    def __init__(self, choices: list[tuple[str, str]], *, blank: bool = False) -> None:
        super().__init__()
        self.labels = dict(choices) | ({"": ""} if blank else {})

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        keys = {label: key for key, label in self.labels.items()}
        if (value or "") not in keys:
            raise ValueError(f"应为{'、'.join(filter(None, keys))}")
        return keys[value or ""]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.labels.get(value or "", "")


class LibraryResource(StrictResource):
    """One region's library; rows the file does not name stay as they are."""

    is_long = False
    given = ("region",)
    hint = (
        "“适用”填整体、项目或通用；“性质”填定量、定性、趋势、名次、区间或算式；“方向”填正向、反向、"
        "等于或空。同一适用、一级、二级和名称的为同一指标。“行业和主题词”之间空一格。"
    )

    scope = fields.Field("scope", "适用", widget=LabelWidget(LibraryScope.choices))
    tier_one = fields.Field("tier_one", "一级指标")
    tier_two = fields.Field("tier_two", "二级指标")
    name = fields.Field("name", "指标名称")
    kind = fields.Field("kind", "性质", widget=LabelWidget(KIND_CHOICES))
    direction = fields.Field("direction", "方向", widget=LabelWidget(DIRECTION_CHOICES, blank=True))
    measure = fields.Field("measure", "计量单位")
    reference = fields.Field("reference", "参考值")
    basis = fields.Field("basis", "常用依据")
    source = fields.Field("source", "来源")
    words = fields.Field("words", "行业和主题词")

    class Meta(StrictResource.Meta):
        model = LibraryIndicator
        import_id_fields = ("scope", "tier_one", "tier_two", "name")
        fields = COLUMNS
        import_order = COLUMNS
        export_order = COLUMNS

    def __init__(self, region: Region) -> None:
        super().__init__()
        self.region = region

    def get_queryset(self) -> models.QuerySet[LibraryIndicator]:
        return LibraryIndicator.objects.filter(region=self.region)

    def init_instance(self, row: Any = None) -> LibraryIndicator:
        return LibraryIndicator(region=self.region)
