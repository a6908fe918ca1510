"""Long lists of codes: read row by row, every row cleaned as the model says, written in batches.

The same rules as :mod:`budgets.resources` (the model's own field validators, years in order, no key
twice) without a query per row: what is known is read once, new rows are created and changed ones
updated a thousand at a time, and one wrong row means that nothing stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction

from budgets.catalogues import BUREAU, Code
from budgets.models import EconomicCode
from budgets.problems import problem
from budgets.resources import GROUPS, YearWidget
from rulebook.amounts import normalize
from rulebook.findings import Finding

BATCH = 1000
MOST_FINDINGS = 300
MOST_REMEMBERED = 500  # different texts of a column
UNLIKE = {"code", "name"}  # columns whose every row differs
GROUP_KEYS = {label: key for key, label in GROUPS.items()}
YEAR = YearWidget()

Report = Callable[[int], None]
"""Told after each batch how many rows are done."""


@dataclass(slots=True)
class BulkResult:
    """How many rows were new, changed and as before; with findings nothing was written."""

    created: int = 0
    changed: int = 0
    same: int = 0
    findings: list[Finding] = field(default_factory=list)
    wrong: int = 0

    def refuse(self, number: int, errors: Sequence[str]) -> None:
        """Count a wrong row and say what is wrong with it, the first some hundred in words."""
        self.wrong += 1
        if len(self.findings) < MOST_FINDINGS:
            place = f"第 {number} 行"
            message = f"{place}：{' '.join(errors)}"
            self.findings.append(problem("IM-161", message, label=place))

    @property
    def rows(self) -> int:
        return self.created + self.changed + self.same + self.wrong


class Importing(Protocol):
    """A list on its way into the database, row by row and batch by batch."""

    result: BulkResult

    def take(self, number: int, row: Sequence[str]) -> None:
        """Read one row, or note what is wrong with it."""

    def write(self) -> None:
        """Write what was read since the last time."""

    def finish(self) -> None:
        """Note what was done, once all is written."""


def whole_or_nothing(
    importing: Importing, rows: Iterable[Sequence[str]], report: Report, *, keep: bool = True
) -> BulkResult:
    """Import all rows or, with findings (or without ``keep``), none. Lines count from 2."""
    try:
        with transaction.atomic():
            for number, row in enumerate(rows, 2):
                importing.take(number, row)
                if number % BATCH == 1:
                    importing.write()
                    report(number - 1)
            importing.write()
            if importing.result.wrong or not keep:
                raise _Refused
            importing.finish()
    except _Refused:
        found = importing.result
        if found.wrong:
            return BulkResult(findings=found.findings, wrong=found.wrong)
    return importing.result


class _Refused(Exception):
    """Leaves the transaction without writing."""


def columns_of(model: Code) -> dict[str, str]:
    """Field → header of the file, in order."""
    headers = {
        "code": "编码",
        "name": "名称",
        "first_fiscal_year": "启用年度",
        "last_fiscal_year": "停用年度",
        "definition": "说明",
    }
    return headers | ({"basic_group": "基本支出类别"} if model is EconomicCode else {})


def import_codes(
    *, model: Code, rows: Iterable[Sequence[str]], report: Report = lambda done: None
) -> BulkResult:
    """Import rows in the order of :func:`columns_of`; all of them or, with findings, none."""
    return whole_or_nothing(_Importing(model), rows, report)


class _Importing:
    """One list on its way into the database."""

    def __init__(self, model: Code) -> None:
        self.model: Any = model
        self.headers = columns_of(model)
        self.fields: dict[str, Any] = {
            name: self.model._meta.get_field(name) for name in self.headers
        }
        self.written = [*self.headers, "is_verified", "source"]
        known = self.model.objects.values_list("code", "first_fiscal_year", "pk", *self.written)
        self.known = {(row[0], row[1]): (row[2], row[3:]) for row in known.iterator(BATCH)}
        self.seen: set[tuple[str, int]] = set()
        self.cleaned: dict[str, dict[str, Any]] = {name: {} for name in self.headers}
        self.new: list[Any] = []
        self.old: list[Any] = []
        self.result = BulkResult()

    def take(self, number: int, row: Sequence[str]) -> None:
        """Clean one row and keep it for the next batch, or say what is wrong with it."""
        values, errors = self._cleaned(row)
        key = values.get("code", ""), values.get("first_fiscal_year", 0)
        if not errors and key in self.seen:
            errors = ["与前面的行重复。"]
        if errors:
            self.result.refuse(number, errors)
            return
        self.seen.add(key)
        values |= {"is_verified": True, "source": BUREAU}
        pk, before = self.known.get(key, (None, None))
        if before == tuple(values[name] for name in self.written):
            self.result.same += 1
        elif pk is None:
            self.result.created += 1
            self.new.append(self.model(**values))
        else:
            self.result.changed += 1
            self.old.append(self.model(pk=pk, **values))

    def _cleaned(self, row: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
        values: dict[str, Any] = {}
        errors: list[str] = []
        for (name, header), text in zip(self.headers.items(), row, strict=True):
            try:
                values[name] = self._clean(name, text)
            except ValidationError as error:
                errors += [f"{header}：{message}" for message in error.messages]
            except ValueError as error:
                errors.append(f"{header}：{error}。")
        first, last = values.get("first_fiscal_year"), values.get("last_fiscal_year")
        if first and last and last < first:
            errors.append("停用年度：停用年度不能早于启用年度。")
        return values, errors

    def _clean(self, name: str, text: str) -> Any:
        """The value of a cell. Years, groups and notes repeat: what was right once stays right."""
        if name in UNLIKE:
            return self.fields[name].clean(self._value(name, text), None)
        known = self.cleaned[name]
        if text not in known:
            value = self.fields[name].clean(self._value(name, text), None)
            if len(known) >= MOST_REMEMBERED:
                return value
            known[text] = value
        return known[text]

    def _value(self, name: str, text: str) -> Any:
        """The text of a cell as its field takes it. Raises ValueError with the reason."""
        if name == "code":
            return normalize(text)
        if name in {"first_fiscal_year", "last_fiscal_year"}:
            return YEAR.clean(text)
        if name == "basic_group":
            if text not in GROUP_KEYS:
                raise ValueError("应为“人员经费”“公用经费”或空")
            return GROUP_KEYS[text]
        return text

    def write(self) -> None:
        """Write a batch; once a row was wrong nothing more is written, all rows are still read."""
        if not self.result.wrong:
            self.model.objects.bulk_create(self.new)
            if self.old:
                changed = [
                    name for name in self.written if name not in {"code", "first_fiscal_year"}
                ]
                self.model.objects.bulk_update(self.old, changed)
        self.new, self.old = [], []

    def finish(self) -> None:
        """Catalogues keep no history of imports."""
