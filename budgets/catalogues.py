"""Load reference data from ``rulebook/data`` into rows; running it again changes nothing.

What a bureau imported itself is never overwritten by what the product ships.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from budgets.models import (
    EconomicCode,
    FunctionalCode,
    ProcurementItem,
    ServiceDirectoryEntry,
)
from departments.models import FiscalYear, Region
from rulebook.classifications import CatalogueRow, catalogue_names, read_catalogue
from rulebook.editions import DATA, editions_of, read_toml
from rulebook.layouts import FAMILY

BUREAU = "财政部门导入"
"""The source of a row that a bureau imported."""

Code = (
    type[FunctionalCode] | type[EconomicCode] | type[ProcurementItem] | type[ServiceDirectoryEntry]
)
MODELS: dict[str, Code] = {
    "functional": FunctionalCode,
    "departmental_economic": EconomicCode,
    "procurement_item": ProcurementItem,
    "service_directory": ServiceDirectoryEntry,
}
"""The catalogues by name. The product ships the first two; the others come from the bureau."""


@transaction.atomic
def load_regions() -> int:
    """Regions with their parents, outermost first as the file lists them; how many there are."""
    regions = read_toml(DATA / "regions.toml")["region"]
    for region in regions:
        defaults = {"name": region["name"], "parent_id": region["parent"] or None}
        Region.objects.update_or_create(code=region["code"], defaults=defaults)
    return len(regions)


@transaction.atomic
def load_fiscal_years() -> int:
    """The years in which an edition of a workbook's layout begins; how many there are."""
    years = {edition.first_fiscal_year for edition in editions_of(FAMILY)}
    for year in years:
        FiscalYear.objects.get_or_create(year=year)
    return len(years)


def _fields(row: CatalogueRow, model: Code) -> dict[str, object]:
    fields: dict[str, object] = {
        "name": row.name,
        "is_verified": row.verified,
        "source": row.source,
        "definition": row.definition,
    }
    return fields | ({"basic_group": row.basic_group} if model is EconomicCode else {})


@transaction.atomic
def load_catalogue(name: str) -> int:
    """One catalogue such as "functional_2023", in force from the year in its name.

    Returns how many rows were written. Raises KeyError for an unknown name.
    """
    classification, year = name.rsplit("_", 1)
    model: Any = MODELS[classification]
    known = {code.code: code for code in model.objects.filter(first_fiscal_year=int(year))}
    new, changed = [], []
    for row in read_catalogue(name):
        fields = _fields(row, model)
        code = known.get(row.code)
        if code is None:
            new.append(model(code=row.code, first_fiscal_year=int(year), **fields))
        elif code.source != BUREAU and any(getattr(code, k) != v for k, v in fields.items()):
            for key, value in fields.items():
                setattr(code, key, value)
            changed.append(code)
    model.objects.bulk_create(new)
    if changed:
        model.objects.bulk_update(changed, list(_fields(read_catalogue(name)[0], model)))
    return len(new) + len(changed)


@transaction.atomic
def load_rulebook() -> dict[str, int]:
    """Everything at once: what was loaded, by its name in Chinese."""
    counts = {"行政区划": load_regions(), "预算年度": load_fiscal_years()}
    return counts | {name: load_catalogue(name) for name in catalogue_names()}
