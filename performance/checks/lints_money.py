"""PT-209…222: the money of a declaration: sums, records, years before, calculations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from budgets.workbook import ProjectBudget, ProjectKind, total_interval
from performance.calculations import estimate
from performance.checks.catalogue import BY_ID
from performance.evaluation import DeclarationSnapshot, ExpenditureDetail, FormAmount
from performance.form_figures import AMOUNT, FormFigures
from rulebook.addresses import declaration_address
from rulebook.amounts import Interval, MoneyUnit
from rulebook.checks import amount_text
from rulebook.findings import Finding
from rulebook.forms import BlockKind, FormBlock, FormEdition

_OWN_SOURCES = ("own_level", "transfer")
"""Columns of the details that are rows of the sources by the same key; the rest is other money."""
_TOTAL_BUDGET, _CURRENT = "total_budget", "project.budget"
_ORIGINAL, _ADJUSTED, _REVISED, _EXECUTED = (
    "original_budget", "adjustment", "revised_budget", "executed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """One declaration with its form and what the records say of it."""

    declaration: DeclarationSnapshot
    form: FormEdition
    figures: FormFigures
    project: ProjectBudget | None

    def typed(self, block: str, row: str, column: str) -> Interval | None:
        found = self.declaration.amount(block, row, column)
        return None if found is None else _declared(found)

    def amount(self, block: str, row: str, column: str) -> Interval | None:
        """The record's figure where there is one, otherwise what was typed."""
        return self.figures.amount(block, row, column) or self.typed(block, row, column)

    def place(self, *path: str) -> str:
        """The address of a row and field, or of a cell of a block of amounts."""
        row, field = (path[0], path[1]) if len(path) == 2 else (path[0], "/".join(path[1:]))
        return declaration_address(self.declaration.subject, row, field)

    def finding(
        self,
        id: str,
        message: str,
        *places: str,
        label: str,
        left: Interval | None,
        right: Interval | None,
    ) -> Finding:
        values = [None if side is None else side.value for side in (left, right)]
        return BY_ID[id].finding(message, *places, label=label, left=values[0], right=values[1])


def check_money(facts: MoneyFacts) -> Iterator[Finding]:
    """All findings of a declaration's amounts."""
    yield from _totals(facts)
    yield from _against_records(facts)
    yield from _sources(facts)
    yield from _details(facts)
    yield from _classified(facts)
    yield from _total_budget(facts)
    yield from _previous_years(facts)
    for number, detail in enumerate(facts.declaration.details, 1):
        yield from _calculated(facts, number, detail)


def _declared(amount: FormAmount) -> Interval:
    return Interval.declared(amount.amount, MoneyUnit.from_code(amount.unit), amount.decimals)


def _words(left: Interval | None, right: Interval | None) -> tuple[str, str, str]:
    """Both amounts and their difference, in one unit."""
    one, other = (None if side is None else side.value for side in (left, right))
    difference = abs((one or Decimal(0)) - (other or Decimal(0)))
    beside = [value for value in (one, other, difference) if value is not None]
    texts = [amount_text(value, "money", beside) for value in (one, other, difference)]
    return texts[0], texts[1], texts[2]


def _agree(left: Interval | None, right: Interval | None) -> bool:
    """Whether two amounts may be one; an empty one is no amount."""
    if left is None or right is None:
        return left is right
    return left.can_equal(right)


def _money_blocks(form: FormEdition) -> tuple[FormBlock, ...]:
    return (*form.blocks_of(BlockKind.MONEY), *form.blocks_of(BlockKind.SOURCES))


def _columns(block: FormBlock) -> tuple[str, ...]:
    if block.kind is BlockKind.SOURCES:
        return (AMOUNT,)
    return tuple(column.key for column in block.columns if column.key != "share")


def _totals(facts: MoneyFacts) -> Iterator[Finding]:
    """A total that was typed or imported beside its rows."""
    for block in _money_blocks(facts.form):
        for total in (row for row in block.rows if row.is_total):
            for column in _columns(block):
                written = facts.typed(block.key, total.key, column)
                summed = _sum_of_rows(facts, block, column)
                if written is not None and summed is not None and not _agree(written, summed):
                    left, right, apart = _words(written, summed)
                    yield facts.finding(
                        "PT-213", f"合计写作 {left}，各行之和为 {right}，相差 {apart}。",
                        facts.place(block.key, total.key, column),
                        label=f"{block.title}{total.label}", left=written, right=summed,
                    )  # fmt: skip


