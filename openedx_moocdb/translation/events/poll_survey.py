"""Polls of one question and surveys of several; nobody grades them."""

from __future__ import annotations

from collections.abc import Iterable

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.rows import Row
from openedx_moocdb.translation import block_ids, questions
from openedx_moocdb.translation.event_type import Act, EventType, text_field
from openedx_moocdb.translation.pages import Page
from openedx_moocdb.translation.standing import SERVER


class PollEvent(EventType):
    """Any event of a poll or a survey; the module or ``url_name`` names its block."""

    sources = SERVER
    category = "poll_survey"
    block_type = "poll"

    def block(self, event: Event, page: Page) -> str:
        if event.module:
            return super().block(event, page)
        named = text_field(event.fields, "url_name")
        return block_ids.canonical_usage(named, event.course_key, self.block_type)


class SubmitPoll(PollEvent):
    """A poll is answered: one choice, named by its id; the question is the poll itself."""

    names = ("xblock.poll.submitted",)

    def rows(self, act: Act) -> Iterable[Row]:
        return questions.feedback_rows(act, [("choice", act.event.fields.get("choice"))])


class SubmitSurvey(PollEvent):
    """A survey is answered: one choice to each question, both named by their ids."""

    names = ("xblock.survey.submitted",)
    block_type = "survey"

    def rows(self, act: Act) -> Iterable[Row]:
        choices = act.event.fields.get("choices")
        return questions.feedback_rows(act, choices.items() if isinstance(choices, dict) else ())


class ViewPollResults(PollEvent):
    """What all have answered is looked at."""

    names = ("xblock.poll.view_results", "xblock.survey.view_results")
