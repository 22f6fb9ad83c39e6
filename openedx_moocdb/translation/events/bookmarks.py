"""Bookmarks of units."""

from __future__ import annotations

from openedx_moocdb.schema.event import Event
from openedx_moocdb.translation import block_ids
from openedx_moocdb.translation.event_type import EventType, text_field
from openedx_moocdb.translation.pages import Page
from openedx_moocdb.translation.standing import SERVER, Aside, Inline


class BookmarkEvent(EventType):
    """Any act on one bookmark; it is of the unit that ``component_usage_id`` names."""

    category = "bookmark"

    def block(self, event: Event, page: Page) -> str:
        return block_ids.canonical_usage(text_field(event.fields, "component_usage_id"), event.course_key)


class ChangeBookmark(BookmarkEvent, Inline):
    """The learner bookmarks the unit they are on, or gives the bookmark up."""

    names = ("edx.bookmark.added", "edx.bookmark.removed")
    sources = SERVER


class OpenBookmark(BookmarkEvent, Aside):
    """A bookmark is chosen from the list: on the list still, the request that follows opens the unit."""

    names = ("edx.bookmark.accessed",)
    sources = ("browser", "mobile", "")


class ListBookmarks(Aside):
    """The list of bookmarks is read, of one course or of all."""

    names = ("edx.bookmark.listed",)
    sources = SERVER
    category = "bookmark"
