"""A store in a SQLite file: prepared statements on the driver's connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from operator import itemgetter
from typing import Any

from openedx_moocdb.data_access.store.raw import RawStore

_PAGE_BYTES = 16384
_FEW_PAGES = 1000
_PRAGMAS = (
    "PRAGMA busy_timeout = 30000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA cache_size = -131072",
    "PRAGMA mmap_size = 1073741824",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 8192",
)


class SqliteStore(RawStore):
    """One writer at a time: a transaction takes the writer's lock when it begins."""

    def __init__(self, alias: str = "default") -> None:
        super().__init__(alias)
        self._tuned: Any = None

    def transaction(self) -> Any:
        self.connection.ensure_connection()
        # SQLite refuses these inside a transaction.
        if self._tuned is not self.connection.connection and not self.connection.in_atomic_block:
            self._tune(self.connection.connection)
            self._tuned = self.connection.connection
        return super().transaction()

    def _tune(self, connection: Any) -> None:
        (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        if journal == "delete" and pages < _FEW_PAGES:
            # A new file is written anew with larger pages: a seventh faster to fill.
            with suppress(sqlite3.OperationalError):
                connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
                connection.execute("VACUUM")
        for pragma in _PRAGMAS:
            connection.execute(pragma).fetchall()

    def _insert(self, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT OR IGNORE INTO moocdb_{table} ({self._names(columns)}) VALUES ({marks})"
        # In the order of keys, pages fill from left to right: a quarter faster than learner by learner.
        self._many(sql, sorted(values, key=itemgetter(0)))

    def _put(self, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(columns))
        news = ", ".join(
            f"{self._names([column])} = excluded.{self._names([column])}" for column in columns[1:]
        )
        key = self._names(columns[:1])
        sql = (
            f"INSERT INTO moocdb_{table} ({self._names(columns)}) VALUES ({marks}) "
            f"ON CONFLICT ({key}) DO UPDATE SET {news}"
        )
        self._many(sql, values)

    def _amend(self, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
        news = ", ".join(f"{self._names([column])} = ?" for column in columns[1:])
        sql = f"UPDATE moocdb_{table} SET {news} WHERE {self._names(columns[:1])} = ?"
        self._many(sql, [(*row[1:], row[0]) for row in values])

    def _many(self, sql: str, values: Sequence[tuple[Any, ...]]) -> None:
        with self.connection.wrap_database_errors:
            try:
                self.connection.connection.executemany(sql, values)
            except UnicodeEncodeError:
                self.connection.connection.executemany(sql, self._fit_all(values))
