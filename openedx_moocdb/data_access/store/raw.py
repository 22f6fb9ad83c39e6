"""What the fast stores share: SQL on the driver's own cursor, no ORM in the way of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from operator import itemgetter
from typing import Any

import msgspec

from openedx_moocdb.data_access.store import tables
from openedx_moocdb.data_access.store.interface import LearnerState
from openedx_moocdb.data_access.store.portable import PortableStore
from openedx_moocdb.schema.rows import Visit
from openedx_moocdb.schema.step import Placement

STATE_COLUMNS = ("learner_id", "last_key", "state", "is_dirty")


class RawStore(PortableStore):
    """A store that writes tuples of rows as they are.

    A subclass says how to insert, overwrite and amend many rows of one table.
    """

    def _put(self, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows, or overwrite those of the same primary key, the first of ``columns``."""
        raise NotImplementedError

    def _amend(self, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
        """Overwrite columns of rows that exist; the primary key is the first of ``columns``."""
        raise NotImplementedError

    def save_states(self, states: Sequence[LearnerState]) -> None:
        values = [(s.learner, s.last_key or None, s.state, int(s.is_dirty)) for s in states]
        self._put("learner_state", STATE_COLUMNS, sorted(values, key=itemgetter(0)))

    def _known(self, table: str, columns: list[str], keys: Collection[bytes]) -> Iterator[tuple[Any, ...]]:
        """One look at the span of the keys, since a batch is most often new as a whole."""
        wanted = keys if isinstance(keys, set | frozenset) else set(keys)
        if not wanted:
            return
        span = [self.connection.Database.Binary(key) for key in (min(wanted), max(wanted))]
        limit = 2 * len(wanted) + 1000
        names = self._names(columns)
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {names} FROM moocdb_{table} WHERE {columns[0]} BETWEEN %s AND %s LIMIT {limit}", span
            )
            found = cursor.fetchall()
        if len(found) == limit:
            yield from super()._known(table, columns, keys)
            return
        for key, *facts in found:
            key = bytes(key)
            if key in wanted:
                yield (key, *facts)

    def amend_gaps(self, gaps: Sequence[tuple[bytes, float | None, float | None]]) -> None:
        columns = ("observed_event_id", "gap_s", "observed_event_duration")
        self._amend("observed_events", columns, sorted(gaps, key=itemgetter(0)))

    def amend_placements(self, placements: Sequence[tuple[bytes, Placement]]) -> None:
        astuple = msgspec.structs.astuple
        values = [(key, *astuple(placement)) for key, placement in sorted(placements, key=itemgetter(0))]
        self._amend("observed_events", ("observed_event_id", *tables.DERIVED), values)
        self._follow_courses([value[0] for value in values])

    def upsert_visits(self, visits: Sequence[Visit]) -> None:
        values = [msgspec.structs.astuple(visit) for visit in visits]
        self._put("visits", Visit.__struct_fields__, sorted(values, key=itemgetter(0)))

    def _names(self, columns: Sequence[str]) -> str:
        quote = self.connection.ops.quote_name
        return ", ".join(quote(column) for column in columns)

    def _fit_all(self, values: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return [tuple(map(self._fit, row)) for row in values]
