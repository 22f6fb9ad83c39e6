"""What really happened, beside what the log says of it."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, TypeAlias

import msgspec


class Act(IntEnum):
    """What the learner did; the first four are the learner's own doing."""

    VIEW = 1
    NAVIGATE = 2
    ACT = 3
    ELSEWHERE = 4
    BACKGROUND = 5
    NOWHERE = 6
    CLOSE = 7
    LEAVE = 8


class Place(msgspec.Struct, frozen=True, gc=False):
    """A unit of a course, or a ``page`` that is none (``forum``, ``progress``…).

    ``course_key`` is ``""`` on the ``dashboard``, which belongs to the site.
    """

    course_key: str
    unit: str = ""
    chapter: str = ""
    section: str = ""
    panel: int = 0
    page: str = ""


class Truth(msgspec.Struct, frozen=True, gc=False):
    """Where the learner of a line was.

    ``line_no`` counts from 0 in the log of ``server``. ``unit`` is a usage key,
    ``""`` on a page that is no unit; ``panel`` counts from 1, 0 without a unit.
    A navigation, and the request that is redirected, are at their destination;
    a ``page_close`` is at the unit that is left. ``visit`` numbers the stays of
    one learner from 1 in order of beginning; 0: during none.
    """

    server: int
    line_no: int
    time_us: int
    user_id: int
    course_key: str
    unit: str
    chapter: str
    section: str
    panel: int
    page: str
    device: int
    visit: int
    act: str


class VisitTruth(msgspec.Struct, frozen=True, gc=False):
    """A stay of one learner on one device at one place, until attention went elsewhere.

    ``ended_by``: ``move`` (``end_us`` is the first act elsewhere), ``close`` (the
    ``page_close``), ``logout``, or ``idle``: gone without a word, ``end_us`` is the
    last act. A learner who watches a long video is not gone.
    """

    user_id: int
    visit: int
    course_key: str
    unit: str
    chapter: str
    section: str
    panel: int
    page: str
    device: int
    start_us: int
    end_us: int
    ended_by: str


class SimulatedLine(msgspec.Struct, frozen=True, gc=False):
    """One line of the log of one server, without its newline.

    ``kind``: the event, or ``malformed``, ``blank``, ``duplicate``, ``noise …``.
    ``truth`` is ``None`` without a learner and for malformed and duplicate lines:
    the first copy bears the truth.
    """

    server: int
    line: bytes
    kind: str
    truth: Truth | None


#: values of ``Arrival`` field ``stated``: what a line itself says of the place
NO_PAGE, NO_PANEL, EXACT = 0, 1, 2

#: (arrival_us, order, server, line, time_us, user_id, place, device, visit, act, kind, stated)
#: or, for a visit, (arrival_us, order, -1, VisitTruth)
Arrival: TypeAlias = tuple[Any, ...]
