"""What the page of one learner shows: the way as a picture and as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from openedx_moocdb.data_access.store.reports.outline import Outline, Spot
from openedx_moocdb.data_access.store.reports.trajectory import Act, Session, Stay, Stop, Trajectory
from openedx_moocdb.presentation import formats, paging
from openedx_moocdb.presentation.charts.path import Column, PathPicture, Point, Stretch, path_picture
from openedx_moocdb.presentation.words import (
    ENDINGS,
    EVIDENCE,
    Evidence,
    event_words,
    kind_words,
    path_words,
    spot_words,
)

_TONES = 6
_ACTS_A_PAGE = 200
_ANSWERS = frozenset(
    {
        "problem_check",
        "save_problem_check",
        "openassessmentblock.create_submission",
        "edx.drag_and_drop_v2.item.dropped",
    }
)
_PLAYS = frozenset({"play_video", "edx.video.played"})


@dataclass(frozen=True)
class Device:
    """A device and its colour."""

    tone: str
    label: str
    visits: int


@dataclass(frozen=True)
class ActRow:
    """One event as written; ``block`` is where in the stay's place, or the whole way if elsewhere."""

    act: Act
    words: str
    block: str
    evidence: Evidence


@dataclass(frozen=True)
class StayRow:
    """One stay as written."""

    place: str
    tone: str
    device: str
    duration_s: float | None
    ending: str
    acts: list[ActRow]


@dataclass(frozen=True)
class SessionRow:
    """One session, or a part of a long one, as written."""

    number: int
    start_us: int
    end_us: int
    visits: int
    time_s: float | None
    acts: int
    is_continued: bool
    stays: list[StayRow]


def devices(way: Trajectory) -> dict[int, Device]:
    """Devices by id, the most used first; the seventh and later ones share a colour."""
    used: dict[int, int] = {}
    for session in way.sessions:
        for stop in session.stops:
            used[stop.device] = used.get(stop.device, 0) + 1
    ranked = sorted(used, key=lambda device: (-used[device], device))
    return {
        device: Device(
            f"device{min(place, _TONES)}",
            way.devices.get(device) or gettext("unknown device"),
            used[device],
        )
        for place, device in enumerate(ranked, 1)
    }


class _Rows:
    """Rows of the picture: all units of the chapters that were visited, then one for all other pages."""

    def __init__(self, outline: Outline, stops: list[Stop]) -> None:
        visited = {stop.path[-1].resource_id for stop in stops if stop.path}
        units = [outline.path(unit) for unit in outline.units]
        chapters = [path[0].resource_id for path in units if path[-1].resource_id in visited]
        self.bands: list[tuple[str, int]] = []
        self._rows: dict[int, int] = {}
        for chapter in dict.fromkeys(chapters):
            inside = [path for path in units if path[0].resource_id == chapter]
            self.bands.append((spot_words(inside[0][0]), len(inside)))
            for path in inside:
                self._rows[path[-1].resource_id] = len(self._rows)
        kinds = {self._kind(stop.path) for stop in stops if not self._is_unit(stop.path)}
        self._elsewhere: int | None = None
        if kinds:
            self._elsewhere = len(self._rows)
            self.bands.append((gettext("Elsewhere: %(pages)s") % {"pages": ", ".join(sorted(kinds))}, 1))
        seen = {path[0].resource_id for path in units if path[0].resource_id in chapters}
        left = dict.fromkeys(path[0] for path in units if path[0].resource_id not in seen)
        self.unvisited = [spot_words(chapter) for chapter in left]

    def _is_unit(self, path: tuple[Spot, ...]) -> bool:
        return any(spot.resource_id in self._rows for spot in path)

    def _kind(self, path: tuple[Spot, ...]) -> str:
        is_course = bool(path) and path[-1].kind in ("chapter", "section", "unit")
        return gettext("unit not known") if is_course else kind_words(path[-1].kind if path else "other")

    def of(self, path: tuple[Spot, ...]) -> int | None:
        """The row of a place: that of its unit, else the one for all other pages."""
        for spot in path:
            if spot.resource_id in self._rows:
                return self._rows[spot.resource_id]
        return self._elsewhere


@dataclass(frozen=True)
class Picture:
    """The drawing, its devices, and the chapters that are not in it."""

    drawing: PathPicture
    devices: list[Device]
    unvisited: list[str]


