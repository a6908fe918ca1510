"""Every form opened and saved by LibreOffice reads back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from performance.excel.pages import FormPage
from rulebook.amounts import MoneyUnit
from tests.budgets.excel.office import saved_by_office
from tests.performance.excel.files import plan, written
from tests.performance.excel.full_pages import full_pages

pytestmark = pytest.mark.office


@pytest.mark.parametrize("unit", list(MoneyUnit))
def test_a_workbook_of_every_form_survives_libreoffice(tmp_path: Path, unit: MoneyUnit) -> None:
    pages: list[FormPage] = full_pages()
    found = plan(saved_by_office(written(pages, unit), tmp_path), pages)
    assert not found.findings
    assert found.changes == ()
    assert [form.after for form in found.forms] == pages
