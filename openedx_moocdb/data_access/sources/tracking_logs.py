"""Tracking logs on disk or on standard input, as lines of bytes.

Plain, ``.gz``, ``.bz2``, ``.zst`` and each of them inside ``.gpg``; gpg runs as
a subprocess whose output is read as it comes, so nothing lies in clear on disk.
"""

from __future__ import annotations

import bz2
import glob
import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import msgspec
import zstandard
from isal import igzip, isal_zlib

from openedx_moocdb.schema.errors import PermanentError

STDIN = "-"
_BUFFER = 1 << 20
#: unpacked at once: a damage costs the good text of the piece that it lies in
_PIECE_BYTES = 1 << 15
_HEAD_BYTES = 1 << 16
_DAMAGE: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    zstandard.ZstdError,
    cast(type[Exception], isal_zlib.error),
)


class LogFile(msgspec.Struct, frozen=True):
    """One log: ``path`` as found, ``size`` in bytes on disk (0 for standard input)."""

    path: str
    size: int


class Piece(msgspec.Struct, frozen=True):
    """Consecutive lines of a log: ``end`` is the offset behind them, in plain bytes.

    ``read`` is how much of the file on disk has been read, for progress.
    """

    lines: list[bytes]
    end: int
    read: int


def find_logs(paths: Iterable[str]) -> list[LogFile]:
    """Expand files, folders, globs and ``-``; each file once, in order of name.

    Raises ``PermanentError`` for what does not exist or matches nothing.
    """
    found: dict[str, LogFile] = {}
    for path in paths:
        if path == STDIN:
            found[path] = LogFile(path, 0)
            continue
        for name in _expand(path):
            found.setdefault(str(name), LogFile(str(name), name.stat().st_size))
    return list(found.values())


def _expand(path: str) -> list[Path]:
    place = Path(path)
    if place.is_dir():
        names = sorted(p for p in place.rglob("*") if p.is_file() and is_log_name(p.name))
        if not names:
            raise PermanentError(
                f"{path}: found no log in the folder; expected names like tracking.log-20240101.gz"
            )
        return names
    if place.is_file():
        return [place]
    names = sorted(Path(name) for name in glob.glob(path, recursive=True) if Path(name).is_file())
    if not names:
        raise PermanentError(f"{path}: no such file, folder or matching name; check the path")
    return names


def is_log_name(name: str) -> bool:
    """True for names of logs: ``tracking.log``, ``tracking.log-20130609.gz``, ``events-2024.log.gz.gpg``."""
    return ".log" in name.lower()


@contextmanager
def open_log(path: str) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open a log; yields (plain bytes, the raw file, whose ``tell`` is progress).

    Raises ``PermanentError`` when what is read of it is damaged.
    """
    if path == STDIN:
        yield sys.stdin.buffer, sys.stdin.buffer
        return
    with open(path, "rb") as raw:
        name = path.lower()
        try:
            if name.endswith((".gpg", ".pgp")):
                with _decrypted(path) as clear:
                    plain = _unpacked(clear, name.rpartition(".")[0])
                    yield (_buffered(clear) if plain is clear else plain), raw
            else:
                yield _unpacked(raw, name), raw
        except _DAMAGE as error:
            raise _told(path, error, "damaged") from error


def _told(path: str, error: Exception, what: str) -> PermanentError:
    return PermanentError(f"{path}: {error}" if isinstance(error, _GpgFailed) else f"{path}: {what}: {error}")


def _unpacked(packed: BinaryIO, name: str) -> BinaryIO:
    if name.endswith(".gz"):
        return _stream(_pieces(cast(BinaryIO, igzip.IGzipFile(fileobj=packed, mode="rb"))))
    if name.endswith(".bz2"):
        return _stream(_pieces(cast(BinaryIO, bz2.BZ2File(packed))))
    if name.endswith(".zst"):
        return _stream(_frames(packed))
    return packed


class _Pieces(io.RawIOBase):
    """Pieces of bytes, each handed on as soon as it is there: an error loses none before it."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        if not self._left:
            self._left = memoryview(next(self._pieces, b""))
        count = min(len(target), len(self._left))
        target[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


def _stream(pieces: Iterator[bytes]) -> BinaryIO:
    return _buffered(_Pieces(pieces))


def _buffered(raw: Any) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(raw, _PIECE_BYTES))


