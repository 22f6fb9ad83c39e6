"""What the trajectory needs of an event, and what it gives back."""

from __future__ import annotations

from enum import IntEnum

import msgspec


class StepKind(IntEnum):
    """What an event does to the learner's place; stored, so numbers never change."""

    VIEW = 1  #: opens a page: the place is what the request names
    NAVIGATE = 2  #: moves to a unit of a sequence; placed where it arrives
    ACT = 3  #: does something on the page; inherits what it does not state
    ELSEWHERE = 4  #: acts on a page that is no courseware: forum, wiki, progress
    BACKGROUND = 5  #: the browser or player on its own; placed, but no activity
    NOWHERE = 6  #: a fact about the learner without a place: grade, certificate
    CLOSE = 7  #: leaves the page; ends a visit, never makes a place; no row
    LEAVE = 8  #: logs out; ends all visits on the device; no row


ACTIVE = frozenset({StepKind.VIEW, StepKind.NAVIGATE, StepKind.ACT, StepKind.ELSEWHERE})


#: value of ``Step.play_left_s``: the video plays, and nothing tells how long it may
UNKNOWN_REST = -1.0
#: values of ``Step.panel`` that only a course tree can turn into a number
LAST_PANEL, NEXT_SECTION, PREVIOUS_SECTION = -1, -2, -3


def device_id(agent_id: int | None, os_id: int | None) -> int:
    """The device of a step from what is stored of its agent; 0 when unknown (ADR 0005)."""
    return (agent_id or 0) ^ (os_id or 0)


class PlaceSource(IntEnum):
    """Evidence for a place, strongest first; stored, so numbers never change."""

    STATED = 1  #: the event names the place
    STRUCTURE = 2  #: the block acted on is on one unit of the course tree
    INHERITED_URL = 3  #: from what the learner did before, or a page that opened at once after
    INHERITED_PANEL = 4  #: the page names the section, the learner's last move in it the panel
    ASSUMED = 5  #: what the platform shows when nothing is named: the last or first panel
    UNKNOWN = 6  #: no fact tells


class Redundancy(IntEnum):
    """Why a second event tells of the same act; stored, so numbers never change."""

    NONE = 0
    BROWSER_ECHO = 1  #: the browser's copy of what the server states with its result
    REQUEST_ECHO = 2  #: the implicit request behind a named event
    SERVER_ECHO = 3  #: the server's copy of what the browser states better


class Step(msgspec.Struct, frozen=True, gc=False):
    """One move or act of a learner, in terms that stored columns can rebuild.

    ``course_key`` as stated, ``None`` if the event does not tell.
    ``url`` the page as stated (canonical text of ``urls``), ``""`` if unstated.
    ``panel`` 1-based number in the section that the event itself names, one of
    ``LAST_PANEL``, ``NEXT_SECTION``, ``PREVIOUS_SECTION``, or ``None``.
    ``block`` usage key of the block acted on, ``""`` if none.
    ``device`` id of the agent; 0 when unknown (ADR 0005).
    ``play_left_s`` ``None``: says nothing of playback; 0: playback stops;
    above 0: plays, with that many seconds (wall clock) left to the end;
    ``UNKNOWN_REST``: plays, the length of the video is not stated.
    ``position_s`` seconds of the video at which it is, ``None`` if unstated.
    """

    key: bytes
    time_us: int
    kind: StepKind
    course_key: str | None
    url: str
    panel: int | None
    block: str
    device: int
    play_left_s: float | None = None
    position_s: float | None = None


class Placement(msgspec.Struct, frozen=True, gc=False):
    """The derived columns of an observed event, in table order (``rows.DERIVED``).

    ``url_id``, ``resource_id``, ``unit_id``: dictionary ids; ``unit_id`` is the
    block id of the unit, ``None`` while only its number is known.
    ``gap_s`` seconds to the learner's next active event on the site.
    ``is_conflict``: evidence disagreed (two tabs, or a course that was changed).
    """

    course_id: int | None = None
    url_id: int | None = None
    resource_id: int | None = None
    unit_id: int | None = None
    panel: int | None = None
    place_source: int = PlaceSource.UNKNOWN
    gap_s: float | None = None
    observed_event_duration: float | None = None
    visit_id: bytes | None = None
    is_conflict: bool = False
