"""PURE: where everything of a form edition stands on its sheet, for writing and reading alike.

A sheet has sections in the order of the form's blocks. In the first column every line bears a
mark, by which it is found again wherever people move it: 行2-3 for a line of one value or one
value a column, 表5 for the head of a table with one row per goal, indicator, detail or asset.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from performance.evaluation import Band, Direction, IndicatorKind
from performance.form_figures import AMOUNT, SCORE_TOTAL, THIS_YEAR
from rulebook.forms import (
    DEPARTMENT_EVALUATION,
    PROJECT_EVALUATION,
    BlockKind,
    Choice,
    FieldKind,
    FormBlock,
    FormEdition,
    FormField,
    FormRow,
    Horizon,
    load_form,
)

SHARE = "share"
POINTS = "points"
COMPUTED = (SHARE, "rate", POINTS, "weight")
"""Columns of a block of money that are computed."""
GOAL = "goal"
"""The column of indicators that names their goal; not there where a form has no goals."""
YEAR_BEFORE = re.compile(r"\{year-(\d)\}")
ELSEWHERE = re.compile(r"[（(][^（(]*\{(?:until|points)\}[^）)]*[）)]")
"""Words of a head about the year targets end, or the points of a block: cells of their own."""
PASSAGES = {
    "deviation_reason": "偏差大或目标未完成原因分析",
    "improvement_measure": "改进措施及结果应用方案",
    "goals_achieved": "完成的绩效目标",
    "last_year_use": "上年度结果应用情况",
    "problems": "本年度绩效问题和原因",
    "next_steps": "下一步拟改进措施",
    "budget_link": "拟与预算安排相结合情况",
}
"""Texts of a self-evaluation that any form may leave to the report in words."""


class Holds(StrEnum):
    """What a cell holds, and so how it is written, checked and read."""

    TEXT = "text"
    PARAGRAPHS = "paragraphs"
    DATE = "date"
    CHOICE = "choice"
    POINTS = "points"
    PERCENTAGE = "percentage"
    AMOUNT = "amount"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell to fill, or a column of a table: ``key`` says what of. ``most`` is the most
    characters the register keeps, ``offered`` what a list proposes without insisting."""

    key: str
    label: str
    holds: Holds = Holds.PARAGRAPHS
    choices: tuple[Choice, ...] = ()
    most: int | None = None
    is_required: bool = False
    offered: tuple[str, ...] = ()

    def label_of(self, key: str) -> str:
        """The printed word of a choice; a key outside the vocabulary stands for itself."""
        return next((choice.label for choice in self.choices if choice.key == key), key)


@dataclass(frozen=True, slots=True)
class Shown:
    """A grey cell, or a grey column of a table: what a record says or what is computed, by
    ``key``. It is never read."""

    key: str
    label: str = ""


Cell = Slot | Shown


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one value, or of one value under each head of its section."""

    mark: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that people add, remove and move. ``word`` begins the mark of a present row, before
    its key; an optional table is written only where there is something to say in it. The keys of
    the cells under ``shown`` are those of the column and the row."""

    key: str
    mark: str
    title: str
    word: str
    columns: tuple[Slot, ...]
    spare: int
    is_optional: bool = False
    shown: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One block on the sheet. ``heads`` stand above the cells of its lines."""

    mark: str
    title: str
    heads: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    tables: tuple[Table, ...] = ()
    projects: Mapping[str, str] = field(default_factory=dict)
    """Column → head of the list of the department's projects."""


def is_evaluation(form: FormEdition) -> bool:
    """Whether the form is of a self-evaluation, with its targets, and not of targets alone."""
    return form.kind in (DEPARTMENT_EVALUATION, PROJECT_EVALUATION)


@cache
def sections_of(form_id: str, year: int) -> tuple[Section, ...]:
    """The sections of a form edition, printed for a fiscal year. Raises KeyError."""
    form = load_form(form_id)
    found = [
        BUILDERS[block.kind](_Place(form, block, number, year))
        for number, block in enumerate(form.blocks, 1)
    ]
    if is_evaluation(form):
        found.append(_report(form, len(found) + 1))
    return tuple(found)


def printed(words: str, year: int) -> str:
    """A label of a form on one line, with its year."""
    before = YEAR_BEFORE.sub(lambda m: str(year - int(m[1])), words)
    return ELSEWHERE.sub("", before).replace("{year}", str(year)).replace("\n", "")


@dataclass(frozen=True, slots=True)
class _Place:
    """A block, its number on the sheet and the year it is printed for."""

    form: FormEdition
    block: FormBlock
    number: int
    year: int

    def section(
        self,
        lines: tuple[tuple[str, tuple[Cell, ...]], ...] = (),
        heads: tuple[str, ...] = (),
        tables: tuple[Table, ...] = (),
        projects: Mapping[str, str] | None = None,
    ) -> Section:
        placed = _lines(self.number, lines)
        title = printed(self.block.title, self.year)
        return Section(f"块{self.number}", title, heads, placed, tables, projects or {})

    def label(self, column: str) -> str:
        """The printed head of a column, empty where the block has none."""
        return next(
            (printed(c.label, self.year) for c in self.block.columns if c.key == column), ""
        )


