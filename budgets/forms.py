"""Forms: a sheet's cells and the projects' figures as plain text inputs, uploads, reasons.

A cell's input ``c:<row>:<column>`` travels with ``o:<row>:<column>``, the version and text the
person was shown: what was not touched is no edit, and what a colleague changed is noticed. Where
a colleague was first, ``k:<row>:<column>`` holds the choice: "theirs", or "mine|<version>|<text>".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from budgets.entry import CellEdit, unit_of_cell
from budgets.excel.marks import shown
from budgets.models import Project
from budgets.services import ProjectConflict, ProjectEdit
from rulebook.addresses import CellRef
from rulebook.amounts import AmountError, MoneyUnit, decimals_of, parse_number, to_yuan
from rulebook.layouts import SheetLayout

LONGEST_TEXT = 60


def figure_text(value: Decimal | None, unit: MoneyUnit, kind: str = "money") -> str:
    """A stored value as an input shows it: exact, grouped by thousands; nothing for empty."""
    return "" if value is None else f"{shown(value, unit, kind):,f}"


def unit_from(data: Mapping[str, Any]) -> MoneyUnit:
    """The unit named in a query or form, yuan when none is."""
    return MoneyUnit.WAN if data.get("unit") == MoneyUnit.WAN.code else MoneyUnit.YUAN


@dataclass(frozen=True, slots=True)
class Figure:
    """One written figure: its value in yuan (or a count) and the decimals it was written with."""

    value: Decimal | None
    decimals: int


def read_figure(text: str, unit: MoneyUnit, *, is_money: bool) -> Figure:
    """Raises AmountError with the reason in Chinese."""
    if len(text) > LONGEST_TEXT:
        raise AmountError("内容过长")
    number = parse_number(text)
    if number is None:
        return Figure(None, 2 if is_money else 0)
    if not is_money:
        return Figure(to_yuan(number, MoneyUnit.YUAN), 0)
    decimals = 2 if unit is MoneyUnit.YUAN else max(2, decimals_of(number))
    return Figure(to_yuan(number, unit), decimals)


@dataclass(slots=True)
class SheetForm:
    """What was posted for one sheet: edits, unreadable texts with their reason, rows shown."""

    sheet: SheetLayout
    unit: MoneyUnit
    edits: dict[CellRef, CellEdit] = field(default_factory=dict)
    texts: dict[CellRef, str] = field(default_factory=dict)
    errors: dict[CellRef, str] = field(default_factory=dict)
    originals: dict[CellRef, str] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, data: QueryDict, sheet: SheetLayout) -> SheetForm:
        form = cls(sheet, unit_from(data))
        form.rows = [row for row in data.getlist("rows") if sheet.is_code_row(row)]
        for ref, text, original in form._touched(data):
            form._take(ref, text, original)
        return form

    def _touched(self, data: QueryDict) -> Iterator[tuple[CellRef, str, str]]:
        for name in data:
            kind, _, place = name.partition(":")
            row, _, column = place.partition(":")
            if kind == "c" and self.sheet.has_cell(row, column):
                text, original = str(data[name]), str(data.get(f"o:{place}", ""))
                chosen, _, seen = str(data.get(f"k:{place}", "")).partition("|")
                if chosen != "theirs" and text.strip() != original.partition("|")[2]:
                    yield CellRef(self.sheet.key, row, column), text, seen or original

    def _take(self, ref: CellRef, text: str, original: str) -> None:
        self.texts[ref], self.originals[ref] = text, original
        version = original.partition("|")[0]
        is_money = self.sheet.kind_of(ref.row) == "money"
        try:
            figure = read_figure(text, self.unit, is_money=is_money)
        except AmountError as error:
            self.errors[ref] = f"“{text[:LONGEST_TEXT]}”{error}。"
            return
        self.edits[ref] = CellEdit(
            ref,
            figure.value,
            expected_version=int(version) if version.isdecimal() else 0,
            unit=unit_of_cell(self.sheet, ref.row, self.unit.code),
            decimals=figure.decimals,
        )


PROJECT_FIELDS = {
    "original_budget": "年初预算数",
    "revised_budget": "全年预算数（A）",
    "actual": "执行数（B）",
}


@dataclass(slots=True)
class ProjectsForm:
    """What was posted for the projects: edits, and unreadable texts by (project, field)."""

    unit: MoneyUnit
    edits: list[ProjectEdit] = field(default_factory=list)
    texts: dict[tuple[int, str], str] = field(default_factory=dict)
    errors: dict[tuple[int, str], str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict, projects: Mapping[int, Project]) -> ProjectsForm:
        form = cls(unit_from(data))
        for pk, project in projects.items():
            for name in PROJECT_FIELDS:
                text = str(data.get(f"p:{pk}:{name}", ""))
                original = str(data.get(f"o:{pk}:{name}", ""))
                if text.strip() != original:
                    form._take(project, name, text, original)
        return form

    def _take(self, project: Project, name: Any, text: str, original: str) -> None:
        self.texts[project.pk, name] = text
        try:
            expected = read_figure(original, self.unit, is_money=True).value
            figure = read_figure(text, self.unit, is_money=True)
        except AmountError as error:
            self.errors[project.pk, name] = f"“{text[:LONGEST_TEXT]}”{error}。"
            return
        edit = ProjectEdit(
            project, name, figure.value, expected, unit=self.unit.code, decimals=figure.decimals
        )
        self.edits.append(edit)

    def settle(self, conflicts: Iterable[ProjectConflict]) -> None:
        """Show what was saved as stored; where a colleague was first, both values."""
        self.texts = {place: text for place, text in self.texts.items() if place in self.errors}
        for conflict in conflicts:
            place = conflict.project.pk, conflict.field
            theirs = figure_text(conflict.theirs, self.unit) or "空"
            self.texts[place] = figure_text(conflict.mine, self.unit)
            self.errors[place] = f"同事刚改为 {theirs}，您填的是 {self.texts[place] or '空'}。"


class UploadForm(forms.Form):
    file = forms.FileField(
        label="填好的模板（XLSX）",
        allow_empty_file=True,
        max_length=200,
        help_text="请用本页下载的模板填写；上传后先预览，确认后才写入。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


class PublishedForm(forms.Form):
    file = forms.FileField(
        label="部门公布的整本报表（XLSX）",
        allow_empty_file=True,
        max_length=200,
        help_text="其他软件导出的、或由公开文件转成的表格；上传后先预览，确认后才写入。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


class ListFileForm(forms.Form):
    file = forms.FileField(
        label="文件（XLSX 或 CSV）",
        allow_empty_file=True,
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class CatalogueForm(ListFileForm):
    year = forms.IntegerField(
        label="整本目录的年度",
        required=False,
        min_value=2000,
        max_value=2099,
        help_text="填写年度时，文件是该年度的整本目录：未列的科目自该年度起停用，改名的另起一行。"
        "留空则逐行写入，年度以文件为准。",
    )


class EvidenceForm(forms.Form):
    """Why an imported total that disagrees is let go."""

    row = forms.CharField(max_length=60, widget=forms.HiddenInput)
    column = forms.CharField(max_length=60, widget=forms.HiddenInput)
    reason = forms.CharField(label="原因", max_length=300, strip=True)


class WithholdForm(forms.Form):
    """A row that is not published, with its legal basis; an empty basis publishes it again."""

    row = forms.CharField(label="行", max_length=60)
    legal_basis = forms.CharField(label="法律依据", max_length=300, required=False, strip=True)


class NoteForm(forms.Form):
    """A cell's note; ``seen`` is the note the person was shown."""

    note = forms.CharField(label="备注", max_length=300, required=False, strip=True)
    seen = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)
