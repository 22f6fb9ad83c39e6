"""Experiments within a course: which group a learner is in, which content they therefore get."""

from __future__ import annotations

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.step import StepKind
from openedx_moocdb.translation import block_ids
from openedx_moocdb.translation.event_type import ANY_SOURCE, EventType, text_field
from openedx_moocdb.translation.pages import Page
from openedx_moocdb.translation.standing import Fact


class AssignToGroup(Fact):
    """The platform puts the learner into a group, at random, once."""

    names = ("xmodule.partitions.assigned_user_to_partition", "assigned_user_to_partition")
    sources = ANY_SOURCE
    category = "ab_testing"


class ShowGroupContent(EventType):
    """The content of the learner's group is put on the page that loads; ``child_id`` is its block."""

    names = ("xblock.split_test.child_render", "child_render")
    sources = ANY_SOURCE
    category = "ab_testing"
    step = StepKind.BACKGROUND

    def block(self, event: Event, page: Page) -> str:
        named = text_field(event.fields, "child_id", "child-id")
        return block_ids.canonical_usage(named, event.course_key) or super().block(event, page)
