"""PURE: PD-22x: the money of the declarations: rows to totals, units to department, to the filing.

An empty amount makes a comparison not applicable. Rows of one declaration that differ by the same
two values are one finding with all their places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from budgets.checks.keys import GENERAL_PUBLIC, OVERALL_FUNDS
from budgets.workbook import ProjectKind, total_interval
from disclosures.printed_extract.readings import PER_CENT, interval_of, quotient
from disclosures.printed_extract.subject import Judged, Subject, bare, rule
from disclosures.printed_extract.values import DeclaredMoney, DeclaredProject, MoneySide
from rulebook.addresses import (
    CellRef,
    cell_address,
    extract_address,
    project_budget_address,
)
from rulebook.amounts import Interval, decimals_of, half_up_2
from rulebook.checks import Verdict, amount_text
from rulebook.findings import Scope, Severity

TOTAL = "合计"
OPERATING = ProjectKind.OPERATING.label.removesuffix("项目")
COLUMNS = {"current": "original_budget", "prior": "prior_year", "second_prior": "second_prior_year"}
"""Column of a line → column of the filing's sheet of the same block."""
WORDS = {"current": "当年", "prior": "上年", "second_prior": "前年"}


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount of a declaration with the line it stands on."""

    row: DeclaredMoney
    figure: Interval

    @property
    def place(self) -> str:
        return extract_address("declared_money", self.row.line)


Amounts = Mapping[tuple[str, MoneySide, str], Amount]
"""(declaration, side, item) → amount, of one column."""


@dataclass(frozen=True)
class Declarations:
    """The money rows of an extract, read in yuan."""

    subject: Subject

    @cached_property
    def rows(self) -> tuple[DeclaredMoney, ...]:
        return self.subject.extract.declared_money

    @cached_property
    def _finest(self) -> Mapping[str, int]:
        found: dict[str, int] = defaultdict(int)
        for row in self.rows:
            for value in (row.current, row.prior, row.second_prior):
                if value is not None:
                    found[row.declaration] = max(found[row.declaration], decimals_of(value))
        return found

    def of(self, column: str) -> Amounts:
        """All amounts of a column."""
        unit, found = self.subject.extract.money_unit, {}
        for row in self.rows:
            value: Decimal | None = getattr(row, column)
            if value is not None:
                figure = interval_of(value, unit, self._finest[row.declaration])
                found[row.declaration, row.side, bare(row.item)] = Amount(row, figure)
        return found

    def name(self, declaration: str) -> str:
        return f"整体绩效目标申报表（{declaration}）"

    def title(self, row: DeclaredMoney, column: str) -> str:
        """A row's amount of a column, in words."""
        return f"{self.name(row.declaration)}{WORDS[column]}{row.side.label}“{row.item}”"


def _told(
    title: str, amounts: Iterable[Amount], left: Interval, right: Interval, other: str
) -> Verdict:
    """``title`` names the left value, ``other`` the right one."""
    values = (left.value, right.value)
    shown = [amount_text(value, beside=values) for value in (*values, abs(values[0] - values[1]))]
    message = f"{title}为 {shown[0]}，{other} {shown[1]}，相差 {shown[2]}。"
    return Verdict(tuple(each.place for each in amounts), title, *values, message)


def _row_totals(subject: Subject) -> Iterator[Verdict]:
    """合计 of each side against its rows, and the two sides against each other."""
    declared = Declarations(subject)
    for column, word in WORDS.items():
        amounts = declared.of(column)
        for (code, side, item), whole in amounts.items():
            if item != TOTAL:
                continue
            title = f"{declared.name(code)}{word}{side.label}{TOTAL}"
            rows = [a for (c, s, i), a in amounts.items() if (c, s) == (code, side) and i != TOTAL]
            summed = total_interval(each.figure for each in rows)
            if summed is not None and not whole.figure.can_equal(summed):
                yield _told(title, (whole, *rows), whole.figure, summed, "各行之和为")
            across = amounts.get((code, MoneySide.EXPENDITURE, TOTAL))
            if side is MoneySide.EXPENDITURE or across is None:
                continue
            if not whole.figure.can_equal(across.figure):
                pair = (whole, across)
                yield _told(title, pair, whole.figure, across.figure, "支出合计为")


def _shares(subject: Subject) -> Iterator[Verdict]:
    declared = Declarations(subject)
    amounts = declared.of("current")
    for (code, side, item), part in amounts.items():
        whole, share = amounts.get((code, side, TOTAL)), part.row.share
        if whole is None or share is None:
            continue
        rate = quotient(part.figure, whole.figure)
        finest = max(decimals_of(r.share) for r in declared.rows if r.share is not None)
        if rate is not None and not interval_of(share, PER_CENT, finest).can_equal(rate):
            computed = half_up_2(rate.value)
            title = f"{declared.name(code)}{side.label}“{item}”占比"
            message = f"{title}印作 {share:f}%，按金额计算为 {computed}%。"
            yield Verdict((part.place, whole.place), title, share, computed, message)


