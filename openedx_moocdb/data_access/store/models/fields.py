"""Column types that are the same on MySQL, SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from django.db import models

KEY_BYTES = 16


class KeyField(models.Field):  # type: ignore[type-arg]
    """16 bytes that may be a primary key.

    Django's ``BinaryField`` cannot be a key on MySQL, and ``UUIDField`` changes
    its column type between versions.
    """

    description = "16-byte key"
    empty_values = (None, b"")

    def db_type(self, connection: Any) -> str:
        return {"mysql": f"binary({KEY_BYTES})", "postgresql": "bytea"}.get(connection.vendor, "blob")

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        return value if value is None else connection.Database.Binary(bytes(value))

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return connection.ops.binary_placeholder_sql(value)  # type: ignore[no-any-return]

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return value if value is None else bytes(value)

    def to_python(self, value: Any) -> bytes | None:
        """Accept bytes or, from a fixture or an address, 32 hex digits."""
        return bytes.fromhex(value) if isinstance(value, str) else value

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else bytes(value).hex()


class TimeField(models.DateTimeField):  # type: ignore[type-arg]
    """A time in UTC with all six digits of its fraction, also where the column is text.

    SQLite compares text: without the digits of a whole second, equal times differ.
    """

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if connection.vendor == "sqlite" and isinstance(value, datetime):
            aware = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
            return aware.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")
        return super().get_db_prep_value(value, connection, prepared)


def _exact(db_type: str | None, connection: Any) -> str | None:
    if connection.vendor == "mysql" and db_type:
        return f"{db_type} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
    return db_type


class ExactTextField(models.TextField):  # type: ignore[type-arg]
    """Text of any length and any character, compared byte by byte on every database."""

    def db_type(self, connection: Any) -> str | None:
        return _exact(super().db_type(connection), connection)


class ExactCharField(models.CharField):  # type: ignore[type-arg]
    """A short word of ours, compared byte by byte on every database."""

    def db_type(self, connection: Any) -> str | None:
        return _exact(super().db_type(connection), connection)
