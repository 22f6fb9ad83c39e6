"""Filters of the templates: how numbers, durations and times are written."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import formats
from django.utils.translation import gettext, pgettext

from openedx_moocdb.data_access.store.reports.periods import moment

register = template.Library()

UNKNOWN = "–"


@register.filter
def number(value: float | None) -> str:
    """A count with thousands separators; a dash when unknown."""
    return UNKNOWN if value is None else formats.number_format(value, force_grouping=True)


@register.filter
def share(value: float) -> str:
    """A share 0..1 in percent; never 0 % or 100 % for what is neither."""
    if 0 < value < 0.001:
        return pgettext("share", "< 0.1 %")
    if 0.999 < value < 1:
        return pgettext("share", "> 99.9 %")
    # number_format cuts digits off instead of rounding.
    digits = 0 if value in (0, 1) else 1
    return f"{formats.number_format(round(value * 100, digits), decimal_pos=digits)} %"


@register.filter
def duration(seconds: float | None) -> str:
    """Two units of time at most; a dash when unknown, which is not none at all."""
    if seconds is None:
        return UNKNOWN
    if 0 < seconds < 1:
        return gettext("< 1 s")
    whole = round(seconds)
    if whole < 60:
        return gettext("%(s)s s") % {"s": whole}
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        if not rest:
            return gettext("%(min)s min") % {"min": minutes}
        return gettext("%(min)s min %(s)s s") % {"min": minutes, "s": f"{rest:02d}"}
    hours, minutes = divmod(round(seconds / 60), 60)
    return gettext("%(h)s h %(min)s min") % {"h": number(hours), "min": f"{minutes:02d}"}


@register.filter
def day(time_us: int | None) -> str:
    """A day from µs since 1970 UTC."""
    return UNKNOWN if time_us is None else formats.date_format(moment(time_us), "DATE_FORMAT")


@register.filter
def short_day(time_us: int) -> str:
    """Day and month, for the axis of a picture."""
    return formats.date_format(moment(time_us), "j M")


@register.filter
def clock(time_us: int) -> str:
    """Time of the day to the second."""
    return f"{moment(time_us):%H:%M:%S}"


@register.filter
def minute(time_us: int | None) -> str:
    """Day and time to the minute, sortable by eye."""
    return UNKNOWN if time_us is None else f"{moment(time_us):%Y-%m-%d %H:%M}"


@register.filter
def machine_time(time_us: int) -> str:
    """For the ``datetime`` attribute."""
    found: datetime = moment(time_us)
    return f"{found:%Y-%m-%dT%H:%M:%SZ}"


@register.filter
def pseudonym(learner: bytes) -> str:
    """The first 8 of its 32 digits."""
    return learner.hex()[:8]


@register.filter
def hexadecimal(learner: bytes) -> str:
    """All 32 digits."""
    return learner.hex()


@register.filter
def size(count: int) -> str:
    """Bytes in the unit that fits."""
    for unit, power in (("GB", 9), ("MB", 6), ("kB", 3)):
        if count >= 10**power:
            return f"{formats.number_format(round(count / 10**power, 1), decimal_pos=1)} {unit}"
    return f"{count} B"
