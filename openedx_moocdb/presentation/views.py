"""The pages: ask the reports, hand what they say to a template."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from openedx_moocdb import conf
from openedx_moocdb.data_access.store.reports import operations
from openedx_moocdb.data_access.store.reports.courses import (
    CourseName,
    course_name,
    course_names,
    course_report,
    events_without_course,
)
from openedx_moocdb.data_access.store.reports.trajectory import MOST_EVENTS, trajectory
from openedx_moocdb.presentation import course_pages, learner_pages
from openedx_moocdb.presentation.rendering import page
from openedx_moocdb.presentation.words import EVIDENCE


@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """All courses at a glance."""
    alias = _alias()
    cards = []
    for name in course_names(alias):
        report = course_report(alias, name)
        parts = course_pages.evidence_parts(report.events.sources)
        cards.append({"title": course_pages.title(report), "report": report, "parts": parts})
    context = {"cards": cards, "without_course": events_without_course(alias), "section": "courses"}
    return page(request, "courses", context)


@require_safe
def course(request: HttpRequest, course_key: str) -> HttpResponse:
    """One course: activity, evidence, the resource tree, event types, learners."""
    alias = _alias()
    report = course_report(alias, _course_name(alias, course_key))
    context: dict[str, Any] = {
        "section": "courses",
        "title": course_pages.title(report),
        "report": report,
        "activity": course_pages.activity(report),
        "parts": course_pages.evidence_parts(report.events.sources),
        "evidence": course_pages.evidence_rows(report.events.sources),
        "branches": course_pages.branches(report.nodes),
        "types": course_pages.type_rows(report),
        **course_pages.learners(report, request.GET),
    }
    return page(request, "course", context)


@require_safe
def learner(request: HttpRequest, course_key: str, learner: str) -> HttpResponse:
    """One learner's way through one course."""
    alias = _alias()
    name = _course_name(alias, course_key)
    with_copies = request.GET.get("copies") == "1"
    limit_s = conf.get("MOOCDB_SESSION_LIMIT_S")
    key = bytes.fromhex(learner)
    way = trajectory(alias, name, key, limit_s, with_copies)
    if way is None:
        raise Http404
    rows, slices = learner_pages.sessions(way, request.GET)
    stops = [stop for session in way.sessions for stop in session.stops]
    times = [stop.duration_s for stop in stops if stop.duration_s is not None]
    context = {
        "section": "courses",
        "name": name,
        "title": name.title or name.course_key,
        "learner": key,
        "way": way,
        "visits": len(stops),
        "time_s": sum(times) if times else None,
        "acts": sum(session.acts for session in way.sessions),
        "picture": learner_pages.picture(way),
        "sessions": rows,
        "slices": slices,
        "evidence": EVIDENCE.values(),
        "with_copies": with_copies,
        "limit_s": limit_s,
        "most_events": MOST_EVENTS,
    }
    return page(request, "learner", context)


@require_safe
def quarantine(request: HttpRequest) -> HttpResponse:
    """How imports went; rejected lines are counted and never shown, since they may hold anything."""
    alias = _alias()
    rejected = operations.rejected_lines(alias)
    context = {
        "section": "data",
        "files": operations.import_files(alias),
        "rejected": rejected,
        "lines": sum(group.lines for group in rejected),
    }
    return page(request, "quarantine", context)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for addresses that lead nowhere."""
    return page(request, "404", {"section": ""}, status=404)


def _alias() -> str:
    return str(conf.get("MOOCDB_DATABASE_ALIAS"))


def _course_name(alias: str, course_key: str) -> CourseName:
    name = course_name(alias, course_key)
    if name is None:
        raise Http404
    return name
