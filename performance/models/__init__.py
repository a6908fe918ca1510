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
from performance.models.library import LibraryIndicator
from performance.models.monitoring import (
    MonitoredIndicator,
    MonitoredSpending,
    MonitoringMeasure,
    MonitoringReport,
)
from performance.models.result_use import MeasureClosure, ResultDecision
from performance.models.uploads import FormUpload

__all__ = [
    "BlockDeduction",
    "ClaimedScore",
    "DeclaredAsset",
    "DeclaredDetail",
    "DeclaredFormAmount",
    "DeclaredText",
    "EvaluationAmount",
    "EvaluationText",
    "FormUpload",
    "Goal",
    "Indicator",
    "IndicatorResult",
    "LibraryIndicator",
    "MeasureClosure",
    "MonitoredIndicator",
    "MonitoredSpending",
    "MonitoringMeasure",
    "MonitoringReport",
    "PointsField",
    "ResultDecision",
    "ScoreDeduction",
    "SelfEvaluation",
    "StoredScorecard",
    "TargetChange",
    "TargetDeclaration",
]
