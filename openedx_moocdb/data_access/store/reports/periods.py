"""Days, weeks, months or years: as many bars as a page can show."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from openedx_moocdb.schema.event import EPOCH

DAY_US = 24 * 3600 * 1_000_000
_MOST_DAYS, _MOST_WEEKS, _MOST_MONTHS = 120, 104, 120
_MONTH_DAYS = 30


class Span(str, Enum):
    """Length of a period."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Periods:
    """Periods without a gap; ``starts`` in µs since 1970 UTC, one more than there are periods."""

    span: Span
    starts: tuple[int, ...]

    def index(self, time_us: int) -> int:
        """Which period the time is in; the last one for what comes later."""
        return max(0, min(bisect_right(self.starts, time_us), len(self.starts) - 1) - 1)


def moment(time_us: int) -> datetime:
    """Aware UTC time; a time that no calendar has becomes the nearest one it has."""
    try:
        return EPOCH + timedelta(microseconds=time_us)
    except OverflowError:
        year = 9999 if time_us > 0 else 1
        return EPOCH.replace(year=year)


def periods(first_us: int, last_us: int) -> Periods:
    """Periods from the one of ``first_us`` to the one of ``last_us``; weeks begin on Monday."""
    days = (last_us - first_us) // DAY_US + 1
    if days <= _MOST_DAYS:
        span = Span.DAY
    elif days <= _MOST_WEEKS * 7:
        span = Span.WEEK
    elif days <= _MOST_MONTHS * _MONTH_DAYS:
        span = Span.MONTH
    else:
        span = Span.YEAR
    start = _start(moment(first_us), span)
    starts = [start]
    while _us(starts[-1]) <= last_us and starts[-1].year < 9998:
        starts.append(_next(starts[-1], span))
    return Periods(span, tuple(map(_us, starts)))


def _start(time: datetime, span: Span) -> datetime:
    day = time.replace(hour=0, minute=0, second=0, microsecond=0)
    if span is Span.WEEK:
        return day - timedelta(days=day.weekday())
    if span is Span.MONTH:
        return day.replace(day=1)
    return day.replace(month=1, day=1) if span is Span.YEAR else day


def _next(start: datetime, span: Span) -> datetime:
    if span is Span.DAY:
        return start + timedelta(days=1)
    if span is Span.WEEK:
        return start + timedelta(days=7)
    if span is Span.MONTH:
        return _start(start + timedelta(days=32), span)
    return start.replace(year=start.year + 1)


def _us(time: datetime) -> int:
    return (time - EPOCH) // timedelta(microseconds=1)
