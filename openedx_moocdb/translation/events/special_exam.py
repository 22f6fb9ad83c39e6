"""Timed and proctored exams: what learners do in them, what is decided of them, how staff set them up."""

from __future__ import annotations

from typing import ClassVar

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.step import StepKind
from openedx_moocdb.translation import block_ids
from openedx_moocdb.translation.event_type import EventType, text_field
from openedx_moocdb.translation.pages import NO_PAGE, Page
from openedx_moocdb.translation.standing import SERVER, Aside, stated_subject


class ExamEvent(EventType):
    """Any event of an exam; ``exam_content_id`` is its section, ``attempt_user_id`` its learner."""

    sources = SERVER
    category = "special_exam"

    def subject(self, event: Event) -> tuple[int | None, str | None]:
        return stated_subject(event, "attempt_user_id", "allowance_user_id", "user_id")

    def block(self, event: Event, page: Page) -> str:
        return block_ids.canonical_usage(text_field(event.fields, "exam_content_id"), event.course_key)


class TakeExam(ExamEvent):
    """The learner enters, starts, ends or declines the exam, or fetches its software, in its section."""

    names = (
        "edx.special_exam.practice.attempt.created",
        "edx.special_exam.practice.attempt.started",
        "edx.special_exam.practice.attempt.ready_to_submit",
        "edx.special_exam.practice.attempt.submitted",
        "edx.special_exam.practice.attempt.download_software_clicked",
        "edx.special_exam.proctored.attempt.created",
        "edx.special_exam.proctored.attempt.started",
        "edx.special_exam.proctored.attempt.ready_to_submit",
        "edx.special_exam.proctored.attempt.submitted",
        "edx.special_exam.proctored.attempt.declined",
        "edx.special_exam.proctored.attempt.download_software_clicked",
        "edx.special_exam.timed.attempt.created",
        "edx.special_exam.timed.attempt.started",
        "edx.special_exam.timed.attempt.ready_to_submit",
        "edx.special_exam.timed.attempt.submitted",
    )


class OfferExam(ExamEvent):
    """The section shows the choice to take the exam proctored or not."""

    names = ("edx.special_exam.proctored.option-presented",)
    step = StepKind.BACKGROUND


class DecideOnExam(ExamEvent):
    """The proctoring service or staff decide on an attempt: ready, reviewed, verified, rejected, deleted."""

    names: ClassVar[tuple[str, ...]] = (
        "edx.special_exam.practice.attempt.ready_to_start",
        "edx.special_exam.practice.attempt.error",
        "edx.special_exam.practice.attempt.deleted",
        "edx.special_exam.proctored.attempt.ready_to_start",
        "edx.special_exam.proctored.attempt.review_received",
        "edx.special_exam.proctored.attempt.verified",
        "edx.special_exam.proctored.attempt.rejected",
        "edx.special_exam.proctored.attempt.error",
        "edx.special_exam.proctored.attempt.deleted",
        "edx.special_exam.timed.attempt.deleted",
    )
    step = StepKind.NOWHERE

    def page(self, event: Event) -> Page:
        return NO_PAGE


class AllowExam(DecideOnExam):
    """Staff give the learner of the payload more time or another exception, or take it back."""

    names = (
        "edx.special_exam.practice.allowance.created",
        "edx.special_exam.practice.allowance.deleted",
        "edx.special_exam.proctored.allowance.created",
        "edx.special_exam.proctored.allowance.deleted",
        "edx.special_exam.timed.allowance.created",
        "edx.special_exam.timed.allowance.deleted",
    )
    category = "special_exam_authoring"


class SetUpExam(ExamEvent, Aside):
    """Staff make a section an exam, or change the exam's settings."""

    names = (
        "edx.special_exam.practice.created",
        "edx.special_exam.practice.updated",
        "edx.special_exam.proctored.created",
        "edx.special_exam.proctored.updated",
        "edx.special_exam.timed.created",
        "edx.special_exam.timed.updated",
    )
    category = "special_exam_authoring"

    def subject(self, event: Event) -> tuple[int | None, str | None]:
        return event.user_id, event.username
