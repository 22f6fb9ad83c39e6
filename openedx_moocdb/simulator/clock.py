"""Simulated time: texts of moments, and how long people take. No real clock."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import lru_cache
from math import exp
from statistics import NormalDist

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_SAMPLES = 1024
_MINUTES = [f"T{m // 60:02d}:{m % 60:02d}:" for m in range(1440)]
_SECONDS = [f"{s:02d}" for s in range(60)]


def micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC of an aware moment."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


@lru_cache(maxsize=4096)
def _day(number: int) -> str:
    return (_EPOCH + timedelta(days=number)).strftime("%Y-%m-%d")


def to_second(time_us: int) -> str:
    """``2024-02-05T10:00:00``, rounded down."""
    day, second = divmod(time_us // SECOND, 86400)
    return _day(day) + _MINUTES[second // 60] + _SECONDS[second % 60]


def iso(time_us: int) -> str:
    """``2024-02-05T10:00:00.123456``; no fraction when it is zero, as Python writes it."""
    seconds, fraction = divmod(time_us, SECOND)
    day, second = divmod(seconds, 86400)
    whole = _day(day) + _MINUTES[second // 60] + _SECONDS[second % 60]
    return f"{whole}.{fraction:06d}" if fraction else whole


def log_normal(median_s: float, sigma: float) -> tuple[int, ...]:
    """Quantiles of a log-normal time in µs; pick one with ``pick``."""
    normal = NormalDist(0.0, sigma)
    points = ((i + 0.5) / _SAMPLES for i in range(_SAMPLES))
    return tuple(int(median_s * exp(normal.inv_cdf(p)) * SECOND) for p in points)


def pick(quantiles: tuple[int, ...], chance: float) -> int:
    """The time at ``chance`` (0 up to, without, 1)."""
    return quantiles[int(chance * _SAMPLES)]
