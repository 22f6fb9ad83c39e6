"""Randomised blocks: which problems of a library a learner gets."""

from __future__ import annotations

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.step import StepKind
from openedx_moocdb.translation import block_ids
from openedx_moocdb.translation.event_type import EventType, text_field
from openedx_moocdb.translation.pages import Page
from openedx_moocdb.translation.standing import SERVER


class LibraryDraw(EventType):
    """Blocks are drawn for the learner, or taken from them, as the page with them loads."""

    names = ("edx.librarycontentblock.content.assigned", "edx.librarycontentblock.content.removed")
    sources = SERVER
    category = "library_content"
    step = StepKind.BACKGROUND

    def block(self, event: Event, page: Page) -> str:
        named = text_field(event.fields, "location")
        return block_ids.canonical_usage(named, event.course_key) or super().block(event, page)
