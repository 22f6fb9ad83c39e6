"""One event of the platform after normalisation, whatever shape it came in."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

Payload = dict[str, Any] | list[Any] | str | None


class Event(msgspec.Struct, frozen=True, gc=False):
    """What the platform stated; nothing inferred but the course.

    ``key`` 16 bytes, equal for the live event and its log line (ADR 0001).
    ``time_us`` microseconds since 1970 UTC.
    ``name`` legacy name where the platform has two (``play_video``, ``seq_goto``);
    the request path for implicit events.
    ``source`` ``browser``, ``server``, ``mobile``, ``task`` or ``""``.
    ``session``, ``agent``, ``page``, ``referer``, ``host``, ``ip``, ``path`` as
    stated, ``""`` when absent (``x_module`` is no page).
    ``username`` and ``user_id`` as stated, ``None`` when absent or empty.
    ``course_key`` canonical course key; from the context, else from the URL,
    page or ids; ``None`` when nothing tells.
    ``module`` usage key of ``context.module``, ``None`` when absent.
    ``payload`` parsed as far as it could be; a string when it could not.
    ``is_truncated`` the platform cut the payload; common fields are whole.
    """

    key: bytes
    time_us: int
    name: str
    source: str
    username: str | None
    user_id: int | None
    session: str
    agent: str
    ip: str
    host: str
    page: str
    referer: str
    path: str
    course_key: str | None
    module: str | None
    payload: Payload
    is_truncated: bool = False

    @property
    def time(self) -> datetime:
        """Aware UTC time of the act, by the clock that the platform trusts."""
        return EPOCH + timedelta(microseconds=self.time_us)

    @property
    def fields(self) -> dict[str, Any]:
        """The payload when it is an object, else an empty one."""
        payload = self.payload
        return payload if isinstance(payload, dict) else {}
