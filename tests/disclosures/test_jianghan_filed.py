"""The Jianghan budget as 林 files it: from the units' templates to the document they published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

from budgets.checks import resolve
from budgets.lists import lists_of
from budgets.published_books import plan_published
from departments.models import StaffMember
from departments.roles import Role
from disclosures.evaluate import findings_of, total_book
from disclosures.printed_extract.reading import dump
from disclosures.snapshots import build_package
from filings.models import Filing, FilingKind
from rulebook.addresses import CellRef
from rulebook.amounts import in_wan
from rulebook.findings import Finding
from tests import factories
from tests.budgets.excel.filling import filled_template
from tests.budgets.jianghan import DEPARTMENT, UNITS
from tests.budgets.jianghan_books import book_of, books, code_names, code_of, lists
from tests.budgets.jianghan_published import PUBLISHED, misprinted, misprinted_totals
from tests.budgets.published_tables import FILE
from tests.budgets.test_imports import TOKEN
from tests.conftest import Share, SignIn
from tests.disclosures.jianghan_filing import NAME, reasons, texts
from tests.disclosures.printed_extract.jianghan_extract import jianghan_extract
from tests.disclosures.printed_extract.test_jianghan import FOUND, Key, key_of

WHOLE = "89,052.55"
WRONG_TOTALS = ["预算11表 合计 其中面向中小企业", "预算11表 合计 其中面向小微企业"]
NO_TASKS = {f"task-{field}": "0" for field in ("TOTAL_FORMS", "INITIAL_FORMS")}


def make_department() -> StaffMember:
    """Department 118 with its two units; 林, who files for it."""
    call_command("load_rulebook", verbosity=0, stdout=StringIO())
    department = factories.make_department(NAME, DEPARTMENT, "420103")
    for book in books():
        factories.make_unit(department, book.name, book.book, book.unit_kind.value)
    return factories.make_staff("lin118", Role.PREPARER, department=department)


def address(filing: Filing, name: str, *more: str) -> str:
    return reverse(f"work:{name}", args=[filing.public_id, *more])


def open_budget(client: Client) -> Filing:
    asked = {"fiscal_year": 2023, "kind": FilingKind.DEPARTMENTAL_BUDGET}
    assert client.post(reverse("work:filing_open"), asked).status_code == 302
    return Filing.objects.get()


def agree(client: Client, preview: Any, **answers: str) -> str:
    """What is said when a person agrees to what a preview shows."""
    token = TOKEN.search(preview.content.decode())
    assert token
    page = preview.request["PATH_INFO"]
    return client.post(page, answers | {"token": token[1]}, follow=True).content.decode()


def previewed(client: Client, page: str, data: bytes) -> Any:
    """The preview of a file that was uploaded."""
    answer = client.post(page, {"file": SimpleUploadedFile("江汉.xlsx", data)})
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer["Location"])


def template_of(client: Client, filing: Filing, unit: str) -> bytes:
    return client.get(address(filing, "filing_template", unit), {"unit": "wan"}).content


def file_unit(client: Client, filing: Filing, unit: str) -> None:
    """Download the unit's template, fill it in, look at the preview and agree."""
    data = filled_template(template_of(client, filing, unit), book_of(unit), lists(), code_names())
    preview = previewed(client, address(filing, "filing_import", unit), data)
    plan = preview.context["plan"]
    assert [finding.message for finding in plan.findings] == []
    assert len(plan.edits) == len(book_of(unit).cells)
    agree(client, preview)


def write_texts(client: Client, filing: Filing) -> None:
    words = {f"text-{text.key}": text.body for text in texts()} | NO_TASKS | why()
    assert client.post(address(filing, "filing_texts"), words).status_code == 302


def why() -> dict[str, str]:
    """The rows of the reasons, amounts in 万元 as they are typed."""
    written = {"reason-TOTAL_FORMS": str(len(reasons())), "reason-INITIAL_FORMS": "0"}
    for number, reason in enumerate(reasons()):
        row = {"subject": reason.subject, "text": reason.text, "amount": wan(reason.amount)}
        written |= {f"reason-{number}-{field}": value for field, value in row.items()}
    return written


def wan(amount: Decimal | None) -> str:
    return "" if amount is None else f"{in_wan(amount):f}"


def file_everything() -> Filing:
    client = Client()
    client.force_login(make_department())
    filing = open_budget(client)
    for unit in UNITS:
        file_unit(client, filing, unit)
    write_texts(client, filing)
    return filing


@pytest.fixture(scope="module")
def filed_once(share: Share, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filing]:
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("uploads")):
        yield share(file_everything)


@pytest.fixture
def filed(db: None, filed_once: Filing) -> Filing:
    return Filing.objects.get(pk=filed_once.pk)