def _lines(number: int, lines: tuple[tuple[str, tuple[Cell, ...]], ...]) -> tuple[Line, ...]:
    return tuple(
        Line(f"行{number}-{at}", label, cells) for at, (label, cells) in enumerate(lines, 1)
    )


def _fields(place: _Place) -> Section:
    def label(each: FormField) -> str:
        return f"{each.label}（不公开）" if each.is_private else each.label

    lines = [(label(each), (_field(each),)) for each in place.block.fields]
    has_total = any(each.source == SCORE_TOTAL for each in place.form.fields())
    if place.number == 1 and is_evaluation(place.form) and not has_total:
        lines.append(("总分", (Shown("points/total"),)))
    return place.section(tuple(lines))


def _field(each: FormField) -> Cell:
    if each.kind is FieldKind.RECORD:
        return Shown(f"field/{each.key}")
    return Slot(f"field/{each.key}", each.label, Holds(each.kind.value), each.choices)


def _amount(block: FormBlock, row: FormRow, column: str, label: str) -> Cell:
    """A cell of a row of money: computed, what a record says of this year, or a cell to fill."""
    key = f"amount/{block.key}/{row.key}/{column}"
    is_recorded = row.is_total or (row.source and column in (THIS_YEAR, AMOUNT))
    if is_recorded or column in COMPUTED:
        return Shown(key)
    return Slot(key, label, Holds.AMOUNT)


def _money(place: _Place) -> Section:
    columns = [column.key for column in place.block.columns]
    lines = tuple(
        (
            printed(row.label, place.year),
            tuple(_amount(place.block, row, c, f"{row.label}{place.label(c)}") for c in columns),
        )
        for row in place.block.rows
    )
    return place.section(lines, tuple(place.label(column) for column in columns))


def _sources(place: _Place) -> Section:
    rows = ((row.label, _amount(place.block, row, AMOUNT, row.label)) for row in place.block.rows)
    lines = tuple((printed(label, place.year), (cell,)) for label, cell in rows)
    return place.section(lines, (place.label(AMOUNT) or "金额",))


def _projects(place: _Place) -> Section:
    return place.section(
        projects={column.key: place.label(column.key) for column in place.block.columns}
    )


DETAIL_HOLDS = {
    "content": (Holds.TEXT, 300),
    "calculation": (Holds.PARAGRAPHS, None),
    "own_level": (Holds.AMOUNT, None),
    "transfer": (Holds.AMOUNT, None),
    "other": (Holds.AMOUNT, None),
}
ASSET_HOLDS = {
    "name": (Holds.TEXT, 200),
    "quantity": (Holds.TEXT, 60),
    "amount": (Holds.AMOUNT, None),
}


def _rows(place: _Place, key: str, word: str, holds: Mapping[str, tuple[Holds, int | None]],
          spare: int) -> Section:  # fmt: skip
    """A table of details or assets; its first column names the row."""
    columns = tuple(
        Slot(c.key, place.label(c.key), holds[c.key][0], most=holds[c.key][1], is_required=not at)
        for at, c in enumerate(place.block.columns)
    )
    table = Table(key, f"表{place.number}", "", word, columns, spare)
    return place.section(tables=(table,))


def _objectives(place: _Place) -> Section:
    lines: list[tuple[str, tuple[Cell, ...]]] = []
    for column in place.block.columns:
        label = place.label(column.key)
        if column.key == "long_term":
            until = "长期目标截止年度"
            lines += [
                (label, (Slot("long_term_objective", label),)),
                (until, (Slot("long_term_until", until, Holds.NUMBER),)),
            ]
        else:
            lines.append((label, (Slot("objective", label),)))
    return place.section(tuple(lines))


def _execution(place: _Place) -> Section:
    columns = [column.key for column in place.block.columns]
    lines: list[tuple[str, tuple[Cell, ...]]] = [
        (
            row.label,
            tuple(_amount(place.block, row, c, f"{row.label}{place.label(c)}") for c in columns),
        )
        for row in place.block.rows
    ]
    why = "预算执行说明"
    lines.append((why, (Slot("evaluation/execution_reason", why),)))
    return place.section(tuple(lines), tuple(place.label(column) for column in columns))


def _objective(place: _Place) -> Section:
    slots = (
        Slot("objective", place.label("set")),
        Slot("evaluation/objective_achieved", place.label("achieved")),
        Slot("evaluation/objective_band", "总目标完成档次", Holds.CHOICE, BANDS),
        Slot("evaluation/objective_percentage", "总目标得分比例（%）", Holds.PERCENTAGE),
        Slot("evaluation/objective_reason", "总目标未评满分的原因"),
    )
    lines: list[tuple[str, tuple[Cell, ...]]] = [(slot.label, (slot,)) for slot in slots]
    if place.block.has_column(POINTS):
        lines.append((place.label(POINTS), (Shown("points/objective"),)))
    return place.section(tuple(lines))


