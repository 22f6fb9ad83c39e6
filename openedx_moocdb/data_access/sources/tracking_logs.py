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
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

import msgspec
import zstandard
from isal import igzip, isal_zlib

from openedx_moocdb.schema.errors import PermanentError

STDIN = "-"
_BUFFER = 1 << 20
_HEAD_BYTES = 1 << 16
_DAMAGE = (OSError, EOFError, zstandard.ZstdError, isal_zlib.error)


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
    """True for names of logs: ``tracking.log``, ``tracking.log-20130609.gz``, ``x-events-2024-01-01.log.gz.gpg``."""
    return ".log" in name.lower()


@contextmanager
def open_log(path: str) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open a log; yields (plain bytes, the raw file, whose ``tell`` is progress)."""
    if path == STDIN:
        yield sys.stdin.buffer, sys.stdin.buffer
        return
    with open(path, "rb") as raw:
        name = path.lower()
        if name.endswith((".gpg", ".pgp")):
            with _decrypted(path) as clear:
                yield _unpacked(clear, name.rpartition(".")[0]), raw
        else:
            yield _unpacked(raw, name), raw


def _unpacked(packed: BinaryIO, name: str) -> BinaryIO:
    if name.endswith(".gz"):
        return cast(BinaryIO, io.BufferedReader(igzip.IGzipFile(fileobj=packed, mode="rb"), _BUFFER))
    if name.endswith(".bz2"):
        return cast(BinaryIO, io.BufferedReader(bz2.BZ2File(packed), _BUFFER))
    if name.endswith(".zst"):
        reader = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
        return cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, reader), _BUFFER))
    return packed


@contextmanager
def _decrypted(path: str) -> Iterator[BinaryIO]:
    gpg = shutil.which("gpg")
    if gpg is None:
        raise PermanentError(f"{path}: needs gpg to be decrypted; install the package gnupg")
    command = [gpg, "--batch", "--quiet", "--decrypt", path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        yield cast(BinaryIO, process.stdout)
        process.stdout.close()
        message = process.stderr.read().decode("utf-8", "replace").strip()
    if process.returncode not in (0, -13):
        raise PermanentError(
            f"{path}: gpg could not decrypt it: {message.splitlines()[-1] if message else ''}"
        )


def read_pieces(path: str, start: int, lines_each: int) -> Iterator[Piece]:
    """Yield the lines of a log from byte ``start`` of its plain text on.

    Raises ``PermanentError`` when the file is damaged; pieces before stay good.
    """
    with open_log(path) as (plain, raw):
        end = _skip(plain, start)
        while True:
            try:
                lines = list(islice(plain, lines_each))
            except _DAMAGE as error:
                raise PermanentError(f"{path}: damaged after {end} bytes of text: {error}") from error
            if not lines:
                return
            end += sum(map(len, lines))
            yield Piece(lines, end, 0 if path == STDIN else raw.tell())


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
    """
    with open_log(path) as (plain, _raw):
        head = plain.readline(_HEAD_BYTES)
    return blake2b(head, digest_size=16).hexdigest()
