"""Where values stand on an axis."""

from __future__ import annotations

import math


def ticks(most: float, wanted: int = 4) -> list[int]:
    """Round numbers from 0 to at least ``most``, about ``wanted`` steps of 1, 2 or 5 times a power of ten."""
    if most <= 0:
        return [0, 1]
    raw = most / wanted
    power = 10 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)
    whole = max(1, math.ceil(step))
    return [whole * number for number in range(math.ceil(most / whole) + 1)]


def percent(share: float) -> str:
    """A length across: ``share`` of the whole, 0..1; with a point in every language."""
    return f"{share * 100:.3f}".rstrip("0").rstrip(".") + "%"


def pixels(length: float) -> str:
    """A length down; with a point in every language."""
    return f"{length:.1f}".removesuffix(".0")


def spread(labels: int, most: int) -> list[int]:
    """Indices of at most ``most`` of ``labels``, evenly apart, the first among them."""
    if labels <= 0:
        return []
    step = math.ceil(labels / most)
    return list(range(0, labels, step))
