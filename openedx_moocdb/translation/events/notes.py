"""Student notes: highlights with a text, made within a unit and read on a page of their own."""

from __future__ import annotations

from openedx_moocdb.schema.event import Event
from openedx_moocdb.translation import block_ids
from openedx_moocdb.translation.event_type import text_field
from openedx_moocdb.translation.pages import Page
from openedx_moocdb.translation.standing import BROWSER, Aside, Inline


class WriteNote(Inline):
    """A note is made, changed or deleted on the component that it highlights."""

    names = (
        "edx.course.student_notes.added",
        "edx.course.student_notes.edited",
        "edx.course.student_notes.deleted",
    )
    sources = BROWSER
    category = "notes"

    def block(self, event: Event, page: Page) -> str:
        named = text_field(event.fields, "component_usage_id")
        return block_ids.canonical_usage(named, event.course_key)


class ViewNote(Inline):
    """The pointer rests on highlighted text and its notes show; they may be of several components."""

    names = ("edx.course.student_notes.viewed",)
    sources = BROWSER
    category = "notes"

    def block(self, event: Event, page: Page) -> str:
        notes = event.fields.get("notes")
        usages = {
            text_field(note, "component_usage_id")
            for note in (notes if isinstance(notes, list) else ())
            if isinstance(note, dict)
        }
        return block_ids.canonical_usage(usages.pop(), event.course_key) if len(usages) == 1 else ""


class NotesPage(Aside):
    """The page of all notes: opened, searched."""

    names = ("edx.course.student_notes.notes_page_viewed", "edx.course.student_notes.searched")
    sources = BROWSER
    category = "notes"


class NoteUnitLink(Aside):
    """From a note back to its unit: still on the page of notes, the request that follows opens the unit."""

    names = ("edx.course.student_notes.used_unit_link",)
    sources = BROWSER
    category = "notes"

    def block(self, event: Event, page: Page) -> str:
        named = text_field(event.fields, "component_usage_id")
        return block_ids.canonical_usage(named, event.course_key)
