"""Whether a PDF is an official file of this system: against the kept original, or from itself.

Without the original only this can be said: that the file agrees with the data it carries and with
the fingerprints it prints, and whether printing that data again gives the very same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from itertools import islice, zip_longest
from typing import Any

from openpyxl import load_workbook

from budgets.excel.gate import inspect
from disclosures import storage
from disclosures.evaluate import evaluate
from disclosures.file_contents import FileContents, FileUnreadable, read_contents
from disclosures.filing_package import FilingPackage
from disclosures.models import RenderedFile
from disclosures.official import DATA_FILE, TABLES_FILE, print_sealed, seal_of
from disclosures.package import UNREADABLE, ReadPackage, code_names, read, read_document
from disclosures.paper import differences, paper_of_file, paper_of_report
from disclosures.pdf import AssetRefused
from disclosures.publication import public_results
from disclosures.report.blocks import Report
from disclosures.report.closing import DRAFT_TITLE, SEAL_TITLE, sealed
from disclosures.report.spreadsheet import tables_workbook
from disclosures.results import DerivedCell, FilingResults
from filings.models import Filing
from rulebook.addresses import CellRef
from rulebook.codec import CodecError, from_json
from rulebook.editions import EditionMissing
from rulebook.layouts import load_layout

MOST_DIFFERENCES = 20
MOST_BYTES_OF_TABLES = 64 * 1024 * 1024
MOST_CELLS_OF_TABLES = 1_000_000


class Verdict(StrEnum):
    """What a file turned out to be; the first two are the good ones."""

    AUTHENTIC = "原件"
    REPRODUCED = "与所附数据一致"
    UNPROVEN = "不能证明是原件"
    DIFFERENT = "与原件不同"
    INCONSISTENT = "前后不一致"
    DRAFT = "草稿"
    FOREIGN = "不是本系统的正式文件"


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdict, a sentence that explains it, and what differs, each in Chinese."""

    verdict: Verdict
    message: str
    sha256: str
    differences: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        return self.verdict in {Verdict.AUTHENTIC, Verdict.REPRODUCED}


def verify(content: bytes, *, with_register: bool = True) -> Verification:
    """What a file is. ``with_register`` looks for it among the files kept here first."""
    sha256 = storage.fingerprint(content)
    known = RenderedFile.objects.filter(sha256=sha256).first() if with_register else None
    if known is not None:
        return _known(known, sha256)
    try:
        contents = read_contents(content)
    except FileUnreadable as error:
        return Verification(Verdict.FOREIGN, str(error), sha256)
    titles = {heading.text for heading in contents.structure.every("H1")}
    if DRAFT_TITLE in titles:
        return Verification(Verdict.DRAFT, "这是草稿，没有指纹，不能作为公开的依据。", sha256)
    if with_register:
        original = RenderedFile.objects.official().filter(source_sha256=contents.identifier).first()
        if original is not None:
            return _against_original(content, contents, original, sha256)
    if SEAL_TITLE not in titles or DATA_FILE not in contents.attached():
        message = "文件没有指纹页或没有附数据包，不是本系统生成的正式文件。"
        return Verification(Verdict.FOREIGN, message, sha256)
    return _from_itself(content, contents, sha256)


def _known(rendered: RenderedFile, sha256: str) -> Verification:
    if rendered.is_draft:
        return Verification(Verdict.DRAFT, "这是本系统印出的草稿，不能作为公开的依据。", sha256)
    filing = rendered.filing
    message = (
        f"与本系统保存的原件逐字节相同：{_name(filing)}第{filing.version}版，"
        f"{filing.get_state_display()}。"
    )
    return Verification(Verdict.AUTHENTIC, message, sha256)


def _name(filing: Filing) -> str:
    year = filing.fiscal_year_id
    return f"{filing.department.name_in(year)}{year}年{filing.get_kind_display()}"


