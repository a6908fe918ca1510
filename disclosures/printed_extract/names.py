"""PURE: PD-12x to PD-14x: labels, names and codes as printed, and the uses a text names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from disclosures.printed_extract.readings import MONEY_UNITS
from disclosures.printed_extract.subject import Judged, Subject, bare, rule
from disclosures.printed_extract.values import NamedUse, NameKind, PrintedName
from rulebook.addresses import CellRef, cell_of, extract_address
from rulebook.checks import Verdict
from rulebook.code_shapes import code_shape
from rulebook.findings import Scope, Severity

SHEET = "names"
TOTAL = "合计"
CODED = (NameKind.FUNCTIONAL, NameKind.ECONOMIC)
FULL_UNITS = MONEY_UNITS.keys() - {"万"}
_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十廿]+、|其中[:：]?)")


@dataclass(frozen=True, slots=True)
class Named:
    """A name beside a code, with the line it is printed on."""

    address: str
    place: str
    code: str
    name: str


def _place(line: PrintedName) -> str:
    return extract_address(SHEET, line.line)


def _of_kind(subject: Subject, *kinds: NameKind) -> Iterator[PrintedName]:
    return (line for line in subject.extract.names if line.kind in kinds)


def _plain_label(label: str) -> str:
    return _NUMBERING.sub("", bare(label))


def _expected_label(subject: Subject, address: str) -> str:
    """What the row of an address is called; empty for an address this filing does not have."""
    if address.startswith("list_total/"):
        return TOTAL
    place = cell_of(address)
    if place is None:
        return ""
    layout, ref = subject.facts.layout, place[1]
    if not layout.has_cell(ref):
        return ""
    row = layout.sheet(ref.sheet).row(ref.row)
    return row.label if row else subject.facts.code_names.get(ref.row, "")


def _labels(subject: Subject) -> Iterator[Verdict]:
    for line in _of_kind(subject, NameKind.ROW_LABEL):
        expected = _expected_label(subject, line.code)
        if expected and _plain_label(line.name) != _plain_label(expected):
            message = f"{line.place}的行名印作“{line.name}”，应为“{expected}”。"
            yield Verdict((_place(line), line.code), line.place, line.name, expected, message)


def _money_units(subject: Subject) -> Iterator[Verdict]:
    for line in _of_kind(subject, NameKind.MONEY_UNIT):
        if bare(line.name) not in FULL_UNITS:
            message = f"{line.place}的计量单位印作“{line.name}”，不是元、万元或亿元。"
            yield Verdict((_place(line),), line.place, line.name, None, message)


def _unknown(subject: Subject) -> Iterator[Verdict]:
    facts = subject.facts
    known: dict[NameKind, Mapping[str, str]] = {
        NameKind.UNIT: facts.unit_names,
        NameKind.PROJECT: facts.project_names,
    }
    for line in subject.extract.names:
        is_missing = line.kind in known and line.code not in known[line.kind]
        if line.kind is NameKind.ROW_LABEL:
            is_missing = not _expected_label(subject, line.code)
        if is_missing:
            message = f"{line.place}“{line.name}”旁的编码“{line.code}”不在申报件里。"
            yield Verdict((_place(line),), line.place, line.code, None, message)


def _codes(subject: Subject) -> Iterator[Verdict]:
    """A code with the name of another, or a name that stands beside two codes."""
    names = subject.facts.code_names
    groups: dict[tuple[NameKind, str, str], list[PrintedName]] = defaultdict(list)
    for line in _of_kind(subject, *CODED):
        groups[line.kind, bare(line.name), line.code].append(line)
    for (kind, name, code), lines in groups.items():
        same = {c for c, known in names.items() if bare(known) == name and len(c) == len(code)}
        same |= {c for k, n, c in groups if (k, n) == (kind, name) and c in names} - {code}
        wrong_name = code in names and bare(names[code]) != name
        if code in same or not (wrong_name or same):
            continue
        first, right = lines[0], "、".join(sorted(same))
        told = [f"{kind.label} {code} 是“{names[code]}”"] if wrong_name else []
        told += [f"“{first.name}”的编码是 {right}"] if right else []
        message = f"{first.place}印作“[{code}]{first.name}”，{'，'.join(told)}。"
        yield Verdict(tuple(map(_place, lines)), first.place, code, right or None, message)


def _shapes(subject: Subject) -> Iterator[Verdict]:
    year = subject.facts.package.head.fiscal_year
    shape = code_shape(NameKind.PROCUREMENT_ITEM.value, year)
    groups: dict[str, list[PrintedName]] = defaultdict(list)
    for line in _of_kind(subject, NameKind.PROCUREMENT_ITEM):
        groups[line.code].append(line)
    for code, lines in groups.items():
        if shape is not None and not shape.fits(code):
            place = lines[0].place
            message = f"{place}的采购品目“[{code}]{lines[0].name}”，编码不是{shape.words}。"
            yield Verdict(tuple(map(_place, lines)), place, code, shape.words, message)


def _printed(subject: Subject, kind: NameKind) -> Iterator[Named]:
    for line in _of_kind(subject, kind):
        yield Named(_place(line), line.place, line.code, line.name)


def _spellings(lines: Iterable[Named], known: Mapping[str, str], what: str) -> Iterator[Verdict]:
    """One verdict for each code whose printed names differ from the filing's."""
    groups: dict[str, list[Named]] = defaultdict(list)
    for line in lines:
        if line.name and bare(line.name) != bare(known.get(line.code, line.name)):
            groups[line.code].append(line)
    for code, differing in groups.items():
        spelled: dict[str, str] = {}
        for line in differing:
            spelled.setdefault(bare(line.name), f"“{line.name}”（{line.place}）")
        names = "；".join(dict.fromkeys(line.name for line in differing))
        message = (
            f"{what} {code} 的名称是“{known[code]}”，公开件又印作{'、'.join(spelled.values())}。"
        )
        places = tuple(line.address for line in differing)
        yield Verdict(places, f"{what} {known[code]}", names, known[code], message)


