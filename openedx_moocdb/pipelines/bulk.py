"""Import logs into a store: read, merge by time, settle, derive, tidy.

Killed at any moment and run again, it ends in the same tables: each batch
commits with the marks of how far each file came, rows are known by their keys,
and learners that wait to be derived are marked in the database.
"""

from __future__ import annotations

import gc
import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

import msgspec

from openedx_moocdb.data_access.sources.sites import SiteOptions
from openedx_moocdb.data_access.sources.tracking_logs import (
    STDIN,
    LogFile,
    ends_with,
    file_id,
    find_logs,
    read_pieces,
)
from openedx_moocdb.data_access.store.interface import FileMark, Rejection, Store
from openedx_moocdb.pipelines.chunks import Filters
from openedx_moocdb.pipelines.merge import Batch, Merger, Source
from openedx_moocdb.pipelines.readers import InlineReader, Reader, WorkerReader, chunk_maker
from openedx_moocdb.pipelines.settle import Settled, Settler
from openedx_moocdb.pipelines.summary import Summary
from openedx_moocdb.processing.trajectory.follow import SESSION_LIMIT_S, Follower
from openedx_moocdb.schema import keys
from openedx_moocdb.schema.course import Course, CourseVersion
from openedx_moocdb.schema.errors import TransientError
from openedx_moocdb.translation.normalise import read_line
from openedx_moocdb.translation.parse import MAX_LINE_BYTES, Malformed

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

_ATTEMPTS = 8
_DERIVED_AT_ONCE = 50
_HEAD_LINES = 200
_QUARANTINE_BYTES = 1 << 22
_BEFORE_ALL = -(1 << 62)


class ImportOptions(msgspec.Struct, frozen=True):
    """How to import; sizes in events, lines or seconds as the names say."""

    site: SiteOptions
    filters: Filters = Filters()
    workers: int = 1
    batch_events: int = 50_000
    lateness_s: float = 600.0
    session_limit_s: float = SESSION_LIMIT_S
    max_line_bytes: int = MAX_LINE_BYTES
    resumes: bool = True


def _portions(rejections: Iterable[tuple[bytes, str, str, str]]) -> Iterator[list[Rejection]]:
    """Rejections in lists that one statement can carry, however long their lines."""
    some: list[Rejection] = []
    size = 0
    for line, reason, detail, path in rejections:
        if some and size + len(line) > _QUARANTINE_BYTES:
            yield some
            some, size = [], 0
        some.append(Rejection(line, reason, detail, path))
        size += len(line)
    if some:
        yield some


Progress = Callable[[int], None]


def _no_progress(_bytes: int) -> None:
    return None


