"""PURE: the data package, one documented JSON that holds a whole filing.

Written canonically (sorted keys and lists, decimals as strings, no timestamps or row ids), so the
same filing always gives the same bytes. Two profiles: ``internal`` holds everything, ``public``
leaves out withheld rows and what is nobody's business outside. See ``docs/data-package.md``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from budgets.checks import network_of, resolve
from budgets.workbook import CellSnapshot, WithheldRemainder, WorkbookSnapshot
from disclosures.filing_package import FilingPackage
from disclosures.results import DerivedCell, FilingResults
from performance.evaluation import (
    DeclarationSnapshot,
    EvaluationSnapshot,
    FieldText,
    FormAmount,
)
from performance.published import published_declaration, published_evaluation
from rulebook.addresses import CellRef, cell_address, cell_of
from rulebook.checks import Check, Verdict, finding_of
from rulebook.codec import CodecError, from_json, to_json
from rulebook.editions import EditionMissing
from rulebook.findings import Finding, Scope, Severity
from rulebook.layouts import SheetLayout, load_layout

FORMAT = "mingzhang-filing"
FORMAT_VERSION = 1
INTERNAL, PUBLIC = "internal", "public"


def _check(id: str, title: str, hint: str) -> Check:
    return Check(id, title, Severity.ERROR, Scope.WITHIN_SHEET, hint)


UNREADABLE = _check(
    "PK-101", "不是数据包", "请选择由本系统导出的数据包（JSON 文件），不要改名或另存为其他格式。"
)
WRONG_FORMAT = _check("PK-102", "数据包版本不符", "请用本系统当前版本重新导出数据包。")
BROKEN = _check("PK-103", "数据包内容不完整", "请按《数据包说明》核对该处的名称和取值。")
UNKNOWN_CELL = _check("PK-104", "单元格不在报表中", "请按本年度报表的表、行、栏名称填写。")
REPEATED = _check("PK-105", "同一项目出现两次", "同一单元格、项目或文字只能出现一次。")
UNKNOWN_EDITION = _check("PK-106", "没有这个版式", "请核对年度、地区和版式名称。")
DERIVED = _check(
    "PK-107", "合计数作为填报数提交", "合计由系统计算；导入的合计请放在 evidence，不要放在 value。"
)
TOTALS_DIFFER = replace(
    _check(
        "PK-108", "数据包所载合计与重新计算不符", "以重新计算为准；请核对导出后是否有人改动过明细。"
    ),
    severity=Severity.WARNING,
)
PACKAGE_CHECKS: tuple[Check, ...] = (
    UNREADABLE,
    WRONG_FORMAT,
    BROKEN,
    UNKNOWN_CELL,
    REPEATED,
    UNKNOWN_EDITION,
    DERIVED,
    TOTALS_DIFFER,
)


@dataclass(frozen=True, slots=True)
class ReadPackage:
    """What reading a data package gave: the package, or the findings that say why not."""

    package: FilingPackage | None
    findings: tuple[Finding, ...] = ()
    profile: str = INTERNAL


def canonical(package: FilingPackage) -> FilingPackage:
    """The same package with every list in its one order.

    Goals, indicators, results, details, assets, deductions, reasons of one subject and key tasks
    keep the order people gave.
    """
    return replace(
        package,
        books=tuple(sorted(map(_canonical_book, package.books), key=lambda b: b.book)),
        projects=tuple(sorted(package.projects, key=lambda p: p.code)),
        declarations=tuple(
            sorted(map(_canonical_declaration, package.declarations), key=lambda d: d.subject)
        ),
        evaluations=tuple(
            sorted(map(_canonical_evaluation, package.evaluations), key=lambda e: e.subject)
        ),
        texts=tuple(sorted(package.texts, key=lambda t: t.key)),
        reasons=tuple(sorted(package.reasons, key=lambda r: r.subject)),
        explanations=tuple(sorted(package.explanations, key=lambda e: (e.check_id, e.identity))),
        codes=tuple(sorted(package.codes, key=lambda c: (c.classification, c.code))),
        project_budgets=tuple(sorted(package.project_budgets, key=lambda p: p.code)),
        procurement=tuple(sorted(package.procurement, key=lambda r: (r.book, r.number))),
        purchased_services=tuple(
            sorted(package.purchased_services, key=lambda r: (r.book, r.number))
        ),
    )


def _canonical_declaration(value: DeclarationSnapshot) -> DeclarationSnapshot:
    return replace(value, fields=_by_key(value.fields), amounts=_by_place(value.amounts))


def _canonical_evaluation(value: EvaluationSnapshot) -> EvaluationSnapshot:
    return replace(
        value,
        declaration=_canonical_declaration(value.declaration),
        fields=_by_key(value.fields),
        amounts=_by_place(value.amounts),
        claimed=tuple(sorted(value.claimed, key=lambda claim: claim.line)),
    )


def _by_key(fields: Iterable[FieldText]) -> tuple[FieldText, ...]:
    return tuple(sorted(fields, key=lambda field: field.key))


def _by_place(amounts: Iterable[FormAmount]) -> tuple[FormAmount, ...]:
    return tuple(sorted(amounts, key=lambda a: (a.block, a.row, a.column)))


def _canonical_book(book: WorkbookSnapshot) -> WorkbookSnapshot:
    return replace(
        book,
        cells=tuple(sorted(book.cells, key=lambda c: c.ref)),
        withheld=tuple(sorted(book.withheld, key=lambda w: (w.sheet, w.row))),
        remainders=tuple(sorted(book.remainders, key=lambda r: (r.sheet, r.row, r.column))),
    )


def public(package: FilingPackage) -> FilingPackage:
    """The public profile: no withheld rows, kept evidence, notes, private fields of forms or
    answers to the reviewers."""
    return replace(
        package,
        books=tuple(_public_book(book) for book in package.books),
        declarations=tuple(map(published_declaration, package.declarations)),
        evaluations=tuple(map(published_evaluation, package.evaluations)),
        explanations=(),
    )


def _public_book(book: WorkbookSnapshot) -> WorkbookSnapshot:
    hidden = {(row.sheet, row.row) for row in book.withheld}
    shown = (c for c in book.cells if c.value is not None and (c.sheet, c.row) not in hidden)
    return replace(
        book,
        cells=tuple(replace(cell, evidence=None, note="") for cell in shown),
        remainders=(*book.remainders, *_remainders(book, hidden)),
        withheld=(),
    )


def _remainders(
    book: WorkbookSnapshot, hidden: Iterable[tuple[str, str]]
) -> Iterable[WithheldRemainder]:
    """What each withheld row adds to the total directly above it, column by column."""
    figures, layout = resolve(book), load_layout(book.layout)
    for sheet_key, row in sorted(hidden):
        sheet = layout.sheet(sheet_key)
        parent = _parent_row(sheet, row)
        for column in sheet.columns_of(row) if parent else ():
            figure = figures.get(CellRef(sheet_key, row, column))
            if figure is not None:
                yield WithheldRemainder(sheet_key, parent, column, figure.value)


def _parent_row(sheet: SheetLayout, row: str) -> str:
    if sheet.codes is None or not sheet.is_code_row(row):
        return ""
    return sheet.codes.parent_of(row) or sheet.codes.sum_row


def document(
    package: FilingPackage, results: FilingResults | None = None, *, profile: str = INTERNAL
) -> dict[str, Any]:
    """The JSON document of a package that already is of that profile."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "profile": profile,
        "package": to_json(canonical(package)),
    }
    if results is not None:
        content["results"] = to_json(results)
    return content


