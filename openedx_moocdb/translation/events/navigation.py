"""Moving through a course: sequences, outline, links, closing pages."""

from __future__ import annotations

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.step import NEXT_SECTION, PREVIOUS_SECTION, StepKind
from openedx_moocdb.translation import block_ids
from openedx_moocdb.translation.event_type import EventType, text_field
from openedx_moocdb.translation.pages import Page, page_of

UI = ("browser", "mobile", "")


class SequenceMove(EventType):
    """A click on a tab, or on next or previous, inside one sequence.

    The payload names the sequence and, as ``new``, the panel arrived at.
    """

    names = ("seq_goto", "seq_next", "seq_prev")
    sources = UI
    category = "navigation"
    step = StepKind.NAVIGATE

    def block(self, event: Event, page: Page) -> str:
        return block_ids.canonical_usage(text_field(event.fields, "id"), event.course_key, "sequential")

    def panel(self, event: Event, page: Page) -> int | None:
        new = event.fields.get("new")
        return new if isinstance(new, int) and new > 0 else None


class SequenceCrossing(SequenceMove):
    """Next on the last tab, or previous on the first: into the neighbouring sequence."""

    names = (
        "edx.ui.lms.sequence.next_selected",
        "edx.ui.lms.sequence.previous_selected",
        "edx.ui.lms.sequence.tab_selected",
    )

    def panel(self, event: Event, page: Page) -> int | None:
        if event.name == "edx.ui.lms.sequence.next_selected":
            return NEXT_SECTION
        if event.name == "edx.ui.lms.sequence.previous_selected":
            return PREVIOUS_SECTION
        return super().panel(event, page)


class LinkClick(EventType):
    """A click on a link or an outline entry: still on the page that has the link.

    ``current_url`` names that page; the request that follows names the target.
    """

    names = (
        "edx.ui.lms.link_clicked",
        "edx.ui.lms.outline.selected",
        "edx.ui.lms.sequence.outline.selected",
    )
    sources = UI
    category = "navigation"

    def page(self, event: Event) -> Page:
        current = text_field(event.fields, "current_url")
        page = page_of(current, event.host)
        return page if page.path else super().page(event)


class JumpNav(EventType):
    """A choice in the breadcrumb of the learning MFE: on the unit that is left."""

    names = ("edx.ui.lms.jump_nav.selected",)
    sources = UI
    category = "navigation"

    def block(self, event: Event, page: Page) -> str:
        return block_ids.canonical_usage(text_field(event.fields, "current_id"), event.course_key)


class CourseHomeClick(EventType):
    """Clicks on the course home: resume, a tool, a search."""

    names = (
        "edx.course.home.resume_course.clicked",
        "edx.course.tool.accessed",
        "edx.course.home.courseware_search.submit",
    )
    sources = UI
    category = "navigation"
    step = StepKind.ELSEWHERE


class AppScreen(EventType):
    """A screen of the mobile app; it names no page of the web."""

    names = ("edx.bi.app.navigation.screen",)
    category = "navigation"
    step = StepKind.ELSEWHERE


class PageClose(EventType):
    """The browser leaves a page: the end of a visit, the start of none, and no row."""

    names = ("page_close",)
    sources = UI
    category = "navigation"
    step = StepKind.CLOSE
    is_row = False
