"""PURE: one filed form: its edition, its records and what people typed into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from disclosures.facts import EvaluationFacts, Fact, ReportFacts, added
from disclosures.narrative.performance import evaluation_name
from disclosures.narrative.phrases import AmountStyle, points, text_of, two_decimals, wan_text
from disclosures.report.blocks import Cell
from performance.composing import DEVIATION, IMPROVEMENT, box_text
from performance.evaluation import DeclarationSnapshot, FieldText, FormAmount, is_overall
from performance.form_figures import (
    SCORE_TOTAL,
    STATED,
    FormFigures,
    RecordFigure,
    form_figures,
)
from performance.scoring import Scorecard, ScoreLine
from performance.scoring.parameters import Component, ScoringParameters
from rulebook.addresses import declaration_address, evaluation_address
from rulebook.forms import (
    DEPARTMENT_EVALUATION,
    DEPARTMENT_TARGETS,
    PROJECT_EVALUATION,
    PROJECT_TARGETS,
    FieldKind,
    FormBlock,
    FormEdition,
    FormField,
    FormRow,
    filled,
    forms_in_force,
    load_form,
)

DECLARATION_KINDS = {True: DEPARTMENT_TARGETS, False: PROJECT_TARGETS}
EVALUATION_KINDS = {True: DEPARTMENT_EVALUATION, False: PROJECT_EVALUATION}
"""The kind of form by whether its subject is the department or a unit as a whole."""
CHOSEN, OPEN = "■", "□"


@dataclass(frozen=True, slots=True)
class FiledForm:
    """A form as it is printed; ``scored`` is there for a self-evaluation.

    ``halves`` divides a row of two fields: label, value, label, value, in per cent.
    """

    edition: FormEdition
    facts: ReportFacts
    figures: FormFigures
    declaration: DeclarationSnapshot
    typed: Mapping[str, str]
    amounts: tuple[FormAmount, ...]
    halves: tuple[int, int, int, int]
    scored: EvaluationFacts | None = None

    @property
    def subject(self) -> str:
        return self.declaration.subject

    @property
    def card(self) -> Scorecard | None:
        return self.scored.scorecard if self.scored else None

    def line(self, key: str) -> ScoreLine | None:
        return self.card.line(key) if self.card else None

    @property
    def block_line(self) -> ScoreLine | None:
        """The line of all indicators together, where the edition gives points per block."""
        return self.line(Component.INDICATORS.value)

    def printed(self, text: str, **more: str) -> str:
        """A title or head of the edition with its placeholders filled."""
        known = self.facts.records.name_of(self.subject)
        name = evaluation_name(self.scored) if self.scored else known
        return filled(
            text, year=self.facts.year, until=self.declaration.long_term_until, name=name, **more
        )

    def address(self, row: str, field: str) -> str:
        """The address of a place that only the declaration or only the evaluation has."""
        make = evaluation_address if self.scored else declaration_address
        return make(self.subject, row, field)

    def value(self, block: FormBlock, field: FormField) -> Cell:
        """What a field prints: its record, its choices with the chosen one marked, its text."""
        if field.kind is FieldKind.RECORD:
            found = self.figures.sums.get(field.key)
            return money(_fact(found)) if found else Cell(self.recorded(field))
        text = self.typed.get(field.key, "")
        place = (block.key, field.key) if self.scored else (field.key, "text")
        return Cell(shown(field, text), address=self.address(*place))

    @property
    def total(self) -> Fact:
        """The total score of the self-evaluation."""
        address = evaluation_address(self.subject, "total", "points")
        return Fact(self.card.total if self.card else None, (address,))

    def recorded(self, field: FormField) -> str:
        """What the records say in a field in words; a score with its unit."""
        if field.source == SCORE_TOTAL and self.scored:
            return text_of(points(self.total))
        return self.figures.text(field.key)

    def typed_amount(self, block: str, row: str, column: str) -> Fact:
        """An amount typed into the form, in yuan."""
        found = (a for a in self.amounts if (a.block, a.row, a.column) == (block, row, column))
        each = next(found, None)
        return Fact(each.amount if each else None, (self.address(f"{block}.{row}", column),))

    def amount(self, block: FormBlock, row: FormRow, column: str) -> Fact:
        """An amount of a block: the sum of the other rows, the record's, or the typed one; of an
        earlier year the typed one stands first."""
        if row.is_total:
            parts = [self.amount(block, each, column) for each in block.rows if not each.is_total]
            return added(parts, "各项之和")
        found = self.figures.amounts.get((block.key, row.key, column))
        typed = self.typed_amount(block.key, row.key, column)
        if found is None or (column in STATED and typed.value is not None):
            return typed
        return _fact(found)


def declared_form(facts: ReportFacts, declaration: DeclarationSnapshot) -> FiledForm:
    """The target declaration of a subject."""
    subject = declaration.subject
    edition = _edition(facts, declaration.form, DECLARATION_KINDS[is_overall(subject)])
    figures = form_figures(edition, subject, facts.records)
    return FiledForm(
        edition=edition,
        facts=facts,
        figures=figures,
        declaration=declaration,
        typed=_texts(declaration.fields),
        amounts=declaration.amounts,
        halves=(11, 39, 11, 39),
    )


def evaluated_form(facts: ReportFacts, each: EvaluationFacts) -> FiledForm:
    """The self-evaluation of a subject."""
    found = each.evaluation
    edition = _edition(facts, found.form, EVALUATION_KINDS[is_overall(found.subject)])
    own = {
        "filled_on": found.filled_on.isoformat() if found.filled_on else "",
        DEVIATION: box_text(found, each.scorecard, DEVIATION),
        IMPROVEMENT: box_text(found, each.scorecard, IMPROVEMENT),
    }
    return FiledForm(
        edition=edition,
        facts=facts,
        figures=form_figures(edition, found.subject, facts.records, each.scorecard, found.title),
        declaration=found.declaration,
        typed=own | _texts(found.fields),
        amounts=found.amounts,
        halves=(11, 51, 14, 24),
        scored=each,
    )


def _fact(figure: RecordFigure) -> Fact:
    return Fact(figure.amount.value, figure.places)


def _texts(fields: tuple[FieldText, ...]) -> dict[str, str]:
    return {field.key: field.text for field in fields}


def _edition(facts: ReportFacts, form: str, kind: str) -> FormEdition:
    """The form it was filed on; the plain one in force where it was filed on none. Raises
    EditionMissing."""
    if form:
        return load_form(form)
    return forms_in_force(kind, region=facts.head.region_code, fiscal_year=facts.year)[0]


def shown(field: FormField, text: str) -> str:
    """A field's text as printed."""
    if field.choices:
        marks = ((CHOSEN if text == each.key else OPEN, each.label) for each in field.choices)
        return "　".join(f"{mark}{label}" for mark, label in marks)
    return written_date(text) if field.kind is FieldKind.DATE else text.strip()


