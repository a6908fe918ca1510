"""PURE: TX-…: texts present, reasons given, figures typed by people against the tables.

Generated sentences agree with the tables by construction; these checks look at what people wrote.
1xx a text by itself, 2xx a text against the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from budgets.workbook import FUND_AMOUNTS, BudgetLists
from disclosures.facts import Fact, ReportFacts, growth, share
from disclosures.ledger import Account, Standing, ledger_of
from disclosures.lints import (
    TypedFigure,
    Written,
    denials,
    doubled,
    other_years,
    personal_numbers,
    residues,
    typed_amounts,
    typed_rates,
    written_texts,
)
from disclosures.reason_kinds import reason_kinds
from disclosures.reasons import RequiredReason, compared, reason_key, required_reasons
from disclosures.terms import used_codes
from rulebook.addresses import evaluation_address, text_address
from rulebook.amounts import total
from rulebook.checks import Check, Verdict, amount_text, finding_of
from rulebook.findings import Finding, Scope, Severity

SOURCE = "wuhan_final_accounts_disclosure"
PASSAGES = {
    "goals_achieved": "完成的绩效目标",
    "problems": "绩效问题和原因",
    "next_steps": "下一步改进措施",
}
HEADLINES = ("grand_total.prior_year", "revenue_total.prior_year", "expenditure_total.prior_year")


@dataclass(frozen=True, slots=True)
class TextCheck:
    """A check record with the function that judges the facts of a report."""

    rule: Check
    judge: Callable[[ReportFacts], Iterable[Verdict]]


def check_texts(facts: ReportFacts) -> list[Finding]:
    """All TX findings of a report, in the order of the checks; never raises for bad data."""
    year = facts.year
    held = [check for check in TEXT_CHECKS if check.rule.holds_in(year)]
    return [finding_of(check.rule, verdict) for check in held for verdict in check.judge(facts)]


def _verdict(
    address: str,
    label: str,
    message: str,
    left: Decimal | None = None,
    right: Decimal | None = None,
) -> Verdict:
    return Verdict((address,), label, left, right, message)


# ── 1xx: texts by themselves ────────────────────────────────────────────────────────────────────


def _missing_texts(facts: ReportFacts) -> Iterator[Verdict]:
    for text in facts.outline.texts:
        if text.required and text.key not in facts.texts:
            message = f"“{text.label}”还没有填写，报告的这一节是空的。{text.hint}"
            yield _verdict(text_address(text.key), text.label, message)


def _missing_passages(facts: ReportFacts) -> Iterator[Verdict]:
    if not facts.outline.has_section("evaluation_report"):
        return
    for each in facts.evaluations:
        subject, title = each.evaluation.subject, each.evaluation.title
        for key, label in PASSAGES.items():
            if not each.passage(key):
                address = evaluation_address(subject, "report", key)
                message = f"“{title}”的自评报告没有填写“{label}”。"
                yield _verdict(address, title, message)


def _missing_tasks(facts: ReportFacts) -> Iterator[Verdict]:
    if facts.outline.has_section("key_tasks") and not facts.key_tasks:
        message = "重点工作完成情况表没有内容。"
        yield _verdict("filing/key_tasks", "重点工作完成情况表", message)


def _nothing_to_report(facts: ReportFacts) -> Iterator[Verdict]:
    if not facts.layout.sheets and not facts.evaluations:
        message = f"{facts.year} 年的报告只有绩效自评，还没有一份自评。"
        yield _verdict("filing/evaluations", "绩效自评", message)


def _each_word(
    found: Callable[[Written, ReportFacts], list[str]], says: str
) -> Callable[[ReportFacts], Iterator[Verdict]]:
    """A judge which asks about every word that ``found`` finds in a text."""

    def judge(facts: ReportFacts) -> Iterator[Verdict]:
        for text in written_texts(facts):
            for word in found(text, facts):
                yield _verdict(text.address, text.label, f"“{text.label}”中{says}“{word}”。")

    return judge


def _residues(text: Written, facts: ReportFacts) -> list[str]:
    return residues(text.body, facts.outline.lints)


def _doubled(text: Written, facts: ReportFacts) -> list[str]:
    return doubled(text.body, facts.outline.lints)


def _years(text: Written, facts: ReportFacts) -> list[str]:
    return other_years(text.body, {facts.year, facts.prior_year})


def _personal(text: Written, facts: ReportFacts) -> list[str]:
    return personal_numbers(text.body)


# ── 2xx: texts against the tables ───────────────────────────────────────────────────────────────


def _without_reason(headline: bool) -> Callable[[ReportFacts], Iterator[Verdict]]:
    def judge(facts: ReportFacts) -> Iterator[Verdict]:
        for required in required_reasons(facts):
            if required.headline is headline and not required.given:
                yield _unexplained(required)

    return judge


def _unexplained(required: RequiredReason) -> Verdict:
    verb = "增加" if required.change > 0 else "减少"
    message = f"{required.label}{verb} {amount_text(abs(required.change))}，没有写明原因。"
    places = (_reason_address(required.subject), *required.addresses)
    return Verdict(places, required.label, required.change, None, message)


def _reason_address(subject: str) -> str:
    return text_address(reason_key(subject))


def _needless_reasons(facts: ReportFacts) -> Iterator[Verdict]:
    every = compared(facts)
    changed = {subject for subject, comparison in every.items() if comparison.change.value}
    for subject in facts.reasons:
        if subject not in changed:
            label = every[subject].label if subject in every else subject
            message = f"“{label}”没有增减变动（或者没有可比数据），却写了原因；报告中不会印出。"
            yield _verdict(_reason_address(subject), label, message)


def _sums_of_reasons(standing: Standing, says: str) -> Callable[[ReportFacts], Iterator[Verdict]]:
    """A judge of the changes whose signed reasons carry so far, which says by how much."""

    def judge(facts: ReportFacts) -> Iterator[Verdict]:
        for account in ledger_of(facts):
            if account.standing is standing:
                yield _misexplained(account, says)

    return judge


def _misexplained(account: Account, says: str) -> Verdict:
    change, explained = account.change.change, account.explained
    open_ = abs(account.remainder)
    beside = (change, explained, open_)
    message = (
        f"{account.change.label}变动 {amount_text(change, beside=beside)}，各项原因合计"
        f" {amount_text(explained, beside=beside)}，{says} {amount_text(open_, beside=beside)}。"
    )
    places = (_reason_address(account.change.subject), *account.change.addresses)
    return Verdict(places, account.change.label, change, explained, message)


def _unknown_kinds(facts: ReportFacts) -> Iterator[Verdict]:
    known = {kind.key for kind in reason_kinds(facts.head.region_code, facts.year)}
    for subject, reasons in facts.reasons.items():
        for reason in reasons:
            if reason.kind and reason.kind not in known:
                message = f"原因“{reason.text}”的类别“{reason.kind}”不在本年度的类别之内。"
                yield _verdict(_reason_address(subject), "增减变动原因", message)


def _amounts(facts: ReportFacts) -> Iterator[Verdict]:
    known = {abs(value) for value in _known_amounts(facts)}
    yield from _unknown(facts, typed_amounts, known)


def _known_amounts(facts: ReportFacts) -> Iterator[Decimal]:
    yield from facts.figures.values()
    for comparison in compared(facts).values():
        yield from _filled([comparison.change])
    for reasons in facts.reasons.values():
        yield from (reason.amount for reason in reasons if reason.amount is not None)
    for project in facts.projects:
        values = (project.original_budget, project.revised_budget, project.actual)
        yield from (value for value in values if value is not None)
    yield from _listed_amounts(facts.lists)
    for each in facts.evaluations:
        values = (each.evaluation.budget, each.evaluation.spent, None)
        yield from (value for value in values if value is not None)


def _listed_amounts(lists: BudgetLists) -> Iterator[Decimal]:
    """Amounts of the lists of a budget; of a project also what it gets in all."""
    for project in lists.project_budgets:
        known = [getattr(project, field) for field in FUND_AMOUNTS] + [project.total_budget]
        yield from (value for value in [*known, total(known[:-1])] if value is not None)
    for row in lists.purchases:
        if row.amount is not None:
            yield row.amount


def _rates(facts: ReportFacts) -> Iterator[Verdict]:
    yield from _unknown(facts, typed_rates, set(_known_rates(facts)))


def _known_rates(facts: ReportFacts) -> Iterator[Decimal]:
    """Rates the report states, and every rate in targets and achieved values."""
    for comparison in compared(facts).values():
        current, base = comparison.current, comparison.base
        yield from _filled([growth(current, base), share(current, base)])
    for each in facts.evaluations:
        evaluation = each.evaluation
        budget, spent = Fact(evaluation.budget, ()), Fact(evaluation.spent, ())
        yield from _filled([share(spent, budget)])
        typed = [row.target for row in evaluation.declaration.indicators]
        typed += [row.achieved for row in evaluation.results]
        yield from (rate.value for body in typed for rate in typed_rates(body))


def _filled(found: Iterable[Fact]) -> list[Decimal]:
    return [fact.value for fact in found if fact.value is not None]


def _unknown(
    facts: ReportFacts, read: Callable[[str], list[TypedFigure]], known: set[Decimal]
) -> Iterator[Verdict]:
    for text in written_texts(facts):
        for figure in read(text.body) if text.linted else ():
            if not any(figure.agrees_with(value) for value in known):
                message = f"“{text.label}”中的“{figure.text}”在报表、项目和指标中找不到。"
                yield _verdict(text.address, text.label, message, figure.value)


def _empty_headlines(facts: ReportFacts) -> Iterator[Verdict]:
    every = compared(facts)
    for subject in HEADLINES if facts.layout.sheets else ():
        comparison = every.get(subject)
        if comparison is not None and comparison.current.value is None:
            message = f"{comparison.label}还没有数据，报告正文无法写出。"
            yield _verdict(comparison.current.addresses[0], comparison.label, message)


def _silent_sheets(facts: ReportFacts) -> Iterator[Verdict]:
    for sheet in facts.layout.sheets:
        if sheet.printed and facts.is_empty(sheet) and not sheet.empty_sentence:
            message = f"{sheet.number}{sheet.title}没有数据，也没有说明。"
            yield _verdict(f"sheet/{sheet.key}", sheet.title, message)


def _denied(facts: ReportFacts) -> Iterator[Verdict]:
    for denial in facts.outline.lints.denials:
        if facts.is_empty(facts.layout.sheet(denial.sheet)):
            continue
        for text in written_texts(facts):
            if denials(text.body, denial.words):
                title = facts.layout.sheet(denial.sheet).title
                message = f"“{text.label}”写明没有{denial.words}，但《{title}》有数据。"
                yield _verdict(text.address, text.label, message)


def _undefined(facts: ReportFacts) -> Iterator[Verdict]:
    for used in used_codes(facts, "functional"):
        if not used.definition:
            name = facts.code_name("functional", used.code)
            message = f"科目“{name}”（{used.code}）没有名词解释，将印出通用说明。"
            yield _verdict(f"code/functional/{used.code}", name, message)


def _unnamed(facts: ReportFacts) -> Iterator[Verdict]:
    for sheet in facts.layout.sheets:
        if sheet.printed and sheet.codes is not None:
            classification = sheet.codes.classification
            for code in facts.code_rows(sheet):
                if (classification, code) not in facts.code_labels:
                    message = f"{sheet.number}使用的科目 {code} 在本年度科目表中没有名称。"
                    yield _verdict(f"code/{classification}/{code}", code, message)


def _rule(id: str, title: str, severity: Severity, hint: str) -> Check:
    return Check(id, title, severity, Scope.TABLE_TO_TEXT, hint, citation=SOURCE)


ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE

TEXT_CHECKS: tuple[TextCheck, ...] = (
    TextCheck(
        _rule("TX-101", "应填的文字已经填写", ERROR, "请在“文字”页补齐；确实没有的，写明没有。"),
        _missing_texts,
    ),
    TextCheck(
        _rule("TX-102", "自评报告各段已经填写", WARNING, "请在自评的“自评报告”中补齐。"),
        _missing_passages,
    ),
    TextCheck(
        _rule(
            "TX-103", "重点工作完成情况表有内容", WARNING, "请逐项填写重点工作、目标和完成情况。"
        ),
        _missing_tasks,
    ),
    TextCheck(
        _rule("TX-104", "没有模板残留", WARNING, "请删去模板的提示文字，改为实际情况。"),
        _each_word(_residues, "疑似有模板残留"),
    ),
    TextCheck(
        _rule("TX-105", "没有重复的字词", NOTICE, "请核对是否多打了字。"),
        _each_word(_doubled, "有重复的字词"),
    ),
    TextCheck(
        _rule(
            "TX-106",
            "年份是报告年度或上一年度",
            WARNING,
            "请核对年份；确需写其他年份的，写明理由。",
        ),
        _each_word(_years, "出现其他年份"),
    ),
    TextCheck(
        _rule(
            "TX-107",
            "没有个人信息",
            WARNING,
            "公开的文字不得有身份证号、手机号和银行卡号，请删去。",
        ),
        _each_word(_personal, "疑似有"),
    ),
    TextCheck(
        _rule(
            "TX-108", "报告有内容可印", ERROR, "请登记项目，申报绩效目标并自评，或者导入自评表。"
        ),
        _nothing_to_report,
    ),
    TextCheck(
        _rule(
            "TX-201", "主要增减变动写明原因", ERROR, "请填写原因；没有原因，正文的这一句无法完成。"
        ),
        _without_reason(True),
    ),
    TextCheck(
        _rule("TX-202", "分项增减变动写明原因", WARNING, "请填写该项与预算或上年不同的原因。"),
        _without_reason(False),
    ),
    TextCheck(
        _rule("TX-203", "没有变动的不写原因", NOTICE, "可以删去这条原因，或者核对数据。"),
        _needless_reasons,
    ),
    TextCheck(
        _rule(
            "TX-204",
            "各项原因金额合计等于变动额",
            WARNING,
            "请核对各项原因的金额，增加为正、减少为负。",
        ),
        _sums_of_reasons(Standing.UNDER, "还没有原因的有"),
    ),
    TextCheck(
        _rule(
            "TX-205",
            "文字中的金额与报表一致",
            WARNING,
            "金额由系统写出；文字中的金额请与报表核对或删去。",
        ),
        _amounts,
    ),
    TextCheck(
        _rule("TX-206", "文字中的比率有出处", NOTICE, "请核对比率，或者说明口径。"),
        _rates,
    ),
    TextCheck(
        _rule("TX-207", "正文所需的总数已经填报", ERROR, "请先填报对应的表。"),
        _empty_headlines,
    ),
    TextCheck(
        _rule("TX-208", "空表附有说明", WARNING, "请核对该表是否漏填。"),
        _silent_sheets,
    ),
    TextCheck(
        _rule("TX-209", "说没有的，报表也没有", WARNING, "请修改文字，或者核对报表。"),
        _denied,
    ),
    TextCheck(
        _rule("TX-210", "使用的功能科目有名词解释", NOTICE, "请在科目表中补充该科目的说明。"),
        _undefined,
    ),
    TextCheck(
        _rule("TX-211", "使用的科目有名称", ERROR, "请核对科目编码，或者导入本年度科目表。"),
        _unnamed,
    ),
    TextCheck(
        _rule(
            "TX-212",
            "各项原因金额合计不超过变动额",
            WARNING,
            "原因解释的比变动的还多：请核对金额，或者补写方向相反的原因。",
        ),
        _sums_of_reasons(Standing.OVER, "多解释了"),
    ),
    TextCheck(
        _rule("TX-213", "原因类别在本年度的类别之内", NOTICE, "请在“文字与原因”页重新选择类别。"),
        _unknown_kinds,
    ),
)
