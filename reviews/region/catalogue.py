"""PURE: the codes the invented region uses: the product's catalogues and a few of its own.

The region's bureau adds items of the government and state capital funds, which the product's
catalogue of general knowledge has too few of; a definition is written where one is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from disclosures.filing_package import CodeLabel
from rulebook.classifications import read_catalogue

FUNCTIONAL, ECONOMIC = "functional", "departmental_economic"
FILES = {FUNCTIONAL: "functional_2023", ECONOMIC: "departmental_economic_2023"}
FUND_ITEMS = ("2120801", "2120802", "2120803", "2296002")
CAPITAL_ITEMS = ("2230105", "2239999")
_OWN = (
    ("2120801", "征地和拆迁补偿支出"),
    ("2120802", "土地开发支出"),
    ("223", "国有资本经营预算支出"),
    ("22301", "解决历史遗留问题及改革成本支出"),
    ("2230105", "国有企业退休人员社会化管理补助支出"),
    ("22399", "其他国有资本经营预算支出"),
    ("2239999", "其他国有资本经营预算支出"),
    ("22960", "彩票公益金安排的支出"),
    ("2296002", "用于社会福利的彩票公益金支出"),
)


def _label(classification: str, code: str, name: str, definition: str = "") -> CodeLabel:
    words = definition or f"反映用于{name}方面的开支。"
    return CodeLabel(classification, code, name, words, verified=False)


@cache
def labels() -> Mapping[tuple[str, str], CodeLabel]:
    """(classification, code) → label."""
    found = {
        (kind, row.code): _label(kind, row.code, row.name, row.definition)
        for kind, file in FILES.items()
        for row in read_catalogue(file)
    }
    for code, name in _OWN:
        found.setdefault((FUNCTIONAL, code), _label(FUNCTIONAL, code, name))
    return found


@cache
def ordinary_items() -> tuple[str, ...]:
    """项 of the general public budget, whose 类 and 款 are known too."""
    known = {code for kind, code in labels() if kind == FUNCTIONAL}
    special = {*FUND_ITEMS, *CAPITAL_ITEMS}
    items = (code for code in known if len(code) == 7 and code not in special)
    return tuple(sorted(c for c in items if c[:5] in known and c[:3] in known))


@cache
def economic_items(group: str) -> tuple[str, ...]:
    """款 of one side of basic expenditure: "personnel" or "operating"."""
    rows = read_catalogue(FILES[ECONOMIC])
    return tuple(row.code for row in rows if row.basic_group == group and len(row.code) == 5)


def labels_of(codes: Iterable[tuple[str, str]]) -> tuple[CodeLabel, ...]:
    """The labels of codes in use with their parents; a code nobody knows has none."""
    used = {(kind, code[:length]) for kind, code in codes for length in (3, 5, 7)}
    return tuple(labels()[key] for key in sorted(used & labels().keys()))
