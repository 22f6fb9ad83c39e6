"""Times of events as microseconds since 1970 UTC, and back to text."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from openedx_moocdb.schema.event import EPOCH

_DAY_US = 86_400_000_000
_NAIVE_EPOCH = datetime(1970, 1, 1)


def read_time(value: Any) -> int | None:
    """Microseconds since 1970 UTC; ``None`` when ``value`` is no time.

    Takes datetimes (live events), ISO 8601 text with or without zone (then UTC) and fraction,
    ``{"$date": ms or text}`` (extended JSON, UTC), numbers of seconds.
    """
    if type(value) is str:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return _read_odd_time(value)
        return _since_epoch(moment)
    if isinstance(value, datetime):
        return _since_epoch(value)
    if isinstance(value, dict):
        inner = value.get("$date")
        return inner * 1000 if isinstance(inner, int) else read_time(inner)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return round(value * 1_000_000) if 0 <= value < 1e11 else None
    return None


def _since_epoch(moment: datetime) -> int:
    span = moment - (EPOCH if moment.tzinfo is not None else _NAIVE_EPOCH)
    return span.days * _DAY_US + span.seconds * 1_000_000 + span.microseconds


def _read_odd_time(text: str) -> int | None:
    text = text.strip().replace(" UTC", "+00:00").replace(" +", "+")
    for form in ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%dT%H:%M:%S"):
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            continue
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        return (moment - EPOCH) // timedelta(microseconds=1)
    return None


@lru_cache(maxsize=4096)
def _second_text(second: int) -> str:
    return (EPOCH + timedelta(seconds=second)).strftime("%Y-%m-%d %H:%M:%S")


def time_text(time_us: int) -> str:
    """``YYYY-MM-DD HH:MM:SS.ffffff`` in UTC, the form that rows hold."""
    second, fraction = divmod(time_us, 1_000_000)
    return f"{_second_text(second)}.{fraction:06d}"