def _pieces(plain: Any) -> Iterator[bytes]:
    while piece := plain.read1(_PIECE_BYTES):
        yield piece


def _frames(packed: BinaryIO) -> Iterator[bytes]:
    """Plain text of Zstandard frames; raises ``EOFError`` when the last of them has no end."""
    frame = None
    while data := packed.read(_PIECE_BYTES):
        while data:
            frame = frame or zstandard.ZstdDecompressor().decompressobj()
            if piece := frame.decompress(data):
                yield piece
            data = b""
            if frame.eof:
                data, frame = frame.unused_data, None
    if frame is not None:
        raise EOFError("the file ends within a frame")


class _GpgFailed(OSError):
    """gpg told all that it could, and it is not all."""


class _Clear(io.RawIOBase):
    """What gpg tells; its end raises ``_GpgFailed`` unless gpg says that this is the end."""

    def __init__(self, process: subprocess.Popen[bytes], messages: IO[bytes]) -> None:
        assert process.stdout is not None
        self._process, self._messages, self._output = process, messages, process.stdout

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        data = self._output.read1(len(target))  # type: ignore[attr-defined]
        if not data and self._process.wait() != 0:
            self._messages.seek(0)
            told = self._messages.read().decode("utf-8", "replace").strip().splitlines()
            raise _GpgFailed(f"gpg could not decrypt it: {told[-1] if told else ''}")
        target[: len(data)] = data
        return len(data)


@contextmanager
def _decrypted(path: str) -> Iterator[BinaryIO]:
    """What gpg makes of a file; gpg ends with this, wherever it is."""
    gpg = shutil.which("gpg")
    if gpg is None:
        raise PermanentError(f"{path}: needs gpg to be decrypted; install the package gnupg")
    command = [gpg, "--batch", "--quiet", "--decrypt", path]
    # Messages go to a file: nobody has to read them while gpg runs, however many they are.
    with (
        tempfile.TemporaryFile() as messages,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=messages) as process,
    ):
        try:
            yield cast(BinaryIO, _Clear(process, messages))
        finally:
            process.kill()


def read_pieces(path: str, start: int, lines_each: int) -> Iterator[Piece]:
    """Yield the lines of a log from byte ``start`` of its plain text on.

    Raises ``PermanentError`` when the file is damaged, after all whole lines before the damage.
    """
    with open_log(path) as (plain, raw):
        end = _skip(plain, start)
        damage: Exception | None = None
        while damage is None:
            lines: list[bytes] = []
            try:
                lines.extend(islice(plain, lines_each))  # keeps the lines before an error
            except _DAMAGE as error:
                damage = error
            if lines:
                end += sum(map(len, lines))
                yield Piece(lines, end, 0 if path == STDIN else raw.tell())
            elif damage is None:
                return
        raise _told(path, damage, f"damaged after {end} bytes of text") from damage


def _skip(plain: BinaryIO, start: int) -> int:
    left = start
    while left > 0:
        data = plain.read(min(left, _BUFFER))
        if not data:
            break
        left -= len(data)
    return start - left


def tail_of(lines: list[bytes]) -> str:
    """What tells the last of ``lines``: its length in bytes and a hash."""
    last = lines[-1]
    return f"{len(last)}:{blake2b(last, digest_size=16).hexdigest()}"


def ends_with(path: str, offset: int, tail: str) -> bool:
    """True if the line before byte ``offset`` of the plain text is the one of ``tail``."""
    length = int(tail.partition(":")[0])
    with open_log(path) as (plain, _raw):
        _skip(plain, offset - length)
        last = plain.read(length)
    return len(last) == length and tail_of([last]) == tail


def file_id(path: str) -> str:
    """What tells a log from others whatever its name: hash of its first line of text.

    A file that has grown since keeps its id, and so does one packed anew.
    Raises ``PermanentError`` when the first line is damaged.
    """
    with open_log(path) as (plain, _raw):
        head = plain.readline(_HEAD_BYTES)
    return blake2b(head, digest_size=16).hexdigest()
