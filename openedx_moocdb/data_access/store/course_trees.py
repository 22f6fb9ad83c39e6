"""Versions of course trees in the database."""

from __future__ import annotations

import zlib
from typing import Any

import msgspec

from openedx_moocdb.data_access.store.models import CourseTreeVersion
from openedx_moocdb.schema import keys
from openedx_moocdb.schema.course import CourseVersion
from openedx_moocdb.schema.rows import course_row

_FIRST_KEY_OF_TIME = bytes(8)


def versions(alias: str, course_key: str) -> list[CourseVersion]:
    """All stored versions of a course, oldest first."""
    query = CourseTreeVersion.objects.using(alias).filter(course_id=course_row(course_key).course_id)
    trees = query.order_by("valid_from_us").values_list("tree", flat=True)
    return [msgspec.msgpack.decode(zlib.decompress(bytes(tree)), type=CourseVersion) for tree in trees]


def is_new(alias: str, version: CourseVersion) -> bool:
    """False if an equal tree is valid at ``version.valid_from_us`` already."""
    query = CourseTreeVersion.objects.using(alias).filter(course_id=course_row(version.course_key).course_id)
    known = list(query.order_by("valid_from_us").values_list("valid_from_us", "version"))
    before = [hashed for start, hashed in known if start <= version.valid_from_us]
    valid = before[-1] if before else known[0][1] if known else None
    return valid != version.version


def save(alias: str, version: CourseVersion) -> int | None:
    """Store a version, in place of one from the same moment.

    Returns from when on it says where learners are, in µs since 1970 UTC;
    ``None``: at all times, since the earliest version serves what lies before it.
    """
    course_id = course_row(version.course_key).course_id
    query = CourseTreeVersion.objects.using(alias)
    identity = keys.dictionary_id("course_version", f"{version.course_key}\0{version.valid_from_us}")
    query.update_or_create(
        course_version_id=identity,
        defaults={
            "course_id": course_id,
            "valid_from_us": version.valid_from_us,
            "version": version.version,
            "tree": zlib.compress(msgspec.msgpack.encode(version)),
        },
    )
    has_earlier = query.filter(course_id=course_id, valid_from_us__lt=version.valid_from_us).exists()
    return version.valid_from_us if has_earlier else None


def learners_since(connection: Any, course_key: str, since_us: int | None) -> set[bytes]:
    """Learners with events that were placed in the course or state it, at or after a time."""
    course_id = course_row(course_key).course_id
    first = _first_key(since_us)
    found: set[bytes] = set()
    with connection.cursor() as cursor:
        for column in ("course_id", "stated_course_id"):
            cursor.execute(
                f"SELECT DISTINCT user_id FROM moocdb_observed_events WHERE {column} = %s "
                "AND observed_event_id >= %s AND user_id IS NOT NULL",
                [course_id, connection.Database.Binary(first)],
            )
            found.update(bytes(row[0]) for row in cursor.fetchall())
    return found


def has_nobody_since(connection: Any, course_key: str, since_us: int | None) -> bool:
    """Are there events of nobody in the course at or after a time?"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM moocdb_observed_events WHERE course_id = %s AND observed_event_id >= %s "
            "AND user_id IS NULL LIMIT 1",
            [course_row(course_key).course_id, connection.Database.Binary(_first_key(since_us))],
        )
        return cursor.fetchone() is not None


def _first_key(since_us: int | None) -> bytes:
    """The least key of an event at or after a time."""
    return bytes(16) if since_us is None else keys.event_key(since_us, b"")[:8] + _FIRST_KEY_OF_TIME
