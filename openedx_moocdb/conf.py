"""The one table of settings.

A setting is read when it is asked for, so that the platform's later settings
files and ``override_settings`` count. Not for values that change per course.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Setting:
    """One name that an operator may set; ``unit`` is ``""`` for what has none."""

    name: str
    default: Any
    unit: str
    help: str


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "MOOCDB_LEARNER_KEY",
        "",
        "",
        "Secret that keys the pseudonyms of learners; needed to write. Another key makes other learners.",
    ),
    Setting(
        "MOOCDB_SITE_NAME",
        "prod",
        "",
        "Name of the platform that events come from; the same user id on two sites is two learners.",
    ),
    Setting(
        "MOOCDB_SITE_URL",
        "http://lms",
        "",
        "What stands in front of every courseware URL, whatever host an event names; no trailing slash.",
    ),
    Setting(
        "MOOCDB_SESSION_LIMIT_S",
        1800,
        "seconds",
        "A longer silence ends a visit and leaves the duration of the event before it unknown.",
    ),
    Setting(
        "MOOCDB_LATENESS_S",
        600,
        "seconds",
        "How long live events wait for earlier ones; later arrivals are put in their place afterwards.",
    ),
    Setting(
        "MOOCDB_BATCH_EVENTS",
        50_000,
        "events",
        "Events that an import translates and commits at a time; more is faster and takes more memory.",
    ),
    Setting(
        "MOOCDB_MAX_LINE_BYTES",
        1024 * 1024,
        "bytes",
        "A longer line of a log is rejected instead of parsed.",
    ),
    Setting(
        "MOOCDB_GEOIP_PATH",
        "",
        "",
        "Country database in MaxMind's format (.mmdb); without one, countries stay unknown.",
    ),
    Setting(
        "MOOCDB_DATABASE_ALIAS",
        "default",
        "",
        "Key of DATABASES that holds the tables.",
    ),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}


def get(name: str) -> Any:
    """Value of a setting in Django's settings, else its default; ``KeyError`` if not in the table."""
    return getattr(settings, name, _BY_NAME[name].default)
