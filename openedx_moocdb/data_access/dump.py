"""Tables as canonical bytes: equal content gives equal bytes on every database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from django.db import connections, models

from openedx_moocdb.data_access.store import tables
from openedx_moocdb.data_access.store.models.fields import KeyField, TimeField

_ROWS = 20_000

#: tables that are a function of what was imported, with the columns that are not
CONTENT: dict[str, frozenset[str]] = {
    "courses": frozenset(),
    "blocks": frozenset(),
    "course_versions": frozenset({"tree"}),  # the version column is its hash
    "observed_event_types": frozenset(),
    "os": frozenset(),
    "agent": frozenset(),
    "urls": frozenset(),
    "resource_types": frozenset(),
    "resources": frozenset(),
    "resources_urls": frozenset(),
    "observed_events": frozenset(),
    "steps": frozenset(),
    "visits": frozenset(),
    "click_events": frozenset(),
    "problem_types": frozenset(),
    "problems": frozenset(),
    "submissions": frozenset(),
    "assessments": frozenset(),
    "collaboration_types": frozenset(),
    "collaborations": frozenset(),
    "surveys": frozenset(),
    "questions": frozenset(),
    "answers": frozenset(),
    "feedbacks": frozenset(),
    "user_types": frozenset(),
    "users": frozenset({"read_at"}),
    "learner_links": frozenset(),
    "longitudinal_features": frozenset(),
    "user_longitudinal_feature_values": frozenset({"date_of_extraction"}),
    "quarantine": frozenset({"quarantined_at", "file"}),
}


class Checksum(NamedTuple):
    """Number of rows of a table and BLAKE2b-128 of its canonical lines, as hex digits."""

    rows: int
    hexdigest: str


def checksums(alias: str = "default") -> dict[str, Checksum]:
    """Checksum of every table that is a function of what was imported, by canonical name."""
    return {table: _checksum(table, alias) for table in CONTENT}


def _checksum(table: str, alias: str) -> Checksum:
    digest = blake2b(digest_size=16)
    count = 0
    for line in dump(table, alias):
        digest.update(line)
        count += 1
    return Checksum(count, digest.hexdigest())


def dump(table: str, alias: str = "default") -> Iterator[bytes]:
    r"""Yield a table's rows as lines, in the order of the primary key.

    Fields in the order of the model, between tabs: NULL ``\N``, bytes as hex,
    floats as ``repr``, truth as 0 or 1, times ``YYYY-MM-DD HH:MM:SS.ffffff`` UTC;
    in text ``\``, tab, newline and carriage return are escaped. Each line ends
    with a newline. Rows are read in portions; memory stays bounded.
    """
    left_out = CONTENT.get(table, frozenset())
    meta = tables.MODELS[table]._meta
    fields = [field for field in meta.concrete_fields if field.column not in left_out]
    writers = [_writer(field) for field in fields]
    for row in _rows(table, alias, [field.column for field in fields], meta.pk.column):
        cells = (rb"\N" if value is None else write(value) for write, value in zip(writers, row, strict=True))
        yield b"\t".join(cells) + b"\n"


def _rows(table: str, alias: str, columns: list[str], key: str) -> Iterator[tuple[Any, ...]]:
    """All rows in portions by key: a cursor over the whole table would hold it in the client."""
    connection = connections[alias]
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    place = columns.index(key)
    last: Any = None
    while True:
        after = "" if last is None else f"WHERE {quote(key)} > %s "
        query = (
            f"SELECT {names} FROM {quote(tables.PREFIX + table)} {after}ORDER BY {quote(key)} LIMIT {_ROWS}"
        )
        with connection.cursor() as cursor:
            cursor.execute(query, [] if last is None else [last])
            portion = cursor.fetchall()
        yield from portion
        if len(portion) < _ROWS:
            return
        last = portion[-1][place]
        if isinstance(last, bytes | memoryview):
            last = connection.Database.Binary(bytes(last))


def _writer(field: models.Field[Any, Any]) -> Callable[[Any], bytes]:
    if isinstance(field, KeyField | models.BinaryField):
        return lambda value: bytes(value).hex().encode()
    if isinstance(field, TimeField):
        return _time
    if isinstance(field, models.FloatField):
        return _number
    if isinstance(field, models.CharField | models.TextField):
        return _text
    return lambda value: b"%d" % value


def _time(value: Any) -> bytes:
    text = value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value
    return text.encode()


def _number(value: Any) -> bytes:
    return repr(float(value) + 0.0).encode()  # one zero: databases differ on the negative one


def _text(value: str) -> bytes:
    escaped = value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return escaped.encode("utf-8", "surrogatepass")
