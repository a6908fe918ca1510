"""PURE: IM-…: what can be wrong with a file or an entry, as findings.

10x the file itself, 12x whose template it is, 13x its figures, 14x what is only reported, 15x
printed tables of other software, 16x long lists, 17x rows of projects and purchases, 18x rows of
lists filled in on screen, 19x printed books of a whole department, 20x and 21x performance forms.
Ids are printed to users and never reused.
"""

from __future__ import annotations

from dataclasses import dataclass

from rulebook.findings import Figure, Finding, Severity


@dataclass(frozen=True, slots=True)
class Kind:
    """What all problems of one id have in common."""

    title: str
    hint: str
    severity: Severity = Severity.ERROR


SAVE_AS_XLSX = "请用 Excel 或 WPS 打开后另存为“Excel 工作簿（*.xlsx）”，再重新上传。"
NEW_TEMPLATE = "请从本页重新下载模板，把数据填入新模板后上传。"

KINDS: dict[str, Kind] = {
    "IM-101": Kind("文件是空的", "请确认已经保存，再重新选择文件。"),
    "IM-102": Kind("文件过大", "请只保留模板的工作表，删去图片和多余内容后上传。"),
    "IM-103": Kind("不是 XLSX 文件", SAVE_AS_XLSX),
    "IM-104": Kind("文件有密码保护", "请去掉打开密码后另存，再重新上传。"),
    "IM-105": Kind("文件含有宏", "请另存为不含宏的“Excel 工作簿（*.xlsx）”，再重新上传。"),
    "IM-106": Kind("文件已损坏", "请用 Excel 或 WPS 打开并重新保存；打不开时请重新下载模板。"),
    "IM-107": Kind("文件展开后过大", "文件内容异常，请重新下载模板填写。"),
    "IM-108": Kind("文件引用了外部内容", "请在“数据—编辑链接”中断开链接，把数值粘贴为“值”后上传。"),
    "IM-109": Kind("文件有隐藏的工作表", "请取消隐藏并删去多余的工作表后上传。"),
    "IM-110": Kind("文件结构不安全", "文件含有不允许的内容，请重新下载模板填写。"),
    "IM-111": Kind(
        "文件过于复杂，读取被中止", "文件内容异常，请重新下载模板，把数据填入新模板后上传。"
    ),
    "IM-121": Kind("不是本系统的模板", NEW_TEMPLATE),
    "IM-122": Kind("模板版本不对", NEW_TEMPLATE),
    "IM-123": Kind("模板属于其他部门或单位", "请上传本单位的模板，或切换到对应单位后导入。"),
    "IM-124": Kind("模板属于其他年度", NEW_TEMPLATE),
    "IM-125": Kind("模板属于另一份申报件", NEW_TEMPLATE),
    "IM-126": Kind("缺少工作表", "请不要删除或改名模板的工作表；" + NEW_TEMPLATE),
    "IM-127": Kind("表样被改动", "请不要移动、增删模板的行列或改动表头；" + NEW_TEMPLATE),
    "IM-128": Kind("金额单位不清", "表头“单位”应为“元”或“万元”。"),
    "IM-131": Kind("金额栏不是数字", "请改为数字；文本格式的数字请转换为数字格式。"),
    "IM-132": Kind(
        "科目编码不在本年度目录中", "请核对编码；确为新增科目的，请财政部门先导入目录。"
    ),
    "IM-133": Kind("科目编码不能填在这里", "请填写明细科目的编码，上级科目由系统汇总。"),
    "IM-134": Kind("科目编码重复", "同一科目只能有一行，请合并金额。"),
    "IM-135": Kind("数字无法精确保存", "金额精确到分，有效数字不超过 15 位。"),
    "IM-136": Kind("公式没有计算结果", "请用 Excel 或 WPS 打开、重新计算并保存，或粘贴为“值”。"),
    "IM-137": Kind("单元格是错误值", "请改正公式或直接填写数字。"),
    "IM-138": Kind("应为整数", "数量栏请填写不小于零的整数。"),
    "IM-139": Kind("有金额而没有科目编码", "请在本行填写科目编码，或清除金额。"),
    "IM-140": Kind("此处不能填写", "本栏由系统计算或不适用，请清除。"),
    "IM-141": Kind(
        "合计与明细不符",
        "合计由系统按明细计算；导入后原合计作为依据保留，请核对明细并说明原因。",
        Severity.WARNING,
    ),
    "IM-142": Kind("多出的工作表未读取", "系统只读取模板的工作表。", Severity.NOTICE),
    "IM-143": Kind(
        "下载模板后他人改过同一格",
        "请与同事核对；确认导入则以文件中的数值为准。",
        Severity.WARNING,
    ),
    "IM-151": Kind(
        "缺少表头",
        "请对照本年度表样补全表头后重新上传，或下载模板填写。",
    ),
    "IM-152": Kind("表无法识别", "请在表上方写明表名，保留各栏表头；或下载模板填写。"),
    "IM-153": Kind("工作表未读取", "没有找到本年度表样的表头，未读取。", Severity.NOTICE),
    "IM-154": Kind("这一行无法对应", "请核对科目编码或项目名称；与本年度表样无关的行请删除。"),
    "IM-155": Kind("同一张表出现两次", "请只保留一张后重新上传。"),
    "IM-156": Kind(
        "按通常的写法读取", "请核对读取的意思；不对的请改正后重新上传。", Severity.NOTICE
    ),
    "IM-157": Kind(
        "部门的列表不在这里导入", "请在“部门公布表”页面上传整本，按单位分开读取。", Severity.NOTICE
    ),
    "IM-161": Kind("列表中的一行有误", "请改正后把整份列表重新上传；有一行不对就一行也不写。"),
    "IM-171": Kind(
        "项目不能确定",
        "请在“项目编码”栏从列表中选择项目；由公用经费开支的，请填“公用经费”。",
    ),
    "IM-172": Kind("项目编码不属于本单位", "请核对项目编码；新项目请先列入项目支出预算表。"),
    "IM-173": Kind("行不属于本单位", "请删除其他单位的行，或切换到对应单位后导入。"),
    "IM-174": Kind("同一行出现两次", "同一项目、同一行号只能有一行，请合并或改号。"),
    "IM-175": Kind("这一栏填写不对", "请按列表或栏名填写；不确定时请从新下载的模板中选择。"),
    "IM-176": Kind("按名称认出项目", "请核对是否为这个项目；不是时请填写编码。", Severity.NOTICE),
    "IM-177": Kind(
        "下载模板后清单有改动",
        "文件中的清单将整份替换现有清单，请核对预览中删除和修改的行。",
        Severity.WARNING,
    ),
    "IM-178": Kind(
        "项目名称与登记的不同",
        "名称以项目登记为准；确需改名的，请在项目中修改。",
        Severity.WARNING,
    ),
    "IM-181": Kind("这一行没有填完", "请填完标出的栏；填完后自动保存。"),
    "IM-182": Kind("项目编码已在别处登记", "请核对编码；同一编码只能属于一个单位。"),
    "IM-183": Kind("项目编码与名称不符", "改名或改编码请在“登记项目”中办理；换项目请改编码。"),
    "IM-184": Kind("同一项目出现两次", "一个项目只占一行，请合并金额。"),
    "IM-185": Kind("这一行已不在表中", "请刷新本页；您填的内容可以复制到新的一行。"),
    "IM-186": Kind("同事刚改过要删的行", "请核对这一行，确实要删再删一次。"),
    "IM-191": Kind(
        "公布的合计与各单位汇总不符",
        "部门数由各单位汇总；公布的合计作为依据保留，请核对公布的表和各单位的明细。",
        Severity.WARNING,
    ),
    "IM-192": Kind("列表的一行没有单位", "请写明单位代码，或把这一行放在单位的标题行之下。"),
    "IM-193": Kind("项目只有名称", "请选择对应的项目；不属于项目的，选“公用经费”。"),
    "IM-194": Kind(
        "项目的科目和类别没有印出",
        "表上不印功能科目、项目类别和类型：先按特定目标类、一次性项目记，请在项目列表中核对补填。",
        Severity.WARNING,
    ),
    "IM-195": Kind("一行的合计与各栏不符", "请核对这一行的各项资金。", Severity.WARNING),
    "IM-197": Kind("项目属于其他单位", "请核对项目编码和所在的单位标题。"),
    "IM-196": Kind("科目没有编码", "请按“[编码]名称”填写科目。"),
    "IM-201": Kind(
        "文字栏变成了数、日期或逻辑值",
        "请把单元格格式设为“文本”，按原样重新填写（例如“≥90%”“3-5次”）。",
    ),
    "IM-202": Kind("数不合规则", "分值、比例和序号请按说明填写数字。"),
    "IM-203": Kind("文字过长", "请缩短文字，或写到说明栏中。"),
    "IM-204": Kind("日期不能识别", "请按“2024-01-22”的样式填写日期。"),
    "IM-205": Kind("不在选项中", "请从下拉列表中选择。"),
    "IM-206": Kind("同一个对象出现两次", "每个对象只能有一张工作表，请删去多余的一张。"),
    "IM-207": Kind("对象不属于这份申报件", "请核对项目；不属于本申报件的工作表请删去。"),
    "IM-208": Kind("必填的栏没有填", "请填写这一栏；不需要的行请整行清空。"),
    "IM-209": Kind("指标与目标对不上", "请在“目标序号”栏填写目标表中的序号，序号不能重复。"),
    "IM-210": Kind(
        "下载之后系统中有改动",
        "文件将替换现有内容，请核对预览中删除和修改的行；不确定时请重新下载。",
        Severity.WARNING,
    ),
    "IM-211": Kind("复制的行作为新增", "请核对这一行是否为新增的行。", Severity.NOTICE),
    "IM-212": Kind("评定只填了一半", "完成档次和得分比例请一起填写，或都留空。"),
    "IM-213": Kind("整张表已清空", "不想删去的，请从文件中删除这张工作表。", Severity.WARNING),
}


def problem(
    id: str,
    message: str,
    *,
    label: str = "",
    places: tuple[str, ...] = (),
    left: Figure = None,
    right: Figure = None,
) -> Finding:
    """A finding of a known kind; ``left`` is what was found, ``right`` what was expected."""
    kind = KINDS[id]
    return Finding(
        check_id=id,
        severity=kind.severity,
        title=kind.title,
        message=message,
        hint=kind.hint,
        places=places,
        label=label,
        left=left,
        right=right,
    )
