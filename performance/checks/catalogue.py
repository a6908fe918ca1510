"""Every check of declarations and self-evaluations as a record, in the order of their ids."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rulebook.findings import Figure, Finding, Scope, Severity

FORM = "wuhan_self_evaluation_2023"
METHOD = "mof_project_performance_evaluation_2020"


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """A check as it is printed and cited; ``citation`` is a key of documents.toml.

    A warning that a written reason answers becomes a notice once the reason stands.
    """

    id: str
    title: str
    severity: Severity
    scope: Scope
    hint: str
    citation: str

    def finding(
        self,
        message: str,
        *places: str,
        label: str,
        left: Figure = None,
        right: Figure = None,
        answered: bool = False,
    ) -> Finding:
        """One finding of this check; ``difference`` follows where both values are numbers."""
        both = isinstance(left, Decimal) and isinstance(right, Decimal)
        return Finding(
            check_id=self.id,
            severity=Severity.NOTICE if answered else self.severity,
            title=self.title,
            message=message,
            hint=self.hint,
            places=places,
            label=label,
            left=left,
            right=right,
            difference=left - right if both else None,  # type: ignore[operator]
        )


def _entry(
    id: str, severity: Severity, title: str, hint: str, scope: Scope, citation: str
) -> CheckEntry:
    return CheckEntry(id, title, severity, scope, hint, citation)


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTICE
_IN, _MONEY = Scope.WITHIN_SHEET, Scope.BUDGET_TO_TARGET

CATALOGUE: tuple[CheckEntry, ...] = (
    _entry("PT-101", _E, "各年度目标的分值合计等于指标总分值",
           "调整各年度目标的分值，系统不会自动折算。", _IN, FORM),
    _entry("PT-102", _E, "一级指标的分值合计等于年度目标的分值",
           "核对该年度目标和其下各一级指标的分值。", _IN, FORM),
    _entry("PT-103", _E, "二级指标的分值合计等于一级指标的分值",
           "核对该一级指标和其下各二级指标的分值。", _IN, FORM),
    _entry("PT-104", _E, "指标的分值合计等于二级指标的分值",
           "核对该二级指标和其下各指标的分值。", _IN, FORM),
    _entry("PT-105", _E, "每个指标有大于零的分值",
           "给该指标填写分值，或删去该指标。", _IN, FORM),
    _entry("PT-106", _W, "每个年度目标下有指标",
           "为该年度目标设置指标，或合并年度目标。", _IN, METHOD),
    _entry("PT-107", _N, "同一年度目标下不重复设置同一指标",
           "核对两个指标是否为同一事项，是的话保留一个并调整分值。", _IN, METHOD),
    _entry("PT-108", _E, "定量指标的目标值能够判读",
           "写成“≥95%”“≤400元/人”“97%—100%”的样式；不能量化的，把指标性质改为定性。", _IN, METHOD),
    _entry("PT-109", _E, "目标值不是负数",
           "改用正数表述，例如“较上年下降5%以上”并把性质改为趋势。", _IN, METHOD),
    _entry("PT-110", _E, "正向指标的目标值大于零",
           "目标为零的指标通常是反向指标，请改方向；否则请写明目标值。", _IN, METHOD),
    _entry("PT-111", _E, "定量指标有方向",
           "选择正向、反向或等于；建议值只供参考。", _IN, FORM),
    _entry("PT-112", _W, "目标值的符号与指标方向一致",
           "“≥”一般为正向，“≤”一般为反向，请核对符号或方向。", _IN, FORM),
    _entry("PT-113", _W, "目标值写明具体内容",
           "写出要达到的程度，不要只写“定性”等字样。", _IN, METHOD),
    _entry("PT-114", _E, "填写绩效总目标",
           "填写年初设定的总目标；该表对总目标计分。", _IN, FORM),
    _entry("PT-115", _W, "一级指标设置齐全",
           "补充缺少的一级指标，或说明不适用的原因。", _IN, METHOD),
    _entry("SE-101", _E, "绩效目标没有妨碍计分的问题",
           "先处理绩效目标中列出的问题，再计分。", _IN, FORM),
    _entry("SE-102", _E, "预算数和执行数齐全且不为负",
           "在决算报表或项目台账中补充调整预算数和执行数。", _MONEY, FORM),
    _entry("SE-103", _E, "有支出即有预算",
           "核对该项目的调整预算数，含上年结转和年中调整。", _MONEY, FORM),
    _entry("SE-104", _W, "没有预算也没有支出时说明原因",
           "在预算执行一栏写明原因；该项不计分，总分不折算，等级由审核人确定。", _MONEY, FORM),
    _entry("SE-105", _W, "执行数不大于预算数，或说明原因",
           "核对调整预算数；确属超出的，在预算执行一栏写明原因。", _MONEY, FORM),
    _entry("SE-106", _E, "总目标有评定结果",
           "选择完成程度的档次，并给出占分值的百分比。", _IN, FORM),
    _entry("SE-107", _E, "评定的百分比在所选档次之内",
           "改选档次，或把百分比改到该档之内。", _IN, FORM),
    _entry("SE-108", _W, "总目标未评为达成预期时说明原因",
           "在总目标一栏写明未全部达成的原因。", _IN, FORM),
    _entry("SE-109", _W, "总目标未评满分时说明原因",
           "在总目标一栏写明未评满分的原因。", _IN, FORM),
    _entry("SE-110", _W, "填写总目标的全年完成情况",
           "填写全年实际完成情况。", _IN, FORM),
    _entry("SE-111", _E, "每个指标填写实际完成值",
           "填写实际完成值；没有完成的填零，不要留空。", _IN, FORM),
    _entry("SE-112", _E, "定量指标的完成值能够判读",
           "一格只写一个确切的数值和单位，例如“97%”“764人次”。", _IN, FORM),
    _entry("SE-113", _E, "完成值与目标值可以比较",
           "统一目标值和完成值的单位和口径；确实不能比较的，把指标性质改为定性。", _IN, FORM),
    _entry("SE-114", _E, "由人评定的指标有评定结果",
           "选择完成程度的档次，并给出占分值的百分比。", _IN, FORM),
    _entry("SE-115", _W, "超额完成的指标说明原因",
           "在该指标的偏差原因中说明：目标值偏低，还是情况有变化。", _IN, METHOD),
    _entry("SE-116", _W, "未完成的指标说明原因和改进措施",
           "在该指标的偏差原因和改进措施两栏分别写明。", _IN, METHOD),
    _entry("SE-117", _E, "人工扣分有效",
           "扣分须大于零、写明理由，且合计不超过按规则应得的分。", _IN, FORM),
    _entry("SE-118", _E, "完成情况都对应到绩效目标中的指标",
           "删去多余的完成情况，或在绩效目标中补上该指标。", _IN, FORM),
)  # fmt: skip

BY_ID = {entry.id: entry for entry in CATALOGUE}
