"""Every check of declarations and self-evaluations as a record, in the order of their ids."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rulebook.findings import Figure, Finding, Scope, Severity

FORM = "wuhan_self_evaluation_2023"
METHOD = "mof_project_performance_evaluation_2020"
MONITORING = "mof_performance_monitoring_2019"


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
_CROSS, _YEAR = Scope.CROSS_SHEET, Scope.CROSS_YEAR

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
    CheckEntry("PT-201", "每个期限、每个目标下有指标", _W, _IN,
               "为该目标设置指标，或合并目标；申报表有这一期限的指标表，就应有指标。", METHOD),
    CheckEntry("PT-202", "同一指标在一份申报表中只出现一次", _N, _IN,
               "同一指标只在一个目标下设置；目标值不同的，写明两者口径有什么不同。", METHOD),
    CheckEntry("PT-203", "项目的指标与整体申报表中的同一指标一致", _W, _CROSS,
               "核对两份申报表的目标值；口径不同的，改用不同的指标名称。", METHOD),
    CheckEntry("PT-204", "指标性质、单位与目标值相符", _W, _IN,
               "目标值是数字的选“定量”；数量指标写个数，比率放到质量、时效或效益指标。", METHOD),
    CheckEntry("PT-205", "长期指标的目标值写明具体内容", _W, _IN,
               "写出到截止年度要达到的程度，不要留空或只写“定性”等字样。", METHOD),
    CheckEntry("PT-206", "目标值不低于上年已实现的水平", _W, _YEAR,
               "提高目标值；确需降低的，写明情况有什么变化。", METHOD),
    CheckEntry("PT-207", "长期目标与年度目标不是同一内容", _W, _IN,
               "长期目标写到截止年度要达到的程度，年度目标写当年要完成的部分。", METHOD),
    CheckEntry("PT-208", "表样要求的一级指标设置齐全", _W, _IN,
               "补充缺少的一级指标，成本和满意度不能以其他指标代替。", METHOD),
    CheckEntry("PT-209", "必填栏目已填写", _E, _IN,
               "填写该栏目；确实没有的，写“无”并说明。", METHOD),
    CheckEntry("PT-210", "资金来源合计等于当年预算", _E, _MONEY,
               "核对各来源的金额；当年预算取自项目支出预算表。", METHOD),
    CheckEntry("PT-211", "支出明细合计等于当年预算", _E, _MONEY,
               "核对支出明细各行的金额；当年预算取自项目支出预算表。", METHOD),
    CheckEntry("PT-212", "支出明细分来源的合计与资金来源一致", _W, _MONEY,
               "核对支出明细的来源列与资金来源各行。", METHOD),
    CheckEntry("PT-213", "申报表的合计等于各行之和", _E, _IN,
               "核对各行金额；合计由各行相加得出。", METHOD),
    CheckEntry("PT-214", "申报表的金额与预算记录一致", _W, _MONEY,
               "以预算表和项目清单为准，删去另外填写的金额。", METHOD),
    CheckEntry("PT-215", "各单位申报表之和等于部门申报表", _E, _CROSS,
               "核对各单位和部门的金额；本年金额取自预算表。", METHOD),
    CheckEntry("PT-216", "单位以前年度的金额不大于部门", _W, _CROSS,
               "核对该年度的口径，单位是部门的一部分。", METHOD),
    CheckEntry("PT-217", "各单位以前年度之和等于部门", _W, _CROSS,
               "核对该年度的口径；部门另有已撤并单位的，写明是哪些。", METHOD),
    CheckEntry("PT-218", "项目类别和频度与项目记录一致", _W, _MONEY,
               "核对项目支出预算表中该项目的类别和类型，两处写成一样。", METHOD),
    CheckEntry("PT-219", "项目总预算不小于当年预算", _E, _MONEY,
               "核对项目总预算；一次性项目的总预算即当年预算。", METHOD),
    CheckEntry("PT-220", "测算依据中写出的结果与算式相符", _W, _IN,
               "按算式重新计算，或改正单价、数量；各部分相加应等于合计。", METHOD),
    CheckEntry("PT-221", "测算结果与该行金额一致", _W, _IN,
               "核对测算依据与该行各来源的金额。", METHOD),
    CheckEntry("PT-222", "前两年预算：年初加年中调整等于调整后，执行不大于调整后", _W, _IN,
               "核对该年度的年初预算、年中调整、调整后预算和执行数。", METHOD),
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
    CheckEntry("SE-140", "整体指标写明汇总方式", _E, _IN,
               "在“汇总关系”中选择相加、按资金加权平均或得分按资金加权平均。", METHOD),
    CheckEntry("SE-141", "汇总到整体的各部分齐全且能够判读", _W, _IN,
               "补齐该部分的完成值或统一单位；补齐之前不计算汇总值，也不漏计。", METHOD),
    CheckEntry("SE-142", "整体指标的完成值与汇总值一致", _W, _IN,
               "采用汇总值，或在该指标的偏差原因中说明为什么不同。", METHOD),
    CheckEntry("SE-143", "加权平均的各部分有资金权重", _W, _MONEY,
               "在“汇总关系”中填写资金权重，或补充该项目的预算数。", METHOD),
    CheckEntry("SE-144", "选了汇总方式的整体指标有汇总的部分", _W, _IN,
               "在“汇总关系”中把项目或单位的指标归到该指标，或取消汇总方式。", METHOD),
    CheckEntry("MO-101", "监控的每个指标填写完成值", _E, _IN,
               "填写截至本月末的完成值；没有完成的填零，不要留空。", MONITORING),
    CheckEntry("MO-102", "监控的完成值能够判读并与目标值比较", _E, _IN,
               "一格只写一个确切的数值，单位与目标值一致。", MONITORING),
    CheckEntry("MO-103", "绩效目标没有妨碍监控的问题", _E, _IN,
               "用“调整绩效目标”的措施提出新的目标值，或请财政部门退回目标修改。", MONITORING),
    CheckEntry("MO-104", "定性指标评定完成程度", _E, _IN,
               "选择达成、部分达成或未达成。", MONITORING),
    CheckEntry("MO-105", "监控的预算数和执行数齐全且不为负", _E, _MONEY,
               "填写截至本月末的执行数；预算数取自部门预算，缺少的先在预算中补充。", MONITORING),
    CheckEntry("MO-106", "执行数不大于预算数", _W, _MONEY,
               "核对执行数；确属超出的，先办理预算调整。", MONITORING),
    CheckEntry("MO-107", "红灯有措施或说明", _W, _IN,
               "写明措施（暂停、暂缓拨款、调减、调整目标），或在备注中说明。", MONITORING),
    CheckEntry("MO-108", "预计低于目标时不选“确定能”完成", _W, _IN,
               "核对预计全年完成值，或改选完成的可能性。", MONITORING),
    CheckEntry("MO-109", "红灯和黄灯选明原因类别", _W, _IN,
               "选择经费、制度、人员、硬件或其他。", MONITORING),
    CheckEntry("MO-110", "完全不可能完成的指标有措施", _W, _IN,
               "提出调整目标、调减预算等措施。", MONITORING),
    CheckEntry("MO-111", "预计全年完成值能够判读", _W, _IN,
               "填写预计全年完成值，单位与目标值一致。", MONITORING),
    CheckEntry("MO-112", "预计全年支出不小于已支出", _E, _MONEY,
               "核对截至本月末的执行数和预计全年支出。", MONITORING),
    CheckEntry("MO-113", "执行数不小于上一次监控的执行数", _W, _MONEY,
               "核对两次监控的执行数；有退回支出的，在备注中说明。", MONITORING),
    CheckEntry("MO-114", "进度远超时间的指标核对目标", _N, _IN,
               "核对目标值是否偏低，下年申报时参考。", MONITORING),
    CheckEntry("MO-115", "调整目标的措施写明指标、新目标值和理由", _E, _IN,
               "选择要调整的指标，写明能够判读的新目标值和理由。", MONITORING),
    CheckEntry("MO-116", "监控的指标仍在绩效目标中", _E, _IN,
               "绩效目标在填报后有改动，请删去该行或按现在的指标重新填写。", MONITORING),
    CheckEntry("RU-101", "压减和取消的项目写明理由", _E, _MONEY,
               "写明压减或取消的理由。", METHOD),
    CheckEntry("RU-102", "结果应用与建议不同的写明理由", _E, _MONEY,
               "写明为什么不按等级提出的建议处理。", METHOD),
    CheckEntry("RU-103", "每个有等级的项目有结果应用意见", _W, _MONEY,
               "由财政部门确定保留、调整、压减或取消。", METHOD),
    CheckEntry("RU-104", "上年的改进措施已经落实", _W, _IN,
               "落实后由部门登记落实情况，或在整改情况中说明。", METHOD),
    CheckEntry("RU-105", "上年取消的项目不再申报", _W, _MONEY,
               "核对该项目是否应当继续申报；确需申报的，说明理由。", METHOD),
)  # fmt: skip

BY_ID = {entry.id: entry for entry in CATALOGUE}
