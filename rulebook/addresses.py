"""Addresses: one spelling for every place of a filing that can hold a figure or a text.

An address is a string of segments joined by "/", the first being its kind::

    cell/<book>/<sheet>/<row>/<column>     a cell; book is a unit's or the department's code
    project/<project code>/<field>         a project's yearly record
    project_budget/<project code>/<field>  a row of the list of project budgets
    procurement/<book>/<number>/<field>    a row of a unit's procurement list
    purchased_service/<book>/<number>/<field>  a row of a unit's list of purchased services
    evaluation/<subject>/<row>/<field>     a self-evaluation; subject is "department" or a project
    declaration/<subject>/<row>/<field>    a target declaration
    monitoring/<subject>/<row>/<field>     a report of monitoring in the middle of the year
    result_use/<subject>/<row>/<field>     what follows from a subject's evaluation
    text/<key>                             a text or reason of the filing
    filing/<field>                         head data of the filing
    unit/<book>                            a unit's book as a whole
    list_total/<book>/<list>/<field>       the sum of a list's rows; book as for a cell
    extract/<sheet>/<line>                 a line of the extract of a published document
"""

from __future__ import annotations

from typing import NamedTuple


class CellRef(NamedTuple):
    """A cell by stable keys, without the book: the same in every unit."""

    sheet: str
    row: str
    column: str


class RowRef(NamedTuple):
    """A field of a row of a list; ``row`` is a project's code or a number of the unit's rows."""

    list_key: str
    row: str
    field: str


LIST_KINDS = {
    "project_budget": "project_budgets",
    "procurement": "procurement",
    "purchased_service": "purchased_services",
}
"""Kind of address → key of the list it is a row of."""


def cell_address(book: str, ref: CellRef) -> str:
    return f"cell/{book}/{ref.sheet}/{ref.row}/{ref.column}"


def unit_address(book: str) -> str:
    return f"unit/{book}"


def project_address(code: str, field: str) -> str:
    return f"project/{code}/{field}"


def project_budget_address(code: str, field: str) -> str:
    return f"project_budget/{code}/{field}"


def procurement_address(book: str, number: int, field: str) -> str:
    return f"procurement/{book}/{number}/{field}"


def purchased_service_address(book: str, number: int, field: str) -> str:
    return f"purchased_service/{book}/{number}/{field}"


def evaluation_address(subject: str, row: str, field: str) -> str:
    return f"evaluation/{subject}/{row}/{field}"


def declaration_address(subject: str, row: str, field: str) -> str:
    return f"declaration/{subject}/{row}/{field}"


def monitoring_address(subject: str, row: str, field: str) -> str:
    return f"monitoring/{subject}/{row}/{field}"


def result_use_address(subject: str, row: str, field: str) -> str:
    return f"result_use/{subject}/{row}/{field}"


def list_total_address(book: str, key: str, field: str) -> str:
    return f"list_total/{book}/{key}/{field}"


def extract_address(sheet: str, line: int) -> str:
    return f"extract/{sheet}/{line}"


def text_address(key: str) -> str:
    return f"text/{key}"


def cell_of(address: str) -> tuple[str, CellRef] | None:
    """(book, cell) of a cell's address, ``None`` for any other kind of address."""
    kind, *parts = address.split("/")
    if kind != "cell" or len(parts) != 4:
        return None
    return parts[0], CellRef(*parts[1:])


def row_of(address: str) -> RowRef | None:
    """The row and field of an address in a list, ``None`` for any other kind of address."""
    kind, *parts = address.split("/")
    if kind not in LIST_KINDS or len(parts) < 2:
        return None
    return RowRef(LIST_KINDS[kind], *parts[-2:])