def written_date(text: str) -> str:
    """2023-01-01 → 2023年1月1日; anything else as it was typed."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"


def money(fact: Fact, rowspan: int = 1) -> Cell:
    """An amount in 万元; empty is blank."""
    text = "" if fact.value is None else wan_text(fact.value, AmountStyle.GROUPED)
    return Cell(text, "right", fact.addresses[0] if fact.addresses else "", rowspan=rowspan)


def scored_points(form: FiledForm, line: ScoreLine | None, rowspan: int = 1) -> Cell:
    """The points of a line; blank while a question stands."""
    if line is None or line.points is None:
        return Cell("", "right", rowspan=rowspan)
    address = evaluation_address(form.subject, line.key, "points")
    return Cell(two_decimals(line.points), "right", address, rowspan=rowspan)


def weighted(name: str, weight: Decimal | None) -> str:
    """质量指标, and （2分） below it; only the name where the form prints no weight."""
    return name if weight is None else f"{name}\n（{plain(weight)}分）"


def plain(number: Decimal) -> str:
    """2.0 → 2, 1.50 → 1.5."""
    return f"{number.normalize():f}"


def rules_of(parameters: ScoringParameters, *, with_objective: bool) -> tuple[str, ...]:
    """The scoring rules that apply, printed under the form, unverified ones marked."""
    texts = [
        f"{clause.text}{'' if clause.verified else '（条文未经核实）'}"
        for key, clause in parameters.clauses.items()
        if with_objective or key != Component.OBJECTIVE.value
    ]
    return tuple(f"注{number}．{text}" for number, text in enumerate(texts, start=1))
