"""A course of two units and two learners, small enough to count by hand.

Day one: ``ANNA`` opens unit 1 (60 s), plays its video (120 s; told twice), goes
on to unit 2. Day two: she spends 30 s in the forum, ``BERT`` opens unit 2.
"""

from __future__ import annotations

from msgspec.structs import astuple

from openedx_moocdb.data_access.store import course_trees
from openedx_moocdb.data_access.store.sql import open_store
from openedx_moocdb.schema import keys, rows
from openedx_moocdb.schema.course import Block, course_version
from openedx_moocdb.schema.step import Placement, PlaceSource, StepKind
from openedx_moocdb.translation.times import time_text

COURSE = "course-v1:O+C+R"
SITE = "http://lms"
ROOT = f"{SITE}/courses/{COURSE}/"
CHAPTER = f"{ROOT}courseware/ch/"
SECTION = f"{CHAPTER}se/"
UNIT1, UNIT2 = f"{SECTION}1/", f"{SECTION}2/"
VIDEO = f"{UNIT1}video/v/"
FORUM = f"{ROOT}discussion/"

SECOND = 1_000_000
DAY = 24 * 3600 * SECOND
T0 = 1_704_103_200 * SECOND  # 2024-01-01 10:00 UTC
ANNA, BERT = b"\xaa" * 16, b"\xbb" * 16
AGENT, SYSTEM = 5, 6


def course_id() -> int:
    return keys.dictionary_id("course", COURSE)


def resource_id(uri: str) -> int:
    return keys.dictionary_id("resource", uri)


def url_id(url: str) -> int:
    return keys.dictionary_id("url", url)


V1, V2, V3, V4 = (
    keys.event_key(T0, b"1"),
    keys.event_key(T0 + 180 * SECOND, b"4"),
    keys.event_key(T0 + DAY, b"5"),
    keys.event_key(T0 + DAY + 10 * SECOND, b"6"),
)


def fill(alias: str = "default", title: str = "A small course", video_name: str = "A video") -> None:
    """Write the course into an empty database."""
    store = open_store(alias)
    with store.transaction():
        store.add_entries(_entries(video_name))
        store.insert_rows(_visits())
        events = [(*astuple(row), *astuple(placement)) for row, placement in _events()]
        store.insert_columns("observed_events", events)
    root = Block("block-v1:O+C+R+type@course+block@course", "course", title)
    course_trees.save(alias, course_version(COURSE, T0, [root]))


def _entries(video_name: str) -> list[rows.Entry]:
    chain = [
        (ROOT, "O C R", 13, None),
        (CHAPTER, "First chapter", 14, ROOT),
        (SECTION, "First section", 15, CHAPTER),
        (UNIT1, "Unit one", 16, SECTION),
        (UNIT2, "2", 16, SECTION),
        (VIDEO, video_name, 1, UNIT1),
        (FORUM, "discussion", 7, ROOT),
    ]
    resources = [
        rows.Resource(resource_id(uri), uri, name, kind, resource_id(above) if above else None, course_id())
        for uri, name, kind, above in chain
    ]
    types = [rows.EventTypeRow(*_type(name)) for name in ("seq_next", "play_video", "<request> /xblock/x")]
    return [
        rows.CourseRow(course_id(), COURSE),
        *resources,
        *(rows.Url(url_id(url), url) for url in (UNIT1, UNIT2, FORUM)),
        *types,
        rows.Agent(AGENT, "Firefox 120"),
        rows.Os(SYSTEM, "Ubuntu"),
    ]


def _type(name: str) -> tuple[int, str]:
    return keys.dictionary_id("event_type", name), name


def _events() -> list[tuple[rows.ObservedEvent, Placement]]:
    stated, structure = PlaceSource.STATED, PlaceSource.STRUCTURE
    open_, play, next_ = "<request> /xblock/x", "play_video", "seq_next"
    return [
        _event(V1, ANNA, open_, StepKind.VIEW, UNIT1, UNIT1, stated, V1, 60.0),
        _event(
            keys.event_key(T0 + 60 * SECOND, b"2"),
            ANNA,
            play,
            StepKind.ACT,
            UNIT1,
            VIDEO,
            structure,
            V1,
            120.0,
        ),
        _event(
            keys.event_key(T0 + 60 * SECOND, b"3"),
            ANNA,
            play,
            StepKind.ACT,
            UNIT1,
            VIDEO,
            structure,
            V1,
            0.0,
            False,
        ),
        _event(V2, ANNA, next_, StepKind.NAVIGATE, UNIT2, UNIT2, stated, V2, None),
        _event(V3, ANNA, open_, StepKind.ELSEWHERE, FORUM, FORUM, stated, V3, None),
        _event(V4, BERT, open_, StepKind.VIEW, UNIT2, UNIT2, PlaceSource.ASSUMED, V4, None),
    ]


def _event(
    key: bytes,
    learner: bytes,
    name: str,
    kind: StepKind,
    url: str,
    resource: str,
    source: PlaceSource,
    visit: bytes,
    duration_s: float | None,
    is_canonical: bool = True,
) -> tuple[rows.ObservedEvent, Placement]:
    time = time_text(keys.key_time_us(key))
    stated = rows.ObservedEvent(
        observed_event_id=key,
        user_id=learner,
        observed_event_type_id=_type(name)[0],
        observed_event_timestamp=time,
        event_source="browser",
        session_id=None,
        observed_event_country=None,
        observed_event_os=SYSTEM,
        observed_event_agent=AGENT,
        stated_course_id=course_id(),
        stated_url_id=url_id(url),
        stated_panel=None,
        block_id=None,
        step_kind=int(kind),
        play_left_s=None,
        position_s=None,
        redundancy_class=0,
        is_canonical=is_canonical,
        is_truncated=False,
    )
    derived = Placement(
        course_id(), url_id(url), resource_id(resource), None, None, source, None, duration_s, visit
    )
    return stated, derived


def _visits() -> list[rows.Visit]:
    device = AGENT ^ SYSTEM

    def visit(
        key: bytes, learner: bytes, url: str, duration_s: float | None, events: int, end: str
    ) -> rows.Visit:
        time = time_text(keys.key_time_us(key))
        return rows.Visit(
            key, learner, course_id(), device, url_id(url), None, None, time, time, duration_s, events, end
        )

    return [
        visit(V1, ANNA, UNIT1, 180.0, 3, "move"),
        visit(V2, ANNA, UNIT2, None, 1, "idle"),
        visit(V3, ANNA, FORUM, 30.0, 1, "close"),
        visit(V4, BERT, UNIT2, None, 1, "open"),
    ]
