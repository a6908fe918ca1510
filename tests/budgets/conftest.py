"""The catalogue as shipped, and 林's book with the clean cells."""

from __future__ import annotations

import pytest

from budgets.catalogues import load_catalogue
from budgets.models import Workbook
from departments.models import Unit
from filings.models import Filing
from tests import factories
from tests.budgets.values import CLEAN, is_count


@pytest.fixture
def catalogue(db: None) -> None:
    load_catalogue("functional_2023")
    load_catalogue("departmental_economic_2023")


@pytest.fixture
def clean_book(filing: Filing, unit: Unit, catalogue: None) -> Workbook:
    """A filled book without a finding."""
    money = {place: value for place, value in CLEAN.items() if not is_count(place)}
    counts = {place: value for place, value in CLEAN.items() if is_count(place)}
    book = factories.make_workbook(filing, unit, money)
    return factories.make_workbook(book.filing, unit, counts, unit_of_account="", decimals=0)
