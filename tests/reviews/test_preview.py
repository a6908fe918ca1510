"""The preview of a report: the same blocks, findings beside them, jumps both ways, only changes."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from budgets.entry import CellEdit
from budgets.models import Workbook
from budgets.services import save_cells
from departments.models import Role, StaffMember
from disclosures.package import read
from disclosures.snapshots import build_package
from filings.models import Filing
from reviews import preview as module
from reviews.preview import Preview, results_of, section_at
from rulebook.addresses import CellRef
from tests import factories
from tests.conftest import SignIn
from tests.disclosures.values import SAMPLES
from tests.test_query_counts import assert_flat, count

pytestmark = pytest.mark.django_db
WHOLE_PACKAGE = 46
"""Questions to read a whole filing with its evaluations, and the head of its page."""
CELL = CellRef("expenditure_sheet", "2070101", "basic")


def address(filing: Filing, page: str = "preview") -> str:
    return reverse(f"work:filing_{page}", args=[filing.public_id])


def preview_of(filing: Filing) -> Preview:
    return Preview(filing, build_package(filing))


def book_of(filing: Filing) -> Workbook:
    return Workbook.objects.get(filing=filing)


def edit(filing: Filing, staff: StaffMember, value: str, ref: CellRef = CELL) -> None:
    edits = [CellEdit(ref, Decimal(value))]
    save_cells(workbook=book_of(filing), staff=staff, edits=edits)
    filing.refresh_from_db()


@pytest.fixture
def client_of_lin(draft: Filing, lin: StaffMember, sign_in: SignIn) -> Client:
    return sign_in(lin)


def test_the_page_is_the_report_with_its_headings_figures_and_charts(
    client_of_lin: Client, draft: Filing
) -> None:
    text = client_of_lin.get(address(draft)).content.decode()
    page = preview_of(draft).page
    for anchor in page.walked:
        assert f'id="{anchor}"' in text
    assert "<svg" in text
    assert 'class="text-body free"' in text


def test_a_figure_of_the_text_leads_to_its_cell_in_the_entry_sheet(
    client_of_lin: Client, draft: Filing
) -> None:
    text = client_of_lin.get(address(draft)).content.decode()
    link = re.search(r'class="figure" href="(/work/[^"]+/sheets/[^"#]+)#(cell-[^"]+)"', text)
    assert link is not None
    sheet = client_of_lin.get(link.group(1)).content.decode()
    assert f'id="{unquote(link.group(2))}"' in sheet


def test_a_cell_of_a_table_leads_to_where_it_is_entered(
    client_of_lin: Client, draft: Filing
) -> None:
    text = client_of_lin.get(address(draft)).content.decode()
    book = book_of(draft).unit.code
    target = f"/books/{book}/sheets/{CELL.sheet}/#cell-{CELL.row}-{CELL.column}"
    assert re.search(rf'class="to-entry" href="[^"]+{re.escape(target)}"', text)


@pytest.mark.parametrize("of_unit", [True, False])
def test_an_address_leads_to_where_it_is_printed(
    client_of_lin: Client, draft: Filing, of_unit: bool
) -> None:
    book = book_of(draft).unit.code if of_unit else draft.department.code
    place = f"cell/{book}/{CELL.sheet}/{CELL.row}/{CELL.column}"
    sent = client_of_lin.get(address(draft), {"at": place})
    assert sent.status_code == 302
    page, _, anchor = sent["Location"].partition("#")
    text = client_of_lin.get(page).content.decode()
    assert f'<td id="{anchor}"' in text


def test_a_reason_is_found_in_the_paragraph_it_is_printed_in(draft: Filing) -> None:
    preview = preview_of(draft)
    anchor = preview.place_of("text/reason.grand_total.prior_year")
    paragraph = preview.page.section(section_at(anchor)).blocks[0]
    assert anchor == getattr(paragraph, "anchor", None)


def test_an_address_printed_nowhere_is_said_to_be_so(client_of_lin: Client, draft: Filing) -> None:
    sent = client_of_lin.get(address(draft), {"at": "cell/x/y/z/w"}, follow=True)
    assert "这个位置没有印在报告里。" in sent.content.decode()


def test_a_finding_stands_beside_the_section_it_concerns(
    client_of_lin: Client, draft: Filing, lin: StaffMember
) -> None:
    edit(draft, lin, "1.00")
    preview = preview_of(draft)
    placed = [each for each in preview.results.findings if each.check_id.startswith("FA-2")]
    assert placed
    text = client_of_lin.get(address(draft)).content.decode()
    for finding in placed:
        assert text.count(f'id="finding-{finding.identity}"') == 1
    anchors = {each.anchor for found in preview.findings.values() for each in found if each.anchor}
    assert anchors
    for anchor in anchors:
        assert f'href="#{anchor}"' in text  # from the finding to its place
        assert f'id="{anchor}"' in text
    assert 'class="mark mark-error" href="#finding-' in text  # and back


def test_every_finding_stands_somewhere_once(draft: Filing, lin: StaffMember) -> None:
    edit(draft, lin, "1.00")
    preview = preview_of(draft)
    placed = [each.finding for found in preview.findings.values() for each in found]
    assert sorted(f.identity for f in placed) == sorted(
        f.identity for f in preview.results.findings
    )


def changes(
    client: Client, filing: Filing, revision: int, seen: dict[str, str]
) -> dict[str, object]:
    sent = {"revision": revision, "seen": json.dumps(seen)}
    answer = client.post(address(filing, "preview_changes"), sent)
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


def test_without_an_edit_there_is_nothing_to_draw(client_of_lin: Client, draft: Filing) -> None:
    draft.refresh_from_db()
    sent = {"revision": draft.revision, "seen": "{}"}
    assert client_of_lin.post(address(draft, "preview_changes"), sent).status_code == 204


def test_after_an_edit_only_the_sections_that_say_something_else_are_drawn(
    client_of_lin: Client, draft: Filing, lin: StaffMember
) -> None:
    draft.refresh_from_db()
    revision, before = draft.revision, preview_of(draft)
    seen = {anchor: before.fingerprint(anchor) for anchor in before.page.walked}
    edit(draft, lin, "12345678.00")
    found = changes(client_of_lin, draft, revision, seen)
    drawn = {each["anchor"]: each["html"] for each in found["sections"]}  # type: ignore[attr-defined]
    assert 0 < len(drawn) < len(seen)
    sheet = section_at(
        preview_of(draft).place_of(f"cell/{draft.department.code}/" + "/".join(CELL))
    )
    assert "1,234.57" in drawn[sheet]
    assert "s1-1" not in drawn  # what the department does has not changed


def test_sections_below_are_drawn_when_they_are_asked_for(
    client_of_lin: Client, draft: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 1)
    text = client_of_lin.get(address(draft)).content.decode()
    waiting = re.findall(r'data-anchor="([^"]+)"[^>]* data-waiting', text)
    assert len(waiting) > 10
    found = client_of_lin.get(address(draft, "preview_sections"), {"section": waiting[3:5]}).json()
    assert [each["anchor"] for each in found["sections"]] == waiting[3:5]
    assert all(each["html"] for each in found["sections"])


def test_without_javascript_a_waiting_section_is_a_link_away(
    client_of_lin: Client, draft: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 1)
    asked = client_of_lin.get(address(draft), {"at": "s3-1"}).content.decode()
    assert 'data-anchor="s3-1" data-waiting' not in re.sub(r' data-fingerprint="\w+"', "", asked)
    assert 'href="?at=s3-2#s3-2"' in asked


@pytest.mark.parametrize("seen", ["x", "[]", "[" * 100_000, "1"])
def test_what_the_browser_says_it_saw_may_be_damaged(
    client_of_lin: Client, draft: Filing, seen: str
) -> None:
    answer = client_of_lin.post(address(draft, "preview_changes"), {"revision": "-1", "seen": seen})
    assert answer.status_code == 400


def test_the_bureau_reads_no_draft(draft: Filing, wang: StaffMember, sign_in: SignIn) -> None:
    assert sign_in(wang).get(address(draft)).status_code == 403


def test_another_department_reads_none(draft: Filing, sign_in: SignIn) -> None:
    other = factories.make_department("示例部门乙", "999777")
    wai = factories.make_staff("wai", Role.PREPARER, department=other)
    assert sign_in(wai).get(address(draft)).status_code == 404


def test_the_page_asks_as_few_questions_for_much_as_for_little(
    client_of_lin: Client, draft: Filing, lin: StaffMember
) -> None:
    def grow() -> None:
        for code in ("2070102", "2070103", "2070104", "2070105", "2070106"):
            edit(draft, lin, "100.00", CellRef(CELL.sheet, code, CELL.column))

    assert_flat(client_of_lin, address(draft), grow, most=WHOLE_PACKAGE)


def test_looking_for_changes_costs_next_to_nothing(client_of_lin: Client, draft: Filing) -> None:
    assert count(client_of_lin, address(draft, "preview_sections")) > 10
    draft.refresh_from_db()
    sent = {"revision": draft.revision, "seen": "{}"}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("reviews.views.preview.build_package", lambda _: pytest.fail("was built"))
        assert client_of_lin.post(address(draft, "preview_changes"), sent).status_code == 204


def test_a_package_is_a_value_and_is_evaluated_once() -> None:
    data = (SAMPLES / "hongshan_2023.json").read_bytes()
    first, second = read(data).package, read(data).package
    assert first is not None
    assert second is not None
    assert first is not second
    assert results_of(first) is results_of(second)


def test_a_budget_has_a_preview_too() -> None:
    filed = read((SAMPLES / "jianghan_2023.json").read_bytes()).package
    assert filed is not None
    department = factories.make_department("江汉示例", filed.head.department_code)
    filing = Filing(department=department, layout_edition=filed.head.editions.layout)
    found = Preview(filing, filed)
    assert found.sections()
    assert sum(len(each) for each in found.findings.values()) == len(found.results.findings)


def test_a_row_of_a_list_leads_to_its_list() -> None:
    filed = read((SAMPLES / "jianghan_2023.json").read_bytes()).package
    assert filed is not None
    department = factories.make_department("江汉示例", filed.head.department_code)
    filing = Filing(department=department, layout_edition=filed.head.editions.layout)
    links = [each.link for each in Preview(filing, filed).findings[""]]
    assert any("/lists/procurement/#cell-" in link for link in links)
    assert all(links)
