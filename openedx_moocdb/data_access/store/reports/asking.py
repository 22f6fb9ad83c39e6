"""One way to ask the database, and answers kept for as long as it does not change."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from typing import Any, TypeVar

from django.db import connections
from django.db.models import Count, Max, Sum

from openedx_moocdb.data_access.store.models import DatabaseFact, ImportFile, ObservedEvent, QuarantinedLine

Answer = TypeVar("Answer")

KEPT_S = 60.0
_MOST_KEPT = 32
_CHUNK = 500


def ask(alias: str, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Rows of a query with ``%s`` marks, as the driver gives them; bytes are bound as binary."""
    connection = connections[alias]
    bound = [connection.Database.Binary(p) if isinstance(p, bytes) else p for p in parameters]
    with connection.cursor() as cursor:
        cursor.execute(sql, bound)
        while rows := cursor.fetchmany(10_000):
            yield from rows


def chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The items in pieces that fit into one ``IN (…)``."""
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


def version(alias: str) -> tuple[Any, ...]:
    """Differs after any import, replay, pruning or new course tree; four index look-ups."""
    files = ImportFile.objects.using(alias).aggregate(files=Count("pk"), lines=Sum("lines"))
    generation = (
        DatabaseFact.objects.using(alias).filter(pk="generation").values_list("fact_value", flat=True)
    )
    return (
        str(connections[alias].settings_dict["NAME"]),
        generation.first(),
        files["files"],
        files["lines"],
        QuarantinedLine.objects.using(alias).count(),
        ObservedEvent.objects.using(alias).aggregate(last=Max("pk"))["last"],
    )


class Kept:
    """Answers by question; each lives until the database changes, a minute at most."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answers: OrderedDict[Any, tuple[float, Any, Any]] = OrderedDict()
        self._lock = Lock()

    def answer(self, alias: str, question: tuple[Any, ...], find: Callable[[], Answer]) -> Answer:
        """The kept answer to ``question``, else what ``find`` finds."""
        now, state = self._clock(), version(alias)
        with self._lock:
            kept = self._answers.get((alias, question))
            if kept is not None and kept[1] == state and now - kept[0] < KEPT_S:
                self._answers.move_to_end((alias, question))
                return kept[2]
        found = find()
        with self._lock:
            self._answers[(alias, question)] = (now, state, found)
            while len(self._answers) > _MOST_KEPT:
                self._answers.popitem(last=False)
        return found

    def forget(self) -> None:
        """Start anew."""
        with self._lock:
            self._answers.clear()


KEPT = Kept()
