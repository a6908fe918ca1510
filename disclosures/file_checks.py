"""What a file written to PDF/A-3a and PDF/UA-1 has to show, held against the file itself.

These are our own checks of what we write; no validator has certified a file. Each flaw is a
sentence in Chinese.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf

from disclosures.file_contents import Element, FileContents, FileUnreadable, opened, read_contents
from disclosures.official import DESCRIPTIONS, TABLES_FILE
from disclosures.paper import HEADINGS
from disclosures.report.spreadsheet import people_of

FACES = frozenset({"Fang", "Kai", "Song-Bold", "Hei"})
INFO = frozenset({"/Author", "/Title", "/Producer", "/CreationDate", "/ModDate"})
RELATIONSHIP = "Data"
OUTPUT_INTENT = "/GTS_PDFA1"
DECLARED = (
    ('pdfaid:part="3"', "元数据没有声明 PDF/A-3"),
    ('pdfaid:conformance="A"', "元数据没有声明 PDF/A 的 A 级"),
    ("<pdfuaid:part>1</pdfuaid:part>", "元数据没有声明 PDF/UA-1"),
)
_PLACE = re.compile(r"(?<![\w/:])/(?:home|root|tmp|usr|var|opt|work|Users)/|[A-Za-z]:\\\\|file://")
_CREATOR = re.compile(r"<dc:creator>(.*?)</dc:creator>", re.DOTALL)
_TEXT = re.compile(r"<rdf:li[^>]*>(.*?)</rdf:li>", re.DOTALL)
ACTIVE = ("/OpenAction", "/AA", "/JavaScript")


def structure_flaws(content: bytes) -> tuple[str, ...]:
    """Everything the file lacks, in Chinese. Raises FileUnreadable."""
    contents = read_contents(content)
    with opened(content) as pdf:
        try:
            found = (*_declared(pdf), *_described(pdf, contents), *_faces(pdf, contents))
        except (AttributeError, KeyError, ValueError, TypeError, pikepdf.PdfError) as error:
            raise FileUnreadable("文件已损坏，读不出结构。") from error
    return (*found, *_attached(contents), *_tagged(contents.structure))


def _declared(pdf: pikepdf.Pdf) -> Iterator[str]:
    metadata = pdf.Root.Metadata.read_bytes().decode("utf-8", "replace")
    yield from (flaw for declared, flaw in DECLARED if declared not in metadata)
    if pdf.is_encrypted:
        yield "文件加了密"
    if not _within(pdf.Root, "/MarkInfo").get("/Marked", False):
        yield "没有声明带标签"
    if not _within(pdf.Root, "/ViewerPreferences").get("/DisplayDocTitle", False):
        yield "没有要求在标题栏显示标题"
    intents = list(pdf.Root.get("/OutputIntents", []))
    if [str(intent.get("/S")) for intent in intents] != [OUTPUT_INTENT]:
        yield "输出意图应有且只有一个"
    elif "/DestOutputProfile" not in intents[0]:
        yield "输出意图没有附颜色配置"
    names = _within(pdf.Root, "/Names")
    yield from (f"含有动作 {key}" for key in ACTIVE if key in pdf.Root or key in names)
    if any("/Annots" in page and page.get("/Tabs") != "/S" for page in pdf.pages):
        yield "有链接的页没有按结构的顺序跳转"


def _within(holder: Any, key: str) -> Any:
    """A dictionary inside another, an empty one where it is missing."""
    return holder.get(key, pikepdf.Dictionary())


def _described(pdf: pikepdf.Pdf, contents: FileContents) -> Iterator[str]:
    """Title and department, and nobody and no place beside them."""
    metadata = pdf.Root.Metadata.read_bytes().decode("utf-8", "replace")
    info = {key: str(value) for key, value in pdf.docinfo.items()}
    if not str(pdf.Root.get("/Lang", "")):
        yield "没有写明语言"
    if not contents.title or not contents.author:
        yield "没有写明标题或部门"
    yield from (f"文件信息多出 {key}" for key in sorted(info.keys() - INFO))
    creators = [name for held in _CREATOR.findall(metadata) for name in _TEXT.findall(held)]
    if creators != [contents.author]:
        yield "元数据的作者不是部门"
    if _PLACE.search(metadata) or any(_PLACE.search(value) for value in info.values()):
        yield "元数据里有机器上的路径"


def _faces(pdf: pikepdf.Pdf, contents: FileContents) -> Iterator[str]:
    fonts = [
        item
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
    ]
    whole = [font for font in fonts if font.get("/Subtype") == "/Type0"]
    named = [str(font.BaseFont).lstrip("/").partition("+") for font in whole]
    faces = {name for _, _, name in named}
    if faces != FACES or len(named) != len(faces) or not all(plus for _, plus, _ in named):
        expected, found = "、".join(sorted(FACES)), "、".join(sorted(faces))
        yield f"嵌入的字体应为 {expected} 的子集各一，实为 {found}"
    descendants = [font for font in fonts if font not in whole]
    if not all(_is_embedded(font) for font in descendants):
        yield "有字体没有嵌入"
    if contents.missing:
        yield f"有 {contents.missing} 个字没有字形或没有对应的字符"
    if contents.strays:
        yield f"{contents.strays} 页上有标签以外的文字"


def _is_embedded(font: Any) -> bool:
    described = _within(font, "/FontDescriptor")
    return any(key in described for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _attached(contents: FileContents) -> Iterator[str]:
    names = [file.name for file in contents.attachments]
    if names != sorted(DESCRIPTIONS):
        yield f"附件应为 {'、'.join(sorted(DESCRIPTIONS))}，实为 {'、'.join(names) or '没有'}"
    for file in contents.attachments:
        if file.relationship != RELATIONSHIP or not file.description:
            yield f"附件 {file.name} 没有写明用途"
    if contents.associated != len(names):
        yield f"目录列出 {contents.associated} 次附件，附件有 {len(names)} 个"
    tables = contents.attached().get(TABLES_FILE)
    if tables is not None:
        people = people_of(tables)
        if people != (contents.author,):
            yield f"附件 {TABLES_FILE} 的作者应只有部门，实为 {'、'.join(people) or '没有'}"


def _tagged(structure: Element) -> Iterator[str]:
    yield from _headings(structure)
    for figure in structure.every("Figure"):
        if not figure.alternative:
            yield f"第 {figure.page + 1} 页的图没有替代文字"
    ids = Counter(head.id for head in structure.every("TH"))
    if ids[b""]:
        yield f"有 {ids[b'']} 个表头没有标识"
    yield from (f"表头标识 {each.decode('ascii', 'replace')} 重复" for each in ids if ids[each] > 1)
    for table in structure.every("Table"):
        yield from (f"第 {table.page + 1} 页的表：{flaw}" for flaw in _table(table))


def _headings(structure: Element) -> Iterator[str]:
    level = 0
    for heading in structure.every(*HEADINGS):
        own = HEADINGS.index(heading.tag) + 1
        if own > level + 1:
            yield f"标题“{heading.text}”跳过了一级"
        if not heading.text:
            yield f"第 {heading.page + 1} 页有空的标题"
        level = own
    if not level:
        yield "没有标题"


def _table(table: Element) -> Iterator[str]:
    rows = list(table.every("TR"))
    heads = {head.id for head in table.every("TH")}
    if not heads and any(len(row.children) > 1 for row in rows):  # notes alone have no heads
        yield "没有表头"
    if any(child.tag not in ("TH", "TD") for row in rows for child in row.children):
        yield "行里有单元格以外的内容"
    if any(head.scope not in ("Column", "Row") for head in table.every("TH")):
        yield "有表头没有写明是行还是列的表头"
    if any(header not in heads for cell in table.every("TD") for header in cell.headers):
        yield "有单元格指向不存在的表头"
    if len(set(_widths(rows))) != 1:
        yield "各行的宽度不同"


def _widths(rows: list[Element]) -> Iterator[int]:
    """How many columns each row covers, with what reaches into it from above."""
    reaching: Counter[int] = Counter()
    for at, row in enumerate(rows):
        for cell in row.every("TH", "TD"):
            for below in range(at, at + cell.rowspan):
                reaching[below] += cell.colspan
        yield reaching[at]
