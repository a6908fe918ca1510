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
        difference = None
        if isinstance(left, Decimal) and isinstance(right, Decimal):
            difference = left - right
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
            difference=difference,
        )


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTICE
_IN, _MONEY = Scope.WITHIN_SHEET, Scope.BUDGET_TO_TARGET

CATALOGUE: tuple[CheckEntry, ...] = (
    CheckEntry("PT-101", "各年度目标的分值合计等于指标总分值", _E, _IN,
               "调整各年度目标的分值，系统不会自动折算。", FORM),
    CheckEntry("PT-102", "一级指标的分值合计等于年度目标的分值", _E, _IN,
               "核对该年度目标和其下各一级指标的分值。", FORM),
    CheckEntry("PT-103", "二级指标的分值合计等于一级指标的分值", _E, _IN,
               "核对该一级指标和其下各二级指标的分值。", FORM),
    CheckEntry("PT-104", "指标的分值合计等于二级指标的分值", _E, _IN,
               "核对该二级指标和其下各指标的分值。", FORM),
    CheckEntry("PT-105", "每个指标有大于零的分值", _E, _IN,
               "给该指标填写分值，或删去该指标。", FORM),
    CheckEntry("PT-106", "每个年度目标下有指标", _W, _IN,
               "为该年度目标设置指标，或合并年度目标。", METHOD),
    CheckEntry("PT-107", "同一年度目标下不重复设置同一指标", _N, _IN,
               "核对两个指标是否为同一事项，是的话保留一个并调整分值。", METHOD),
    CheckEntry("PT-108", "定量指标的目标值能够判读", _E, _IN,
               "写成“≥95%”“≤400元/人”“97%—100%”的样式；不能量化的，把指标性质改为定性。", METHOD),
    CheckEntry("PT-109", "目标值不是负数", _E, _IN,
               "改用正数表述，例如“较上年下降5%以上”并把性质改为趋势。", METHOD),
    CheckEntry("PT-110", "正向指标的目标值大于零", _E, _IN,
               "目标为零的指标通常是反向指标，请改方向；否则请写明目标值。", METHOD),
    CheckEntry("PT-111", "定量指标有方向", _E, _IN,
               "选择正向、反向或等于；建议值只供参考。", FORM),
    CheckEntry("PT-112", "目标值的符号与指标方向一致", _W, _IN,
               "“≥”一般为正向，“≤”一般为反向，请核对符号或方向。", FORM),
    CheckEntry("PT-113", "目标值写明具体内容", _W, _IN,
               "写出要达到的程度，不要只写“定性”等字样。", METHOD),
    CheckEntry("PT-114", "填写绩效总目标", _E, _IN,
               "填写年初设定的总目标；该表对总目标计分。", FORM),
    CheckEntry("PT-115", "一级指标设置齐全", _W, _IN,
               "补充缺少的一级指标，或说明不适用的原因。", METHOD),
    CheckEntry("PT-116", "一级指标的分值分配符合本地规定", _E, _IN,
               "按本年度评分版式给出的分配调整各指标分值。", METHOD),
    CheckEntry("SE-101", "绩效目标没有妨碍计分的问题", _E, _IN,
               "先处理绩效目标中列出的问题，再计分。", FORM),
    CheckEntry("SE-102", "预算数和执行数齐全且不为负", _E, _MONEY,
               "在决算报表或项目台账中补充调整预算数和执行数。", FORM),
    CheckEntry("SE-103", "有支出即有预算", _E, _MONEY,
               "核对该项目的调整预算数，含上年结转和年中调整。", FORM),
    CheckEntry("SE-104", "没有预算也没有支出时说明原因", _W, _MONEY,
               "在预算执行一栏写明原因；该项不计分，总分不折算，等级由审核人确定。", FORM),
    CheckEntry("SE-105", "执行数不大于预算数，或说明原因", _W, _MONEY,
               "核对调整预算数；确属超出的，在预算执行一栏写明原因。", FORM),
    CheckEntry("SE-106", "总目标有评定结果", _E, _IN,
               "选择完成程度的档次，并给出占分值的百分比。", FORM),
    CheckEntry("SE-107", "评定的百分比在所选档次之内", _E, _IN,
               "改选档次，或把百分比改到该档之内。", FORM),
    CheckEntry("SE-108", "总目标未评为达成预期时说明原因", _W, _IN,
               "在总目标一栏写明未全部达成的原因。", FORM),
    CheckEntry("SE-109", "总目标未评满分时说明原因", _W, _IN,
               "在总目标一栏写明未评满分的原因。", FORM),
    CheckEntry("SE-110", "填写总目标的全年完成情况", _W, _IN,
               "填写全年实际完成情况。", FORM),
    CheckEntry("SE-111", "每个指标填写实际完成值", _E, _IN,
               "填写实际完成值；没有完成的填零，不要留空。", FORM),
    CheckEntry("SE-112", "定量指标的完成值能够判读", _E, _IN,
               "一格只写一个确切的数值和单位，例如“97%”“764人次”。", FORM),
    CheckEntry("SE-113", "完成值与目标值可以比较", _E, _IN,
               "统一目标值和完成值的单位和口径；确实不能比较的，把指标性质改为定性。", FORM),
    CheckEntry("SE-114", "由人评定的指标有评定结果", _E, _IN,
               "选择完成程度的档次，并给出占分值的百分比。", FORM),
    CheckEntry("SE-115", "超额完成的指标说明原因", _W, _IN,
               "在该指标的偏差原因中说明：目标值偏低，还是情况有变化。", METHOD),
    CheckEntry("SE-116", "未完成的指标说明原因和改进措施", _W, _IN,
               "在该指标的偏差原因和改进措施两栏分别写明。", METHOD),
    CheckEntry("SE-117", "人工扣分有效", _E, _IN,
               "扣分须大于零、写明理由，且合计不超过按规则应得的分。", FORM),
    CheckEntry("SE-118", "完成情况与绩效目标中的指标一一对应", _E, _IN,
               "删去多余或重复的完成情况，或在绩效目标中补上该指标。", FORM),
    CheckEntry("SE-119", "原表得分与按规则计算的得分一致", _W, _IN,
               "以规则计算为准；原表得分有依据的，写明是哪一条。", FORM),
    CheckEntry("SE-120", "按块计分的指标能够判断是否完成", _W, _IN,
               "统一目标值和完成值的写法；没有完成的，写明原因并在块得分中扣分。", FORM),
    CheckEntry("SE-121", "各级资金合计等于资金总额", _E, _MONEY,
               "核对各级资金的预算数和执行数。", FORM),
    CheckEntry("SE-131", "目标调整申请由审核人决定", _N, _IN,
               "审核人决定之前按批复的目标计分；不再需要调整的，撤回申请。", METHOD),
    CheckEntry("SE-132", "自评表必填的栏目已填写", _W, _IN,
               "填写该栏；没有内容的写“无”。", FORM),
)  # fmt: skip

BY_ID = {entry.id: entry for entry in CATALOGUE}