def _project_names(subject: Subject) -> Iterator[Verdict]:
    declared = (
        Named(extract_address("declared_projects", p.line), p.place, p.code, p.name)
        for p in subject.extract.declared_projects
    )
    lines = (*_printed(subject, NameKind.PROJECT), *declared)
    yield from _spellings(lines, subject.facts.project_names, "项目")


def _unit_names(subject: Subject) -> Iterator[Verdict]:
    declared = (
        Named(
            extract_address("declared_money", m.line), "整体绩效目标申报表", m.declaration, m.name
        )
        for m in subject.extract.declared_money
    )
    lines = (*_printed(subject, NameKind.UNIT), *declared)
    yield from _spellings(lines, subject.facts.unit_names, "单位")


def _is_same_use(use: str, item: str) -> bool:
    """Whether a text means an item: 的, 缴费, 支出 and the 用 of 费用 may be left out or added, and
    words before it say whose (在职人员基本工资)."""
    plain = bare(item).replace("的", "").replace("费用", "费")
    spellings = {plain, f"{plain}用", plain.removesuffix("缴费"), f"{plain}支出"}
    return any(bare(use).replace("的", "").endswith(spelling) for spelling in spellings)


def _spent(subject: Subject, use: NamedUse) -> Iterator[str]:
    """The names of the items of a sheet that have an amount in the department's book."""
    facts = subject.facts
    for address, known in facts.figures.items():
        book, ref = cell_of(address) or ("", CellRef("", "", ""))
        if book == facts.department and ref.sheet == use.sheet and known.figure.value:
            code = ref.row
            if code in facts.code_names and code.startswith(use.within) and code != use.within:
                yield facts.code_names[code]


def _uses(subject: Subject) -> Iterator[Verdict]:
    for use in subject.extract.uses:
        layout, message = subject.facts.layout, ""
        if not layout.has_sheet(use.sheet):
            message = f"{use.place}“{use.name}”所指的表“{use.sheet}”不在申报件里。"
        elif not any(_is_same_use(use.name, item) for item in _spent(subject, use)):
            title = layout.sheet(use.sheet).title
            message = f"{use.place}说用于“{use.name}”，{title}没有这一行，或金额为空。"
        if message:
            yield Verdict((extract_address("uses", use.line),), use.place, use.name, None, message)


_REWRITE = "请按申报件的名称改写，全文用同一名称。"
NAME_CHECKS: tuple[Judged, ...] = (
    (
        rule(
            "PD-105",
            "名称旁的编码在申报件中",
            "请核对摘录的编码；行名的编码写“可选的数”中的地址。",
            scope=Scope.WITHIN_SHEET,
        ),
        _unknown,
    ),
    (
        rule("PD-121", "行名与表样一致", "请按表样改正行名。", Severity.WARNING),
        _labels,
    ),
    (
        rule("PD-122", "计量单位写全", "请写明元、万元或亿元。", Severity.WARNING),
        _money_units,
    ),
    (
        rule(
            "PD-131",
            "同一名称只有一个编码",
            "请按本年度科目表核对编码和名称。",
            scope=Scope.CROSS_SHEET,
        ),
        _codes,
    ),
    (
        rule(
            "PD-132",
            "采购品目编码的位数正确",
            "请按政府采购品目分类目录写全编码。",
            scope=Scope.WITHIN_SHEET,
        ),
        _shapes,
    ),
    (
        rule("PD-133", "同一项目只有一个名称", _REWRITE, Severity.WARNING, Scope.CROSS_SHEET),
        _project_names,
    ),
    (
        rule("PD-134", "同一单位只有一个名称", _REWRITE, Severity.WARNING, Scope.CROSS_SHEET),
        _unit_names,
    ),
    (
        rule(
            "PD-141",
            "文字所列的用途在表中有金额",
            "请删去没有金额的用途，或者核对报表是否漏填。",
            Severity.WARNING,
        ),
        _uses,
    ),
)
