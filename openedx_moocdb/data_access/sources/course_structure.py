"""Course trees from files: data packages, the Course Blocks API, exported courses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from openedx_moocdb.data_access.sources.block_fields import to_us
from openedx_moocdb.data_access.sources.course_draft import CourseDraft, NotAStructure, in_tree_order
from openedx_moocdb.data_access.sources.course_files import COURSE_FILE, is_archive, open_course_files
from openedx_moocdb.data_access.sources.olx import read_olx
from openedx_moocdb.data_access.sources.structure_json import (
    PACKAGE_NAME,
    has_usage_keys,
    looks_like_structure,
    read_json,
)
from openedx_moocdb.schema.course import CourseVersion, course_version
from openedx_moocdb.schema.errors import StructureError


def read_structure(
    path: Path, *, valid_from: datetime | None = None, course_key: str | None = None
) -> CourseVersion:
    """The course in a structure file, an exported course, or an archive of one.

    ``valid_from``: aware; by default the course's start, else 1970, so that it
    holds for all events. ``course_key``: what an exported course shall be called,
    which its files do not say exactly; for JSON the key that is expected in it.
    Raises ``StructureError``.
    """
    if valid_from is not None and valid_from.tzinfo is None:
        raise ValueError(f"valid_from is {valid_from.isoformat()} without a time zone; give an aware time")
    if not path.exists():
        raise StructureError(f"{path.name}: found nothing, expected a file or folder; check the path")
    if path.is_dir() or is_archive(path):
        draft = read_olx(open_course_files(path), path.name, course_key)
    else:
        draft = read_json(path, course_key)
    blocks = in_tree_order(draft, path.name)
    return course_version(draft.course_key, _valid_from_us(draft, valid_from), blocks)


def find_structures(paths: Iterable[Path]) -> Iterator[CourseVersion]:
    """Every course in files and folders, each file once, sorted by name in a folder.

    A folder without ``course.xml`` is searched, with the folders below it. What
    is found there and is no structure is passed over; a broken structure raises
    ``StructureError``, and so does a given file that is none. An archive of a
    course beside its ``course_structure`` file is passed over: the JSON says the
    same with exact keys.
    """
    met: set[Path] = set()
    for path in paths:
        is_search = path.is_dir() and not (path / COURSE_FILE).is_file()
        for candidate in _candidates(path) if is_search else (path,):
            real = candidate.resolve()
            if real in met:
                continue
            met.add(real)
            try:
                yield read_structure(candidate)
            except NotAStructure:
                if not is_search or _claims_structure(candidate):
                    raise


def _candidates(folder: Path) -> Iterator[Path]:
    entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    packages = [match["course"] for entry in entries if (match := PACKAGE_NAME.fullmatch(entry.name))]
    for entry in entries:
        if entry.is_dir():
            if (entry / COURSE_FILE).is_file():
                yield entry
            elif not entry.is_symlink():
                yield from _candidates(entry)
        elif entry.name.endswith((".tar.gz", ".tgz")):
            if not any(entry.name.startswith(f"{course}-course-") for course in packages):
                yield entry
        elif entry.name.endswith((".json", ".json.gz")) and (
            "course_structure" in entry.name or looks_like_structure(entry)
        ):
            yield entry


def _claims_structure(path: Path) -> bool:
    """Whether a file that cannot be read calls itself a structure, so that silence would lose one."""
    if is_archive(path):
        return False
    return "course_structure" in path.name or has_usage_keys(path)


def _valid_from_us(draft: CourseDraft, valid_from: datetime | None) -> int:
    if valid_from is not None:
        return to_us(valid_from)
    start_us = draft.blocks[draft.root].start_us if draft.root is not None else None
    return start_us or 0
