"""From the address of a database to Django's settings of it."""

from __future__ import annotations

from typing import Any

import dj_database_url
from django.db import connections

from openedx_moocdb.schema.errors import PermanentError

_SCHEMES = ("sqlite://", "mysql://", "mysql2://", "postgres://", "postgresql://")
_BUSY_S = 30


def database_settings(url: str) -> dict[str, Any]:
    """An entry of ``DATABASES`` for ``sqlite:///path``, ``mysql://…`` or ``postgres://…``.

    MySQL gets utf8mb4, LOAD DATA and READ COMMITTED; where ``mysqlclient`` is not
    installed, PyMySQL takes its place. Options in the query of the URL win.
    Raises ``PermanentError`` for an address that is none of these.
    """
    if not url.startswith(_SCHEMES):
        scheme = url.partition("://")[0] if "://" in url else "no scheme"
        raise PermanentError(f"the database address has {scheme}, expected one of {', '.join(_SCHEMES)}")
    settings: dict[str, Any] = dict(dj_database_url.parse(url))
    stated = settings.get("OPTIONS", {})
    if url.startswith("sqlite:"):
        settings["OPTIONS"] = {"timeout": _BUSY_S, **stated}
    elif url.startswith("mysql"):
        use_mysql_driver()
        defaults = {"charset": "utf8mb4", "local_infile": 1, "isolation_level": "read committed"}
        settings["OPTIONS"] = {**defaults, **stated}
    return settings


def add_database(alias: str, url: str) -> None:
    """Make the database at ``url`` known to Django under ``alias``, in all threads."""
    entry = database_settings(url)
    known = connections.configure_settings({"default": connections.databases["default"], alias: entry})
    connections.databases[alias] = known[alias]


def use_mysql_driver() -> None:
    """Make ``MySQLdb`` importable: mysqlclient, else PyMySQL under its name."""
    try:
        __import__("MySQLdb")
    except ImportError:
        import pymysql

        pymysql.install_as_MySQLdb()
