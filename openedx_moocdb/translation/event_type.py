"""The interface of an event type: what its class must know, and nothing else.

A class says which (name, source) pairs it answers to, what the event does to
the learner's place, which block it is about and which further rows it states.
The translator does all that is the same for every event.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from math import isfinite
from typing import ClassVar

import msgspec

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.rows import Row
from openedx_moocdb.schema.site import Site
from openedx_moocdb.schema.step import Redundancy, StepKind
from openedx_moocdb.translation import block_ids
from openedx_moocdb.translation.pages import NO_PAGE, Page, PageKind, page_of

_NAME = re.compile(r"[A-Za-z][\w.:-]{0,119}", re.ASCII)

ANY_SOURCE = ("browser", "server", "mobile", "task", "")


class Act(msgspec.Struct, frozen=True, gc=False):
    """One event while it is translated: the event and what is known of it."""

    event: Event
    site: Site
    learner: bytes | None
    course_id: int | None
    block: str
    block_id: int | None
    type_id: int
    timestamp: str
    redundancy: Redundancy = Redundancy.NONE


@lru_cache(1 << 12)
def _bounded_name(name: str) -> str:
    return name if _NAME.fullmatch(name) else "<unknown>"


class EventType:
    """Base of all event types; an event that no class answers to is of this one.

    ``names`` and ``sources``: the pairs it answers to. ``category``: its family
    in the Open edX documentation. ``step``: what it does to the place; ``None``
    for what no learner did. ``is_row``: ``False`` for steps that are no row.
    """

    names: ClassVar[tuple[str, ...]] = ()
    sources: ClassVar[tuple[str, ...]] = ANY_SOURCE
    category: ClassVar[str] = "unknown"
    step: ClassVar[StepKind] = StepKind.ACT
    redundancy: ClassVar[Redundancy] = Redundancy.NONE
    is_row: ClassVar[bool] = True

    # What a class adds, from the methods that it has of its own: the translator
    # does not ask the others, which would say nothing.
    states_subject: ClassVar[bool] = False
    states_playback: ClassVar[bool] = False
    states_rows: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.states_subject = cls.subject is not EventType.subject
        cls.states_playback = (
            cls.play_left_s is not EventType.play_left_s or cls.position_s is not EventType.position_s
        )
        cls.states_rows = cls.rows is not EventType.rows

    def type_name(self, event: Event) -> str:
        """Name for ``observed_event_types``; bounded in number, free of personal data.

        A browser may send any name: what is not made like one is none.
        """
        return _bounded_name(event.name)

    def subject(self, event: Event) -> tuple[int | None, str | None]:
        """(LMS user id, username) of the learner whom the event is about."""
        return event.user_id, event.username

    def page(self, event: Event) -> Page:
        """The page where the learner states to be; ``NO_PAGE`` if unstated.

        A server event names a page only through its referer.
        """
        page = page_of(event.page, event.host) if event.page else NO_PAGE
        if not page.is_place and event.referer:
            came_from = page_of(event.referer, event.host)
            if came_from.is_place and came_from.course_key == event.course_key:
                return came_from
        return page

    def block(self, event: Event, page: Page) -> str:
        """Usage key of the block that the event is about, ``""`` if of none."""
        if event.module:
            return block_ids.canonical_usage(event.module, event.course_key)
        return page.block

    def panel(self, event: Event, page: Page) -> int | None:
        """Panel that the event itself names (see ``Step.panel``)."""
        return page.panel

    def kind(self, event: Event, page: Page) -> StepKind:
        """What the event does to the place; acting on a page that is no courseware is elsewhere."""
        step = self.step
        if step is StepKind.ACT and page.path and not page.is_place and page.kind not in _WITHIN_COURSEWARE:
            return StepKind.ELSEWHERE
        return step

    def play_left_s(self, event: Event) -> float | None:
        """See ``Step.play_left_s``."""
        return None

    def position_s(self, event: Event) -> float | None:
        """See ``Step.position_s``."""
        return None

    def rows(self, act: Act) -> Iterable[Row]:
        """Further rows that the event states, dictionary entries included."""
        return ()


#: pages from which an act may still be one in the courseware: the URL of a call
_WITHIN_COURSEWARE = frozenset(
    {PageKind.HANDLER, PageKind.UNIT, PageKind.COURSEWARE, PageKind.API, PageKind.COURSE_API, PageKind.NONE}
)


def text_field(fields: dict[str, object], *names: str) -> str:
    """The first of ``names`` that holds a text, ``""`` if none does."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str):
            return value
    return ""


def number_field(fields: dict[str, object], *names: str) -> float | None:
    """The first of ``names`` that holds a finite number, or text of one, as a float."""
    for name in names:
        value = fields.get(name)
        kind = type(value)
        if kind is float or kind is int or kind is str:
            try:
                number = float(value)  # type: ignore[arg-type]
            except (ValueError, OverflowError):
                continue
            if isfinite(number):
                return number
    return None