def _sum_of_rows(facts: MoneyFacts, block: FormBlock, column: str) -> Interval | None:
    parts = (row for row in block.rows if not row.is_total)
    return total_interval(facts.amount(block.key, row.key, column) for row in parts)


def _against_records(facts: MoneyFacts) -> Iterator[Finding]:
    """A cell that was typed or imported though the records say it."""
    for block in _money_blocks(facts.form):
        for row in (row for row in block.rows if not row.is_total):
            for column in _columns(block):
                place = (block.key, row.key, column)
                record, written = facts.figures.amounts.get(place), facts.typed(*place)
                if record is None or written is None or _agree(written, record.amount):
                    continue
                left, right, apart = _words(written, record.amount)
                yield facts.finding(
                    "PT-214", f"申报表写作 {left}，预算记录为 {right}，相差 {apart}。",
                    facts.place(*place), *record.places,
                    label=f"{block.title}{row.label}", left=written, right=record.amount,
                )  # fmt: skip


def _budget(facts: MoneyFacts) -> Interval | None:
    """This year's budget: of the project's record, otherwise as typed."""
    if facts.project is not None:
        return facts.project.sum_of()
    rows = (
        facts.amount(block.key, row.key, AMOUNT)
        for block in facts.form.blocks_of(BlockKind.SOURCES)
        for row in block.rows
        if row.source == _CURRENT
    )
    return next((amount for amount in rows if amount is not None), None)


def _source_blocks(form: FormEdition) -> Iterator[FormBlock]:
    """The blocks of sources whose rows add up to this year's budget."""
    for block in form.blocks_of(BlockKind.SOURCES):
        if any(row.is_total for row in block.rows):
            yield block


def _sources(facts: MoneyFacts) -> Iterator[Finding]:
    budget = _budget(facts)
    for block in _source_blocks(facts.form):
        summed = _sum_of_rows(facts, block, AMOUNT)
        if budget is not None and not _agree(summed, budget):
            left, right, apart = _words(summed, budget)
            yield facts.finding(
                "PT-210", f"资金来源合计为 {left}，当年预算为 {right}，相差 {apart}。",
                facts.place(block.key, "total", AMOUNT), *_record_place(facts),
                label="资金来源", left=summed, right=budget,
            )  # fmt: skip


def _record_place(facts: MoneyFacts) -> Iterable[str]:
    return next((f.places for f in facts.figures.amounts.values() if f.places), ())


def _details(facts: MoneyFacts) -> Iterator[Finding]:
    blocks = facts.form.blocks_of(BlockKind.DETAILS)
    if not blocks:
        return
    details = facts.declaration.details
    summed = total_interval(_row_amount(detail) for detail in details)
    source = next(_source_blocks(facts.form), None)
    wanted = _budget(facts)
    if wanted is None and source is not None:
        wanted = _sum_of_rows(facts, source, AMOUNT)
    if wanted is not None and not _agree(summed, wanted):
        left, right, apart = _words(summed, wanted)
        yield facts.finding(
            "PT-211", f"支出明细合计为 {left}，当年预算为 {right}，相差 {apart}。",
            facts.place(blocks[0].key, "total"), label="支出明细", left=summed, right=wanted,
        )  # fmt: skip
    elif source is not None and details:
        yield from _details_by_source(facts, blocks[0], source)


def _details_by_source(facts: MoneyFacts, block: FormBlock, source: FormBlock) -> Iterator[Finding]:
    parts = [row.key for row in source.rows if not row.is_total]
    rest = [key for key in parts if key not in _OWN_SOURCES]
    for column, keys in (*((key, [key]) for key in _OWN_SOURCES if key in parts), ("other", rest)):
        summed = total_interval(_column_amount(d, column) for d in facts.declaration.details)
        wanted = total_interval(facts.amount(source.key, key, AMOUNT) for key in keys)
        zero = Interval(Decimal(0))
        if not _agree(summed or zero, wanted or zero):
            label = next((c.label for c in block.columns if c.key == column), column)
            left, right, apart = _words(summed, wanted)
            yield facts.finding(
                "PT-212", f"支出明细“{label}”合计为 {left}，资金来源为 {right}，相差 {apart}。",
                facts.place(block.key, column), facts.place(source.key, keys[0], AMOUNT),
                label="支出明细", left=summed, right=wanted,
            )  # fmt: skip


