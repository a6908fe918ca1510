"""The network of relations between the cells of one workbook.

Relations are written over families of cells; for the codes which a workbook uses they become
instances over single cells. Compiling proves that no cell is derived twice and that derivation
has no cycle, and indexes the instances by cell so that an edit re-checks only what it touches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Protocol

from rulebook.addresses import CellRef
from rulebook.amounts import Interval
from rulebook.layouts import LayoutError, SheetLayout, WorkbookLayout
from rulebook.relations import AllDivisions, Each, OnSide, Relation, Shape, Term

SignedRef = tuple[CellRef, int]
CodeRows = tuple[tuple[str, tuple[str, ...]], ...]
"""Per sheet, the code rows a workbook uses with their parents; hashable, sorted."""


class HasRelations(Protocol):
    """A check as the network sees it."""

    @property
    def id(self) -> str: ...
    @property
    def relations(self) -> tuple[Relation, ...]: ...


@dataclass(frozen=True, slots=True)
class Instance:
    """One relation over single cells, bearing the id of the check it belongs to.

    ``downward`` marks a sum over the codes below a total, to which withheld rows still belong.
    """

    check_id: str
    shape: Shape
    left: tuple[SignedRef, ...]
    right: tuple[SignedRef, ...]
    derives: bool
    downward: bool = False

    @property
    def cells(self) -> Iterator[CellRef]:
        return (ref for ref, _ in (*self.left, *self.right))


@dataclass(frozen=True)
class Network:
    """All instances of one layout for one set of codes."""

    layout: WorkbookLayout
    instances: tuple[Instance, ...]
    derivations: Mapping[CellRef, Instance]
    order: tuple[CellRef, ...]
    by_cell: Mapping[CellRef, tuple[Instance, ...]] = field(repr=False)

    def is_derived(self, ref: CellRef) -> bool:
        return ref in self.derivations

    @cached_property
    def dependents(self) -> Mapping[CellRef, tuple[CellRef, ...]]:
        """Cell → the derived cells computed from it directly."""
        found: dict[CellRef, list[CellRef]] = {}
        for target, instance in self.derivations.items():
            for ref, _ in instance.right:
                found.setdefault(ref, []).append(target)
        return {ref: tuple(targets) for ref, targets in found.items()}

    def reached_from(self, cells: Iterable[CellRef]) -> set[CellRef]:
        """The cells and every derived cell that changes with them."""
        reached: set[CellRef] = set()
        waiting = list(cells)
        while waiting:
            ref = waiting.pop()
            if ref not in reached:
                reached.add(ref)
                waiting.extend(self.dependents.get(ref, ()))
        return reached

    def touching(self, cells: Iterable[CellRef]) -> list[Instance]:
        """The instances that may judge differently after these cells changed."""
        found: dict[int, Instance] = {}
        for ref in self.reached_from(cells):
            for instance in self.by_cell.get(ref, ()):
                found[id(instance)] = instance
        return list(found.values())

    def derive(
        self, entered: Mapping[CellRef, Interval], added: Mapping[CellRef, Interval]
    ) -> dict[CellRef, Interval]:
        """Entered figures → entered and derived ones.

        ``added`` is what withheld rows contribute to a total besides its visible parts. A sum
        of nothing but empty cells stays empty.
        """
        figures = {ref: figure for ref, figure in entered.items() if ref not in self.derivations}
        for target in self.order:
            instance = self.derivations[target]
            more = added.get(target) if instance.downward else None
            total = signed_total(instance.right, figures, more)
            if total is not None:
                figures[target] = total
        return figures


def signed_total(
    refs: Iterable[SignedRef],
    figures: Mapping[CellRef, Interval],
    more: Interval | None = None,
) -> Interval | None:
    """Σ of the cells that are filled, plus ``more``; ``None`` when nothing is filled."""
    found = [(figures[ref], sign) for ref, sign in refs if ref in figures]
    if not found:
        return more
    result = more or Interval(Decimal(0))
    for figure, sign in found:
        result = result.plus(figure) if sign > 0 else result.minus(figure)
    return result


def code_rows_of(layout: WorkbookLayout, used: Iterable[tuple[str, str]]) -> CodeRows:
    """(sheet, row) pairs in use → the code rows of every sheet, parents included.

    A sheet that lists the outermost codes itself gets those used anywhere in the workbook under
    the same classification: a used class without a printed row is appended, else totals would lie.
    """
    rows: dict[str, set[str]] = {sheet.key: set() for sheet in layout.sheets}
    for key, row in used:
        if layout.has_sheet(key) and layout.sheet(key).is_code_row(row):
            rows[key].add(row)
    outermost: dict[str, set[str]] = {}
    for sheet in layout.sheets:
        if sheet.codes:
            found = sheet.codes.with_ancestors(rows[sheet.key])
            rows[sheet.key] = set(found)
            tops = {code for code in found if len(code) == sheet.codes.levels[0]}
            outermost.setdefault(sheet.codes.classification, set()).update(tops)
    for sheet in layout.sheets:
        if sheet.codes and sheet.codes.listed:
            printed = {row.key for row in sheet.rows}
            rows[sheet.key] |= outermost[sheet.codes.classification] - printed
    return tuple((key, tuple(sorted(codes))) for key, codes in sorted(rows.items()))


class _Expander:
    """Turns the relations of checks into instances for one layout and one set of codes."""

    def __init__(self, layout: WorkbookLayout, code_rows: CodeRows) -> None:
        self.layout = layout
        self.rows = dict(code_rows)

    def divisions(self, sheet: SheetLayout) -> list[str]:
        codes = sheet.codes
        if codes is None:
            return []
        listed = [row.key for row in sheet.rows if codes.is_code(row.key)]
        used = [code for code in self.rows[sheet.key] if codes.level_of(code) == 0]
        return listed + used

    def _spread(self, term: Term, bound: str) -> list[SignedRef]:
        sheet = self.layout.sheet(term.sheet)
        match term.row:
            case Each():
                rows = [bound]
            case AllDivisions():
                rows = self.divisions(sheet)
            case OnSide(side):
                prefixes = dict(sheet.codes.sides)[side] if sheet.codes else ()
                rows = [row for row in self.divisions(sheet) if row in prefixes]
            case str(row):
                rows = [row]
        refs = [CellRef(term.sheet, row, term.column) for row in rows]
        return [(ref, term.sign) for ref in refs if sheet.has_cell(ref.row, ref.column)]

    def _bindings(self, relation: Relation) -> list[str]:
        bound = [t for t in (*relation.left, *relation.right) if isinstance(t.row, Each)]
        if not bound:
            return [""]
        found: set[str] = set()
        for term in bound:
            sheet = self.layout.sheet(term.sheet)
            if term.row is Each.DIVISION:
                found |= set(self.divisions(sheet))
            elif sheet.codes:
                entry = sheet.codes.entry_length
                found |= {code for code in self.rows[sheet.key] if len(code) == entry}
        return sorted(found)

    def instances(self, check: HasRelations) -> Iterator[Instance]:
        for relation in check.relations:
            yield from self._expand(check.id, relation)

    def _expand(self, check_id: str, relation: Relation) -> Iterator[Instance]:
        sheets = {term.sheet for term in (*relation.left, *relation.right)} | {relation.sheet}
        if not all(self.layout.has_sheet(key) for key in sheets if key):
            return
        if relation.shape is Shape.LAYOUT_SUMS:
            yield from self._sums(check_id, self.layout.sheet(relation.sheet))
            return
        for bound in self._bindings(relation):
            left = [ref for term in relation.left for ref in self._spread(term, bound)]
            right = [ref for term in relation.right for ref in self._spread(term, bound)]
            if left and (right or relation.derives):
                yield Instance(
                    check_id, relation.shape, tuple(left), tuple(right), relation.derives
                )

    def _sums(self, check_id: str, sheet: SheetLayout) -> Iterator[Instance]:
        rows = sheet.ordered_rows(self.rows[sheet.key])
        columns_of = {row: sheet.columns_of(row) for row in rows}
        for total in sheet.row_totals:
            for row, columns in columns_of.items():
                if total.column in columns:
                    parts = [CellRef(sheet.key, row, c) for c in total.of if c in columns]
                    target = CellRef(sheet.key, row, total.column)
                    yield _sum(check_id, target, parts, derives=True)
        if sheet.codes and not sheet.codes.listed:
            yield from self._downward_sums(check_id, sheet)

    def _downward_sums(self, check_id: str, sheet: SheetLayout) -> Iterator[Instance]:
        codes = sheet.codes
        assert codes is not None
        used = self.rows[sheet.key]
        columns_of = {code: sheet.columns_of(code) for code in used}
        children: dict[str, list[str]] = {c: [] for c in used if len(c) != codes.entry_length}
        for code in used:
            if parent := codes.parent_of(code):
                children[parent].append(code)
        if codes.sum_row:
            children[codes.sum_row] = self.divisions(sheet)
        for parent, below in children.items():
            for column in sheet.columns_of(parent):
                rows = [child for child in below if column in columns_of[child]]
                parts = [CellRef(sheet.key, child, column) for child in rows]
                target = CellRef(sheet.key, parent, column)
                derives = column not in codes.proved_columns
                yield _sum(check_id, target, parts, derives=derives, downward=True)


def _sum(
    check_id: str, total: CellRef, parts: list[CellRef], *, derives: bool, downward: bool = False
) -> Instance:
    right = tuple((ref, 1) for ref in parts)
    return Instance(check_id, Shape.EQUAL, ((total, 1),), right, derives, downward)


def build(layout: WorkbookLayout, checks: Iterable[HasRelations], code_rows: CodeRows) -> Network:
    """Compile. Raises LayoutError when a cell is derived twice or the derivation has a cycle."""
    expander = _Expander(layout, code_rows)
    instances = tuple(i for check in checks for i in expander.instances(check))
    derivations: dict[CellRef, Instance] = {}
    for instance in instances:
        if instance.derives:
            target = instance.left[0][0]
            if target in derivations:
                raise LayoutError(f"{target} is derived twice")
            derivations[target] = instance
    by_cell: dict[CellRef, list[Instance]] = {}
    for instance in instances:
        for ref in instance.cells:
            by_cell.setdefault(ref, []).append(instance)
    return Network(
        layout,
        instances,
        derivations,
        _derivation_order(derivations),
        {ref: tuple(found) for ref, found in by_cell.items()},
    )


def _derivation_order(derivations: Mapping[CellRef, Instance]) -> tuple[CellRef, ...]:
    graph = {
        target: [ref for ref, _ in instance.right if ref in derivations]
        for target, instance in derivations.items()
    }
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise LayoutError(f"derivation has a cycle: {error.args[1]}") from error
