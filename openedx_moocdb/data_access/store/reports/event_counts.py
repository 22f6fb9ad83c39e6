"""All events of a course, counted in one scan."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from openedx_moocdb.data_access.store.reports.asking import ask
from openedx_moocdb.data_access.store.reports.periods import Periods
from openedx_moocdb.schema import keys
from openedx_moocdb.schema.step import PlaceSource

_SCAN = """
SELECT observed_event_type_id, place_source, resource_id, COUNT(*) FROM moocdb_observed_events
WHERE course_id = %s GROUP BY observed_event_type_id, place_source, resource_id
"""
# Each end alone is one look-up in the index; both in one SELECT would be a scan.
_ENDS = """
SELECT (SELECT MIN(observed_event_id) FROM moocdb_observed_events WHERE course_id = %s),
       (SELECT MAX(observed_event_id) FROM moocdb_observed_events WHERE course_id = %s)
"""
_BETWEEN = """
SELECT COUNT(*) FROM moocdb_observed_events
WHERE course_id = %s AND observed_event_id >= %s AND observed_event_id < %s
"""
_TYPES = "SELECT observed_event_type_id, observed_event_type_name FROM moocdb_observed_event_types"


@dataclass(frozen=True)
class EventCounts:
    """Events of one course by evidence of the place, by type (most frequent first), by resource."""

    events: int
    sources: dict[PlaceSource, int]
    types: tuple[tuple[str, int], ...]
    resources: dict[int, int]


def event_counts(alias: str, course_id: int) -> EventCounts:
    """Count the events of a course; copies of an act count too."""
    sources: Counter[PlaceSource] = Counter()
    types: Counter[int] = Counter()
    resources: Counter[int] = Counter()
    for type_id, source, resource_id, number in ask(alias, _SCAN, [course_id]):
        sources[PlaceSource(source)] += number
        types[type_id] += number
        if resource_id is not None:
            resources[resource_id] += number
    names = dict(ask(alias, _TYPES))
    named = sorted(((names.get(type_id, ""), n) for type_id, n in types.items()), key=lambda t: (-t[1], t[0]))
    return EventCounts(sum(types.values()), dict(sources), tuple(named), dict(resources))


def first_and_last(alias: str, course_id: int) -> tuple[int, int] | None:
    """Times of the first and the last event, µs since 1970 UTC; ``None`` without events."""
    first, last = next(ask(alias, _ENDS, [course_id, course_id]))
    if first is None:
        return None
    return keys.key_time_us(bytes(first)), keys.key_time_us(bytes(last))


def events_per_period(alias: str, course_id: int, periods: Periods) -> tuple[int, ...]:
    """Events in each period; keys sort by time, so this reads the index alone."""
    bounds = [keys.event_key(start, b"")[:8] + bytes(8) for start in periods.starts]
    return tuple(next(ask(alias, _BETWEEN, [course_id, start, end]))[0] for start, end in pairwise(bounds))
