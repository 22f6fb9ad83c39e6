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
    "PRAGMA cache_size = -65536",
    "PRAGMA mmap_size = 0",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 8192",
)
#: rows that are coded and written together: few enough to stay in the processor's cache
_CODED_ROWS = 2000
#: stands for NULL among the values of a statement; no column holds it
_NULL = -(1 << 63)


def _code(
    columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> tuple[list[str], list[str], list[Sequence[Any]]]:
    """(names, places in the statement, values) by column, in a form that the driver binds quickly.

    The driver looks for an adapter of every ``None`` and ``bytes``, which takes
    longer than to write them: a number stands for the one, ``bytearray`` for the
    other, and columns without any value are left out.
    """
    names: list[str] = []
    marks: list[str] = []
    coded: list[Sequence[Any]] = []
    for name, values in zip(columns, zip(*rows, strict=True), strict=True):
        if None not in values:
            coded.append([bytearray(v) for v in values] if type(values[0]) is bytes else values)
            marks.append("?")
        elif values.count(None) < len(values):
            coded.append([_NULL if v is None else bytearray(v) if type(v) is bytes else v for v in values])
            marks.append(f"NULLIF(?, {_NULL})")
        else:
            continue
        names.append(name)
    return names, marks, coded


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
        # In the order of keys, pages fill from left to right: a quarter faster than learner by learner.
        ordered = sorted(values, key=itemgetter(0))
        for start in range(0, len(ordered), _CODED_ROWS):
            self._insert_coded(table, columns, ordered[start : start + _CODED_ROWS])

    def _insert_coded(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        names, marks, coded = _code(columns, rows)
        sql = f"INSERT OR IGNORE INTO moocdb_{table} ({self._names(names)}) VALUES ({', '.join(marks)})"
        with self.connection.wrap_database_errors:
            try:
                self.connection.connection.executemany(sql, zip(*coded, strict=True))
            except UnicodeEncodeError:
                _, _, coded = _code(columns, self._fit_all(rows))
                self.connection.connection.executemany(sql, zip(*coded, strict=True))

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