def _column_amount(detail: ExpenditureDetail, column: str) -> Interval | None:
    value: Decimal | None = getattr(detail, column)
    if value is None:
        return None
    return Interval.declared(value, MoneyUnit.from_code(detail.unit), detail.decimals)


def _row_amount(detail: ExpenditureDetail) -> Interval | None:
    return total_interval(_column_amount(detail, c) for c in (*_OWN_SOURCES, "other"))


def _classified(facts: MoneyFacts) -> Iterator[Finding]:
    """类别 and 频度 of the form beside those of the record; a transfer is a specific target."""
    project = facts.project
    if project is None:
        return
    recorded = {"category": project.kind.value, "frequency": project.frequency.value}
    for key, value in recorded.items():
        field, written = facts.form.field(key), facts.declaration.text(key)
        if field is None or not written:
            continue
        is_transfer = written.startswith(ProjectKind.SPECIFIC_TARGET.value)
        fits = written == value or (is_transfer and value == ProjectKind.SPECIFIC_TARGET.value)
        if not fits:
            labels = {choice.key: choice.label for choice in field.choices}
            said, known = labels.get(written, written), labels.get(value, value)
            yield BY_ID["PT-218"].finding(
                f"{field.label}写作“{said}”，项目支出预算表为“{known}”。",
                facts.place("form", key),
                label=field.label, left=said, right=known,
            )  # fmt: skip


def _total_budget(facts: MoneyFacts) -> Iterator[Finding]:
    budget = _budget(facts)
    for block in facts.form.blocks_of(BlockKind.SOURCES):
        total = facts.amount(block.key, _TOTAL_BUDGET, AMOUNT)
        if total is not None and budget is not None and not budget.can_be_at_most(total):
            left, right, apart = _words(total, budget)
            yield facts.finding(
                "PT-219", f"项目总预算为 {left}，小于当年预算 {right}，相差 {apart}。",
                facts.place(block.key, _TOTAL_BUDGET, AMOUNT),
                label="项目总预算", left=total, right=budget,
            )  # fmt: skip


def _previous_years(facts: MoneyFacts) -> Iterator[Finding]:
    for block in facts.form.blocks_of(BlockKind.MONEY):
        if not any(row.key == _REVISED for row in block.rows):
            continue
        for column in _columns(block):
            yield from _year_before(facts, block, column)


def _year_before(facts: MoneyFacts, block: FormBlock, column: str) -> Iterator[Finding]:
    original, adjusted, revised, executed = (
        facts.amount(block.key, key, column) for key in (_ORIGINAL, _ADJUSTED, _REVISED, _EXECUTED)
    )
    place = facts.place(block.key, _REVISED, column)
    summed = total_interval((original, adjusted))
    if original is not None and revised is not None and not _agree(summed, revised):
        left, right, apart = _words(revised, summed)
        yield facts.finding(
            "PT-222", f"调整后预算为 {left}，年初加年中调整为 {right}，相差 {apart}。",
            place, label=block.title, left=revised, right=summed,
        )  # fmt: skip
    if revised is not None and executed is not None and not executed.can_be_at_most(revised):
        left, right, apart = _words(executed, revised)
        yield facts.finding(
            "PT-222", f"实际执行为 {left}，大于调整后预算 {right}，相差 {apart}。",
            place, label=block.title, left=executed, right=revised,
        )  # fmt: skip


def _calculated(facts: MoneyFacts, number: int, detail: ExpenditureDetail) -> Iterator[Finding]:
    found = estimate(detail.calculation)
    place = facts.place(f"details-{number}", "calculation")
    for each in found.disagreements:
        left, right, apart = _words(each.written.amount, each.computed.amount)
        yield facts.finding(
            "PT-220",
            f"“{each.written.text}”写作 {left}，“{each.computed.text}”应为 {right}，相差 {apart}。",
            place, label=f"支出明细“{detail.content}”",
            left=each.written.amount, right=each.computed.amount,
        )  # fmt: skip
    amount = _row_amount(detail)
    total = found.total.amount if found.total and found.steps else None
    if total is not None and amount is not None and not _agree(total, amount):
        left, right, apart = _words(total, amount)
        yield facts.finding(
            "PT-221", f"测算结果为 {left}，该行金额为 {right}，相差 {apart}。",
            place, label=f"支出明细“{detail.content}”", left=total, right=amount,
        )  # fmt: skip
