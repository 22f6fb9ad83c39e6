"""Rows of the tables that the line writes, field by field in table order.

The Django models in ``data_access/store/models`` describe the same tables; a
test compares the two. The first field is the primary key. Times are UTC text
``YYYY-MM-DD HH:MM:SS.ffffff``; ids of dictionaries are 63-bit integers
(``keys.dictionary_id``), ids of events and what hangs on them 16 bytes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

import msgspec

from openedx_moocdb.schema import keys
from openedx_moocdb.schema.step import Placement


class Row(msgspec.Struct, frozen=True, gc=False):
    """Base of all rows; ``TABLE`` is the canonical MOOCdb name."""

    TABLE: ClassVar[str] = ""


class Entry(Row, frozen=True, gc=False):
    """A row of a dictionary: the same id always means the same text."""


class CourseRow(Entry, frozen=True, gc=False):
    TABLE: ClassVar[str] = "courses"
    course_id: int
    course_key: str


@lru_cache(1 << 14)
def course_row(course_key: str) -> CourseRow:
    """The dictionary row of a course; the same object for the same key."""
    return CourseRow(keys.dictionary_id("course", course_key), course_key)


class Url(Entry, frozen=True, gc=False):
    TABLE: ClassVar[str] = "urls"
    url_id: int
    url: str


class BlockRow(Entry, frozen=True, gc=False):
    """A block that events name; ``usage_key`` of deprecated keys has no run."""

    TABLE: ClassVar[str] = "blocks"
    block_id: int
    usage_key: str
    block_type: str


class EventTypeRow(Entry, frozen=True, gc=False):
    TABLE: ClassVar[str] = "observed_event_types"
    observed_event_type_id: int
    observed_event_type_name: str


class Os(Entry, frozen=True, gc=False):
    TABLE: ClassVar[str] = "os"
    os_id: int
    os_name: str


class Agent(Entry, frozen=True, gc=False):
    """A browser or app by family and version; its id is also the device of a step."""

    TABLE: ClassVar[str] = "agent"
    agent_id: int
    agent_name: str


class Resource(Entry, frozen=True, gc=False):
    """A node of the resource tree; described further from the course structure."""

    TABLE: ClassVar[str] = "resources"
    resource_id: int
    resource_uri: str
    resource_name: str
    resource_type_id: int
    resource_parent_id: int | None
    course_id: int | None


class ResourceUrl(Entry, frozen=True, gc=False):
    TABLE: ClassVar[str] = "resources_urls"
    resources_urls_id: int
    resource_id: int
    url_id: int


class Problem(Entry, frozen=True, gc=False):
    """A problem or, below it, one of its inputs (``problem_child_number`` from 1)."""

    TABLE: ClassVar[str] = "problems"
    problem_id: int
    problem_name: str
    problem_parent_id: int | None
    problem_child_number: int | None
    block_id: int


class ObservedEvent(Row, frozen=True, gc=False):
    """The stated columns; ``step.Placement`` holds the derived ones that follow."""

    TABLE: ClassVar[str] = "observed_events"
    observed_event_id: bytes
    user_id: bytes | None
    observed_event_type_id: int
    observed_event_timestamp: str
    event_source: str
    session_id: int | None
    observed_event_country: str | None
    observed_event_os: int | None
    observed_event_agent: int | None
    stated_course_id: int | None
    stated_url_id: int | None
    stated_panel: int | None
    block_id: int | None
    step_kind: int
    play_left_s: float | None
    position_s: float | None
    redundancy_class: int
    is_canonical: bool
    is_truncated: bool


class StepRow(Row, frozen=True, gc=False):
    """A step that is no observed event: ``page_close``, logout."""

    TABLE: ClassVar[str] = "steps"
    step_id: bytes
    user_id: bytes
    step_kind: int
    stated_course_id: int | None
    stated_url_id: int | None
    device_id: int | None


class Submission(Row, frozen=True, gc=False):
    """One answer to one input; ``submission_is_submitted`` 0 saved, 1 submitted, 2 refused, 3 reset."""

    TABLE: ClassVar[str] = "submissions"
    submission_id: bytes
    observed_event_id: bytes
    user_id: bytes | None
    problem_id: int
    submission_timestamp: str
    submission_attempt_number: int | None
    submission_answer: str | None
    submission_is_submitted: int
    redundancy_class: int
    is_canonical: bool
    course_id: int | None


class Assessment(Row, frozen=True, gc=False):
    """A grade in 0..1 of one submission; no grader means the platform."""

    TABLE: ClassVar[str] = "assessments"
    assessment_id: bytes
    submission_id: bytes
    observed_event_id: bytes
    assessment_feedback: str | None
    assessment_grade: float | None
    assessment_points: float | None
    assessment_max_points: float | None
    assessment_grader_id: bytes | None
    assessment_timestamp: str
    course_id: int | None


class ClickEvent(Row, frozen=True, gc=False):
    """Positions in a video, in seconds of the video; speeds as factors."""

    TABLE: ClassVar[str] = "click_events"
    observed_event_id: bytes
    user_id: bytes | None
    video_id: int
    observed_event_type_id: int
    observed_event_timestamp: str
    code: str | None
    video_current_time: float | None
    video_old_time: float | None
    video_new_time: float | None
    video_old_speed: float | None
    video_new_speed: float | None
    video_duration_s: float | None
    course_id: int | None


class Collaboration(Row, frozen=True, gc=False):
    """A forum post, answer, comment, vote or a wiki edit.

    ``collaboration_id`` is of the forum document where it has an id, so that
    events and documents meet; else of the event.
    """

    TABLE: ClassVar[str] = "collaborations"
    collaboration_id: int
    observed_event_id: bytes | None
    user_id: bytes | None
    collaboration_type_id: int
    collaboration_content: str | None
    collaboration_timestamp: str
    collaboration_parent_id: int | None
    is_truncated: bool
    course_id: int | None


class Question(Entry, frozen=True, gc=False):
    """A question of a poll, a survey or an ORA feedback form."""

    TABLE: ClassVar[str] = "questions"
    question_id: int
    question_content: str
    question_reference: int | None
    survey_id: int | None


class Survey(Entry, frozen=True, gc=False):
    TABLE: ClassVar[str] = "surveys"
    survey_id: int
    block_id: int | None


class Answer(Entry, frozen=True, gc=False):
    TABLE: ClassVar[str] = "answers"
    answer_id: int
    answer_content: str


class Feedback(Row, frozen=True, gc=False):
    TABLE: ClassVar[str] = "feedbacks"
    feedback_id: bytes
    observed_event_id: bytes
    user_id: bytes | None
    question_id: int
    answer_id: int
    feedback_timestamp: str
    course_id: int | None


class Visit(Row, frozen=True, gc=False):
    """A stay of one learner on one device at one place.

    ``ended_by``: ``move``, ``close``, ``logout``, ``idle`` or ``open``.
    ``duration_s``: to the end; for ``idle`` to the last active event, a lower
    bound; ``None`` when only one event is known of it, or while it is open.
    """

    TABLE: ClassVar[str] = "visits"
    visit_id: bytes
    user_id: bytes
    course_id: int | None
    device_id: int
    url_id: int
    unit_id: int | None
    panel: int | None
    visit_start: str
    visit_last: str
    duration_s: float | None
    events: int
    ended_by: str


class LearnerLink(Entry, frozen=True, gc=False):
    """From pseudonym to person; PII, in no export, deleted at retirement.

    ``link_id`` is the pseudonym made of the name where the event stated one,
    else ``learner_id`` itself, which is made of the LMS user id.
    """

    TABLE: ClassVar[str] = "learner_links"
    link_id: bytes
    learner_id: bytes
    site: str
    lms_user_id: int


#: dictionary rows by table
ENTRY_TYPES: dict[str, type[Entry]] = {kind.TABLE: kind for kind in Entry.__subclasses__()}

STATED: tuple[str, ...] = ObservedEvent.__struct_fields__
DERIVED: tuple[str, ...] = Placement.__struct_fields__

#: type id -> (content, medium) of ``resource_types``; numbers never change.
RESOURCE_TYPES: dict[int, tuple[str, str]] = {
    0: ("other", "text"),
    1: ("lecture", "video"),
    2: ("tutorial", "text"),
    3: ("informational", "text"),
    4: ("problem", "text"),
    5: ("exam", "text"),
    6: ("wiki", "text"),
    7: ("forum", "text"),
    8: ("profile", "text"),
    9: ("index", "text"),
    10: ("book", "text"),
    11: ("survey", "text"),
    12: ("home", "text"),
    13: ("course", "container"),
    14: ("chapter", "container"),
    15: ("section", "container"),
    16: ("unit", "container"),
    17: ("lecture", "text"),
    18: ("problem", "interactive"),
}

COLLABORATION_TYPES: dict[int, str] = {
    1: "forum_post",
    2: "forum_answer",
    3: "forum_comment",
    4: "forum_vote",
    5: "wiki_edit",
}

PROBLEM_TYPES: dict[int, str] = {1: "homework", 2: "lecture quiz", 3: "lab", 4: "exam", 5: "other"}
