"""A budget book from filing to the public: two units, their lists, the printed file, the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from departments.models import FiscalYear, Role, StaffMember
from disclosures import storage
from disclosures.evaluate import findings_of
from disclosures.filing import file_package
from disclosures.services import ensure_official
from disclosures.snapshots import build_package
from filings.models import Filing, FilingKind
from filings.services import explain, open_filing
from filings.states import State
from portal.addresses import report_address, version_address
from reviews import services
from rulebook.findings import Severity
from tests import factories
from tests.conftest import Share
from tests.disclosures.forged import with_words
from tests.disclosures.pdf_facts import check_pdf
from tests.marked import roots
from tests.reviews.conftest import department_of, package_of

TITLES = (
    "2023年收支预算总表",
    "2023年收入预算总表",
    "2023年支出预算总表",
    "2023年财政拨款收支预算总表",
    "2023年一般公共预算支出表（分功能科目）",
    "2023年一般公共预算支出表（分单位）",
    "2023年一般公共预算基本支出表",
    "2023年一般公共预算“三公”经费支出表",
    "2023年政府性基金预算支出表",
    "2023年项目支出预算表",
    "2023年政府采购预算表",
    "2023年政府向社会力量购买服务预算表",
)
APPROVED = {"document_no": "示例〔2023〕1号", "issued_on": date(2023, 1, 20)}


def submitted() -> Filing:
    """The published budget of Jianghan, its known contradictions waived by the bureau."""
    package = package_of("jianghan_2023")
    FiscalYear.objects.get_or_create(year=package.head.fiscal_year)
    department = department_of(package)
    lin = factories.make_staff("lin", Role.PREPARER, department=department)
    second = factories.make_staff("fuhe", Role.INTERNAL_REVIEWER, department=department)
    wang = factories.make_staff("wang", Role.BUREAU_REVIEWER, region=department.region)
    kind = FilingKind.DEPARTMENTAL_BUDGET
    filing = open_filing(staff=lin, department=department, fiscal_year=2023, kind=kind)
    assert not file_package(filing=filing, staff=lin, package=package)
    for found in findings_of(build_package(filing)):
        answer = {"filing": filing, "check_id": found.check_id}
        if found.severity is Severity.ERROR:
            until = date(2099, 1, 1)
            services.waive(staff=wang, reason="公开文件如此", expires_on=until, **answer)
        else:
            explain(staff=lin, identity=found.identity, text="与公开文件一致。", **answer)
    services.hand_over(filing=filing, staff=lin)
    services.submit(filing=filing, staff=second)
    return filing


def published() -> Filing:
    filing = submitted()
    wang = StaffMember.objects.get(username="wang")
    publisher = factories.make_staff("fabu", Role.PUBLISHER, region=filing.department.region)
    services.open_review(filing=filing, staff=wang)
    services.approve(filing=filing, staff=wang, **APPROVED)  # type: ignore[arg-type]
    ensure_official(filing=filing, staff=publisher)
    services.publish(filing=filing, staff=publisher)
    return filing


@pytest.fixture(scope="module")
def published_once(share: Share, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filing]:
    with override_settings(**roots(tmp_path_factory.mktemp("budget"))):
        yield share(published)


@pytest.fixture
def budget(db: None, published_once: Filing) -> Filing:
    return Filing.objects.get(pk=published_once.pk)


@pytest.fixture
def page(budget: Filing, client: Client) -> str:
    answer = client.get(report_address(budget))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_budget_is_published(budget: Filing) -> None:
    assert budget.state == State.PUBLISHED


def test_its_page_shows_every_table(page: str) -> None:
    assert [title for title in TITLES if f"、{title}</h3>" not in page] == []
    declared = len(package_of("jianghan_2023").declarations)
    assert page.count('<table class="sheet') == len(TITLES) + 1 + declared  # one lists the tables


def test_its_page_shows_the_rows_of_lists_and_units(page: str) -> None:
    for shown in ("警用装备购置项目", "[C2120301]车辆维修和保养服务", "印刷服务", "5,280.49"):
        assert shown in page


def test_its_file_prints_every_table(budget: Filing, client: Client) -> None:
    answer = client.get(version_address(budget, "version_pdf"))
    paper = check_pdf(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    text = "".join(paper.text.split())
    assert [title for title in TITLES if title not in text] == []
    assert "续预算11表" in text
    assert paper.missing_glyphs == 0


def test_its_data_hold_the_lists(budget: Filing, client: Client) -> None:
    answer = client.get(version_address(budget, "version_data"))
    package = json.loads(answer.content)["package"]
    assert len(package["project_budgets"]) == 26
    assert len(package["procurement"]) == 36
    assert len(package["purchased_services"]) == 8


def verified(tmp_path: Path, content: bytes) -> tuple[int, list[str]]:
    """What ``report_verify`` says of a file, line by line, and how it ends."""
    path, out = tmp_path / "report.pdf", StringIO()
    path.write_bytes(content)
    try:
        call_command("report_verify", str(path), stdout=out)
    except SystemExit as left:
        return int(str(left.code)), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def test_its_file_is_the_original(budget: Filing, tmp_path: Path) -> None:
    kept = storage.path_of(budget.rendered_files.get().path).read_bytes()
    code, (said, *_) = verified(tmp_path, kept)
    assert (code, said[:3]) == (0, "原件：")


def test_a_figure_changed_in_a_copy_is_named(budget: Filing, tmp_path: Path) -> None:
    kept = storage.path_of(budget.rendered_files.get().path).read_bytes()
    code, said = verified(tmp_path, with_words(kept, "5,280.49", "5,280.48"))
    assert code == 1
    assert "应为“5,280.49”，实为“5,280.48”" in "".join(said), said
