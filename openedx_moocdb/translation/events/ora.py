"""Open response assessment: learners write, peers, they themselves and staff assess.

A response has an id of its own on the platform; submission and assessments meet in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from math import isfinite
from typing import Any

import msgspec

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.rows import Row
from openedx_moocdb.schema.step import StepKind
from openedx_moocdb.translation import answers, block_ids, questions
from openedx_moocdb.translation.event_type import Act, EventType, number_field, text_field
from openedx_moocdb.translation.pages import Page
from openedx_moocdb.translation.standing import BROWSER, SERVER


class OraEvent(EventType):
    """Any event about one open response; the module or ``item_id`` names its block."""

    category = "ora"
    sources = SERVER

    def block(self, event: Event, page: Page) -> str:
        named = text_field(event.fields, "item_id")
        return super().block(event, page) or block_ids.canonical_usage(named, event.course_key)


class CreateOraSubmission(OraEvent):
    """A response is handed in: one submission, its answer the whole response as JSON."""

    names = ("openassessmentblock.create_submission",)

    def rows(self, act: Act) -> Iterable[Row]:
        fields = act.event.fields
        attempts = fields.get("attempt_number")
        return _response(
            act,
            fields.get("answer"),
            answers.SUBMITTED,
            attempts if isinstance(attempts, int) else None,
            text_field(fields, "submission_uuid"),
        )


class CreateTeamSubmission(CreateOraSubmission):
    """One member hands in the response of a team; a submission of that member."""

    names = ("openassessmentblock.create_team_submission",)


class SaveOraSubmission(OraEvent):
    """A draft of a response is kept."""

    names = ("openassessmentblock.save_submission",)

    def rows(self, act: Act) -> Iterable[Row]:
        return _response(act, act.event.fields.get("saved_response"), answers.SAVED, None, "")


class AssessResponse(OraEvent):
    """Somebody assesses a response by its rubric: a peer, the author or staff is the grader.

    The grade is the sum of the points given over the sum of the points possible.
    """

    names = (
        "openassessmentblock.peer_assess",
        "openassessmentblock.self_assess",
        "openassessmentblock.staff_assess",
    )

    def rows(self, act: Act) -> Iterable[Row]:
        fields = act.event.fields
        uuid = text_field(fields, "submission_uuid")
        if not uuid:
            return ()
        points, most = _points(fields.get("parts"))
        grade = min(max(points / most, 0.0), 1.0) if points is not None and most else None
        row = answers.assessment(
            act, submission_key(uuid), "", grade, points, most, _feedback(fields), act.learner
        )
        return (row,)


class OpenResponse(OraEvent):
    """A response of somebody else is given out to be assessed; the page asks for it on its own."""

    names = (
        "openassessmentblock.get_peer_submission",
        "openassessmentblock.get_submission_for_staff_grading",
    )
    step = StepKind.BACKGROUND


class TrainToAssess(OraEvent):
    """The learner assesses an example, to learn how; graded by nobody."""

    names = ("openassessment.student_training_assess_example",)


class OraFile(OraEvent):
    """A file of a response is described or removed."""

    names = ("openassessmentblock.save_files_descriptions", "openassessmentblock.remove_uploaded_file")


class UploadOraFile(OraEvent):
    """A file is sent with a response, or fails to be; the browser tells, and no block."""

    names = ("openassessment.upload_file", "openassessment.upload_file_error")
    sources = BROWSER


class OraFeedback(OraEvent):
    """The author's opinion of the assessments received: an answer for the text and for each option chosen."""

    names = ("openassessmentblock.submit_feedback_on_assessments",)

    def rows(self, act: Act) -> Iterable[Row]:
        fields = act.event.fields
        options = fields.get("options")
        given = [("options", option) for option in (options if isinstance(options, list) else ())]
        text = text_field(fields, "feedback_text")
        if text:
            given.append(("feedback_text", text))
        return questions.feedback_rows(act, given)


def submission_key(uuid: str) -> bytes:
    """16-byte key of the response that the platform knows by ``uuid``, in whatever event it is named."""
    return blake2b(uuid.encode("utf-8", "surrogatepass"), digest_size=16, person=b"submission").digest()


def _response(act: Act, answer: Any, is_submitted: int, attempt: int | None, uuid: str) -> tuple[Row, ...]:
    problems, submission = answers.submission_rows(act, "", answer, is_submitted, attempt)
    if uuid:
        submission = msgspec.structs.replace(submission, submission_id=submission_key(uuid))
    return (*problems, submission)


def _parts(parts: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any], str]]:
    """(criterion, option chosen, feedback) of each part that has both."""
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, dict):
            criterion, option = part.get("criterion"), part.get("option")
            criterion = criterion if isinstance(criterion, dict) else {}
            yield criterion, option if isinstance(option, dict) else {}, text_field(part, "feedback")


def _points(parts: Any) -> tuple[float | None, float | None]:
    """(points given, points possible); ``None`` unless every scored criterion states both.

    A criterion without an option asks for feedback only, and has no points.
    """
    points = most = 0.0
    seen = False
    for criterion, option, _feedback_text in _parts(parts):
        if not option:
            continue
        given, possible = number_field(option, "points"), number_field(criterion, "points_possible")
        if given is None or possible is None:
            return None, None
        points, most, seen = points + given, most + possible, True
    return (points, most) if seen and isfinite(points) and isfinite(most) else (None, None)


def _feedback(fields: dict[str, Any]) -> str | None:
    """Feedback on the whole, then on each criterion behind its name."""
    texts = [text_field(fields, "feedback")]
    for criterion, _option, feedback in _parts(fields.get("parts")):
        if feedback:
            texts.append(f"{text_field(criterion, 'name')}: {feedback}")
    return "\n".join(text for text in texts if text) or None
