"""What was promised and what was achieved."""

from performance.models.changes import TargetChange
from performance.models.declarations import (
    DeclaredAsset,
    DeclaredDetail,
    DeclaredFormAmount,
    DeclaredText,
    Goal,
    Indicator,
    TargetDeclaration,
)
from performance.models.evaluations import (
    BlockDeduction,
    ClaimedScore,
    EvaluationAmount,
    EvaluationText,
    IndicatorResult,
    ScoreDeduction,
    SelfEvaluation,
    StoredScorecard,
)
from performance.models.fields import PointsField

__all__ = [
    "BlockDeduction",
    "ClaimedScore",
    "DeclaredAsset",
    "DeclaredDetail",
    "DeclaredFormAmount",
    "DeclaredText",
    "EvaluationAmount",
    "EvaluationText",
    "Goal",
    "Indicator",
    "IndicatorResult",
    "PointsField",
    "ScoreDeduction",
    "SelfEvaluation",
    "StoredScorecard",
    "TargetChange",
    "TargetDeclaration",
]