def picture(way: Trajectory) -> Picture | None:
    """The way as a drawing; ``None`` without a visit."""
    stops = [stop for session in way.sessions for stop in session.stops]
    if not stops:
        return None
    rows, known = _Rows(way.outline, stops), devices(way)
    columns, stretches, points = [], [], []
    for number, session in enumerate(way.sessions):
        columns.append(
            Column(_seconds(session.end_us - session.start_us), formats.short_day(session.start_us))
        )
        stretches += [
            found for stop in session.stops if (found := _stretch(number, session, stop, rows, known))
        ]
        points += _points(number, session, rows)
    drawing = path_picture(rows.bands, columns, stretches, points)
    return Picture(drawing, list(known.values()), rows.unvisited)


def _stretch(
    number: int, session: Session, stop: Stop, rows: _Rows, known: dict[int, Device]
) -> Stretch | None:
    row = rows.of(stop.path)
    if row is None:
        return None
    start_s = _seconds(stop.start_us - session.start_us)
    text = f"{formats.minute(stop.start_us)} · {path_words(stop.path)} · {formats.duration(stop.duration_s)}"
    return Stretch(number, row, start_s, start_s + (stop.duration_s or 0.0), known[stop.device].tone, text)


def _points(number: int, session: Session, rows: _Rows) -> list[Point]:
    found = []
    for stay in session.stays:
        for act in stay.acts:
            shape = "answer" if act.name in _ANSWERS else "video" if act.name in _PLAYS else ""
            row = rows.of(act.path) if shape and act.is_canonical else None
            if row is not None:
                text = f"{formats.minute(act.time_us)} · {event_words(act.name)} · {path_words(act.path)}"
                found.append(Point(number, row, _seconds(act.time_us - session.start_us), shape, text))
    return found


def sessions(way: Trajectory, asked: Mapping[str, str]) -> tuple[list[SessionRow], paging.Slice[Any]]:
    """The sessions on the page asked for, each page about ``_ACTS_A_PAGE`` events long."""
    slices = paging.cut(_pages(way), asked, 1, "#sessions", ("copies",))
    known = devices(way)
    parts = slices.items[0] if slices.items else []
    return [_session_row(part, way.sessions[part[0]], known) for part in parts], slices


_Part = tuple[int, list[Stay], bool]


def _pages(way: Trajectory) -> list[list[_Part]]:
    """(session, its stays, is it continued) by page; a long session is cut between stays."""
    pages: list[list[_Part]] = [[]]
    filled = 0
    for number, session in enumerate(way.sessions):
        stays: list[Stay] = []
        is_continued = False
        for stay in session.stays:
            if filled and filled + len(stay.acts) > _ACTS_A_PAGE:
                if stays:
                    pages[-1].append((number, stays, is_continued))
                    stays, is_continued = [], True
                pages.append([])
                filled = 0
            stays.append(stay)
            filled += len(stay.acts)
        if stays:
            pages[-1].append((number, stays, is_continued))
    return [page for page in pages if page]


def _session_row(part: _Part, session: Session, known: dict[int, Device]) -> SessionRow:
    number, stays, is_continued = part
    times = [stop.duration_s for stop in session.stops if stop.duration_s is not None]
    return SessionRow(
        number + 1,
        session.start_us,
        session.end_us,
        len(session.stops),
        sum(times) if times else None,
        session.acts,
        is_continued,
        [_stay_row(stay, known) for stay in stays],
    )


def _stay_row(stay: Stay, known: dict[int, Device]) -> StayRow:
    stop = stay.stop
    device = known.get(stop.device) if stop is not None else None
    return StayRow(
        path_words(stay.path),
        device.tone if device else "",
        device.label if device else "",
        stop.duration_s if stop is not None else None,
        str(ENDINGS.get(stop.ended_by, stop.ended_by)) if stop is not None else gettext("no visit"),
        [ActRow(act, event_words(act.name), _block(act, stay), EVIDENCE[act.evidence]) for act in stay.acts],
    )


def _block(act: Act, stay: Stay) -> str:
    """What is below the stay's place; elsewhere, the whole way; nothing for the place itself."""
    depth = len(stay.path)
    if not act.path or (not act.path[-1].name and act.path[-1].kind == "other"):
        return ""
    if depth and act.path[:depth] == stay.path:
        return " › ".join(spot_words(spot) for spot in act.path[depth:])
    return path_words(act.path)


def _seconds(span_us: int) -> float:
    return span_us / 1_000_000