def _some(found: Iterable[object]) -> tuple[str, ...]:
    """The first of what differs, with a word where there is more."""
    listed = [str(each) for each in islice(found, MOST_DIFFERENCES + 1)]
    if len(listed) > MOST_DIFFERENCES:
        listed[MOST_DIFFERENCES:] = ["以下还有，未列出"]
    return tuple(listed)


# --- against the original


def _against_original(
    content: bytes, contents: FileContents, original: RenderedFile, sha256: str
) -> Verification:
    message = f"文件自称出自{_name(original.filing)}的底稿，但与本系统保存的原件不同。"
    try:
        kept = storage.path_of(original.path).read_bytes()
        found = _some(_file_differences(kept, content, contents))
    except (storage.FileDamaged, FileUnreadable):
        message += "原件已丢失或损坏，请从备份恢复后再核对。"
        return Verification(Verdict.DIFFERENT, message, sha256)
    return Verification(Verdict.DIFFERENT, message, sha256, found)


def _file_differences(kept: bytes, content: bytes, contents: FileContents) -> Iterator[object]:
    was = read_contents(kept)
    if (was.title, was.author) != (contents.title, contents.author):
        expected, found = f"{was.title}”“{was.author}", f"{contents.title}”“{contents.author}"
        yield f"标题或部门：应为“{expected}”，实为“{found}”"
    yield from _attachment_differences(was.attached(), contents.attached())
    yield from differences(paper_of_file(was.structure), paper_of_file(contents.structure))
    yield _byte_difference(kept, content)


def _attachment_differences(was: dict[str, bytes], found: dict[str, bytes]) -> Iterator[str]:
    for name in sorted(was.keys() | found.keys()):
        if name not in found:
            yield f"附件 {name} 被去掉了"
        elif name not in was:
            yield f"多出附件 {name}"
        elif was[name] != found[name]:
            yield f"附件 {name} 与原件所附的不同"


def _byte_difference(kept: bytes, content: bytes) -> str:
    pairs = zip(kept, content, strict=False)
    at = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(kept), len(content)))
    return f"从第{at + 1}个字节起与原件不同（原件{len(kept)}字节，本文件{len(content)}字节）"


# --- from the file itself


@dataclass(frozen=True, slots=True)
class _Carried:
    """The data package inside a file."""

    package: FilingPackage
    results: FilingResults


def _from_itself(content: bytes, contents: FileContents, sha256: str) -> Verification:
    carried = _carried(contents.attached()[DATA_FILE])
    if isinstance(carried, str):
        return Verification(Verdict.INCONSISTENT, carried, sha256)
    found = _some(_inconsistencies(contents, carried))
    if found:
        message = "文件所印的内容、指纹和附件不一致。"
        return Verification(Verdict.INCONSISTENT, message, sha256, found)
    if _printed_again(contents, carried.results.report) == content:
        message = (
            "本机没有这份文件的登记；文字、表格、指纹与附件一致，按所附数据重新排印逐字节相同。"
            "是否即为公开的原件，请与公开门户上的“PDF 指纹”核对。"
        )
        return Verification(Verdict.REPRODUCED, message, sha256)
    message = (
        "本机没有这份文件的登记；文字、表格、指纹与附件一致，但按所附数据用本版程序重新排印，"
        "字节不同：文件被改动过，或由另一版程序生成。请与公开门户上的“PDF 指纹”核对。"
    )
    return Verification(Verdict.UNPROVEN, message, sha256)


def _carried(data: bytes) -> _Carried | str:
    """The package inside, or why it cannot be read."""
    result: ReadPackage = read(data)
    document = read_document(data)
    if result.package is None or isinstance(document, ReadPackage):
        reason = result.findings[0].message if result.findings else UNREADABLE.title
        return f"所附数据包读不出：{reason}"
    try:
        results = from_json(FilingResults, document.get("results"))
    except CodecError as error:
        return f"所附数据包没有完整的计算结果：{error}"
    return _Carried(result.package, results)


