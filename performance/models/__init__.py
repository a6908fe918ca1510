"""What was promised and what was achieved."""

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
from performance.models.monitoring import (
    ChangeState,
    MonitoredIndicator,
    MonitoredSpending,
    MonitoringMeasure,
    MonitoringReport,
    TargetChangeRequest,
)
from performance.models.result_use import MeasureClosure, ResultDecision

__all__ = [
    "BlockDeduction",
    "ChangeState",
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
    "TargetChangeRequest",
    "TargetDeclaration",
]
