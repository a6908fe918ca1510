"""What a large report costs to print: ours against WeasyPrint by itself, on the same blocks.

Every print is a process of its own, so that neither warms the other and peak memory is its own;
the ways take turns, so that a busy machine is busy for all of them.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from disclosures.evaluate import evaluate, facts_of, scorecards_of
from disclosures.printing import print_report
from disclosures.render import Heading, PrintedChart, PrintedTable, printed_blocks
from disclosures.report.blocks import Paragraph, Report
from disclosures.report.compose import compose_form
from reviews.benchmarks import sample_package
from reviews.large_report import large_package
from reviews.stock_printer import TAGGED, stock_pdf

HEADING = "## 整份报告的排印"
DATED = date(2024, 1, 1)
ITEMS, FORMS, ROUNDS = 200, 20, 3
CURVE = ((25, 3), (50, 5), (100, 10), (200, 20))
DOCUMENTS, EARLY = 100, 10
GOAL, MOST_MEGABYTES = 3.0, 300
OURS, STOCK, UNTAGGED = "ours", "stock", "untagged"

Printer = Callable[[Report], tuple[bytes, int]]


@dataclass(frozen=True, slots=True)
class Print:
    """One print: CPU seconds, pages, cells, bytes, peak memory of the process in MB, and how many
    visible characters of the report its text lacks."""

    way: str
    seconds: float
    pages: int
    cells: int
    size: int
    peak_megabytes: int
    lost: int = 0


def _ours(report: Report) -> tuple[bytes, int]:
    printed = print_report(report, identifier="0" * 64, dated=DATED)
    return printed.content, printed.pages


WAYS: dict[str, tuple[str, Printer]] = {
    OURS: ("本系统，PDF/A-3a 带标签", _ours),
    STOCK: ("WeasyPrint 原样，PDF/A-3a 带标签", lambda report: stock_pdf(report, TAGGED)),
    UNTAGGED: ("WeasyPrint 原样，不带标签", lambda report: stock_pdf(report, None)),
}


def peak_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def print_here(way: str, items: int, forms: int, out: Path) -> Print:
    """The large report printed once in this process, into a file."""
    report = evaluate(large_package(items, forms)).report
    begun = time.process_time()
    content, pages = WAYS[way][1](report)
    seconds = time.process_time() - begun
    out.write_bytes(content)
    return Print(way, seconds, pages, cells_of(report), len(content), peak_megabytes())


def cells_of(report: Report) -> int:
    tables = [block.table for block in printed_blocks(report) if isinstance(block, PrintedTable)]
    return sum(len(row) for table in tables for row in (*table.header, *table.body))


def texts_of(report: Report) -> Iterator[str]:
    """Everything the report says, each once."""
    for block in printed_blocks(report):
        match block:
            case Heading() | Paragraph():
                yield block.text
            case PrintedTable():
                yield from (cell.text for row in block.table.header for cell in row)
                yield from (cell.text for row in block.table.body for cell in row)
                yield from block.table.notes
            case PrintedChart():
                yield from (point.figure.text for point in block.chart.points)


def lost_characters(report: Report, path: Path) -> int:
    """Visible characters of the report that the text of the file has fewer of."""
    import pypdfium2  # only development has it

    pages = pypdfium2.PdfDocument(path)
    found = Counter("".join(page.get_textpage().get_text_range() for page in pages))
    wanted = Counter(c for text in texts_of(report) for c in text if not c.isspace())
    return (wanted - found).total()


def _child(*arguments: object) -> str:
    command = [sys.executable, "manage.py", "bench_print", *map(str, arguments)]
    environment = os.environ | {"MINGZHANG_LOG_LEVEL": "ERROR"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return done.stdout.splitlines()[-1]


def printed_once(way: str, items: int, forms: int, report: Report | None = None) -> Print:
    """:func:`print_here` in a new process; with the report its text is compared too."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.pdf"
        found = json.loads(_child("--only", way, "--items", items, "--forms", forms, "--out", out))
        if report is not None:
            found["lost"] = lost_characters(report, out)
    return Print(**found)


def as_json(found: Print) -> str:
    return json.dumps(asdict(found))


def turns(rounds: int = ROUNDS) -> dict[str, list[Print]]:
    """Every way once in every round; the text is compared in the first."""
    report = evaluate(large_package(ITEMS, FORMS)).report
    found: dict[str, list[Print]] = {way: [] for way in WAYS}
    for number in range(rounds):
        for way in WAYS:
            found[way].append(printed_once(way, ITEMS, FORMS, None if number else report))
    return found


