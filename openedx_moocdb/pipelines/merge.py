"""Several logs become one stream of items, roughly by time, in batches.

A batch holds back its newest events (the lateness window), since another
server's log, or a later line of the same, may still hold earlier ones. What is
older than the window in spite of that is late, and is settled as late events.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from openedx_moocdb.pipelines.chunks import Item, RowTuple
from openedx_moocdb.pipelines.readers import Reader, WorkerDied
from openedx_moocdb.schema.errors import PermanentError


class Source(msgspec.Struct):
    """One log while it is read.

    ``first_us``: time of its first event, to open it only when its time has
    come. ``chunks``: what was read and is not wholly settled, as (chunk number,
    end, lines, tail). ``offset``, ``lines``, ``tail``: what is wholly settled.
    """

    number: int
    path: str
    file_id: str
    first_us: int
    start: int
    lines: int
    offset: int = 0
    tail: str = ""
    newest_us: int = -(1 << 62)
    is_open: bool = False
    is_read: bool = False
    chunks: deque[tuple[int, int, int, str]] = msgspec.field(default_factory=deque)
    read: int = 0


class Batch(msgspec.Struct):
    """Items ready to be settled, and all that the chunks read for them brought."""

    items: list[Item]
    entries: list[RowTuple]
    rejections: list[tuple[bytes, str, str, str]]
    counts: dict[str, int]
    lines: int
    sources: list[Source]


class Merger:
    """Reads sources by time and cuts batches of about ``batch_events`` items.

    A source that turns out to be damaged ends there, and ``damage`` says so;
    what came before, and the other sources, are in the batches all the same.
    """

    def __init__(
        self, reader: Reader, sources: Iterable[Source], batch_events: int, lateness_s: float
    ) -> None:
        self.damage: PermanentError | None = None
        self._reader = reader
        self._waiting = deque(sorted(sources, key=lambda s: (s.first_us, s.path)))
        self._sources = list(self._waiting)
        self._open: list[Source] = []
        self._batch_events = batch_events
        self._lateness_us = int(lateness_s * 1_000_000)
        self._held: list[tuple[Item, int]] = []
        self._chunk_number = 0
        self._told: set[tuple[str, Any]] = set()

    def batches(self) -> Iterator[Batch]:
        """All items of all sources; the last batch holds nothing back."""
        while True:
            batch = self._fill()
            is_last = not self._open and not self._waiting
            batch.items, held_chunks = self._release(is_last)
            self._advance(held_chunks)
            if batch.items or batch.lines or is_last:
                yield batch
            if is_last:
                return

    def _fill(self) -> Batch:
        batch = Batch([], [], [], {}, 0, self._sources)
        while len(self._held) < self._batch_events:
            source = self._next_source()
            if source is None:
                break
            try:
                chunk = self._reader.next(source.number)
            except WorkerDied:
                raise
            except PermanentError as error:
                self.damage = self.damage or error
                self._open.remove(source)
                continue
            if chunk is None:
                source.is_read = True
                self._open.remove(source)
                continue
            self._chunk_number += 1
            source.chunks.append((self._chunk_number, chunk.end, chunk.whole, chunk.tail))
            source.read = chunk.read
            number = self._chunk_number
            self._held.extend((item, number) for item in chunk.items)
            if chunk.items:
                source.newest_us = max(source.newest_us, max(item.time_us for item in chunk.items))
            self._tell(batch, chunk.entries)
            batch.rejections.extend((*rejection, source.path) for rejection in chunk.rejections)
            for reason, count in chunk.counts.items():
                batch.counts[reason] = batch.counts.get(reason, 0) + count
            batch.lines += chunk.lines
        return batch

    def _tell(self, batch: Batch, entries: dict[tuple[str, Any], RowTuple]) -> None:
        told = self._told
        if len(told) > 1 << 20:
            told.clear()
        for name, columns in entries.items():
            if name not in told:
                told.add(name)
                batch.entries.append((name[0], *columns))

    def _next_source(self) -> Source | None:
        """The open source that is furthest behind; sources are opened when their time has come."""
        while self._waiting:
            behind = min((source.newest_us for source in self._open), default=None)
            if behind is not None and self._waiting[0].first_us > behind:
                break
            source = self._waiting.popleft()
            source.newest_us = max(source.newest_us, source.first_us)
            source.is_open = True
            self._reader.open(source.number, source.path, source.start)
            self._open.append(source)
        return min(self._open, key=lambda s: (s.newest_us, s.number), default=None)

    def _release(self, is_last: bool) -> tuple[list[Item], set[int]]:
        held = self._held
        if is_last or not held:
            self._held = []
            return [item for item, _ in held], set()
        held.sort(key=lambda pair: pair[0].key)
        frontier = min(source.newest_us for source in self._open) if self._open else held[-1][0].time_us
        if self._waiting:
            frontier = min(frontier, self._waiting[0].first_us)
        cut_us = frontier - self._lateness_us
        cut = len(held)
        while cut > 0 and held[cut - 1][0].time_us > cut_us and cut > self._batch_events // 2:
            cut -= 1
        self._held = held[cut:]
        return [item for item, _ in held[:cut]], {number for _, number in self._held}

    def _advance(self, held_chunks: set[int]) -> None:
        for source in self._sources:
            chunks = source.chunks
            while chunks and chunks[0][0] not in held_chunks:
                _number, end, lines, tail = chunks.popleft()
                if lines:
                    source.offset, source.tail = end, tail
                    source.lines += lines
