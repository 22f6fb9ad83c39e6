"""The discussion forum. A document of it is one collaboration, known by the id that it has there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openedx_moocdb.schema import keys
from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.rows import Collaboration, Row
from openedx_moocdb.schema.step import StepKind
from openedx_moocdb.translation.event_type import Act, text_field
from openedx_moocdb.translation.pages import Page, PageKind, page_of
from openedx_moocdb.translation.standing import SERVER, Aside, Inline

POST, ANSWER, COMMENT, VOTE = 1, 2, 3, 4


class ForumAct(Inline):
    """An act on a document of the forum, on a page of it or in a discussion within a unit."""

    category = "forum"
    sources = SERVER

    def page(self, event: Event) -> Page:
        page = super().page(event)
        return page if page.is_place or page.kind is PageKind.FORUM else _thread_page(event) or page

    def kind(self, event: Event, page: Page) -> StepKind:
        """The MFE names no page, but whether the discussion stands beside a unit."""
        is_beside_unit = event.fields.get("from_mfe_sidebar") is True
        return StepKind.ACT if page.is_place or is_beside_unit else StepKind.ELSEWHERE


class CreateThread(ForumAct):
    """A post opens a thread: one collaboration, its content the title and the body."""

    names = ("edx.forum.thread.created",)
    type_id = POST
    parent_field = ""

    def rows(self, act: Act) -> Iterable[Row]:
        fields = act.event.fields
        parts = [text_field(fields, name) for name in ("title", "body")]
        parent = fields.get(self.parent_field)
        yield Collaboration(
            _document_id(act, fields.get("id")) or _event_id(act),
            act.event.key,
            act.learner,
            self.type_id,
            "\n\n".join(part for part in parts if part) or None,
            act.timestamp,
            _document_id(act, parent.get("id")) if isinstance(parent, dict) else None,
            act.event.is_truncated or True in (fields.get("truncated"), fields.get("title_truncated")),
            act.course_id,
        )


class CreateResponse(CreateThread):
    """An answer to a post; its parent is the post."""

    names = ("edx.forum.response.created",)
    type_id = ANSWER
    parent_field = "discussion"


class CreateComment(CreateThread):
    """A comment on an answer; its parent is the answer."""

    names = ("edx.forum.comment.created",)
    type_id = COMMENT
    parent_field = "response"


class Vote(ForumAct):
    """A vote for a post or an answer, or one taken back: each is a row, so that they can be summed."""

    names = ("edx.forum.thread.voted", "edx.forum.response.voted")

    def rows(self, act: Act) -> Iterable[Row]:
        fields = act.event.fields
        value = text_field(fields, "vote_value")
        yield Collaboration(
            _event_id(act),
            act.event.key,
            act.learner,
            VOTE,
            f"undo {value}".strip() if fields.get("undo_vote") is True else value or None,
            act.timestamp,
            _document_id(act, fields.get("id")),
            act.event.is_truncated,
            act.course_id,
        )


class ChangeDocument(ForumAct):
    """A post, answer or comment is edited, deleted, reported or endorsed, by its author or by staff."""

    names = (
        "edx.forum.thread.edited",
        "edx.forum.thread.deleted",
        "edx.forum.thread.reported",
        "edx.forum.thread.unreported",
        "edx.forum.thread.locked",
        "edx.forum.thread.unlocked",
        "edx.forum.response.edited",
        "edx.forum.response.deleted",
        "edx.forum.response.reported",
        "edx.forum.response.unreported",
        "edx.forum.response.mark",
        "edx.forum.response.unmark",
        "edx.forum.comment.edited",
        "edx.forum.comment.deleted",
        "edx.forum.comment.reported",
        "edx.forum.comment.unreported",
    )


class FollowThread(ForumAct):
    """The learner wants news of a thread, or no more."""

    names = ("edx.forum.thread.followed", "edx.forum.thread.unfollowed")


class ViewThread(Aside):
    """A thread is read; the courseware that may have led to it is left."""

    names = ("edx.forum.thread.viewed",)
    sources = SERVER
    category = "forum"

    def page(self, event: Event) -> Page:
        page = super().page(event)
        return page if page.kind is PageKind.FORUM else _thread_page(event) or page


class SearchForum(Aside):
    """The forum is searched. Old logs have this event from the browser, too."""

    names = ("edx.forum.searched",)
    sources = ("browser", *SERVER)
    category = "forum"


def _thread_page(event: Event) -> Page | None:
    """The forum page that the payload or the request names, if one does."""
    for url in (text_field(event.fields, "url"), event.path):
        page = page_of(url, event.host)
        if page.kind is PageKind.FORUM and "/discussion/" in page.path and page.course_key:
            return page
    return None


def _document_id(act: Act, document: Any) -> int | None:
    """Id of a forum document in its course; of a text in Mongo, of a number in MySQL."""
    if not isinstance(document, (str, int)) or isinstance(document, bool) or document == "":
        return None
    return keys.dictionary_id("collaboration", f"{act.event.course_key or ''}/{document}")


def _event_id(act: Act) -> int:
    return keys.dictionary_id("collaboration", act.event.key.hex())