def curve() -> list[Print]:
    return [printed_once(OURS, items, forms) for items, forms in CURVE]


def peaks_here(documents: int = DOCUMENTS) -> list[int]:
    """Peak memory of this process after each of many small documents: the forms of the sample."""
    package = sample_package()
    facts = facts_of(package, scorecards_of(package))
    reports = [compose_form(facts, each.subject) for each in package.evaluations]
    peaks = []
    for number in range(documents):
        report = reports[number % len(reports)]
        print_report(report, identifier="0" * 64, dated=DATED, bound=False)
        peaks.append(peak_megabytes())
    return peaks


def peaks() -> list[int]:
    return [int(number) for number in _child("--memory").split()]


def print_section(
    prints: dict[str, list[Print]], grown: Sequence[Print], megabytes: Sequence[int]
) -> str:
    """The section of docs/benchmarks.md."""
    times = {way: statistics.median(p.seconds for p in each) for way, each in prints.items()}
    first = prints[OURS][0]
    ratio = times[STOCK] / times[OURS]
    peak = max(each.peak_megabytes for each in prints[OURS])
    lines = [
        HEADING,
        "",
        f"`manage.py bench_print`：一个虚构部门的决算，{ITEMS} 个项级科目、{FORMS} 份自评表，"
        f"{first.cells:,} 个单元格、4 幅图；一侧是正式文件，另一侧是同样的内容用普通模板、"
        "WeasyPrint 的默认排版（列宽自动、垃圾回收照常）。每次排印各用一个新进程，各种方式轮流，"
        f"{len(prints[OURS])} 轮，CPU 秒取中位数；运行时机器负载 {os.getloadavg()[0]:.1f}。"
        "页数不同是因为两侧分页的规矩不同（续表、重复的标签、各表另起一页）；"
        "“少字”是报告里有而从文件提取的文字里没有的字数。",
        "",
        "| 方式 | CPU 秒 | 最大与最小之差 | 页数 | 少字 | 文件（KB） | 进程内存峰值（MB） |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(_row(way, times[way], each) for way, each in prints.items()),
        "",
        f"正式文件快 {ratio:.1f} 倍，目标 {GOAL:g} 倍，{_met(ratio >= GOAL)}。"
        f"内存峰值 {peak} MB，目标不超过 {MOST_MEGABYTES} MB，{_met(peak <= MOST_MEGABYTES)}。",
        "",
        "| 单元格 | 页数 | CPU 秒 | 每千单元格 CPU 秒 | 每页 CPU 毫秒 | 内存峰值（MB） |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
        *(_point(each) for each in grown),
        "",
        f"一个进程连续排印 {len(megabytes)} 份文件（示例的自评表，轮流）："
        f"第 {EARLY} 份之后内存峰值 {megabytes[EARLY - 1]} MB，"
        f"最后 {megabytes[-1]} MB。",
    ]
    return "\n".join(lines) + "\n"


def _row(way: str, seconds: float, prints: Iterable[Print]) -> str:
    found = list(prints)
    spread = max(p.seconds for p in found) - min(p.seconds for p in found)
    peak = max(p.peak_megabytes for p in found)
    first = found[0]
    return (
        f"| {WAYS[way][0]} | {seconds:.2f} | {spread:.2f} | {first.pages} | {first.lost} "
        f"| {first.size // 1024:,} | {peak} |"
    )


def _point(each: Print) -> str:
    thousand, page = each.seconds / each.cells * 1000, each.seconds / each.pages * 1000
    return (
        f"| {each.cells:,} | {each.pages} | {each.seconds:.2f} | {thousand:.2f} "
        f"| {page:.0f} | {each.peak_megabytes} |"
    )


def _met(is_met: bool) -> str:
    return "达到" if is_met else "未达到"


def with_section(page: str, text: str, after: str) -> str:
    """The page of benchmarks with this section put in or replaced, before the one ``after``."""
    before, heading, _ = page.partition(HEADING)
    if not heading:
        before = page.partition(after)[0]
    _, next_heading, rest = page.partition(after)
    return f"{before.rstrip()}\n\n{text}" + (f"\n{next_heading}{rest}" if next_heading else "")
