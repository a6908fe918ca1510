"""The command line of a bureau's IT staff: the same services, Chinese words, honest exit codes."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from departments.models import Department, StaffMember
from departments.roles import Role
from disclosures.package import read
from filings.models import Filing
from tests import factories
from tests.budgets.checks.books import SAMPLES, sample

HONGSHAN = str(SAMPLES / "hongshan_2023.json")
DRAFT = str(SAMPLES / "shili_draft_2023.json")


def run(command: str, *arguments: str) -> tuple[int, str]:
    """Exit code and what was printed."""
    out = StringIO()
    try:
        call_command(command, *arguments, stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    except CommandError as refused:
        return refused.returncode, str(refused)
    return 0, out.getvalue()


def test_a_package_is_checked_without_a_database() -> None:
    code, said = run("filing_check", HONGSHAN)
    assert code == 0
    assert "YY-302" in said
    assert "其中 0 个错误" in said


def test_errors_give_exit_code_one() -> None:
    code, said = run("filing_check", DRAFT)
    assert code == 1
    assert "FA-105" in said


def test_findings_as_json_hold_place_values_and_difference() -> None:
    code, said = run("filing_check", DRAFT, "--json")
    (finding,) = [f for f in json.loads(said)["findings"] if f["check_id"] == "FA-105"]
    assert code == 1
    assert finding["places"][0].startswith("cell/")
    assert finding["difference"] == "18000.00"


def test_scores_are_printed_with_their_steps() -> None:
    code, said = run("filing_score", HONGSHAN, "--steps")
    assert code == 0
    for total in ("99.73", "91.98", "97.77", "97.00"):
        assert total in said
    assert "3552.26" in said


def test_a_score_that_cannot_be_given_is_said_so() -> None:
    code, said = run("filing_score", DRAFT)
    assert code == 1
    assert "未能评分" in said


def test_something_else_than_a_package_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "报告.json"
    other.write_bytes(b"%PDF-1.7")
    code, said = run("filing_check", str(other))
    assert code == 1
    assert "PK-101" in said


def test_a_missing_file_is_refused_in_words() -> None:
    code, said = run("filing_check", "/nowhere/at/all.json")
    assert code == 2
    assert "读不了文件" in said


@pytest.fixture
def police(db: None) -> Department:
    call_command("load_rulebook", verbosity=0, stdout=StringIO())
    head = sample().head
    department = Department.objects.create(
        region=factories.make_region(head.region_code),
        code=head.department_code,
        name=head.department_name,
    )
    for book in sample().books:
        factories.make_unit(department, book.name, book.book, book.unit_kind.value)
    return department


@pytest.fixture
def preparer(police: Department) -> StaffMember:
    from departments.models import FiscalYear

    FiscalYear.objects.get_or_create(year=2023)
    return factories.make_staff("lin", Role.PREPARER, department=police)


def named(*more: str) -> tuple[str, ...]:
    return ("--department", sample().head.department_code, "--year", "2023", *more)


def test_import_then_export_then_import_gives_the_same_bytes(
    preparer: StaffMember, tmp_path: Path
) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    assert run("filing_import", HONGSHAN, "--as", "lin")[0] == 0
    assert run("filing_export", *named("--out", str(first)))[0] == 0
    assert run("filing_import", str(first), "--as", "lin")[0] == 0
    assert run("filing_export", *named("--out", str(second)))[0] == 0
    assert first.read_bytes() == second.read_bytes()
    assert read(first.read_bytes()).findings == ()


def test_template_filled_and_imported_gives_the_same_cells(
    preparer: StaffMember, tmp_path: Path
) -> None:
    run("filing_import", HONGSHAN, "--as", "lin")
    template, before = tmp_path / "模板.xlsx", tmp_path / "前.json"
    after = tmp_path / "后.json"
    assert run("filing_template", *named("--out", str(template)))[0] == 0
    run("filing_export", *named("--out", str(before)))
    code, said = run("filing_import", str(template), "--as", "lin", *named())
    assert code == 0, said
    run("filing_export", *named("--out", str(after)))
    assert before.read_bytes() == after.read_bytes()


def test_an_outsider_cannot_import_for_another_department(
    preparer: StaffMember, wai: StaffMember
) -> None:
    code, said = run("filing_import", HONGSHAN, "--as", "wai")
    assert code == 2
    assert "本部门" in said
    assert not Filing.objects.exists()


def test_an_unknown_person_is_refused(preparer: StaffMember) -> None:
    assert run("filing_import", HONGSHAN, "--as", "nobody")[0] == 2


def test_publishing_what_was_not_approved_is_refused(preparer: StaffMember) -> None:
    run("filing_import", HONGSHAN, "--as", "lin")
    factories.make_staff("fabu", Role.PUBLISHER)
    code, _ = run("report_publish", *named("--as", "fabu"))
    assert code == 2


@pytest.mark.parametrize("command", ["checks_doc", "data_dictionary", "package_schema"])
def test_the_generated_documentation_is_current(command: str) -> None:
    code, said = run(command, "--check")
    assert code == 0, said


def test_a_report_is_rendered_from_a_package(tmp_path: Path) -> None:
    target = tmp_path / "报告.pdf"
    code, _ = run("report_render", str(SAMPLES / "shili_draft_2023.json"), "--out", str(target))
    assert code == 0
    assert target.read_bytes().startswith(b"%PDF")


def test_one_form_is_rendered_from_a_package(tmp_path: Path) -> None:
    target = tmp_path / "自评表.pdf"
    code, said = run("form_render", HONGSHAN, "department", "-o", str(target))
    assert code == 0
    assert "部门整体绩效自评表" in said
    assert target.read_bytes().startswith(b"%PDF")


def test_a_form_the_package_does_not_hold_is_refused_with_those_it_does(tmp_path: Path) -> None:
    code, said = run("form_render", HONGSHAN, "unit-9", "-o", str(tmp_path / "x.pdf"))
    assert code == 2
    assert "department" in said
