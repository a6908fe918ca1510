"""The direction of an indicator is set by a person; signs and words only propose it."""

from __future__ import annotations

from performance.evaluation import Direction, IndicatorSnapshot
from performance.reading import Comparator, Question, QuestionCode, Reading, read
from performance.scoring.parameters import ScoringParameters

_BY_SIGN = {
    Comparator.AT_LEAST: Direction.HIGHER_IS_BETTER,
    Comparator.MORE: Direction.HIGHER_IS_BETTER,
    Comparator.AT_MOST: Direction.LOWER_IS_BETTER,
    Comparator.LESS: Direction.LOWER_IS_BETTER,
    Comparator.EQUAL: Direction.EXACT,
}


def direction_of_sign(target: Reading) -> Direction | None:
    """The direction which the sign in front of a target shows, None without a sign."""
    return _BY_SIGN.get(target.comparator)


def propose_direction(
    indicator: IndicatorSnapshot, parameters: ScoringParameters
) -> tuple[Direction, bool]:
    """(the direction a form may preselect, whether the person has to be asked all the same)."""
    target = read(indicator.target)
    by_sign = direction_of_sign(target)
    if by_sign is not None:
        return by_sign, False
    described = f"{indicator.tier_one}{indicator.tier_two}{indicator.name}"
    if target.low == 0 or any(word in described for word in parameters.reverse_words):
        return Direction.LOWER_IS_BETTER, True
    return Direction.HIGHER_IS_BETTER, False


def direction_question(
    indicator: IndicatorSnapshot, target: Reading, parameters: ScoringParameters
) -> Question | None:
    """No direction, or one that the target cannot have."""
    if indicator.direction is None:
        proposed, _ = propose_direction(indicator, parameters)
        text = f"请确定指标方向（建议：{proposed.label}）"
        return Question(QuestionCode.DIRECTION_MISSING, text)
    if target.low == 0 and indicator.direction is Direction.HIGHER_IS_BETTER:
        text = f"正向指标的目标值为“{target.text}”，无法计分，请改写目标值或改为反向指标"
        return Question(QuestionCode.TARGET_ZERO_FORWARD, text)
    return None


def sign_contradicts(indicator: IndicatorSnapshot) -> bool:
    """Whether the sign of the target points the other way than the chosen direction."""
    by_sign = direction_of_sign(read(indicator.target))
    one_sided = {Direction.HIGHER_IS_BETTER, Direction.LOWER_IS_BETTER}
    return {by_sign, indicator.direction} == one_sided
