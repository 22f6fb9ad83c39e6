"""Implicit events: every request to the LMS, named by its path.

They are most of a log, and its only page views. Their payload is the form of
the request, often cut at 512 characters.
"""

from __future__ import annotations

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.step import LAST_PANEL, Redundancy, StepKind
from openedx_moocdb.translation import block_ids
from openedx_moocdb.translation.event_type import EventType
from openedx_moocdb.translation.normalise import form_fields
from openedx_moocdb.translation.pages import Page, PageKind, page_of
from openedx_moocdb.translation.registry import RequestType

#: what the learning MFE asks for to show a tab, and on no other page, with the tab's own segment
_TABS = {
    "/api/course_home/v1/outline/": "home",
    "/api/course_home/v1/dates/": "dates",
    "/api/course_home/v1/progress/": "progress",
}


class Request(RequestType):
    """A request of any kind; its place is its own path."""

    category = "implicit_request"
    sources = ("server",)
    label = "<request>"

    def type_name(self, event: Event) -> str:
        return self.label

    def page(self, event: Event) -> Page:
        return page_of(event.name, event.host)


class CoursewareView(Request):
    """A section is opened, by its URL; the panel is named only by a third segment or by the query."""

    pages = (PageKind.COURSEWARE,)
    category = "navigation"
    step = StepKind.VIEW
    label = "<request> /courses/{course_id}/courseware/"

    def panel(self, event: Event, page: Page) -> int | None:
        """As in the path, else the first or last, as the query may ask for."""
        if page.panel is not None or not page.section:
            return page.panel
        return {"first": 1, "last": LAST_PANEL}.get(_query(event, "child"))

    def block(self, event: Event, page: Page) -> str:
        """The block that the page is to scroll to, if the query names one."""
        named = _query(event, "activate_block_id")
        return block_ids.canonical_usage(named, event.course_key) if named else super().block(event, page)


class UnitView(Request):
    """The learning MFE loads a unit into its iframe: the page view of today."""

    pages = (PageKind.UNIT,)
    category = "navigation"
    step = StepKind.VIEW
    label = "<request> /xblock/{usage_key}"

    def kind(self, event: Event, page: Page) -> StepKind:
        return StepKind.VIEW if page.unit else StepKind.BACKGROUND


class CoursePage(Request):
    """A page of the course that is no courseware."""

    pages = (
        PageKind.PROGRESS,
        PageKind.INFO,
        PageKind.ABOUT,
        PageKind.COURSE,
        PageKind.TAB,
        PageKind.BOOK,
        PageKind.INSTRUCTOR,
    )
    category = "navigation"
    step = StepKind.ELSEWHERE

    def type_name(self, event: Event) -> str:
        return f"<request> /courses/{{course_id}}/{self.page(event).kind.value}/"


class JumpTo(Request):
    """``jump_to`` redirects to the unit of a block: the courseware request follows at once."""

    pages = (PageKind.JUMP,)
    category = "navigation"
    step = StepKind.VIEW
    label = "<request> /courses/{course_id}/jump_to/"


class ForumRequest(Request):
    """The forum, by its pages or by the API of its MFE; posts have events of their own."""

    pages = (PageKind.FORUM,)
    category = "forum"
    step = StepKind.ELSEWHERE
    label = "<request> /courses/{course_id}/discussion/"

    def page(self, event: Event) -> Page:
        """The forum page; a discussion within a unit, or a call for posts, is on the page that asks."""
        page = super().page(event)
        return EventType.page(self, event) if _is_inline(page) or _is_call(page) else page

    def kind(self, event: Event, page: Page) -> StepKind:
        requested = page_of(event.name, event.host)
        if _is_inline(requested):
            return StepKind.ACT
        return StepKind.BACKGROUND if _is_call(requested) else StepKind.ELSEWHERE


def _is_inline(page: Page) -> bool:
    return page.path.endswith("/inline/")


def _is_call(page: Page) -> bool:
    """Posts are asked for; that the forum is opened, the call for the course's settings tells."""
    return page.path.startswith("/api/discussion/") and "/courses/" not in page.path


class SitePage(Request):
    """A page of the site outside any course: dashboard, log-in, account."""

    pages = (PageKind.SITE, PageKind.ACCOUNT)
    step = StepKind.ELSEWHERE

    def type_name(self, event: Event) -> str:
        return "<request> " + self.page(event).path


class Logout(Request):
    """The session ends, and all visits with it; a step, no row."""

    pages = (PageKind.LOGOUT,)
    step = StepKind.LEAVE
    is_row = False
    label = "<request> /logout"


class ApiCall(Request):
    """A call that a page or an app makes on its own."""

    pages = (PageKind.API,)
    step = StepKind.BACKGROUND

    def type_name(self, event: Event) -> str:
        return "<request> " + page_of(event.name, event.host).path

    def page(self, event: Event) -> Page:
        """The page that called, by its referer."""
        return EventType.page(self, event)


class CourseApiCall(ApiCall):
    """A call about a course. Of the tabs of the learning MFE it is the only trace, and so their page view.

    These tabs are the outline, the dates and the progress; other calls come from any page.
    """

    pages = (PageKind.COURSE_API,)
    category = "navigation"

    def page(self, event: Event) -> Page:
        request = page_of(event.name, event.host)
        tab = _TABS.get(request.path)
        return page_of(f"/learning/course/{request.course_key}/{tab}") if tab else super().page(event)

    def kind(self, event: Event, page: Page) -> StepKind:
        return StepKind.ELSEWHERE if page_of(event.name, event.host).path in _TABS else StepKind.BACKGROUND


class HandlerCall(Request):
    """A call to a block's handler: made on its own unless a class below says otherwise.

    It states its block, and by its referer the page.
    """

    pages = (PageKind.HANDLER,)
    category = "problem"
    step = StepKind.BACKGROUND
    redundancy = Redundancy.REQUEST_ECHO

    def type_name(self, event: Event) -> str:
        return f"<request> handler {page_of(event.name, event.host).handler or '_'}"

    def page(self, event: Event) -> Page:
        """The page that called, by its referer."""
        return EventType.page(self, event)

    def block(self, event: Event, page: Page) -> str:
        return page_of(event.name, event.host).block


class GotoPosition(HandlerCall):
    """The server notes the panel that the learner moved to: the echo of a sequence event."""

    handlers = ("goto_position",)
    category = "navigation"

    def kind(self, event: Event, page: Page) -> StepKind:
        return StepKind.BACKGROUND if self.panel(event, page) is None else StepKind.NAVIGATE

    def panel(self, event: Event, page: Page) -> int | None:
        position = form_fields(event.payload).get("position", [""])[0]
        return int(position) if str(position).isdigit() and int(position) > 0 else None


class AnswerCall(HandlerCall):
    """Answers on their way to the server, whose own event follows."""

    handlers = ("problem_check", "problem_save", "problem_reset", "problem_show")
    step = StepKind.ACT

    def kind(self, event: Event, page: Page) -> StepKind:
        return StepKind.ACT


def _query(event: Event, name: str) -> str:
    """A field of the request's query, which a path lacks and the payload holds."""
    query = event.fields.get("GET")
    values = query.get(name) if isinstance(query, dict) else None
    value = values[0] if isinstance(values, list) and values else values
    return value if isinstance(value, str) else ""
