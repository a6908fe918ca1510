"""A department's printed book: what it would file in the lists, and its totals kept as evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from budgets.aggregate import department_book
from budgets.checks import resolve
from budgets.checks.keys import PROCUREMENT, PROJECT_BUDGETS, PURCHASED_SERVICES
from budgets.declared import (
    Compared,
    DeclaredFigure,
    Derived,
    compare_declared,
    declared_findings,
)
from budgets.excel.confined import read_published_confined
from budgets.excel.printed_lists import Whose
from budgets.excel.published import PublishedBook
from budgets.excel.understanding import UnderstoodSheet
from budgets.lists import lists_of, replace_lists
from budgets.models import DeclaredTotal, Project, Upload
from budgets.problems import problem
from budgets.services import ImportOutdated
from budgets.snapshots import books_of, code_names
from budgets.uploads import bytes_of, path_of, safe_name, write_once
from budgets.workbook import (
    BudgetLists,
    ProcurementRow,
    ProjectBudget,
    PurchasedServiceRow,
)
from departments.models import StaffMember, Unit
from filings.models import Filing
from filings.services import record, require_editable
from rulebook.findings import Finding, Severity
from rulebook.headers import plain
from rulebook.layouts import load_layout

Purchase = TypeVar("Purchase", ProcurementRow, PurchasedServiceRow)
LISTS = (PROJECT_BUDGETS, PROCUREMENT, PURCHASED_SERVICES)
OPERATING, OPERATING_WORDS = "-", "公用"
MOST_CANDIDATES = 5
LEAST_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Question:
    """Which project is meant by a name? ``proposed`` is a code, ``-`` for operating costs, or
    empty where nothing fits; nothing is taken before a person has answered."""

    key: str
    book: str
    words: str
    places: tuple[str, ...]
    candidates: tuple[tuple[str, str], ...]
    proposed: str


@dataclass(frozen=True, slots=True)
class PublishedPlan:
    """What a file would do; nothing happens while a finding is an error."""

    book: PublishedBook = field(default_factory=PublishedBook)
    lists: BudgetLists = field(default_factory=BudgetLists)
    compared: tuple[Compared, ...] = ()
    questions: tuple[Question, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def understood(self) -> tuple[UnderstoodSheet, ...]:
        return self.book.understood

    @property
    def is_refused(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """Records by list, of the lists that are in the file."""
        return {key: len(getattr(self.lists, key)) for key in LISTS if key in self.book.tables}


def whose_book(filing: Filing) -> Whose:
    """The department of a filing with the units of its year."""
    units = Unit.objects.filter(department=filing.department_id)
    year = filing.fiscal_year_id
    found = units.existing_in(year).prefetch_related("former_names")
    return Whose(filing.department.code, {unit.code: unit.name_in(year) for unit in found})


def filed_by(filing: Filing, lists: BudgetLists) -> Derived:
    """What the units filed, with ``lists`` for its lists."""
    books = books_of(filing)
    figures = {book.book: resolve(book) for book in books}
    if books:
        whole = department_book(books, filing.department.code, filing.department.name)
        figures[""] = resolve(whole)
    names = code_names(filing.fiscal_year_id)
    return Derived(load_layout(filing.layout_edition), figures, lists, names)


def plan_published(
    *, filing: Filing, data: bytes, answers: Mapping[str, str] | None = None
) -> PublishedPlan:
    """What the file would change as things are now; stores nothing.

    ``answers`` says, by :attr:`Question.key`, which project a name means.
    """
    book = read_published_confined(data, load_layout(filing.layout_edition), whose_book(filing))
    now = lists_of(filing)
    projects, findings = _with_what_is_known(filing, book, now)
    read = replace(book, project_budgets=projects)
    given = answers or {}
    questions = _questions(filing, read, now)
    means = {question.key: given.get(question.key, "") for question in questions}
    findings.extend(_unanswered(questions, means))
    lists = BudgetLists(
        read.project_budgets if PROJECT_BUDGETS in book.tables else now.project_budgets,
        tuple(_answered(row, means) for row in read.procurement)
        if PROCUREMENT in book.tables
        else now.procurement,
        tuple(_answered(row, means) for row in read.purchased_services)
        if PURCHASED_SERVICES in book.tables
        else now.purchased_services,
    )
    compared = tuple(compare_declared(book.declared, filed_by(filing, lists)))
    return PublishedPlan(
        book=book,
        lists=lists,
        compared=compared,
        questions=questions,
        findings=(*book.findings, *findings, *declared_findings(compared)),
    )


def _with_what_is_known(
    filing: Filing, book: PublishedBook, now: BudgetLists
) -> tuple[tuple[ProjectBudget, ...], list[Finding]]:
    """What the table does not print, as the filing has it: function, kind, frequency, use."""
    known = {row.code: row for row in now.project_budgets}
    codes = [row.code for row in book.project_budgets]
    holders = dict(Project.objects.filter(code__in=codes).values_list("code", "unit__code"))
    findings: list[Finding] = []
    for row, place in book.placed():
        if not isinstance(row, ProjectBudget):
            continue
        words = f"{place}：“{row.name}”（{row.code}）"
        holder = holders.get(row.code, row.book)
        if holder != row.book:
            message = f"{words}在单位 {row.book} 名下，系统中属于单位 {holder}。"
            findings.append(problem("IM-197", message, label=place, right=holder))
        if codes.count(row.code) > 1:
            findings.append(problem("IM-134", f"{words}出现了不止一次。", label=place))
    new = [row.name for row in book.project_budgets if row.code not in known]
    if new:
        message = f"{len(new)} 个项目系统中还没有功能科目和类别，例如“{new[0]}”。"
        findings.append(problem("IM-194", message, label="项目支出预算表"))
    filled = (
        replace(
            row,
            functional_code=known[row.code].functional_code,
            kind=known[row.code].kind,
            frequency=known[row.code].frequency,
            total_budget=known[row.code].total_budget,
            main_use=known[row.code].main_use,
        )
        if row.code in known
        else row
        for row in book.project_budgets
    )
    return tuple(filled), findings


def question_key(book: str, words: str) -> str:
    """A name of a project of a unit as the key of its question."""
    return hashlib.sha256(f"{book}/{words}".encode()).hexdigest()[:16]


def _questions(filing: Filing, read: PublishedBook, now: BudgetLists) -> tuple[Question, ...]:
    listed = read.project_budgets or now.project_budgets
    known: dict[str, dict[str, str]] = {}
    projects = Project.objects.filter(unit__department=filing.department_id)
    going_on = projects.in_force_in(filing.fiscal_year_id)
    for book, code, name in going_on.values_list("unit__code", "code", "name"):
        known.setdefault(book, {})[code] = name
    for budget in listed:
        known.setdefault(budget.book, {})[budget.code] = budget.name
    places: dict[tuple[str, str], list[str]] = {}
    for row, place in read.placed():
        if isinstance(row, ProcurementRow | PurchasedServiceRow):
            places.setdefault((row.book, row.project_name), []).append(place)
    return tuple(
        _question(book, words, tuple(found), known.get(book, {}))
        for (book, words), found in places.items()
    )


def _question(
    book: str, words: str, places: tuple[str, ...], projects: Mapping[str, str]
) -> Question:
    named = {plain(name): code for code, name in projects.items()}
    alike = get_close_matches(plain(words), named, n=MOST_CANDIDATES, cutoff=LEAST_ALIKE)
    codes = [named[name] for name in alike]
    same = named.get(plain(words), "")
    proposed = same or (OPERATING if OPERATING_WORDS in words else "")
    others = sorted(code for code in projects if code not in codes)
    candidates = [(code, projects[code]) for code in (*codes, *others)]
    return Question(
        question_key(book, words),
        book,
        words,
        places,
        (*candidates, (OPERATING, "公用经费（不属于项目）")),
        proposed,
    )


def _unanswered(questions: Iterable[Question], means: Mapping[str, str]) -> list[Finding]:
    """A name that nobody has answered for, with what it could mean."""
    found: list[Finding] = []
    for each in questions:
        if means[each.key] in dict(each.candidates):
            continue
        likely = "、".join(f"{name}（{code}）" for code, name in each.candidates[:3])
        message = f"{each.places[0]}：单位 {each.book} 的“{each.words}”是哪个项目？可能是{likely}。"
        found.append(
            problem("IM-193", message, label=each.places[0], left=each.words, right=likely)
        )
    return found


def _answered(row: Purchase, means: Mapping[str, str]) -> Purchase:
    code = means.get(question_key(row.book, row.project_name), "")
    return replace(row, project_code="" if code == OPERATING else code)


# ── keeping and applying ────────────────────────────────────────────────────────────────────────


@transaction.atomic
def keep_published(*, filing: Filing, staff: StaffMember, name: str, data: bytes) -> Upload:
    """Keep a file that passed the gate, under its hash; the same file twice is one upload."""
    require_editable(filing, staff)
    digest = hashlib.sha256(data).hexdigest()
    path = path_of(digest)
    write_once(path, data)
    upload, _ = Upload.objects.get_or_create(
        filing=filing,
        workbook=None,
        sha256=digest,
        defaults={"name": safe_name(name), "size": len(data), "path": path, "uploaded_by": staff},
    )
    return upload


@transaction.atomic
def apply_published(
    *,
    upload: Upload,
    staff: StaffMember,
    answers: Mapping[str, str],
    seen_revision: int | None,
) -> PublishedPlan:
    """Store the lists and the declared totals of a kept file, whole or not at all.

    Raises FilingLocked, ImportOutdated when the filing changed after the preview.
    """
    filing = Filing.objects.select_for_update().get(pk=upload.filing_id)
    require_editable(filing, staff)
    if seen_revision not in (None, filing.revision):
        raise ImportOutdated("预览之后申报件又有修改，请重新核对后再确认。")
    plan = plan_published(filing=filing, data=bytes_of(upload), answers=answers)
    if plan.is_refused:
        return plan
    if plan.counts:
        units = {unit.code: unit for unit in filing.department.units.all()}
        replace_lists(filing=filing, staff=staff, lists=plan.lists, units=units)
    _keep_totals(filing, upload, plan.book)
    upload.applied_at = timezone.now()
    upload.save(update_fields=["applied_at"])
    detail: dict[str, Any] = {"name": upload.name, "sha256": upload.sha256, **plan.counts}
    detail["declared"] = len(plan.book.declared)
    record(filing=filing, staff=staff, action="import_published", detail=detail)
    return plan


def _keep_totals(filing: Filing, upload: Upload, book: PublishedBook) -> None:
    """The totals of the tables in the file, in place of those kept before."""
    DeclaredTotal.objects.filter(filing=filing, sheet__in=book.tables).delete()
    DeclaredTotal.objects.bulk_create(
        DeclaredTotal(
            filing=filing,
            upload=upload,
            sheet=each.table,
            book=each.book,
            row=each.row,
            column=each.column,
            value=each.value,
            declared_unit=each.unit,
            declared_decimals=each.decimals,
            place=each.place,
        )
        for each in book.declared
    )


def declared_of(filing: Filing) -> tuple[Compared, ...]:
    """The published totals kept for a filing, beside what its units add up to now."""
    kept: Sequence[DeclaredTotal] = list(DeclaredTotal.objects.filter(filing=filing))
    if not kept:
        return ()
    figures = (
        DeclaredFigure(
            each.sheet,
            each.book,
            each.row,
            each.column,
            each.value,
            each.declared_unit,
            each.declared_decimals,
            each.place,
        )
        for each in kept
    )
    return tuple(compare_declared(figures, filed_by(filing, lists_of(filing))))
