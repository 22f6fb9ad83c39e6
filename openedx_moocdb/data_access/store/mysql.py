"""A store in MySQL or MariaDB: LOAD DATA where client and server allow it, else INSERTs of many rows."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from operator import itemgetter
from typing import Any

from django.db import Error, models

from openedx_moocdb.data_access.store import load_file, tables
from openedx_moocdb.data_access.store.insert_warnings import check_warnings
from openedx_moocdb.data_access.store.models.fields import KeyField
from openedx_moocdb.data_access.store.raw import STATE_COLUMNS, RawStore
from openedx_moocdb.data_access.store.row_writer import chunks

#: rows from which a file is faster than a statement
_LOAD_FROM = 200
#: rows of one file; each may warn, and the server shows at most 65535 warnings
_LOAD_ROWS = 20_000
_INSERT_ROWS = 500
_INSERT_CHARACTERS = 1 << 20
_LOAD_REFUSED = frozenset({1148, 2000, 2068, 3948, 4166})


class MysqlStore(RawStore):
    """Writers of different learners run side by side; the same learner's wait for each other."""

    def __init__(self, alias: str = "default") -> None:
        super().__init__(alias)
        self._tuned: Any = None
        self.can_load = bool(self.connection.settings_dict.get("OPTIONS", {}).get("local_infile"))

    def transaction(self) -> Any:
        self.connection.ensure_connection()
        if self._tuned is not self.connection.connection:
            with self.connection.cursor() as cursor:
                cursor.execute("SET SESSION max_error_count = 65535")
                cursor.execute("SELECT @@local_infile")
                self.can_load = self.can_load and bool(cursor.fetchone()[0])
            self._tuned = self.connection.connection
        return super().transaction()

    def _make_states(self, ordered: list[bytes]) -> None:
        """Make and lock rows in key order; an update that changes nothing takes the lock of a known row."""
        tail = " ON DUPLICATE KEY UPDATE learner_id = VALUES(learner_id)"
        rows = [(learner, None, b"", 0) for learner in ordered]
        for chunk in chunks(rows, _INSERT_ROWS):
            self._insert_many("INSERT", "learner_state", STATE_COLUMNS, chunk, tail)

    def _insert(self, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
        if len(values) >= _LOAD_FROM and self.can_load and self._load(table, columns, values, "IGNORE"):
            return
        for chunk in _by_size(values):
            self._insert_many("INSERT IGNORE", table, columns, chunk)
            check_warnings(self.connection, table)

    def _put(self, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
        if len(values) >= _LOAD_FROM and self.can_load and self._load(table, columns, values, "REPLACE"):
            return
        names = [self._names([column]) for column in columns[1:]]
        tail = " ON DUPLICATE KEY UPDATE " + ", ".join(f"{name} = VALUES({name})" for name in names)
        for chunk in _by_size(values):
            self._insert_many("INSERT", table, columns, chunk, tail)

    def _amend(self, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
        """Join the table with its new values: one statement for many rows."""
        names = [self._names([column]) for column in columns]
        marks = _marks(table, tuple(columns))
        first = "SELECT " + ", ".join(f"{mark} AS {name}" for mark, name in zip(marks, names, strict=True))
        other = " UNION ALL SELECT " + ", ".join(marks)
        news = ", ".join(f"t.{name} = n.{name}" for name in names[1:])
        for chunk in chunks(values, _INSERT_ROWS):
            derived = first + other * (len(chunk) - 1)
            join = f"STRAIGHT_JOIN moocdb_{table} t ON t.{names[0]} = n.{names[0]}"
            sql = f"UPDATE ({derived}) n {join} SET {news}"
            with self.connection.cursor() as cursor:
                cursor.execute(sql, [_hexed(value) for row in chunk for value in row])

    def _insert_many(
        self, verb: str, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]], tail: str = ""
    ) -> None:
        marks = "(" + ", ".join(_marks(table, tuple(columns))) + ")"
        rows = ", ".join([marks] * len(values))
        sql = f"{verb} INTO moocdb_{table} ({self._names(columns)}) VALUES {rows}{tail}"
        with self.connection.cursor() as cursor:
            try:
                cursor.execute(sql, [_hexed(value) for row in values for value in row])
            except UnicodeEncodeError:
                cursor.execute(sql, [self._fit(_hexed(value)) for row in values for value in row])

    def _load(
        self, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]], known: str
    ) -> bool:
        """Insert through files; rows with a known key are kept (IGNORE) or overwritten (REPLACE).

        False, with nothing written, if the server or the client refuses.
        """
        for data in self._files(table, columns, values):
            try:
                self._load_bytes(table, columns, data, known)
            except Error as error:
                if error.args and error.args[0] in _LOAD_REFUSED:
                    self.can_load = False
                    return False
                raise
            check_warnings(self.connection, table)
        return True

    def _files(
        self, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]
    ) -> Iterator[bytes]:
        """Contents of the files; the next ones are written while the server reads the last."""
        parts = list(chunks(sorted(values, key=itemgetter(0)), _LOAD_ROWS))
        if len(parts) == 1:
            yield self._file(table, columns, parts[0])
            return
        with ThreadPoolExecutor(max_workers=1) as writer:
            yield from writer.map(lambda part: self._file(table, columns, part), parts)

    def _file(self, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> bytes:
        try:
            return load_file.lines(table, columns, values)
        except UnicodeEncodeError:
            return load_file.lines(table, columns, self._fit_all(values))

    def _load_bytes(self, table: str, columns: Sequence[str], data: bytes, known: str) -> None:
        path = _private_file(data)
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(
                    f"LOAD DATA LOCAL INFILE %s {known} INTO TABLE moocdb_{table} {load_file.FORMAT} "
                    f"({self._names(columns)})",
                    [path],
                )
        finally:
            os.unlink(path)


@cache
def _marks(table: str, columns: tuple[str, ...]) -> list[str]:
    """Places of parameters; bytes go as hex, since a literal of bytes passes for bad text."""
    fields = {field.column: field for field in tables.MODELS[table]._meta.concrete_fields}
    binary = (KeyField, models.BinaryField)
    return ["UNHEX(%s)" if isinstance(fields[column], binary) else "%s" for column in columns]


def _hexed(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _private_file(data: bytes) -> str:
    handle, path = tempfile.mkstemp(prefix="moocdb-", suffix=".tsv")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    return path


def _by_size(values: Iterable[tuple[Any, ...]]) -> Iterable[list[tuple[Any, ...]]]:
    """Rows in lists that one statement can carry, however long their texts."""
    chunk: list[tuple[Any, ...]] = []
    size = 0
    for row in values:
        chunk.append(row)
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        if len(chunk) == _INSERT_ROWS or size > _INSERT_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
