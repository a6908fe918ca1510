"""PURE: invented names of places, departments, units and projects. No persons.

No combination below is an administrative division; names carry 虚构 wherever they stand.
"""

from __future__ import annotations

from budgets.workbook import UnitKind
from reviews.region.dice import Dice

MARK = "（虚构）"
_FIRST = "云青澄梧琅苇砚榆槿漪岚鹭榛栖笙荇"
_SECOND = "泽岫湄屿圃陌墟埭汀磐畹渚"
TRADES: tuple[tuple[str, str], ...] = (
    ("人大办公室", "20101"),
    ("政府办公室", "20103"),
    ("发展改革局", "20104"),
    ("统计局", "20105"),
    ("财政局", "20106"),
    ("审计局", "20108"),
    ("商务局", "20113"),
    ("市场监管局", "20138"),
    ("司法局", "20406"),
    ("公安分局", "20402"),
    ("教育局", "20502"),
    ("科学技术局", "20601"),
    ("文化和旅游局", "20701"),
    ("民政局", "20802"),
    ("卫生健康局", "21001"),
    ("生态环境分局", "21101"),
    ("城市管理局", "21201"),
    ("农业农村局", "21301"),
)
"""What a department does and the 款 of its main items."""
_OFFICES = ("机关", "执法大队", "服务中心", "信息中心", "培训中心", "档案馆", "监测站", "保障中心")
_WORKS = ("巡查", "维护", "宣传", "培训", "检测", "信息化", "设施更新", "普查", "救助", "整治")
_SCOPES = ("日常", "专项", "重点", "综合", "年度", "公共", "基层", "应急")


def place_name(dice: Dice) -> str:
    """澄汀区, 梧渚县: two characters that no place in China is called by together."""
    return f"{dice.one_of(_FIRST)}{dice.one_of(_SECOND)}{dice.one_of('区县')}"


def department_name(place: str, trade: str, number: int) -> str:
    """The number keeps two departments of one invented place apart."""
    return f"{place}第{number}{trade}{MARK}"


def unit_name(department: str, at: int) -> str:
    return f"{department.removesuffix(MARK)}{_OFFICES[at % len(_OFFICES)]}{MARK}"


def unit_kind(at: int, dice: Dice) -> UnitKind:
    """The first unit is the office itself."""
    if at == 0:
        return dice.one_of((UnitKind.ADMINISTRATIVE, UnitKind.CIVIL_SERVICE_STANDARD))
    return dice.one_of((*UnitKind, UnitKind.PUBLIC_INSTITUTION))


def project_name(dice: Dice, serial: int) -> str:
    """A work of the unit; the serial keeps names of one department apart."""
    return f"{dice.one_of(_SCOPES)}{dice.one_of(_WORKS)}工作{serial}号项目"