def dump(content: dict[str, Any]) -> bytes:
    """Canonical bytes of a JSON document."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return text.encode() + b"\n"


def _refuse(check: Check, message: str, place: str = "") -> ReadPackage:
    verdict = Verdict((place,) if place else (), place, None, None, message)
    return ReadPackage(None, (finding_of(check, verdict),))


def read_document(data: bytes) -> dict[str, Any] | ReadPackage:
    """Bytes → JSON document, or the refusal that says what is wrong with them."""
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        return _refuse(UNREADABLE, "文件不是 UTF-8 编码的 JSON。")
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return _refuse(UNREADABLE, "文件是 JSON，但不是本系统的数据包。")
    if content.get("format_version") != FORMAT_VERSION:
        found = content.get("format_version")
        return _refuse(WRONG_FORMAT, f"数据包版本为 {found}，本系统读取版本 {FORMAT_VERSION}。")
    return content


def read(data: bytes) -> ReadPackage:
    """Read a data package. A mistake in it is a finding; nothing is raised for bad data."""
    content = read_document(data)
    if isinstance(content, ReadPackage):
        return content
    profile = str(content.get("profile", INTERNAL))
    try:
        package = canonical(from_json(FilingPackage, content.get("package")))
    except CodecError as error:
        return _refuse(BROKEN, str(error), error.pointer)
    findings = tuple(_findings(package))
    if findings:
        return ReadPackage(None, findings, profile)
    return ReadPackage(package, tuple(_differing_totals(content, package)), profile)


def _differing_totals(content: dict[str, Any], package: FilingPackage) -> Iterable[Finding]:
    """Derived values in the document that do not follow from its own cells."""
    books = {book.book: book for book in package.books}
    figures = {code: resolve(book) for code, book in books.items()}
    for row in _derived_rows(content):
        book = books.get(row.book)
        ref = CellRef(row.sheet, row.row, row.column)
        if book is None or not load_layout(book.layout).has_cell(ref):
            continue
        found = figures[row.book].get(ref)
        if found is None or found.value != row.value:
            label = load_layout(book.layout).label_of(ref, code_names(package))
            right = None if found is None else found.value
            message = f"{label}在数据包中为 {row.value} 元，按明细计算为 {right} 元。"
            place = cell_address(row.book, ref)
            yield finding_of(TOTALS_DIFFER, Verdict((place,), label, row.value, right, message))


def _derived_rows(content: dict[str, Any]) -> Iterable[DerivedCell]:
    """The derived cells a document states; what cannot be read states nothing."""
    rows = content.get("results", {})
    rows = rows.get("derived", []) if isinstance(rows, dict) else []
    for row in rows if isinstance(rows, list) else []:
        try:
            yield from_json(DerivedCell, row)
        except CodecError:
            continue


def _findings(package: FilingPackage) -> Iterable[Finding]:
    yield from _repeated(package)
    for book in package.books:
        try:
            load_layout(book.layout)
        except (KeyError, StopIteration, EditionMissing):
            message = f"{book.name}使用的报表版式 {book.layout} 不存在。"
            yield finding_of(UNKNOWN_EDITION, Verdict((), book.name, None, None, message))
            return
        yield from _cell_findings(book)


def _cell_findings(book: WorkbookSnapshot) -> Iterable[Finding]:
    layout = load_layout(book.layout)
    unknown = [cell for cell in book.cells if not layout.has_cell(cell.ref)]
    for cell in unknown:
        where = cell_address(book.book, cell.ref)
        message = f"{book.name}的报表中没有 {cell.sheet} / {cell.row} / {cell.column}。"
        yield finding_of(UNKNOWN_CELL, Verdict((where,), where, cell.value, None, message))
    if unknown:
        return
    network = network_of(book)
    for cell in book.cells:
        if cell.value is not None and network.is_derived(cell.ref):
            yield finding_of(DERIVED, _derived(book, cell))


def _derived(book: WorkbookSnapshot, cell: CellSnapshot) -> Verdict:
    label = load_layout(book.layout).label_of(cell.ref)
    message = f"{label}由系统计算，数据包却把它作为填报数。"
    return Verdict((cell_address(book.book, cell.ref),), label, cell.value, None, message)


def _repeated(package: FilingPackage) -> Iterable[Finding]:
    keys = [
        *(cell_address(book.book, cell.ref) for book in package.books for cell in book.cells),
        *(f"unit/{book.book}" for book in package.books),
        *(f"project/{project.code}" for project in package.projects),
        *(f"declaration/{declaration.subject}" for declaration in package.declarations),
        *(f"evaluation/{evaluation.subject}" for evaluation in package.evaluations),
        *(f"text/{text.key}" for text in package.texts),
        *(f"project_budget/{row.code}" for row in package.project_budgets),
        *(f"procurement/{row.book}/{row.number}" for row in package.procurement),
        *(f"purchased_service/{row.book}/{row.number}" for row in package.purchased_services),
    ]
    for key, count in Counter(keys).items():
        if count > 1:
            verdict = Verdict((key,), key, None, None, f"{key} 出现了 {count} 次。")
            yield finding_of(REPEATED, verdict)


def unprinted_names(package: FilingPackage) -> Callable[[str], str]:
    """Address of a cell → its name, with a word that it stands in the data package; empty for an
    address that is no cell of the layout."""
    layout, names = load_layout(package.head.editions.layout), code_names(package)

    def name_of(address: str) -> str:
        found = cell_of(address)
        if found is None or not layout.has_cell(found[1]):
            return ""
        return f"{layout.label_of(found[1], names)}（数据包）"

    return name_of


def code_names(package: FilingPackage) -> dict[str, str]:
    """Code → name as in the catalogue of the day."""
    return {label.code: label.name for label in package.codes}
