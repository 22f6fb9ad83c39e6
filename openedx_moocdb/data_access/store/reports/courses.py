"""What pages show of one course, and of all of them."""

from __future__ import annotations

from dataclasses import dataclass

from openedx_moocdb.data_access.store import course_trees
from openedx_moocdb.data_access.store.models import Course, CourseTreeVersion, ObservedEvent
from openedx_moocdb.data_access.store.reports.asking import KEPT
from openedx_moocdb.data_access.store.reports.event_counts import (
    EventCounts,
    event_counts,
    events_per_period,
    first_and_last,
)
from openedx_moocdb.data_access.store.reports.outline import Node, Outline, resources_of_urls
from openedx_moocdb.data_access.store.reports.periods import Periods, periods
from openedx_moocdb.data_access.store.reports.visit_counts import PlaceCounts, VisitCounts, visit_counts
from openedx_moocdb.schema import keys
from openedx_moocdb.schema.course import Course as CourseOverTime


@dataclass(frozen=True)
class CourseName:
    """A course; ``title`` is ``""`` when no course tree tells it."""

    course_id: int
    course_key: str
    title: str


@dataclass(frozen=True)
class CourseReport:
    """One course; ``periods`` and what goes with them are empty without events."""

    name: CourseName
    first_us: int | None
    last_us: int | None
    periods: Periods | None
    events_per_period: tuple[int, ...]
    events: EventCounts
    visits: VisitCounts
    outline: Outline
    nodes: tuple[Node, ...]


def course_name(alias: str, course_key: str) -> CourseName | None:
    """The course of that key, ``None`` if no event named it."""
    course_id = keys.dictionary_id("course", course_key)
    if not Course.objects.using(alias).filter(course_id=course_id, course_key=course_key).exists():
        return None
    return KEPT.answer(alias, ("name", course_key), lambda: _named(alias, course_id, course_key))


def _named(alias: str, course_id: int, course_key: str) -> CourseName:
    if not CourseTreeVersion.objects.using(alias).filter(course_id=course_id).exists():
        return CourseName(course_id, course_key, "")
    latest = CourseOverTime(course_key, course_trees.versions(alias, course_key)).latest
    root = latest.version.blocks[0] if latest is not None and latest.version.blocks else None
    return CourseName(course_id, course_key, root.display_name.strip() if root else "")


def course_names(alias: str) -> list[CourseName]:
    """All courses by key."""
    listed = Course.objects.using(alias).order_by("course_key").values_list("course_key", flat=True)
    return [name for name in (course_name(alias, course_key) for course_key in listed) if name is not None]


def course_report(alias: str, name: CourseName) -> CourseReport:
    """All about one course; scans its events and its visits once, then keeps the answer for a while."""
    return KEPT.answer(alias, ("course", name.course_key), lambda: _report(alias, name))


def course_outline(alias: str, name: CourseName) -> Outline:
    """The resources of a course alone, without any scan of events."""
    return KEPT.answer(alias, ("outline", name.course_key), lambda: Outline(alias, name.course_id))


def _report(alias: str, name: CourseName) -> CourseReport:
    ends = first_and_last(alias, name.course_id)
    spans = periods(*ends) if ends else None
    events = event_counts(alias, name.course_id)
    visits = visit_counts(alias, name.course_id, spans)
    outline = course_outline(alias, name)
    pages = resources_of_urls(alias, list(visits.places))
    places: dict[int, PlaceCounts] = {}
    for url_id, counts in visits.places.items():
        places.setdefault(pages.get(url_id, 0), PlaceCounts()).add(counts)
    return CourseReport(
        name,
        ends[0] if ends else None,
        ends[1] if ends else None,
        spans,
        events_per_period(alias, name.course_id, spans) if spans else (),
        events,
        visits,
        outline,
        tuple(outline.nodes(places, events.resources)),
    )


def events_without_course(alias: str) -> int:
    """Events on pages of no course: front page, dashboard, account."""
    return ObservedEvent.objects.using(alias).filter(course_id__isnull=True).count()
