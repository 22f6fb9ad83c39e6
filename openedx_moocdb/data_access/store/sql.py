"""The door to stores in SQL databases."""

from __future__ import annotations

from django.db import connections

from openedx_moocdb.data_access.store.mysql import MysqlStore
from openedx_moocdb.data_access.store.portable import PortableStore
from openedx_moocdb.data_access.store.sqlite import SqliteStore


def open_store(alias: str = "default") -> PortableStore:
    """The fastest store that the database behind the Django alias allows; it is migrated already."""
    vendor = connections[alias].vendor
    if vendor == "sqlite":
        return SqliteStore(alias)
    if vendor == "mysql":
        return MysqlStore(alias)
    return PortableStore(alias)
