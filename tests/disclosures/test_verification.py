"""Authentic, or what differs: against the kept original, and from the file alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import call_command
from django.db import DatabaseError
from openpyxl import load_workbook

from disclosures import storage, verification
from disclosures.drafts import DraftKind, DraftSource, finished_file
from disclosures.models import RenderedFile
from disclosures.official import DATA_FILE, TABLES_FILE, print_official
from disclosures.publication import public_document
from disclosures.report.blocks import Paragraph, Report, Section
from disclosures.verification import Verdict, verify
from tests.disclosures.forged import edited, with_attachment, with_byte_changed, with_words
from tests.disclosures.papers import BUDGET, DATED, SHORT, SNAPSHOT, official, official_contents
from tests.disclosures.values import package
from tests.portal.published import make_published

PRINTED, FORGED = "71,252.58", "71,252.59"


def with_text(name: str, old: str, new: str) -> bytes:
    """The attached package with one text replaced, where it stands first."""
    return official_contents(SHORT).attached()[name].replace(old.encode(), new.encode(), 1)


def with_tables_cell() -> bytes:
    """The attached workbook with another amount in its first table of amounts."""
    workbook = load_workbook(BytesIO(official_contents(SHORT).attached()[TABLES_FILE]))
    sheet = workbook.worksheets[2]
    cell = next(c for row in sheet for c in row if isinstance(c.value, float))
    cell.value += 1
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def blank_pdf(**options: Any) -> bytes:
    stream = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(stream, **options)
    return stream.getvalue()


def small_draft() -> bytes:
    section = Section("k", 1, "", "标题", (Paragraph(("正文",)),))
    report = Report("题", "某局", 2023, "departmental_final_accounts", (section,))
    return finished_file(DraftKind.REPORT, DraftSource(report, "d0" * 32, DATED)).content


# --- the file alone


@pytest.mark.parametrize("book", [SHORT, BUDGET])
def test_a_file_that_agrees_with_its_data_is_said_to_and_no_more(book: str) -> None:
    found = verify(official(book), with_register=False)
    assert (found.verdict, found.differences) == (Verdict.REPRODUCED, ())
    assert found.is_good
    assert "门户" in found.message


def test_a_byte_nobody_reads_leaves_the_file_unproven() -> None:
    found = verify(with_byte_changed(official(SHORT)), with_register=False)
    assert (found.verdict, found.differences) == (Verdict.UNPROVEN, ())
    assert not found.is_good


PLANTED = [
    (SHORT, PRINTED, FORGED, "公开01表 一、一般公共预算财政拨款收入 决算数"),
    (SHORT, "增加", "减少", "文字"),
    (BUDGET, "89,052.55", "89,052.56", "预算01表 一、一般公共预算拨款收入 预算数"),
    (BUDGET, "634.00", "634.01", "预算11表 武汉市公安局江汉区分局本级 单价"),
    (BUDGET, "办聘及人员经费项目", "办聘及人员经费预算", "预算10表 42010323999T000000107 项目名称"),
]


@pytest.mark.parametrize(("book", "printed", "forged", "place"), PLANTED)
def test_a_changed_figure_or_word_is_named(
    book: str, printed: str, forged: str, place: str
) -> None:
    found = verify(with_words(official(book), printed, forged), with_register=False)
    assert found.verdict == Verdict.INCONSISTENT
    (difference,) = found.differences
    where, expected, said = re.split("：应为|，实为", difference)
    assert re.fullmatch(f"第[0-9]+页，{place}", where)
    assert (printed in expected, forged in said) == (True, True)


def test_a_changed_title_is_named() -> None:
    title = official_contents(SHORT).title
    changed = title.replace("2023", "2022")
    forged = edited(official(SHORT), lambda pdf: pdf.docinfo.__setitem__("/Title", changed))
    found = verify(forged, with_register=False)
    assert found.verdict == Verdict.INCONSISTENT
    assert title in found.differences[0]


def test_a_swapped_package_no_longer_has_the_printed_fingerprint() -> None:
    data = with_text(DATA_FILE, "武汉", "江城")
    found = verify(with_attachment(official(SHORT), DATA_FILE, data), with_register=False)
    assert found.verdict == Verdict.INCONSISTENT
    assert any(f"{DATA_FILE} 内容" in line for line in found.differences)


def test_a_swapped_workbook_is_named_to_the_cell() -> None:
    forged = with_attachment(official(SHORT), TABLES_FILE, with_tables_cell())
    found = verify(forged, with_register=False)
    assert found.verdict == Verdict.INCONSISTENT
    assert any(f"{TABLES_FILE} 内容" in line for line in found.differences)
    assert any("工作表“02 公开01表 收入支出决算总表”C5：应为" in line for line in found.differences)


def test_results_that_do_not_follow_from_their_package_are_named() -> None:
    """Everything printed again, fingerprints and all, from results somebody changed."""
    document = json.loads(official_contents(SHORT).attached()[DATA_FILE])
    cell = next(c for c in document["package"]["books"][0]["cells"] if c["value"])
    cell["value"] = f"{float(cell['value']) + 100:.2f}"
    data = json.dumps(document, ensure_ascii=False).encode()
    report = verification._carried(data).results.report
    forged = print_official(report, snapshot=SNAPSHOT, dated=DATED, data=data)
    found = verify(forged.content, with_register=False)
    assert found.verdict == Verdict.INCONSISTENT
    assert any("按明细计算为" in line for line in found.differences)


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"%PDF-1.7 cut off", official(SHORT)[:5000], blank_pdf(),
     blank_pdf(encryption=pikepdf.Encryption(owner="a", user="b"))],
    ids=["empty", "text", "cut", "half", "blank", "locked"],
)  # fmt: skip
def test_what_is_not_ours_is_said_to_be(content: bytes) -> None:
    found = verify(content, with_register=False)
    assert found.verdict == Verdict.FOREIGN
    assert found.message


def test_a_package_that_cannot_be_read_is_said_to_be() -> None:
    forged = with_attachment(official(SHORT), DATA_FILE, b"[]")
    found = verify(forged, with_register=False)
    assert (found.verdict, found.is_good) == (Verdict.INCONSISTENT, False)
    assert "数据包读不出" in found.message


def test_a_package_of_rules_nobody_has_is_said_to_be() -> None:
    data = official_contents(SHORT).attached()[DATA_FILE]
    strange = data.replace(b"self_evaluation/wuhan_2023", b"self_evaluation/nobody_2023")
    assert strange != data
    carried = verification._carried(strange)
    assert "本机没有" in str(list(verification._result_differences(carried)))


def test_a_draft_is_a_draft() -> None:
    assert verify(small_draft(), with_register=False).verdict == Verdict.DRAFT


def test_withheld_rows_do_not_make_a_file_contradict_its_package() -> None:
    filed = package("shili_review_2023")
    results = verification.evaluate(filed)
    data = public_document(filed, results)
    carried = verification._carried(data)
    assert list(verification._result_differences(carried)) == []


# --- against the register


@pytest.fixture
def kept(settings: Any, tmp_path: Path, db: None) -> RenderedFile:
    """The official file as this system keeps it."""
    settings.PUBLISHED_ROOT = tmp_path
    filing = make_published("示例局")
    path, sha256 = storage.keep(official(SHORT), official=True)
    filing.rendered_files.update(path=path, sha256=sha256, source_sha256=SNAPSHOT)
    return filing.rendered_files.get()


def test_the_kept_bytes_are_the_original(kept: RenderedFile) -> None:
    found = verify(official(SHORT))
    assert (found.verdict, found.is_good) == (Verdict.AUTHENTIC, True)
    assert "示例局2023年部门决算第1版，已公开" in found.message


FORGERIES: list[tuple[Callable[[], bytes], str]] = [
    (lambda: with_byte_changed(official(SHORT)), "从第11个字节起与原件不同"),
    (lambda: with_words(official(SHORT), PRINTED, FORGED), f"应为“{PRINTED}”，实为“{FORGED}”"),
    (lambda: with_attachment(official(SHORT), TABLES_FILE, b"PK"),
     f"附件 {TABLES_FILE} 与原件所附的不同"),
    (lambda: edited(official(SHORT), lambda pdf: pdf.attachments.pop(DATA_FILE)),
     f"附件 {DATA_FILE} 被去掉了"),
]  # fmt: skip


@pytest.mark.parametrize(("forge", "named"), FORGERIES, ids=["byte", "figure", "swapped", "gone"])
def test_a_changed_file_is_held_against_the_original(
    kept: RenderedFile, forge: Callable[[], bytes], named: str
) -> None:
    found = verify(forge())
    assert (found.verdict, found.is_good) == (Verdict.DIFFERENT, False)
    assert any(named in line for line in found.differences)


def test_nothing_but_the_byte_differs_where_one_byte_does(kept: RenderedFile) -> None:
    assert len(verify(with_byte_changed(official(SHORT))).differences) == 1


def test_a_lost_original_is_told(kept: RenderedFile) -> None:
    storage.path_of(kept.path).unlink()
    assert "从备份恢复" in verify(with_byte_changed(official(SHORT))).message


def test_a_kept_draft_is_a_draft(kept: RenderedFile) -> None:
    RenderedFile.objects.update(is_draft=True)
    assert verify(official(SHORT)).verdict == Verdict.DRAFT


# --- the command


def run(tmp_path: Path, content: bytes, *options: str) -> tuple[int, str]:
    path, out = tmp_path / "报告.pdf", StringIO()
    path.write_bytes(content)
    try:
        call_command("report_verify", str(path), *options, stdout=out)
    except SystemExit as left:
        return int(str(left.code)), out.getvalue()
    return 0, out.getvalue()


def test_the_command_ends_well_for_the_original_only(kept: RenderedFile, tmp_path: Path) -> None:
    code, said = run(tmp_path, official(SHORT), "--structure")
    assert (code, said.splitlines()[0][:3]) == (0, "原件：")
    assert "未经认证" in said
    code, said = run(tmp_path, with_words(official(SHORT), PRINTED, FORGED))
    assert code == 1
    assert FORGED in said


def test_the_command_answers_in_json(kept: RenderedFile, tmp_path: Path) -> None:
    code, said = run(tmp_path, official(SHORT), "--json")
    assert (code, json.loads(said)["verdict"]) == (0, "authentic")


def test_without_a_database_the_file_speaks_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any, **__: Any) -> None:
        raise DatabaseError("no such table")

    monkeypatch.setattr(RenderedFile.objects, "filter", missing)
    code, said = run(tmp_path, small_draft())
    assert (code, said.splitlines()[0][:3]) == (1, "草稿：")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="读不了文件"):
        call_command("report_verify", str(tmp_path / "none.pdf"))
