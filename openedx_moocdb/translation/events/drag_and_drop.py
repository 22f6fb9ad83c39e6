"""Drag and drop. Moves are events only: they are many to one answer, which the grade of the block tells."""

from __future__ import annotations

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.step import StepKind
from openedx_moocdb.translation.event_type import EventType
from openedx_moocdb.translation.pages import Page
from openedx_moocdb.translation.standing import SERVER


class MoveItem(EventType):
    """An item is picked up or dropped on a zone."""

    names = ("edx.drag_and_drop_v2.item.picked_up", "edx.drag_and_drop_v2.item.dropped")
    sources = SERVER
    category = "drag_and_drop"


class DragAndDropSignal(EventType):
    """The block is ready, or shows what it thinks of a drop: no act of the learner."""

    names = ("edx.drag_and_drop_v2.loaded", "edx.drag_and_drop_v2.feedback.opened")
    sources = SERVER
    category = "drag_and_drop"
    step = StepKind.BACKGROUND


class CloseDropFeedback(EventType):
    """The feedback closes: an act when ``manually``, else the next item that is picked up closes it."""

    names = ("edx.drag_and_drop_v2.feedback.closed",)
    sources = SERVER
    category = "drag_and_drop"

    def kind(self, event: Event, page: Page) -> StepKind:
        return super().kind(event, page) if event.fields.get("manually") is True else StepKind.BACKGROUND