def _by_department(
    subject: Subject, *, complete: bool
) -> Iterator[tuple[str, Amount, list[Amount]]]:
    """(column, the department's amount, its units'), where all units state theirs or not all."""
    facts = subject.facts
    for column in WORDS:
        amounts = Declarations(subject).of(column)
        for (code, side, item), whole in amounts.items():
            if code == facts.department:
                found = [amounts.get((unit, side, item)) for unit in facts.units if unit != code]
                units = [each for each in found if each is not None]
                if units and (len(units) == len(found)) is complete:
                    yield column, whole, units


def _merged(verdicts: Iterable[tuple[str, Verdict]]) -> Iterator[Verdict]:
    """Rows of one column with the same two values are one disagreement: the last, which is the
    total, with the places of all."""
    groups: dict[tuple[object, ...], list[Verdict]] = defaultdict(list)
    for key, verdict in verdicts:
        groups[key, verdict.left, verdict.right].append(verdict)
    for same in groups.values():
        places = dict.fromkeys(place for verdict in reversed(same) for place in verdict.places)
        last = same[-1]
        yield Verdict(tuple(places), last.label, last.left, last.right, last.message)


def _units_add_up(subject: Subject) -> Iterator[Verdict]:
    def differing() -> Iterator[tuple[str, Verdict]]:
        declared = Declarations(subject)
        for column, whole, units in _by_department(subject, complete=True):
            summed = total_interval(each.figure for each in units)
            if summed is not None and not whole.figure.can_equal(summed):
                title = declared.title(whole.row, column)
                verdict = _told(title, (whole, *units), whole.figure, summed, "各单位之和为")
                yield column, verdict

    yield from _merged(differing())


def _unit_within(subject: Subject) -> Iterator[Verdict]:
    """Where not all units state theirs, the sum says nothing but each is at most the whole."""

    def differing() -> Iterator[tuple[str, Verdict]]:
        declared = Declarations(subject)
        for column, whole, units in _by_department(subject, complete=False):
            for unit in units:
                if not unit.figure.can_be_at_most(whole.figure):
                    title = declared.title(unit.row, column)
                    told = _told(title, (unit, whole), unit.figure, whole.figure, "大于部门的")
                    yield f"{column}/{unit.row.declaration}", told

    yield from _merged(differing())


def _one_name(subject: Subject) -> Iterator[Verdict]:
    """Two declarations under one printed name with two totals."""
    totals: dict[str, Amount] = {}
    for (code, _, item), amount in Declarations(subject).of("current").items():
        if item == TOTAL:
            totals.setdefault(code, amount)
    first: dict[str, Amount] = {}
    for amount in totals.values():
        name = bare(amount.row.name)
        known = first.setdefault(name, amount) if name else amount
        if not known.figure.can_equal(amount.figure):
            title = f"第一份名称为“{amount.row.name}”的整体绩效目标申报表当年合计"
            pair = (known, amount)
            yield _told(title, pair, known.figure, amount.figure, "另一份同名的申报表为")


def _own_kind(subject: Subject, code: str) -> dict[str, DeclaredProject]:
    """The projects of a unit, or all, that call themselves 运转类, by code."""
    facts = subject.facts
    return {
        project.code: project
        for project in subject.extract.declared_projects
        if bare(project.kind).startswith(OPERATING)
        and project.current is not None
        and code in (facts.department, facts.unit_of(project.code))
    }


def _project_kinds(subject: Subject) -> Iterator[Verdict]:
    """运转类 is at least the operating costs and the projects that call themselves 运转类."""
    declared, facts, unit = Declarations(subject), subject.facts, subject.extract.money_unit
    for (code, side, item), amount in declared.of("current").items():
        costs = facts.figures.get(cell_address(code, CellRef(GENERAL_PUBLIC, "total", "operating")))
        projects = _own_kind(subject, code)
        if side is MoneySide.REVENUE or not item.startswith(OPERATING) or costs is None:
            continue
        figures = [_amount(project.current, unit) for project in projects.values()]
        least = total_interval((costs.figure, *figures)) or costs.figure
        if amount.figure.value < least.value and not amount.figure.can_equal(least):
            title = f"{declared.name(code)}“{amount.row.item}”"
            other = f"公用经费加 {len(projects)} 个自称{OPERATING}的项目至少为"
            told = _told(title, (amount,), amount.figure, least, other)
            lines = (extract_address("declared_projects", p.line) for p in projects.values())
            places = (*told.places, *lines, costs.address)
            yield Verdict(places, told.label, told.left, told.right, told.message)


