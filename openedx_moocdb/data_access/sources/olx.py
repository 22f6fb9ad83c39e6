"""Courses as Open Learning XML: what Studio exports and what authors keep in repositories.

A block is an element; its type is the tag, its name the ``url_name``. An element
with nothing but a ``url_name`` points to the file ``{type}/{url_name}.xml``. A
policy file overrides attributes. Archives of 2012 name blocks by ``slug``,
``name`` or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha1

import orjson
from lxml import etree
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey
from opaque_keys.edx.locator import BlockUsageLocator

from openedx_moocdb.data_access.sources.block_fields import read_block
from openedx_moocdb.data_access.sources.course_draft import CourseDraft, parse_course_key
from openedx_moocdb.data_access.sources.course_files import COURSE_FILE, CourseFiles
from openedx_moocdb.schema.course import Block
from openedx_moocdb.schema.errors import StructureError

# Elements inside these are blocks; inside all others they are content.
CONTAINERS = frozenset(
    {
        "course", "chapter", "sequential", "videosequence", "problemset", "vertical", "abtest", "split_test",
        "library_content", "itembank", "randomize", "conditional", "wrapper", "problem-builder",
        "step-builder", "sb-step",
    }
)  # fmt: skip
_NO_BLOCKS = frozenset({"textbook", "wiki", "show", "license"})
# Too deep for a course, shallow enough for the stack.
_MAX_DEPTH = 100


def read_olx(files: CourseFiles, origin: str, course_key: str | None = None) -> CourseDraft:
    """The published blocks of a course.

    Without ``course_key`` the key is ``org/course/run`` as the export states it,
    and so are the usage keys (``i4x://``); with a ``course-v1:`` key they are
    ``block-v1:``. ``origin`` names the export in errors.
    """
    return _Olx(files, origin).course(course_key)


class _Olx:
    def __init__(self, files: CourseFiles, origin: str) -> None:
        self._files = files
        self._origin = origin
        self._blocks: dict[str, Block] = {}
        self._met: set[str] = set()
        self._policy: dict[str, object] = {}
        self._key: CourseKey

    def course(self, course_key: str | None) -> CourseDraft:
        node = self._parse(COURSE_FILE)
        if node is None or node.tag != "course":
            raise StructureError(
                f"{self._origin}/{COURSE_FILE}: found <{'nothing' if node is None else node.tag}>, "
                "expected <course>; give an exported course"
            )
        run = node.get("url_name") or node.get("slug") or ""
        self._key = self._course_key(node, run, course_key)
        self._policy = self._read_policy(run)
        if len(node) == 0:
            node = self._with_file(node, f"course/{_path(run)}.xml")
        # New-style courses call their root "course", old ones by the run.
        key = self._usage_key("course", str(self._key.run) if self._key.deprecated else "course")
        self._met.add(key)
        self._add(node, "course", key, run, 0)
        return CourseDraft(str(self._key), key, self._blocks)

    def _course_key(self, node: etree._Element, run: str, asked: str | None) -> CourseKey:
        if asked is not None:
            return parse_course_key(asked, self._origin)
        org, number = node.get("org"), node.get("course")
        if not (org and number and run):
            raise StructureError(
                f"{self._origin}/{COURSE_FILE}: found org={org!r}, course={number!r}, url_name={run!r}, "
                "expected all three; state the course key"
            )
        return parse_course_key(f"{org}/{number}/{run}", self._origin)

    def _read_policy(self, run: str) -> dict[str, object]:
        for name in (f"policies/{_path(run)}/policy.json", f"policies/{_path(run)}.json"):
            content = self._files.read(name) if run else None
            if content is None:
                continue
            try:
                policy = orjson.loads(content)
            except orjson.JSONDecodeError as error:
                raise StructureError(
                    f"{self._origin}/{name}: found broken JSON ({error}), expected policies; correct the file"
                ) from error
            return policy if isinstance(policy, dict) else {}
        return {}

    def _add(self, node: etree._Element, kind: str, key: str, name: str, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise StructureError(
                f"{self._origin}: found more than {_MAX_DEPTH} levels above {key}, expected about five; "
                "look for files that point to each other"
            )
        children = []
        if kind in CONTAINERS:
            children = [self._child(child, depth + 1) for child in _block_elements(node, kind)]
        fields: dict[str, object] = {str(attribute): value for attribute, value in node.attrib.items()}
        fields.setdefault("display_name", fields.get("name"))
        fields.setdefault("max_attempts", fields.get("attempts"))
        asset = node.find("video_asset") if kind == "video" else None
        if asset is not None:
            fields.setdefault("duration", asset.get("duration"))
        override = self._policy.get(f"{kind}/{name}")
        if isinstance(override, dict):
            fields.update(override)
        self._blocks[key] = read_block(key, kind, tuple(dict.fromkeys(children)), fields)

    def _child(self, node: etree._Element, depth: int) -> str:
        """Usage key of the block; it and what is below it are added."""
        kind = str(node.tag)
        file = _file_of(node)
        name = _stated_name(node) or _hashed_name(node)
        key = self._usage_key(kind, name)
        if key in self._met and file is None:
            # Two blocks of one name: the LMS keeps the first and renames the second.
            name = _hashed_name(node, name)
            key = self._usage_key(kind, name)
        if key not in self._met:
            self._met.add(key)
            if file is not None:
                node = self._with_file(node, f"{kind}/{_path(file)}.xml")
            self._add(node, kind, key, name, depth)
        return key

    def _usage_key(self, kind: str, name: str) -> str:
        try:
            return str(self._key.make_usage_key(kind, name))
        except InvalidKeyError:
            raise StructureError(
                f"{self._origin}: found <{kind} url_name={name!r}>, expected a name of letters, digits and "
                "_-.~:; rename the block"
            ) from None

    def _with_file(self, node: etree._Element, name: str) -> etree._Element:
        """The element in the file with what ``node`` states over it; ``node`` if there is no file."""
        found = self._parse(name)
        if found is None:
            return node
        for attribute, value in node.attrib.items():
            found.set(attribute, value)
        return found

    def _parse(self, name: str) -> etree._Element | None:
        content = self._files.read(name)
        if content is None:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
            remove_blank_text=True, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise StructureError(
                f"{self._origin}/{name}: found broken XML ({error}), expected a block; correct the file"
            ) from error
        document = root.getroottree().docinfo.internalDTD
        if document is not None and next(iter(document.iterentities()), None) is not None:
            raise StructureError(
                f"{self._origin}/{name}: found entities of its own, expected plain XML; "
                "do not use this file before you know who made it"
            )
        return root


def _block_elements(node: etree._Element, kind: str) -> Iterator[etree._Element]:
    for child in node:
        # Entity references have no name, asides have one with a namespace.
        if not isinstance(child.tag, str) or ":" in child.tag or child.tag in _NO_BLOCKS:
            continue
        if kind == "abtest":
            yield from _block_elements(child, "group")
        elif child.tag == "section":
            yield _unwrapped(child)
        else:
            yield child


def _unwrapped(section: etree._Element) -> etree._Element:
    """The block that a ``<section>`` of 2012 stands for: its only child, named as it is."""
    if len(section) != 1 or not isinstance(section[0].tag, str):
        section.tag = "sequential"
        return section
    for attribute, value in section.attrib.items():
        section[0].set(attribute, value)
    return section[0]


def _file_of(node: etree._Element) -> str | None:
    """Name of the file that holds the block, ``None`` if the element holds it itself."""
    if len(node) or (node.text or "").strip():
        return None
    if set(node.attrib) == {"url_name"}:
        return str(node.get("url_name"))
    # Pages of HTML have their text, and no attributes, in such a file.
    return node.get("filename") if node.tag != "html" else None


def _stated_name(node: etree._Element) -> str:
    for attribute in ("url_name", "slug"):
        if value := node.get(attribute):
            return str(value)
    for attribute in ("name", "display_name"):
        if value := node.get(attribute):
            return str(BlockUsageLocator.clean(value))
    return ""


def _hashed_name(node: etree._Element, stated: str = "") -> str:
    """A name from type and content: the same as long as the XML is.

    The LMS names such blocks in this way too; where it has read the XML
    differently, its name differs, and the block is not met in events.
    """
    text = etree.tostring(node, encoding="unicode")
    digest = sha1(text.encode(), usedforsecurity=False).hexdigest()[:12]
    return "_".join(part for part in (str(node.tag), stated, digest) if part)


def _path(name: str) -> str:
    return name.replace(":", "/")
