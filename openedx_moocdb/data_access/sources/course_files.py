"""The files of a course export, in a folder or an archive, as bytes by name.

Archives are never unpacked to disk: what a course needs is read into memory,
up to the limits here, and nothing outside of the export can be reached.
"""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import IO, Protocol, cast

from isal import igzip, isal_zlib

from openedx_moocdb.data_access.sources.course_draft import NotAStructure
from openedx_moocdb.schema.errors import StructureError

COURSE_FILE = "course.xml"
ARCHIVE_SUFFIXES = (".tar.gz", ".tgz", ".tar", ".zip")
MAX_FILE_BYTES = 64 << 20
MAX_COURSE_BYTES = 256 << 20
MAX_SCANNED_BYTES = 8 << 30
MAX_MEMBERS = 200_000
_BROKEN = (
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, cast(type[Exception], isal_zlib.error)),
    *(EOFError, OSError, RuntimeError, NotImplementedError),
)


class CourseFiles(Protocol):
    """Names are relative to the folder of ``course.xml``, with ``/``."""

    def read(self, name: str) -> bytes | None:
        """Content, or ``None`` if there is no such file; ``StructureError`` if it lies outside."""


def is_archive(path: Path) -> bool:
    """Whether the name is that of an archive."""
    return path.name.lower().endswith(ARCHIVE_SUFFIXES)


def open_course_files(path: Path) -> CourseFiles:
    """Files of the one course in a folder or an archive, at its top or one level below."""
    if path.is_dir():
        folders = [folder for folder in (path, *sorted(path.iterdir())) if (folder / COURSE_FILE).is_file()]
        top = _one_top(["" if f == path else f.name for f in folders], path.name)
        return _Folder(path / top)
    return _read_archive(path)


def safe_name(name: str, origin: str) -> str:
    """``name`` without ``.`` parts; ``StructureError`` if it leads out of the export."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        raise StructureError(
            f"{origin}: found the file name {name!r}, expected one inside the course; "
            "do not use this file before you know who made it"
        )
    return str(path)


class _Folder:
    def __init__(self, root: Path) -> None:
        self._name = root.name
        self._root = root.resolve()

    def read(self, name: str) -> bytes | None:
        try:
            path = (self._root / safe_name(name, self._name)).resolve()
            if not path.is_relative_to(self._root):
                raise StructureError(
                    f"{self._name}: found a link from {name!r} out of the course, expected all files inside; "
                    "copy the file to its place"
                )
            if not path.is_file():
                return None
            with path.open("rb") as file:
                return _read_capped(file, f"{self._name}/{name}")
        except OSError as error:
            raise StructureError(
                f"{self._name}/{name}: found {error.strerror or error}, expected a readable file; check it"
            ) from error


class _Archive:
    def __init__(self, name: str, files: Mapping[str, bytes], links: Mapping[str, str]) -> None:
        self._name = name
        self._files = files
        self._links = links
        tops = [n[: -len(COURSE_FILE)] for n in (*files, *links) if PurePosixPath(n).name == COURSE_FILE]
        self._top = _one_top([top for top in tops if top.count("/") <= 1], name)

    def read(self, name: str) -> bytes | None:
        path = safe_name(self._top + name, self._name)
        return self._files.get(self._links.get(path, path))


def _one_top(tops: Iterable[str], origin: str) -> str:
    found = sorted(set(tops))
    if "" in found or len(found) == 1:
        return found[0]
    if not found:
        raise NotAStructure(
            f"{origin}: found no {COURSE_FILE} at its top or one level below, expected an exported course; "
            "give the folder or the archive that holds one"
        )
    raise StructureError(
        f"{origin}: found {len(found)} courses ({', '.join(found)}), expected one; give each by itself"
    )


def _read_archive(path: Path) -> _Archive:
    members = _zip_members if path.name.lower().endswith(".zip") else _tar_members
    files: dict[str, bytes] = {}
    links: dict[str, str] = {}
    kept = 0
    with _archive_errors(path.name):
        for number, (raw_name, content) in enumerate(members(path)):
            if number >= MAX_MEMBERS:
                raise _too_big(path.name, f"more than {MAX_MEMBERS:,} files")
            name = safe_name(raw_name, path.name)
            if isinstance(content, str):
                links[name] = normpath(f"{PurePosixPath(name).parent}/{content}")
            elif _is_needed(name):
                files[name] = _read_capped(content, f"{path.name}:{name}")
                kept += len(files[name])
                if kept > MAX_COURSE_BYTES:
                    raise _too_big(path.name, f"more than {MAX_COURSE_BYTES >> 20} MiB of XML and JSON")
    return _Archive(path.name, files, links)


def _tar_members(path: Path) -> Iterator[tuple[str, IO[bytes] | str]]:
    """Name, and content or the target of a symbolic link, of each member."""
    is_plain = path.name.lower().endswith(".tar")
    with path.open("rb") if is_plain else igzip.IGzipFile(path, "rb") as raw:
        guarded = cast(IO[bytes], _Guarded(cast(IO[bytes], raw), path.name))
        with tarfile.open(fileobj=guarded, mode="r:") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                if content is not None:
                    yield member.name, content
                elif member.issym():
                    yield member.name, member.linkname


def _zip_members(path: Path) -> Iterator[tuple[str, IO[bytes] | str]]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                with archive.open(info) as content:
                    yield info.filename, content


class _Guarded:
    """A stream that ends with an error where an archive asks for, or unpacks to, too much."""

    def __init__(self, raw: IO[bytes], origin: str) -> None:
        self._raw = raw
        self._origin = origin
        self.tell = raw.tell

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= MAX_FILE_BYTES:
            raise _too_big(self._origin, f"a header or file of more than {MAX_FILE_BYTES >> 20} MiB")
        return self._raw.read(size)

    def seek(self, position: int) -> int:
        if position > MAX_SCANNED_BYTES:
            raise _too_big(self._origin, f"more than {MAX_SCANNED_BYTES >> 30} GiB when unpacked")
        return self._raw.seek(position)


def _is_needed(name: str) -> bool:
    # Drafts are what authors have not published: no learner was ever there.
    folders = PurePosixPath(name).parts[:-1]
    return name.lower().endswith((".xml", ".json")) and not {"static", "drafts"} & set(folders[:2])


def _read_capped(file: IO[bytes], origin: str) -> bytes:
    content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise _too_big(origin, f"more than {MAX_FILE_BYTES >> 20} MiB")
    return content


def _too_big(origin: str, found: str) -> StructureError:
    return StructureError(
        f"{origin}: found {found}, expected a course; if it is one, unpack it and give the folder"
    )


@contextmanager
def _archive_errors(name: str) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise StructureError(
            f"{name}: found a broken archive ({error}), expected a whole .tar.gz or .zip; copy it again"
        ) from error
