"""What the pages of courses show, ready to be written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from openedx_moocdb.data_access.store.reports.courses import CourseReport
from openedx_moocdb.data_access.store.reports.outline import Node
from openedx_moocdb.data_access.store.reports.periods import Span, moment
from openedx_moocdb.data_access.store.reports.visit_counts import LearnerCounts
from openedx_moocdb.presentation import formats, paging
from openedx_moocdb.presentation.charts.bars import BarChart, bar_chart, grid_numbers
from openedx_moocdb.presentation.charts.scale import percent
from openedx_moocdb.presentation.charts.stack import Part, stack
from openedx_moocdb.presentation.words import EVIDENCE, event_words, kind_words, spot_words
from openedx_moocdb.schema.step import PlaceSource

_LEARNERS_A_PAGE = 25
_MOST_TYPES = 15
_ANCHOR = "#learners"

_SPANS: dict[Span, Any] = {
    Span.DAY: _("per day"),
    Span.WEEK: _("per week"),
    Span.MONTH: _("per month"),
    Span.YEAR: _("per year"),
}
_FORMS = {Span.DAY: "%Y-%m-%d", Span.MONTH: "%Y-%m", Span.YEAR: "%Y"}
_HEADINGS: dict[str, Any] = {
    "events": _("Active events"),
    "visits": _("Visits"),
    "time": _("Time"),
    "first": _("First visit"),
    "last": _("Last visit"),
}
_ORDERS = {
    "events": lambda learner: learner.events,
    "visits": lambda learner: learner.visits,
    "time": lambda learner: learner.time_s,
    "first": lambda learner: learner.first_us,
    "last": lambda learner: learner.last_us,
}


@dataclass(frozen=True)
class Period:
    """One row of the table behind the charts of activity."""

    label: str
    events: int
    learners: int


@dataclass(frozen=True)
class Activity:
    """Events and active learners over time."""

    span: str
    events: BarChart
    learners: BarChart
    rows: tuple[Period, ...]


@dataclass(frozen=True)
class EvidenceRow:
    """One sort of evidence with its events and its rules."""

    tone: str
    label: Any
    meaning: Any
    rules: list[str]
    events: int
    share: float


@dataclass(frozen=True)
class TypeRow:
    """One type of event; ``bar`` as share of the most frequent type."""

    words: str
    name: str
    events: int
    bar: str


@dataclass(frozen=True)
class Branch:
    """A node of the tree as written; ``bar`` as share of the longest time among all chapters."""

    label: str
    kind: str
    visits: int | None
    learners: int | None
    time_s: float | None
    events: int
    bar: str
    children: tuple[Branch, ...]


def title(report: CourseReport) -> str:
    """Name of the course, else its key."""
    return report.name.title or report.name.course_key


def evidence_parts(sources: Mapping[PlaceSource, int]) -> tuple[Part, ...]:
    """The bar of evidence, strongest first."""
    counted = [(words.tone, str(words.label), sources.get(source, 0)) for source, words in EVIDENCE.items()]
    return stack(counted)


def evidence_rows(sources: Mapping[PlaceSource, int]) -> list[EvidenceRow]:
    """All sorts of evidence, also those that no event has."""
    whole = sum(sources.values())
    return [
        EvidenceRow(
            words.tone,
            words.label,
            words.meaning,
            words.rules,
            sources.get(source, 0),
            sources.get(source, 0) / whole if whole else 0.0,
        )
        for source, words in EVIDENCE.items()
    ]


def activity(report: CourseReport) -> Activity | None:
    """Charts and table of what happened when; ``None`` without events."""
    if report.periods is None:
        return None
    starts, span = report.periods.starts[:-1], report.periods.span
    long_labels = [_label(start, span) for start in starts]
    short_labels = [_short_label(start, span) for start in starts]
    active = report.visits.active
    return Activity(
        str(_SPANS[span]),
        _chart(report.events_per_period, short_labels, long_labels, "events"),
        _chart(active, short_labels, long_labels, "learners"),
        tuple(map(Period, long_labels, report.events_per_period, active)),
    )


def _chart(values: tuple[int, ...], short: list[str], long: list[str], what: str) -> BarChart:
    titles = [f"{label}: {_counted(value, what)}" for label, value in zip(long, values, strict=True)]
    return bar_chart(values, short, titles, [formats.number(n) for n in grid_numbers(values)])


def _counted(value: int, what: str) -> str:
    if what == "events":
        return ngettext("%(n)s event", "%(n)s events", value) % {"n": formats.number(value)}
    return ngettext("%(n)s learner", "%(n)s learners", value) % {"n": formats.number(value)}


def _label(start_us: int, span: Span) -> str:
    time = moment(start_us)
    if span is Span.WEEK:
        return gettext("week from %(day)s") % {"day": f"{time:%Y-%m-%d}"}
    return time.strftime(_FORMS[span])


def _short_label(start_us: int, span: Span) -> str:
    if span in (Span.DAY, Span.WEEK):
        return formats.short_day(start_us)
    return _label(start_us, span)


def type_rows(report: CourseReport) -> list[TypeRow]:
    """The most frequent types of event."""
    shown = report.events.types[:_MOST_TYPES]
    most = shown[0][1] if shown else 1
    return [TypeRow(event_words(name), name, events, percent(events / most)) for name, events in shown]


def branches(nodes: tuple[Node, ...]) -> tuple[Branch, ...]:
    """The tree as written. Bars compare siblings' times with the longest one of their level."""
    return tuple(_branches(list(nodes)))


def _branches(nodes: list[Node]) -> list[Branch]:
    longest = max((node.time_s or 0.0 for node in nodes), default=0.0) or 1.0
    return [
        Branch(
            spot_words(node.spot) if node.spot.name or node.spot.resource_id else kind_words(node.spot.kind),
            kind_words(node.spot.kind),
            node.visits,
            node.learners,
            node.time_s if node.visits else None,
            node.events,
            percent((node.time_s or 0.0) / longest),
            tuple(_branches(node.children)),
        )
        for node in nodes
    ]


def learners(report: CourseReport, asked: Mapping[str, str]) -> dict[str, Any]:
    """The page of the list of learners that the query asks for."""
    everyone: list[LearnerCounts] = sorted(report.visits.learners.values(), key=lambda found: found.learner)
    rows, order = paging.ordered(everyone, asked, _ORDERS, "-time")
    return {
        "headings": paging.headings(_HEADINGS, order, _ANCHOR),
        "learners": paging.cut(rows, asked, _LEARNERS_A_PAGE, _ANCHOR, ("sort",)),
    }
