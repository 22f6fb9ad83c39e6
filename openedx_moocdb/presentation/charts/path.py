"""One learner's way: time across, units in course order down.

Each session is a column as wide as it is long, at least ``_SHORTEST_S``; the
silences between sessions are all drawn equally narrow. Chapters are bands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openedx_moocdb.presentation.charts.scale import percent, pixels

_SHORTEST_S, _LONGEST_S = 600.0, 3 * 3600.0
_GAP_SHARE = 0.22
_NARROWEST_PX, _PX_PER_HOUR = 640, 90
_HEADING, _BOTTOM, _BAND_HEADING, _BAND_END = 8.0, 26.0, 21.0, 6.0
_ROOM, _ROW_MIN, _ROW_MAX = 560.0, 7.0, 16.0
_LABEL_PX = 58


@dataclass(frozen=True)
class Stretch:
    """A visit: ``row`` as counted in ``Band.rows`` from 0, seconds within its session."""

    session: int
    row: int
    start_s: float
    end_s: float
    tone: str
    title: str


@dataclass(frozen=True)
class Point:
    """An act worth a sign: ``shape`` is ``answer`` or ``video``."""

    session: int
    row: int
    at_s: float
    shape: str
    title: str


@dataclass(frozen=True)
class Column:
    """A session: its length in seconds and its name."""

    length_s: float
    label: str


@dataclass(frozen=True)
class BandDrawn:
    """A chapter as drawn; ``lines`` are the middles of its rows."""

    label: str
    y: str
    label_y: str
    height: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Box:
    """A rectangle; ``tone`` is the name of a colour in the style sheet."""

    x: str
    y: str
    width: str
    height: str
    tone: str
    title: str


@dataclass(frozen=True)
class Sign:
    """An act as drawn, between the top and the bottom of its row."""

    x: str
    y: str
    top: str
    bottom: str
    shape: str
    title: str


@dataclass(frozen=True)
class Label:
    """A text on the axis."""

    x: str
    text: str
    anchor: str


@dataclass(frozen=True)
class PathPicture:
    """``width`` pixels at least, wider where there is room; ``height`` pixels."""

    width: str
    height: str
    foot: str
    label_y: str
    bands: tuple[BandDrawn, ...]
    columns: tuple[Box, ...]
    boxes: tuple[Box, ...]
    signs: tuple[Sign, ...]
    labels: tuple[Label, ...]


class _Across:
    """Where moments of sessions stand, as shares of the width."""

    def __init__(self, columns: Sequence[Column]) -> None:
        shown = [min(_LONGEST_S, max(_SHORTEST_S, column.length_s)) for column in columns]
        self._real = [max(column.length_s, _SHORTEST_S) for column in columns]
        self.lefts, self.widths = _columns(shown)
        self.width_px = max(_NARROWEST_PX, sum(shown) / 3600 * _PX_PER_HOUR)

    def at(self, session: int, at_s: float) -> float:
        """Share of the width at ``at_s`` seconds of the session; never outside it."""
        share = min(1.0, max(0.0, at_s / self._real[session]))
        return self.lefts[session] + self.widths[session] * share


def path_picture(
    bands: Sequence[tuple[str, int]],
    columns: Sequence[Column],
    stretches: Sequence[Stretch],
    points: Sequence[Point],
) -> PathPicture:
    """Draw a way. ``bands``: (chapter, number of rows) from the top; rows are counted over all bands."""
    rows = max(1, sum(number for _, number in bands))
    row_px = min(_ROW_MAX, max(_ROW_MIN, _ROOM / rows))
    drawn, tops, foot = _bands(bands, row_px)
    across = _Across(columns)
    frames = [
        Box(percent(left), pixels(_HEADING), percent(width), pixels(foot - _HEADING), "", column.label)
        for left, width, column in zip(across.lefts, across.widths, columns, strict=True)
    ]
    return PathPicture(
        str(round(across.width_px)),
        pixels(foot + _BOTTOM),
        pixels(foot),
        pixels(foot + _BOTTOM - 8),
        tuple(drawn),
        tuple(frames),
        tuple(_box(stretch, across, tops[stretch.row], row_px) for stretch in stretches),
        tuple(_sign(point, across, tops[point.row], row_px) for point in points),
        tuple(_labels(columns, across)),
    )


def _box(stretch: Stretch, across: _Across, top: float, row_px: float) -> Box:
    """A visit, three pixels wide at least."""
    least = 3 / across.width_px
    left = min(across.at(stretch.session, stretch.start_s), 1 - least)
    width = max(across.at(stretch.session, stretch.end_s) - left, least)
    y, height = pixels(top + row_px * 0.12), pixels(row_px * 0.76)
    return Box(percent(left), y, percent(width), height, stretch.tone, stretch.title)


def _sign(point: Point, across: _Across, top: float, row_px: float) -> Sign:
    x = percent(across.at(point.session, point.at_s))
    return Sign(x, pixels(top + row_px / 2), pixels(top), pixels(top + row_px), point.shape, point.title)


def _bands(bands: Sequence[tuple[str, int]], row_px: float) -> tuple[list[BandDrawn], list[float], float]:
    """Bands as drawn, the top of each row, and where the last band ends."""
    drawn, tops, y = [], [], _HEADING
    for label, rows in bands:
        first = y + _BAND_HEADING
        band_tops = [first + row_px * number for number in range(rows)]
        height = _BAND_HEADING + row_px * rows + _BAND_END
        lines = tuple(pixels(top + row_px / 2) for top in band_tops)
        drawn.append(BandDrawn(label, pixels(y), pixels(y + 14.5), pixels(height - 2), lines))
        tops += band_tops
        y += height
    return drawn, tops, y


def _columns(lengths: Sequence[float]) -> tuple[list[float], list[float]]:
    """Left ends and widths of the sessions, as shares of the picture."""
    if not lengths:
        return [], []
    gaps = len(lengths) - 1
    gap = min(0.012, _GAP_SHARE / gaps) if gaps else 0.0
    room = 1 - gap * gaps
    widths = [room * length / sum(lengths) for length in lengths]
    lefts, x = [], 0.0
    for width in widths:
        lefts.append(x)
        x += width + gap
    return lefts, widths


def _labels(columns: Sequence[Column], across: _Across) -> list[Label]:
    """Names of sessions where there is room for them."""
    found: list[Label] = []
    need = _LABEL_PX / across.width_px
    free = 0.0
    for column, left in zip(columns, across.lefts, strict=True):
        if left >= free and left + need <= 1:
            found.append(Label(percent(left), column.label, "start"))
            free = left + need
    return found
