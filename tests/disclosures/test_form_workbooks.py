"""The forms in XLSX hold what the printed forms of the same filing hold, grey cells included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from io import BytesIO
from itertools import takewhile
from typing import Any

import pytest
from openpyxl import load_workbook

from budgets.excel.writing import GREY
from disclosures.collect import records_of
from disclosures.evaluate import facts_of, scorecards_of
from disclosures.facts import ReportFacts
from disclosures.report.blocks import Table
from disclosures.report.forms import declaration_table, evaluation_table
from performance.excel.computed import with_computed
from performance.excel.layout import Line, Section, Shown, printed, sections_of
from performance.excel.pages import FormPage, forms_mark
from performance.excel.template import LABEL_COLUMN, MARK_COLUMN, VALUE_COLUMN, write_forms
from performance.scoring import load_parameters
from rulebook.amounts import MoneyUnit, half_up_2
from rulebook.forms import BlockKind, FormBlock, load_form
from tests.budgets.excel.files import edited
from tests.disclosures.published_forms import PACKAGES
from tests.performance.excel.files import line_of, plan, written

Forms = tuple[FormPage, Table, Any]
"""A form as a page, as printed, and as its sheet."""
MONEY = (BlockKind.MONEY, BlockKind.SOURCES, BlockKind.EXECUTION)


@cache
def facts(name: str) -> ReportFacts:
    package = PACKAGES[name]()
    return facts_of(package, scorecards_of(package))


def pages(name: str) -> Iterator[tuple[FormPage, Table]]:
    known = facts(name)
    records = records_of(PACKAGES[name]())
    parameters = load_parameters(known.head.editions.scoring)
    for each in known.evaluations:
        found = each.evaluation
        page = FormPage(found.subject, found.title, found.form, found.declaration, found)
        spending = (found.budget, found.spent)
        page = with_computed(page, records, spending, each.scorecard, parameters)
        yield page, evaluation_table(known, each)
    evaluated = {each.evaluation.subject for each in known.evaluations}
    for declaration in known.declarations:
        if declaration.subject not in evaluated:
            page = FormPage(declaration.subject, "", declaration.form, declaration)
            page = with_computed(page, records, (None, None), None, parameters)
            yield page, declaration_table(known, declaration)


@cache
def forms(name: str) -> tuple[Forms, ...]:
    found = list(pages(name))
    mark = forms_mark("filing", "118", str(facts(name).year))
    data = write_forms([page for page, _ in found], mark, MoneyUnit.WAN, title="绩效表格")
    sheets = load_workbook(BytesIO(data)).worksheets[1:-1]
    return tuple((*pair, sheet) for pair, sheet in zip(found, sheets, strict=True))


CASES = [
    pytest.param(name, at, id=f"{name}-{page.subject}")
    for name in PACKAGES
    for at, (page, _) in enumerate(pages(name))
]

EVALUATED = [each for each in CASES if each.values[0] in ("politics_law_2019", "hongshan_2023")]


def text(value: Any) -> str:
    """A cell as the paper writes it: amounts grouped, with two decimals."""
    if isinstance(value, int | float):
        return f"{half_up_2(Decimal(repr(value))):,}"
    return "" if value is None else str(value)


def rows(sheet: Any) -> Iterator[tuple[str, ...]]:
    for row in sheet.iter_rows():
        yield tuple(text(cell.value) for cell in row)


def values(sheet: Any, line: Line) -> list[str]:
    row = next(row for row in rows(sheet) if row[MARK_COLUMN - 1] == line.mark)
    return list(row[VALUE_COLUMN - 1 : VALUE_COLUMN - 1 + len(line.cells)])


def plain(label: str) -> str:
    return label.replace("\n", "")


class Paper:
    """The cells of a printed form, read on from label to label."""

    def __init__(self, table: Table) -> None:
        self.rows = [[cell.text for cell in line] for line in table.body]
        self.at = 0

    def after(self, label: str, year: int) -> list[str]:
        """What stands behind the next cell of this label in its row."""
        for number in range(self.at, len(self.rows)):
            words = [plain(printed(each, year)) for each in self.rows[number]]
            if label in words:
                self.at = number
                return self.rows[number][words.index(label) + 1 :]
        raise AssertionError(label)


def blocks(page: FormPage, year: int) -> Iterator[tuple[FormBlock, Section]]:
    return zip(load_form(page.form).blocks, sections_of(page.form, year), strict=False)


@pytest.mark.parametrize(("name", "at"), CASES)
def test_every_row_of_money_is_the_printed_one(name: str, at: int) -> None:
    page, table, sheet = forms(name)[at]
    year, paper = facts(name).year, Paper(table)
    compared = 0
    for block, section in blocks(page, year):
        if block.kind not in MONEY:
            continue
        for line in section.lines[: len(block.rows)]:
            mine = values(sheet, line)
            theirs = paper.after(plain(line.label), year)
            if block.kind is BlockKind.SOURCES and not block.columns:
                theirs = theirs[:1]
            assert list(filter(None, mine)) == list(filter(None, theirs)), line.label
            compared += 1
    assert compared


@pytest.mark.parametrize(("name", "at"), CASES)
def test_every_field_from_a_record_is_the_printed_one(name: str, at: int) -> None:
    page, table, sheet = forms(name)[at]
    head = "".join(table.head_lines)
    everything = {cell.text for line in table.body for cell in line}
    compared = 0
    for block, section in blocks(page, facts(name).year):
        for line in section.lines if block.kind is BlockKind.FIELDS else ():
            if isinstance(line.cells[0], Shown):
                (mine,) = values(sheet, line)
                assert mine in everything or f"{line.label}：{mine}" in head, line.label
                compared += bool(mine)
    assert compared


@pytest.mark.parametrize(("name", "at"), CASES)
def test_projects_are_listed_as_printed(name: str, at: int) -> None:
    page, table, sheet = forms(name)[at]
    body = [tuple(cell.text for cell in line) for line in table.body]
    lines = list(rows(sheet))
    for block, section in blocks(page, facts(name).year):
        if block.kind is not BlockKind.PROJECTS:
            continue
        start = next(n for n, row in enumerate(lines) if row[0] == section.mark) + 2
        listed = list(takewhile(any, lines[start:]))
        width = len(block.columns)
        assert len(listed) == len(page.projects)
        for row in listed:
            assert row[LABEL_COLUMN - 1 : LABEL_COLUMN - 1 + width] in body


@pytest.mark.parametrize(("name", "at"), EVALUATED)
def test_points_stand_beside_the_objective_and_each_indicator(name: str, at: int) -> None:
    page, table, sheet = forms(name)[at]
    assert page.evaluation is not None
    year, paper, lines = facts(name).year, Paper(table), list(rows(sheet))
    for block, section in blocks(page, year):
        if block.kind is BlockKind.OBJECTIVE and block.has_column("points"):
            achieved = plain(page.evaluation.objective_achieved)
            assert values(sheet, section.lines[-1]) == paper.after(achieved, year)[-1:]
        if block.kind is BlockKind.INDICATORS:
            head = next(row for row in lines if row[0] == section.tables[1].mark)
            column = head.index(printed(points_head(block), year))
            for row in (row for row in lines if row[0].startswith("指标")):
                found = paper.after(plain(row[head.index(name_head(block, year))]), year)
                assert row[column] == printed_points(block, found)
                paper.at += 1


def points_head(block: FormBlock) -> str:
    return next(column.label for column in block.columns if column.key == "points")


def name_head(block: FormBlock, year: int) -> str:
    return next(printed(c.label, year) for c in block.columns if c.key == "name")


def printed_points(block: FormBlock, after_name: Sequence[str]) -> str:
    """Those in the row of an indicator; none where they stand once beside all of its block."""
    keys = [column.key for column in block.columns]
    at = keys.index("points") - keys.index("name") - 1
    return after_name[at] if at < len(after_name) else ""


def test_the_total_of_a_form_that_prints_none_of_its_own() -> None:
    page, table, sheet = next(f for f in forms("hongshan_2023") if f[0].subject == "department")
    row = next(row for row in rows(sheet) if row[LABEL_COLUMN - 1] == "总分")
    assert f"总分：{row[VALUE_COLUMN - 1]}分" in table.head_lines[0]
    assert page.computed["points/total"] == "99.73"


def test_what_a_record_says_is_never_read() -> None:
    """The years before are in the books of Jianghan: their cells are grey, and an amount typed
    over one, or over a total, changes nothing."""
    page, _, _ = next(f for f in forms("jianghan_2023") if f[0].subject == "unit-118001")

    def overwrite(xlsx: Any) -> None:
        sheet = xlsx.worksheets[1]
        for line in (sheet[line_of(sheet, mark)] for mark in ("行2-1", "行2-4")):
            for cell in line[VALUE_COLUMN - 1 : VALUE_COLUMN + 3]:
                assert cell.fill.fgColor.rgb == GREY.fgColor.rgb
                cell.value = 1

    assert plan(edited(written([page]), overwrite), [page]).is_idle
