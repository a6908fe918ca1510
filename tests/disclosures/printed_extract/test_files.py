"""Extracts as files: template, workbook, JSON, command line."""

from __future__ import annotations

import json
import subprocess
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from budgets.excel.confined import sheets_confined
from budgets.excel.gate import inspect
from disclosures.extract_intake import read_file
from disclosures.package import document
from disclosures.package import dump as dump_package
from disclosures.printed_extract.columns import CHOICES
from disclosures.printed_extract.reading import dump, read_json, read_rows
from disclosures.printed_extract.template import lines_text, package_sheets, template
from disclosures.printed_extract.values import Extract
from tests.budgets.checks.budget_books import budget_package
from tests.disclosures.jianghan_filing import jianghan_filing
from tests.disclosures.printed_extract.jianghan_extract import jianghan_extract
from tests.disclosures.printed_extract.test_checks import read, sheets


def clean_extract() -> Extract:
    extract = read(sheets()).extract
    assert extract is not None
    return extract


def test_the_whole_jianghan_extract_goes_through_the_workbook() -> None:
    package, extract = jianghan_filing(), jianghan_extract()
    data = template(package, extract)
    assert inspect(data, most_bytes=len(data)) == []
    assert read_rows(sheets_confined(data), package_sheets(package)).extract == extract


def test_a_new_template_lists_what_may_be_chosen_and_holds_no_line() -> None:
    data = template(budget_package(), Extract())
    assert read_file(data, budget_package()).extract == Extract()
    rows = load_workbook(BytesIO(data))[CHOICES].iter_rows(min_row=2, values_only=True)
    listed = {row[2]: (row[0], row[1]) for row in rows}
    label, value = listed["cell/118/general_public_expenditure/total/project"]
    assert "一般公共预算支出表" in label or "预算05表" in label
    assert value == pytest.approx(0.05)  # 450 元 in 万元, two decimals, half up


def test_what_a_person_types_in_excel_is_read() -> None:
    book = load_workbook(BytesIO(template(budget_package(), clean_extract())))
    figures = book["数"]
    figures["D3"].value = 450.5
    figures["D8"].value, figures["D8"].number_format = 0.8889, "0.00%"
    figures["E8"].value = None
    stream = BytesIO()
    book.save(stream)
    extract = read_file(stream.getvalue(), budget_package()).extract
    assert extract is not None
    assert [str(extract.figures[0].value), str(extract.figures[5].value)] == ["450.5", "88.89"]
    assert extract.figures[5].unit == "%"


@pytest.mark.office
@pytest.mark.slow
def test_a_template_saved_by_libreoffice_is_read(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(template(budget_package(), clean_extract()))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(source)],
        check=True, capture_output=True,
    )  # fmt: skip
    saved = (tmp_path / "out" / "a.xlsx").read_bytes()
    assert read_file(saved, budget_package()).extract == clean_extract()


def test_json_reads_back() -> None:
    assert read_json(dump(jianghan_extract())).extract == jianghan_extract()


@pytest.mark.parametrize(
    ("data", "check_id"),
    [
        (b"", "IM-101"),
        (b"%PDF-1.7", "IM-103"),
        (b"{", "PD-102"),
        (b'{"format": "mingzhang-filing"}', "PD-102"),
        (b'{"format": "mingzhang-extract", "format_version": 9}', "PD-102"),
        (b'{"format": "mingzhang-extract", "format_version": 1, "extract": []}', "PD-102"),
    ],
)
def test_another_file_is_refused(data: bytes, check_id: str) -> None:
    found = read_file(data, budget_package())
    assert found.extract is None
    assert [finding.check_id for finding in found.findings] == [check_id]


def test_a_line_number_used_twice_in_json_is_named() -> None:
    content = json.loads(dump(clean_extract()))
    content["extract"]["figures"][1]["line"] = 1
    found = read_json(json.dumps(content).encode())
    assert [finding.check_id for finding in found.findings] == ["PD-101"]


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    assert read_json(data).extract is None


@given(st.lists(st.integers(1, 9999).flatmap(lambda n: st.sampled_from([n, -n])), min_size=1))
def test_line_references_read_back(lines: list[int]) -> None:
    changed = sheets()
    changed["数"].append(["500", "x", "", "1", "元", "", lines_text(tuple(lines)), "", ""])
    extract = read(changed).extract
    assert extract is not None
    assert extract.figures[-1].parts == tuple(lines)


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_document_check_without_a_database(tmp_path: Path, kind: str) -> None:
    filing, extract = tmp_path / "filing.json", tmp_path / f"extract.{kind}"
    filing.write_bytes(dump_package(document(jianghan_filing())))
    found = jianghan_extract()
    extract.write_bytes(dump(found) if kind == "json" else template(jianghan_filing(), found))
    said = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("document_check", str(filing), str(extract), stdout=said)
    assert stopped.value.code == 1
    assert "PD-204" in said.getvalue()
    assert "1.5万元" in said.getvalue()


def test_document_check_of_an_extract_that_agrees(tmp_path: Path) -> None:
    filing, extract = tmp_path / "filing.json", tmp_path / "extract.json"
    filing.write_bytes(dump_package(document(budget_package())))
    extract.write_bytes(dump(clean_extract()))
    said = StringIO()
    call_command("document_check", str(filing), str(extract), stdout=said)
    assert "共 0 个问题" in said.getvalue()
