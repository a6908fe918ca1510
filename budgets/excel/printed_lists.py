"""PURE: the rows of a printed list (项目支出, 政府采购, 政府购买服务) as records and totals.

Units stand as headings over their rows or in a column of their own. A row that is no record is a
total of the department, of a unit or of a part of one; it is kept as evidence, never added.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter

from budgets.checks.keys import PROCUREMENT, PROJECT_BUDGETS
from budgets.declared import TOTAL, DeclaredFigure
from budgets.excel.foreign import ListTable
from budgets.excel.reading import Place, Unreadable
from budgets.excel.understanding import UnderstoodRow
from budgets.problems import problem
from budgets.workbook import (
    FUND_AMOUNTS,
    ListRow,
    ProcurementRow,
    ProjectBudget,
    ProjectFrequency,
    ProjectKind,
    PurchasedServiceRow,
)
from rulebook.amounts import AmountError, MoneyUnit, decimals_of, to_yuan
from rulebook.findings import Finding
from rulebook.headers import Headers, plain

PROJECT_CODE = re.compile(r"\d{11}T\d{9}", re.ASCII)
CODED = re.compile(r"[\[【]\s*([0-9A-Z]+)\s*[\]】]\s*(.*)", re.DOTALL | re.ASCII)
PLAIN_CODE = re.compile(r"([ABC]?\d{3,})\s*(.*)", re.DOTALL | re.ASCII)
MONEY = {
    PROJECT_BUDGETS: (TOTAL, *FUND_AMOUNTS),
    PROCUREMENT: ("unit_price", "amount", "sme_amount", "micro_amount"),
}
PURCHASE_MONEY = ("amount",)
YES = "是"


@dataclass(frozen=True, slots=True)
class Whose:
    """The department whose book is read: its code, its units by code and by plain name."""

    department: str
    units: Mapping[str, str]

    def named(self, name: str) -> str:
        """The unit with exactly that name, or none."""
        found = [code for code, own in self.units.items() if plain(own) == plain(name)]
        return found[0] if len(found) == 1 else ""


@dataclass(slots=True)
class ReadRows:
    """What was read of all lists: records with their places, totals, and each line in words."""

    records: list[tuple[ListRow, str]] = field(default_factory=list)
    totals: list[DeclaredFigure] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    lines: dict[str, list[UnderstoodRow]] = field(default_factory=dict)


def read_list(table: ListTable, whose: Whose, headers: Headers, into: ReadRows) -> None:
    """Every row below the header of one list."""
    reader = _List(table, whose, headers, into)
    for at in range(table.head.last + 1, table.page.last_row + 1):
        reader.take(at)


@dataclass(slots=True)
class _List:
    table: ListTable
    whose: Whose
    headers: Headers
    into: ReadRows
    unit: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def is_projects(self) -> bool:
        return self.table.table == PROJECT_BUDGETS

    def take(self, at: int) -> None:
        words = {column.key: self._text(at, key) for key, column in self.table.columns.items()}
        if not any(words.values()):
            return
        figures = self._figures(at)
        code = words["code" if self.is_projects else "book"].replace(" ", "")
        name = words["name" if self.is_projects else "unit_name"]
        is_record = PROJECT_CODE.fullmatch(code) if self.is_projects else words["project_name"]
        if is_record:
            self._record(at, code, words, figures)
        else:
            self._heading(at, code, self._corrected(at, name), figures)

    def _text(self, at: int, column_at: int) -> str:
        """What is printed; words keep their own forms of brackets and signs."""
        place = self.table.page.anchors.get((at, column_at), (at, column_at))
        value = self.table.page.cached.get(place)
        return " ".join(value.split()) if isinstance(value, str) else self.table.page.text(*place)

    def _place(self, at: int, key: str = "") -> Place:
        columns = {column.key: number for number, column in self.table.columns.items()}
        letter = get_column_letter(columns.get(key, min(columns.values())))
        return Place(self.table.page.title, f"{letter}{at}")

    def _report(self, id: str, at: int, key: str, message: str, **sides: Decimal | str) -> None:
        place = self._place(at, key)
        words = f"{place.label}：{message}"
        self.into.findings.append(
            problem(id, words, label=place.label, places=(place.address,), **sides)
        )

    def _note(self, at: int, words: str, meaning: str) -> None:
        self.into.lines.setdefault(self.table.table, []).append(UnderstoodRow(at, words, meaning))

    def _corrected(self, at: int, name: str) -> str:
        meant = self.headers.misprints.get(plain(name))
        if meant is None:
            return name
        key = "name" if self.is_projects else "unit_name"
        self._report("IM-156", at, key, f"“{name}”读作“{meant}”。", left=name)
        return meant

    def _figures(self, at: int) -> dict[str, tuple[Decimal, int]]:
        """Amounts in yuan and counts by column, each with the decimals it was written with."""
        money = MONEY.get(self.table.table, PURCHASE_MONEY)
        found: dict[str, tuple[Decimal, int]] = {}
        for column_at, column in self.table.columns.items():
            if column.key not in money and column.key != "quantity":
                continue
            try:
                number = self.table.page.number(at, column_at)
                if number is None:
                    continue
                unit = self.table.unit if column.key in money else MoneyUnit.YUAN
                found[column.key] = (to_yuan(number, unit), max(2, decimals_of(number)))
            except Unreadable as error:
                self._report(error.id, at, column.key, error.words)
            except AmountError as error:
                self._report("IM-135", at, column.key, f"{error}。")
        return found

    # ── totals ──────────────────────────────────────────────────────────────────────────────────

    def _heading(
        self, at: int, code: str, name: str, figures: Mapping[str, tuple[Decimal, int]]
    ) -> None:
        """合计, a unit or a part of a unit: what its figures are the total of."""
        is_part = bool(code) and code not in self.whose.units and code != self.whose.department
        if code in self.whose.units:
            self.unit = code
        elif not is_part:
            self.unit = ""
        words = " ".join(filter(None, (code, name)))
        if is_part and not self.unit:
            self._report("IM-192", at, "", f"“{words}”不是本部门的单位。")
            return
        whole = self.unit or "部门"
        self._note(at, words, f"{whole}合计" if figures else f"{whole}标题")
        for key, (value, decimals) in figures.items():
            place = self._place(at, key).label
            self.into.totals.append(
                DeclaredFigure(
                    table=self.table.table,
                    book=self.unit,
                    row=TOTAL,
                    column=key,
                    value=value,
                    unit=self.table.unit.code if key != "quantity" else "",
                    decimals=decimals,
                    place=place,
                )
            )

    # ── records ─────────────────────────────────────────────────────────────────────────────────

    def _record(
        self,
        at: int,
        code: str,
        words: Mapping[str, str],
        figures: Mapping[str, tuple[Decimal, int]],
    ) -> None:
        book = self._book_of(code, words)
        if not book:
            said = words.get("book", "") or words.get("unit_name", "")
            self._report("IM-192", at, "book", f"“{said}”不是本部门的单位，上面也没有单位标题。")
            return
        number = self.counts[book] = self.counts.get(book, 0) + 1
        values = {key: value for key, (value, _) in figures.items()}
        decimals = max((places for _, places in figures.values()), default=2)
        row: ListRow
        if self.is_projects:
            row = self._project(at, code, book, words, values, decimals)
        else:
            row = self._purchase(at, book, number, words, values, decimals)
        key = "name" if self.is_projects else "project_name"
        self.into.records.append((row, self._place(at, key).label))
        self._note(at, words.get("name") or words["project_name"], f"单位 {book} 的一行")

    def _book_of(self, code: str, words: Mapping[str, str]) -> str:
        if not self.is_projects:
            return code if code in self.whose.units else self.unit if not code else ""
        return self.unit or self.whose.named(words.get("book", ""))

    def _project(
        self,
        at: int,
        code: str,
        book: str,
        words: Mapping[str, str],
        values: dict[str, Any],
        decimals: int,
    ) -> ProjectBudget:
        """Function, kind and frequency are not printed: the caller knows or asks."""
        printed = values.pop(TOTAL, None)
        row = ProjectBudget(
            code=code,
            name=words["name"],
            book=book,
            functional_code="",
            kind=ProjectKind.SPECIFIC_TARGET,
            frequency=ProjectFrequency.ONE_OFF,
            unit=self.table.unit.code,
            decimals=decimals,
            **values,
        )
        summed = row.sum_of()
        if printed is not None and (summed is None or summed.value != printed):
            parts = "空" if summed is None else f"{summed.value:,.2f} 元"
            message = f"“{row.name}”的合计为 {printed:,.2f} 元，各栏相加为 {parts}。"
            self._report("IM-195", at, TOTAL, message, left=printed)
        return row

    def _coded(self, at: int, key: str, words: Mapping[str, str]) -> tuple[str, str]:
        text = words.get(key, "")
        found = CODED.fullmatch(text) or PLAIN_CODE.fullmatch(text)
        if found:
            return found[1], found[2].strip()
        if text:
            self._report("IM-196", at, key, f"“{text[:30]}”没有编码。", left=text[:60])
        return "", text

    def _purchase(
        self,
        at: int,
        book: str,
        number: int,
        words: Mapping[str, str],
        values: Mapping[str, Decimal],
        decimals: int,
    ) -> ProcurementRow | PurchasedServiceRow:
        both = {
            "book": book,
            "number": number,
            "project_code": "",
            "project_name": words["project_name"],
            "functional_code": self._coded(at, "functional_code", words)[0],
            "economic_code": self._coded(at, "economic_code", words)[0],
            "funding_source": words.get("funding_source", ""),
            "fund_nature": words.get("fund_nature", ""),
            "quantity": values.get("quantity"),
            "amount": values.get("amount"),
            "unit": self.table.unit.code,
            "decimals": decimals,
        }
        if self.table.table == PROCUREMENT:
            code, name = self._coded(at, "item", words)
            return ProcurementRow(
                **both,  # type: ignore[arg-type]
                item_code=code,
                item_name=name,
                measure=words.get("measure", ""),
                unit_price=values.get("unit_price"),
                sme_amount=values.get("sme_amount"),
                micro_amount=values.get("micro_amount"),
            )
        return PurchasedServiceRow(
            **both,  # type: ignore[arg-type]
            includes_procurement=words.get("includes_procurement") == YES,
            content=words.get("content", ""),
            directory_tier_one=words.get("directory_tier_one", ""),
            directory_tier_two=words.get("directory_tier_two", ""),
            directory_tier_three=words.get("directory_tier_three", ""),
        )
