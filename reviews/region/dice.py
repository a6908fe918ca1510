"""PURE: seeded choices and exact splits; the same seed gives the same bytes on every machine.

Amounts are whole numbers of a book's smallest step (a fen, or 0.01 万元), so nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Choices of one department; ``key`` names what is chosen for, so nothing depends on order."""

    def __init__(self, *key: object) -> None:
        self._random = Random("/".join(map(str, key)))

    def chance(self, in_hundred: int) -> bool:
        """True so many times in a hundred."""
        return self._random.randrange(100) < in_hundred

    def below(self, limit: int) -> int:
        return self._random.randrange(limit)

    def between(self, low: int, high: int) -> int:
        """Both ends included."""
        return self._random.randint(low, high)

    def one_of(self, items: Sequence[T]) -> T:
        return self._random.choice(items)

    def some_of(self, items: Sequence[T], count: int) -> list[T]:
        """Different items in an order of its own, at most as many as there are."""
        return self._random.sample(items, min(count, len(items)))

    def near(self, amount: int, low: int, high: int) -> int:
        """``low`` to ``high`` per cent of an amount, downwards to whole steps."""
        return amount * self.between(low * 10, high * 10) // 1000

    def split(self, amount: int, parts: int) -> list[int]:
        """``parts`` shares that add up exactly; positive as long as there is enough."""
        if parts <= 1 or amount < parts:
            return [amount] + [0] * (max(parts, 1) - 1)
        cuts = sorted(self._random.sample(range(1, amount), parts - 1))
        return [high - low for low, high in zip([0, *cuts], [*cuts, amount], strict=True)]


def in_proportion(amount: int, weights: Sequence[int]) -> list[int]:
    """An amount over weights, the remainder on the first with a weight; exact."""
    whole = sum(weights)
    if not whole:
        return [amount] + [0] * (len(weights) - 1)
    shares = [amount * weight // whole for weight in weights]
    first = next(at for at, weight in enumerate(weights) if weight)
    shares[first] += amount - sum(shares)
    return shares
