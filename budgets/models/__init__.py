"""Classifications, projects and workbooks."""

from budgets.models.classification import (
    EconomicCode,
    FunctionalCode,
    ProcurementItem,
    ServiceDirectoryEntry,
)
from budgets.models.declared import DeclaredTotal
from budgets.models.project import Project, ProjectYear
from budgets.models.records import (
    ListChange,
    ProcurementLine,
    ProjectBudgetLine,
    PurchasedServiceLine,
)
from budgets.models.workbook import Cell, CellChange, Upload, WithheldRow, Workbook

__all__ = [
    "Cell",
    "CellChange",
    "DeclaredTotal",
    "EconomicCode",
    "FunctionalCode",
    "ListChange",
    "ProcurementItem",
    "ProcurementLine",
    "Project",
    "ProjectBudgetLine",
    "ProjectYear",
    "PurchasedServiceLine",
    "ServiceDirectoryEntry",
    "Upload",
    "WithheldRow",
    "Workbook",
]
