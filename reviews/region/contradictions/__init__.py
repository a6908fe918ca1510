"""PURE: the catalogue of contradictions, each with the checks it makes fire."""

from reviews.region.contradictions.accounts import ACCOUNTS
from reviews.region.contradictions.budget import BUDGETS
from reviews.region.contradictions.evidence import EVIDENCE
from reviews.region.contradictions.scene import Contradiction, Expected, Planted, Scene
from reviews.region.contradictions.units import UNITS
from reviews.region.contradictions.words import WORDS

CONTRADICTIONS: tuple[Contradiction, ...] = (*ACCOUNTS, *EVIDENCE, *UNITS, *BUDGETS, *WORDS)

__all__ = ["CONTRADICTIONS", "Contradiction", "Expected", "Planted", "Scene"]
