"""Databases and rows for the contract suite of stores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.core.management import call_command
from django.db import connections

from openedx_moocdb.data_access.store import tables
from openedx_moocdb.data_access.store.address import add_database
from openedx_moocdb.data_access.store.portable import PortableStore
from openedx_moocdb.data_access.store.sql import open_store
from openedx_moocdb.schema import keys, rows
from openedx_moocdb.schema.course import Block, CourseVersion, course_version
from openedx_moocdb.schema.step import Placement, PlaceSource, StepKind

COURSE = "course-v1:O+C+R"
START = datetime(2013, 9, 1)
DAY_US = 24 * 3600 * 1_000_000
START_US = int((START - datetime(1970, 1, 1)).total_seconds()) * 1_000_000
BASE = f"http://lms/courses/{COURSE}"
KINDS = ("sqlite", "sqlite-portable", "mariadb-load", "mariadb-insert", "mariadb-portable")
FIXED = ("resource_types", "problem_types", "collaboration_types", "user_types")


ODD_TEXTS = (
    "",
    "\\",
    "\\N",
    "NULL",
    "tab\there",
    "two\nlines\r\nand\\more\\n",
    "'quotes' \"and\" `ticks` %s %d {x}",
    "\U0001f600 four bytes, ü two",
    "e\u0301 combining \u200b\ufeff",
    "ends with backslash\\",
    " spaces around ",
    "\x01\x1a\x7f",
    "x" * 100_000,
)
ODD_KEYS = (bytes(16), b"\xff" * 16, b"\\" * 16, b"\t\n\r\0'\"\\N" * 2, b"0\xf0\x9f\t\xe2\\\n\0" * 2)


@contextmanager
def migrated(alias: str, url: str) -> Iterator[str]:
    """A database of ours at ``url`` under ``alias``, closed and forgotten afterwards."""
    add_database(alias, url)
    try:
        call_command("migrate", database=alias, verbosity=0)
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


def store_of(kind: str, alias: str) -> PortableStore:
    """The store that a kind of ``KINDS`` stands for."""
    return PortableStore(alias) if kind.endswith("portable") else open_store(alias)


def empty(alias: str) -> None:
    """Delete all rows but the fixed dictionaries."""
    with connections[alias].cursor() as cursor:
        for table in tables.MODELS:
            if table not in FIXED:
                cursor.execute(f"DELETE FROM {tables.PREFIX}{table}")


def learner(number: int) -> bytes:
    return keys.learner_key(b"test", "prod", number)


def key(second: float, part: str = "") -> bytes:
    return keys.event_key(START_US + int(second * 1_000_000), part.encode())


def time_text(second: float) -> str:
    moment = START + timedelta(seconds=second)
    return moment.isoformat(" ", "microseconds")


def url_row(path: str) -> rows.Url:
    text = f"http://lms{path}"
    return rows.Url(keys.dictionary_id("url", text), text)


def course_row(course_key: str = COURSE) -> rows.CourseRow:
    return rows.CourseRow(keys.dictionary_id("course", course_key), course_key)


def block_row(usage_key: str) -> rows.BlockRow:
    return rows.BlockRow(keys.dictionary_id("block", usage_key), usage_key, "problem")


def event(second: float, user: bytes | None, part: str = "", **changes: object) -> rows.ObservedEvent:
    stated = rows.ObservedEvent(
        observed_event_id=key(second, part),
        user_id=user,
        observed_event_type_id=7,
        observed_event_timestamp=time_text(second),
        event_source="browser",
        session_id=(1 << 63) - 1,
        observed_event_country="US",
        observed_event_os=5,
        observed_event_agent=12,
        stated_course_id=course_row().course_id,
        stated_url_id=None,
        stated_panel=None,
        block_id=None,
        step_kind=StepKind.VIEW,
        play_left_s=None,
        position_s=None,
        redundancy_class=0,
        is_canonical=True,
        is_truncated=False,
    )
    return msgspec.structs.replace(stated, **changes)


def values(stated: rows.ObservedEvent, placement: Placement | None = None) -> tuple[object, ...]:
    return msgspec.structs.astuple(stated) + msgspec.structs.astuple(placement or Placement())


def submission(second: float, user: bytes, answer: str | None, part: str = "") -> rows.Submission:
    return rows.Submission(
        keys.child_key(key(second), part),
        key(second),
        user,
        3,
        time_text(second),
        1,
        answer,
        1,
        0,
        True,
        None,
    )


def visit(second: float, user: bytes, duration_s: float | None = None) -> rows.Visit:
    identity = keys.child_key(key(second), "visit")
    start, last = time_text(second), time_text(second + (duration_s or 0))
    return rows.Visit(identity, user, None, 9, 8, None, 2, start, last, duration_s, 3, "open")


def resource(path: str, course_id: int | None = None) -> rows.Resource:
    uri = BASE + path
    number = course_row().course_id if course_id is None else course_id
    return rows.Resource(keys.dictionary_id("resource", uri), uri, "?", 0, None, number)


def placed(**changes: object) -> Placement:
    placement = Placement(
        course_row().course_id, 11, 12, 13, 4, PlaceSource.STRUCTURE, 1 / 3, 0.1, b"v" * 16, True
    )
    return msgspec.structs.replace(placement, **changes)


def usage(block_type: str, name: str) -> str:
    return f"block-v1:O+C+R+type@{block_type}+block@{name}"


def tree(start_us: int = START_US, valid_from_us: int = 0, name: str = "Problem one") -> CourseVersion:
    """One chapter in week 3 with one section of two units; a homework problem on the second."""
    course, chapter, section = usage("course", "course"), usage("chapter", "ch"), usage("sequential", "sec")
    first, second, problem = usage("vertical", "u1"), usage("vertical", "u2"), usage("problem", "p1")
    return course_version(
        COURSE,
        valid_from_us,
        [
            Block(course, "course", "The course", (chapter,), start_us=start_us),
            Block(chapter, "chapter", "Chapter", (section,), start_us=start_us + 15 * DAY_US),
            Block(
                section,
                "sequential",
                "Section",
                (first, second),
                due_us=start_us + 28 * DAY_US,
                graded=True,
                assignment_type="Homework",
            ),
            Block(first, "vertical", "Unit one"),
            Block(second, "vertical", "Unit two", (problem,)),
            Block(problem, "problem", name, weight=2.5, max_attempts=3),
        ],
    )


def stored_rows(store: Any, model: Any) -> Any:
    """All rows of a model in the store's database."""
    return model.objects.using(store.alias)
