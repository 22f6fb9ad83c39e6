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
    label: str
    y: str
    label_y: str
    height: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Box:
    x: str
    y: str
    width: str
    height: str
    tone: str
    title: str


@dataclass(frozen=True)
class Sign:
    x: str
    y: str
    top: str
    bottom: str
    shape: str
    title: str


@dataclass(frozen=True)
class Label:
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


def path_picture(
    bands: Sequence[tuple[str, int]],
    columns: Sequence[Column],
    stretches: Sequence[Stretch],
    points: Sequence[Point],
) -> PathPicture:
    """Draw a way. ``bands``: (chapter, number of rows) from the top; rows are counted over all bands."""
    rows = max(1, sum(number for _, number in bands))
    row_px = min(_ROW_MAX, max(_ROW_MIN, _ROOM / rows))
    drawn, tops, y = _bands(bands, row_px)
    lengths = [min(_LONGEST_S, max(_SHORTEST_S, column.length_s)) for column in columns]
    lefts, widths = _columns(lengths)
    width_px = max(_NARROWEST_PX, sum(lengths) / 3600 * _PX_PER_HOUR)

    def across(session: int, at_s: float) -> float:
        real = max(columns[session].length_s, _SHORTEST_S)
        return lefts[session] + widths[session] * min(1.0, max(0.0, at_s / real))

    boxes = []
    for stretch in stretches:
        x, end = across(stretch.session, stretch.start_s), across(stretch.session, stretch.end_s)
        least = 3 / width_px
        box_y = tops[stretch.row] + row_px * 0.12
        boxes.append(
            Box(
                percent(min(x, 1 - least)),
                pixels(box_y),
                percent(max(end - x, least)),
                pixels(row_px * 0.76),
                stretch.tone,
                stretch.title,
            )
        )
    signs = [
        Sign(
            percent(across(point.session, point.at_s)),
            pixels(tops[point.row] + row_px / 2),
            pixels(tops[point.row]),
            pixels(tops[point.row] + row_px),
            point.shape,
            point.title,
        )
        for point in points
    ]
    frames = [
        Box(percent(left), pixels(_HEADING), percent(width), pixels(y - _HEADING), "", column.label)
        for left, width, column in zip(lefts, widths, columns, strict=True)
    ]
    return PathPicture(
        str(round(width_px)),
        pixels(y + _BOTTOM),
        pixels(y),
        pixels(y + _BOTTOM - 8),
        tuple(drawn),
        tuple(frames),
        tuple(boxes),
        tuple(signs),
        tuple(_labels(columns, lefts, widths, width_px)),
    )


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


def _labels(
    columns: Sequence[Column], lefts: Sequence[float], widths: Sequence[float], width_px: float
) -> list[Label]:
    """Names of sessions where there is room for them."""
    found: list[Label] = []
    free = 0.0
    for column, left, width in zip(columns, lefts, widths, strict=True):
        need = _LABEL_PX / width_px
        if left < free or width <= 0:
            continue
        if left + need > 1:
            break
        found.append(Label(percent(left), column.label, "start"))
        free = left + need
    return found
