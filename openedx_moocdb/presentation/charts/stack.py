"""Parts of a whole, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openedx_moocdb.presentation.charts.scale import percent


@dataclass(frozen=True)
class Part:
    """One part: its ``tone`` is the name of a colour in the style sheet."""

    tone: str
    label: str
    value: int
    share: float
    x: str
    width: str


def stack(parts: Sequence[tuple[str, str, int]]) -> tuple[Part, ...]:
    """Lay (tone, label, value) side by side; parts of nothing are left out of the picture."""
    whole = sum(value for _, _, value in parts)
    found, so_far = [], 0
    for tone, label, value in parts:
        if value:
            found.append(
                Part(tone, label, value, value / whole, percent(so_far / whole), percent(value / whole))
            )
            so_far += value
    return tuple(found)
