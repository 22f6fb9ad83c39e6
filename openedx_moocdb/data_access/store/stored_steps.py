"""The steps of a learner, rebuilt from stored columns."""

from __future__ import annotations

from typing import Any

from openedx_moocdb.data_access.store import tables
from openedx_moocdb.data_access.store.interface import StoredStep
from openedx_moocdb.schema.keys import key_time_us
from openedx_moocdb.schema.step import Placement, Step, StepKind, device_id

_DERIVED = ", ".join(f"e.{column}" for column in tables.DERIVED)
_SELECT_EVENTS = f"""
SELECT e.observed_event_id, e.step_kind, c.course_key, u.url, e.stated_panel, b.usage_key,
       e.observed_event_agent, e.observed_event_os, e.play_left_s, e.position_s, {_DERIVED}
FROM moocdb_observed_events e
LEFT JOIN moocdb_courses c ON c.course_id = e.stated_course_id
LEFT JOIN moocdb_urls u ON u.url_id = e.stated_url_id
LEFT JOIN moocdb_blocks b ON b.block_id = e.block_id
"""
_EVENTS = f"{_SELECT_EVENTS} WHERE e.user_id = %s ORDER BY e.observed_event_id"
#: by the index of course and key; the course of an event of nobody is the one that it states
_EVENTS_OF_NOBODY = (
    f"{_SELECT_EVENTS} WHERE e.course_id = %s AND e.observed_event_id > %s AND e.user_id IS NULL "
    "ORDER BY e.observed_event_id LIMIT %s"
)
_STEPS = """
SELECT s.step_id, s.step_kind, c.course_key, u.url, s.device_id
FROM moocdb_steps s
LEFT JOIN moocdb_courses c ON c.course_id = s.stated_course_id
LEFT JOIN moocdb_urls u ON u.url_id = s.stated_url_id
WHERE s.user_id = %s ORDER BY s.step_id
"""
_KINDS = {int(kind): kind for kind in StepKind}


def steps_of(connection: Any, learner: bytes) -> list[StoredStep]:
    """All steps of a learner, oldest first; see ``interface.Store.steps_of``."""
    parameter = connection.Database.Binary(learner)
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [parameter])
        found = [_placed_step(row) for row in cursor.fetchall()]
        cursor.execute(_STEPS, [parameter])
        closing = [_bare_step(row) for row in cursor.fetchall()]
    if closing:
        found.extend(closing)
        found.sort(key=lambda stored: stored.step.key)
    return found


def steps_of_nobody(connection: Any, course_id: int, after: bytes, limit: int) -> list[StoredStep]:
    """Events without a learner; see ``interface.Store.steps_of_nobody``."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS_OF_NOBODY, [course_id, connection.Database.Binary(after), limit])
        return [_placed_step(row) for row in cursor.fetchall()]


def _placed_step(row: tuple[Any, ...]) -> StoredStep:
    key = bytes(row[0])
    step = Step(
        key,
        key_time_us(key),
        _KINDS[row[1]],
        row[2],
        row[3] or "",
        row[4],
        row[5] or "",
        device_id(row[6], row[7]),
        row[8],
        row[9],
    )
    return StoredStep(step, _placement(*row[10:]))


def _placement(
    course_id: Any,
    url_id: Any,
    resource_id: Any,
    unit_id: Any,
    panel: Any,
    place_source: Any,
    gap_s: Any,
    duration_s: Any,
    visit_id: Any,
    is_conflict: Any,
) -> Placement:
    visit = None if visit_id is None else bytes(visit_id)
    return Placement(
        course_id,
        url_id,
        resource_id,
        unit_id,
        panel,
        place_source,
        gap_s,
        duration_s,
        visit,
        bool(is_conflict),
    )


def _bare_step(row: tuple[Any, ...]) -> StoredStep:
    key = bytes(row[0])
    step = Step(key, key_time_us(key), _KINDS[row[1]], row[2], row[3] or "", None, "", row[4] or 0)
    return StoredStep(step, None)
