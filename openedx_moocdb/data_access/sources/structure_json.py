"""Course trees as JSON: ``course_structure`` of data packages, dumps of the Course Blocks API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, cast

import orjson
from isal import igzip, isal_zlib
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey

from openedx_moocdb.data_access.sources.block_fields import read_block
from openedx_moocdb.data_access.sources.course_draft import CourseDraft, NotAStructure, parse_course_key
from openedx_moocdb.schema.course import Block
from openedx_moocdb.schema.errors import StructureError

MAX_JSON_BYTES = 512 << 20
PACKAGE_NAME = re.compile(r"(?P<course>.+)-course_structure-[^-]+(-analytics)?\.json(\.gz)?")
_UNREADABLE = (OSError, EOFError, cast(type[Exception], isal_zlib.error))
_PEEK_BYTES = 4096
_USAGE_KEY_FIRST = re.compile(rb'\s*\{\s*"(i4x://|block-v1:|ccx-block-v1:)')
_API_FIRST = re.compile(rb'\s*\{\s*"(course_id|root|blocks)"')


def has_usage_keys(path: Path) -> bool:
    """Whether the first key of the JSON object in the file is that of a block."""
    return _USAGE_KEY_FIRST.match(_peek(path)) is not None


def looks_like_structure(path: Path) -> bool:
    """Whether the file, of any size, is worth reading in full."""
    return has_usage_keys(path) or _API_FIRST.match(_peek(path)) is not None


def _peek(path: Path) -> bytes:
    try:
        with _open(path) as file:
            return file.read(_PEEK_BYTES)
    except _UNREADABLE:
        return b""


def _open(path: Path) -> IO[bytes]:
    """Plain content of a file that may be compressed, whatever its name says."""
    with path.open("rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], igzip.IGzipFile(path, "rb")) if is_gzip else path.open("rb")


def read_json(path: Path, asked: str | None) -> CourseDraft:
    """The course in a file, plain or gzip; ``asked`` is the course key it should have."""
    try:
        with _open(path) as file:
            content = file.read(MAX_JSON_BYTES + 1)
    except _UNREADABLE as error:
        raise StructureError(
            f"{path.name}: found {error}, expected a readable file; check it or copy it again"
        ) from error
    if len(content) > MAX_JSON_BYTES:
        raise StructureError(
            f"{path.name}: found more than {MAX_JSON_BYTES >> 20} MiB, expected one course; check the file"
        )
    try:
        payload = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise NotAStructure(
            f"{path.name}: found broken JSON ({error}), expected a course structure; copy the file again"
        ) from error
    return _JsonCourse(path.name, asked).draft(payload)


class _JsonCourse:
    def __init__(self, name: str, asked: str | None) -> None:
        self._name = name
        self._asked = str(parse_course_key(asked, name)) if asked is not None else None
        self._keys: dict[str, Any] = {}

    def draft(self, payload: Any) -> CourseDraft:
        is_api = isinstance(payload, dict) and isinstance(payload.get("blocks"), dict)
        entries = payload["blocks"] if is_api else payload
        kind = "type" if is_api else "category"
        if (
            not isinstance(entries, dict)
            or not entries
            or not all(isinstance(entry, dict) and kind in entry for entry in entries.values())
        ):
            raise NotAStructure(
                f"{self._name}: found JSON of another shape, expected {{usage id: {{category, children, "
                "metadata}} or {course_id, blocks}; give a course_structure file"
            )
        blocks: dict[str, Block] = {}
        # A published block comes before its draft: "…/name" sorts before "…/name@draft".
        for text in sorted(entries):
            key = str(self._key(text))
            if key not in blocks:
                blocks[key] = self._block(key, entries[text], is_api)
        root = self._root(blocks)
        stated = payload.get("course_id") if is_api else None
        return CourseDraft(self._course_key(stated, root, blocks), root, blocks)

    def _block(self, key: str, entry: Mapping[str, Any], is_api: bool) -> Block:
        children = entry.get("children") or ()
        fields = entry if is_api else entry.get("metadata") or {}
        kind = entry["type" if is_api else "category"]
        if not (isinstance(children, list | tuple) and isinstance(fields, dict) and isinstance(kind, str)):
            raise StructureError(
                f"{self._name}: found {key} with other types than a text, a list of children and an object "
                "of metadata, expected these; export the file again"
            )
        keys = dict.fromkeys(str(self._key(child)) for child in children)
        return read_block(key, kind, tuple(keys), fields)

    def _key(self, text: Any) -> Any:
        """A ``UsageKey``, without the branch or version; its classes differ in what they have."""
        key = self._keys.get(text) if isinstance(text, str) else None
        if key is not None:
            return key
        try:
            # Old drafts are marked by "@draft", split ones by a branch: neither is in events.
            parsed: Any = UsageKey.from_string(text.partition("@")[0] if text.startswith("i4x://") else text)
        except (InvalidKeyError, AttributeError):
            raise StructureError(
                f"{self._name}: found the usage id {text!r}, expected i4x://… or block-v1:…; correct the file"
            ) from None
        if not parsed.deprecated:
            parsed = parsed.for_branch(None).version_agnostic()
        self._keys[text] = parsed
        return parsed

    def _root(self, blocks: Mapping[str, Block]) -> str | None:
        roots = sorted(key for key, block in blocks.items() if block.block_type == "course")
        if len(roots) > 1:
            raise StructureError(
                f"{self._name}: found {len(roots)} courses ({', '.join(roots)}), expected one; split the file"
            )
        return roots[0] if roots else None

    def _course_key(self, stated: Any, root: str | None, blocks: Mapping[str, Block]) -> str:
        found = str(parse_course_key(str(stated), self._name)) if stated else self._inferred(root, blocks)
        if self._asked is None and found is None:
            raise StructureError(
                f"{self._name}: found no course block and no run in the file's name, expected one of "
                "them to tell the course; state the course key"
            )
        if self._asked is not None and found is not None and self._asked != found:
            raise StructureError(
                f"{self._name}: found the course {found}, expected {self._asked}; give the right file or key"
            )
        return cast(str, found or self._asked)

    def _inferred(self, root: str | None, blocks: Mapping[str, Block]) -> str | None:
        key = self._key(root or min(blocks))
        if not key.deprecated:
            return str(key.course_key)
        # Old usage keys leave out the run: the course block is named by it, and so is the file.
        if root is not None:
            return f"{key.org}/{key.course}/{key.block_id}"
        match = PACKAGE_NAME.fullmatch(self._name)
        start = f"{key.org}-{key.course}-"
        if match is None or not match["course"].startswith(start):
            return None
        return f"{key.org}/{key.course}/{match['course'].removeprefix(start)}"
