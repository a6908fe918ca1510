"""PURE: performance forms as their editions print them: declarations and self-evaluations."""

from disclosures.report.forms.tables import (
    declaration_name,
    declaration_table,
    derivation_table,
    evaluation_table,
)

__all__ = ["declaration_name", "declaration_table", "derivation_table", "evaluation_table"]
