"""What the sample's official files show of the standards, and that each check can fail."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from openpyxl import load_workbook

from disclosures.file_checks import structure_flaws
from disclosures.file_contents import Element
from tests.disclosures.forged import edited, with_attachment
from tests.disclosures.papers import SHORT, official, official_contents
from tests.disclosures.test_rebuilt_tables import BOOKS

each_book = pytest.mark.parametrize("name", BOOKS)
SMALL = "jianghan_2023"


@each_book
def test_the_official_files_have_no_flaw(name: str) -> None:
    assert structure_flaws(official(name)) == ()


def elements(pdf: pikepdf.Pdf, tag: str) -> list[Any]:
    found = (item for item in pdf.objects if isinstance(item, pikepdf.Dictionary))
    return [item for item in found if item.get("/S") == f"/{tag}"]


def metadata(pdf: pikepdf.Pdf, old: str, new: str) -> None:
    text = pdf.Root.Metadata.read_bytes().decode()
    assert old in text
    pdf.Root.Metadata.write(text.replace(old, new).encode())


def cell(pdf: pikepdf.Pdf) -> Any:
    return next(item for item in elements(pdf, "TD") if len(item.A.get("/Headers", [])))


def font(pdf: pikepdf.Pdf) -> Any:
    found = (item for item in pdf.objects if isinstance(item, pikepdf.Dictionary))
    return next(item for item in found if item.get("/Subtype") == "/Type0")


def add_stray_text(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[2]
    name = next(iter(page.Resources.Font.keys()))
    page.contents_add(f"BT {name} 9 Tf <ffff> Tj ET".encode())


def delete(holder: Any, key: str) -> None:
    del holder[key]


FLAWS: list[tuple[str, Callable[[pikepdf.Pdf], object]]] = [
    ("元数据没有声明 PDF/A-3", lambda pdf: metadata(pdf, 'pdfaid:part="3"', 'pdfaid:part="2"')),
    ("元数据没有声明 PDF/UA-1", lambda pdf: metadata(pdf, "<pdfuaid:part>1", "<pdfuaid:part>2")),
    ("元数据的作者不是部门", lambda pdf: metadata(pdf, "武汉市公安局江汉区分局", "林某")),
    ("元数据里有机器上的路径", lambda pdf: pdf.docinfo.__setitem__("/Producer", "/home/lin/x")),
    ("文件信息多出 /Creator", lambda pdf: pdf.docinfo.__setitem__("/Creator", "林某")),
    ("没有写明语言", lambda pdf: delete(pdf.Root, "/Lang")),
    ("没有写明标题或部门", lambda pdf: delete(pdf.docinfo, "/Title")),
    ("没有声明带标签", lambda pdf: delete(pdf.Root, "/MarkInfo")),
    ("没有要求在标题栏显示标题", lambda pdf: delete(pdf.Root, "/ViewerPreferences")),
    ("输出意图应有且只有一个", lambda pdf: delete(pdf.Root, "/OutputIntents")),
    ("输出意图没有附颜色配置", lambda pdf: delete(pdf.Root.OutputIntents[0], "/DestOutputProfile")),
    ("含有动作 /OpenAction", lambda pdf: pdf.Root.__setitem__("/OpenAction", pikepdf.Dictionary())),
    ("有链接的页没有按结构", lambda pdf: [delete(page, "/Tabs") for page in pdf.pages]),
    ("嵌入的字体应为", lambda pdf: font(pdf).__setitem__("/BaseFont", pikepdf.Name("/Arial"))),
    ("有字体没有嵌入",
     lambda pdf: font(pdf).DescendantFonts[0].__setitem__("/FontDescriptor", pikepdf.Dictionary())),
    ("没有字形或没有对应的字符", lambda pdf: font(pdf).ToUnicode.write(b"")),
    ("页上有标签以外的文字", add_stray_text),
    ("附件应为", lambda pdf: pdf.attachments.pop("tables.xlsx")),
    ("没有写明用途",
     lambda pdf: pdf.Root.AF[0].__setitem__("/AFRelationship", pikepdf.Name("/Source"))),
    ("目录列出", lambda pdf: pdf.Root.AF.append(pdf.Root.AF[0])),
    ("跳过了一级", lambda pdf: elements(pdf, "H2")[0].__setitem__("/S", pikepdf.Name("/H4"))),
    ("个表头没有标识", lambda pdf: delete(elements(pdf, "TH")[0], "/ID")),
    ("重复", lambda pdf: elements(pdf, "TH")[0].__setitem__("/ID", elements(pdf, "TH")[1].ID)),
    ("没有写明是行还是列的表头", lambda pdf: delete(elements(pdf, "TH")[0].A, "/Scope")),
    ("指向不存在的表头", lambda pdf: cell(pdf).A.Headers.append(pikepdf.String("x"))),
    ("各行的宽度不同", lambda pdf: cell(pdf).A.__setitem__("/ColSpan", 9)),
    ("没有表头",
     lambda pdf: [head.__setitem__("/S", pikepdf.Name("/TD")) for head in elements(pdf, "TH")]),
]  # fmt: skip


@pytest.mark.parametrize(("flaw", "plant"), FLAWS, ids=[flaw for flaw, _ in FLAWS])
def test_each_flaw_is_found(flaw: str, plant: Callable[[pikepdf.Pdf], object]) -> None:
    found = structure_flaws(edited(official(SMALL), plant))
    assert any(flaw in each for each in found), found


def test_a_chart_without_alternative_text_is_found() -> None:
    def plant(pdf: pikepdf.Pdf) -> None:
        del elements(pdf, "Figure")[0]["/Alt"]

    found = structure_flaws(edited(official(SHORT), plant))
    assert any("没有替代文字" in flaw for flaw in found)


def test_a_workbook_with_a_persons_name_is_found() -> None:
    workbook = load_workbook(BytesIO(official_contents(SMALL).attached()["tables.xlsx"]))
    workbook.properties.lastModifiedBy = "林某"
    stream = BytesIO()
    workbook.save(stream)
    forged = with_attachment(official(SMALL), "tables.xlsx", stream.getvalue())
    assert any("林某" in flaw for flaw in structure_flaws(forged))


def head_texts(cell: Element, heads: dict[bytes, str]) -> list[str]:
    return [heads[header] for header in cell.headers]


def test_a_cell_of_a_statutory_table_names_its_heads() -> None:
    """A head over several columns heads each of them."""
    table = next(
        table
        for table in official_contents().structure.every("Table")
        if "公务接待费" in table.text
    )
    heads = {head.id: head.text for head in table.every("TH")}
    first = next(row for part in table.every("TBody") for row in part.every("TR"))
    named = [head_texts(cell, heads) for cell in first.every("TD")]
    assert named[2] == ["预算数", "公务用车购置及运行维护费", "小计", "3"]
    assert named[4] == ["预算数", "公务用车购置及运行维护费", "公务用车运行维护费", "5"]
    assert named[11] == ["决算数", "公务接待费", "12"]


def test_a_cell_of_a_form_names_the_heads_of_its_own_block_and_its_tiers() -> None:
    tables = official_contents().structure.every("Table")
    table = next(
        table for table in tables if "案件审计成本" in table.text and "年初目标值" in table.text
    )
    heads = {head.id: head.text for head in table.every("TH")}
    target = next(c for c in table.every("TD") if c.text.startswith("≤案件审计金额"))
    assert head_texts(target, heads) == [
        "年度绩效指标（16分）", "成本指标（2分）", "经济成本指标（2分）", "年初目标值（A）",
    ]  # fmt: skip


@pytest.mark.qpdf
@each_book
def test_qpdf_finds_no_error(name: str, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(official(name))
    tool = shutil.which("qpdf")
    assert tool, "qpdf was not found on the PATH"
    answer = subprocess.run([tool, "--check", str(path)], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert re.search("No syntax or stream encoding errors found", answer.stdout)
