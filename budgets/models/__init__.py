"""Classifications, projects and workbooks."""

from budgets.models.classification import EconomicCode, FunctionalCode
from budgets.models.declared import DeclaredTotal
from budgets.models.project import Project, ProjectYear
from budgets.models.records import (
    ListChange,
    ProcurementLine,
    ProjectBudgetLine,
    PurchasedServiceLine,
)
from budgets.models.workbook import Cell, CellChange, KeptFile, Upload, WithheldRow, Workbook

__all__ = [
    "Cell",
    "CellChange",
    "DeclaredTotal",
    "EconomicCode",
    "FunctionalCode",
    "KeptFile",
    "ListChange",
    "ProcurementLine",
    "Project",
    "ProjectBudgetLine",
    "ProjectYear",
    "PurchasedServiceLine",
    "Upload",
    "WithheldRow",
    "Workbook",
]
