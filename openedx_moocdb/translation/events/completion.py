"""Completion: of blocks by what learners do, of parts of the course by sums over blocks."""

from __future__ import annotations

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.step import Redundancy, StepKind
from openedx_moocdb.translation import block_ids
from openedx_moocdb.translation.event_type import EventType, text_field
from openedx_moocdb.translation.pages import Page
from openedx_moocdb.translation.standing import SERVER, Fact, stated_subject


class CompleteBlock(EventType):
    """The platform notes how far a block is done: it tells where the learner is, but is no act."""

    names = ("edx.completion.block_completion.changed", "edx.problem.completed")
    sources = SERVER
    category = "completion"
    step = StepKind.BACKGROUND

    def subject(self, event: Event) -> tuple[int | None, str | None]:
        return stated_subject(event, "user_id")

    def block(self, event: Event, page: Page) -> str:
        named = text_field(event.fields, "block_id", "problem_id")
        return block_ids.canonical_usage(named, event.course_key) or super().block(event, page)


class ToggleDone(EventType):
    """The learner marks a unit as done, or not done, by a button in it; the server's word counts."""

    names = ("edx.done.toggled",)
    sources = SERVER
    category = "completion"


class BrowserToggleDone(ToggleDone):
    """The browser's copy of the same click."""

    names = ("edx.done.toggled",)
    sources = ("browser", "mobile")
    redundancy = Redundancy.BROWSER_ECHO


class AggregateCompletion(Fact):
    """The completion aggregator sums up a unit, section, chapter or the course: done, or to which share."""

    names = (
        "edx.completion_aggregator.completion.chapter",
        "edx.completion_aggregator.completion.course",
        "edx.completion_aggregator.completion.sequential",
        "edx.completion_aggregator.completion.vertical",
        "edx.completion_aggregator.progress.chapter",
        "edx.completion_aggregator.progress.course",
        "edx.completion_aggregator.progress.sequential",
        "edx.completion_aggregator.progress.vertical",
    )
    category = "completion"

    def block(self, event: Event, page: Page) -> str:
        return block_ids.canonical_usage(text_field(event.fields, "block_id"), event.course_key)
