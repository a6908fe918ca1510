"""工作台: what is due, who holds it, how long it may take, and the one next thing to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, Min, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from departments.models import Department, FiscalYear, StaffMember, Unit
from departments.permissions import is_bureau
from departments.roles import Role
from filings.models import Filing, FilingDeadline, FilingKind
from filings.states import State
from reviews.open_errors import errors_in
from reviews.words import holder_of
from rulebook.deadlines import disclosure_due
from rulebook.editions import EditionMissing, edition_for
from rulebook.layouts import FAMILY

NEXT = {
    (State.DRAFT, Role.PREPARER): ("继续填报", "filing_overview"),
    (State.RETURNED, Role.PREPARER): ("查看意见并修改", "filing_notice"),
    (State.INTERNAL_REVIEW, Role.INTERNAL_REVIEWER): ("复核并提交", "filing_submit"),
    (State.SUBMITTED, Role.INTERNAL_REVIEWER): ("查看回执", "filing_receipt"),
    (State.SUBMITTED, Role.BUREAU_REVIEWER): ("审核", "filing_review"),
    (State.APPROVED, Role.PUBLISHER): ("公开", "filing_publish"),
    (State.PUBLISHED, Role.PUBLISHER): ("查看公开情况", "filing_publish"),
}
NOT_HANDED_IN = "not_handed_in"
NOT_HANDED_IN_LABEL = "未报送"
BAR = (State.RETURNED, State.SUBMITTED, State.APPROVED, State.PUBLISHED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One filing on the desk; ``days_left`` is negative when late, ``None`` without a date."""

    filing: Filing
    holder: str
    due_on: date | None
    days_left: int | None
    action: str
    link: str
    is_mine: bool
    rounds: int = 0
    handed_in: str = ""
    errors: int = 0

    @property
    def days_late(self) -> int:
        return -(self.days_left or 0)


def due_on(filing: Filing, today: date) -> date | None:
    """报送期限 until it is handed in, then 公开时限 counted from the 批复.

    A filing that was returned keeps a day that is still to come; it is not late by being returned.
    """
    match filing.status:
        case State.APPROVED if filing.approval_issued_on:
            return disclosure_due(filing.approval_issued_on)
        case State.DRAFT | State.INTERNAL_REVIEW:
            return filing.due_on
        case State.RETURNED if filing.due_on and filing.due_on >= today:
            return filing.due_on
    return None


def handed_in_words(filing: Filing) -> str:
    """Whether it was first handed in by the day; empty while that is still to be done."""
    if filing.status not in {State.SUBMITTED, State.RETURNED}:
        return ""
    known = hasattr(filing, "first_receipt")
    first = getattr(filing, "first_receipt", None) if known else _first_receipt(filing)
    if filing.due_on is None or first is None:
        return "已报送"
    late = (timezone.localdate(first) - filing.due_on).days
    return f"逾期 {late} 天报送" if late > 0 else "按期报送"


def _first_receipt(filing: Filing) -> datetime | None:
    found: datetime | None = filing.receipts.aggregate(first=Min("issued_at"))["first"]
    return found


def next_step(filing: Filing, staff: StaffMember) -> tuple[str, str, bool]:
    """(words, address, whether it waits for this person)."""
    role = Role(staff.role)
    words, page = NEXT.get((filing.status, role), ("查看", ""))
    page = page or ("filing_review" if is_bureau(staff) else "filing_overview")
    waits = (filing.status, role) in NEXT and holder_of(filing.status) == role.label
    return words, reverse(f"work:{page}", args=[filing.public_id]), waits


def row_of(filing: Filing, staff: StaffMember, today: date, errors: int = 0) -> DeskRow:
    due = due_on(filing, today)
    words, link, waits = next_step(filing, staff)
    return DeskRow(
        filing=filing,
        holder=holder_of(filing.status),
        due_on=due,
        days_left=(due - today).days if due else None,
        action=words,
        link=link,
        is_mine=waits,
        rounds=getattr(filing, "rounds", 0),
        handed_in="" if due else handed_in_words(filing),
        errors=errors,
    )


def rows_of(filings: Iterable[Filing], staff: StaffMember) -> list[DeskRow]:
    """What waits for this person first, then by the days left."""
    today, found = timezone.localdate(), list(filings)
    errors = errors_in(found, staff)
    rows = [row_of(filing, staff, today, errors[filing.pk]) for filing in found]
    return sorted(rows, key=lambda r: (not r.is_mine, r.days_left is None, r.days_left or 0))


def on_desk(staff: StaffMember, year: int | None, *, only_errors: bool = False) -> QuerySet[Filing]:
    """The filings of a year this person may see, with their submissions and errors counted."""
    found = Filing.objects.visible_to(staff).with_names().with_errors()
    found = found.wrong() if only_errors else found
    found = found.annotate(rounds=Count("receipts"), first_receipt=Min("receipts__issued_at"))
    return found.for_year(year) if year else found


