"""One learner's way through a course: sessions, in them stays at places, in them acts."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from openedx_moocdb.data_access.store.reports.asking import ask, chunks
from openedx_moocdb.data_access.store.reports.courses import CourseName, course_outline
from openedx_moocdb.data_access.store.reports.outline import Outline, Spot, resources_of_urls
from openedx_moocdb.schema import keys
from openedx_moocdb.schema.step import PlaceSource, StepKind, device_id

MOST_EVENTS = 20_000
_EVENTS = f"""
SELECT e.observed_event_id, e.course_id, t.observed_event_type_name, e.event_source, e.step_kind,
       e.place_source, e.observed_event_duration, e.visit_id, e.url_id, e.resource_id, e.is_canonical,
       e.is_conflict,       a.agent_name, o.os_name, e.observed_event_agent, e.observed_event_os
FROM moocdb_observed_events e
LEFT JOIN moocdb_observed_event_types t ON t.observed_event_type_id = e.observed_event_type_id
LEFT JOIN moocdb_agent a ON a.agent_id = e.observed_event_agent
LEFT JOIN moocdb_os o ON o.os_id = e.observed_event_os
WHERE e.user_id = %s ORDER BY e.observed_event_id LIMIT {MOST_EVENTS + 1}
"""
_VISITS = """
SELECT visit_id, course_id, device_id, url_id, duration_s, events, ended_by FROM moocdb_visits
WHERE user_id = %s ORDER BY visit_start, visit_id
"""
_URI = "SELECT resource_id, resource_uri FROM moocdb_resources WHERE resource_id IN ({})"
_Found = tuple[Any, ...]
_STAYING = (StepKind.BACKGROUND, StepKind.NOWHERE)


@dataclass(frozen=True)
class Stop:
    """A visit: a stay of the learner on one device at one page; ``duration_s`` may be unknown."""

    visit_id: bytes
    start_us: int
    device: int
    path: tuple[Spot, ...]
    duration_s: float | None
    events: int
    ended_by: str


@dataclass(frozen=True)
class Act:
    """An event; ``path`` is its place from the chapter down to the block."""

    time_us: int
    name: str
    source: str
    kind: StepKind
    evidence: PlaceSource
    is_conflict: bool
    is_canonical: bool
    duration_s: float | None
    path: tuple[Spot, ...]


@dataclass
class Stay:
    """Acts in a row at one place; ``stop`` is their visit, where they make one."""

    path: tuple[Spot, ...]
    stop: Stop | None
    acts: list[Act] = field(default_factory=list)


@dataclass
class Session:
    """Stays without a longer silence between them; times in µs since 1970 UTC."""

    start_us: int
    end_us: int
    stays: list[Stay] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)

    @property
    def acts(self) -> int:
        """Number of acts in all stays."""
        return sum(len(stay.acts) for stay in self.stays)


@dataclass(frozen=True)
class Trajectory:
    """All sessions, oldest first. ``copies``: events left out because they repeat an act.

    ``is_cut``: there are more events than ``MOST_EVENTS``; the first ones are here.
    """

    sessions: tuple[Session, ...]
    devices: dict[int, str]
    outline: Outline
    copies: int
    is_cut: bool


def trajectory(
    alias: str, name: CourseName, learner: bytes, limit_s: float, with_copies: bool = False
) -> Trajectory | None:
    """Way of a learner through a course, cut into sessions at silences above ``limit_s`` seconds.

    ``None`` if the learner has no event in the course.
    """
    events = list(ask(alias, _EVENTS, [learner]))
    is_cut = len(events) > MOST_EVENTS
    events = [row for row in events[:MOST_EVENTS] if row[1] == name.course_id]
    if not events:
        return None
    outline = course_outline(alias, name)
    visits = [row for row in ask(alias, _VISITS, [learner]) if row[1] == name.course_id]
    url_ids = {row[3] for row in visits} | {row[8] for row in events}
    places = _Places(alias, outline, url_ids, {row[9] for row in events})
    stops = {bytes(row[0]): _stop(row, places) for row in visits}
    kept = events if with_copies else [row for row in events if row[10]]
    sessions = _sessions(kept, stops, places, int(limit_s * 1_000_000))
    devices = {device_id(row[14], row[15]): _device(row[12], row[13]) for row in events}
    return Trajectory(tuple(sessions), devices, outline, len(events) - len(kept), is_cut)


class _Places:
    """Paths of pages and resources, also of those that stand in no course."""

    def __init__(
        self, alias: str, outline: Outline, url_ids: set[int | None], resource_ids: set[int | None]
    ) -> None:
        self._outline = outline
        self._pages = resources_of_urls(alias, [url_id for url_id in url_ids if url_id is not None])
        wanted = {*self._pages.values(), *(identity for identity in resource_ids if identity is not None)}
        elsewhere = sorted(wanted - outline.spots.keys())
        self._elsewhere: dict[int, Spot] = {}
        for chunk in chunks(elsewhere):
            for identity, uri in ask(alias, _URI.format(", ".join(["%s"] * len(chunk))), chunk):
                parts = [part for part in uri.split("/")[3:] if part not in ("", "_")]
                self._elsewhere[identity] = Spot(identity, "/".join(parts), "other", uri)

    def of_page(self, url_id: int | None) -> tuple[Spot, ...]:
        return self.of_resource(self._pages.get(url_id)) if url_id is not None else ()

    def of_resource(self, resource_id: int | None) -> tuple[Spot, ...]:
        spot = self._elsewhere.get(resource_id) if resource_id is not None else None
        return (spot,) if spot is not None else self._outline.path(resource_id)


def _stop(row: _Found, places: _Places) -> Stop:
    visit_id, _, device, url_id, duration_s, events, ended_by = row
    key = bytes(visit_id)
    return Stop(key, keys.key_time_us(key), device, places.of_page(url_id), duration_s, events, ended_by)


def _act(row: _Found, places: _Places) -> Act:
    return Act(
        keys.key_time_us(bytes(row[0])),
        row[2] or "",
        row[3],
        StepKind(row[4]),
        PlaceSource(row[5]),
        bool(row[11]),
        bool(row[10]),
        row[6],
        places.of_resource(row[9]),
    )


def _sessions(rows: list[_Found], stops: dict[bytes, Stop], places: _Places, limit_us: int) -> list[Session]:
    sessions: list[Session] = []
    for row in rows:
        act = _act(row, places)
        if not sessions or act.time_us - sessions[-1].end_us > limit_us:
            sessions.append(Session(act.time_us, act.time_us))
        session = sessions[-1]
        session.end_us = max(session.end_us, act.time_us + int((act.duration_s or 0) * 1_000_000))
        visit_id = bytes(row[7]) if row[7] is not None else None
        _stay(session, act, stops.get(visit_id) if visit_id else None, places.of_page(row[8])).acts.append(
            act
        )
    starts = [session.start_us for session in sessions]
    for stop in stops.values():
        at = bisect_right(starts, stop.start_us) - 1
        if at >= 0:
            sessions[at].stops.append(stop)
            end_us = stop.start_us + int((stop.duration_s or 0) * 1_000_000)
            sessions[at].end_us = max(sessions[at].end_us, end_us)
    return sessions


def _stay(session: Session, act: Act, stop: Stop | None, page: tuple[Spot, ...]) -> Stay:
    """The stay that the act goes on with, else a new one."""
    last = session.stays[-1] if session.stays else None
    if last is not None:
        is_same = last.stop is stop if stop is not None else last.path == page
        if is_same or (stop is None and act.kind in _STAYING):
            return last
    stay = Stay(stop.path if stop is not None else page, stop)
    session.stays.append(stay)
    return stay


def _device(agent: str | None, system: str | None) -> str:
    return " · ".join(dict.fromkeys(part for part in (agent, system) if part and part != "Other"))
