"""The wiki, which has no events but its requests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from openedx_moocdb.schema import keys
from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.rows import Collaboration, Row
from openedx_moocdb.schema.step import StepKind
from openedx_moocdb.translation.event_type import Act
from openedx_moocdb.translation.normalise import form_fields
from openedx_moocdb.translation.pages import Page, PageKind, page_of
from openedx_moocdb.translation.registry import RequestType

WIKI_EDIT = 5
#: last segments of the paths to which an article's text is sent
_WRITES = ("_edit", "_create", "_create-root")
_CUT_FORM = re.compile(r'"POST": \{"')
_CUT_CONTENT = re.compile(r'"content": \["((?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u])*)')


class WikiRequest(RequestType):
    """A page of the wiki; an article that is sent is a collaboration, its content the new text."""

    pages = (PageKind.WIKI,)
    sources = ("server",)
    category = "wiki"
    step = StepKind.ELSEWHERE

    def type_name(self, event: Event) -> str:
        return "<request> /courses/{course_id}/wiki/" + ("_edit/" if _is_sent(event) else "")

    def page(self, event: Event) -> Page:
        return page_of(event.name, event.host)

    def rows(self, act: Act) -> Iterable[Row]:
        event = act.event
        if not _is_sent(event):
            return
        yield Collaboration(
            keys.dictionary_id("collaboration", event.key.hex()),
            event.key,
            act.learner,
            WIKI_EDIT,
            _content(event),
            act.timestamp,
            None,
            event.is_truncated,
            act.course_id,
        )


def _is_sent(event: Event) -> bool:
    """Whether the request brings an article; a form cut at 512 characters tells it by its begin."""
    if event.name.rstrip("/").rpartition("/")[2] not in _WRITES:
        return False
    fields = form_fields(event.payload)
    if fields:
        return "content" in fields and "preview" not in fields
    return isinstance(event.payload, str) and _CUT_FORM.search(event.payload) is not None


def _content(event: Event) -> str | None:
    """The text sent, as far as it goes."""
    content = form_fields(event.payload).get("content")
    if content:
        return str(content[0])
    cut = _CUT_CONTENT.search(event.payload) if isinstance(event.payload, str) else None
    if cut is None:
        return None
    text: str = json.loads(f'"{cut.group(1)}"', strict=False)
    return text.encode("utf-8", "replace").decode()  # the cut may part the halves of one character