def waiting_elsewhere(staff: StaffMember, year: int | None) -> list[tuple[int, int]]:
    """Other years in which filings wait for this person, with how many, newest first."""
    mine = [s for s, role in NEXT if role == staff.role and holder_of(s) == role.label]
    found = Filing.objects.visible_to(staff).filter(state__in=[state.value for state in mine])
    counted = found.exclude(fiscal_year=year).values_list("fiscal_year").annotate(Count("pk"))
    return list(counted.order_by("-fiscal_year"))


def years() -> list[int]:
    return list(FiscalYear.objects.values_list("year", flat=True))


@dataclass(frozen=True, slots=True)
class NotBegun:
    """A filing the department has not opened yet."""

    fiscal_year: int
    kind: str
    label: str
    days_left: int | None = None
    holder: str = Role.PREPARER.label

    @property
    def days_late(self) -> int:
        return -(self.days_left or 0)


def not_begun(staff: StaffMember, year: int | None, filings: Iterable[Filing]) -> list[NotBegun]:
    """Kinds that open years have rules for and the department has not opened."""
    if staff.role != Role.PREPARER or staff.department is None:
        return []
    known = {(filing.fiscal_year_id, filing.kind) for filing in filings}
    open_years = FiscalYear.objects.open().values_list("year", flat=True)
    wanted = [y for y in open_years if year in (None, y)]
    region, today = staff.department.region_id, timezone.localdate()
    days = {
        place: (day - today).days for place, day in FilingDeadline.objects.known_in(region).items()
    }
    return [
        NotBegun(y, kind.value, str(kind.label), days.get((y, kind.value)))
        for y in wanted
        for kind in FilingKind
        if (y, kind.value) not in known and has_rules(kind.value, region, y)
    ]


def has_rules(kind: str, region: str, fiscal_year: int) -> bool:
    try:
        edition_for(FAMILY, kind, region=region, fiscal_year=fiscal_year)
    except EditionMissing:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Segment:
    """Part of the bar: so many departments in a state; ``start`` and ``width`` in per mille."""

    state: str
    label: str
    count: int
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """A kind of filing whose day has passed, and the departments that did not hand it in."""

    label: str
    days_late: int
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """How many departments of a bureau stand where in a year, and who is late."""

    departments: int
    segments: tuple[Segment, ...]
    late: tuple[DeskRow, ...]
    overdue: tuple[Overdue, ...] = ()


def board_of(staff: StaffMember, rows: Sequence[DeskRow], year: int | None) -> Board:
    """One version per department counts: the newest a bureau may see."""
    newest: dict[int, DeskRow] = {}
    for row in sorted(rows, key=lambda row: row.filing.version):
        newest[row.filing.department_id] = row
    total = Department.objects.visible_to(staff).count()
    counts = Counter(row.filing.status for row in newest.values())
    late = [row for row in newest.values() if row.days_left is not None and row.days_left < 0]
    overdue = tuple(_overdue(staff, rows, year)) if year else ()
    return Board(total, tuple(_segments(total, counts)), tuple(late), overdue)


def _overdue(staff: StaffMember, rows: Iterable[DeskRow], year: int) -> Iterator[Overdue]:
    """Departments with units of the year, by the day that holds for their region."""
    today = timezone.localdate()
    handed_in = {(row.filing.department_id, row.filing.kind) for row in rows}
    filing_units = Unit.objects.existing_in(year).filter(department=OuterRef("pk"))
    found = Department.objects.visible_to(staff).filter(Exists(filing_units))
    departments = list(found.values_list("pk", "name", "region"))
    days = FilingDeadline.objects.known_in_each({region for _, _, region in departments})
    late: dict[tuple[str, date], list[str]] = {}
    for pk, name, region in departments:
        for kind in FilingKind:
            day = days[region].get((year, kind.value))
            if day is not None and day < today and (pk, kind.value) not in handed_in:
                late.setdefault((str(kind.label), day), []).append(name)
    for (label, day), names in sorted(late.items()):
        yield Overdue(label, (today - day).days, tuple(names))


def _segments(total: int, counts: Counter[State]) -> Iterator[Segment]:
    handed_in = sum(counts.values())
    parts = [(NOT_HANDED_IN, NOT_HANDED_IN_LABEL, total - handed_in)]
    parts += [(state.value, state.label, counts[state]) for state in BAR]
    start = 0
    for state, label, count in parts:
        if count > 0:
            width = 1000 * count // total
            yield Segment(state, label, count, start, width)
            start += width
