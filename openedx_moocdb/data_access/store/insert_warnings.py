"""MySQL changes a value that does not fit, with a warning, where it may ignore known keys."""

from __future__ import annotations

from typing import Any

from django.db import DataError

#: a known key; a literal of bytes that is no text (it is stored as it is)
_HARMLESS = frozenset({1062, 1300})


def check_warnings(connection: Any, table: str) -> None:
    """Raise ``DataError`` if the last statement changed a value; known keys are no matter.

    To be called right after the statement; does nothing on other databases.
    """
    if connection.vendor != "mysql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW WARNINGS")
        changed = [row for row in cursor.fetchall() if row[1] not in _HARMLESS]
    if changed:
        raise DataError(
            f"{table}: {len(changed)} values do not fit their column, first: {changed[0][2]}; "
            "the batch was not written"
        )
