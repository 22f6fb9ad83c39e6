"""Where the subject of an event stands: nowhere, elsewhere or in the courseware.

Bases that several families share; none of them answers to a name.
"""

from __future__ import annotations

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.step import StepKind
from openedx_moocdb.translation.event_type import EventType
from openedx_moocdb.translation.pages import NO_PAGE, Page, PageKind, page_of

SERVER: tuple[str, ...] = ("server", "task", "")
BROWSER: tuple[str, ...] = ("browser", "mobile", "")

#: kinds of a referer that name no page on which an act of the course was done
_NO_REFERER = frozenset(
    {
        PageKind.API,
        PageKind.COURSE_API,
        PageKind.HANDLER,
        PageKind.HEARTBEAT,
        PageKind.NONE,
        PageKind.PREVIEW,
        PageKind.STATIC,
        PageKind.STUDIO,
    }
)


def stated_subject(event: Event, *names: str) -> tuple[int | None, str | None]:
    """(LMS user id, username) from the first of ``names`` in the payload that holds an id.

    The payload names the learner whom a fact is about; the context only who
    caused it, often staff. Without an id in the payload they are the same, and
    so they are in events of a browser, where anybody may name anybody.
    """
    if event.source in BROWSER and event.source:
        return event.user_id, event.username
    for name in names:
        value = event.fields.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value, event.username if value == event.user_id else None
    return event.user_id, event.username


def asking_page(event: Event) -> Page:
    """The page that the act was done on: as stated, else the referer of the call.

    A referer without a path is the origin of an MFE, which tells no more; it is not the home page.
    """
    page = page_of(event.page, event.host) if event.page else NO_PAGE
    if page.kind is PageKind.NONE and event.referer:
        came_from = page_of(event.referer, event.host)
        return NO_PAGE if came_from.kind in _NO_REFERER or came_from.path == "/" else came_from
    return page


class Fact(EventType):
    """What the platform states about a learner; nobody need be on a page for it."""

    sources = SERVER
    step = StepKind.NOWHERE

    def subject(self, event: Event) -> tuple[int | None, str | None]:
        return stated_subject(event, "user_id")

    def page(self, event: Event) -> Page:
        return NO_PAGE


class Aside(EventType):
    """An act on a page that is no courseware, whatever page led there."""

    step = StepKind.ELSEWHERE

    def page(self, event: Event) -> Page:
        page = asking_page(event)
        return NO_PAGE if page.is_place else page


class Inline(EventType):
    """An act that has a page of its own, or is done within a unit: the page tells which."""

    def page(self, event: Event) -> Page:
        return asking_page(event)

    def kind(self, event: Event, page: Page) -> StepKind:
        return StepKind.ELSEWHERE if page.path and not page.is_place else StepKind.ACT
