"""A bar per period, with grid lines and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openedx_moocdb.presentation.charts.scale import percent, pixels, spread, ticks

_TOP, _BOTTOM = 18.0, 22.0
_GAP = 0.18
_MOST_LABELS = 5
_WIDEST = 0.06


@dataclass(frozen=True)
class Bar:
    """A rectangle and what it says to whoever points at it."""

    x: str
    y: str
    width: str
    height: str
    title: str


@dataclass(frozen=True)
class Mark:
    """A label at a grid line; ``anchor`` as SVG has it."""

    at: str
    label: str
    anchor: str = "start"


@dataclass(frozen=True)
class BarChart:
    """A picture ``height`` pixels high; ``base`` is where the bars stand."""

    height: str
    base: str
    label_y: str
    bars: tuple[Bar, ...]
    grid: tuple[Mark, ...]
    axis: tuple[Mark, ...]


def bar_chart(
    values: Sequence[int],
    labels: Sequence[str],
    titles: Sequence[str],
    number_text: Sequence[str] | None = None,
    height: float = 190.0,
) -> BarChart:
    """Draw ``values`` from 0 up; ``labels`` for the axis, ``titles`` for each bar, as many as values.

    ``number_text``: the numbers of the grid in the reader's language, as many as ``grid_numbers`` gives.
    """
    grid = grid_numbers(values)
    texts = number_text or [str(number) for number in grid]
    base = height - _BOTTOM
    room, top = base - _TOP, grid[-1]
    count = max(1, len(values))
    width = min(1 / count, _WIDEST)
    left = (1 - width * count) / 2 if len(values) < 4 else 0.0
    step = width if len(values) < 4 else 1 / count
    bars = []
    for number, (value, title) in enumerate(zip(values, titles, strict=True)):
        tall = room * value / top
        if value:
            tall = max(tall, 1.0)
        bars.append(
            Bar(
                percent(left + step * number + (step - width * (1 - _GAP)) / 2),
                pixels(base - tall),
                percent(width * (1 - _GAP)),
                pixels(tall),
                title,
            )
        )
    axis = [_axis_mark(left + step * at, labels[at]) for at in spread(len(labels), _MOST_LABELS)]
    marks = [Mark(pixels(base - room * n / top), text) for n, text in zip(grid, texts, strict=True)]
    return BarChart(pixels(height), pixels(base), pixels(height - 6), tuple(bars), tuple(marks), tuple(axis))


def grid_numbers(values: Sequence[int]) -> list[int]:
    """Numbers at the grid lines of ``bar_chart``."""
    return ticks(max(values, default=0), 3)


def _axis_mark(share: float, label: str) -> Mark:
    """Labels begin at their bar, so that they keep their distance; at the right edge they end there."""
    return Mark("100%", label, "end") if share > 0.9 else Mark(percent(share), label)
