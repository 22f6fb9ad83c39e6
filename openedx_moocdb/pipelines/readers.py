"""Chunks of several logs, made in this process or in others.

With workers, each log belongs to one worker process, which reads and translates
ahead by a few chunks. What comes out is the same, in the same order per log.
"""

from __future__ import annotations

import multiprocessing
import traceback
from collections import deque
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any, Protocol

from openedx_moocdb.data_access.sources.sites import SiteOptions, build_site
from openedx_moocdb.data_access.sources.tracking_logs import read_pieces
from openedx_moocdb.pipelines.chunks import Chunk, ChunkMaker, Filters, pack, unpack
from openedx_moocdb.schema.errors import PermanentError
from openedx_moocdb.translation.translator import Translator

LINES_PER_CHUNK = 4000
_AHEAD = 3


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
    """Reads and translates in ``workers`` processes."""

    def __init__(self, workers: int, options: SiteOptions, filters: Filters, max_line_bytes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes: list[Any] = []
        for _ in range(workers):
            ours, theirs = context.Pipe()
            process = context.Process(
                target=_work, args=(theirs, options, filters, max_line_bytes), daemon=True
            )
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)
        self._owner: dict[int, int] = {}
        self._load = [0] * workers
        self._ready: dict[int, deque[bytes]] = {}

    def open(self, number: int, path: str, start: int) -> None:
        worker = self._load.index(min(self._load))
        self._load[worker] += 1
        self._owner[number] = worker
        self._ready[number] = deque()
        self._pipes[worker].send((number, path, start))
        for _ in range(_AHEAD):
            self._pipes[worker].send((number, None, 0))

    def next(self, number: int) -> Chunk | None:
        worker, ready = self._owner[number], self._ready[number]
        pipe = self._pipes[worker]
        while not ready:
            try:
                whose = pipe.recv()
                self._ready.setdefault(whose, deque()).append(pipe.recv_bytes())
            except (EOFError, ConnectionResetError):
                raise WorkerDied(
                    "a worker process died; run the import again to go on where it stopped"
                ) from None
        data = ready.popleft()
        if not data:
            self._load[worker] -= 1
            return None
        if data[:1] == b"!":
            raise PermanentError(data[1:].decode())
        pipe.send((number, None, 0))
        return unpack(data)

    def close(self) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.terminate()
            process.join()


def _work(pipe: Connection, options: SiteOptions, filters: Filters, max_line_bytes: int) -> None:
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
