"""PURE: what a template says about itself, in a custom property and in a defined name.

LibreOffice and WPS keep both; some tools drop one of them, so either is enough.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from decimal import Decimal

from rulebook.amounts import CENT, MoneyUnit

MARK_NAME = "MingzhangTemplate"
FORMAT = "1"
TITLE_ROW, UNIT_ROW, GROUP_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3, 4, 5
CODE_COLUMN, LABEL_COLUMN, FIRST_COLUMN = 1, 2, 3
SPARE_ROWS = 60  # a unit may use thirty economic codes and more
SPARE_LIST_ROWS = 60
CHOICES_TITLE = "选项"  # the sheet of codes and projects the lists choose from
PROBLEMS_TITLE = "导入问题"  # the sheet this system adds to a file it gives back
UNIT_WORDS = {"元": MoneyUnit.YUAN, "万元": MoneyUnit.WAN}
UNIT_PREFIX = "金额单位："


@dataclass(frozen=True, slots=True)
class TemplateMark:
    """Whose template it is. ``changes`` is the last change of the book it was prefilled after,
    ``lists`` the fingerprint of its lists then."""

    layout: str
    filing: str
    department: str
    unit: str
    fiscal_year: str
    changes: str
    format: str = FORMAT
    lists: str = ""

    def text(self) -> str:
        return ";".join(astuple(self)).removesuffix(";")

    @classmethod
    def from_text(cls, text: str) -> TemplateMark | None:
        """``None`` for anything that is not a mark."""
        parts = text.split(";")
        if len(parts) not in (7, 8) or not parts[5].isdecimal():
            return None
        return cls(*parts)


def finest(unit: MoneyUnit, kind: str) -> int:
    """How many decimals a figure may show so that it is exact to the fen; 0 for counts."""
    if kind != "money":
        return 0
    return -int((CENT / unit.value).normalize().as_tuple().exponent)


def shown(value: Decimal, unit: MoneyUnit, kind: str) -> Decimal:
    """A stored value as a template or screen shows it, exact, at least two decimals of money."""
    if kind != "money":
        return value.to_integral_value()
    exact = value / unit.value
    places = max(2, -int(exact.normalize().as_tuple().exponent))
    return exact.quantize(Decimal(1).scaleb(-places))
