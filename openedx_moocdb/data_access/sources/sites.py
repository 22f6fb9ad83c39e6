"""The look-ups of a ``Site`` that need a library or a file: agents and countries."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import msgspec

from openedx_moocdb.schema.errors import PermanentError
from openedx_moocdb.schema.site import Site, no_country

logger = logging.getLogger(__name__)


class SiteOptions(msgspec.Struct, frozen=True):
    """What a ``Site`` is built from; plain values, so that worker processes can build their own.

    ``geoip_path``: a MaxMind country or city database, ``""`` for no countries.
    ``user_ids``: LMS user ids by username. ``run_of``: course keys by ``org/course``.
    """

    secret: bytes
    name: str = "prod"
    base_url: str = "http://lms"
    geoip_path: str = ""
    user_ids: dict[str, int] = {}
    run_of: dict[str, str] = {}


def build_site(options: SiteOptions) -> Site:
    """A site whose agents are read by ua-parser and whose countries come from ``geoip_path``."""
    return Site(
        options.secret,
        options.name,
        options.base_url.rstrip("/"),
        options.user_ids,
        country_finder(options.geoip_path) if options.geoip_path else no_country,
        read_agent,
        options.run_of,
    )


@lru_cache(1 << 13)
def read_agent(agent: str) -> tuple[str, str]:
    """(browser with version, operating system) of a user-agent string; ``Other`` when unknown."""
    from ua_parser import parse

    found = parse(agent[:2000])
    browser = found.user_agent
    system = found.os
    name = "Other"
    if browser is not None:
        version = ".".join(part for part in (browser.major, browser.minor) if part)
        name = f"{browser.family} {version}".strip()
    os_name = "Other"
    if system is not None:
        os_name = " ".join(part for part in (system.family, system.major) if part)
    return name, os_name


def country_finder(path: str) -> Callable[[str], str | None]:
    """Look-up of ISO 3166-1 alpha-2 country codes in an offline database.

    Raises ``PermanentError`` when the database or the library is missing.
    """
    try:
        import geoip2.database
        import geoip2.errors
    except ImportError:
        raise PermanentError(
            "MOOCDB_GEOIP_PATH is set, but geoip2 is missing: pip install openedx-moocdb[geoip]"
        ) from None
    if not Path(path).is_file():
        raise PermanentError(f"MOOCDB_GEOIP_PATH: no file {path}; expected a MaxMind .mmdb database")
    reader = geoip2.database.Reader(path)
    look_up = reader.city if "City" in reader.metadata().database_type else reader.country

    def find(ip: str) -> str | None:
        try:
            return look_up(ip).country.iso_code
        except (geoip2.errors.AddressNotFoundError, ValueError):
            return None

    return find