def _amount(value: Decimal | None, unit: str) -> Interval | None:
    """An amount of a project's declaration; 万元 with two decimals unless printed finer."""
    return None if value is None else interval_of(value, unit, max(2, decimals_of(value)))


def _to_filing(subject: Subject) -> Iterator[Verdict]:
    """Rows of the money block that the filing has a cell for."""
    declared, facts = Declarations(subject), subject.facts
    if not facts.layout.has_sheet(OVERALL_FUNDS):
        return
    keys = {bare(row.label): row.key for row in facts.layout.sheet(OVERALL_FUNDS).rows}
    for column in WORDS:
        for (code, side, item), amount in declared.of(column).items():
            key = keys.get(f"{side.label}{item}", keys.get(item, ""))
            ref = CellRef(OVERALL_FUNDS, key, COLUMNS[column])
            known = facts.figures.get(cell_address(code, ref))
            if known is not None and not amount.figure.can_equal(known.figure):
                title = declared.title(amount.row, column)
                told = _told(title, (amount,), amount.figure, known.figure, "申报件为")
                places = (*told.places, known.address)
                yield Verdict(places, told.label, told.left, told.right, told.message)


def _projects(subject: Subject) -> Iterator[tuple[DeclaredProject, str, tuple[str, ...]]]:
    for project in subject.extract.declared_projects:
        title = f"{project.place}“{project.name or project.code}”"
        yield project, title, (extract_address("declared_projects", project.line),)


def _project_budgets(subject: Subject) -> Iterator[Verdict]:
    facts, unit = subject.facts, subject.extract.money_unit
    for project, title, places in _projects(subject):
        known = facts.figures.get(project_budget_address(project.code, "total"))
        current = _amount(project.current, unit)
        if project.code not in facts.project_names:
            message = f"{title}的项目编码 {project.code} 不在申报件里。"
            yield Verdict(places, title, project.code, None, message)
        elif known is not None and current is not None and not current.can_equal(known.figure):
            told = _told(f"{title}当年预算", (), current, known.figure, f"申报件的{known.label}为")
            yield Verdict((*places, known.address), title, told.left, told.right, told.message)


def _year_within_total(subject: Subject) -> Iterator[Verdict]:
    for project, title, places in _projects(subject):
        whole, current = (
            _amount(v, subject.extract.money_unit) for v in (project.total, project.current)
        )
        if whole is not None and current is not None and not current.can_be_at_most(whole):
            told = _told(f"{title}当年预算", (), current, whole, "大于项目总预算")
            yield Verdict(places, title, told.left, told.right, told.message)


_ADD_UP = "请核对部门和各单位的申报表，按批复的预算更正。"
DECLARED_CHECKS: tuple[Judged, ...] = (
    (rule("PD-221", "申报表的单位之和等于部门", _ADD_UP, scope=Scope.CROSS_SHEET), _units_add_up),
    (rule("PD-222", "申报表的单位不大于部门", _ADD_UP, scope=Scope.CROSS_SHEET), _unit_within),
    (
        rule(
            "PD-223",
            "同名的申报表总额一致",
            "单位的申报表应写单位的名称；同一单位重复印出的，删去一份。",
            scope=Scope.CROSS_SHEET,
        ),
        _one_name,
    ),
    (
        rule(
            "PD-224",
            "运转类不小于公用经费与自称运转类的项目之和",
            "请统一项目在自己的申报表和整体申报表里的类别。",
            Severity.WARNING,
            Scope.BUDGET_TO_TARGET,
        ),
        _project_kinds,
    ),
    (
        rule(
            "PD-225",
            "申报表的合计等于各行之和，收支相等",
            "请核对申报表资金栏的各行与合计。",
            scope=Scope.WITHIN_SHEET,
        ),
        _row_totals,
    ),
    (
        rule(
            "PD-226",
            "申报表的占比等于金额相除",
            "请按金额重新计算占比。",
            scope=Scope.WITHIN_SHEET,
        ),
        _shares,
    ),
    (
        rule(
            "PD-227",
            "整体申报表的资金与申报件一致",
            "请以申报件为准更正申报表；申报件有误的先更正申报件。",
            scope=Scope.BUDGET_TO_TARGET,
        ),
        _to_filing,
    ),
    (
        rule(
            "PD-228",
            "项目申报表的预算与申报件一致",
            "请以项目支出预算为准更正申报表；编码写错的改正编码。",
            scope=Scope.BUDGET_TO_TARGET,
        ),
        _project_budgets,
    ),
    (
        rule(
            "PD-229",
            "项目当年预算不大于总预算",
            "请核对项目总预算和当年预算。",
            scope=Scope.WITHIN_SHEET,
        ),
        _year_within_total,
    ),
)
