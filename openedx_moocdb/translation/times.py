"""Times of events as microseconds since 1970 UTC, and back to text."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from openedx_moocdb.schema.event import EPOCH

_DAY_US = 86_400_000_000
_NAIVE_EPOCH = datetime(1970, 1, 1)
#: years 1000 to 9999: what databases keep as a time, and ``time_text`` writes in four digits
_FIRST_US = (datetime(1000, 1, 1) - _NAIVE_EPOCH) // timedelta(microseconds=1)
_LAST_US = (datetime(9999, 12, 31, 23, 59, 59, 999_999) - _NAIVE_EPOCH) // timedelta(microseconds=1)
_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,9})?", re.ASCII)
_ZONE = re.compile(r"\s*(?:UTC|GMT|z)$")
#: the plus of an offset that went through a form
_LOST_PLUS = re.compile(r"(:\d\d(?:[.,]\d+)?) (\d\d:?\d\d)$", re.ASCII)


def read_time(value: Any) -> int | None:
    """Microseconds since 1970 UTC, of the years 1000 to 9999; ``None`` when ``value`` is no such time.

    Takes ISO 8601 text with or without zone (then UTC) and fraction, numbers of
    seconds or, from 1e11 on, milliseconds, and extended JSON: ``{"$date": …}``
    of text, milliseconds or ``{"$numberLong": "…"}``.
    """
    if type(value) is str:
        time_us = _read_text(value)
    elif type(value) is dict:
        time_us = _read_extended(value.get("$date"))
    else:
        time_us = _read_number(value)
    return time_us if time_us is not None and _FIRST_US <= time_us <= _LAST_US else None


def _read_text(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _read_odd_text(text)
    span = moment - (EPOCH if moment.tzinfo is not None else _NAIVE_EPOCH)
    time_us = span.days * _DAY_US + span.seconds * 1_000_000 + span.microseconds
    if time_us < 0 and text.isdigit():  # "1312121062123" is no afternoon of the year 1312
        return _read_number(int(text))
    return time_us


def _read_odd_text(text: str) -> int | None:
    bare = text.strip()
    if _NUMBER.fullmatch(bare):
        return _read_number(float(bare) if "." in bare else int(bare))
    mended = _LOST_PLUS.sub(r"\1+\2", _ZONE.sub("+00:00", bare))
    return _read_text(mended) if mended != text else None


def _read_number(value: Any) -> int | None:
    if type(value) is int or type(value) is float:
        if 0 <= value < 1e11:
            return round(value * 1_000_000)
        if 1e11 <= value < 1e14:
            return round(value * 1000)
    return None


def _read_extended(inner: Any) -> int | None:
    """The value of ``$date``: text, or milliseconds, which may be before 1970."""
    if type(inner) is dict:
        inner = inner.get("$numberLong")
        if type(inner) is str and _NUMBER.fullmatch(inner):
            inner = float(inner) if "." in inner else int(inner)
        elif type(inner) is str:
            return None
    if type(inner) is str:
        return _read_text(inner)
    if (type(inner) is int or type(inner) is float) and -1e15 < inner < 1e15:
        return round(inner * 1000)
    return None


@lru_cache(maxsize=4096)
def _minute_text(minute: int) -> str:
    return (EPOCH + timedelta(minutes=minute)).strftime("%Y-%m-%d %H:%M:")


def time_text(time_us: int) -> str:
    """``YYYY-MM-DD HH:MM:SS.ffffff`` in UTC, the form that rows hold."""
    seconds, fraction = divmod(time_us, 1_000_000)
    minute, second = divmod(seconds, 60)
    return f"{_minute_text(minute)}{second:02d}.{fraction:06d}"
