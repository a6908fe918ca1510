"""How an edition sets its tables, whatever they hold; inherited by the editions that extend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rulebook.amounts import MoneyUnit
from rulebook.editions import edition_path, read_toml


@dataclass(frozen=True, slots=True)
class TableStyle:
    """How an edition sets its tables: the unit of their amounts, the head over the column of
    codes, and whether a row of numbers (栏次) stands under the heads of the columns."""

    unit: MoneyUnit = MoneyUnit.WAN
    code_heading: str = "科目编码"
    column_numbers: bool = False


def table_style(family: str, edition_id: str) -> TableStyle:
    """What an edition says of its tables, over what the one it extends says."""
    said = _said_of_tables(family, edition_id)
    unit = MoneyUnit.from_code(said.pop("unit", MoneyUnit.WAN.code))
    return TableStyle(unit=unit, **said)


def _said_of_tables(family: str, edition_id: str) -> dict[str, Any]:
    raw = read_toml(edition_path(family, edition_id))
    base_id = raw["edition"].get("extends")
    base: dict[str, Any] = {} if base_id is None else _said_of_tables(family, base_id)
    return {**base, **raw.get("tables", {})}