class CourseShelf:
    """Course trees of one store, read when first asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._courses: dict[str, Course | None] = {}

    def find(self, course_key: str) -> Course | None:
        if course_key not in self._courses:
            versions = self._store.course_versions(course_key)
            self._courses[course_key] = Course(course_key, versions) if versions else None
        return self._courses[course_key]

    def clear(self) -> None:
        self._courses.clear()


class BulkImport:
    """One import run into one store."""

    def __init__(self, store: Store, options: ImportOptions, progress: Progress = _no_progress) -> None:
        self.store = store
        self.options = options
        self.progress = progress
        self.summary = Summary()
        self.shelf = CourseShelf(store)
        self.follower = Follower(options.site.base_url.rstrip("/"), self.shelf.find, options.session_limit_s)
        self.settler = Settler(store, self.follower)
        self._read = 0
        self._generation = -1

    def run(self, paths: Sequence[str], structures: Iterable[CourseVersion] = ()) -> Summary:
        """Import ``paths``; returns the counts. Raises ``PermanentError`` before anything is written
        when a path is wrong, and after the last good batch when a file is damaged."""
        began = time.monotonic()
        logs = find_logs(paths)
        fingerprint = keys.secret_fingerprint(self.options.site.secret)
        self.transact(lambda: self.store.check_learner_key(fingerprint))
        for version in structures:
            self.transact(partial(self.store.save_course_version, version))
        self.shelf.clear()
        reader = self._reader(logs)
        # A batch is millions of objects without cycles: looking for cycles among them is a third of the time.
        gc_was_on = gc.isenabled()
        gc.disable()
        try:
            sources = [self._source(number, log) for number, log in enumerate(logs)]
            merger = Merger(reader, sources, self.options.batch_events, self.options.lateness_s)
            for batch in merger.batches():
                self.settle_batch(batch)
                self._report(batch.sources)
        finally:
            reader.close()
            if gc_was_on:
                gc.enable()
        self.finish()
        if merger.damage is not None:
            raise merger.damage
        self.summary.seconds = round(time.monotonic() - began, 3)
        return self.summary

    def _reader(self, logs: Sequence[LogFile]) -> Reader:
        options = self.options
        # Standard input belongs to this process: in others it is empty.
        if options.workers > 1 and all(log.path != STDIN for log in logs):
            return WorkerReader(options.workers, options.site, options.filters, options.max_line_bytes)
        return InlineReader(chunk_maker(options.site, options.filters, options.max_line_bytes))

    def _source(self, number: int, log: LogFile) -> Source:
        """Where to begin in a log, and when its events begin."""
        if log.path == STDIN:
            return Source(number, log.path, "", _BEFORE_ALL, 0, 0)
        name = file_id(log.path)
        mark = self.store.file_mark(name) if self._marks_count() else None
        if mark is not None and not ends_with(log.path, mark.offset, mark.tail):
            mark = None
        if mark is None:
            return Source(number, log.path, name, self._first_time(log.path, 0), 0, 0)
        self.summary.lines_before += mark.lines
        first_us = self._first_time(log.path, mark.offset)
        return Source(number, log.path, name, first_us, mark.offset, mark.lines, mark.offset, mark.tail)

    def _marks_count(self) -> bool:
        """Marks say that whole lines are done: not so when a filter leaves some out."""
        return self.options.resumes and self.options.filters == Filters()

    def _first_time(self, path: str, start: int) -> int:
        piece = next(read_pieces(path, start, _HEAD_LINES), None)
        times = []
        for line in piece.lines if piece is not None else ():
            try:
                event = read_line(line, self.options.max_line_bytes)
            except Malformed:
                continue
            if event is not None:
                times.append(event.time_us)
        return min(times, default=_BEFORE_ALL)

    def settle_batch(self, batch: Batch) -> None:
        """Commit one batch and count it."""
        settled = self.transact(lambda: self._commit(batch))
        self.summary.add(batch, settled)

    def _commit(self, batch: Batch) -> Settled:
        settled = self.settler.settle(batch.items, batch.entries)
        for some in _portions(batch.rejections):
            self.store.quarantine(some)
        if self._marks_count():
            self.store.save_file_marks(
                [
                    FileMark(s.file_id, s.path, s.offset, s.lines, s.is_read and not s.chunks, s.tail)
                    for s in batch.sources
                    if s.is_open and s.file_id and s.tail
                ]
            )
        return settled

    def transact(self, work: Callable[[], Result]) -> Result:
        """``work`` in one transaction, again if the database asks for it."""
        for attempt in range(_ATTEMPTS):
            try:
                with self.store.transaction():
                    self._forget_stale_trees()
                    return work()
            except TransientError as error:
                self.settler.forget()
                self.shelf.clear()
                if attempt == _ATTEMPTS - 1:
                    raise
                logger.info("Transaction is tried again: %s", error)
                time.sleep(0.05 * 2**attempt * (1 + random.random()))
        raise AssertionError("the loop returns or raises")

    def _forget_stale_trees(self) -> None:
        """Another import may have stored a course version since the last transaction."""
        generation = self.store.generation()
        if generation != self._generation:
            self._generation = generation
            self.shelf.clear()

    def _report(self, sources: list[Source]) -> None:
        read = sum(source.read for source in sources)
        self.progress(read - self._read)
        self._read = read

    def finish(self) -> None:
        """Join learners known by name with their ids, derive who is dirty, tidy dictionaries."""
        for old, new in self.transact(self.store.renamed_learners):
            self.transact(partial(self.store.rename_learner, old, new))
        self.settler.forget()
        while dirty := self.transact(self.store.dirty_learners):
            for start in range(0, len(dirty), _DERIVED_AT_ONCE):
                some = dirty[start : start + _DERIVED_AT_ONCE]
                self.transact(partial(self._derive, some))
            self.summary.derived_again += len(dirty)
        while courses := self.transact(self.store.dirty_courses):
            for course_id in courses:
                self._place_nobody(course_id)
        self.transact(self.store.prune)
        self.transact(self.store.describe_resources)
        self.summary.rows = self.store.row_counts()

    def _derive(self, learners: list[bytes]) -> None:
        for learner in learners:
            self.settler.derive(learner)

    def _place_nobody(self, course_id: int) -> None:
        """Place the events of nobody in a course again, part by part; the course stays marked until all
        are placed, and if its tree may have changed meanwhile."""
        began = self.transact(self.store.generation)
        after = b""
        while after := self.transact(partial(self.settler.place_again, course_id, after)):
            pass
        self.transact(partial(self._clean_course, course_id, began))

    def _clean_course(self, course_id: int, generation: int) -> None:
        if self.store.generation() == generation:
            self.store.clean_course(course_id)
