"""All visits of a course, counted in one scan: by learner, by place, by period."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from openedx_moocdb.data_access.store.reports.asking import ask
from openedx_moocdb.data_access.store.reports.periods import DAY_US, Periods
from openedx_moocdb.schema import keys

_SCAN = "SELECT visit_id, user_id, url_id, duration_s, events FROM moocdb_visits WHERE course_id = %s"


@dataclass
class PlaceCounts:
    """Visits to one page; ``time_s`` is ``None`` while no visit has a known end."""

    visits: int = 0
    learners: set[bytes] = field(default_factory=set)
    time_s: float | None = None

    def add(self, other: PlaceCounts) -> None:
        """Count the visits of ``other`` here too."""
        self.visits += other.visits
        self.learners |= other.learners
        if other.time_s is not None:
            self.time_s = (self.time_s or 0.0) + other.time_s


@dataclass
class LearnerCounts:
    """Visits of one learner; ``events`` are those by which the learner did something."""

    learner: bytes
    events: int = 0
    visits: int = 0
    time_s: float | None = None
    first_us: int = 0
    last_us: int = 0


@dataclass(frozen=True)
class VisitCounts:
    """``places`` by url id, ``active`` learners per period."""

    visits: int
    time_s: float | None
    learners: dict[bytes, LearnerCounts]
    places: dict[int, PlaceCounts]
    active: tuple[int, ...]


def visit_counts(alias: str, course_id: int, periods: Periods | None) -> VisitCounts:
    """Count the visits to a course. A visit's key begins with the time of its first event."""
    learners: dict[bytes, LearnerCounts] = {}
    places: defaultdict[int, PlaceCounts] = defaultdict(PlaceCounts)
    active: list[set[bytes]] = [set() for _ in periods.starts[1:]] if periods else []
    index: dict[int, int] = {}
    total: float | None = None
    for visit_id, user_id, url_id, duration_s, events in ask(alias, _SCAN, [course_id]):
        learner, start_us = bytes(user_id), keys.key_time_us(bytes(visit_id))
        place = places[url_id]
        place.visits += 1
        place.learners.add(learner)
        counts = learners.get(learner)
        if counts is None:
            counts = learners[learner] = LearnerCounts(learner, first_us=start_us, last_us=start_us)
        counts.events += events
        counts.visits += 1
        if start_us < counts.first_us:
            counts.first_us = start_us
        elif start_us > counts.last_us:
            counts.last_us = start_us
        if duration_s is not None:
            place.time_s = (place.time_s or 0.0) + duration_s
            counts.time_s = (counts.time_s or 0.0) + duration_s
            total = (total or 0.0) + duration_s
        if periods is not None:
            day = start_us // DAY_US
            if day not in index:
                index[day] = periods.index(start_us)
            active[index[day]].add(learner)
    visits = sum(place.visits for place in places.values())
    return VisitCounts(visits, total, learners, dict(places), tuple(map(len, active)))
