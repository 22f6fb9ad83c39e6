"""How rows reach a table through Django's ORM."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import msgspec
from django.db import connections, models

from openedx_moocdb.data_access.store import tables
from openedx_moocdb.data_access.store.insert_warnings import check_warnings

CHUNK = 500
_UNFIT = re.compile("[\x00\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def chunks(items: Collection[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """The items in lists of at most ``size``."""
    ordered = items if isinstance(items, list) else list(items)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


class RowWriter:
    """Inserts and overwrites rows of one Django database; the fast stores replace its methods."""

    def __init__(self, alias: str = "default") -> None:
        self.alias = alias
        self.connection = connections[alias]

    def _insert(self, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
        """Insert tuples in the order of ``columns``; rows with a known primary key are left as they are."""
        self._insert_objects(tables.MODELS[table], self._objects(table, columns, values))

    def _insert_objects(self, model: type[models.Model], objects: Sequence[models.Model]) -> None:
        for chunk in chunks(objects):
            model.objects.using(self.alias).bulk_create(chunk, ignore_conflicts=True)  # type: ignore[attr-defined]
            check_warnings(self.connection, model._meta.db_table)

    def _objects(self, table: str, columns: Sequence[str], values: Iterable[Any]) -> list[models.Model]:
        model = tables.MODELS[table]
        times = tables.time_columns(table)
        return [
            model(
                **{
                    column: tables.read_time(value) if column in times and value else self._fit(value)
                    for column, value in zip(columns, _as_tuple(row), strict=True)
                }
            )
            for row in values
        ]

    def _upsert(self, model: type[models.Model], objects: Sequence[models.Model]) -> None:
        """Insert rows or overwrite those of the same primary key."""
        meta = model._meta
        targets = self.connection.features.supports_update_conflicts_with_target
        model.objects.using(self.alias).bulk_create(  # type: ignore[attr-defined]
            objects,
            CHUNK,
            update_conflicts=True,
            update_fields=[field.name for field in meta.concrete_fields if not field.primary_key],
            unique_fields=[meta.pk.name] if targets else None,
        )

    def _fit(self, value: Any) -> Any:
        """``value`` as a database can hold it: no half characters; no NUL on PostgreSQL."""
        if isinstance(value, str):
            unfit = _UNFIT if self.connection.vendor == "postgresql" else _SURROGATE
            return unfit.sub("\ufffd", value)
        return value


def _as_tuple(row: Any) -> tuple[Any, ...]:
    return row if isinstance(row, tuple) else msgspec.structs.astuple(row)