def _inconsistencies(contents: FileContents, carried: _Carried) -> Iterator[object]:
    """Everything in a file that contradicts the rest of it."""
    if contents.dated is None or TABLES_FILE not in contents.attached():
        yield "文件没有日期，或没有附表格。"
        return
    report, attached = carried.results.report, contents.attached()
    if (contents.title, contents.author) != (report.title, report.department):
        yield f"标题或部门：应为“{report.title}”“{report.department}”"
    if contents.strays:
        yield f"{contents.strays}页上有标签以外的文字"
    seal = seal_of(contents.identifier, contents.dated, attached)
    yield from differences(paper_of_report(sealed(report, seal)), paper_of_file(contents.structure))
    made = tables_workbook(report, dated=contents.dated)
    if made != attached[TABLES_FILE]:
        yield from _workbook_differences(made, attached[TABLES_FILE])
    yield from _result_differences(carried)


def _workbook_differences(made: bytes, attached: bytes) -> Iterator[str]:
    """Where the cells of the attached workbook differ; bytes alone do not count."""
    refused = inspect(attached, most_bytes=MOST_BYTES_OF_TABLES, most_cells=MOST_CELLS_OF_TABLES)
    if refused:
        yield f"附件 {TABLES_FILE}：{refused[0].message}"
        return
    try:
        found = load_workbook(BytesIO(attached))
    except Exception:  # whatever a hostile workbook makes openpyxl raise
        yield f"附件 {TABLES_FILE} 打不开。"
        return
    expected = load_workbook(BytesIO(made))
    if found.sheetnames != expected.sheetnames:
        yield f"附件 {TABLES_FILE} 的工作表与报告的表格不符。"
        return
    for sheet in expected.sheetnames:
        yield from _sheet_cells(expected[sheet], found[sheet])


def _sheet_cells(expected: Any, found: Any) -> Iterator[str]:
    rows = zip_longest(expected.iter_rows(), found.iter_rows(), fillvalue=())
    for was, row in rows:
        for a, b in zip_longest(was, row):
            left = None if a is None else a.value
            right = None if b is None else b.value
            if left != right:
                place = f"工作表“{expected.title}”{(a if b is None else b).coordinate}"
                yield f"附件 {TABLES_FILE} {place}：应为 {left}，实为 {right}"


def _result_differences(carried: _Carried) -> Iterator[object]:
    """Results that do not follow from the package, where its rules are those of today."""
    try:
        fresh = public_results(carried.package, evaluate(carried.package))
    except (EditionMissing, LookupError, ValueError, StopIteration):
        yield "所附数据包用的制度本机没有，或内容算不出结果"
        return
    if fresh.rules != carried.results.rules:
        return
    was = {_place(cell): cell.value for cell in carried.results.derived}
    layouts = {book.book: book.layout for book in carried.package.books}
    for cell in fresh.derived:
        stated = was.get(_place(cell))
        if stated != cell.value:
            label = _label(cell, layouts, carried.package)
            yield f"数据包中{label}为 {stated} 元，按明细计算为 {cell.value} 元"
    yield from differences(paper_of_report(fresh.report), paper_of_report(carried.results.report))


def _place(cell: DerivedCell) -> tuple[str, CellRef]:
    return cell.book, CellRef(cell.sheet, cell.row, cell.column)


def _label(cell: DerivedCell, layouts: dict[str, str], package: FilingPackage) -> str:
    layout = load_layout(layouts.get(cell.book, package.head.editions.layout))
    return layout.label_of(CellRef(cell.sheet, cell.row, cell.column), code_names(package))


def _printed_again(contents: FileContents, report: Report) -> bytes:
    assert contents.dated is not None
    try:
        printed = print_sealed(
            report,
            snapshot=contents.identifier,
            dated=contents.dated,
            attached=contents.attached(),
        )
    except (AssetRefused, KeyError):
        return b""
    return printed.content
