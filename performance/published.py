"""PURE: what of declarations and self-evaluations everybody may see.

People and telephone numbers stand in fields the form edition marks private; points printed on an
imported form are evidence for the reviewers. Neither leaves the staff side.
"""

from __future__ import annotations

from dataclasses import replace

from performance.evaluation import ChangeState, DeclarationSnapshot, EvaluationSnapshot, FieldText
from rulebook.forms import load_form


def published_declaration(declaration: DeclarationSnapshot) -> DeclarationSnapshot:
    """The declaration without private fields, and of the requests only what was accepted."""
    accepted = tuple(c for c in declaration.changes if c.state is ChangeState.ACCEPTED)
    fields = _public_fields(declaration.form, declaration.fields)
    return replace(declaration, fields=fields, changes=accepted)


def published_evaluation(evaluation: EvaluationSnapshot) -> EvaluationSnapshot:
    """The self-evaluation without private fields and claimed points."""
    return replace(
        evaluation,
        declaration=published_declaration(evaluation.declaration),
        fields=_public_fields(evaluation.form, evaluation.fields),
        claimed=(),
        claimed_grade="",
    )


def _public_fields(form: str, fields: tuple[FieldText, ...]) -> tuple[FieldText, ...]:
    """Only fields the form knows and does not mark private."""
    if not fields:
        return ()
    shown = {field.key for field in load_form(form).fields() if not field.is_private}
    return tuple(field for field in fields if field.key in shown)
