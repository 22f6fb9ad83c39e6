"""Events and their rows as text, for a dry run."""

from __future__ import annotations

from openedx_moocdb.data_access.store import samples

_EVENTS = 20


def preview(alias: str) -> list[str]:
    """The first events in the database with the rows that each became."""
    lines: list[str] = []
    for event in samples.first_events(alias, _EVENTS):
        lines.append(event.title)
        lines += [f"    {table}: {columns}" for table, columns in event.rows]
    return lines
