"""What was posted for a list: rows to save, rows to take out, and what could not be read.

Names are those of :mod:`budgets.forms`: ``c:<row>:<column>`` with ``o:…``, the version and text
the person was shown, and ``k:…``, the choice in a conflict. A list adds ``q:…``, the answer to a
question, ``a:<row>``, the row a new one follows, and ``d:<row>``, the version of a row to remove.
New rows are called n1, n2 and so on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from budgets.forms import LONGEST_TEXT, unit_from
from budgets.list_columns import Kind, ListColumn, Value
from budgets.list_reading import AS_WRITTEN, Choices, Question, Unclear, read_text, similar
from budgets.list_saving import NEEDED, PROJECTS, RowEdit
from rulebook.amounts import AmountError, MoneyUnit

NEW = re.compile(r"n\d{1,6}", re.ASCII)
Place = tuple[str, str]


@dataclass(slots=True)
class _Row:
    """The readable cells of one row as the person saw one version of it."""

    values: dict[str, Mapping[str, Value]] = field(default_factory=dict)
    decimals: list[int] = field(default_factory=list)


@dataclass(slots=True)
class ListForm:
    """A list as posted. Texts, errors and questions are by (row, column)."""

    list_key: str
    columns: Mapping[str, ListColumn]
    choices: Choices
    unit: MoneyUnit
    edits: list[RowEdit] = field(default_factory=list)
    removals: dict[str, int | None] = field(default_factory=dict)
    texts: dict[Place, str] = field(default_factory=dict)
    errors: dict[Place, str] = field(default_factory=dict)
    questions: dict[Place, Question] = field(default_factory=dict)
    answered: dict[Place, tuple[Question, str]] = field(default_factory=dict)
    originals: dict[Place, str] = field(default_factory=dict)
    new_rows: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(
        cls, data: QueryDict, list_key: str, columns: tuple[ListColumn, ...], choices: Choices
    ) -> ListForm:
        form = cls(list_key, {c.key: c for c in columns}, choices, unit_from(data))
        form._read_rows(data)
        rows: dict[tuple[str, int], _Row] = {}
        for (key, column), text, original in form._touched(data):
            version = original.partition("|")[0]
            seen = int(version) if version.isdecimal() else 0
            row = rows.setdefault((key, seen), _Row())
            form._take(row, (key, column), text, original, str(data.get(f"q:{key}:{column}", "")))
        for (key, seen), row in rows.items():
            form._finish(key, seen, row, data)
        return form

    def _read_rows(self, data: QueryDict) -> None:
        for name in data:
            kind, _, key = name.partition(":")
            if kind == "a" and NEW.fullmatch(key):
                self.new_rows[key] = str(data[name])
            elif kind == "d" and key.isdecimal():
                version = str(data[name])
                self.removals[key] = int(version) if version.isdecimal() else None

    def _touched(self, data: QueryDict) -> Iterator[tuple[Place, str, str]]:
        for name in data:
            kind, _, place = name.partition(":")
            key, _, column = place.partition(":")
            known = self.columns.get(column)
            is_row = key.isdecimal() or NEW.fullmatch(key)
            if kind != "c" or known is None or known.is_computed or not is_row:
                continue
            text, original = str(data[name]), str(data.get(f"o:{place}", ""))
            chosen, _, seen = str(data.get(f"k:{place}", "")).partition("|")
            is_typed = text.strip() != original.partition("|")[2]
            if is_typed and key not in self.removals and chosen != "theirs":
                yield (key, column), text, seen or original

    def _take(self, row: _Row, place: Place, text: str, original: str, answer: str) -> None:
        self.texts[place], self.originals[place] = text, original
        column = self.columns[place[1]]
        meant = text if answer in {"", AS_WRITTEN} else answer
        if answer:
            self._keep_question(place, text, answer)
        try:
            found = read_text(column, meant, self.unit, self.choices, answer)
        except AmountError as error:
            self.errors[place] = f"“{text[:LONGEST_TEXT]}”{error}。"
        except Unclear as unclear:
            self.questions[place] = unclear.question
        else:
            row.values[place[1]] = found.values
            if column.kind is Kind.MONEY and any(v is not None for v in found.values.values()):
                row.decimals.append(found.decimals)

    def _keep_question(self, place: Place, text: str, answer: str) -> None:
        """What was asked, to be shown with its answer while nothing is saved."""
        try:
            read_text(self.columns[place[1]], text, self.unit, self.choices)
        except AmountError:
            return
        except Unclear as unclear:
            self.answered[place] = unclear.question, answer

    def _finish(self, key: str, seen: int, row: _Row, data: QueryDict) -> None:
        is_new = not key.isdecimal()
        if is_new and self.list_key == PROJECTS:
            self._find_project(key, row, str(data.get(f"q:{key}:name", "")))
            wrong = {column for at, column in (*self.errors, *self.questions) if at == key}
            if wrong & NEEDED.keys():
                return
        if row.values:
            edit = RowEdit(
                key,
                row.values,
                version=seen,
                after=self.new_rows.get(key, ""),
                unit=self.unit.code,
                decimals=min(row.decimals, default=2),
            )
            self.edits.append(edit)

    def _find_project(self, key: str, row: _Row, answer: str) -> None:
        """The project of a new row: by its code; by a name only where one project bears it."""
        code = str(row.values.get("code", {}).get("code") or "")
        name = str(row.values.get("name", {}).get("name") or "")
        known = self.choices.projects
        if answer in known:
            row.values |= {"code": {"code": answer}, "name": {"name": known[answer]}}
            return
        named = [each for each, label in known.items() if label == name]
        if name and not code and len(named) == 1:
            row.values["code"] = {"code": named[0]}
        elif name and not code:
            words = f"有 {len(named)} 个项目叫“{name}”" if named else f"没有叫“{name}”的项目"
            near = tuple((each, name) for each in named) or similar(name, known)
            message = f"本单位{words}，请选择；是新项目的，请填写项目编码。"
            self.questions[key, "name"] = Question(name, message, near)
        elif named and code not in known and answer != AS_WRITTEN:
            message = f"本单位已有同名项目 {named[0]}，请选择；确是另一个新项目的，选“照写”。"
            near = tuple((each, name) for each in named)
            self.questions[key, "name"] = Question(name, message, near, may_stand=True)
