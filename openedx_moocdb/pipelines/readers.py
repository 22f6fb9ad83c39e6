"""Chunks of several logs, made in this process or in others.

With workers, each log belongs to one worker process, which reads and translates
ahead by a few chunks. What comes out is the same, in the same order per log.
"""

from __future__ import annotations

import gc
import multiprocessing
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, Protocol

from openedx_moocdb.data_access.sources.sites import SiteOptions, build_site
from openedx_moocdb.data_access.sources.tracking_logs import read_pieces
from openedx_moocdb.pipelines.chunks import Chunk, ChunkMaker, Filters, pack, unpack
from openedx_moocdb.schema.errors import PermanentError
from openedx_moocdb.translation.translator import Translator

LINES_PER_CHUNK = 4000
#: chunks that workers may be ahead, of all logs together
_AHEAD = 24
_SWITCH_S = 0.0002


class WorkerDied(PermanentError):
    """A process that reads logs is gone: killed, or out of memory."""


class Reader(Protocol):
    """A source of chunks of logs, known by number."""

    def open(self, number: int, path: str, start: int) -> None:
        """Begin a log at byte ``start`` of its plain text."""

    def next(self, number: int) -> Chunk | None:
        """The next chunk of a log, ``None`` at its end; raises ``PermanentError`` if it is damaged."""

    def close(self) -> None:
        """End all processes and files."""


def _chunks(maker: ChunkMaker, path: str, start: int) -> Iterator[Chunk]:
    for piece in read_pieces(path, start, LINES_PER_CHUNK):
        yield maker.make(piece.lines, piece.end, piece.read)


def chunk_maker(options: SiteOptions, filters: Filters, max_line_bytes: int) -> ChunkMaker:
    """What turns lines into chunks, with all look-ups of the site."""
    return ChunkMaker(Translator(build_site(options)), filters, max_line_bytes)


class InlineReader:
    """Reads and translates in this process."""

    def __init__(self, maker: ChunkMaker) -> None:
        self._maker = maker
        self._open: dict[int, Iterator[Chunk]] = {}

    def open(self, number: int, path: str, start: int) -> None:
        self._open[number] = _chunks(self._maker, path, start)

    def next(self, number: int) -> Chunk | None:
        return next(self._open[number], None)

    def close(self) -> None:
        self._open.clear()


class WorkerReader:
    """Reads and translates in ``workers`` processes, ahead of what is asked for.

    A thread per worker takes in what it sends, so that it never waits for this
    process to be done with a batch. Together they are at most ``_AHEAD`` chunks
    ahead, which bounds memory, but at least one per open log.
    """

    def __init__(self, workers: int, options: SiteOptions, filters: Filters, max_line_bytes: int) -> None:
        self._pipes: list[Connection] = []
        self._processes: list[Any] = []
        self._ready: dict[int, SimpleQueue[bytes | None]] = {}
        self._owner: dict[int, int] = {}
        self._asked: dict[int, int] = {}
        self._start(workers, (options, filters, max_line_bytes))
        # A chunk comes in many small reads; by default each could wait 5 ms for a busy thread to let go.
        self._switch_interval_s = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_S)
        for worker in range(workers):
            threading.Thread(target=self._take_in, args=(worker,), daemon=True).start()

    def _start(self, workers: int, arguments: tuple[Any, ...]) -> None:
        """Fork where that is safe, which is as long as there is one thread: a new Python takes a second."""
        is_alone = threading.active_count() == 1 and "fork" in multiprocessing.get_all_start_methods()
        context: Any = multiprocessing.get_context("fork" if is_alone else "spawn")
        if is_alone:
            chunk_maker(*arguments)  # what it loads, the workers need not
        for _ in range(workers):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, *arguments), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def _take_in(self, worker: int) -> None:
        pipe = self._pipes[worker]
        try:
            while True:
                number = pipe.recv()
                self._ready[number].put(pipe.recv_bytes())
        except (EOFError, OSError):  # the worker died, or ``close`` was called
            for number, owner in list(self._owner.items()):
                if owner == worker:
                    self._ready[number].put(None)

    def open(self, number: int, path: str, start: int) -> None:
        load = [list(self._owner.values()).count(worker) for worker in range(len(self._pipes))]
        worker = load.index(min(load))
        self._ready[number] = SimpleQueue()
        self._owner[number] = worker
        self._asked[number] = 0
        self._send(worker, (number, path, start))
        self._ask_ahead()

    def _ask_ahead(self) -> None:
        """Ask for chunks of all open logs in turn, until enough are under way."""
        each = max(1, _AHEAD // len(self._owner)) if self._owner else 0
        for number, worker in self._owner.items():
            while self._asked[number] < each:
                self._asked[number] += 1
                self._send(worker, (number, None, 0))

    def _send(self, worker: int, request: tuple[int, str | None, int]) -> None:
        with suppress(OSError):  # a dead worker is noticed by who waits for its answer
            self._pipes[worker].send(request)

    def next(self, number: int) -> Chunk | None:
        data = self._ready[number].get()
        if data is None:
            raise WorkerDied("a worker process died; run the import again to go on where it stopped")
        if not data:
            del self._owner[number], self._asked[number]
            self._ask_ahead()
            return None
        if data[:1] == b"!":
            raise PermanentError(data[1:].decode())
        self._asked[number] -= 1
        self._ask_ahead()
        return unpack(data)

    def close(self) -> None:
        sys.setswitchinterval(self._switch_interval_s)
        for process in self._processes:
            process.terminate()
            process.join()
        for pipe in self._pipes:
            pipe.close()


def _work(pipe: Connection, options: SiteOptions, filters: Filters, max_line_bytes: int) -> None:
    gc.disable()  # what is made here has no cycles
    maker = chunk_maker(options, filters, max_line_bytes)
    logs: dict[int, Iterator[Chunk]] = {}
    while True:
        try:
            number, path, start = pipe.recv()
        except (EOFError, KeyboardInterrupt, ConnectionResetError):
            return
        if path is not None:
            logs[number] = _chunks(maker, path, start)
            continue
        try:
            chunk = next(logs[number], None)
            data = pack(chunk) if chunk is not None else b""
        except PermanentError as error:
            data = b"!" + str(error).encode()
        except Exception:
            data = b"!" + traceback.format_exc(limit=-3).encode()
        try:
            pipe.send(number)
            pipe.send_bytes(data)
        except (BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
            return
