"""Open-ended problems of 2012 to 2014, graded by machine, peers or staff; ``ora`` replaced them."""

from __future__ import annotations

from collections.abc import Iterable

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.rows import Row
from openedx_moocdb.schema.step import StepKind
from openedx_moocdb.translation import answers, block_ids
from openedx_moocdb.translation.event_type import ANY_SOURCE, Act, EventType, text_field
from openedx_moocdb.translation.normalise import form_fields
from openedx_moocdb.translation.pages import Page, page_of
from openedx_moocdb.translation.registry import RequestType
from openedx_moocdb.translation.standing import Aside


class OpenEndedEvent(EventType):
    """Any act on an open-ended problem; ``location`` names its block."""

    category = "open_ended"
    sources = ANY_SOURCE

    def block(self, event: Event, page: Page) -> str:
        named = text_field(event.fields, "location", "problem_location")
        return block_ids.canonical_usage(named, event.course_key) or super().block(event, page)


class OpenEndedView(OpenEndedEvent):
    """The question is shown or hidden, feedback on the answer is opened or rated."""

    names = (
        "oe_hide_problem",
        "oe_hide_question",
        "oe_show_problem",
        "oe_show_question",
        "oe_show_full_feedback",
        "oe_show_respond_to_feedback",
        "oe_feedback_response_selected",
    )


class PeerGradingView(OpenEndedEvent):
    """While a peer's answer is graded, the question is shown or hidden, or a point of the rubric chosen."""

    names = (
        "peer_grading_hide_problem",
        "peer_grading_hide_question",
        "peer_grading_show_problem",
        "peer_grading_show_question",
        "rubric_select",
    )


class StaffGradingView(OpenEndedEvent, Aside):
    """Staff show or hide the question on their own page of grading."""

    names = (
        "staff_grading_hide_problem",
        "staff_grading_hide_question",
        "staff_grading_show_problem",
        "staff_grading_show_question",
    )


class OpenEndedCall(RequestType):
    """An answer or a peer's grade is sent; no other event tells of it, so the request is the act."""

    handlers: tuple[str, ...] = (
        "save_grade",
        "save_calibration_essay",
        "save_assessment",
        "save_post_assessment",
    )
    sources = ("server",)
    category = "open_ended"

    def type_name(self, event: Event) -> str:
        return f"<request> handler {page_of(event.name, event.host).handler}"

    def block(self, event: Event, page: Page) -> str:
        return page_of(event.name, event.host).block

    def kind(self, event: Event, page: Page) -> StepKind:
        return StepKind.ACT


class OpenEndedAnswer(OpenEndedCall):
    """The answer to an open-ended problem is handed in: one submission."""

    handlers = ("save_answer",)

    def rows(self, act: Act) -> Iterable[Row]:
        given = form_fields(act.event.payload).get("student_answer")
        if not given or not act.block:
            return ()
        problems, submission = answers.submission_rows(act, "", given[0], answers.SUBMITTED, None)
        return (*problems, submission)