def _indicators(place: _Place) -> Section:
    horizon = place.block.horizon
    prefix = "long_" if horizon is Horizon.LONG_TERM else ""
    goals: tuple[Slot, ...] = (
        Slot("number", "目标序号", Holds.NUMBER, is_required=True),
        Slot("text", "目标内容"),
    )
    if place.form.is_weighted:
        goals += (Slot("weight", "目标分值", Holds.POINTS),)
    number, is_optional = place.number, not (place.block.has_column(GOAL) or place.form.is_weighted)
    columns = indicator_columns(place.form, place.block, place.year)
    tables = (
        Table(f"{prefix}goals", f"表{number}-1", horizon.label, "目标", goals, 5, is_optional),
        Table(
            f"{prefix}indicators", f"表{number}-2", "指标", "指标", columns, 15,
            shown=(Shown(POINTS, place.label(POINTS)),) if place.block.has_column(POINTS) else (),
        ),
    )  # fmt: skip
    return place.section(tables=tables)


KINDS = tuple(Choice(kind.value, kind.label) for kind in IndicatorKind)
DIRECTIONS = tuple(Choice(direction.value, direction.label) for direction in Direction)
BANDS = tuple(Choice(band.value, band.label) for band in Band)


def indicator_columns(form: FormEdition, block: FormBlock, year: int) -> tuple[Slot, ...]:
    """The columns of a table of indicators: what the form prints, how an indicator is judged,
    its points where the form has points, and what was achieved in a self-evaluation."""
    heads = {column.key: printed(column.label, year) for column in block.columns}
    twos = tuple(dict.fromkeys(two for tier in form.tree for two in tier.tier_twos))
    ones = tuple(tier.name for tier in form.tree)
    columns = (
        Slot(GOAL, "目标序号", Holds.NUMBER),
        Slot("tier_one", heads.get("tier_one", "一级指标"), Holds.TEXT, (), 40, True, ones),
        Slot("tier_one_weight", "一级指标分值", Holds.POINTS),
        Slot("tier_two", heads.get("tier_two", "二级指标"), Holds.TEXT, (), 40, True, twos),
        Slot("tier_two_weight", "二级指标分值", Holds.POINTS),
        Slot("name", heads.get("name", "三级指标"), Holds.TEXT, (), 200, True),
        Slot("kind", "性质", Holds.CHOICE, KINDS, is_required=True),
        Slot("direction", "方向", Holds.CHOICE, DIRECTIONS),
        Slot("two_years_before", heads.get("two_years_before", ""), Holds.TEXT, (), 200),
        Slot("last_year", heads.get("last_year", ""), Holds.TEXT, (), 200),
        Slot("target", heads.get("target", "指标值"), Holds.TEXT, (), 200),
        Slot("weight", "分值", Holds.POINTS),
        Slot("basis", heads.get("basis", ""), Holds.CHOICE, form.bases),
        Slot("basis_note", heads.get("basis_note", ""), Holds.TEXT, (), 300),
        Slot("classification", heads.get("classification", ""), Holds.CHOICE, form.classifications),
        Slot("note", heads.get("note", ""), Holds.TEXT, (), 300),
        Slot("achieved", heads.get("achieved", "实际完成值"), Holds.TEXT, (), 200),
        Slot("band", "完成档次", Holds.CHOICE, BANDS),
        Slot("percentage", "得分比例（%）", Holds.PERCENTAGE),
        Slot("deviation_reason", "偏差原因"),
        Slot("improvement_measure", "改进措施"),
    )
    return tuple(column for column in columns if _belongs(column.key, form, block))


ALWAYS = frozenset({GOAL, "tier_one", "tier_two", "name", "kind", "direction", "target"})
WEIGHTS = frozenset({"weight", "tier_one_weight", "tier_two_weight"})
RESULTS = frozenset({"achieved", "band", "percentage", "deviation_reason", "improvement_measure"})


def _belongs(key: str, form: FormEdition, block: FormBlock) -> bool:
    if key in ALWAYS or block.has_column(key):
        return True
    return (key in WEIGHTS and form.is_weighted) or (key in RESULTS and is_evaluation(form))


def _report(form: FormEdition, number: int) -> Section:
    """The texts of a self-evaluation that the form itself has no place for."""
    own = {each.key for each in form.fields()}
    lines: tuple[tuple[str, tuple[Cell, ...]], ...] = tuple(
        (label, (Slot(f"evaluation/{key}", label),))
        for key, label in PASSAGES.items()
        if key not in own
    )
    return Section(f"块{number}", "自评报告的文字", lines=_lines(number, lines))


BUILDERS: Mapping[BlockKind, Callable[[_Place], Section]] = {
    BlockKind.FIELDS: _fields,
    BlockKind.MONEY: _money,
    BlockKind.SOURCES: _sources,
    BlockKind.PROJECTS: _projects,
    BlockKind.DETAILS: lambda place: _rows(place, "details", "明细", DETAIL_HOLDS, 10),
    BlockKind.ASSETS: lambda place: _rows(place, "assets", "资产", ASSET_HOLDS, 5),
    BlockKind.OBJECTIVES: _objectives,
    BlockKind.INDICATORS: _indicators,
    BlockKind.EXECUTION: _execution,
    BlockKind.OBJECTIVE: _objective,
}