@pytest.fixture
def client_of_lin(filed: Filing, sign_in: SignIn) -> Client:
    return sign_in(StaffMember.objects.get(username="lin118"))


def keys(findings: Iterable[Finding]) -> list[Key]:
    return sorted(key_of(finding) for finding in findings)


def expected(is_meant: Callable[[str], bool]) -> list[Key]:
    """The contradictions of the document, by what names them: found.toml."""
    every = [tuple(key) for found in FOUND.values() for key in found]
    return sorted((id, label, left) for id, label, left in every if is_meant(id))


def test_each_unit_files_its_lists_as_the_template_says(filed: Filing) -> None:
    found = lists_of(filed)
    for unit in UNITS:
        for key in ("project_budgets", "procurement", "purchased_services"):
            assert getattr(found.of(unit), key) == getattr(lists().of(unit), key), (unit, key)


def test_every_total_of_the_department_is_the_published_one(filed: Filing) -> None:
    package = build_package(filed)
    figures = {ref: each.value for ref, each in resolve(total_book(package)).items()}
    for name in PUBLISHED:
        assert misprinted(name, figures) == []
    for book in package.books:
        own = {ref: each.value for ref, each in resolve(book).items()}
        assert misprinted("by_unit", own, book.book) == []
    assert misprinted_totals(package.lists) == [
        ("procurement", "会计", "其中面向中小企业"),
        ("procurement", "会计", "其中面向小微企业"),
    ]


@pytest.mark.parametrize(
    ("sheet", "cell"),
    [
        ("revenue_expenditure_summary", "revenue_grand_total-original_budget"),
        ("revenue_expenditure_summary", "expenditure_grand_total-original_budget"),
        ("revenue_sheet", "total-total"),
        ("expenditure_sheet", "total-total"),
        ("general_public_expenditure", "total-total"),
    ],
)
def test_the_department_page_shows_the_whole(
    client_of_lin: Client, filed: Filing, sheet: str, cell: str
) -> None:
    page = client_of_lin.get(address(filed, "filing_department_sheet", sheet), {"unit": "wan"})
    _, _, after = page.content.decode().partition(f'id="cell-{cell}"')
    assert WHOLE in after.partition("</td>")[0]


def test_the_published_tables_disagree_in_two_totals(client_of_lin: Client, filed: Filing) -> None:
    before = lists_of(filed)
    page = address(filed, "filing_published")
    preview = previewed(client_of_lin, page, FILE.read_bytes())
    asked = plan_published(filing=filed, data=FILE.read_bytes()).questions
    answers = {f"q:{q.key}": code_of(q.book, q.words) or q.proposed for q in asked}
    assert "2 个与各单位汇总不符" in agree(client_of_lin, preview, **answers)
    shown = client_of_lin.get(page).context
    assert len(shown["compared"]) > 200
    assert [finding.label for finding in shown["findings"]] == WRONG_TOTALS
    assert lists_of(filed) == before


def test_the_filing_has_the_contradictions_of_the_lists_and_no_other_finding(
    filed: Filing,
) -> None:
    assert keys(findings_of(build_package(filed))) == expected(lambda id: not id.startswith("PD"))


def test_the_extract_has_those_of_the_document_and_nothing_else(
    client_of_lin: Client, filed: Filing
) -> None:
    page = address(filed, "filing_extract")
    file = SimpleUploadedFile("摘录.json", dump(jianghan_extract()))
    shown = client_of_lin.post(page, {"file": file}, follow=True).context
    found = [row["finding"] for _, rows in shown["groups"] for row in rows]
    assert keys(found) == expected(lambda id: id.startswith("PD"))
    own = findings_of(build_package(filed))
    assert keys([*found, *own]) == expected(lambda id: True)
    assert len(FOUND) == 61


def test_one_wrong_figure_of_a_template_is_one_wrong_total(
    client_of_lin: Client, filed: Filing
) -> None:
    """What is compared above is what the file says: 0.01 万元 more is seen at every total."""
    place = CellRef("general_public_expenditure", "2040219", "project")
    book = book_of("118001")
    cell = book.by_ref()[place]
    more = book.with_cells([replace(cell, value=(cell.value or 0) + 100)])
    data = filled_template(template_of(client_of_lin, filed, "118001"), more, lists(), code_names())
    agree(client_of_lin, previewed(client_of_lin, address(filed, "filing_import", "118001"), data))
    figures = {r: e.value for r, e in resolve(total_book(build_package(filed))).items()}
    assert {row.split(" ")[1] for row in misprinted("by_function", figures)} == {
        "total", "204", "20402", "2040219",
    }  # fmt: skip
