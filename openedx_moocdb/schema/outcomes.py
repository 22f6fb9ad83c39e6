"""The three ends of an event: translated, skipped or rejected."""

from __future__ import annotations

from enum import Enum

import msgspec

from openedx_moocdb.schema.rows import Entry, ObservedEvent, Row
from openedx_moocdb.schema.step import Step


class SkipReason(str, Enum):
    """Why a well-formed event becomes no row; each is counted."""

    HEARTBEAT = "heartbeat"
    STATIC = "static"
    STUDIO = "studio"
    PREVIEW = "preview"
    ANONYMOUS = "anonymous"
    BLANK = "blank line"
    COURSE_FILTER = "course filter"
    TIME_FILTER = "time filter"
    DUPLICATE = "duplicate"
    RETIRED = "retired learner"


class RejectReason(str, Enum):
    """Why a line cannot become an event; it goes to quarantine with this."""

    NOT_JSON = "no JSON object in the line"
    TRUNCATED = "JSON ends before its end"
    NOT_OBJECT = "JSON is not an object"
    NO_TIME = "no time"
    BAD_TIME = "time cannot be read"
    NO_NAME = "no event name"
    TOO_LONG = "line is over the limit"
    TRANSLATION = "translation failed"
    ID_COLLISION = "two texts share one id"


class Translated(msgspec.Struct, frozen=True, gc=False):
    """Rows of one event.

    ``observed`` is ``None`` for a step that is no row (``page_close``, logout).
    ``learner`` is ``None`` for anonymous traffic, whose rows are placed alone.
    ``entries`` are the dictionary rows behind all of it, ``rows`` further rows:
    submissions, assessments, click events, collaborations, feedbacks.
    """

    key: bytes
    time_us: int
    learner: bytes | None
    observed: ObservedEvent | None
    step: Step
    entries: tuple[Entry, ...] = ()
    rows: tuple[Row, ...] = ()


class Skipped(msgspec.Struct, frozen=True, gc=False):
    """An event that is none of a learner's doing, or was filtered out."""

    reason: SkipReason


class Rejected(msgspec.Struct, frozen=True, gc=False):
    """A line put aside: ``detail`` says what was found and expected."""

    reason: RejectReason
    detail: str


Outcome = Translated | Skipped | Rejected
